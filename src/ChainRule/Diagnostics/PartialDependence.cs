using System.Globalization;

namespace ChainRule.Diagnostics;

/// <summary>The mean prediction where a column has one value in every row.</summary>
public sealed record PartialDependenceResult(double Value, double Mean, double Low, double High) : IReportLine
{
    /// <summary>Nothing here can be wrong: always true.</summary>
    public bool Passed => true;

    string[] IReportLine.Cells => [Value.ToString("G5", CultureInfo.InvariantCulture), TextTable.Number(Mean, "0.0000"),
        $"{TextTable.Number(Low, "0.0000")} to {TextTable.Number(High, "0.0000")}"];
}

/// <summary>
/// How does the prediction go with one column? That column is set to one value in all rows, and the predictions are
/// averaged; then to the next. Beside the mean stand the 10th and the 90th percentile of the rows: where these lie far
/// apart or cross, the column acts together with others. Where columns are correlated, it asks about rows that do not
/// occur.
/// </summary>
/// <remarks>Friedman, "Greedy function approximation: a gradient boosting machine", 2001.</remarks>
public static class PartialDependence
{
    const string Asked = "partial dependence";

    /// <summary>The dependence on one column.</summary>
    /// <param name="predict">The predictions, one for each row of inputs of x's columns: <c>inputs =>
    /// model.Forward(inputs)</c>.</param>
    /// <param name="x">The rows to average over, [rows, columns].</param>
    /// <param name="column">Which column is set.</param>
    /// <param name="values">To what; if null, to up to 20 of its own values, at even quantiles.</param>
    /// <returns>A line for each value.</returns>
    /// <exception cref="ArgumentException">x is no matrix, has no such column, or there is not one prediction for each
    /// row.</exception>
    public static Report<PartialDependenceResult> Of(Func<Tensor, Tensor> predict, Tensor x, int column,
        IReadOnlyList<double>? values = null)
    {
        const int MostValues = 20;
        Throw.IfNull(predict, Asked);
        if (x.Rank != 2 || x.Shape[0] == 0)
            Throw.Argument($"{Asked}: x is {x.Shape}: give the rows to average over, [rows, columns]", nameof(x));
        if ((uint)column >= (uint)x.Shape[1])
            Throw.OutOfRange($"{Asked}: column {column}: {Throw.Run("columns", x.Shape[1])}", nameof(column));
        int rows = x.Shape[0], columns = x.Shape[1];
        double[] numbers = x.Detach().To(DType.Float64).ToArray<double>();
        double[] own = [.. Enumerable.Range(0, rows).Select(i => numbers[i * columns + column]).Order()];
        values ??= [.. Enumerable.Range(0, MostValues).Select(i => own[(int)((long)i * (rows - 1) / (MostValues - 1))])
            .Distinct()];
        return new(["value", "mean", "10 % to 90 %"], [.. values.Select(At)]);

        PartialDependenceResult At(double value)
        {
            if (!double.IsFinite(value))
                Throw.Argument($"{Asked}: the value {value}: give finite numbers", nameof(values));
            double[] set = [.. numbers];
            for (int i = 0; i < rows; i++) set[i * columns + column] = value;
            double[] y;
            using (NoGrad.Begin()) y = predict(Tensor.From(set, x.Shape).To(x.DType)).Detach()
                .To(DType.Float64).ToArray<double>();
            if (y.Length != rows)
                Throw.Argument($"{Asked}: {y.Length} predictions for {rows} rows: give one for each, such as by "
                    + "Select(1, output)", nameof(predict));
            Array.Sort(y);
            return new(value, y.Average(), y[(rows - 1) / 10], y[rows - 1 - (rows - 1) / 10]);
        }
    }
}
