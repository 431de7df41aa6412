using System.Numerics;
using ChainRule.Errors;

namespace ChainRule.Randomness;

/// <summary>
/// MT19937, the 32-bit generator under Python's, NumPy's and torch's streams: 624 words of state,
/// made anew a block at a time.
/// <para>
/// s[i] ← s[i+397] ⊕ (y ≫ 1) ⊕ (y odd ? 0x9908b0df : 0), where y is the top bit of s[i] and the low 31 bits
/// of s[i+1], indices modulo 624; a word leaves tempered: y ⊕= y≫11; y ⊕= y≪7 &amp; 0x9d2c5680; y ⊕= y≪15
/// &amp; 0xefc60000; y ⊕= y≫18.
/// </para>
/// Source: Matsumoto and Nishimura, "Mersenne Twister" (1998), with the initialisation of 2002.
/// </summary>
public sealed class MersenneTwister
{
    /// <summary>The number of 32-bit words in the state.</summary>
    public const int StateLength = 624;

    const int Shift = 397;
    const uint Top = 0x8000_0000, Low = 0x7fff_ffff, Twister = 0x9908_b0df;

    readonly uint[] _state = new uint[StateLength];
    readonly uint[] _tempered = new uint[StateLength];
    int _position;

    /// <summary>Seeds with one word (init_genrand): s[j] = 1812433253·(s[j−1] ⊕ s[j−1] ≫ 30) + j.</summary>
    public MersenneTwister(uint seed) => Seed(seed);

    /// <summary>The state words as they stand, before tempering.</summary>
    public ReadOnlySpan<uint> State => _state;

    /// <summary>
    /// How many words of the current block have been handed out: 624 just after seeding, when the next draw
    /// makes a new block.
    /// </summary>
    public int Position => _position;

    /// <summary>Seeds with any number of words (init_by_array), as CPython does for whole numbers.</summary>
    /// <exception cref="ArgumentException">The key is empty.</exception>
    public static MersenneTwister FromArray(ReadOnlySpan<uint> key)
    {
        if (key.IsEmpty)
            throw new RefusedArgumentException("seed: the key has no words: give at least one", nameof(key));
        var twister = new MersenneTwister(19650218u);
        uint[] s = twister._state;
        int i = 1, j = 0;
        for (int k = Math.Max(StateLength, key.Length); k > 0; k--)
        {
            s[i] = (s[i] ^ ((s[i - 1] ^ (s[i - 1] >> 30)) * 1664525u)) + key[j] + (uint)j;
            if (++j == key.Length) j = 0;
            Step(s, ref i);
        }
        for (int k = StateLength - 1; k > 0; k--)
        {
            s[i] = (s[i] ^ ((s[i - 1] ^ (s[i - 1] >> 30)) * 1566083941u)) - (uint)i;
            Step(s, ref i);
        }
        s[0] = Top;
        return twister;

        static void Step(uint[] s, ref int i)
        {
            if (++i < StateLength) return;
            s[0] = s[StateLength - 1];
            i = 1;
        }
    }

    /// <summary>Starts the stream of <paramref name="seed"/> from its beginning.</summary>
    public void Seed(uint seed)
    {
        _state[0] = seed;
        for (int j = 1; j < StateLength; j++)
            _state[j] = 1812433253u * (_state[j - 1] ^ (_state[j - 1] >> 30)) + (uint)j;
        _position = StateLength;
    }

    /// <summary>The next 32 bits of the stream.</summary>
    public uint NextUInt32()
    {
        if (_position == StateLength) NextBlock();
        return _tempered[_position++];
    }

    /// <summary>The next 64 bits: the first draw is the high half.</summary>
    public ulong NextUInt64()
    {
        ulong high = NextUInt32();
        return high << 32 | NextUInt32();
    }

    /// <summary>
    /// A double in [0, 1) as Python and NumPy make it (genrand_res53): ((a ≫ 5)·2²⁶ + (b ≫ 6)) / 2⁵³.
    /// </summary>
    public double NextDouble()
    {
        uint high = NextUInt32() >> 5, low = NextUInt32() >> 6;
        return (high * 67108864.0 + low) * (1.0 / 9007199254740992.0);
    }

    /// <summary>A copy of the state and the position in it, for <see cref="Restore"/>.</summary>
    public (uint[] State, int Position) Save() => ((uint[])_state.Clone(), _position);

    /// <summary>Continues the stream from where <see cref="Save"/> was called.</summary>
    /// <exception cref="ArgumentException">The state is not 624 words, or the position is outside 0 to 624.</exception>
    public void Restore(ReadOnlySpan<uint> savedState, int savedPosition)
    {
        if (savedState.Length != StateLength)
            throw new RefusedArgumentException(
                $"restore: {savedState.Length} state words: a Mersenne twister has {StateLength}", nameof(savedState));
        if (savedPosition is < 0 or > StateLength)
            throw new RefusedRangeException(
                $"restore: position {savedPosition}: it must lie within 0 and {StateLength}", nameof(savedPosition));
        savedState.CopyTo(_state);
        _position = savedPosition;
        Temper();
    }

    // Word i needs the old words i and i+1 and word i+397, which is 227 back once it wraps: more than any vector is
    // wide, so whole vectors may be made at once, in place.
    void NextBlock()
    {
        const int wrap = StateLength - Shift;
        Twist(0, wrap, Shift);
        Twist(wrap, StateLength - 1, -wrap);
        _state[^1] = _state[Shift - 1] ^ Mix(_state[^1], _state[0]);
        Temper();
        _position = 0;
    }

    void Twist(int from, int to, int offset)
    {
        int i = from;
        for (; i <= to - Vector<uint>.Count; i += Vector<uint>.Count)
        {
            Vector<uint> next = new(_state, i + 1);
            var y = (new Vector<uint>(_state, i) & new Vector<uint>(Top)) | (next & new Vector<uint>(Low));
            var odd = (Vector<uint>.Zero - (next & Vector<uint>.One)) & new Vector<uint>(Twister);
            (new Vector<uint>(_state, i + offset) ^ (y >>> 1) ^ odd).CopyTo(_state, i);
        }
        for (; i < to; i++) _state[i] = _state[i + offset] ^ Mix(_state[i], _state[i + 1]);
    }

    static uint Mix(uint word, uint next) => (((word & Top) | (next & Low)) >> 1) ^ ((0u - (next & 1u)) & Twister);

    void Temper()
    {
        // 624 is a whole number of vectors of 4, 8 or 16 words
        for (int i = 0; i < StateLength; i += Vector<uint>.Count)
        {
            Vector<uint> y = new(_state, i);
            y ^= y >>> 11;
            y ^= (y << 7) & new Vector<uint>(0x9d2c_5680);
            y ^= (y << 15) & new Vector<uint>(0xefc6_0000);
            (y ^ (y >>> 18)).CopyTo(_tempered, i);
        }
    }
}
