namespace ChainRule.Tests;

/// <summary>Tests that need the crew of threads for themselves: they run after the others, one after another.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
