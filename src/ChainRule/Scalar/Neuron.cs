using ChainRule.Errors;
using ChainRule.Randomness;

namespace ChainRule.Scalar;

/// <summary>
/// y = activation(b + Σ wᵢ xᵢ), with weights drawn from U(−1, 1); the bias is drawn after them, or starts at 0.
/// </summary>
public sealed class Neuron
{
    readonly Value[] _weights;

    /// <exception cref="ArgumentException">There are no inputs.</exception>
    public Neuron(int inputs, PythonRandom rng, Activation activation = Activation.Tanh, bool drawBias = true)
    {
        if (rng is null) throw new RefusedNullException("neuron: rng is null: give a PythonRandom", nameof(rng));
        if (!Enum.IsDefined(activation))
            throw new RefusedRangeException($"neuron: {(int)activation} is no activation: give one of Activation",
                nameof(activation));
        if (inputs > Array.MaxLength)
            throw new RefusedRangeException($"neuron: {inputs} inputs: an array holds at most {Array.MaxLength}",
                nameof(inputs));
        if (inputs < 1) throw new RefusedRangeException($"neuron: {inputs} inputs: give at least one", nameof(inputs));
        _weights = new Value[inputs];
        for (int i = 0; i < inputs; i++) _weights[i] = rng.Uniform(-1, 1);
        Bias = drawBias ? rng.Uniform(-1, 1) : 0;
        Activation = activation;
    }

    public IReadOnlyList<Value> Weights => _weights;

    public Value Bias { get; }

    public Activation Activation { get; }

    /// <summary>The output for one example.</summary>
    /// <exception cref="ArgumentException">There are not as many numbers as inputs.</exception>
    public Value Forward(params ReadOnlySpan<Value> x)
    {
        if (x.Length != _weights.Length)
            throw new RefusedArgumentException(
                $"neuron: {x.Length} numbers for {_weights.Length} inputs: give one for each", nameof(x));
        var sum = Bias;
        for (int i = 0; i < x.Length; i++)
            sum += _weights[i]
                * (x[i] ?? throw new RefusedNullException($"neuron: number {i} is null: give a Value", nameof(x)));
        return Activation switch
        {
            Activation.Tanh => sum.Tanh(),
            Activation.Relu => sum.Relu(),
            Activation.Sigmoid => sum.Sigmoid(),
            _ => sum,
        };
    }

    /// <summary>The weights, then the bias.</summary>
    public IReadOnlyList<Value> Parameters() => [.. _weights, Bias];

    public override string ToString() => $"{Activation}Neuron({_weights.Length})";
}
