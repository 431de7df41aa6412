using ChainRule.Randomness;

namespace ChainRule.Data;

/// <summary>Windows of a long text, drawn anew each time. See
/// <see cref="Batches.Windows(Ids, int, int, RandomSource, bool)"/>.</summary>
sealed class WindowBatches(Ids text, int context, int batchSize, RandomSource rng, bool everyPosition)
    : Batches<Ids, Ids>
{
    readonly BatchPlace _place = new("window", text.Count - context, batchSize,
        (int)((text.Count - context - 1) / ((long)batchSize * context)) + 1);
    readonly int[] _starts = new int[batchSize];

    public override int PerEpoch => _place.PerEpoch;

    public override int Epoch => _place.Epoch;

    public override Batch<Ids, Ids> Next()
    {
        rng.Integers(_starts, 0, text.Count - context);
        _place.Advance();
        return Pick(text, context, _starts, everyPosition);
    }

    public override byte[] SaveState() => _place.Save(rng.GetState());

    public override void RestoreState(ReadOnlySpan<byte> state) => _place.Restore(state, rng);

    /// <summary>
    /// The windows that begin at the starts, and what follows their characters, or their last. The starts
    /// are written over.
    /// </summary>
    public static Batch<Ids, Ids> Pick(Ids text, int context, Span<int> starts, bool everyPosition)
    {
        var x = text.Windows(starts, context);
        int ahead = everyPosition ? 1 : context;
        foreach (ref int start in starts) start += ahead;
        return new(x, everyPosition ? text.Windows(starts, context) : text.Windows(starts, 1).Reshape([starts.Length]));
    }
}
