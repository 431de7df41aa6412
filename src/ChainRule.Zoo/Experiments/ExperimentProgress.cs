namespace ChainRule.Zoo.Experiments;

/// <summary>How far an experiment is: told when a run ends.</summary>
/// <param name="Run">The run that ended.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Finished">How many runs are finished.</param>
/// <param name="Runs">How many there are.</param>
/// <param name="Remaining">How long the others will take, if they take as long as those that this call made.</param>
public sealed record ExperimentProgress(ExperimentRun Run, ExperimentOutcome Outcome, int Finished, int Runs,
    TimeSpan Remaining);

/// <summary>How a run of an experiment ended.</summary>
/// <param name="Value">What the runs are compared by; NaN if the run diverged.</param>
/// <param name="Seconds">How long its training took.</param>
/// <param name="Steps">How many steps it made.</param>
/// <param name="Why">Why it diverged; null if it did not.</param>
public sealed record ExperimentOutcome(double Value, double Seconds, int Steps, string? Why = null);
