namespace ChainRule.Training;

/// <summary>Where training stands, for whoever shows it.</summary>
/// <remarks>
/// Learning takes six steps: 1 initialise the parameters at random, 2 forward pass, 3 compute the loss, 4 backward
/// pass, 5 update the parameters, 6 repeat. The first is done when the model is made; <see cref="Trainer{TX, TY}.Fit"/>
/// does the other five, and <paramref name="Step"/> counts how often.
/// </remarks>
/// <param name="Step">How many steps have been made.</param>
/// <param name="Steps">How many there will be.</param>
/// <param name="Loss">The mean loss of the last steps.</param>
/// <param name="ValidationLoss">The last validation loss measured; NaN before the first.</param>
/// <param name="LearningRate">The learning rate.</param>
/// <param name="StepsPerSecond">Steps a second since this run began, evaluations not counted.</param>
/// <param name="Remaining">How long the rest will take at that speed.</param>
public sealed record TrainingProgress(int Step, int Steps, double Loss, double ValidationLoss, double LearningRate,
    double StepsPerSecond, TimeSpan Remaining)
{
    /// <summary>The metrics that were measured last, by name; empty where there are none.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = HistoryPoint.NoMetrics;
}

/// <summary>Why <see cref="Trainer{TX, TY}.Fit"/> came back.</summary>
public enum TrainingEnd
{
    /// <summary>All steps were made, and the last validation loss, where one was asked for, is a number.</summary>
    Completed,

    /// <summary>Early stopping said that more would not help.</summary>
    StoppedEarly,

    /// <summary>It was cancelled; everything is saved for going on.</summary>
    Cancelled,

    /// <summary>A callback called <see cref="Trainer{TX, TY}.Stop"/>; everything is saved for going on.</summary>
    Stopped,

    /// <summary>
    /// All steps were made, and the last validation loss is NaN: how good the model is, is not known.
    /// </summary>
    NotValidated,
}
