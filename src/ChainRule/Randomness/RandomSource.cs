using System.Buffers.Binary;
using System.Numerics;
using ChainRule.Errors;

namespace ChainRule.Randomness;

/// <summary>
/// A source of random numbers, which layers, initialisations and batches draw from. Which numbers come, and in which
/// order, is its stream: <see cref="TorchRandom"/> is that of torch's CPU generator, <see cref="PythonRandom"/> that of
/// Python's <c>random</c>, <see cref="NumpyRandom"/> that of NumPy's legacy generator. One of your own says these few
/// draws.
/// </summary>
/// <remarks>Not safe to share between threads.</remarks>
public abstract class RandomSource
{
    /// <summary>The next double in [0, 1).</summary>
    public abstract double NextDouble();

    /// <summary>x = u·(high − low) + low.</summary>
    /// <exception cref="ArgumentException">The limits are not finite, or low lies above high.</exception>
    public virtual void Uniform(Span<double> x, double low = 0, double high = 1)
    {
        CheckLimits(low, high);
        for (int i = 0; i < x.Length; i++) x[i] = low + (high - low) * NextDouble();
    }

    /// <summary>x = u·(high − low) + low, rounded to float32.</summary>
    /// <exception cref="ArgumentException">The limits are not finite, or low lies above high.</exception>
    public virtual void Uniform(Span<float> x, double low = 0, double high = 1)
    {
        CheckLimits(low, high);
        for (int i = 0; i < x.Length; i++) x[i] = (float)(low + (high - low) * NextDouble());
    }

    /// <summary>Normal numbers of a mean and a standard deviation.</summary>
    /// <exception cref="ArgumentException">std is negative, or a number is not finite.</exception>
    public abstract void Normal(Span<double> x, double mean = 0, double std = 1);

    /// <summary>Normal numbers of a mean and a standard deviation, rounded to float32.</summary>
    /// <exception cref="ArgumentException">std is negative, or a number is not finite.</exception>
    public virtual void Normal(Span<float> x, double mean = 0, double std = 1)
    {
        Span<double> one = stackalloc double[1];
        for (int i = 0; i < x.Length; i++)
        {
            Normal(one, mean, std);
            x[i] = (float)one[0];
        }
    }

    /// <summary>1 with probability p, else 0: u &lt; p.</summary>
    /// <exception cref="ArgumentException">p lies outside 0 to 1.</exception>
    public virtual void Bernoulli(Span<double> x, double p)
    {
        CheckProbability(p);
        for (int i = 0; i < x.Length; i++) x[i] = NextDouble() < p ? 1 : 0;
    }

    /// <summary>1 with probability p, else 0: u &lt; p.</summary>
    /// <exception cref="ArgumentException">p lies outside 0 to 1.</exception>
    public virtual void Bernoulli(Span<float> x, double p)
    {
        CheckProbability(p);
        for (int i = 0; i < x.Length; i++) x[i] = NextDouble() < p ? 1 : 0;
    }

    /// <summary>Whole numbers in [low, high).</summary>
    /// <exception cref="ArgumentException">The range is empty.</exception>
    public abstract void Integers(Span<int> x, long low, long high);

    /// <summary>
    /// Whole numbers in [low, high), which may reach beyond 32 bits: a range within them draws what
    /// <see cref="Integers(Span{int}, long, long)"/> does, and another low + ⌊u · (high − low)⌋ with u of
    /// <see cref="NextDouble"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The range is empty, or of more than 2⁵³ numbers.</exception>
    public virtual void Integers(Span<long> x, long low, long high)
    {
        CheckRange(low, high);
        if (low >= int.MinValue && high - 1 <= int.MaxValue)
        {
            Span<int> one = stackalloc int[1];
            for (int i = 0; i < x.Length; i++)
            {
                Integers(one, low, high);
                x[i] = one[0];
            }
            return;
        }
        ulong range = (ulong)high - (ulong)low;
        if (range > 1UL << 53)
            throw new RefusedRangeException($"integers: [{low}, {high}) has more than 2⁵³ numbers: give a "
                + $"smaller range",
                nameof(high));
        for (int i = 0; i < x.Length; i++) x[i] = low + (long)(NextDouble() * range);
    }

    /// <summary>0 … n−1 in random order, where n is the length of x.</summary>
    public abstract void Permutation(Span<int> x);

    /// <summary>
    /// One category, drawn in proportion to its weight; the weights need not sum to 1. Here the first whose cumulative
    /// sum is above u · Σ weights.
    /// </summary>
    /// <exception cref="ArgumentException">A weight is negative or not finite, or none is above 0.</exception>
    public virtual int Multinomial(ReadOnlySpan<float> weights) => Category(weights);

    /// <inheritdoc cref="Multinomial(ReadOnlySpan{float})"/>
    public virtual int Multinomial(ReadOnlySpan<double> weights) => Category(weights);

    /// <summary>Everything that decides the coming draws.</summary>
    public abstract byte[] GetState();

