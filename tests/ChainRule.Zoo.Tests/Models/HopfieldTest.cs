using ChainRule.Classical;
using ChainRule.Diagnostics;
using ChainRule.Optim;
using ChainRule.Randomness;
using ChainRule.Zoo.Models;

namespace ChainRule.Zoo.Tests.Models;

public sealed class HopfieldTest
{
    static readonly Tensor s_patterns = Tensor.From(
        [.. Enumerable.Range(0, 4 * 30).Select(i => i * i % 7 % 2 == 0 ? 1.0 : -1)], [4, 30]);

    [Fact]
    public void Its_energy_is_that_of_the_classical_network_and_its_gradient_is_right()
    {
        var network = new Hopfield(30);
        network.Sums.CopyInPlace(Tensor.Randn([30, 30], new TorchRandom(1), DType.Float64));
        GradCheck.Require("hopfield", () => network.Energy(s_patterns), network.NamedParameters());
        GradCheck.Require("hopfield", () => network.Unstable(s_patterns), network.NamedParameters());
    }

    /// <summary>A step of gradient descent for each pattern, at a learning rate of 2, is Hebb's rule to the last
    /// bit.</summary>
    [Fact]
    public void Gradient_descent_on_the_energy_is_Hebbs_rule()
    {
        var network = new Hopfield(30);
        var descent = new Sgd(network.Parameters(), Hopfield.Rate);
        for (int k = 0; k < 4; k++)
        {
            descent.ZeroGrad();
            network.Energy(s_patterns.Rows([k])).Backward();
            descent.Step();
        }
        var (trained, known) = (network.Read(), new HopfieldNetwork(s_patterns));
        Assert.Equal(known.Weights.ToArray<double>(), trained.Weights.ToArray<double>());
        double[] state = s_patterns.Rows([2]).ToArray<double>();
        Assert.Equal(known.Energy(state), network.Energy(s_patterns.Rows([2])).Item() / 30, 1e-12);
        for (int i = 0; i < 5; i++) state[3 * i] = -state[3 * i];
        Assert.Equal(known.Recall(state, 1).Energies, trained.Recall(state, 1).Energies);
    }
}
