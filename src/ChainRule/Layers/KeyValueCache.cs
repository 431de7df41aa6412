namespace ChainRule.Layers;

/// <summary>
/// The keys and values of the steps that a <see cref="SelfAttention"/> has read, so that going on costs the work of
/// the new steps alone.
/// </summary>
public sealed class KeyValueCache
{
    // Either what was read with it, or what another one held.
    AttentionMemory[]? _known;
    Tensor? _keys, _values;
    SelfAttention? _layer;
    DType _dtype;

    /// <summary>One that knows nothing yet.</summary>
    public KeyValueCache()
    {
    }

    /// <summary>One that goes on from keys and values that another one held, such as those that another program kept.
    /// </summary>
    /// <param name="keys">[batch, heads, steps, width].</param>
    /// <param name="values">Of the same shape.</param>
    /// <exception cref="ArgumentException">They are not of one shape, or have other axes.</exception>
    public KeyValueCache(Tensor keys, Tensor values)
    {
        if (keys.Rank != 4 || values.Shape != keys.Shape)
            Throw.Argument($"key-value cache: keys {keys.Shape} and values {values.Shape}: give [batch, heads, steps, "
                + "width] of both", nameof(values));
        if (values.DType != keys.DType) Throw.Mixed("key-value cache", keys.DType, values.DType, nameof(values));
        (_keys, _values) = (keys, values);
    }

    /// <summary>The keys of all steps, [batch, heads, steps, width]; null before the first.</summary>
    public Tensor? Keys => _known is null ? _keys : Tensor.Known(_known, _layer!.Heads, _dtype).Keys;

    /// <summary>The values of all steps, of the same shape; null before the first.</summary>
    public Tensor? Values => _known is null ? _values : Tensor.Known(_known, _layer!.Heads, _dtype).Values;

    /// <summary>How many steps are known.</summary>
    public int Steps => _known?[0].Steps ?? _keys?.Shape[2] ?? 0;

    /// <summary>Whether it goes on from tensors that it was given.</summary>
    internal bool IsGiven => _keys is not null;

    /// <summary>Forgets all steps.</summary>
    public void Clear() => (_known, _keys, _values, _layer) = (null, null, null, null);

    /// <summary>What is known of each sequence of a batch, to go on from with new steps.</summary>
    /// <param name="layer">Which asks.</param>
    /// <param name="qkv">Queries, keys and values of the new steps: [batch, new steps, 3 · features].</param>
    /// <param name="batch">How many sequences of them are its own.</param>
    internal AttentionMemory[] Known(SelfAttention layer, Tensor qkv, int batch)
    {
        int heads = layer.Heads, width = qkv.Shape[2] / 3;
        CheckLayer(layer);
        if (_known is { } known && (known.Length != batch || qkv.DType != _dtype))
            Throw.Argument(Disagrees([known.Length, heads, Steps, width / heads], _dtype,
                [batch, heads, qkv.Shape[1], width / heads], qkv.DType), "past");
        _dtype = qkv.DType;
        return _known ??= [.. Enumerable.Range(0, batch).Select(_ => new AttentionMemory(heads, width / heads))];
    }

    /// <summary>
    /// Adds the keys and values of new steps, [batch, heads, steps, width] each, to those that were given, and gives
    /// those of all.
    /// </summary>
    internal (Tensor Keys, Tensor Values) Add(SelfAttention layer, Tensor keys, Tensor values)
    {
        CheckLayer(layer);
        var (k, v) = (_keys!.Value, _values!.Value);
        if (k.Shape.With(2, keys.Shape[2]) != keys.Shape || k.DType != keys.DType)
            Throw.Argument(Disagrees(k.Shape, k.DType, keys.Shape, keys.DType), "past");
        (keys, values) = (Tensor.Concat(2, k, keys), Tensor.Concat(2, v, values));
        (_keys, _values) = (keys.Keep(), values.Keep());
        return (keys, values);
    }

    void CheckLayer(SelfAttention layer)
    {
        if (_layer is not null && _layer != layer)
            Throw.Invalid("attention goes on from the steps of another layer: its keys and values are none of this "
                + $"{layer.Describe()}: keep one cache for each layer");
        _layer = layer;
    }

    static string Disagrees(Shape known, DType dtype, Shape added, DType other) =>
        $"attention goes on from {known} ({dtype}) with {added} ({other}): [batch, heads, steps, width] may differ in "
        + "steps alone: Clear() the cache, or take a new one";
}
