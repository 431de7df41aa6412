using System.Numerics;
using ChainRule.Errors;

namespace ChainRule.Randomness;

/// <summary>
/// The streams of torch's CPU generator, draw for draw: what <c>rand</c>, <c>randn</c>, <c>randint</c>,
/// <c>randperm</c>, <c>bernoulli_</c> and <c>multinomial</c> hand out after <c>torch.manual_seed(s)</c>. One draw is 32
/// bits of a <see cref="MersenneTwister"/>; a double takes two.
/// </summary>
/// <remarks>
/// Equal to the bit to what torch 1.13 gives on a processor with AVX2; without it, torch itself rounds some numbers
/// differently. Not safe to share between threads.
/// </remarks>
public sealed partial class TorchRandom : RandomSource
{
    const double UnitDouble = 1.0 / (1L << 53);
    const ulong DoubleMask = (1UL << 53) - 1;
    const float UnitFloat = 1f / (1 << 24);
    const uint FloatMask = (1u << 24) - 1;

    readonly MersenneTwister _twister;
    double? _nextNormal;

    /// <summary>
    /// Starts the stream of <paramref name="seed"/>; only its low 32 bits reach the generator, as in torch.
    /// </summary>
    public TorchRandom(ulong seed)
    {
        _twister = new MersenneTwister((uint)seed);
        InitialSeed = seed;
    }

    /// <summary>The seed this stream was last started with.</summary>
    public ulong InitialSeed { get; private set; }

    /// <summary>
    /// Starts the stream of <paramref name="seed"/> from its beginning and forgets the normal number kept back.
    /// </summary>
    public void ManualSeed(ulong seed)
    {
        _twister.Seed((uint)seed);
        InitialSeed = seed;
        _nextNormal = null;
    }

    internal override bool Restart(ulong seed)
    {
        _twister.Seed((uint)seed);
        _nextNormal = null;
        return true;
    }

    /// <summary>The next 32 bits.</summary>
    public uint NextUInt32() => _twister.NextUInt32();

    /// <summary>The next 64 bits: two draws, the first one high.</summary>
    public ulong NextUInt64() => _twister.NextUInt64();

    /// <summary>The next double in [0, 1): the low 53 of 64 bits.</summary>
    public override double NextDouble() => (_twister.NextUInt64() & DoubleMask) * UnitDouble;

    /// <summary>x = u·(high − low) + low, rounded once; u has 24 random bits (rand, uniform_).</summary>
    /// <exception cref="ArgumentException">The limits are not finite, or low lies above high.</exception>
    public override void Uniform(Span<float> x, double low = 0, double high = 1)
    {
        CheckLimits(low, high);
        float start = (float)low, width = (float)high - start;
        for (int i = 0; i < x.Length; i++)
            x[i] = MathF.FusedMultiplyAdd((_twister.NextUInt32() & FloatMask) * UnitFloat, width, start);
    }

    /// <summary>x = u·(high − low) + low, rounded once; u has 53 random bits (rand, uniform_).</summary>
    /// <exception cref="ArgumentException">The limits are not finite, or low lies above high.</exception>
    public override void Uniform(Span<double> x, double low = 0, double high = 1)
    {
        CheckLimits(low, high);
        double width = high - low;
        for (int i = 0; i < x.Length; i++) x[i] = Math.FusedMultiplyAdd(NextDouble(), width, low);
    }

    /// <summary>
    /// Whole numbers in [low, high): draw mod (high − low) + low (randint); a range of 2³² and more takes
    /// 64 bits a number.
    /// </summary>
    /// <exception cref="ArgumentException">The range is empty, or reaches beyond 32-bit numbers.</exception>
    public override void Integers(Span<int> x, long low, long high)
    {
        CheckIntegers(low, high);
        for (int i = 0; i < x.Length; i++) x[i] = (int)NextInteger(low, high);
    }

    /// <summary>
    /// Whole numbers in [low, high): draw mod (high − low) + low (randint); a range of 2³² and more takes
    /// 64 bits a number.
    /// </summary>
    /// <exception cref="ArgumentException">The range is empty.</exception>
    public override void Integers(Span<long> x, long low, long high)
    {
        CheckRange(low, high);
        for (int i = 0; i < x.Length; i++) x[i] = NextInteger(low, high);
    }

    /// <summary>
    /// 0 … n−1 in random order (randperm): from the front, place i swaps with place i + draw mod (n − i).
    /// </summary>
    public override void Permutation(Span<int> x)
    {
        for (int i = 0; i < x.Length; i++) x[i] = i;
        for (int i = 0; i < x.Length - 1; i++)
        {
            int other = i + (int)(_twister.NextUInt32() % (uint)(x.Length - i));
            (x[i], x[other]) = (x[other], x[i]);
        }
    }

    /// <summary>1 with probability p, else 0 (bernoulli_(p), and so dropout's mask): u &lt; p for a double u.</summary>
    /// <exception cref="ArgumentException">p lies outside 0 to 1.</exception>
    public override void Bernoulli(Span<float> x, double p) => Bernoulli<float>(x, p);

    /// <summary>1 with probability p, else 0 (bernoulli_(p), and so dropout's mask): u &lt; p for a double u.</summary>
    /// <exception cref="ArgumentException">p lies outside 0 to 1.</exception>
    public override void Bernoulli(Span<double> x, double p) => Bernoulli<double>(x, p);

    void Bernoulli<T>(Span<T> x, double p)
        where T : INumberBase<T>
    {
        CheckProbability(p);
        // u < p exactly where its 53 bits lie below p·2⁵³; the sign bit of the difference says so
        // without a branch to mispredict
        ulong limit = (ulong)Math.Ceiling(p * (1L << 53));
        for (int i = 0; i < x.Length; i++)
            x[i] = T.CreateTruncating((int)(((_twister.NextUInt64() & DoubleMask) - limit) >> 63));
    }

    long NextInteger(long low, long high)
    {
        ulong range = (ulong)high - (ulong)low;
        ulong draw = range <= uint.MaxValue ? _twister.NextUInt32() % (uint)range : _twister.NextUInt64() % range;
        return (long)(draw + (ulong)low);
    }
}
