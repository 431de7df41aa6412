namespace ChainRule.Derivations;

/// <summary>What explains a wrong step, found by trying: with the mistake taken back, the gradient is right.</summary>
/// <param name="Mistake">Which mistake it is.</param>
/// <param name="Sentence">What is wrong, in words.</param>
/// <param name="Corrected">Of a step that was given as a formula: the lines as they should be; else null.</param>
public sealed record NamedMistake(Mistake Mistake, string Sentence, string? Corrected = null)
{
    public override string ToString() => Corrected is null ? Sentence : $"{Sentence}\n  try: {Corrected}";
}
