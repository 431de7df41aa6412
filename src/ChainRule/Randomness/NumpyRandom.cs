using System.Numerics;
using ChainRule.Errors;

namespace ChainRule.Randomness;

/// <summary>The stream of NumPy's legacy generator after <c>np.random.seed(n)</c>, draw for draw.</summary>
/// <remarks>Not safe to share between threads.</remarks>
public sealed class NumpyRandom(uint seed) : RandomSource
{
    readonly MersenneTwister _twister = new(seed);
    double? _nextNormal;

    internal override bool Restart(ulong seed)
    {
        SetState(new NumpyRandom((uint)seed).GetState());
        return true;
    }

    /// <summary>A double in [0, 1) with 53 random bits (np.random.rand).</summary>
    public override double NextDouble() => _twister.NextDouble();

    /// <summary>Doubles in [0, 1) (np.random.rand).</summary>
    public void Rand(Span<double> x)
    {
        for (int i = 0; i < x.Length; i++) x[i] = NextDouble();
    }

    /// <summary>x = low + (high − low)·u (np.random.uniform).</summary>
    /// <exception cref="ArgumentException">A limit is not finite, or low lies above high.</exception>
    public override void Uniform(Span<double> x, double low = 0, double high = 1)
    {
        CheckLimits(low, high);
        for (int i = 0; i < x.Length; i++) x[i] = low + (high - low) * NextDouble();
    }

    /// <summary>
    /// A normal number (np.random.normal) by Marsaglia's polar method: (a, b) uniform in the unit disc, f = √(−2 ln
    /// r² / r²); f·b comes first, and f·a is kept for the next call.
    /// </summary>
    /// <exception cref="ArgumentException">std is negative, or a number is not finite.</exception>
    public double Normal(double mean = 0, double std = 1)
    {
        CheckNormal(mean, std);
        return mean + std * NextNormal();
    }

    /// <summary>Normal numbers (np.random.randn, np.random.normal).</summary>
    /// <exception cref="ArgumentException">std is negative, or a number is not finite.</exception>
    public override void Normal(Span<double> x, double mean = 0, double std = 1)
    {
        for (int i = 0; i < x.Length; i++) x[i] = Normal(mean, std);
    }

    /// <summary>
    /// A whole number in [low, high) (np.random.randint): bits under a mask, drawn again until they
    /// fall into the range.
    /// </summary>
    /// <exception cref="ArgumentException">The range is empty.</exception>
    public int RandInt(int low, int high)
    {
        if (low >= high)
            throw new RefusedArgumentException($"randint: [{low}, {high}) holds no number: low must be below high",
                nameof(low));
        return (int)(low + UpTo((uint)((long)high - low - 1)));
    }

    /// <summary>
    /// Puts the items in random order (np.random.shuffle): from the back, place i swaps with one of places 0 … i.
    /// </summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int other = (int)UpTo((uint)i);
            (items[i], items[other]) = (items[other], items[i]);
        }
    }

    /// <summary>Whole numbers in [low, high) (np.random.randint), one after another.</summary>
    /// <exception cref="ArgumentException">The range is empty, or reaches beyond 32-bit numbers.</exception>
    public override void Integers(Span<int> x, long low, long high)
    {
        CheckIntegers(low, high);
        for (int i = 0; i < x.Length; i++) x[i] = (int)(low + UpTo((uint)(high - low - 1)));
    }

    /// <summary>0 … n−1 in random order (np.random.permutation), where n is the length of x.</summary>
    public override void Permutation(Span<int> x)
    {
        for (int i = 0; i < x.Length; i++) x[i] = i;
        Shuffle(x);
    }

    /// <inheritdoc/>
    public override byte[] GetState() => Saved(_twister, _nextNormal);

    /// <inheritdoc/>
    public override void SetState(ReadOnlySpan<byte> state) =>
        _nextNormal = Restored(_twister, state, nameof(NumpyRandom));

    /// <summary>0 … n−1 in random order (np.random.permutation).</summary>
    public int[] Permutation(int n)
    {
        if (n > Array.MaxLength)
            throw new RefusedRangeException($"permutation: of {n} numbers: an array holds at most {Array.MaxLength}",
                nameof(n));
        if (n < 0) throw new RefusedRangeException($"permutation: of {n} numbers: n must be 0 or more", nameof(n));
        int[] order = new int[n];
        for (int i = 0; i < n; i++) order[i] = i;
        Shuffle<int>(order);
        return order;
    }

    long UpTo(uint most)
    {
        if (most == 0) return 0; // no draw: there is nothing to choose
        uint mask = uint.MaxValue >> BitOperations.LeadingZeroCount(most);
        while (true)
        {
            uint draw = _twister.NextUInt32() & mask;
            if (draw <= most) return draw;
        }
    }

    double NextNormal()
    {
        if (_nextNormal is { } kept)
        {
            _nextNormal = null;
            return kept;
        }
        double a, b, square;
        do
        {
            a = 2 * NextDouble() - 1;
            b = 2 * NextDouble() - 1;
            square = a * a + b * b;
        }
        while (square >= 1 || square == 0);
        double f = Math.Sqrt(-2 * Math.Log(square) / square);
        _nextNormal = f * a;
        return f * b;
    }
}
