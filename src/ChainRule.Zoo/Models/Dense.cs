using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Zoo.Settings;

namespace ChainRule.Zoo.Models;

/// <summary>What stands between the layers of a <see cref="Dense"/>.</summary>
public enum DenseActivation
{
    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>Nothing: all layers together are one linear layer.</summary>
    Linear,

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    Sigmoid,

    /// <summary>tanh x.</summary>
    Tanh,

    /// <summary>x where positive, 0.01 x elsewhere.</summary>
    LeakyRelu,

    /// <summary>x Φ(x): smooth.</summary>
    Gelu,
}

/// <summary>How the weights of a <see cref="Dense"/> are drawn; biases begin at 0, but for torch's.</summary>
public enum DenseStart
{
    /// <summary>As torch's linear layers: uniform within ±1 / √inputs, biases too.</summary>
    Torch,

    /// <summary>Uniform within ±0.5, whatever the sizes.</summary>
    Small,

    /// <summary>Xavier: uniform within ±√(6 / (inputs + outputs)).</summary>
    Xavier,

    /// <summary>He: normal with standard deviation √(2 / inputs).</summary>
    He,

    /// <summary>All 0: hidden units stay alike.</summary>
    Zeros,

    /// <summary>Normal with standard deviation 1: far too large.</summary>
    Large,
}

/// <summary>What normalises the numbers between the layers of a <see cref="Dense"/>.</summary>
public enum DenseNorm
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Batch norm.</summary>
    Batch,

    /// <summary>Layer norm.</summary>
    Layer,
}

/// <summary>The sizes of a <see cref="Dense"/>, and its other choices.</summary>
/// <param name="Hidden">Units of each hidden layer.</param>
/// <param name="Layers">How many hidden layers there are; with 0 it is a linear model.</param>
/// <param name="Activation">The activation function.</param>
/// <param name="Start">How the first weights are drawn.</param>
/// <param name="Norm">What normalises the numbers before each activation.</param>
/// <param name="Skips">Whether what goes into a hidden layer, from the second on, is added to what comes out.</param>
/// <param name="Dropout">The probability with which a hidden unit is set to 0 in training.</param>
public sealed record DenseOptions(
    [Limits(1, ModelOptions.Largest)] int Hidden = 32,
    [Limits(0, 200)] int Layers = 2,
    DenseActivation Activation = DenseActivation.Relu,
    DenseStart Start = DenseStart.Torch,
    DenseNorm Norm = DenseNorm.None,
    bool Skips = false,
    [Limits(0, 1, BelowMost = true)] double Dropout = 0) : ModelOptions;

/// <summary>
/// Dense (fully connected) layers and nothing else: h₀ = x, hₖ = f(norm(Wₖ hₖ₋₁ + bₖ)) (+ hₖ₋₁), outputs W h + b. It
/// is the textbook's network, in which every choice can be changed by itself: depth, width, activation, initialisation,
/// normalisation, skip connections, dropout. Images are read as rows of pixels.
/// </summary>
public sealed class Dense : Module
{
    readonly int _inputs;

    /// <param name="options">Its sizes.</param>
    /// <param name="inputs">How many numbers an example has.</param>
    /// <param name="outputs">How many numbers come out: classes, or 1.</param>
    /// <param name="rng">Where the first weights are drawn from.</param>
    /// <exception cref="ArgumentException">A size is outside of its limits.</exception>
    public Dense(DenseOptions options, int inputs, int outputs, RandomSource rng)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check("dense");
        _inputs = inputs;
        List<Module> layers = [];
        for (int i = 0; i < options.Layers; i++)
        {
            int before = i == 0 ? inputs : options.Hidden;
            // Before a batch norm a bias would do nothing.
            bool bias = options.Norm != DenseNorm.Batch;
            List<Module> layer = [Begun(new Linear(before, options.Hidden, rng, bias), options.Start, rng)];
            if (options.Norm == DenseNorm.Batch) layer.Add(new BatchNorm(options.Hidden));
            if (options.Norm == DenseNorm.Layer) layer.Add(new LayerNorm(options.Hidden));
            if (Activation(options.Activation) is { } activation) layer.Add(activation);
            if (options.Dropout > 0) layer.Add(new Dropout(options.Dropout, rng));
            var whole = new Sequential([.. layer]);
            layers.Add(options.Skips && i > 0 ? new Residual(whole) : whole);
        }
        Hidden = layers;
        Head = Begun(new Linear(options.Layers == 0 ? inputs : options.Hidden, outputs, rng), options.Start, rng);
    }

    /// <summary>The hidden layers, from the inputs to the outputs.</summary>
    public IReadOnlyList<Module> Hidden { get; }

    /// <summary>What computes the outputs.</summary>
    public Linear Head { get; }

    /// <summary>[N, …] → [N, outputs].</summary>
    protected override Tensor Compute(Tensor x)
    {
        int rows = x.Rank == 0 ? 1 : x.Shape[0];
        if (x.Rank < 2 || rows == 0 || x.Count / rows != _inputs)
            throw new ArgumentException($"Dense: the input is {x.Shape}: give [N, …] with {_inputs} numbers a row");
        var h = x.Rank == 2 ? x : x.Reshape(rows, _inputs);
        foreach (var layer in Hidden) h = layer.Forward(h);
        return Head.Forward(h);
    }

    static Module? Activation(DenseActivation kind) => kind switch
    {
        DenseActivation.Relu => new Relu(),
        DenseActivation.Sigmoid => new Sigmoid(),
        DenseActivation.Tanh => new Tanh(),
        DenseActivation.LeakyRelu => new LeakyRelu(),
        DenseActivation.Gelu => new Gelu(),
        _ => null,
    };

    static Linear Begun(Linear layer, DenseStart start, RandomSource rng)
    {
        if (start == DenseStart.Torch) return layer;
        using var quiet = NoGrad.Begin();
        if (layer.Bias is { } bias) Init.Zeros(bias);
        if (start == DenseStart.Small) Init.Uniform(layer.Weight, -0.5, 0.5, rng);
        else if (start == DenseStart.Xavier) Init.XavierUniform(layer.Weight, rng);
        else if (start == DenseStart.He) Init.KaimingNormal(layer.Weight, rng, Nonlinearity.Relu);
        else if (start == DenseStart.Zeros) Init.Zeros(layer.Weight);
        else Init.Normal(layer.Weight, 0, 1, rng);
        return layer;
    }
}
