using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Zoo.Settings;

namespace ChainRule.Zoo.Models;

/// <summary>How a perceptron learns.</summary>
/// <param name="Passes">How often Rosenblatt's rule goes through all rows at most.</param>
public sealed record PerceptronOptions([Limits(1, 1_000_000)] int Passes = 1000) : ModelOptions;

/// <summary>The sizes of a neuron: it has none.</summary>
public sealed record NeuronOptions : ModelOptions;

/// <summary>
/// One neuron that tells two classes apart by a weighted sum z = w x + b. Its outputs are the logits 0 and z, so that
/// softmax gives the second class the probability σ(z) = 1 / (1 + e⁻ᶻ): that of a sigmoid neuron, which is ½ or more
/// where a perceptron of the same weights fires, z ≥ 0.
/// </summary>
public sealed class OneNeuron : Module
{
    /// <summary>Whether a model of this name is one neuron.</summary>
    internal static bool Is(string model) => model is "perceptron" or "neuron";

    /// <param name="columns">How many numbers a row has.</param>
    /// <param name="rng">Where the first weights are drawn from.</param>
    public OneNeuron(int columns, RandomSource rng)
    {
        Sum = new(columns, 1, rng);
        // The first prediction is that of no knowledge: equal probabilities, nearly.
        using var quiet = NoGrad.Begin();
        Sum.Weight.CopyInPlace(Sum.Weight * 0.1);
        Sum.Bias?.FillInPlace(0);
    }

    /// <summary>w and b: [rows, columns] → [rows, 1].</summary>
    public Linear Sum { get; }

    /// <summary>[rows, columns] → [rows, 2].</summary>
    protected override Tensor Compute(Tensor x)
    {
        var z = Sum.Forward(x);
        return Tensor.Concat(1, Tensor.Zeros(z.Shape, z.DType), z);
    }
}
