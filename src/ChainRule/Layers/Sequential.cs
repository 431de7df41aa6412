namespace ChainRule.Layers;

/// <summary>
/// y = fₙ(… f₂(f₁(x))): one layer after the other. Ids go into the first. Layers are named by place,
/// <c>0.weight</c>, as in nn.Sequential.
/// </summary>
public sealed class Sequential : Module
{
    readonly Module[] _layers;

    /// <exception cref="ArgumentException">A layer is null.</exception>
    public Sequential(params Module[] layers)
    {
        Throw.IfNull(layers, "Sequential");
        _layers = [.. layers];
        int missing = Array.IndexOf(_layers, null);
        if (missing >= 0)
            Throw.Argument($"Sequential: layer {missing} of {_layers.Length} is null: give a module, or leave it out",
                nameof(layers));
    }

    /// <summary>How many layers there are.</summary>
    public int Count => _layers.Length;

    /// <summary>A layer by its place, counted from 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer.</exception>
    public Module this[int index]
    {
        get
        {
            if ((uint)index >= (uint)_layers.Length)
                Throw.OutOfRange($"Sequential: layer {index}: {Throw.Run("layers", _layers.Length)}", nameof(index));
            return _layers[index];
        }
    }

    protected override Tensor Compute(Tensor x)
    {
        foreach (var layer in _layers) x = layer.Forward(x);
        return x;
    }

    protected override Tensor Compute(Ids ids)
    {
        if (_layers.Length == 0) return base.Compute(ids);
        var x = _layers[0].Forward(ids);
        foreach (var layer in _layers.AsSpan(1)) x = layer.Forward(x);
        return x;
    }

    protected override IEnumerable<KeyValuePair<string, Module>> Children() =>
        _layers.Select((layer, i) => KeyValuePair.Create($"{i}", layer));
}
