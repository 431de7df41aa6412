using System.Globalization;

namespace ChainRule.Classical;

/// <summary>Predicts the mean of the training targets for every row: a regression that has learned nothing from its
/// inputs. Its R² on the training rows is 0.</summary>
public sealed class MeanBaseline
{
    MeanBaseline(double mean) => Mean = mean;

    /// <summary>Fits it.</summary>
    /// <param name="y">[rows] or [rows, 1], finite.</param>
    /// <exception cref="ArgumentException">There are no rows, or a number is not finite.</exception>
    public static MeanBaseline Fit(Tensor y)
    {
        if (y.Count == 0) Throw.Argument("mean baseline: there are no targets: give at least one", nameof(y));
        return new(Columns.Targets("mean baseline", y, (int)y.Count).Average());
    }

    /// <summary>What it predicts.</summary>
    public double Mean { get; }

    /// <summary>The mean for each row of x: [rows, …] → [rows].</summary>
    /// <exception cref="ArgumentException">x is a single number, which has no rows.</exception>
    public Tensor Predict(Tensor x)
    {
        if (x.Rank == 0) Throw.Argument("mean baseline: a single number has no rows: give [rows, columns]", nameof(x));
        return Tensor.Full([x.Shape[0]], Mean, x.DType);
    }

    public override string ToString() => $"mean baseline: {Mean.ToString("G6", CultureInfo.InvariantCulture)}";
}
