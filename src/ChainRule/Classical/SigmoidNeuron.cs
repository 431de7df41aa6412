using System.Globalization;
using System.Numerics.Tensors;

namespace ChainRule.Classical;

/// <summary>
/// A perceptron whose step is smooth: a small change of a weight changes the output a little, in proportion to the
/// derivative, and so it can be learned by gradient descent. The output lies between 0 and 1, as a probability does.
/// <code lang="math">
/// o = σ(Σ wⱼ xⱼ + b),  σ(z) = 1 / (1 + e⁻ᶻ)
/// ∂o/∂wⱼ = o (1 − o) xⱼ,  ∂o/∂b = o (1 − o),  Δo ≈ Σ ∂o/∂wⱼ Δwⱼ + ∂o/∂b Δb
/// </code>
/// </summary>
public sealed class SigmoidNeuron
{
    const string Asked = "sigmoid neuron";

    readonly double[] _weights;

    /// <param name="weights">w, one of each input.</param>
    /// <param name="bias">b.</param>
    /// <exception cref="ArgumentException">There are no weights, or a number is not finite.</exception>
    public SigmoidNeuron(IReadOnlyList<double> weights, double bias)
    {
        Throw.IfNull(weights, Asked);
        if (weights.Count == 0)
            Throw.Argument($"{Asked}: there are no weights: give one for each input", nameof(weights));
        foreach (double w in weights) Throw.IfNotFinite(w, Asked, "weight", nameof(weights));
        (_weights, Bias) = ([.. weights], Throw.IfNotFinite(bias, Asked, "bias"));
    }

    /// <summary>w.</summary>
    public IReadOnlyList<double> Weights => _weights;

    /// <summary>b.</summary>
    public double Bias { get; }

    /// <summary>z = Σ wⱼ xⱼ + b; infinite, with its sign, where it is beyond what a double holds.</summary>
    /// <exception cref="ArgumentException">There are not as many inputs as weights, or one is not finite.</exception>
    public double WeightedSum(params ReadOnlySpan<double> x) => WeightedInputs.Sum(Asked, _weights, x, Bias);

    /// <summary>σ(z), between 0 and 1: a probability.</summary>
    /// <exception cref="ArgumentException">There are not as many inputs as weights, or one is not finite.</exception>
    public double Output(params ReadOnlySpan<double> x) => 1 / (1 + Math.Exp(-WeightedSum(x)));

    /// <summary>1 where the output is at least ½, that is where z ≥ 0, else 0: what a perceptron of the same weights
    /// says.</summary>
    /// <exception cref="ArgumentException">There are not as many inputs as weights, or one is not finite.</exception>
    public int Decision(params ReadOnlySpan<double> x) => WeightedSum(x) >= 0 ? 1 : 0;

    /// <summary>∂o/∂wⱼ of each weight, then ∂o/∂b: how far the output moves when one of them does.</summary>
    /// <exception cref="ArgumentException">There are not as many inputs as weights, or one is not finite.</exception>
    public double[] Derivatives(params ReadOnlySpan<double> x)
    {
        // σ(−z) is 1 − σ(z) to its last digit, where the difference would lose them.
        double z = WeightedSum(x), derivative = 1 / (1 + Math.Exp(-z)) / (1 + Math.Exp(z));
        double[] all = new double[x.Length + 1];
        for (int j = 0; j < x.Length; j++) all[j] = derivative * x[j];
        all[^1] = derivative;
        return all;
    }

    /// <summary>The same neuron with changed weights.</summary>
    /// <param name="changes">Δwⱼ of each weight, then Δb.</param>
    /// <exception cref="ArgumentException">There are not as many changes as weights and bias.</exception>
    public SigmoidNeuron Changed(params ReadOnlySpan<double> changes)
    {
        if (changes.Length != _weights.Length + 1)
            Throw.Argument($"{Asked}: {changes.Length} changes for {_weights.Length} weights and a bias: give "
                + $"{_weights.Length + 1}", nameof(changes));
        double[] moved = new double[_weights.Length];
        TensorPrimitives.Add(_weights, changes[..^1], moved);
        return new(moved, Bias + changes[^1]);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"sigmoid neuron: σ({string.Join(" + ", _weights.Select((w, j) => $"{w:G4} x{j + 1}"))} + {Bias:G4})");
}
