using ChainRule.Errors;
using ChainRule.Randomness;

namespace ChainRule.Scalar;

/// <summary>Which of micrograd's two networks an <see cref="Mlp"/> is.</summary>
public enum MlpStyle
{
    /// <summary>
    /// The one written in the lecture: tanh in every layer, and biases drawn from U(−1, 1) like the weights.
    /// </summary>
    Lecture,

    /// <summary>
    /// The one of the library: ReLU in the hidden layers, none in the last, and biases that start at 0.
    /// </summary>
    Library,
}

/// <summary>
/// A multi-layer perceptron of single numbers: layers of neurons, each fed with the outputs of the one before.
/// </summary>
public sealed class Mlp
{
    readonly Layer[] _layers;
    readonly IReadOnlyList<Value> _parameters;

    /// <summary>
    /// A network with that many neurons in each layer: <c>new Mlp(3, [4, 4, 1], rng)</c> has 41 parameters.
    /// </summary>
    /// <exception cref="ArgumentException">There are no layers, or one of the sizes is below 1.</exception>
    public Mlp(int inputs, ReadOnlySpan<int> sizes, PythonRandom rng, MlpStyle style = MlpStyle.Lecture)
    {
        if (rng is null) throw new RefusedNullException("mlp: rng is null: give a PythonRandom", nameof(rng));
        if (!Enum.IsDefined(style))
            throw new RefusedRangeException($"mlp: {(int)style} is no style: give one of MlpStyle", nameof(style));
        if (sizes.IsEmpty)
            throw new RefusedArgumentException("mlp: there are no layers: give at least one size", nameof(sizes));
        if (inputs < 1) throw new RefusedRangeException($"mlp: {inputs} inputs: give at least one", nameof(inputs));
        foreach (int size in sizes)
            if (size is < 1 || size > Array.MaxLength)
                throw new RefusedRangeException($"mlp: a layer of {size} neurons: give 1 to {Array.MaxLength}",
                    nameof(sizes));
        _layers = new Layer[sizes.Length];
        for (int i = 0; i < sizes.Length; i++)
        {
            bool last = i == sizes.Length - 1;
            var activation = style == MlpStyle.Lecture ? Activation.Tanh : last ? Activation.Linear : Activation.Relu;
            _layers[i] = new Layer(i == 0 ? inputs : sizes[i - 1], sizes[i], rng, activation,
                drawBias: style == MlpStyle.Lecture);
        }
        _parameters = [.. _layers.SelectMany(layer => layer.Parameters())];
    }

    public IReadOnlyList<Layer> Layers => _layers;

    /// <summary>Every output for one example.</summary>
    public Value[] Forward(params ReadOnlySpan<Value> x)
    {
        var y = _layers[0].Forward(x);
        for (int i = 1; i < _layers.Length; i++) y = _layers[i].Forward(y);
        return y;
    }

    /// <summary>The output of a network that has one.</summary>
    /// <exception cref="InvalidOperationException">The network has several outputs.</exception>
    public Value Call(params ReadOnlySpan<Value> x)
    {
        if (_layers[^1].Neurons.Count != 1)
            throw new InvalidOperationException(
                $"call: this network has {_layers[^1].Neurons.Count} outputs: Forward gives all of them");
        return Forward(x)[0];
    }

    /// <summary>Every weight and bias, layer by layer and neuron by neuron, in the order they were drawn.</summary>
    public IReadOnlyList<Value> Parameters() => _parameters;

    /// <summary>Sets the gradient of every parameter to 0, as each step must.</summary>
    public void ZeroGrad()
    {
        foreach (var parameter in _parameters) parameter.Grad = 0;
    }

    public override string ToString() => $"Mlp of [{string.Join<Layer>(", ", _layers)}]";
}
