using ChainRule.Classical;
using ChainRule.Layers;
using ChainRule.Optim;

namespace ChainRule.Zoo.Models;

/// <summary>The sizes of a Hopfield network: it has as many neurons as its patterns have pixels.</summary>
public sealed record HopfieldOptions : ModelOptions;

/// <summary>
/// Hopfield's memory as a network that a trainer trains. Hebb's rule is gradient descent on the energy of the pattern p
/// that is stored: to learn is to lower the energy of what is to be remembered, as to recall is to lower that of the
/// state.
/// <code lang="math">
/// E(p) = −½ Σᵢⱼ vᵢⱼ pᵢ pⱼ,  vᵢᵢ = 0,  v = n w
/// vᵢⱼ ← vᵢⱼ − 2 ∂E/∂vᵢⱼ = vᵢⱼ + pᵢ pⱼ,  so that w = 1/n Σ pᵢ pⱼ over the patterns stored
/// </code>
/// </summary>
public sealed class Hopfield : Module
{
    /// <summary>The learning rate at which gradient descent is Hebb's rule.</summary>
    internal const double Rate = 2;

    /// <param name="neurons">n.</param>
    public Hopfield(int neurons) => Sums = Parameter(Tensor.Zeros([neurons, neurons], DType.Float64));

    /// <summary>v = n w, [neurons, neurons]: whole numbers; what stands on the diagonal counts for nothing.</summary>
    public Tensor Sums { get; }

    int Neurons => Sums.Shape[0];

    /// <summary>The network of the weights as they are now, which recalls.</summary>
    public HopfieldNetwork Read() => HopfieldNetwork.OfWeights(WithoutDiagonal().Detach() / Neurons);

    /// <summary>The mean energy of patterns, [patterns, neurons].</summary>
    public Tensor Energy(Tensor patterns) => -0.5 * (Forward(patterns) * patterns).Sum() / patterns.Shape[0];

    /// <summary>How far patterns are from staying as they are: the mean of max(0, 1 − pᵢ Σⱼ vᵢⱼ pⱼ) over their neurons,
    /// which is 0 where all are fixed points by a margin.</summary>
    public Tensor Unstable(Tensor patterns) => (1 - Forward(patterns) * patterns).Relu().Mean();

    /// <summary>What the neurons sum up: [states, neurons] → [states, neurons].</summary>
    protected override Tensor Compute(Tensor x) => x.MatMul(WithoutDiagonal(), transposeB: true);

    Tensor WithoutDiagonal()
    {
        double[] mask = new double[Neurons * Neurons];
        Array.Fill(mask, 1);
        for (int i = 0; i < Neurons; i++) mask[i * Neurons + i] = 0;
        return Sums * Tensor.From(mask, [Neurons, Neurons]);
    }
}