    /// <summary>Continues where <see cref="GetState"/> was called.</summary>
    /// <exception cref="ArgumentException">The bytes are not a state of such a source.</exception>
    public abstract void SetState(ReadOnlySpan<byte> state);

    /// <summary>
    /// Starts another stream, without a trace of the one before, until a state is set; false where that is not known.
    /// </summary>
    internal virtual bool Restart(ulong seed) => false;

    int Category<T>(ReadOnlySpan<T> weights) where T : IBinaryFloatingPointIeee754<T>
    {
        CheckWeights(weights, 1);
        double sum = 0;
        foreach (var weight in weights) sum += double.CreateTruncating(weight);
        double left = NextDouble() * sum;
        int last = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            if (weights[i] == T.Zero) continue;
            left -= double.CreateTruncating(weights[i]);
            if (left < 0) return i;
            last = i; // rounding must not leave a gap above the last category
        }
        return last;
    }

    private protected static void CheckProbability(double p)
    {
        if (!(p >= 0 && p <= 1))
            throw new RefusedRangeException($"bernoulli: p is {p}: a probability lies within 0 and 1", nameof(p));
    }

    private protected static void CheckLimits(double low, double high)
    {
        if (!double.IsFinite(low) || !double.IsFinite(high))
            throw new RefusedArgumentException($"uniform: [{low}, {high}) is not a finite range: give finite limits",
                nameof(low));
        if (low > high)
            throw new RefusedArgumentException($"uniform: low {low} lies above high {high}: swap them", nameof(low));
    }

    private protected static void CheckNormal(double mean, double std)
    {
        if (!double.IsFinite(mean))
            throw new RefusedRangeException($"normal: mean is {mean}: give a finite number", nameof(mean));
        if (!(std >= 0 && double.IsFinite(std)))
            throw new RefusedRangeException($"normal: std is {std}: give a finite number, 0 or more", nameof(std));
    }

    private protected static void CheckWeights<T>(ReadOnlySpan<T> weights, int needed)
        where T : IBinaryFloatingPointIeee754<T>
    {
        if (weights.IsEmpty)
            throw new RefusedArgumentException("multinomial: there are no weights: give at least one", nameof(weights));
        int positive = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            if (!(weights[i] >= T.Zero && T.IsFinite(weights[i])))
                throw new RefusedArgumentException(
                    $"multinomial: weight {i} is {weights[i]}: weights are finite and not negative", nameof(weights));
            if (weights[i] > T.Zero) positive++;
        }
        if (positive == 0)
            throw new RefusedArgumentException("multinomial: the weights sum to 0: give at least one weight above 0",
                nameof(weights));
        if (positive < needed)
            throw new RefusedArgumentException(
                $"multinomial: {needed} samples without replacement from {positive} weights above 0: ask for fewer or "
                    + "draw with replacement",
                nameof(weights));
    }

    private protected static void CheckRange(long low, long high)
    {
        if (low >= high)
            throw new RefusedArgumentException($"integers: [{low}, {high}) holds no number: low must be below high",
                nameof(low));
    }

    private protected static void CheckIntegers(long low, long high)
    {
        CheckRange(low, high);
        if (low < int.MinValue || high - 1 > int.MaxValue)
            throw new RefusedRangeException(
                $"integers: [{low}, {high}) reaches beyond 32-bit numbers: fill a span of long", nameof(low));
    }

    /// <summary>
    /// The state of a twister and of the normal number kept back: four bytes a word, the position, and it.
    /// </summary>
    private protected static byte[] Saved(MersenneTwister twister, double? kept)
    {
        byte[] bytes = new byte[SavedBytes];
        for (int i = 0; i < MersenneTwister.StateLength; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4 * i), twister.State[i]);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(PositionAt), twister.Position);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(KeptAt), kept ?? double.NaN);
        return bytes;
    }

    /// <summary>Takes such a state back, and gives the normal number that was kept back.</summary>
    private protected static double? Restored(MersenneTwister twister, ReadOnlySpan<byte> state, string source)
    {
        if (state.Length != SavedBytes)
            throw new RefusedArgumentException($"random state: {state.Length} bytes: a state of {source} has "
                + $"{SavedBytes}: pass what its GetState returned", nameof(state));
        Span<uint> words = stackalloc uint[MersenneTwister.StateLength];
        for (int i = 0; i < words.Length; i++) words[i] = BinaryPrimitives.ReadUInt32LittleEndian(state[(4 * i)..]);
        int position = BinaryPrimitives.ReadInt32LittleEndian(state[PositionAt..]);
        if (position is < 0 or > MersenneTwister.StateLength)
            throw new RefusedArgumentException(
                $"random state: these bytes are none of {source}: pass what its GetState returned", nameof(state));
        twister.Restore(words, position);
        double kept = BinaryPrimitives.ReadDoubleLittleEndian(state[KeptAt..]);
        return double.IsNaN(kept) ? null : kept;
    }

    const int PositionAt = 4 * MersenneTwister.StateLength, KeptAt = PositionAt + 4, SavedBytes = KeptAt + 8;
}
