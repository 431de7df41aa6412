using ChainRule.Randomness;

namespace ChainRule.Diagnostics;

/// <summary>How much worse a model becomes when one column is shuffled.</summary>
public sealed record PermutationImportanceResult(string Column, double Mean, double Std, double Low, double High)
    : IReportLine
{
    /// <summary>Whether the column is of use: the interval lies above 0.</summary>
    public bool Passed => Low > 0;

    string[] IReportLine.Cells => [Printable.Of(Column, 40), Text(Mean), Text(Std), $"{Text(Low)} to {Text(High)}"];

    // What rounds to 0 has no sign.
    static string Text(double x) => TextTable.Number(Math.Round(x, 4) + 0.0, "0.0000");
}

/// <summary>
/// Which columns does a model go by? One column after another is shuffled among the rows, so that it says nothing any
/// more, and the error of the model is compared with what it was. The mean over several shuffles has an interval that
/// holds it with 95 % confidence (Student's t). Of two columns that say the same, each has little importance: the model
/// still has the other.
/// </summary>
/// <remarks>Breiman, "Random forests", 2001; Fisher, Rudin and Dominici, 2019. Take rows that the model was not trained
/// on.</remarks>
public static class PermutationImportance
{
    const string Asked = "permutation importance";
    const int MostRepeats = 10_000;

    // t of 97.5 % for 1, 2, … 30 degrees of freedom, and of the normal distribution for more.
    static readonly double[] s_t =
    [
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
        2.110, 2.101, 2.093, 2.086,
        2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
    ];

    /// <summary>The importance of each column, or of each group of columns that belong together, such as those of one
    /// category.</summary>
    /// <param name="error">The error of the model for inputs of the shape of x, the lower the better: <c>inputs =>
    /// RegressionReport.Of(model.Forward(inputs), y).MeanSquaredError</c>.</param>
    /// <param name="x">The rows to measure on, [rows, columns].</param>
    /// <param name="columns">
    /// The name of each column; those of one name are shuffled together. Of an encoder: <c>[..
    /// encoder.Columns.Select(column => column.Source)]</c>. If null, columns are numbered.
    /// </param>
    /// <param name="repeats">How often each is shuffled, 2 to 10,000.</param>
    /// <param name="seed">What decides the shuffles.</param>
    /// <returns>A line for each column, the most important first.</returns>
    /// <exception cref="ArgumentException">x is no matrix of two rows or more, or has not as many columns as
    /// names.</exception>
    public static Report<PermutationImportanceResult> Of(Func<Tensor, double> error, Tensor x,
        IReadOnlyList<string>? columns = null, int repeats = 10, ulong seed = 0)
    {
        Throw.IfNull(error, Asked);
        if (x.Rank != 2 || x.Shape[0] < 2)
            Throw.Argument($"{Asked}: x is {x.Shape}: give at least two rows, [rows, columns]", nameof(x));
        if (columns is not null && columns.Count != x.Shape[1])
            Throw.Argument($"{Asked}: {columns.Count} names for {x.Shape[1]} columns: name each column",
                nameof(columns));
        if (repeats is < 2 or > MostRepeats)
            Throw.OutOfRange($"{Asked}: {repeats} repeats: give between 2 and {MostRepeats:N0}", nameof(repeats));
        string[] names = [.. Enumerable.Range(0, x.Shape[1]).Select(c => columns is null ? $"{c}" : columns[c]
            ?? $"{c}")];
        double whole = error(x);
        var rng = new TorchRandom(seed);
        PermutationImportanceResult[] found =
            [.. names.Index().GroupBy(one => one.Item, one => one.Index).Select(same => Measured(same.Key, [.. same]))];
        return new(["column", "importance", "std", "95 %"], [.. found.OrderByDescending(one => one.Mean)]);

        PermutationImportanceResult Measured(string name, int[] group)
        {
            double[] worse = new double[repeats];
            for (int i = 0; i < repeats; i++) worse[i] = error(Shuffled(x, group, rng)) - whole;
            double mean = worse.Average(),
                std = Math.Sqrt(worse.Sum(one => (one - mean) * (one - mean)) / (repeats - 1));
            double half = (repeats - 1 <= s_t.Length ? s_t[repeats - 2] : 1.960) * std / Math.Sqrt(repeats);
            return new(name, mean, std, mean - half, mean + half);
        }
    }

    // The columns of a group keep their rows together.
    static Tensor Shuffled(Tensor x, int[] group, TorchRandom rng)
    {
        int rows = x.Shape[0], columns = x.Shape[1];
        int[] order = new int[rows];
        rng.Permutation(order);
        double[] numbers = x.Detach().To(DType.Float64).ToArray<double>(), shuffled = [.. numbers];
        for (int i = 0; i < rows; i++)
            foreach (int c in group) shuffled[i * columns + c] = numbers[order[i] * columns + c];
        return Tensor.From(shuffled, x.Shape).To(x.DType);
    }
}
