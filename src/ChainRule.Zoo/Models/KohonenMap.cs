using System.ComponentModel;
using ChainRule.Classical;
using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Zoo.Settings;

namespace ChainRule.Zoo.Models;

/// <summary>The sizes of a <see cref="KohonenMap"/>, and how its units learn.</summary>
/// <param name="Rows">Rows of units; if null, as the number of rows of the table asks for.</param>
/// <param name="Columns">Columns of units.</param>
/// <param name="Grid">How the units are laid out.</param>
/// <param name="Toroidal">Whether opposite edges are joined.</param>
/// <param name="Online">Whether each row moves the units by itself; else each epoch moves them once, the batch
/// form.</param>
/// <param name="Epochs">How often all rows are gone through.</param>
/// <param name="Radius">σ at first, in units of the grid; if null, half of the longer side in the batch form, and a
/// quarter in the online form.</param>
/// <param name="FinalRadius">σ in the last epoch of the batch form; of the online form it falls to a third of the
/// first.</param>
public sealed record KohonenMapOptions(
    [Description("Rows of units [default: as the number of rows of the table asks for]"), Limits(1, 1000)]
    int? Rows = null,
    [Description("Columns of units"), Limits(1, 1000)] int? Columns = null,
    [Description("How the units are laid out: hexagonal or rectangular [default: hexagonal]")]
    GridShape Grid = GridShape.Hexagonal,
    [Description("Join the right edge to the left and the bottom to the top")] bool Toroidal = false,
    [Description("Move the units after each row [default: once for all rows, the batch form]")] bool Online = false,
    [Description("How often all rows are gone through [default: 50]"), Limits(1, 1_000_000)] int Epochs = 50,
    [Description("Radius of the neighbourhood at first [default: half of the longer side; a quarter with --online]"),
        Limits(0, AboveLeast = true)] double? Radius = null,
    [Description("Radius of the neighbourhood in the last epoch, of the batch form [default: 0.5]"),
        Limits(0, AboveLeast = true)] double FinalRadius = 0.5) : ModelOptions
{
    // Vesanto's rule, 5 √rows units, on a sheet that is a little wider than high.
    const double UnitsOfRoot = 5, Width = 1.25;

    /// <summary>With rows and columns of units for a table of that many rows.</summary>
    internal KohonenMapOptions For(int rows)
    {
        double units = Math.Clamp(UnitsOfRoot * Math.Sqrt(rows), 4, 1000);
        int high = Rows ?? Math.Max(2, (int)Math.Round(Columns is { } wide ? units / wide : Math.Sqrt(units / Width)));
        // Every second row of a hexagonal grid is shifted: joined edges need an even number.
        if (this is { Rows: null, Toroidal: true, Grid: GridShape.Hexagonal }) high += high % 2;
        return this with { Rows = high, Columns = Columns ?? Math.Max(2, (int)Math.Round(units / high)) };
    }

    /// <summary>σ at first; rows and columns are known.</summary>
    internal double FirstRadius => Radius ?? Math.Max(Map.Rows, Map.Columns) / (Online ? 4.0 : 2);

    /// <summary>Refuses a final radius above the first, and one that means nothing.</summary>
    /// <exception cref="ArgumentException">It is such a one.</exception>
    internal void CheckRadius()
    {
        string final = Setting.Text(FinalRadius);
        if (Online && FinalRadius != new KohonenMapOptions().FinalRadius)
            throw new ArgumentException($"map: final radius {final}: the online form has none, its radius falls to a "
                + $"third "
                + "of the first: leave it out, or leave --online out");
        if (!Online && FinalRadius > FirstRadius)
            throw new ArgumentException($"map: final radius {final} above the first, {Setting.Text(FirstRadius)}: the "
                + "neighbourhood shrinks: give --final-radius of as much at most, or a larger --radius");
    }

    /// <summary>As the settings of the map that has learned.</summary>
    internal SelfOrganizingMapOptions Map => new()
    {
        Rows = Rows ?? 10, Columns = Columns ?? 10, Grid = Grid, Toroidal = Toroidal, Batch = !Online, Passes = Epochs,
        Radius = Radius, FinalRadius = FinalRadius,
    };
}

/// <summary>
/// Kohonen's map as a network that a trainer trains. Its rule is gradient descent on the distances between rows and
/// units, each weighed by how near the unit lies to the row's best unit b on the grid; which unit is the best, and how
/// wide the neighbourhood is, count as given at each step:
/// <code lang="math">
/// L = ½ Σₖ hₖ ‖x − wₖ‖²,  hₖ = exp(−‖place of k − place of b‖² / (2 σ²))
/// online, a row x at a time:   wₖ ← wₖ − η ∂L/∂wₖ = wₖ + η hₖ (x − wₖ)
/// batch, with each unit's loss divided by Σ hₖ over all rows and η = 1:   wₖ ← Σ hₖ x / Σ hₖ
/// </code>
/// </summary>
/// <remarks>It computes in double, as <see cref="SelfOrganizingMap"/> does, whose weights it comes to.</remarks>
public sealed class KohonenMap : Module
{
    readonly KohonenMapOptions _options;
    readonly SelfOrganizingMapOptions _grid;

