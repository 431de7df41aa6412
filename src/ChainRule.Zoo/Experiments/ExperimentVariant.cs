using ChainRule.Zoo.Runs;

namespace ChainRule.Zoo.Experiments;

/// <summary>One of the settings that an experiment compares.</summary>
/// <param name="Name">What it is called: <c>base</c>, or what was changed, such as <c>learningRate=0.01</c>.</param>
/// <param name="Config">What its runs are started with, but for the seed.</param>
public sealed record ExperimentVariant(string Name, RunConfig Config);
