using ChainRule.Zoo.Runs;

namespace ChainRule.Zoo.Experiments;

/// <summary>A run of an experiment.</summary>
/// <param name="Variant">The place of its variant among those of the experiment;
/// <see cref="IsPretraining"/> of one that is made for others to begin with.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Config">What it is started with.</param>
/// <param name="Folder">Where it is kept, below the experiment's folder.</param>
public sealed record ExperimentRun(int Variant, ulong Seed, RunConfig Config, string Folder)
{
    /// <summary>What stands in the place of a variant where a run is made for others to begin with.</summary>
    public const int IsPretraining = -1;
}
