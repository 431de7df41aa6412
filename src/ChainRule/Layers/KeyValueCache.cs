namespace ChainRule.Layers;

/// <summary>
/// The keys and values of the steps that a <see cref="SelfAttention"/> has read, so that going on costs the work of
/// the new steps alone.
/// </summary>
public sealed class KeyValueCache
{
    Tensor? _keys, _values;
    SelfAttention? _layer;

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
