using ChainRule.Layers;
using ChainRule.Randomness;

namespace ChainRule.Zoo.Models;

/// <summary>The sizes of an <see cref="NgramMlp"/>.</summary>
/// <param name="Context">How many characters it looks back.</param>
/// <param name="Width">How many numbers stand for a character.</param>
/// <param name="Hidden">How many hidden units there are.</param>
public sealed record NgramMlpOptions(int Context = 6, int Width = 16, int Hidden = 200);

/// <summary>
/// The multi-layer perceptron of makemore: characters embedded and laid side by side, one hidden layer, batch norm, tanh, and logits.
/// <code>
/// ids (N, context) → (N, context · width) → (N, hidden) → batch norm → tanh → (N, vocabulary)
/// </code>
/// Hidden weights begin at N(0, 1) · (5/3) / √fan-in, so that tanh neither saturates nor fades; output weights begin a hundred times smaller, so that
/// the first loss is that of ignorance, ln(vocabulary). After Bengio and others, 2003, and makemore parts 2 and 3.
/// </summary>
public sealed class NgramMlp : LanguageModel
{
    readonly Embedding _embedding;
    readonly Linear _hidden;
    readonly BatchNorm _norm;
    readonly Linear _output;

    /// <exception cref="ArgumentException">A size is less than 1.</exception>
    public NgramMlp(NgramMlpOptions options, int vocabulary, TorchRandom rng)
    {
        if (options.Context < 1 || options.Width < 1 || options.Hidden < 1)
            throw new ArgumentException($"n-gram mlp: context {options.Context}, width {options.Width}, hidden {options.Hidden}: give 1 or more of each");
        Context = options.Context;
        _embedding = new(vocabulary, options.Width, rng);
        _hidden = new(options.Context * options.Width, options.Hidden, rng, bias: false);
        _norm = new(options.Hidden);
        _output = new(options.Hidden, vocabulary, rng);
        Init.KaimingNormal(_hidden.Weight, rng, Nonlinearity.Tanh);
        Init.Normal(_output.Weight, 0, 0.01, rng);
        Init.Zeros(_output.Bias!.Value);
    }

    /// <inheritdoc/>
    public override int Context { get; }

    protected override Tensor Compute(Ids ids)
    {
        var x = _embedding.Forward(ids).Reshape(ids.Shape[0], -1); // (N, context · width)
        return _output.Forward(_norm.Forward(_hidden.Forward(x)).Tanh());
    }
}
