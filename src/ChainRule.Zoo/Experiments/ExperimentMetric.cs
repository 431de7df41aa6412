using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Settings;

namespace ChainRule.Zoo.Experiments;

/// <summary>What the runs of an experiment are compared by.</summary>
/// <param name="Name">A loss, or a metric that the task measures, such as <c>accuracy</c>.</param>
/// <remarks>
/// <c>validation loss</c> and <c>training loss</c> are those of the best model, <c>last validation loss</c> and
/// <c>last training loss</c> those of the last evaluation, whatever the best was; <c>seconds</c> is the time that
/// training took.
/// </remarks>
public sealed record ExperimentMetric(string Name)
{
    static readonly Dictionary<string, Func<RunSummary, IReadOnlyList<RunMetrics>, double?>> s_known = new()
    {
        ["validation loss"] = (summary, _) => summary.ValLoss,
        ["training loss"] = (summary, _) => summary.TrainLoss,
        ["test loss"] = (summary, _) => summary.TestLoss,
        ["initial loss"] = (summary, _) => summary.InitialLoss,
        ["last validation loss"] = (_, lines) => lines[^1].ValLoss,
        ["last training loss"] = (_, lines) => lines[^1].TrainLoss,
        ["best step"] = (summary, _) => summary.BestStep,
        ["seconds"] = (summary, _) => summary.SecondsTraining,
    };

    // What grows as a model gets worse.
    static readonly string[] s_lower = ["loss", "error", "mae", "mse", "rmse", "brier", "perplexity", "bits",
        "seconds", "step"];

    /// <summary>The loss on validation data of the best model.</summary>
    public static ExperimentMetric ValidationLoss { get; } = new("validation loss");

    /// <summary>Whether less of it is better.</summary>
    public bool LowerIsBetter => s_lower.Any(word => Name.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>Its value of a finished run.</summary>
    /// <exception cref="ArgumentException">Nothing of that name was measured.</exception>
    public double Of(RunSummary summary, IReadOnlyList<RunMetrics> history)
    {
        string plain = Plain(Name);
        if (s_known.FirstOrDefault(known => Plain(known.Key) == plain) is { Value: { } known })
            return known(summary, history) ?? double.NaN;
        var measured = Measured(summary, history);
        foreach (var (name, value) in measured) if (Plain(name) == plain) return value;
        string[] names = [.. s_known.Keys, .. measured.Select(one => one.Key).Distinct()];
        string near = Nearest.To(Name, names) is { } meant ? $"did you mean '{meant}'? There are " : "there are ";
        throw new ArgumentException($"experiment: metric '{Printable.Of(Name, 40)}': this is not measured: {near}"
            + string.Join(", ", names));
    }

    /// <summary>What the task measured beside the losses: of the finished model, else of the best evaluation.</summary>
    static List<KeyValuePair<string, double>> Measured(RunSummary summary, IReadOnlyList<RunMetrics> history) =>
        [.. summary.Metrics ?? new Dictionary<string, double>(),
            .. history.LastOrDefault(line => line.Step == summary.BestStep)?.Metrics
                ?? (IReadOnlyDictionary<string, double>)new Dictionary<string, double>()];

    static string Plain(string name) => Nearest.Plain(name).Replace(" ", "", StringComparison.Ordinal);
}
