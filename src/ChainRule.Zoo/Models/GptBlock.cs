using ChainRule.Layers;
using ChainRule.Randomness;

namespace ChainRule.Zoo.Models;

/// <summary>
/// x = x + attention(norm x), x = x + network(norm x): [B, T, width] → the same. The network is two layers, four times
/// as wide between them.
/// </summary>
public sealed class GptBlock : Module
{
    readonly GptActivation _activation;

    internal GptBlock(GptOptions options, RandomSource rng)
    {
        int width = options.Width;
        _activation = options.Activation;
        Norm1 = new(width, bias: options.Bias);
        Attention = new(width, options.Heads, rng,
            new() { Scale = options.Scale, Dropout = options.Dropout, QkvBias = options.QkvBias ?? options.Bias,
                OutputBias = options.Bias });
        Norm2 = new(width, bias: options.Bias);
        Up = new(width, 4 * width, rng, options.Bias);
        Down = new(4 * width, width, rng, options.Bias);
        if (options.Dropout != 0) Dropout = new(options.Dropout, rng);
    }

    public LayerNorm Norm1 { get; }

    public SelfAttention Attention { get; }

    public LayerNorm Norm2 { get; }

    public Linear Up { get; }

    public Linear Down { get; }

    public Dropout? Dropout { get; }

    /// <summary>
    /// Goes on from steps that were read before: see <see cref="SelfAttention.Forward(Tensor, KeyValueCache)"/>.
    /// </summary>
    internal Tensor Forward(Tensor x, KeyValueCache past) => Network(x + Attention.Forward(Norm1.Forward(x), past));

    /// <summary>As with one cache, of sequences of different lengths.</summary>
    internal Tensor Forward(Tensor x, IReadOnlyList<KeyValueCache> past) =>
        Network(x + Attention.Forward(Norm1.Forward(x), past));

    protected override Tensor Compute(Tensor x) => Network(x + Attention.Forward(Norm1.Forward(x)));

    Tensor Network(Tensor x)
    {
        var up = Up.Forward(Norm2.Forward(x));
        var y = Down.Forward(_activation switch
        {
            GptActivation.GeluTanh => up.GeluTanh(),
            GptActivation.Relu => up.Relu(),
            _ => up.Gelu(),
        });
        return x + (Dropout?.Forward(y) ?? y);
    }
}
