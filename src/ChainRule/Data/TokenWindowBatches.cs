using ChainRule.Randomness;

namespace ChainRule.Data;

/// <summary>Windows of token files, drawn anew each time. See <see cref="Batches.Windows(TokenFile, int, int,
/// RandomSource, bool)"/>.</summary>
sealed class TokenWindowBatches(TokenFile text, int context, int batchSize, RandomSource rng, bool everyPosition)
    : Batches<Ids, Ids>
{
    // Said as of a text in memory: a state of the one continues the other.
    readonly BatchPlace _place = new("window", text.Count - context, batchSize,
        Batches.EpochOf((text.Count - context - 1) / ((long)batchSize * context) + 1));
    readonly long[] _starts = new long[batchSize];

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

    /// <summary>The windows that begin at the starts, and what follows their tokens, or their last.</summary>
    public static Batch<Ids, Ids> Pick(TokenFile text, int context, ReadOnlySpan<long> starts, bool everyPosition)
    {
        int width = everyPosition ? context : 1;
        var x = Ids.Blank([starts.Length, context], out var inputs);
        var y = Ids.Blank(everyPosition ? [starts.Length, context] : [starts.Length], out var targets);
        int[] window = new int[context + 1];
        for (int i = 0; i < starts.Length; i++)
        {
            text.Read(starts[i], window);
            window.AsSpan(0, context).CopyTo(inputs[(i * context)..]);
            window.AsSpan(context + 1 - width).CopyTo(targets[(i * width)..]);
        }
        return new(x, y);
    }
}
