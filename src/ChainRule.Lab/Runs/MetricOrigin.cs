using System.Globalization;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Lab.Runs;

/// <summary>
/// Says where a metric of a run came from. A run keeps no graph of its losses: it is a sentence, of what the files say.
/// </summary>
static class MetricOrigin
{
    /// <summary>The sentences about the last value of a metric.</summary>
    /// <exception cref="ArgumentException">The run has no such metric.</exception>
    public static string Of(RunEntry run, string metric, Func<RunFolder> folder)
    {
        if (run.Totals.Find(metric) is not { } total)
            throw new ArgumentException($"metric: {run.Name} has no '{Printable.Of(metric, 40)}': choose one of "
                + Printable.List([.. run.Totals.Names], 40));
        string value = string.Create(CultureInfo.InvariantCulture, $"{metric} of {run.Name} is {total.Last:R} at step ")
            + string.Create(CultureInfo.InvariantCulture, $"{run.Totals.Step:N0}");
        if (run["kind"].Text == "playground")
            return $"{value}: " + (metric switch
            {
                "trainLoss" => "the loss over all points to train on, in evaluation mode, without regularisation",
                "valLoss" => "the loss over all points to test with, in evaluation mode, without regularisation",
                _ => "what its schedule says of that step",
            }) + $". The loss is {Loss(run)}.";
        var opened = folder();
        var task = TrainingTask.Of(opened.Settings.Kind);
        return metric switch
        {
            "trainLoss" => $"{value}: the mean of the losses of {Batches(opened, run)}, each by the weights before its "
                + "own step, in training mode. No graph of them is kept: chainrule explain derives any number of a "
                + "batch.",
            "valLoss" => $"{value}: the mean loss over the {task.ValidationName} data, in evaluation mode, by the "
                + "weights after that step.",
            "learningRate" => $"{value}: what the optimiser multiplied the step by.",
            "seconds" => $"{value}: how long all steps so far took, evaluations not counted.",
            _ => $"{value}: measured over the {task.ValidationName} data, in evaluation mode, by the weights after "
                + "that step.",
        };
    }

    static string Loss(RunEntry run) => run["loss"].Text is { } loss ? $"'{loss}'" : "that of its settings";

    static string Batches(RunFolder run, RunEntry entry)
    {
        var lines = run.ReadMetrics();
        int last = lines[^1].Step, before = lines.Count > 1 ? lines[^2].Step : 0;
        string of = entry["batchSize"] is { IsNumber: true } size
            ? string.Create(CultureInfo.InvariantCulture, $" of {size.Number:N0} examples") : "";
        int count = last - before;
        return string.Create(CultureInfo.InvariantCulture,
            $"the {count:N0} batch{(count == 1 ? "" : "es")}{of} of steps {before + 1:N0} to {last:N0}");
    }
}
