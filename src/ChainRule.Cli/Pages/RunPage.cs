using ChainRule.Pictures;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Settings;

namespace ChainRule.Cli.Pages;

/// <summary>
/// The page of any run: losses and what else was measured, and the sizes of every parameter, of its gradient and of its
/// updates, as curves over the steps.
/// </summary>
static class RunPage
{
    /// <summary>The name of its file in a run's folder.</summary>
    public const string FileName = "training.html";

    // Healthy steps move a parameter by about a thousandth of its size.
    const double HealthyUpdate = 1e-3;

    /// <summary>Draws the page of a run and writes it into its folder.</summary>
    /// <returns>Where it stands, in full.</returns>
    public static string Write(RunFolder run) => Of(run).Save(Path.Combine(run.FullPath, FileName));

    /// <summary>The page of a run.</summary>
    public static Page Of(RunFolder run)
    {
        var settings = run.Settings;
        var metrics = run.ReadMetrics();
        string data = settings.Data == TrainingRun.Embedded ? ""
            : $" on {TablePage.Cell(Path.GetFileName(settings.Data))}";
        var page = new Page($"How {TablePage.Cell(settings.Model)} was trained{data}");
        if (metrics.Count == 0) return page.Add("No evaluation was made yet: there is nothing to draw.");
        var best = metrics.Where(line => double.IsFinite(line.ValLoss)).MinBy(line => line.ValLoss);
        page.Add($"{Numbers.Count(metrics[^1].Step)} of {Numbers.Count(settings.Steps)} steps were made."
            + (best is null ? "" : $" The validation loss was lowest after step {Numbers.Count(best.Step)}: "
                + $"{Numbers.Score(best.ValLoss)}; the dashed line marks it, and the saved model is that of this "
                    + "step."));
        AddLosses(page, metrics, best?.Step);
        AddWorkers(page, run.ReadWorkers());
        AddLayers(page, run.ReadLayers());
        return page.Section("Settings").Table("Settings", ["setting", "value"],
            [.. RunConfig.Of(run).Flat().Select(one =>
            (string[])[one.Key.Name, TablePage.Cell(Setting.Text(one.Value))])]);
    }

    static void AddLosses(Page page, IReadOnlyList<RunMetrics> metrics, int? best)
    {
        page.Section("Losses and metrics");
        if (metrics.Count > 1) page.Add(TableCharts.Loss(metrics, best ?? 0));
        // What was measured on training data too is drawn beside its twin, in the colours of the losses.
        var names = metrics.SelectMany(line => line.Metrics.Keys).Distinct()
            .GroupBy(name => name.StartsWith("training", StringComparison.Ordinal) && name.Length > 8
                ? name[8..] : name, StringComparer.OrdinalIgnoreCase);
        foreach (var same in names)
        {
            Series[] series = [.. same.OrderBy(name => name == same.Key)
                .Select(name => Curves.Of(name == same.Key ? "validation data" : "training data",
                    metrics.Select(line => (line.Step, line.Metrics.GetValueOrDefault(name, double.NaN)))))
                .Where(one => one.Y.Count > 1)];
            if (series.Length > 0)
                page.Add(Chart.Line(Title(same.Key), "step", Setting.Words(same.Key), series, new() { RuleX = best }));
        }
        page.Add(Chart.Line("Learning rate", "step", "learning rate", [Curves.Of("learning rate", metrics.Select(line =>
            (line.Step, line.LearningRate)))], new() { Height = 200 }));
    }

    static void AddWorkers(Page page, IReadOnlyList<WorkerTimes> times)
    {
        if (times.Count == 0) return;
        page.Section("Workers").Add(TablePage.Cell($"{times[^1]}."));
        int most = times.Max(line => line.Workers.Count);
        if (times.Count > 1)
            page.Add(Chart.Line("What a step takes", "step", "seconds", [.. Enumerable.Range(0, most).SelectMany(rank =>
                (Series[])[Of(rank, "computes", one => one.Computing), Of(rank, "waits", one => one.Waiting)])
                .Where(one => one.Y.Count > 0)]));
        page.Table($"Up to step {Numbers.Count(times[^1].Step)}",
            ["worker", "computes, ms a step", "waits, ms a step", "sends, MB a step"],
            [.. times[^1].Workers.Select((one, rank) => (string[])[Numbers.Count(rank),
                Numbers.Short(1e3 * one.Computing), Numbers.Short(1e3 * one.Waiting), Numbers.Short(one.Sent / 1e6)])]);

        Series Of(int rank, string does, Func<WorkerTime, double> part) => Curves.Of($"worker {rank} {does}", times
            .Where(line => rank < line.Workers.Count).Select(line => (line.Step, part(line.Workers[rank]))));
    }

    static void AddLayers(Page page, IReadOnlyList<LayerMetrics> layers)
    {
        page.Section("Parameters, layer by layer");
        if (layers.Count == 0)
        {
            page.Add("This run kept no sizes of its parameters: it was made by an earlier version, or no step of it "
                + "was followed by an evaluation.");
            return;
        }
        page.Add("Each line is a parameter, and its size the root mean square of its numbers. Gradients that shrink "
            + "from the last layer to the first vanish; those that grow explode. An update of about a thousandth of "
            + "the parameter's size (the dashed line) is healthy: much more shakes the training, much less makes it "
            + "crawl.");
        foreach (string alarm in GradientAlarm.Of(layers)) page.Add($"Warning: {alarm}.");
        Add("Size of the weights", "root mean square", line => line.Weights, null);
        Add("Size of the gradients, before clipping", "root mean square", line => line.Gradients, null);
        Add("Update, relative to the parameter", "update / parameter", line => line.Updates, HealthyUpdate);
        var last = layers[^1];
        page.Table($"At step {Numbers.Count(last.Step)}", ["parameter", "weights", "gradient", "update / parameter"],
            [.. last.Weights.Keys.Select(name => (string[])[TablePage.Cell(name), Numbers.Short(last.Weights[name]),
                Numbers.Short(last.Gradients.GetValueOrDefault(name)),
                Numbers.Short(last.Updates.GetValueOrDefault(name))])]);

        void Add(string title, string y, Func<LayerMetrics, IReadOnlyDictionary<string, double>> part, double? rule)
        {
            Series[] series =
                [.. part(layers[^1]).Keys.Select(name => Curves.Of(TablePage.Cell(name), layers.Select(line =>
                (line.Step, part(line).GetValueOrDefault(name, double.NaN))).Where(point => point.Item2 > 0)))
                .Where(one => one.Y.Count > 0)];
            if (series.Length > 0)
                page.Add(Chart.Line(title, "step", y, series, new()
                    { LogY = true, RuleY = rule, Height = 340, Marks = layers.Count < 3 }));
        }
    }

    static string Title(string name)
    {
        string words = Setting.Words(name);
        return char.ToUpperInvariant(words[0]) + words[1..];
    }
}
