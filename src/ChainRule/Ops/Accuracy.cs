namespace ChainRule;

public readonly partial struct Tensor
{
    /// <summary>
    /// The fraction of rows whose largest number stands at the target: of logits or probabilities [.., classes] and
    /// targets [..]. A target below 0 is ignored, as cross-entropy does; NaN where none is left.
    /// </summary>
    /// <exception cref="ArgumentException">There is not one target for each row.</exception>
    public double Accuracy(Ids targets)
    {
        Throw.IfNull(targets, "accuracy");
        if (Rank == 0 || targets.Count * Shape[^1] != Count)
            Throw.Argument($"accuracy: {Shape} numbers for {targets.Shape} targets: give numbers [.., classes] and one "
                + "target for each row of classes",
                nameof(targets));
        var guesses = ArgMax().Span;
        int right = 0, counted = 0;
        for (int i = 0; i < guesses.Length; i++)
        {
            if (targets.Span[i] < 0) continue;
            counted++;
            if (guesses[i] == targets.Span[i]) right++;
        }
        return (double)right / counted;
    }
}
