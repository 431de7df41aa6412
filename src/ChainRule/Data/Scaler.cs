using System.Globalization;
using System.Numerics;

namespace ChainRule.Data;

/// <summary>
/// Brings columns to one scale, y = (x − offset) / scale, by numbers found in training data alone. A column that never
/// changes there has scale 1, so it becomes 0. Computed in float64, given back in the tensor's own number type; no
/// gradient flows through it.
/// </summary>
public sealed class Scaler
{
    readonly double[] _offset, _scale;

    Scaler(double[] offset, double[] scale) => (_offset, _scale) = (offset, scale);

    /// <summary>What is taken from each column.</summary>
    public ReadOnlySpan<double> Offset => _offset;

    /// <summary>What each column is then divided by.</summary>
    public ReadOnlySpan<double> Scale => _scale;

    /// <summary>Mean 0 and standard deviation 1: offset = Σx / n, scale = √(Σ(x − offset)² / n).</summary>
    /// <param name="train">[rows, columns], finite.</param>
    /// <exception cref="ArgumentException">It is no matrix, has no rows, or holds a number that is
    /// not finite.</exception>
    public static Scaler ZScore(Tensor train)
    {
        var fit = new Fit("z-score", train);
        DTypes.Run(train.DType, ref fit);
        return new(fit.Mean, Array.ConvertAll(fit.Deviation, OneForZero));
    }

    /// <summary>From 0 to 1: offset = min x, scale = max x − min x.</summary>
    /// <inheritdoc cref="ZScore" path="/param"/>
    /// <inheritdoc cref="ZScore" path="/exception"/>
    public static Scaler MinMax(Tensor train)
    {
        var fit = new Fit("min-max", train);
        DTypes.Run(train.DType, ref fit);
        double[] range = new double[fit.Min.Length];
        for (int c = 0; c < range.Length; c++) range[c] = OneForZero(fit.Max[c] - fit.Min[c]);
        return new(fit.Min, range);
    }

    /// <summary>A scaler of numbers saved earlier.</summary>
    /// <exception cref="ArgumentException">The two differ in length, or one could not be divided by.</exception>
    public static Scaler From(ReadOnlySpan<double> offset, ReadOnlySpan<double> scale)
    {
        if (offset.Length != scale.Length)
            Throw.Argument($"scaler: {offset.Length} offsets and {scale.Length} scales: give one of each for a column",
                nameof(offset));
        for (int c = 0; c < scale.Length; c++)
        {
            if (!double.IsFinite(offset[c]) || !double.IsFinite(scale[c]) || scale[c] == 0)
                Throw.Argument($"scaler: offset {offset[c]} and scale {scale[c]} of column {c}: both must be finite, "
                    + "and the scale not 0",
                    nameof(offset));
        }
        return new(offset.ToArray(), scale.ToArray());
    }

    /// <summary>What it does to each of the first columns.</summary>
    public override string ToString()
    {
        const int Shown = 8;
        var columns = _offset.Zip(_scale).Take(Shown)
            .Select(one => string.Create(CultureInfo.InvariantCulture,
                $"(x − {one.First:0.####}) / {one.Second:0.####}"));
        return $"scaler of {_offset.Length} columns: "
            + $"{string.Join(", ", columns)}{(_offset.Length > Shown ? ", …" : "")}";
    }

    /// <summary>y = (x − offset) / scale, column by column.</summary>
    /// <param name="x">[rows, columns], as many columns as the scaler was made from.</param>
    /// <exception cref="ArgumentException">It has another number of columns.</exception>
    public Tensor Apply(Tensor x) => Map("scale", x, invert: false);

    /// <summary>x = y · scale + offset: the inverse of <see cref="Apply"/>.</summary>
    /// <param name="y">[rows, columns], as many columns as the scaler was made from.</param>
    /// <exception cref="ArgumentException">It has another number of columns.</exception>
    public Tensor Invert(Tensor y) => Map("unscale", y, invert: true);

