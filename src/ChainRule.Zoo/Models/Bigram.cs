using ChainRule.Layers;
using ChainRule.Randomness;

namespace ChainRule.Zoo.Models;

/// <summary>
/// The smallest language model: the next character depends on the last one alone. One table of logits, row by row: ids (N, 1) → (N, vocabulary).
/// Trained to the end it is the table of log-counts. After makemore part 1.
/// </summary>
public sealed class Bigram : LanguageModel
{
    readonly Embedding _logits;

    public Bigram(int vocabulary, TorchRandom rng)
    {
        _logits = new(vocabulary, vocabulary, rng);
        Init.Zeros(_logits.Weight);
    }

    /// <inheritdoc/>
    public override int Context => 1;

    protected override Tensor Compute(Ids ids) => _logits.Forward(ids.Reshape([ids.Count]));
}
