using System.Globalization;
using ChainRule.Data;

namespace ChainRule.Zoo.Tables;

/// <summary>What is concluded of a model and of those that it is compared with, in sentences.</summary>
static class TableVerdict
{
    public static IEnumerable<string> Of(string name, TableSource table, TableScore score, TableScore baseline,
        TableScore linear, int rows)
    {
        bool regression = table.Task == TableTask.Regression;
        string main = TableScore.Main(table.Task);
        string Value(TableScore of) => of.Metrics[main].ToString("0.000", CultureInfo.InvariantCulture);
        string than = regression ? "the mean" : "the most frequent class";
        yield return regression
            ? string.Create(CultureInfo.InvariantCulture, $"On {rows:N0} rows that it never saw, {name} explains "
                + $"{Math.Max(0, score.Metrics[main]):0.0 %} of the variance of '{Printable.Of(table.Target, 40)}' (R² "
                + $"{Value(score)}); its typical error is {Amount(score.Metrics["RMSE"])} (RMSE), that of {than} "
                + $"{Amount(baseline.Metrics["RMSE"])}.")
            : string.Create(CultureInfo.InvariantCulture, $"Of {rows:N0} rows that it never saw, {name} classifies "
                + $"{score.Metrics[main]:0.0 %} right; {than} alone is right in {baseline.Metrics[main]:0.0 %}.");
        var over = PairedDifference.Of(baseline, score);
        if (!over.IsBetter)
            yield return $"That is no better than {than} by more than chance: there is little to learn in these "
                + "columns, or too few rows.";
        if (name == "linear")
        {
            yield return "It is a linear model: its weights can be read one by one.";
            yield break;
        }
        yield return Worth(name, main, Value(score), Value(linear), PairedDifference.Of(linear, score),
            $"{rows:N0} test rows");
    }

    /// <summary>Whether a model is worth it beside a linear one.</summary>
    public static string Worth(string name, string main, string score, string linear, PairedDifference over,
        string rows)
    {
        string both = $"{main} {score} against {linear}, on the same {rows}";
        return over.IsBetter ? $"{Capital(name)} is worth it: it is better than a linear model by more than chance "
                + $"({both})."
            : over.IsWorse ? $"{Capital(name)} is not worth it: a linear model is better ({both}). Take --model linear."
            : $"{Capital(name)} is not worth it: a linear model is as good, as far as these rows can tell ({both}). "
                + "Take --model linear, which is simpler.";
    }

    /// <summary>Four digits, and no power of ten where the digits can stand by themselves.</summary>
    static string Amount(double x) =>
        x.ToString(x is >= 1000 and < 1e15 ? "N0" : "G4", CultureInfo.InvariantCulture);

    static string Capital(string name) => name switch
    {
        "mlp" => "The network (mlp)",
        "rbf" => "The network (rbf)",
        "svr" => "The support vector regression",
        _ => name,
    };
}
