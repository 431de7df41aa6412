using ChainRule.Randomness;

namespace ChainRule.Layers;

/// <summary>How a <see cref="TransformerEncoderLayer"/> is built.</summary>
public sealed record TransformerEncoderOptions
{
    /// <summary>How many numbers a step has between the two linear layers.</summary>
    public int DimFeedforward { get; init; } = 2048;

    /// <summary>Whether GELU stands between the two linear layers, and not ReLU.</summary>
    public bool Gelu { get; init; }

    /// <summary>Whether norms stand before attention and network, inside of the sums, and not behind.</summary>
    public bool NormFirst { get; init; }

    /// <summary>Whether a step sees only itself and the steps before it.</summary>
    public bool Causal { get; init; }

    /// <summary>The probability that a number is dropped in training: of attention weights, and behind attention and
    /// both linear layers.</summary>
    public double Dropout { get; init; }

    /// <summary>ε of the norms.</summary>
    public double Eps { get; init; } = 1e-5;
}

/// <summary>
/// A layer of a transformer's encoder, [B, T, dModel] → the same: attention among the steps, then a network of two
/// linear layers for each step.
/// <code lang="math">
/// x = norm1(x + attention(x));  y = norm2(x + W₂ relu(W₁ x + b₁) + b₂)
/// </code>
/// With <c>NormFirst</c>: x + attention(norm1(x)), and so on. Names, and the order in which weights are drawn, are
/// those of torch's nn.TransformerEncoderLayer with batch_first.
/// </summary>
/// <remarks>Vaswani and others, 2017.</remarks>
public sealed class TransformerEncoderLayer : Module
{
    readonly int _dModel, _heads;
    readonly TransformerEncoderOptions _options;

    /// <param name="dModel">How many numbers a step has, which the heads share evenly.</param>
    /// <param name="heads">How many heads there are.</param>
    /// <param name="rng">Where the first weights are drawn from, and the masks of dropout.</param>
    /// <param name="options">How it is built; if null, as torch's is, without dropout.</param>
    /// <exception cref="ArgumentException">A size is less than 1, or the heads do not share the numbers
    /// evenly.</exception>
    public TransformerEncoderLayer(int dModel, int heads, RandomSource rng, TransformerEncoderOptions? options = null)
    {
        (_dModel, _heads, _options) = (dModel, heads, options ?? new());
        Throw.IfNull(rng, Describe());
        if (dModel < 1 || heads < 1 || dModel % heads != 0)
            Throw.Argument($"{Describe()}: the heads must share the numbers evenly: give 1 or more of either, and a "
                + "multiple", dModel < 1 ? nameof(dModel) : nameof(heads));
        if (_options.DimFeedforward < 1)
            Throw.Argument($"{Describe()}: between the linear layers are {_options.DimFeedforward} numbers: give 1 or "
                + "more", nameof(options));
        SelfAttn = new(dModel, heads, rng, new() { Causal = _options.Causal, Dropout = _options.Dropout });
        Linear1 = new(dModel, _options.DimFeedforward, rng);
        Linear2 = new(_options.DimFeedforward, dModel, rng);
        Norm1 = new(dModel, _options.Eps);
        Norm2 = new(dModel, _options.Eps);
        if (_options.Dropout != 0) Dropout = new(_options.Dropout, rng);
    }

    /// <summary>Attention among the steps.</summary>
    public MultiHeadAttention SelfAttn { get; }

    /// <summary>From a step to what stands between the linear layers.</summary>
    public Linear Linear1 { get; }

    /// <summary>Back from there.</summary>
    public Linear Linear2 { get; }

    /// <summary>The norm at the attention.</summary>
    public LayerNorm Norm1 { get; }

    /// <summary>The norm at the linear layers.</summary>
    public LayerNorm Norm2 { get; }

    /// <summary>What drops numbers in training; null if nothing does.</summary>
    public Dropout? Dropout { get; }

    /// <summary>Sequences of different lengths in one batch: steps that are padding are seen by no step.</summary>
    /// <param name="x">[B, T, dModel].</param>
    /// <param name="padding">[B, T]: 1 for each step that is padding, 0 for the others.</param>
    public Tensor Forward(Tensor x, Tensor padding) => Seen(Layer(x, padding));

    protected override Tensor Compute(Tensor x) => Layer(x, null);

    Tensor Layer(Tensor x, Tensor? padding)
    {
        if (x.Rank != 3 || x.Shape[2] != _dModel)
            Throw.Argument($"{Describe()}: the input is {x.Shape}: give [batch, steps, {_dModel}]", nameof(x));
        if (_options.NormFirst)
        {
            x += Attention(Norm1.Forward(x), padding);
            return x + Network(Norm2.Forward(x));
        }
        x = Norm1.Forward(x + Attention(x, padding));
        return Norm2.Forward(x + Network(x));
    }

    Tensor Attention(Tensor x, Tensor? padding) =>
        Dropped(padding is { } mask ? SelfAttn.Forward(x, x, x, mask) : SelfAttn.Forward(x));

    Tensor Network(Tensor x)
    {
        var inside = Linear1.Forward(x);
        return Dropped(Linear2.Forward(Dropped(_options.Gelu ? inside.Gelu() : inside.Relu())));
    }

    Tensor Dropped(Tensor x) => Dropout?.Forward(x) ?? x;

    protected internal override string Describe() =>
        $"TransformerEncoderLayer({_dModel}, {_heads}{(_options.NormFirst ? ", normFirst: true" : "")}"
        + $"{(_options.Causal ? ", causal: true" : "")})";
}
