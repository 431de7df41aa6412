using System.Globalization;
using ChainRule.Zoo.Runs;

namespace ChainRule.Zoo.Tables;

/// <summary>Judges a model by folds: each row is predicted once by a model that never saw it.</summary>
static class TableFolds
{
    /// <summary>Refuses folds that could not all be trained, stopped and tested: before anything is trained.</summary>
    /// <exception cref="InvalidDataException">There are too few rows, groups or rows of a class for them.</exception>
    public static void Check(TableSource table)
    {
        int k = table.Options.Folds;
        if (k == 0) return;
        string asked = $"fit: folds {k}";
        if (table.Options.Group is { } group && table.All.Texts(group).Distinct().Count() is var groups && groups < k)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
                $"{asked}: the rows have {groups:N0} different values of '{Printable.Of(group, 40)}', and rows of one "
                + $"value stay in one fold: give {(groups < 2 ? "no folds" : $"{groups} folds or fewer")}"));
        if (k > table.Table.Rows)
            throw new InvalidDataException($"{asked}: there are {table.Table.Rows} rows: give {table.Table.Rows} folds "
                + "or fewer");
        foreach (var (i, fold) in table.Folds().Index())
        {
            if (fold.Train.Length == 0 || fold.Validation.Length == 0 || fold.Test.Length == 0)
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{asked}: fold {i + 1} has "
                    + $"{fold.Train.Length:N0} rows to train, {fold.Validation.Length:N0} to validate and "
                    + $"{fold.Test.Length:N0} to test with: ")
                    + (table.Options.Group is { } column ? "give no folds, or rows with more different values of "
                        + $"'{Printable.Of(column, 40)}'" : "give fewer folds, or more rows"));
            var trained = fold.Train.Select(row => table.Labels.Length == 0 ? 0 : table.Labels[row]).ToHashSet();
            int missing = Enumerable.Range(0, table.Classes.Count).FirstOrDefault(c => !trained.Contains(c), -1);
            if (missing < 0) continue;
            int rows = table.Labels.Count(label => label == missing);
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{asked}: fold {i + 1} would "
                + $"train without the class '{Printable.Of(table.Classes[missing], 40)}', which has {rows:N0} "
                + $"{(rows == 1 ? "row" : "rows")}: give fewer folds or none, or more rows of that class"));
        }
    }

    /// <summary>Refuses a group of fewer values than there are parts of the rows.</summary>
    /// <exception cref="InvalidDataException">There are too few.</exception>
    public static void CheckGroup(TableSource table)
    {
        if (table.Options.Group is not { } group) return;
        int values = table.All.Texts(group).Distinct().Count();
        if (values > 2) return;
        throw new InvalidDataException($"fit: group '{Printable.Of(group, 40)}': the column has {values} "
            + $"{(values == 1 ? "value" : "values")}, and rows of one value stay in one part: to train, to validate "
            + "and to test takes 3 or more: give another column");
    }

    /// <summary>Trains a model for each fold, and compares it with the baseline and a linear model.</summary>
    /// <param name="data">The table.</param>
    /// <param name="config">What each is trained with.</param>
    /// <param name="limit">How long all may take; null if as long as they need.</param>
    /// <param name="tell">Is told what was found of each.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The scores, and sentences that say whether the model is worth it.</returns>
    public static (FoldScores Scores, IEnumerable<string> Verdict) Judge(TableData data, RunConfig config,
        TimeSpan? limit, Action<string>? tell, CancellationToken cancellationToken)
    {
        string main = data.Measure.Name, simple = data.IsRegression ? "mean" : "majority";
        List<TableScore> own = [], baselines = [], lines = [];
        List<TrainedModel> trained = [];
        var folds = data.Table.Folds();
        foreach (var rows in folds)
        {
            var fold = new TableData(data.Table, rows);
            var (baseline, linear) = TableJudge.Simple(fold, fold.TestInputs, rows.Test);
            trained.Add(TableTrial.Train(fold, config, limit / folds.Count, cancellationToken));
            var model = trained[^1].Model;
            double? threshold = fold.Validate(model).Threshold;
            own.Add(fold.Score(model, fold.TestInputs, rows.Test, threshold));
            baselines.Add(baseline);
            lines.Add(linear);
            tell?.Invoke(FormattableString.Invariant(
                $"fold {own.Count} of {folds.Count}: {main} {TableVerdict.Shown(own[^1].Metrics[main])}, ")
                + $"linear {TableVerdict.Shown(linear.Metrics[main])}"
                + (trained[^1].CutOff is { } end ? $"; {end}" : ""));
        }
        List<FoldModel> models = [Of(config.Model, own), Of(simple, baselines)];
        if (config.Model != "linear") models.Add(Of("linear", lines));
        var over = data.Measure.Compare(lines, own);
        // R² is not defined in a fold whose targets are all equal; the error is.
        string measure = models.TrueForAll(one => double.IsFinite(one.Mean[main])) ? main : "RMSE";
        string Mean(string name)
        {
            var (mean, std) = (models.First(one => one.Name == name).Mean[measure],
                models.First(one => one.Name == name).Std[measure]);
            return measure == main ? string.Create(CultureInfo.InvariantCulture, $"{mean:0.000} ± {std:0.000}")
                : $"{TableVerdict.Amount(mean)} ± {TableVerdict.Amount(std)}";
        }
        List<string> verdict = [];
        bool learns = TableTrial.LearnsByStepsAlone(config.Model);
        int cut = trained.Count(one => one.CutOff is not null),
            untrained = learns ? trained.Count(one => one.BestStep == 0) : 0;
        if (cut > 0)
            verdict.Add($"In {cut} of {folds.Count} folds training was cut off by the time limit, the first "
                + TableVerdict.After(trained.First(one => one.CutOff is not null).Step, config.Steps)
                + ": more time may help.");
        if (untrained > 0)
            verdict.Add($"In {untrained} of {folds.Count} folds no step made the validation loss lower: the model is "
                + "untrained there.");
        string judged = string.Create(CultureInfo.InvariantCulture,
            $"{own.Sum(one => one.Actual.Length):N0} rows of {folds.Count} folds");
        // Networks that learned nothing say nothing of one that is trained.
        if (untrained < folds.Count && TableVerdict.NoBetter(data, baselines, own, judged) is { } chance)
            verdict.Add(chance);
        if (config.Model == "linear")
            verdict.Add($"Over {folds.Count} folds its {measure} is {Mean("linear")} (mean ± standard deviation).");
        else if (Models.OneNeuron.Is(config.Model))
            verdict.Add(TableVerdict.BesideLinear(config.Model, measure, Mean(config.Model), Mean("linear")));
        else if (untrained < folds.Count)
            verdict.Add(TableVerdict.Worth(config.Model, measure, Mean(config.Model), Mean("linear"), over, judged));
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
