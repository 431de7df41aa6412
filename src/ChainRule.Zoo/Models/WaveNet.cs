using System.Numerics;
using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Zoo.Settings;

namespace ChainRule.Zoo.Models;

/// <summary>The sizes of a <see cref="WaveNet"/>.</summary>
/// <param name="Context">How many characters it looks back: a power of 2 from 2 on.</param>
/// <param name="Width">How many numbers stand for a character.</param>
/// <param name="Hidden">How many hidden units each level has.</param>
/// <param name="Dropout">The probability with which a hidden unit of a level is set to 0 in training.</param>
public sealed record WaveNetOptions(
    [Limits(2, ModelOptions.Largest)] int Context = 8,
    [Limits(1, ModelOptions.Largest)] int Width = 24,
    [Limits(1, ModelOptions.Largest)] int Hidden = 128,
    [Limits(0, 1, BelowMost = true)] double Dropout = 0) : ModelOptions
{
    /// <inheritdoc/>
    public override void Check(string model)
    {
        base.Check(model);
        if (!BitOperations.IsPow2(Context))
            throw new ArgumentException($"{model}: context {Context}: give 2, 4, 8 or another power of 2");
    }
}

/// <summary>
/// Characters joined in pairs, pairs in pairs, and so on, as a tree: at each level two neighbours go side by side
/// through a layer, batch norm and tanh.
/// <code lang="math">
/// ids (N, 8) → (N, 8, width) → (N, 4, hidden) → (N, 2, hidden) → (N, hidden) → (N, vocabulary)
/// </code>
/// Weights begin at N(0, 1) / √fan-in, drawn as the lecture draws them, those of the output ten times smaller;
/// biases at 0. Batch norm takes the variance over n − 1, as the lecture's does. After van den Oord and others,
/// 2016, and makemore part 5.
/// </summary>
public sealed class WaveNet : LanguageModel
{
    readonly Sequential _layers;

    /// <exception cref="ArgumentException">The context is no power of 2, or a size is outside of
    /// its limits.</exception>
    public WaveNet(WaveNetOptions options, int vocabulary, RandomSource rng)
    {
        options.Check("wavenet");
        var (context, width, hidden, dropout) = options;
        Context = context;
        List<Module> layers = [new Embedding(vocabulary, width, rng)];
        for (int inputs = width; context > 1; context /= 2, inputs = hidden)
        {
            layers.AddRange([new FlattenConsecutive(2), Layer(2 * inputs, hidden, rng, bias: false),
                new BatchNorm(hidden, options: new() { Unbiased = true }), new Tanh()]);
            if (dropout > 0) layers.Add(new Dropout(dropout, rng));
        }
        var output = Layer(hidden, vocabulary, rng, bias: true);
        using (NoGrad.Begin()) output.Weight.CopyInPlace(output.Weight * 0.1);
        _layers = new([.. layers, output]);
    }

    /// <inheritdoc/>
    public override int Context { get; }

    /// <inheritdoc/>
    public override bool PredictsEveryPosition => false;

    /// <inheritdoc/>
    public override DecodingState BeginDecoding(int? slide = null) => new WindowReader(this, Context, 0, Forward);

    protected override Tensor Compute(Ids ids) => _layers.Forward(ids);

    /// <summary>A layer whose weights are drawn with its inputs in rows.</summary>
    static Linear Layer(int inputs, int outputs, RandomSource rng, bool bias)
    {
        // What the layer draws for itself is written over, and must not move the stream.
        var layer = new Linear(inputs, outputs, new TorchRandom(0), bias);
        using (NoGrad.Begin()) layer.Weight.CopyInPlace((Tensor.Randn([inputs, outputs], rng) / Math.Sqrt(inputs)).T);
        if (layer.Bias is { } b) Init.Zeros(b);
        return layer;
    }
}
