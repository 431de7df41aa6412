using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;

namespace ChainRule.Bench.Workloads;

/// <summary>
/// A GPT on characters: token and place embeddings, blocks of attention and a two-layer network, AdamW.
/// </summary>
sealed class GptTraining : Training
{
    readonly Gpt _net;
    readonly Ids _x, _y;

    public GptTraining(GptSize size)
    {
        var rng = new TorchRandom(Seed);
        _net = new(size.Layers, size.Heads, size.Width, size.Context, rng);
        (_x, _y) = (Ids.Random([size.Batch, size.Context], 0, GptSize.Vocabulary, rng),
            Ids.Random([size.Batch, size.Context], 0, GptSize.Vocabulary, rng));
        Optimizer = new AdamW(_net.Parameters(), learningRate: 1e-3);
        Flops = size.Flops;
    }

    /// <summary>How many numbers are trained.</summary>
    public long Parameters => _net.ParameterCount;

    public override double Flops { get; }

    protected override Optimizer Optimizer { get; }

    protected override Tensor Loss() => _net.Forward(_x).CrossEntropy(_y);

    sealed class Gpt(int layers, int heads, int width, int context, TorchRandom rng) : Module
    {
        Embedding Tokens { get; } = new(GptSize.Vocabulary, width, rng);
        Embedding Places { get; } = new(context, width, rng);
        Block[] Blocks { get; } = [.. Enumerable.Range(0, layers).Select(_ => new Block(width, heads, rng))];
        LayerNorm Norm { get; } = new(width);
        Linear Head { get; } = new(width, GptSize.Vocabulary, rng, bias: false);

        readonly Ids _order = Ids.From([.. Enumerable.Range(0, context)]);

        protected override Tensor Compute(Ids ids)
        {
            var x = Tokens.Forward(ids) + Places.Forward(_order); // (B, T, C)
            foreach (var block in Blocks) x = block.Forward(x);
            return Head.Forward(Norm.Forward(x));
        }
    }

    sealed class Block(int width, int heads, TorchRandom rng) : Module
    {
        LayerNorm Norm1 { get; } = new(width);
        SelfAttention Attention { get; } = new(width, heads, rng);
        LayerNorm Norm2 { get; } = new(width);
        Linear Up { get; } = new(width, 4 * width, rng);
        Linear Down { get; } = new(4 * width, width, rng);

        protected override Tensor Compute(Tensor x)
        {
            x += Attention.Forward(Norm1.Forward(x));
            return x + Down.Forward(Up.Forward(Norm2.Forward(x)).Gelu());
        }
    }
}
