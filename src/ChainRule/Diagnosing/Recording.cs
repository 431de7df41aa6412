using ChainRule.Training;

namespace ChainRule.Diagnosing;

/// <summary>A training that was recorded while it ran: what a run's files hold.</summary>
public sealed record Recording
{
    /// <summary>The evaluations, oldest first.</summary>
    public required IReadOnlyList<HistoryPoint> History { get; init; }

    /// <summary>Sizes of parameters, gradients and updates at some steps; empty if they were not measured.</summary>
    public IReadOnlyList<LayerSizes> Layers { get; init; } = [];

    /// <summary>How many classes a cross-entropy distinguishes; 0 if the loss is another.</summary>
    public int Classes { get; init; }

    /// <summary>How many evaluations and measurements there are.</summary>
    public override string ToString() => $"a recorded training: {Counted(History.Count, "evaluation")}, "
        + $"{Counted(Layers.Count, "measurement")} of its layers";

    static string Counted(int n, string what) => $"{n} {what}{(n == 1 ? "" : "s")}";

    internal Evidence Evidence()
    {
        double first = History.Count > 0 && History[0] is { Step: 0, Validated: true } start ? start.ValidationLoss
            : double.NaN;
        return new()
        {
            History = History, Recorded = Layers,
            LargestRate = History.Select(p => p.LearningRate).DefaultIfEmpty(double.NaN).Max(),
            // A learning rate that differs at every evaluation follows a schedule.
            Ended = History.Select(p => p.LearningRate).Distinct().Count() > 3
                && Curve.HasEnded(History, History[^1].LearningRate),
            Loss = Classes > 1 && double.IsFinite(first) ? new(first, "cross entropy", Classes) : null,
        };
    }
}

/// <summary>How large the numbers of each parameter are at one step, by name.</summary>
/// <param name="Step">How many steps had been made.</param>
/// <param name="Weights">The root mean square of each parameter.</param>
/// <param name="Gradients">That of its gradient.</param>
/// <param name="Updates">That of the step's update, divided by that of the parameter.</param>
public sealed record LayerSizes(int Step, IReadOnlyDictionary<string, double> Weights,
    IReadOnlyDictionary<string, double> Gradients, IReadOnlyDictionary<string, double> Updates);
