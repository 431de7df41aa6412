using ChainRule.Randomness;

namespace ChainRule.Zoo.Models;

/// <summary>
/// How the next character is drawn from logits: from softmax(logits / temperature) over those that top-k and then top-p
/// leave, by torch's multinomial.
/// </summary>
/// <remarks>Top-k: Fan, Lewis and Dauphin, 2018. Top-p, or nucleus: Holtzman and others, 2019.</remarks>
public sealed record Sampling
{
    /// <param name="temperature">The softmax temperature: below 1 sharper, above 1 flatter; 0 is greedy decoding, which
    /// needs no random number.</param>
    /// <param name="topK">Top-k: only the K most probable are sampled, and those as probable as the last of
    /// them; null means all.</param>
    /// <param name="topP">Nucleus sampling (top-p): only the smallest set is sampled whose probability is at least
    /// P; null means all.</param>
    /// <exception cref="ArgumentException">The temperature is negative or not finite, top-k is below 1, or top-p not
    /// above 0 and up to 1.</exception>
    public Sampling(double temperature = 1, int? topK = null, double? topP = null)
    {
        if (!double.IsFinite(temperature) || temperature < 0)
            throw new ArgumentException($"sample: temperature {temperature}: give 0 or more");
        if (topK < 1) throw new ArgumentException($"sample: top-k {topK}: give 1 or more");
        if (topP is not (null or (> 0 and <= 1)))
            throw new ArgumentException($"sample: top-p {topP}: give a probability in (0, 1]");
        (Temperature, TopK, TopP) = (temperature, topK, topP);
    }

    /// <summary>What logits are divided by.</summary>
    public double Temperature { get; }

    /// <summary>How many of the most probable may be sampled; null means all.</summary>
    public int? TopK { get; }

    /// <summary>The probability of the nucleus: the smallest set that may be sampled; null means all.</summary>
    public double? TopP { get; }

    /// <summary>Draws an id from its logits [vocabulary].</summary>
    public int Draw(Tensor logits, RandomSource rng)
    {
        if ((float)Temperature == 0)
        {
            int largest = logits.ArgMax()[0];
            if (double.IsNaN(logits[largest]))
                throw new InvalidOperationException($"sample: the logit of id {largest} is NaN: the model's weights "
                    + "hold NaN: train anew, or take another model");
            return largest;
        }
        using var quiet = NoGrad.Begin();
        return rng.Multinomial(Probabilities(logits).Read<float>());
    }

    /// <summary>With which probability each id is drawn, from logits [vocabulary], at a temperature above 0.</summary>
    public Tensor Probabilities(Tensor logits)
    {
        // Less their maximum, so that no temperature is too low: the quotient then goes to minus
        // infinity, which softmax knows.
        var x = (logits.To(DType.Float32) - logits.To(DType.Float32).Max()) / (float)Temperature;
        if (TopK is { } k && k < x.Count) x = Only(x, Falling(x)[k - 1]);
        if (TopP is not { } p) return x.Softmax();
        float[] probabilities = Falling(x.Softmax());
        int last = 0;
        for (double sum = probabilities[0]; sum < p && last < probabilities.Length - 1; sum += probabilities[last])
            last++;
        return Only(x, Falling(x)[last]).Softmax();
    }

    /// <summary>What is below the least becomes minus infinity: probability 0.</summary>
    static Tensor Only(Tensor x, float least) => x.MaskedFill(x.Less(Tensor.Scalar(least)), double.NegativeInfinity);

    static float[] Falling(Tensor x)
    {
        float[] sorted = x.ToArray<float>();
        sorted.AsSpan().Sort(static (a, b) => b.CompareTo(a));
        return sorted;
    }
}
