using System.Buffers;
using System.Numerics;
using ChainRule.Errors;

namespace ChainRule.Randomness;

public sealed partial class TorchRandom
{
    /// <summary>One category, drawn in proportion to its weight by <see cref="MultinomialMethod.Race"/>.</summary>
    /// <exception cref="ArgumentException">A weight is negative or not finite, or none is above 0.</exception>
    public override int Multinomial(ReadOnlySpan<float> weights) => Multinomial(weights, MultinomialMethod.Race);

    /// <inheritdoc cref="Multinomial(ReadOnlySpan{float})"/>
    public override int Multinomial(ReadOnlySpan<double> weights) => Multinomial(weights, MultinomialMethod.Race);

    /// <summary>One category, drawn in proportion to its weight; the weights need not sum to 1.</summary>
    /// <exception cref="ArgumentException">A weight is negative or not finite, or none is above 0.</exception>
    public int Multinomial(ReadOnlySpan<float> weights, MultinomialMethod method)
    {
        int sample = 0;
        Multinomial<float>(weights, new Span<int>(ref sample), true, method);
        return sample;
    }

    /// <inheritdoc cref="Multinomial(ReadOnlySpan{float}, MultinomialMethod)"/>
    public int Multinomial(ReadOnlySpan<double> weights, MultinomialMethod method)
    {
        int sample = 0;
        Multinomial<double>(weights, new Span<int>(ref sample), true, method);
        return sample;
    }

    /// <summary>
    /// Categories drawn in proportion to their weights. Without a method it is the choice of torch 1: with replacement
    /// <see cref="MultinomialMethod.Cdf"/>, without it one <see cref="MultinomialMethod.Race"/> whose front-runners are
    /// the samples. (Later versions race for a single sample, with replacement or not.)
    /// </summary>
    /// <exception cref="ArgumentException">
    /// A weight is negative or not finite; too few are above 0 to draw that many without replacement; or the cdf is
    /// asked to draw without replacement.
    /// </exception>
    public void Multinomial(ReadOnlySpan<float> weights, Span<int> samples, bool replacement = false,
        MultinomialMethod? method = null) =>
        Multinomial<float>(weights, samples, replacement, method);

    /// <inheritdoc cref="Multinomial(ReadOnlySpan{float}, Span{int}, bool, MultinomialMethod?)"/>
    public void Multinomial(ReadOnlySpan<double> weights, Span<int> samples, bool replacement = false,
        MultinomialMethod? method = null) =>
        Multinomial<double>(weights, samples, replacement, method);

    void Multinomial<T>(ReadOnlySpan<T> weights, Span<int> samples, bool replacement, MultinomialMethod? method)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (method is { } given && !Enum.IsDefined(given))
            throw new RefusedRangeException($"multinomial: {(int)given} is no method: give one of MultinomialMethod",
                nameof(method));
        CheckWeights(weights, replacement ? 1 : samples.Length);
        if (samples.IsEmpty) return;
        var how = method ?? (replacement ? MultinomialMethod.Cdf : MultinomialMethod.Race);
        if (how == MultinomialMethod.Cdf && !replacement && samples.Length > 1)
            throw new RefusedArgumentException("multinomial: the cdf draws with replacement only: choose the race",
                nameof(method));

        var rented = ArrayPool<T>.Shared.Rent(weights.Length);
        var scratch = rented.AsSpan(0, weights.Length);
        if (how == MultinomialMethod.Cdf)
        {
            DrawByCdf(weights, samples, scratch);
        }
        else
        {
            int rounds = replacement ? samples.Length : 1, winners = samples.Length / rounds;
            for (int i = 0; i < rounds; i++)
            {
                if (how == MultinomialMethod.Race) RunRace(weights, scratch);
                else RunMklRace(weights, scratch);
                TakeLargest(scratch, samples.Slice(i * winners, winners));
            }
        }
        ArrayPool<T>.Shared.Return(rented);
    }

    void RunRace<T>(ReadOnlySpan<T> weights, Span<T> lead)
        where T : IBinaryFloatingPointIeee754<T>
    {
        // 1 − u is exact
        for (int i = 0; i < weights.Length; i++) lead[i] = Lead(weights[i], -Math.Log(1 - NextDouble()));
    }

    void RunMklRace<T>(ReadOnlySpan<T> weights, Span<T> lead)
        where T : IBinaryFloatingPointIeee754<T>
    {
        const ulong modulus = (1UL << 31) - 1, multiplier = 1132489760;
        ulong x = _twister.NextUInt32() % modulus;
        if (x == 0) x = 1; // 0 would stay 0 for ever
        for (int i = 0; i < weights.Length; i++)
        {
            lead[i] = Lead(weights[i], -Math.Log(x / (double)modulus));
            x = multiplier * x % modulus;
        }
    }

    // A category of weight 0 never wins, not even where q is 0 and the quotient would be no number.
    static T Lead<T>(T weight, double q)
        where T : IBinaryFloatingPointIeee754<T> => T.IsZero(weight) ? T.NegativeOne : weight / T.CreateTruncating(q);

    static void TakeLargest<T>(Span<T> lead, Span<int> winners)
        where T : IBinaryFloatingPointIeee754<T>
    {
        for (int w = 0; w < winners.Length; w++)
        {
            int best = 0;
            for (int i = 1; i < lead.Length; i++)
            {
                if (lead[i] > lead[best]) best = i;
            }
            winners[w] = best;
            lead[best] = -T.One;
        }
    }

    void DrawByCdf<T>(ReadOnlySpan<T> weights, Span<int> samples, Span<T> cdf)
        where T : IBinaryFloatingPointIeee754<T>
    {
        var sum = T.Zero;
        for (int i = 0; i < weights.Length; i++) cdf[i] = sum += weights[i];
        for (int i = 0; i < cdf.Length; i++) cdf[i] /= sum;
        cdf[^1] = T.One; // rounding must not leave a gap above the last category
        for (int s = 0; s < samples.Length; s++)
        {
            double u = NextDouble();
            int low = 0, high = cdf.Length;
            while (low < high)
            {
                int middle = low + (high - low) / 2;
                if (double.CreateTruncating(cdf[middle]) < u) low = middle + 1;
                else high = middle;
            }
            samples[s] = low;
        }
    }
}
