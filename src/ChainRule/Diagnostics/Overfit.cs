using System.Globalization;
using ChainRule.Optim;

namespace ChainRule.Diagnostics;

/// <summary>
/// Can the model overfit a single batch? A network with more parameters than the batch has answers can, so one that
/// cannot has a bug in the model or in the loss, and there is no use in showing it more data.
/// <code>
/// var sgd = new Sgd(model.Parameters(), learningRate: 0.1);
/// var result = Overfit.Run(() => model.Forward(words).CrossEntropy(y), sgd, floor: Overfit.Floor(words, y));
/// </code>
/// </summary>
public static class Overfit
{
    /// <summary>
    /// Trains on one loss until it is within the tolerance of the floor, or the steps are used up. The parameters
    /// stay as trained.
    /// </summary>
    /// <param name="loss">Computes the loss of the one batch anew: no dropout, no drawing.</param>
    /// <param name="optimizer">Holds the parameters, and changes them.</param>
    /// <param name="steps">How many steps at most.</param>
    /// <param name="floor">What the loss cannot go below: 0, or the cost of labels that contradict each other, by
    /// <see cref="Floor"/>.</param>
    /// <param name="tolerance">How near to the floor is near enough.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is not one step to take, or the tolerance
    /// is negative.</exception>
    public static OverfitResult Run(Func<Tensor> loss, Optimizer optimizer, int steps = 1000, double floor = 0,
        double tolerance = 0.05)
    {
        Throw.IfNull(loss, "overfit");
        Throw.IfNull(optimizer, "overfit");
        if (!double.IsFinite(floor)) Throw.OutOfRange($"overfit: floor {floor}: give a finite number", nameof(floor));
        if (steps < 1) Throw.OutOfRange($"overfit: {steps} steps: give 1 or more", nameof(steps));
        if (!(tolerance >= 0 && double.IsFinite(tolerance)))
            Throw.OutOfRange($"overfit: tolerance {tolerance}: give 0 or more", nameof(tolerance));
        List<double> losses = [];
        while (true)
        {
            using var step = Scope.Begin("overfit step");
            var l = loss();
            losses.Add(l.Item());
            if (losses.Count > steps || !double.IsFinite(losses[^1]) || losses[^1] <= floor + tolerance)
                return new(losses, floor, tolerance);
            optimizer.ZeroGrad();
            l.Backward();
            optimizer.Step();
        }
    }

    /// <summary>
    /// The entropy of labels that contradict each other: −1/N Σ ln(n(x, y) / n(x)), where n counts equal rows x, and
    /// those of them labelled y. No model that sees x alone has a lower mean cross-entropy. 0 where equal rows
    /// always have equal labels.
    /// </summary>
    /// <param name="x">What the model sees: [N, …], a row for each label.</param>
    /// <param name="y">The labels: [N]; −1, which a cross-entropy ignores, does not count.</param>
    /// <exception cref="ArgumentException">There is not one label for each row, or no row at all.</exception>
    public static double Floor(Ids x, Ids y)
    {
        Throw.IfNull(x, "overfit floor");
        Throw.IfNull(y, "overfit floor");
        if (y.Shape.Rank != 1 || x.Shape.Rank == 0 || x.Shape[0] != y.Count || y.Count == 0)
            Throw.Argument($"overfit floor: rows {x.Shape} and labels {y.Shape}: give one label for each row, and at "
                + "least one", nameof(y));
        int width = x.Count / y.Count;
        Dictionary<string, int> rows = [];
        Dictionary<(string Row, int Label), int> labelled = [];
        int counted = 0;
        for (int i = 0; i < y.Count; i++)
        {
            if (y[i] == -1) continue;
            counted++;
            string row = string.Join(' ', x.Span.Slice(i * width, width).ToArray());
            rows[row] = rows.GetValueOrDefault(row) + 1;
            labelled[(row, y[i])] = labelled.GetValueOrDefault((row, y[i])) + 1;
        }
        double sum = 0;
        foreach (var (key, count) in labelled) sum += count * Math.Log((double)rows[key.Row] / count);
        if (counted == 0)
            Throw.Argument($"overfit floor: all {y.Count} labels are -1, which does not count: give at least one that "
                + "does", nameof(y));
        return sum / counted;
    }
}

/// <summary>How far a model got in overfitting a single batch; prints as a verdict.</summary>
/// <param name="Losses">The loss before any step, and after each.</param>
/// <param name="Floor">What it cannot go below.</param>
/// <param name="Tolerance">How near to that is near enough.</param>
public sealed record OverfitResult(IReadOnlyList<double> Losses, double Floor, double Tolerance)
{
    /// <summary>How many steps were taken.</summary>
    public int Steps => Losses.Count - 1;

    /// <summary>The loss before any step.</summary>
    public double First => Losses[0];

    /// <summary>The loss after the last step.</summary>
    public double Last => Losses[^1];

    /// <summary>Whether the model overfitted the batch.</summary>
    public bool Passed => Math.Abs(Last - Floor) <= Tolerance;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"overfit a single batch: loss {First:0.0000} to {Last:0.0000} in {Steps} steps, floor {Floor:0.0000}: "
            + $"{Verdict}");

    string Verdict =>
        Passed ? "the model overfitted the batch"
        : !double.IsFinite(Last) ? "the loss diverged: lower the learning rate, or watch it with NanWatch"
        : Last < Floor
            ? "the loss is below the theoretical minimum: possible label leakage, or the floor belongs to other labels"
        : Last > First
            ? "it went up: lower the learning rate, and if that does not help, look for a bug in the model or the loss"
        : "it did not learn it: more steps or a higher learning rate if it is still falling, or else there is a bug in "
            + "the model or the loss";
}
