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

    protected override Tensor Compute(Tensor x) => Compute(x, 0);

    protected override Tensor Compute(Ids ids)
    {
        if (_layers.Length == 0) return base.Compute(ids);
        return Compute(_layers[0].Forward(ids), 1);
    }

    Tensor Compute(Tensor x, int first)
    {
        for (int i = first; i < _layers.Length;) x = Joined(x, ref i) ?? _layers[i++].Forward(x);
        return x;
    }

    /// <summary>
    /// A layer with the ReLU, and a convolution with the pooling, behind it in one pass, where a
    /// <see cref="Predictor"/> asks and nobody sees what is between them; null elsewhere.
    /// </summary>
    Tensor? Joined(Tensor x, ref int i)
    {
        if (FrozenWeights.Current is null || Watch.Current is not null || !NoGrad.IsOn) return null;
        int next = i + 1;
        if (_layers[i] is Linear { IsObserved: false, Bias: { } bias } linear)
        {
            if (next == _layers.Length || _layers[next] is not Relu { IsObserved: false }) return null;
            i = next + 1;
            return linear.Joined(x, bias);
        }
        if (_layers[i] is not Conv2d { IsObserved: false } convolution) return null;
        bool relu = convolution.Options.Relu;
        if (next < _layers.Length && _layers[next] is Relu { IsObserved: false }) (relu, next) = (true, next + 1);
        bool pool = relu && next < _layers.Length && _layers[next] is MaxPool2d { IsObserved: false, IsOfPairs: true };
        if (pool) next++;
        if (next == i + 1) return null;
        i = next;
        return convolution.Joined(x, relu, pool);
    }

    protected override IEnumerable<KeyValuePair<string, Module>> Children() =>
        _layers.Select((layer, i) => KeyValuePair.Create($"{i}", layer));
}
