using ChainRule.Randomness;

namespace ChainRule.Layers;

/// <summary>How a <see cref="MultiHeadAttention"/> attends.</summary>
public sealed record MultiHeadAttentionOptions
{
    /// <summary>The width of the keys; embedDim if null.</summary>
    public int? KDim { get; init; }

    /// <summary>The width of the values; embedDim if null.</summary>
    public int? VDim { get; init; }

    /// <summary>Whether query i sees only the keys 0 to i.</summary>
    public bool Causal { get; init; }

    /// <summary>The probability that an attention weight is dropped in training.</summary>
    public double Dropout { get; init; }

    /// <summary>Whether the products have biases.</summary>
    public bool Bias { get; init; } = true;
}

/// <summary>
/// Each query asks the keys of its batch, and gets the mean of their values, weighted by
/// softmax(query · key / √(embedDim / numHeads)), in several heads: [B, T, embedDim], [B, S, kdim] and [B, S,
/// vdim] → [B, T, embedDim]. Queries, keys and values may differ in length and in width.
/// <code lang="math">
/// q = query W_q + b_q;  k = key W_k + b_k;  v = value W_v + b_v;  p = softmax(q kᵀ / √size);  y = (p v) W + b
/// </code>
/// Weights of queries, keys and values are uniform within ±√(6 / (inputs + outputs)) (Xavier), biases 0,
/// and the last weights uniform within ±1/√embedDim: torch's nn.MultiheadAttention with batch_first, draw
/// for draw and name for name.
/// </summary>
/// <remarks>Vaswani and others, 2017.</remarks>
public sealed class MultiHeadAttention : Module
{
    readonly int _embedDim, _numHeads, _kdim, _vdim;
    readonly MultiHeadAttentionOptions _options;

    /// <param name="embedDim">The width of queries and of the output, which the heads share evenly.</param>
    /// <param name="numHeads">How many heads there are.</param>
    /// <param name="rng">Where the first weights are drawn from, and the masks of dropout.</param>
    /// <param name="options">How it attends; if null, keys and values are as wide as queries, every query sees every
    /// key, and nothing is dropped.</param>
    /// <exception cref="ArgumentException">A size is less than 1, or the heads do not share the
    /// width evenly.</exception>
    public MultiHeadAttention(int embedDim, int numHeads, RandomSource rng, MultiHeadAttentionOptions? options = null)
    {
        _options = options ?? new();
        (_embedDim, _numHeads, _kdim, _vdim) =
            (embedDim, numHeads, _options.KDim ?? embedDim, _options.VDim ?? embedDim);
        Throw.IfNull(rng, Describe());
        if (embedDim < 1 || numHeads < 1 || embedDim % numHeads != 0)
            Throw.Argument($"{Describe()}: the heads must share the width evenly: give 1 or more of either, and a "
                + "multiple", embedDim < 1 ? nameof(embedDim) : nameof(numHeads));
        if (_kdim < 1 || _vdim < 1) Throw.Argument($"{Describe()}: widths must be 1 or more", nameof(options));
        // torch draws the last layer first.
        var output = new Linear(embedDim, embedDim, rng, _options.Bias);
        output.Bias?.FillInPlace(0);
        if (_kdim == embedDim && _vdim == embedDim) InProjWeight = Drawn(3 * embedDim, embedDim, rng);
        else
            (QProjWeight, KProjWeight, VProjWeight) =
                (Drawn(embedDim, embedDim, rng), Drawn(embedDim, _kdim, rng), Drawn(embedDim, _vdim, rng));
        if (_options.Bias) InProjBias = Parameter([3 * embedDim]);
        OutProj = output;
        if (_options.Dropout != 0) Dropout = new(_options.Dropout, rng);
    }

    /// <summary>
    /// W_q, W_k and W_v one below the other, [3 embedDim, embedDim]; null where keys or values have another width.
    /// </summary>
    public Tensor? InProjWeight { get; }

    /// <summary>W_q, [embedDim, embedDim]; null where all three are in <see cref="InProjWeight"/>.</summary>
    public Tensor? QProjWeight { get; }

    /// <summary>W_k, [embedDim, kdim]; null where all three are in <see cref="InProjWeight"/>.</summary>
    public Tensor? KProjWeight { get; }

    /// <summary>W_v, [embedDim, vdim]; null where all three are in <see cref="InProjWeight"/>.</summary>
    public Tensor? VProjWeight { get; }

    /// <summary>b_q, b_k and b_v one behind the other, [3 embedDim]; null without biases.</summary>
    public Tensor? InProjBias { get; }

    /// <summary>From the heads' results, side by side, to the output.</summary>
    public Linear OutProj { get; }

    /// <summary>What drops attention weights; null if nothing does.</summary>
    public Dropout? Dropout { get; }

