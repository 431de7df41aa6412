using System.Globalization;
using ChainRule.Data;

namespace ChainRule.Zoo.Tables;

/// <summary>What is concluded of a model and of those that it is compared with, in sentences.</summary>
static class TableVerdict
{
    public static IEnumerable<string> Of(string name, TableData data, TableScore score, TableScore baseline,
        TableScore linear, int rows, bool byFolds, bool chosen)
    {
        var (table, compared) = (data.Table, data.Measure);
        bool regression = data.IsRegression;
        string main = compared.Name;
        // R² is not defined where all targets are equal; the error is.
        bool defined = double.IsFinite(score.Metrics[main]);
        string measure = defined ? main : "RMSE";
        string Value(TableScore of) => defined ? of.Metrics[main].ToString("0.000", CultureInfo.InvariantCulture)
            : Amount(of.Metrics[measure]);
        string than = regression ? "the mean" : "the most frequent class";
        yield return !defined
            ? string.Create(CultureInfo.InvariantCulture, $"On {rows:N0} rows that it never saw, the typical error of "
                + $"{name} is {Value(score)} (RMSE), that of {than} {Value(baseline)}; R² is not defined, since their "
                + $"targets are all equal.")
            : regression
            ? string.Create(CultureInfo.InvariantCulture, $"On {rows:N0} rows that it never saw, {name} "
                + $"{Explained(score.Metrics[main], Printable.Of(table.Target, 40))} (R² {Value(score)}); its typical "
                + $"error is {Amount(score.Metrics["RMSE"])} (RMSE), that of {than} "
                + $"{Amount(baseline.Metrics["RMSE"])}.")
            : string.Create(CultureInfo.InvariantCulture, $"Of {rows:N0} rows that it never saw, {name} classifies "
                + $"{score.Metrics["accuracy"]:0.0 %} right; {than} alone is right in "
                + $"{baseline.Metrics["accuracy"]:0.0 %}.");
        if (compared.Reason is { } reason)
            yield return $"Models are compared by their {main}, the mean of the recalls of the classes, {reason}: it "
                + $"is {Value(score)}, that of {than} {Value(baseline)}.";
        int never = Enumerable.Range(0, table.Classes.Count).FirstOrDefault(c => !score.Predicted.Contains(c), -1);
        if (compared.Reason is not null && never >= 0 && !table.Options.ClassWeights)
            yield return $"It predicts '{Printable.Of(table.Classes[never], 40)}' in no row: try --class-weights"
                + (table.Classes.Count == 2 ? ", or --threshold youden." : ".");
        // All rows say more than those of one test part.
        if (byFolds) yield break;
        if (NoBetter(data, [baseline], [score], $"{rows:N0} test rows") is { } chance) yield return chance;
        if (name == "linear") yield break;
        if (Models.OneNeuron.Is(name)) yield return BesideLinear(name, measure, Value(score), Value(linear));
        else yield return Worth(name, measure, Value(score), Value(linear), compared.Compare(linear, score),
            $"{rows:N0} test rows", chosen);
    }

    /// <summary>That a model is no better than the baseline by more than chance; null if it is better.</summary>
    /// <param name="data">The table.</param>
    /// <param name="baselines">The scores of the baseline, of one part of the rows or of several.</param>
    /// <param name="scores">The scores of the model, of the same parts.</param>
    /// <param name="rows">What the rows are.</param>
    public static string? NoBetter(TableData data, IReadOnlyList<TableScore> baselines,
        IReadOnlyList<TableScore> scores, string rows) => data.Measure.Compare(baselines, scores).IsBetter ? null
        : $"By its {data.Measure.Errors} it is no better than {(data.IsRegression ? "the mean"
            : "the most frequent class")} by more than chance, as far as the {rows} can tell.";

    /// <summary>How far training came that the time limit ended.</summary>
    public static string CutOff(int step, int steps) => string.Create(CultureInfo.InvariantCulture,
        $"cut off by the time limit {After(step, steps)}");

    /// <summary>How many steps of how many were made.</summary>
    public static string After(int step, int steps) => string.Create(CultureInfo.InvariantCulture,
        $"after {step:N0} of {steps:N0} {(steps == 1 ? "step" : "steps")}");

    /// <summary>What should be known of how the model was trained, before it is judged.</summary>
    /// <param name="cutOff">How far training came, if the time limit ended it; else null.</param>
    /// <param name="untrained">Whether the first parameters are the best that were found.</param>
    public static IEnumerable<string> Training(string? cutOff, bool untrained)
    {
        if (cutOff is not null) yield return $"Training was {cutOff}: more time may help.";
        if (untrained)
            yield return "No step made the validation loss lower: the model is untrained, and whether it would be "
                + "worth it once trained is not known.";
    }

    // Below 0, R² says by how much the model is worse than a constant.
    static string Explained(double r2, string target) => r2 >= 0
        ? string.Create(CultureInfo.InvariantCulture, $"explains {r2:0.0 %} of the variance of '{target}'")
        : $"predicts '{target}' worse than its mean does";

    /// <summary>Whether a model is worth it beside a linear one.</summary>
    /// <param name="name">The model.</param>
    /// <param name="main">What both are compared by.</param>
    /// <param name="score">The model's.</param>
    /// <param name="linear">The linear model's.</param>
    /// <param name="over">How the two compare, row by row.</param>
    /// <param name="rows">What the rows are.</param>
    /// <param name="chosen">Whether the model was taken, of several, because it was the best on validation data by more
    /// than chance: what these rows say beside it is then said as what it is, a doubt.</param>
    public static string Worth(string name, string main, string score, string linear, PairedDifference over,
        string rows, bool chosen = false)
    {
        string both = $"{main} {score} against {linear}, on the same {rows}";
        if (chosen && !over.IsBetter)
            return $"Whether {name} is worth it, these rows do not confirm: on validation data, by which it was taken, "
                + $"it was better than a linear model by more than chance, and here a linear model is "
                + $"{(over.IsWorse ? "better" : "as good, as far as they can tell")} ({both}). --folds 5 judges both "
                + "on all rows; --model linear is simpler.";
        return over.IsBetter ? $"{Capital(name)} is worth it: it is better than a linear model by more than chance "
                + $"({both})."
            : over.IsWorse ? $"{Capital(name)} is not worth it: a linear model is better ({both}). Take --model linear."
            : $"{Capital(name)} is not worth it: a linear model is as good, as far as these rows can tell ({both}). "
                + "Take --model linear, which is simpler.";
    }

    /// <summary>How one neuron, which draws a line too, stands beside a linear model.</summary>
    public static string BesideLinear(string name, string main, string score, string linear) => $"{Capital(name)} is a "
        + $"linear model too: beside it, that of --model linear has {main} {linear} against {score}, on the same rows.";

    /// <summary>A metric in four decimals, or that it is not defined.</summary>
    public static string Shown(double metric) => double.IsFinite(metric)
        ? metric.ToString("0.0000", CultureInfo.InvariantCulture) : "not defined";

    /// <summary>Four digits, and no power of ten where the digits can stand by themselves.</summary>
    public static string Amount(double x) =>
        x.ToString(x is >= 1000 and < 1e15 ? "N0" : "G4", CultureInfo.InvariantCulture);

    static string Capital(string name) => name switch
    {
        "mlp" => "The network (mlp)",
        "rbf" => "The network (rbf)",
        "svr" => "The support vector regression",
        "perceptron" or "neuron" => $"The {name}",
        _ => name,
    };
}