    Tensor Map(string asked, Tensor x, bool invert)
    {
        if (x.Rank != 2 || x.Shape[1] != _offset.Length)
            Throw.Argument($"{asked} {x.Shape}: the scaler was made from {_offset.Length} columns: give a matrix "
                + $"[rows, {_offset.Length}]",
                invert ? "y" : "x");
        return Op.Run(new Scaled(_offset, _scale, invert), x.Shape, x);
    }

    static double OneForZero(double scale) => scale == 0 ? 1 : scale;

    /// <summary>
    /// y = (x − offset) / scale of each column, or y = x scale + offset; dx = dy / scale, or dy scale.
    /// Computed in double.
    /// </summary>
    readonly struct Scaled(double[] offset, double[] scale, bool invert) : IOp
    {
        (string Name, object Value)[] IOp.Attributes => [("offset", offset), ("scale", scale), ("invert", invert)];

        OpText IOp.Text => invert ? new("y = x scale + offset of the column", "dx = dy scale")
            : new("y = (x − offset) / scale of the column", "dx = dy / scale");

        void IOp.Forward<T>(Frame<T> f)
        {
            var x = f.X();
            var y = f.Y;
            for (int i = 0, c = 0; i < y.Length; i++, c = c + 1 == offset.Length ? 0 : c + 1)
            {
                double one = double.CreateTruncating(x[i]);
                y[i] = T.CreateTruncating(invert ? one * scale[c] + offset[c] : (one - offset[c]) / scale[c]);
            }
        }

        void IOp.Backward<T>(Frame<T> f)
        {
            if (!f.RequiresGrad()) return;
            var dx = f.DX();
            var dy = f.DY;
            for (int i = 0, c = 0; i < dy.Length; i++, c = c + 1 == offset.Length ? 0 : c + 1)
                dx[i] += T.CreateTruncating(invert ? double.CreateTruncating(dy[i]) * scale[c]
                    : double.CreateTruncating(dy[i]) / scale[c]);
        }
    }

    struct Fit : INumeric
    {
        readonly string _asked;
        readonly Tensor _x;

        public Fit(string asked, Tensor x)
        {
            if (x.Rank != 2 || x.Shape[0] == 0)
                Throw.Argument($"{asked} of {x.Shape}: give a matrix [rows, columns] with at least one row", "train");
            (_asked, _x) = (asked, x);
            int columns = x.Shape[1];
            (Min, Max, Mean, Deviation) =
                (new double[columns], new double[columns], new double[columns], new double[columns]);
            Array.Fill(Min, double.PositiveInfinity);
            Array.Fill(Max, double.NegativeInfinity);
        }

        public double[] Min { get; }

        public double[] Max { get; }

        public double[] Mean { get; }

        public double[] Deviation { get; }

        public readonly void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var x = _x.Read<T>();
            int columns = Min.Length, rows = _x.Shape[0];
            for (int i = 0; i < x.Length; i++)
            {
                int c = i % columns;
                double one = double.CreateTruncating(x[i]);
                if (!double.IsFinite(one))
                    Throw.Argument($"{_asked} of {_x.Shape}: row {i / columns}, column {c} is {one}: give finite "
                        + "numbers", "train");
                (Min[c], Max[c]) = (Math.Min(Min[c], one), Math.Max(Max[c], one));
                Mean[c] += one;
            }
            for (int c = 0; c < columns; c++) Mean[c] /= rows;
            for (int i = 0; i < x.Length; i++)
            {
                double off = double.CreateTruncating(x[i]) - Mean[i % columns];
                Deviation[i % columns] += off * off;
            }

            // The mean of equal numbers may be rounded away from them, and a deviation of that
            // rounding would be blown up to 1.
            for (int c = 0; c < columns; c++)
                (Mean[c], Deviation[c]) = Min[c] == Max[c] ? (Min[c], 0) : (Mean[c], Math.Sqrt(Deviation[c] / rows));
        }
    }
}
