using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Zoo.Settings;

namespace ChainRule.Zoo.Models;

/// <summary>The sizes of a <see cref="SequenceModel"/>.</summary>
/// <param name="Hidden">Hidden units: how many numbers it remembers from step to step.</param>
/// <param name="Layers">Layers over each other.</param>
/// <param name="Dropout">The probability with which a hidden unit is set to 0 in training.</param>
public sealed record SequenceModelOptions(
    [Limits(1, ModelOptions.Largest)] int Hidden = 48,
    [Limits(1, 20)] int Layers = 1,
    [Limits(0, 1, BelowMost = true)] double Dropout = 0) : ModelOptions;

/// <summary>
/// A network that reads a sequence and says something at each step: [batch, steps, inputs] → [batch, steps, outputs].
/// What reads it is recurrent, convolutional, or sees one step alone; a linear layer says the outputs.
/// </summary>
public sealed class SequenceModel : Module
{
    readonly Dropout? _dropout;

    SequenceModel(Module body, SequenceModelOptions options, int outputs, RandomSource rng)
    {
        (Body, Output) = (body, new(options.Hidden, outputs, rng));
        if (options.Dropout > 0) _dropout = new(options.Dropout, rng);
        // The first outputs are those of no knowledge: equal probabilities.
        using var quiet = NoGrad.Begin();
        Output.Weight.CopyInPlace(Output.Weight * 0.1);
        Output.Bias?.FillInPlace(0);
    }

    /// <summary>What reads the sequence: [batch, steps, inputs] → [batch, steps, hidden].</summary>
    public Module Body { get; }

    /// <summary>Whether a step may depend on those before it.</summary>
    public bool HasMemory => Body is not Sequential;

    /// <summary>Hidden units to outputs.</summary>
    public Linear Output { get; }

    /// <summary>A simple recurrent network: h' = tanh(W x + U h + b).</summary>
    /// <param name="options">Its sizes.</param>
    /// <param name="inputs">Numbers of a step.</param>
    /// <param name="outputs">Numbers that are said at a step.</param>
    /// <param name="rng">Where the first weights are drawn from.</param>
    /// <exception cref="ArgumentException">A size is outside of its limits.</exception>
    public static SequenceModel Rnn(SequenceModelOptions options, int inputs, int outputs, RandomSource rng) =>
        Of("rnn", options, outputs, rng, o => new Rnn(inputs, o.Hidden, rng, new() { Layers = o.Layers }));

    /// <summary>Gated recurrent units.</summary>
    /// <inheritdoc cref="Rnn"/>
    public static SequenceModel Gru(SequenceModelOptions options, int inputs, int outputs, RandomSource rng) =>
        Of("gru", options, outputs, rng, o => new Gru(inputs, o.Hidden, rng, new() { Layers = o.Layers }));

    /// <summary>Long short-term memory.</summary>
    /// <inheritdoc cref="Rnn"/>
    public static SequenceModel Lstm(SequenceModelOptions options, int inputs, int outputs, RandomSource rng) =>
        Of("lstm", options, outputs, rng, o => new Lstm(inputs, o.Hidden, rng, new() { Layers = o.Layers }));

    /// <summary>Causal convolutions whose reach doubles: each step sees 1 + 2 (2ⁿ − 1) steps, n = layers + 3.</summary>
    /// <inheritdoc cref="Rnn"/>
    public static SequenceModel Convolutional(SequenceModelOptions options, int inputs, int outputs,
        RandomSource rng) =>
        Of("conv", options, outputs, rng, o => new CausalConvolutions(o.Layers + 3, inputs, o.Hidden, rng));

    /// <summary>No memory: each step by itself, through as many hidden layers.</summary>
    /// <inheritdoc cref="Rnn"/>
    public static SequenceModel ContextOne(SequenceModelOptions options, int inputs, int outputs, RandomSource rng) =>
        Of("context-1", options, outputs, rng, o => new Sequential([.. Enumerable.Range(0, o.Layers).SelectMany(i =>
            (Module[])[new Linear(i == 0 ? inputs : o.Hidden, o.Hidden, rng), new Tanh()])]));

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        var h = Body.Forward(x);
        return Output.Forward(_dropout is null ? h : _dropout.Forward(h));
    }

    static SequenceModel Of(string name, SequenceModelOptions options, int outputs, RandomSource rng,
        Func<SequenceModelOptions, Module> body)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check(name);
        return new(body(options), options, outputs, rng);
    }
}

/// <summary>Convolutions over time that see no later step, each with twice the dilation of the one before:
/// [batch, steps, inputs] → [batch, steps, channels].</summary>
sealed class CausalConvolutions : Module
{
    const int Kernel = 3;

    readonly Conv1d[] _layers;

    public CausalConvolutions(int layers, int inputs, int channels, RandomSource rng) =>
        _layers = [.. Enumerable.Range(0, layers).Select(i => new Conv1d(i == 0 ? inputs : channels, channels, Kernel,
            rng, options: new() { Dilation = 1 << i }))];

    protected override Tensor Compute(Tensor x)
    {
        var h = x.Transpose(1, 2);
        for (int i = 0; i < _layers.Length; i++)
        {
            // Zeros before the first step alone: what is later is never seen.
            var next = _layers[i].Forward(h.Pad(2, (Kernel - 1) << i, 0)).Relu();
            h = i == 0 ? next : h + next;
        }
        return h.Transpose(1, 2);
    }
}
