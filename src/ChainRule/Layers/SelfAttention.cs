using ChainRule.Randomness;

namespace ChainRule.Layers;

/// <summary>How a <see cref="SelfAttention"/> attends.</summary>
/// <param name="Causal">Whether a step sees only itself and the steps before it.</param>
/// <param name="Scale">What logits are multiplied by; 1/√(features / heads) for none.</param>
/// <param name="Dropout">How likely a weight, and in the end a number of the output, is dropped in training.</param>
/// <param name="QkvBias">Whether queries, keys and values have a bias.</param>
/// <param name="OutputBias">Whether the output has one.</param>
public sealed record SelfAttentionOptions(bool Causal = true, double? Scale = null, double Dropout = 0, bool QkvBias = true, bool OutputBias = true);

/// <summary>
/// Each step asks the others of its sequence, [batch, steps, features] → the same: queries, keys and values come from one product, every head weighs
/// values by softmax(scale · query · key), and the heads' results, side by side, go through a last product.
/// <code>
/// q, k, v = x W + b;  p = softmax(scale q kᵀ);  y = (p v) W′ + b′
/// </code>
/// Weights are drawn as those of two Linear layers, qkv first; masks are torch's, those of the weights before that of the output.
/// </summary>
/// <remarks>Vaswani and others, 2017.</remarks>
public sealed class SelfAttention : Module
{
    readonly int _heads;
    readonly SelfAttentionOptions _options;

    /// <param name="features">The size of the last axis, which the heads share evenly.</param>
    /// <param name="heads">How many heads there are.</param>
    /// <param name="rng">Where the first weights are drawn from, and the masks of dropout.</param>
    /// <param name="options">How it attends; causal, without dropout, for none.</param>
    public SelfAttention(int features, int heads, TorchRandom rng, SelfAttentionOptions? options = null)
    {
        (_heads, _options) = (heads, options ?? new());
        if (features < 1 || heads < 1 || features % heads != 0)
            Throw.Argument($"SelfAttention({features}, {heads}): the heads must share the features evenly: give 1 or more of either, and a multiple");
        Qkv = new(features, 3 * features, rng, _options.QkvBias);
        Output = new(features, features, rng, _options.OutputBias);
        if (_options.Dropout != 0) Dropout = new(_options.Dropout, rng);
    }

    /// <summary>To queries, keys and values, one after another.</summary>
    public Linear Qkv { get; }

    /// <summary>From the heads' results, side by side, to the output.</summary>
    public Linear Output { get; }

    /// <summary>What drops weights and outputs; null where nothing does.</summary>
    public Dropout? Dropout { get; }

    protected override Tensor Compute(Tensor x)
    {
        if (x.Rank != 3) Throw.Argument($"{Describe()}: the input is {x.Shape}: give [batch, steps, features]");
        var drop = Training ? Dropout : null;
        var qkv = Qkv.Forward(x);
        Tensor? mask = drop?.Forward(Tensor.Ones([x.Shape[0], _heads, x.Shape[1], x.Shape[1]], x.DType));
        var y = Output.Forward(qkv.Attention(_heads, _options.Causal, _options.Scale, mask));
        return drop?.Forward(y) ?? y;
    }

    protected internal override string Describe() => $"SelfAttention({Output.Weight.Shape[0]}, {_heads}{(_options.Causal ? "" : ", causal: false")})";
}
