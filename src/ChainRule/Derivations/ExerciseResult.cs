namespace ChainRule.Derivations;

/// <summary>What a check of an exercise found.</summary>
/// <param name="Passed">Whether all is right.</param>
/// <param name="Report">A line for each hole; null if the text could not be read.</param>
/// <param name="Message">What is to be done, with the line and a caret under the character; empty if all is right.
/// </param>
public sealed record ExerciseResult(bool Passed, DerivationReport? Report, string Message)
{
    public override string ToString() => Passed ? "right" : Message;
}
