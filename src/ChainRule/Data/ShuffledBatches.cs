using ChainRule.Randomness;

namespace ChainRule.Data;

/// <summary>Every row once an epoch, in an order drawn anew. See <see cref="Batches.Shuffled"/>.</summary>
sealed class ShuffledBatches<TX, TY> : Batches<TX, TY> where TX : IRows<TX> where TY : IRows<TY>
{
    readonly IRowSource<TX, TY> _data;
    readonly RandomSource _rng;
    readonly BatchPlace _place;
    readonly int _size;
    readonly int[] _order;

    // An epoch's order is not saved but drawn again, from what the generator was when the epoch began.
    byte[] _epochStart = [];

    public ShuffledBatches(IRowSource<TX, TY> data, int batchSize, RandomSource rng, bool dropLast)
    {
        int perEpoch = data.Count / batchSize + (dropLast || data.Count % batchSize == 0 ? 0 : 1);
        (_data, _size, _rng, _order) = (data, batchSize, rng, new int[data.Count]);
        _place = new BatchPlace("shuffled", data.Count, batchSize, perEpoch);
    }

    public override int PerEpoch => _place.PerEpoch;

    public override int Epoch => _place.Epoch;

    internal override Dataset<TX, TY>? Source => _data as Dataset<TX, TY>;

    public override Batch<TX, TY> Next()
    {
        if (_place.InEpoch == 0) Shuffle();
        int from = _place.InEpoch * _size;
        _place.Advance();
        return _data.Read(_order.AsSpan(from, Math.Min(_size, _order.Length - from)));
    }

    public override byte[] SaveState() => _place.Save(_place.InEpoch == 0 ? _rng.GetState() : _epochStart);

    public override void RestoreState(ReadOnlySpan<byte> state)
    {
        _place.Restore(state, _rng);
        if (_place.InEpoch > 0) Shuffle();
    }

    void Shuffle()
    {
        _epochStart = _rng.GetState();
        _rng.Permutation(_order);
    }
}
