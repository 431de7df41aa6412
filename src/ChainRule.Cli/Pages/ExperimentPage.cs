using ChainRule.Pictures;
using ChainRule.Zoo.Experiments;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Settings;

namespace ChainRule.Cli.Pages;

/// <summary>The page of an experiment: what it found, the numbers, the curves over each other, the settings.</summary>
static class ExperimentPage
{
    /// <summary>The name of its file in the experiment's folder.</summary>
    public const string FileName = "report.html";

    // More curves than these are a cloud: then each variant has one, the mean of its seeds.
    const int MostCurves = 60, MostVariants = 20, MostRuns = 500;

    /// <summary>Draws the page and writes it into the experiment's folder.</summary>
    /// <returns>Where it stands, in full.</returns>
    public static string Write(ExperimentResult result) =>
        Of(result).Save(Path.Combine(result.Folder, FileName));

    /// <summary>The page of a result.</summary>
    public static Page Of(ExperimentResult result)
    {
        var experiment = result.Experiment;
        string metric = experiment.Metric.Name;
        var page = new Page(TablePage.Cell(experiment.Name));
        foreach (string finding in result.Findings) page.Add(finding);
        bool several = experiment.Seeds.Count > 1;
        page.Section("The numbers").Add(several ? $"Mean ± standard deviation of the {metric} over "
            + $"{experiment.Seeds.Count} seeds. A difference is that from the base with the same seed; its interval "
            + "and p are those of a paired t-test, p after Holm's correction for all variants." : $"The {metric}.")
            .Table("The variants", ["variant", metric, .. several ? ["difference", "95 % interval", "p"]
                : Array.Empty<string>(), "diverged", "seconds of training"],
                [.. result.Variants.Select(one => (string[])[TablePage.Cell(one.Name), ExperimentResult.Value(one),
                    .. several ? ExperimentResult.Difference(one) : [], $"{one.Diverged} of {one.Values.Count}",
                    Numbers.Short(one.Seconds)])]);
        AddDifferences(page, result);
        AddCurves(page, result);
        AddSettings(page, result);
        return page;
    }

    static void AddDifferences(Page page, ExperimentResult result)
    {
        var tested = result.Variants.Where(one => one.Test is { } test && double.IsFinite(test.Low)
            && double.IsFinite(test.High)).Take(MostVariants).ToList();
        if (tested.Count == 0) return;
        page.Add(Chart.Intervals("Differences from the base", $"difference in {result.Experiment.Metric.Name}", "",
            [.. tested.Select(one => (TablePage.Cell(one.Name), one.Test!.Low, one.Test.Mean, one.Test.High))],
            new() { RuleX = 0 }));
    }

    static void AddCurves(Page page, ExperimentResult result)
    {
        var lines = Enumerable.Range(0, Math.Min(MostVariants, result.Variants.Count)).Select(i =>
            result.FoldersOf(i).Select(folder => RunFolder.Open(folder).ReadMetrics()).ToList()).ToList();
        page.Section("The curves");
        if (result.Variants.Count > MostVariants)
            page.Add($"The first {MostVariants} of {Numbers.Count(result.Variants.Count)} variants.");
        Add("Validation loss", line => line.ValLoss);
        Add("Training loss", line => line.TrainLoss);

        void Add(string title, Func<RunMetrics, double?> loss)
        {
            List<Series> series = [];
            bool each = lines.Sum(runs => runs.Count) <= MostCurves;
            foreach (var (i, runs) in lines.Index())
            {
                string name = TablePage.Cell(result.Variants[i].Name);
                if (!each || runs.Count == 1)
                {
                    series.Add(Curves.Of(name, Mean(runs, loss)));
                    continue;
                }
                foreach (var (seed, run) in runs.Index())
                    series.Add(Curves.Of($"{name}, seed {result.Experiment.Seeds[seed]}", [.. run.Select(line =>
                        (line.Step, Value: loss(line) ?? double.NaN))]) with { Group = name });
            }
            series.RemoveAll(one => one.Y.Count == 0);
            if (series.Count == 0) return;
            page.Add(Chart.Line(title, "step", title.ToLowerInvariant(), series,
                new() { LogY = Curves.AreWide(series), Height = 360 }));
        }
    }

    static List<(int, double)> Mean(List<IReadOnlyList<RunMetrics>> runs, Func<RunMetrics, double?> loss) =>
        [.. runs.SelectMany(run => run).GroupBy(line => line.Step).OrderBy(same => same.Key)
            .Select(same => (same.Key, same.Average(line => loss(line) ?? double.NaN)))];

    static void AddSettings(Page page, ExperimentResult result)
    {
        var experiment = result.Experiment;
        var of = experiment.Variants[0].Config.Flat().ToDictionary(one => one.Key.Name, one => Setting.Text(one.Value));
        page.Section("Settings").Table("What each variant changes", ["variant", "setting", "base", "here"],
            [.. experiment.Variants.Skip(1).SelectMany(variant => variant.Config.Flat().Where(one =>
                of.GetValueOrDefault(one.Key.Name) != Setting.Text(one.Value)).Select(one => (string[])[
                    TablePage.Cell(variant.Name), one.Key.Name, of.GetValueOrDefault(one.Key.Name, "–"),
                    TablePage.Cell(Setting.Text(one.Value))]))])
            .Table("The base", ["setting", "value"], [.. of.Where(one => one.Key != "seed").Select(one =>
                (string[])[one.Key, TablePage.Cell(one.Value)])])
            .Table("The runs", ["variant", "seed", experiment.Metric.Name, "folder"],
                [.. experiment.Runs.Take(MostRuns).Select((run, i) => (string[])[TablePage.Cell(
                    experiment.Variants[run.Variant].Name), $"{run.Seed}", result.Outcomes[i] switch
                    {
                        { Why: not null } => "diverged",
                        { Value: var value } when double.IsFinite(value) => ExperimentResult.Number(value),
                        _ => "not measured",
                    }, run.Folder])]);
    }
}
