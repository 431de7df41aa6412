using ChainRule.Layers;
using ChainRule.Randomness;

namespace ChainRule.Zoo.Models;

/// <summary>A bigram has no sizes but that of the vocabulary.</summary>
public sealed record BigramOptions : ModelOptions;

/// <summary>
/// The smallest language model: the next character depends on the last one alone. One table of logits, row by row:
/// ids (N, 1) → (N, vocabulary). Trained to the end it is the table of log-counts, which <see cref="Count"/> has at
/// once. After makemore part 1.
/// </summary>
public sealed class Bigram : LanguageModel
{
    readonly Embedding _logits;

    public Bigram(int vocabulary, RandomSource rng)
    {
        _logits = new(vocabulary, vocabulary, rng);
        Init.Zeros(_logits.Weight);
    }

    /// <inheritdoc/>
    public override int Context => 1;

    /// <inheritdoc/>
    public override bool PredictsEveryPosition => false;

    /// <inheritdoc/>
    public override DecodingState BeginDecoding(int? slide = null) => new WindowReader(this, 1, 0, Forward);

    /// <summary>
    /// Logits ln(N + smoothing), where N[a, b] counts how often b followed a: probabilities are fractions of the
    /// counts. Of all tables, unsmoothed, this one has the lowest loss on what was counted.
    /// </summary>
    /// <param name="first">The first of each pair.</param>
    /// <param name="second">What followed it: as many ids.</param>
    /// <param name="smoothing">What is added to every count, above 0: no pair is then impossible.</param>
    /// <exception cref="ArgumentException">There are not as many of the one as of the other, or the smoothing is
    /// not above 0.</exception>
    public void Count(Ids first, Ids second, double smoothing = 1)
    {
        if (first.Count != second.Count)
            throw new ArgumentException(
                $"count: {first.Count:N0} characters and {second.Count:N0} that follow them: give as many");
        if (!(smoothing > 0 && double.IsFinite(smoothing)))
            throw new ArgumentException($"count: smoothing {smoothing}: give a number above 0");
        int size = _logits.Weight.Shape[0];
        double[] counts = new double[size * size];
        Array.Fill(counts, smoothing);
        for (int i = 0; i < first.Count; i++) counts[first[i] * size + second[i]]++;
        using var quiet = NoGrad.Begin();
        _logits.Weight.CopyInPlace(Tensor.From(counts, [size, size]).Log().To(_logits.Weight.DType));
    }

    protected override Tensor Compute(Ids ids) => _logits.Forward(ids.Reshape([ids.Count]));
}
