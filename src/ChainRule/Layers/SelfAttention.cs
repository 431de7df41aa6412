using ChainRule.Randomness;

namespace ChainRule.Layers;

/// <summary>How a <see cref="SelfAttention"/> attends.</summary>
public sealed record SelfAttentionOptions
{
    /// <summary>Whether a step sees only itself and the steps before it.</summary>
    public bool Causal { get; init; } = true;

    /// <summary>What logits are multiplied by; if null, 1/√(features / heads).</summary>
    public double? Scale { get; init; }

    /// <summary>
    /// The probability that an attention weight, and in the end a number of the output, is dropped in training.
    /// </summary>
    public double Dropout { get; init; }

    /// <summary>Whether queries, keys and values have a bias.</summary>
    public bool QkvBias { get; init; } = true;

    /// <summary>Whether the output has one.</summary>
    public bool OutputBias { get; init; } = true;
}

/// <summary>
/// Each step asks the others of its sequence, [batch, steps, features] → the same: queries, keys and values come
/// from one product, every head weighs values by softmax(scale · query · key), and the heads' results, side by side,
/// go through a last product.
/// <code lang="math">
/// q, k, v = x W + b;  p = softmax(scale q kᵀ);  y = (p v) W′ + b′
/// </code>
/// Weights are drawn as those of two Linear layers, qkv first; masks are torch's, those of the weights
/// before that of the output.
/// </summary>
/// <remarks>Vaswani and others, 2017.</remarks>
public sealed class SelfAttention : Module
{
    readonly int _heads;
    readonly SelfAttentionOptions _options;

    /// <param name="features">The size of the last axis, which the heads share evenly.</param>
    /// <param name="heads">How many heads there are.</param>
    /// <param name="rng">Where the first weights are drawn from, and the masks of dropout.</param>
    /// <param name="options">How it attends; if null, causal, without dropout.</param>
    public SelfAttention(int features, int heads, RandomSource rng, SelfAttentionOptions? options = null)
    {
        (_heads, _options) = (heads, options ?? new());
        Throw.IfNull(rng, $"SelfAttention({features}, {heads})");
        if (features < 1 || heads < 1 || features % heads != 0)
            Throw.Argument($"SelfAttention({features}, {heads}): the heads must share the features evenly: give 1 or "
                + "more of either, and a multiple",
                features < 1 ? nameof(features) : nameof(heads));
        if (_options.Scale is { } scale) Throw.IfNotFinite(scale, $"SelfAttention({features}, {heads})", "scale");
        Qkv = new(features, 3 * features, rng, _options.QkvBias);
        Output = new(features, features, rng, _options.OutputBias);
        if (_options.Dropout != 0) Dropout = new(_options.Dropout, rng);
    }

    /// <summary>How many heads share the features.</summary>
    public int Heads => _heads;

    /// <summary>To queries, keys and values, one after another.</summary>
    public Linear Qkv { get; }

    /// <summary>From the heads' results, side by side, to the output.</summary>
    public Linear Output { get; }

    /// <summary>What drops weights and outputs; null where nothing does.</summary>
    public Dropout? Dropout { get; }

    /// <summary>
    /// Goes on from steps that were read before: x holds the next ones alone, which see those before them as
    /// well as one another. The result is that of all steps at once, for the work of the new ones. Nothing is
    /// dropped, and no gradient flows.
    /// </summary>
    /// <param name="x">[batch, new steps, features].</param>
    /// <param name="past">What is known of the steps before; the new ones are added to it.</param>
    /// <exception cref="InvalidOperationException">It is not causal: steps before would have to see
    /// the new ones.</exception>
    public Tensor Forward(Tensor x, KeyValueCache past)
    {
        if (past is null) Throw.IfNull(past, Describe());
        CheckGoesOn(x);
        using var quiet = NoGrad.Begin();
        var qkv = Qkv.Forward(x);
        return Seen(Output.Forward(past.IsGiven ? BehindGiven(qkv, past)
            : qkv.AttentionBehind(past.Known(this, qkv, x.Shape[0]), _heads, Scale(x))));
    }