    /// <summary>Queries ask keys and get their values.</summary>
    /// <param name="query">[B, T, embedDim].</param>
    /// <param name="key">[B, S, kdim].</param>
    /// <param name="value">[B, S, vdim].</param>
    /// <param name="keyPadding">[B, S]: 1 for each key that is padding, which no query sees, 0 for the others.</param>
    /// <param name="hidden">
    /// 1 where a query may not see a key, 0 elsewhere: [T, S], or what broadcasts to [B, numHeads, T, S]. Where a query
    /// sees nothing, its heads are zeros.
    /// </param>
    public Tensor Forward(Tensor query, Tensor key, Tensor value, Tensor? keyPadding = null, Tensor? hidden = null)
    {
        Check(query, key, value);
        var mask = Mask(query, key);
        Tensor heads;
        if (query.IsSame(key) && key.IsSame(value) && hidden is null && InProjWeight is { } weight)
        {
            heads = Times(query, weight, InProjBias).Attention(_numHeads, _options.Causal,
                new() { Mask = mask, Padding = keyPadding });
        }
        else
        {
            var (q, k, v) = Projected(query, key, value);
            heads = q.Attention(k, v, _numHeads, _options.Causal,
                new() { Mask = mask, Padding = keyPadding, Hidden = hidden });
        }
        return Seen(OutProj.Forward(heads));
    }

    /// <summary>
    /// As without <paramref name="weights"/>, which are the attention weights of each head, [B, numHeads, T, S], as
    /// they are before any is dropped.
    /// </summary>
    /// <inheritdoc cref="Forward(Tensor, Tensor, Tensor, Tensor?, Tensor?)"/>
    public Tensor Forward(Tensor query, Tensor key, Tensor value, Tensor? keyPadding, Tensor? hidden,
        out Tensor weights)
    {
        Check(query, key, value);
        var (q, k, v) = Projected(query, key, value);
        return Seen(OutProj.Forward(q.Attention(k, v, _numHeads, _options.Causal,
            new() { Mask = Mask(query, key), Padding = keyPadding, Hidden = hidden }, out weights)));
    }

    /// <summary>Self-attention: x is query, key and value at once.</summary>
    protected override Tensor Compute(Tensor x)
    {
        Check(x, x, x);
        if (InProjWeight is { } weight)
            return OutProj.Forward(Times(x, weight, InProjBias).Attention(_numHeads, _options.Causal,
                new() { Mask = Mask(x, x) }));
        var (q, k, v) = Projected(x, x, x);
        return OutProj.Forward(q.Attention(k, v, _numHeads, _options.Causal, new() { Mask = Mask(x, x) }));
    }

    (Tensor Q, Tensor K, Tensor V) Projected(Tensor query, Tensor key, Tensor value)
    {
        Tensor Part(Tensor of, int i) => of.Slice(0, i * _embedDim, (i + 1) * _embedDim);
        Tensor Weight(Tensor? own, int i) => own ?? Part(InProjWeight!.Value, i);
        Tensor? Bias(int i) => InProjBias is { } b ? Part(b, i) : null;
        return (Times(query, Weight(QProjWeight, 0), Bias(0)), Times(key, Weight(KProjWeight, 1), Bias(1)),
            Times(value, Weight(VProjWeight, 2), Bias(2)));
    }

    Tensor? Mask(Tensor query, Tensor key) =>
        Training && Dropout is { } drop
            ? drop.Forward(Tensor.Ones([query.Shape[0], _numHeads, query.Shape[1], key.Shape[1]], query.DType)) : null;

    void Check(Tensor query, Tensor key, Tensor value)
    {
        Shape q = query.Shape, k = key.Shape, v = value.Shape;
        if (q.Rank != 3 || k.Rank != 3 || v.Rank != 3 || q[0] != k[0] || k[0] != v[0] || k[1] != v[1]
            || q[2] != _embedDim || k[2] != _kdim || v[2] != _vdim)
            Throw.Argument($"{Describe()}: the query is {q}, the key {k} and the value {v}: "
                         + $"give [batch, queries, {_embedDim}], [batch, keys, {_kdim}] and [batch, keys, {_vdim}]",
                             nameof(query));
    }

    static Tensor Times(Tensor x, Tensor weight, Tensor? bias) =>
        bias is { } b ? x.Linear(weight, b) : x.MatMul(weight, transposeB: true);

    static Tensor Drawn(int outputs, int inputs, RandomSource rng)
    {
        var w = Parameter([outputs, inputs]);
        Init.XavierUniform(w, rng);
        return w;
    }

    protected internal override string Describe() =>
        $"MultiHeadAttention({_embedDim}, "
        + $"{_numHeads}{(_kdim == _embedDim ? "" : $", kdim: {_kdim}")}{(_vdim == _embedDim ? "" : $", vdim: {_vdim}")}"
        + $"{(_options.Causal ? ", causal: true" : "")}{(_options.Bias ? "" : ", bias: false")})";
}
