using ChainRule.Errors;
using ChainRule.Randomness;

namespace ChainRule.Scalar;

/// <summary>Neurons side by side, each of which sees every input.</summary>
public sealed class Layer
{
    readonly Neuron[] _neurons;

    /// <exception cref="ArgumentException">There are no inputs or no outputs.</exception>
    public Layer(int inputs, int outputs, PythonRandom rng, Activation activation = Activation.Tanh,
        bool drawBias = true)
    {
        if (rng is null) throw new RefusedNullException("layer: rng is null: give a PythonRandom", nameof(rng));
        if (outputs > Array.MaxLength)
            throw new RefusedRangeException($"layer: {outputs} neurons: an array holds at most {Array.MaxLength}",
                nameof(outputs));
        if (outputs < 1)
            throw new RefusedRangeException($"layer: {outputs} neurons: give at least one", nameof(outputs));
        _neurons = new Neuron[outputs];
        for (int i = 0; i < outputs; i++) _neurons[i] = new Neuron(inputs, rng, activation, drawBias);
    }

    public IReadOnlyList<Neuron> Neurons => _neurons;

    /// <summary>One output for each neuron.</summary>
    public Value[] Forward(params ReadOnlySpan<Value> x)
    {
        var y = new Value[_neurons.Length];
        for (int i = 0; i < y.Length; i++) y[i] = _neurons[i].Forward(x);
        return y;
    }

    /// <summary>The output of a layer that has one neuron.</summary>
    /// <exception cref="InvalidOperationException">The layer has several outputs.</exception>
    public Value Call(params ReadOnlySpan<Value> x)
    {
        if (_neurons.Length != 1)
            throw new InvalidOperationException(
                $"call: this layer has {_neurons.Length} outputs: Forward gives all of them");
        return _neurons[0].Forward(x);
    }

    /// <summary>The parameters of the first neuron, of the second, and so on.</summary>
    public IReadOnlyList<Value> Parameters() => [.. _neurons.SelectMany(neuron => neuron.Parameters())];

    public override string ToString() => $"Layer of [{string.Join<Neuron>(", ", _neurons)}]";
}
