using ChainRule.Randomness;

namespace ChainRule.Data;

/// <summary>Rows drawn with replacement. See <see cref="Batches.Random"/>.</summary>
sealed class RandomBatches<TX, TY>(IRowSource<TX, TY> data, int batchSize, RandomSource rng) : Batches<TX, TY>
    where TX : IRows<TX> where TY : IRows<TY>
{
    readonly BatchPlace _place = new("random", data.Count, batchSize, (data.Count - 1) / batchSize + 1);
    readonly int[] _rows = new int[batchSize];

    public override int PerEpoch => _place.PerEpoch;

    public override int Epoch => _place.Epoch;

    internal override Dataset<TX, TY>? Source => data as Dataset<TX, TY>;

    public override Batch<TX, TY> Next()
    {
        rng.Integers(_rows, 0, data.Count);
        _place.Advance();
        return data.Read(_rows);
    }

    public override byte[] SaveState() => _place.Save(rng.GetState());

    public override void RestoreState(ReadOnlySpan<byte> state) => _place.Restore(state, rng);
}
