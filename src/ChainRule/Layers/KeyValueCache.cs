namespace ChainRule.Layers;

/// <summary>
/// The keys and values of the steps that a <see cref="SelfAttention"/> has read, so that going on costs the work of
/// the new steps alone.
/// </summary>
public sealed class KeyValueCache
{
    Tensor? _keys, _values;
    SelfAttention? _layer;

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
    public Tensor? Keys => _keys;

    /// <summary>The values of all steps, of the same shape; null before the first.</summary>
    public Tensor? Values => _values;

    /// <summary>How many steps are known.</summary>
    public int Steps => _keys?.Shape[2] ?? 0;

    /// <summary>Forgets all steps.</summary>
    public void Clear() => (_keys, _values, _layer) = (null, null, null);

    /// <summary>
    /// Adds the keys and values of new steps, [batch, heads, steps, width] each, and gives those of all.
    /// </summary>
    internal (Tensor Keys, Tensor Values) Add(SelfAttention layer, Tensor keys, Tensor values)
    {
        if (_layer is not null && _layer != layer)
            Throw.Invalid("attention goes on from the steps of another layer: its keys and values are none of this "
                + $"{layer.Describe()}: keep one cache for each layer");
        _layer = layer;
        if (_keys is { } known)
        {
            if (known.Shape.With(2, keys.Shape[2]) != keys.Shape || known.DType != keys.DType)
            {
                Throw.Argument($"attention goes on from {known.Shape} ({known.DType}) with {keys.Shape} "
                    + $"({keys.DType}): [batch, heads, steps, width] may differ in steps alone: Clear() the cache, or "
                    + "take a new one", "past");
            }
            (keys, values) = (Tensor.Concat(2, known, keys), Tensor.Concat(2, _values!.Value, values));
        }
        (_keys, _values) = (keys.Keep(), values.Keep());
        return (keys, values);
    }
}