    /// <param name="options">Its sizes.</param>
    /// <param name="inputs">How many numbers a row has.</param>
    /// <param name="rng">Where the first weights are drawn from.</param>
    /// <exception cref="ArgumentException">A size is outside of its limits, or sizes do not go together.</exception>
    public KohonenMap(KohonenMapOptions options, int inputs, RandomSource rng)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rng);
        options.Check("map");
        (_options, _grid) = (options, options.Map);
        double[] weights = new double[_grid.Rows * _grid.Columns * inputs];
        rng.Uniform(weights);
        Weight = Parameter(Tensor.From(weights, [_grid.Rows * _grid.Columns, inputs]));
        // Refuses what is no grid.
        Places = Read();
    }

    /// <summary>w, [units, inputs]; unit k stands in row k / columns.</summary>
    public Tensor Weight { get; }

    /// <summary>Whether each row moves the units by itself.</summary>
    public bool IsOnline => _options.Online;

    // The grid alone is asked of it.
    SelfOrganizingMap Places { get; }

    /// <summary>The map of the weights as they are now, to be read.</summary>
    public SelfOrganizingMap Read() => new(Weight.Detach(), _grid);

    /// <summary>Lays first weights that were drawn between 0 and 1 between the least and the greatest number of each
    /// column.</summary>
    internal void Begin(Tensor rows)
    {
        var (low, high) = (rows.Min(0), rows.Max(0));
        using var quiet = NoGrad.Begin();
        // Of each by itself: their difference may be larger than the largest number.
        Weight.CopyInPlace((1 - Weight) * low + Weight * high);
    }

    /// <summary>The learning rate: of the batch form 1, at which each unit goes all the way.</summary>
    internal Optim.Schedule Rate(double first, int rows) => _options.Online
        ? new Falling(first, _options.Epochs * rows) : Optim.Schedule.Constant(1);

    /// <summary>σ of a step, counted from 0, of the steps for a table of that many rows.</summary>
    internal double Radius(int step, int rows)
    {
        double first = _options.FirstRadius;
        if (_options.Online) return first / Falling.Divisor(step, _options.Epochs * rows);
        double done = _options.Epochs == 1 ? 1 : (double)step / (_options.Epochs - 1);
        return first * Math.Pow(_options.FinalRadius / first, done);
    }

    /// <summary>L of one row, or of all of them with each unit's loss divided by Σ hₖ; a constant is left out, so that
    /// units in the middle of their rows have a loss of 0.</summary>
    /// <param name="x">[rows, inputs].</param>
    /// <param name="radius">σ.</param>
    public Tensor Loss(Tensor x, double radius)
    {
        int units = Weight.Shape[0], inputs = Weight.Shape[1];
        double[] rows = x.ToArray<double>(), w = Weight.ToArray<double>(), sums = new double[units * inputs],
            counts = new double[units], goals = new double[units * inputs], scales = new double[units];
        // Rows of one best unit count together: what draws the units is their sum.
        for (int i = 0; i < rows.Length; i += inputs)
        {
            var row = rows.AsSpan(i, inputs);
            int best = Best(row, w);
            for (int j = 0; j < inputs; j++) sums[best * inputs + j] += row[j];
            counts[best]++;
        }
        for (int k = 0; k < units; k++)
        {
            var goal = goals.AsSpan(k * inputs, inputs);
            double total = 0;
            for (int b = 0; b < units; b++)
            {
                if (counts[b] == 0) continue;
                double distance = Places.GridDistance(b, k) / radius, h = Math.Exp(-distance * distance / 2);
                total += h * counts[b];
                for (int j = 0; j < inputs; j++) goal[j] += h * sums[b * inputs + j];
            }
            // So far from all rows that nothing is left of them: the unit stays where it is.
            for (int j = 0; j < inputs && total > 0; j++) goal[j] /= total;
            scales[k] = total == 0 ? 0 : _options.Online ? total : 1;
        }
        var away = Weight - Tensor.From(goals, [units, inputs]);
        return 0.5 * (away.Square() * Tensor.From(scales, [units, 1])).Sum();
    }

    /// <summary>[rows, inputs] → the distance of each row to each unit, [rows, units].</summary>
    protected override Tensor Compute(Tensor x) => (x.Reshape(x.Shape[0], 1, x.Shape[1]) - Weight).Norm(2);

    static int Best(ReadOnlySpan<double> row, double[] w)
    {
        (int best, double least) = (0, double.PositiveInfinity);
        for (int k = 0, inputs = row.Length; k * inputs < w.Length; k++)
        {
            double squared = 0;
            for (int j = 0; j < inputs; j++) squared += (row[j] - w[k * inputs + j]) * (row[j] - w[k * inputs + j]);
            if (squared < least) (best, least) = (k, squared);
        }
        return best;
    }

    sealed record Falling(double First, int Total) : Optim.Schedule
    {
        public static double Divisor(int step, int total) => 1 + 2.0 * step / total;

        protected override double At(int t) => First / Divisor(t, Total);
    }
}
