using System.Globalization;
using ChainRule.Layers;
using ChainRule.Zoo.Runs;

namespace ChainRule.Zoo.Tables;

/// <summary>Judges a model by folds: each row is predicted once by a model that never saw it.</summary>
static class TableFolds
{
    /// <summary>Trains a model for each fold, and compares it with the baseline and a linear model.</summary>
    /// <param name="data">The table.</param>
    /// <param name="config">What each is trained with.</param>
    /// <param name="limit">How long all may take; null if as long as they need.</param>
    /// <param name="tell">Is told what was found of each.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The scores, and a sentence that says whether the model is worth it.</returns>
    public static (FoldScores Scores, string Verdict) Judge(TableData data, RunConfig config, TimeSpan? limit,
        Action<string>? tell, CancellationToken cancellationToken)
    {
        string main = TableScore.Main(data.Table.Task), simple = data.IsRegression ? "mean" : "majority";
        List<TableScore> own = [], baselines = [], lines = [];
        var folds = data.Table.Folds();
        foreach (var rows in folds)
        {
            var fold = new TableData(data.Table, rows);
            var (baseline, linear) = TableJudge.Simple(fold, fold.TestInputs, rows.Test);
            Module model = TableTrial.Train(fold, config, limit / folds.Count, cancellationToken);
            double? threshold = fold.Threshold(fold.Score(model, fold.ValidationInputs, rows.Validation));
            own.Add(fold.Score(model, fold.TestInputs, rows.Test, threshold));
            baselines.Add(baseline);
            lines.Add(linear);
            tell?.Invoke(FormattableString.Invariant(
                $"fold {own.Count} of {folds.Count}: {main} {TableVerdict.Shown(own[^1].Metrics[main])}, ")
                + $"linear {TableVerdict.Shown(linear.Metrics[main])}");
        }
        List<FoldModel> models = [Of(config.Model, own), Of(simple, baselines)];
        if (config.Model != "linear") models.Add(Of("linear", lines));
        var over = PairedDifference.Of([.. lines.SelectMany(one => one.Errors)], [.. own.SelectMany(one =>
            one.Errors)]);
        // R² is not defined in a fold whose targets are all equal; the error is.
        string measure = models.TrueForAll(one => double.IsFinite(one.Mean[main])) ? main : "RMSE";
        string Mean(string name)
        {
            var (mean, std) = (models.First(one => one.Name == name).Mean[measure],
                models.First(one => one.Name == name).Std[measure]);
            return measure == main ? string.Create(CultureInfo.InvariantCulture, $"{mean:0.000} ± {std:0.000}")
                : $"{TableVerdict.Amount(mean)} ± {TableVerdict.Amount(std)}";
        }
        string verdict = config.Model == "linear"
            ? $"Over {folds.Count} folds its {measure} is {Mean("linear")} (mean ± standard deviation)."
            : TableVerdict.Worth(config.Model, measure, Mean(config.Model), Mean("linear"), over,
                $"{own.Sum(one => one.Actual.Length)} rows of {folds.Count} folds");
        return (new(folds.Count, models), verdict);
    }

    static FoldModel Of(string name, List<TableScore> scores)
    {
        var mean = scores[0].Metrics.Keys.ToDictionary(key => key, key => scores.Average(one => one.Metrics[key]));
        return new(name, mean, mean.ToDictionary(one => one.Key, one => Math.Sqrt(scores.Sum(
            score => Math.Pow(score.Metrics[one.Key] - one.Value, 2)) / Math.Max(1, scores.Count - 1))),
            [.. scores.Select(one => one.Metrics)]);
    }
}
