using System.ComponentModel;
using ChainRule.Zoo.Settings;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Sequences;

/// <summary>Which sequences are made.</summary>
/// <param name="Problem">What is to be done with them.</param>
/// <param name="Length">Steps of each; if null, 20, and 50 of adding; chirps have 29.</param>
/// <param name="Delay">Of a delayed copy: by how many steps.</param>
/// <param name="Count">How many sequences there are to train with; a quarter as many are made to validate, and to
/// test.</param>
public sealed record SequenceOptions(
    [Description("What is learned: copy (say the symbol of some steps ago), parity (is the number of ones so far odd), "
        + "chirps (which kind of sound was it), or adding (the sum of the two numbers that are marked) "
        + "[default: copy]")]
    SequenceProblem Problem = SequenceProblem.Copy,
    [Description("Steps of each sequence; chirps have 29 [default: 20; of adding 50]"), Limits(2, 1000)]
    int? Length = null,
    [Description("Of copy: how many steps ago [default: 5]"), Limits(1, 999)] int Delay = 5,
    [Description("Sequences to train with [default: 4000]"), Limits(8, 1_000_000)] int Count = 4000) : DataOptions
{
    const int UsualLength = 20, UsualLengthOfAdding = 50;

    /// <summary>The steps of each sequence; of chirps, which have their own number, it means nothing.</summary>
    internal int Steps => Length ?? (Problem == SequenceProblem.Adding ? UsualLengthOfAdding : UsualLength);

    /// <inheritdoc/>
    public override void Check(string asked)
    {
        base.Check(asked);
        if (Problem != SequenceProblem.Copy && Delay != new SequenceOptions().Delay)
            throw new ArgumentException($"{asked}: delay {Delay}: {Setting.Text(Problem)} has none: leave it out, or "
                + $"give "
                + "--problem copy");
        if (Problem == SequenceProblem.Chirps && Length is { } length && length != SyntheticSequences.ChirpSteps)
            throw new ArgumentException($"{asked}: length {length}: chirps have {SyntheticSequences.ChirpSteps} steps: "
                + "leave it out");
        if (Problem == SequenceProblem.Copy && Delay >= Steps)
            throw new ArgumentException($"{asked}: delay {Delay} in length {Steps}: give a delay below the length");
    }
}
