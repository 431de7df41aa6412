using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Zoo.Settings;

namespace ChainRule.Zoo.Models;

/// <summary>The sizes of a <see cref="ResidualMlp"/>.</summary>
/// <param name="Hidden">Units of each layer.</param>
/// <param name="Blocks">Blocks of two layers each.</param>
/// <param name="Skips">Whether what goes into a block is added to what comes out of it.</param>
/// <param name="Dropout">The probability with which a hidden unit is set to 0 in training.</param>
public sealed record ResidualMlpOptions(
    [Limits(1, ModelOptions.Largest)] int Hidden = 48,
    [Limits(1, 200)] int Blocks = 12,
    bool Skips = true,
    [Limits(0, 1, BelowMost = true)] double Dropout = 0.1) : ModelOptions;

/// <summary>
/// A deep multi-layer perceptron: a linear layer, blocks of two layers with ReLU, a linear layer. With skip connections
/// a block is h + W₂ relu(W₁ relu(h)), so that gradients reach the first block through the sum, whatever the layers do;
/// without them it is W₂ relu(W₁ relu(h)), and a network of 20 layers and more hardly learns.
/// </summary>
/// <remarks>He, Zhang, Ren and Sun, "Deep residual learning for image recognition" and "Identity mappings in deep
/// residual networks", 2015 and 2016.</remarks>
public sealed class ResidualMlp : Module
{
    readonly Linear _first, _head;
    readonly Module[] _blocks;

    /// <param name="options">Its sizes.</param>
    /// <param name="columns">How many numbers a row has.</param>
    /// <param name="outputs">How many numbers come out: classes, or 1.</param>
    /// <param name="rng">Where the first weights are drawn from.</param>
    /// <exception cref="ArgumentException">A size is outside of its limits.</exception>
    public ResidualMlp(ResidualMlpOptions options, int columns, int outputs, RandomSource rng)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check("residual");
        _first = new(columns, options.Hidden, rng);
        _blocks = [.. Enumerable.Range(0, options.Blocks).Select(_ => Block(options, rng))];
        _head = new(options.Hidden, outputs, rng);
        // The first predictions are those of no knowledge: the mean, or equal probabilities.
        using var quiet = NoGrad.Begin();
        _head.Weight.CopyInPlace(_head.Weight * 0.1);
        _head.Bias?.FillInPlace(0);
    }

    /// <summary>The blocks, from the inputs to the outputs.</summary>
    public IReadOnlyList<Module> Blocks => _blocks;

    /// <summary>[rows, columns] → [rows, outputs].</summary>
    protected override Tensor Compute(Tensor x)
    {
        var h = _first.Forward(x);
        foreach (var block in _blocks) h = block.Forward(h);
        return _head.Forward(h);
    }

    static Module Block(ResidualMlpOptions options, RandomSource rng)
    {
        List<Module> layers = [new Relu(), new Linear(options.Hidden, options.Hidden, rng), new Relu(),
            new Linear(options.Hidden, options.Hidden, rng)];
        if (options.Dropout > 0) layers.Add(new Dropout(options.Dropout, rng));
        var inner = new Sequential([.. layers]);
        return options.Skips ? new Residual(inner) : inner;
    }
}
