using System.Buffers.Binary;
using ChainRule.Randomness;

namespace ChainRule.Data;

/// <summary>
/// How far a stream of batches has come, and how that is written down: five 8-byte integers, then
/// the generator's state.
/// </summary>
sealed class BatchPlace(string kind, long rows, int batchSize, int perEpoch)
{
    const int GeneratorAt = 5 * sizeof(long);

    long _given;

    public int PerEpoch => perEpoch;

    public int Epoch => (int)(_given / perEpoch);

    /// <summary>Batches handed out since the epoch began.</summary>
    public int InEpoch => (int)(_given % perEpoch);

    public void Advance() => _given++;

    public byte[] Save(ReadOnlySpan<byte> generator)
    {
        byte[] state = new byte[GeneratorAt + generator.Length];
        ReadOnlySpan<long> numbers = [kind[0], rows, batchSize, perEpoch, _given];
        for (int i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(state.AsSpan(i * sizeof(long)), numbers[i]);
        generator.CopyTo(state.AsSpan(GeneratorAt));
        return state;
    }

    /// <summary>Whether two states are of streams of one kind, with as many rows, and as many in a batch.</summary>
    public static bool IsAlike(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        const int Settings = 4 * sizeof(long);
        return one.Length == other.Length && one.Length >= Settings && one[..Settings].SequenceEqual(other[..Settings]);
    }

    /// <summary>Takes the place and the generator back to what a state says, which is checked first.</summary>
    public void Restore(ReadOnlySpan<byte> state, RandomSource rng)
    {
        long given = Checked(state, rng.GetState().Length);
        rng.SetState(state[GeneratorAt..]);
        _given = given;
    }

    /// <summary>The same of a stream whose order is computed from a seed.</summary>
    /// <param name="state">What <see cref="Save"/> gave.</param>
    /// <param name="own">What the stream saves now: the seed's 8 bytes, and settings that must be the same.</param>
    /// <returns>The seed.</returns>
    public ulong Restore(ReadOnlySpan<byte> state, ReadOnlySpan<byte> own)
    {
        long given = Checked(state, own.Length);
        var saved = state[GeneratorAt..];
        if (!saved[sizeof(ulong)..].SequenceEqual(own[sizeof(ulong)..]))
            Throw.Argument($"restore batches: the state is of {kind} batches with other settings: make the stream as "
                + "the saved one was made", nameof(state));
        _given = given;
        return BinaryPrimitives.ReadUInt64LittleEndian(saved);
    }

    long Checked(ReadOnlySpan<byte> state, int generatorBytes)
    {
        int expected = GeneratorAt + generatorBytes;
        if (state.Length != expected)
            Throw.Argument($"restore batches: {state.Length} bytes are no state, which has {expected}: pass what "
                + "SaveState returned", nameof(state));
        Span<long> numbers = stackalloc long[5];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = BinaryPrimitives.ReadInt64LittleEndian(state[(i * sizeof(long))..]);
        if (numbers[0] != kind[0] || numbers[4] < 0)
            Throw.Argument($"restore batches: these bytes are no state of {kind} batches: pass what SaveState of such "
                + "a stream returned", nameof(state));
        if (numbers[1] != rows || numbers[2] != batchSize || numbers[3] != perEpoch)
        {
            Throw.Argument($"restore batches: the state is of {numbers[1]} rows, {numbers[2]} in a batch, {numbers[3]} "
                + $"batches in an epoch, and this stream of {rows}, {batchSize} and {perEpoch}: make the stream as the "
                + "saved one was made", nameof(state));
        }
        return numbers[4];
    }
}
