using System.Numerics;
using ChainRule.Errors;

namespace ChainRule.Randomness;

/// <summary>The stream of Python's <c>random</c> module after <c>random.seed(n)</c>, draw for draw.</summary>
/// <remarks>Not safe to share between threads.</remarks>
public sealed class PythonRandom : RandomSource
{
    readonly MersenneTwister _twister;
    double? _nextGauss;

    /// <summary>
    /// Seeds as CPython does for a whole number: init_by_array of the 32-bit words of |seed|, lowest first.
    /// </summary>
    public PythonRandom(long seed)
    {
        ulong size = seed < 0 ? 0UL - (ulong)seed : (ulong)seed;
        ReadOnlySpan<uint> words = [(uint)size, (uint)(size >> 32)];
        _twister = MersenneTwister.FromArray(size <= uint.MaxValue ? words[..1] : words);
    }

    internal override bool Restart(ulong seed)
    {
        SetState(new PythonRandom((long)(seed >> 1)).GetState());
        return true;
    }

    /// <summary>A double in [0, 1) with 53 random bits (random.random).</summary>
    public double Random() => _twister.NextDouble();

    /// <inheritdoc cref="Random"/>
    public override double NextDouble() => Random();

    /// <summary>a + (b − a)·u (random.uniform).</summary>
    /// <exception cref="ArgumentException">A limit is not finite.</exception>
    public double Uniform(double a, double b)
    {
        if (!double.IsFinite(a) || !double.IsFinite(b))
            throw new RefusedArgumentException($"uniform: {a} to {b} is not a finite range: give finite limits",
                nameof(a));
        return a + (b - a) * Random();
    }

    /// <summary>A whole number in [0, n): as many high bits as n has, drawn again until they fall below n.</summary>
    /// <exception cref="ArgumentException">n is below 1.</exception>
    public long RandBelow(long n)
    {
        if (n < 1)
            throw new RefusedRangeException($"randbelow: no number lies in [0, {n}): n must be at least 1", nameof(n));
        int bits = 64 - BitOperations.LeadingZeroCount((ulong)n);
        while (true)
        {
            long draw = Bits(bits);
            if (draw < n) return draw;
        }
    }

    /// <summary>A whole number in [a, b], both ends included (random.randint).</summary>
    /// <exception cref="ArgumentException">a lies above b.</exception>
    public int RandInt(int a, int b)
    {
        if (a > b)
            throw new RefusedArgumentException($"randint: [{a}, {b}] holds no number: a must not lie above b",
                nameof(a));
        return (int)(a + RandBelow((long)b - a + 1));
    }

    /// <summary>One of the items (random.choice).</summary>
    /// <exception cref="ArgumentException">There are no items.</exception>
    public T Choice<T>(ReadOnlySpan<T> items)
    {
        if (items.IsEmpty)
            throw new RefusedArgumentException("choice: there are no items to choose from: give at least one",
                nameof(items));
        return items[(int)RandBelow(items.Length)];
    }

    /// <summary>
    /// Puts the items in random order (random.shuffle): from the back, place i swaps with one of places 0 … i.
    /// </summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int other = (int)RandBelow(i + 1);
            (items[i], items[other]) = (items[other], items[i]);
        }
    }

    /// <summary>k different places of the population, in random order (random.sample).</summary>
    /// <remarks>
    /// As CPython does, it empties a pool where that is small, and otherwise draws places until one is new:
    /// their draws differ.
    /// </remarks>
    /// <exception cref="ArgumentException">k is negative or larger than the population.</exception>
    public T[] Sample<T>(ReadOnlySpan<T> population, int k)
    {
        int n = population.Length;
        if (k < 0 || k > n)
            throw new RefusedRangeException($"sample: {k} out of a population of {n}: k must lie within 0 and {n}",
                nameof(k));
        var result = new T[k];
        if (n <= PoolLimit(k))
        {
            var pool = population.ToArray();
            for (int i = 0; i < k; i++)
            {
                int place = (int)RandBelow(n - i);
                result[i] = pool[place];
                pool[place] = pool[n - i - 1];
            }
            return result;
        }
        var taken = new HashSet<int>(k);
        for (int i = 0; i < k; i++)
        {
            int place = (int)RandBelow(n);
            while (!taken.Add(place)) place = (int)RandBelow(n);
            result[i] = population[place];
        }
        return result;
    }

    /// <summary>
    /// A normal number (random.gauss): cos and sin of one angle give two, and the second is kept for the next call.
    /// </summary>
    /// <exception cref="ArgumentException">std is negative, or a number is not finite.</exception>
    public double Gauss(double mean = 0, double std = 1)
    {
        CheckNormal(mean, std);
        if (_nextGauss is { } kept)
        {
            _nextGauss = null;
            return mean + kept * std;
        }
        double angle = Random() * Math.Tau;
        double radius = Math.Sqrt(-2 * Math.Log(1 - Random()));
        _nextGauss = Math.Sin(angle) * radius;
        return mean + Math.Cos(angle) * radius * std;
    }

    /// <summary>Normal numbers (random.gauss), one after another.</summary>
    /// <exception cref="ArgumentException">std is negative, or a number is not finite.</exception>
    public override void Normal(Span<double> x, double mean = 0, double std = 1)
    {
        CheckNormal(mean, std);
        for (int i = 0; i < x.Length; i++) x[i] = Gauss(mean, std);
    }

    /// <summary>Whole numbers in [low, high) (random.randrange), one after another.</summary>
    /// <exception cref="ArgumentException">The range is empty, or reaches beyond 32-bit numbers.</exception>
    public override void Integers(Span<int> x, long low, long high)
    {
        CheckIntegers(low, high);
        for (int i = 0; i < x.Length; i++) x[i] = (int)(low + RandBelow(high - low));
    }

    /// <summary>0 … n−1 in random order (random.shuffle), where n is the length of x.</summary>
    public override void Permutation(Span<int> x)
    {
        for (int i = 0; i < x.Length; i++) x[i] = i;
        Shuffle(x);
    }

    /// <inheritdoc/>
    public override byte[] GetState() => Saved(_twister, _nextGauss);

    /// <inheritdoc/>
    public override void SetState(ReadOnlySpan<byte> state) =>
        _nextGauss = Restored(_twister, state, nameof(PythonRandom));

    // The size of a set of k, by CPython's own estimate: 21 words, and beyond five items the power
    // of four that holds 3k.
    static double PoolLimit(int k) => k > 5 ? 21 + Math.Pow(4, Math.Ceiling(Math.Log(k * 3.0) / Math.Log(4))) : 21;

    // Below 33 bits the top of one word; beyond, a low word first and the top of a second one above it.
    long Bits(int count) => count <= 32
        ? _twister.NextUInt32() >> (32 - count)
        : _twister.NextUInt32() | (long)(_twister.NextUInt32() >> (64 - count)) << 32;
}
