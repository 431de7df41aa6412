using System.Buffers.Binary;
using ChainRule.Randomness;

namespace ChainRule.Data;

/// <summary>Every window of token files once an epoch. See <see cref="Batches.ShuffledWindows"/>.</summary>
sealed class ShuffledWindowBatches : Batches<Ids, Ids>
{
    readonly TokenFile _text;
    readonly BatchPlace _place;
    readonly long _windows;
    readonly int _context, _stride, _size;
    readonly bool _everyPosition;
    ulong _seed;
    int _epoch;
    RandomPermutation _order;

    public ShuffledWindowBatches(TokenFile text, int context, int stride, int batchSize, ulong seed, bool everyPosition)
    {
        (_text, _context, _stride, _size, _everyPosition) = (text, context, stride, batchSize, everyPosition);
        _windows = (text.Count - context - 1) / stride + 1;
        _place = new("permuted window", _windows, batchSize, Batches.EpochOf((_windows - 1) / batchSize + 1));
        (_seed, _order) = (seed, OrderOf(seed, 0));
    }

    public override int PerEpoch => _place.PerEpoch;

    public override int Epoch => _place.Epoch;

    public override Batch<Ids, Ids> Next()
    {
        if (_place.Epoch != _epoch) (_epoch, _order) = (_place.Epoch, OrderOf(_seed, _place.Epoch));
        long from = (long)_place.InEpoch * _size;
        long[] starts = new long[(int)Math.Min(_size, _windows - from)];
        for (int i = 0; i < starts.Length; i++) starts[i] = _order[from + i] * _stride;
        var batch = TokenWindowBatches.Pick(_text, _context, starts, _everyPosition);
        _place.Advance();
        return batch;
    }

    public override byte[] SaveState() => _place.Save(Settings());

    public override void RestoreState(ReadOnlySpan<byte> state)
    {
        _seed = _place.Restore(state, Settings());
        (_epoch, _order) = (_place.Epoch, OrderOf(_seed, _place.Epoch));
    }

    byte[] Settings()
    {
        byte[] settings = new byte[sizeof(ulong) + 3 * sizeof(int)];
        BinaryPrimitives.WriteUInt64LittleEndian(settings, _seed);
        ReadOnlySpan<int> numbers = [_context, _stride, _everyPosition ? 1 : 0];
        for (int i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(settings.AsSpan(sizeof(ulong) + i * sizeof(int)), numbers[i]);
        return settings;
    }

    RandomPermutation OrderOf(ulong seed, int epoch) =>
        new(_windows, unchecked(seed * 0x9e3779b97f4a7c15 + (ulong)epoch));
}
