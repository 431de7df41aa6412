using System.Text.Json;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Settings;

namespace ChainRule.Zoo.Experiments;

/// <summary>What the runs of an experiment are compared by.</summary>
/// <param name="Name">A loss, or a metric that the task measures, such as <c>accuracy</c>.</param>
/// <remarks>
/// <c>validation loss</c> and <c>training loss</c> are those of the best model, <c>last validation loss</c> and
/// <c>last training loss</c> those of the last evaluation, whatever the best was; <c>training loss deviation</c> is the
/// standard deviation of the training loss over the second half of the evaluations; <c>log10 gradient
/// ratio</c> log₁₀ (size of the first layer's gradient / size of the last layer's) at the first step that was measured;
/// <c>seconds</c> the time that training took.
/// </remarks>
public sealed record ExperimentMetric(string Name)
{
    static readonly Dictionary<string, Func<RunSummary, RunFolder, double?>> s_known = new()
    {
        ["validation loss"] = (summary, _) => summary.ValLoss,
        ["training loss"] = (summary, _) => summary.TrainLoss,
        ["test loss"] = (summary, _) => summary.TestLoss,
        ["initial loss"] = (summary, _) => summary.InitialLoss,
        ["last validation loss"] = (_, run) => Last(run)?.ValLoss,
        ["last training loss"] = (_, run) => Last(run)?.TrainLoss,
        ["training loss deviation"] = (_, run) => Deviation(run.ReadMetrics()),
        ["log10 gradient ratio"] = (_, run) => GradientRatio(run.ReadLayers()),
        ["best step"] = (summary, _) => summary.BestStep,
        ["seconds"] = (summary, _) => summary.SecondsTraining,
    };

    // What grows as a model gets worse; and what is neither good nor bad.
    static readonly string[] s_lower = ["loss", "error", "mae", "mse", "rmse", "brier", "perplexity", "bits"];
    static readonly string[] s_neither = ["deviation", "ratio", "step", "seconds", "initial"];

    /// <summary>The loss on validation data of the best model.</summary>
    public static ExperimentMetric ValidationLoss { get; } = new("validation loss");

    /// <summary>Whether less of it is better; null of what is neither good nor bad, such as a deviation.</summary>
    public bool? LowerIsBetter => s_neither.Any(Says) ? null : s_lower.Any(Says);

    /// <summary>What a run needs for it to be measured, where it may lack that; null of others.</summary>
    internal string? Needs => Plain(Name) switch
    {
        "traininglossdeviation" => "it needs two evaluations or more in the second half of the steps",
        "log10gradientratio" => "it needs a step and two layers",
        "trainingloss" or "lasttrainingloss" => "it needs a step",
        "testloss" => "it needs test data",
        _ => null,
    };

    /// <summary>Whether it says something of how good the model is on its data: not so of a time or a step.</summary>
    internal bool IsOfData => Plain(Name) is not ("seconds" or "beststep" or "log10gradientratio");

    /// <summary>Its value of a finished run; NaN where the run did not measure it.</summary>
    /// <exception cref="ArgumentException">There is no metric of that name.</exception>
    public double Of(RunFolder run)
    {
        var summary = run.ReadSummary()
            ?? throw new ArgumentException($"experiment: {Printable.Path(run.FullPath)}: this run is not finished");
        if (Find(summary, run) is { } value) return value;
        string[] names = [.. s_known.Keys, .. Measured(summary, run.ReadMetrics()).Select(one =>
            Setting.Words(one.Key)).Distinct()];
        string near = Nearest.To(Name, names) is { } meant ? $"did you mean '{meant}'? There are " : "there are ";
        throw new ArgumentException($"experiment: metric '{Printable.Of(Name, 40)}': this is not measured: {near}"
            + string.Join(", ", names));
    }

    /// <summary>Its value of a finished run; NaN where the run did not measure it, null where there is no metric of
    /// that name.</summary>
    internal double? Find(RunSummary summary, RunFolder run)
    {
        string plain = Plain(Name);
        if (s_known.FirstOrDefault(known => Plain(known.Key) == plain) is { Value: { } known })
            return known(summary, run) ?? double.NaN;
        foreach (var (name, value) in Measured(summary, run.ReadMetrics())) if (Plain(name) == plain) return value;
        // What is not defined, such as R² of equal targets, has its name among the metrics of the test data alone.
        return summary.Details.TryGetValue("test", out var test) && test.ValueKind == JsonValueKind.Object
            && test.EnumerateObject().Any(one => Plain(one.Name) == plain) ? double.NaN : null;
    }

    /// <summary>What the task measured beside the losses: of the finished model, else of the best evaluation.</summary>
    static List<KeyValuePair<string, double>> Measured(RunSummary summary, IReadOnlyList<RunMetrics> history) =>
        [.. summary.Metrics,
            .. history.LastOrDefault(line => line.Step == summary.BestStep)?.Metrics
                ?? (IReadOnlyDictionary<string, double>)new Dictionary<string, double>()];

    /// <summary>Whether it is measured of every task; others are known once a run has measured them.</summary>
    internal bool IsKnown => s_known.Keys.Any(known => Plain(known) == Plain(Name));

    static RunMetrics? Last(RunFolder run) => run.ReadMetrics() is [.., var last] ? last : null;

    bool Says(string word) => Name.Contains(word, StringComparison.OrdinalIgnoreCase);

    static double? Deviation(IReadOnlyList<RunMetrics> lines)
    {
        double[] losses = [.. lines.Skip(lines.Count / 2).Select(line => line.TrainLoss ?? double.NaN)
            .Where(double.IsFinite)];
        if (losses.Length < 2) return null;
        double mean = losses.Average();
        return Math.Sqrt(losses.Sum(loss => (loss - mean) * (loss - mean)) / (losses.Length - 1));
    }

    /// <summary>Layers are told by their weights: a bias or the gain of a norm is no layer.</summary>
    static double? GradientRatio(IReadOnlyList<LayerMetrics> lines)
    {
        if (lines.Count == 0) return null;
        double[] sizes = [.. lines[0].Gradients.Where(one => one.Key.EndsWith("weight",
            StringComparison.OrdinalIgnoreCase)).Select(one => one.Value)];
        return sizes.Length < 2 ? null : Math.Log10(sizes[0] / sizes[^1]);
    }

    static string Plain(string name) => Nearest.Plain(name).Replace(" ", "", StringComparison.Ordinal);
}
