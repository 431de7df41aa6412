using System.Buffers.Binary;
using ChainRule.Errors;

namespace ChainRule.Randomness;

/// <remarks>
/// The state travels both ways between here and <c>torch.get_rng_state()</c> / <c>set_rng_state</c>. Its
/// 5056 bytes, little-endian:
/// <list type="table">
/// <item><term>0</term><description>initial seed, 8 bytes</description></item>
/// <item><term>8</term><description>words left in the block plus 1, 4 bytes; then 1 for "seeded", 4
/// bytes</description></item>
/// <item><term>16</term><description>the next word's index, 8 bytes</description></item>
/// <item><term>24</term><description>624 state words, 8 bytes each</description></item>
/// <item><term>5016</term><description>three doubles, of which the second is the normal number kept
/// back</description></item>
/// <item><term>5040</term><description>1 if there is such a number, padded to 8 bytes</description></item>
/// <item><term>5048</term><description>a kept float32 normal, which the CPU never makes: zeros</description></item>
/// </list>
/// </remarks>
public sealed partial class TorchRandom
{
    /// <summary>The length of a state, in bytes.</summary>
    public const int StateBytes = 5056;

    const int LeftAt = 8, SeededAt = 12, NextAt = 16, WordsAt = 24, KeptAt = 5024, HasKeptAt = 5040;

    /// <summary>Everything that decides the coming draws, in torch's own layout.</summary>
    public override byte[] GetState()
    {
        byte[] bytes = new byte[StateBytes];
        int position = _twister.Position;
        // torch writes index 0 until the first draw; from then on a block that is used up has index 624
        bool undrawn = position == MersenneTwister.StateLength && _twister.State[0] == (uint)InitialSeed;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, InitialSeed);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(LeftAt), MersenneTwister.StateLength + 1 - position);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(SeededAt), 1);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(NextAt), undrawn ? 0 : position);
        for (int i = 0; i < MersenneTwister.StateLength; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(WordsAt + 8 * i), _twister.State[i]);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(KeptAt), _nextNormal ?? 0);
        bytes[HasKeptAt] = _nextNormal is null ? (byte)0 : (byte)1;
        return bytes;
    }

    /// <summary>Continues where <see cref="GetState"/>, or torch's <c>get_rng_state</c>, was called.</summary>
    /// <exception cref="ArgumentException">The bytes are not a state of torch's CPU generator.</exception>
    public override void SetState(ReadOnlySpan<byte> state)
    {
        if (state.Length != StateBytes)
            throw new RefusedArgumentException($"random state: {state.Length} bytes: a state of torch's CPU generator "
                + $"has {StateBytes}", nameof(state));
        int left = BinaryPrimitives.ReadInt32LittleEndian(state[LeftAt..]);
        if (BinaryPrimitives.ReadInt32LittleEndian(state[SeededAt..]) != 1
            || left is < 1 or > MersenneTwister.StateLength)
            throw new RefusedArgumentException("random state: these bytes are none of torch's CPU generator: pass what "
                + "GetState returned", nameof(state));

        Span<uint> words = stackalloc uint[MersenneTwister.StateLength];
        for (int i = 0; i < words.Length; i++)
            words[i] = (uint)BinaryPrimitives.ReadUInt64LittleEndian(state[(WordsAt + 8 * i)..]);
        _twister.Restore(words, MersenneTwister.StateLength + 1 - left);
        InitialSeed = BinaryPrimitives.ReadUInt64LittleEndian(state);
        _nextNormal = state[HasKeptAt] == 0 ? null : BinaryPrimitives.ReadDoubleLittleEndian(state[KeptAt..]);
    }
}
