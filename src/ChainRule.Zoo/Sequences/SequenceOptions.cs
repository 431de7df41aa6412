using System.ComponentModel;
using ChainRule.Zoo.Settings;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Sequences;

/// <summary>Which sequences are made.</summary>
/// <param name="Problem">What is to be done with them.</param>
/// <param name="Length">Steps of each; chirps have 29.</param>
/// <param name="Delay">Of a delayed copy: by how many steps.</param>
/// <param name="Count">How many sequences there are to train with; a quarter as many are made to validate, and to
/// test.</param>
public sealed record SequenceOptions(
    [Description("What is learned: copy (say the symbol of some steps ago), parity (is the number of ones so far odd), "
        + "or chirps (which kind of sound was it) [default: copy]")]
    SequenceProblem Problem = SequenceProblem.Copy,
    [Description("Steps of each sequence; chirps have 29 [default: 20]"), Limits(2, 1000)] int Length = 20,
    [Description("Of copy: how many steps ago [default: 5]"), Limits(1, 999)] int Delay = 5,
    [Description("Sequences to train with [default: 4000]"), Limits(8, 1_000_000)] int Count = 4000) : DataOptions
{
    /// <inheritdoc/>
    public override void Check(string asked)
    {
        base.Check(asked);
        if (Problem == SequenceProblem.Copy && Delay >= Length)
            throw new ArgumentException($"{asked}: delay {Delay} in length {Length}: give a delay below the length");
    }
}