    /// <summary>
    /// As with one cache, of sequences that are of different lengths: each goes on from what its own cache knows.
    /// </summary>
    /// <param name="x">[sequences, new steps, features].</param>
    /// <param name="past">A cache for each sequence, whose batch is that one.</param>
    /// <inheritdoc cref="Forward(Tensor, KeyValueCache)" path="/exception"/>
    public Tensor Forward(Tensor x, IReadOnlyList<KeyValueCache> past)
    {
        Throw.IfNull(past, Describe());
        CheckGoesOn(x);
        if (past.Count != x.Shape[0] || past.Any(static one => one.IsGiven))
            Throw.Argument($"{Describe()}: {past.Count} caches for {x.Shape}: give one for each sequence, which began "
                + "empty", nameof(past));
        using var quiet = NoGrad.Begin();
        var qkv = Qkv.Forward(x);
        AttentionMemory[] known = [.. past.Select(one => one.Known(this, qkv, batch: 1)[0])];
        return Seen(Output.Forward(qkv.AttentionBehind(known, _heads, Scale(x))));
    }

    // By ops alone: a cache that was given its tensors is an input of a program, which may be traced.
    Tensor BehindGiven(Tensor qkv, KeyValueCache past)
    {
        int batch = qkv.Shape[0], steps = qkv.Shape[1], features = qkv.Shape[2] / 3, width = features / _heads;
        // (3, B, heads, T, width)
        var parts = qkv.Reshape(batch, steps, 3, _heads, width).Permute(2, 0, 3, 1, 4);
        var (k, v) = past.Add(this, parts.Select(0, 1), parts.Select(0, 2));
        // (B, heads, T, all)
        var logits = parts.Select(0, 0).MatMul(k, transposeB: true) * (_options.Scale ?? 1 / Math.Sqrt(width));
        int all = k.Shape[2];
        if (steps > 1)
            logits = logits.MaskedFill(1 - Tensor.LowerTriangle(steps, all, qkv.DType, all - steps),
                double.NegativeInfinity);
        return logits.Softmax().MatMul(v).Permute(0, 2, 1, 3).Reshape(batch, steps, features);
    }

    double Scale(Tensor x) => _options.Scale ?? 1 / Math.Sqrt(x.Shape[2] / _heads);

    void CheckGoesOn(Tensor x)
    {
        CheckSteps(x);
        if (!_options.Causal)
            Throw.Invalid($"{Describe()}: going on from steps before: each of them would have to see the new ones: "
                + "give all steps at once");
    }

    /// <summary>Sequences of different lengths in one batch: steps that are padding are seen by no step.</summary>
    /// <param name="x">[batch, steps, features].</param>
    /// <param name="padding">[batch, steps]: 1 for each step that is padding, 0 for the others.</param>
    public Tensor Forward(Tensor x, Tensor padding) => Seen(Attended(x, padding));

    /// <summary>
    /// How much each step takes from each, in every head: p = softmax(scale q kᵀ), [batch, heads, steps, steps], rows
    /// of which add up to 1. Nothing is dropped; they have a graph, but within <see cref="NoGrad"/>.
    /// </summary>
    /// <param name="x">[batch, steps, features].</param>
    public Tensor Weights(Tensor x)
    {
        CheckSteps(x);
        int batch = x.Shape[0], steps = x.Shape[1], width = x.Shape[2] / _heads;
        var qkv = Qkv.Forward(x).Reshape(batch, steps, 3, _heads, width).Permute(2, 0, 3, 1, 4);
        var logits = qkv.Select(0, 0).MatMul(qkv.Select(0, 1), transposeB: true)
            * (_options.Scale ?? 1 / Math.Sqrt(width));
        return (_options.Causal ? logits.MaskedFill(1 - Tensor.LowerTriangle(steps, steps, x.DType, 0),
            double.NegativeInfinity) : logits).Softmax();
    }

    protected override Tensor Compute(Tensor x) => Attended(x, null);

    Tensor Attended(Tensor x, Tensor? padding)
    {
        CheckSteps(x);
        var drop = Training ? Dropout : null;
        var qkv = Qkv.Forward(x);
        Tensor? mask = drop?.Forward(Tensor.Ones([x.Shape[0], _heads, x.Shape[1], x.Shape[1]], x.DType));
        var y = Output.Forward(qkv.Attention(_heads, _options.Causal,
            new() { Scale = _options.Scale, Mask = mask, Padding = padding }));
        return drop?.Forward(y) ?? y;
    }

    void CheckSteps(Tensor x)
    {
        if (x.Rank != 3)
            Throw.Argument($"{Describe()}: the input is {x.Shape}: give [batch, steps, features]", nameof(x));
    }

    protected internal override string Describe() =>
        $"SelfAttention({Output.Weight.Shape[0]}, {_heads}{(_options.Causal ? "" : ", causal: false")})";
}
