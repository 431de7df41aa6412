using ChainRule.Classical;
using ChainRule.Randomness;

namespace ChainRule.Tests.Classical;

public sealed class HopfieldNetworkTest
{
    [Fact]
    public void Weights_and_energy_are_those_of_the_formula()
    {
        var network = new HopfieldNetwork(Tensor.From(new double[,] { { 1, -1, 1 }, { 1, 1, -1 } }));
        Close.Equal([0, 0, 0, 0, 0, -2 / 3.0, 0, -2 / 3.0, 0], network.Weights.ToArray<double>(),
            Close.Float64, "weights");
        Assert.Equal(-2 / 3.0, network.Energy([1, -1, 1]), 12);
        Assert.Equal(2 / 3.0, network.Energy([1, 1, 1]), 12);
    }

    [Fact]
    public void A_damaged_pattern_is_completed_and_the_energy_never_rises()
    {
        var patterns = Patterns(5, 100, seed: 1);
        var network = new HopfieldNetwork(patterns);
        double[] all = patterns.ToArray<double>();
        for (int k = 0; k < 5; k++)
        {
            double[] pattern = all[(100 * k)..(100 * k + 100)], damaged = [.. pattern];
            for (int i = 0; i < 20; i++) damaged[5 * i] *= -1;
            var recall = network.Recall(damaged, seed: 7);
            Assert.Equal(pattern, recall.State);
            Assert.Equal(recall.Energies.OrderDescending(), recall.Energies);
            Assert.Equal(network.Energy(pattern), recall.Energies[^1]);
        }
        // Every state comes to rest, whatever it is near to.
        for (ulong seed = 0; seed < 50; seed++)
        {
            var recall = network.Recall(Patterns(1, 100, seed).ToArray<double>(), seed);
            Assert.Equal(recall.Energies.OrderDescending(), recall.Energies);
            Assert.Equal(recall.State, network.Recall([.. recall.State], seed + 1).State);
        }
    }

    /// <summary>
    /// Amit, Gutfreund and Sompolinsky: below 0.138 n patterns stay nearly whole, above they are lost.
    /// </summary>
    [Fact]
    public void Its_capacity_is_near_a_seventh_of_its_neurons()
    {
        Assert.InRange(Overlap(0.10), 0.97, 1);
        Assert.InRange(Overlap(0.13), 0.90, 1);
        Assert.InRange(Overlap(0.20), 0, 0.75);

        static double Overlap(double load)
        {
            const int N = 1000;
            var patterns = Patterns((int)(load * N), N, seed: 5);
            var network = new HopfieldNetwork(patterns);
            double[] all = patterns.ToArray<double>();
            return Enumerable.Range(0, 20).Average(k =>
            {
                double[] pattern = all[(N * k)..(N * k + N)];
                return network.Recall(pattern, 1).State.Zip(pattern, (s, p) => s * p).Average();
            });
        }
    }

    [Fact]
    public void What_is_no_state_is_named()
    {
        Refused.With<ArgumentException>("Hopfield network: 0 is no state of a neuron: give −1 and 1",
            () => _ = new HopfieldNetwork(Tensor.From(new double[,] { { 1, 0 } })));
        var network = new HopfieldNetwork(Tensor.From(new double[,] { { 1, -1 } }));
        Refused.With<ArgumentException>("Hopfield network: a state of 3 for 2 neurons: give one number for each",
            () => network.Energy([1, 1, 1]));
        Assert.Equal("Hopfield network of 2 neurons", network.ToString());
        Refused.With<ArgumentException>("Hopfield network: weights [1, 2]: give a square matrix",
            () => HopfieldNetwork.OfWeights(Tensor.From(new double[,] { { 1, 0 } })));
        Refused.With<ArgumentException>("Hopfield network: the weight from neuron 0 to 1 is 2, and that from 1 to 0 is "
            + "1: give a symmetric matrix with 0 on the diagonal",
            () => HopfieldNetwork.OfWeights(Tensor.From(new double[,] { { 0, 1 }, { 2, 0 } })));
    }

    [Fact]
    public void More_neurons_than_an_array_holds_weights_of_and_weights_without_energies_are_refused()
    {
        Refused.With<ArgumentException>("Hopfield network: patterns of 50,000 neurons: each is joined to each, and "
            + "more "
            + "weights than an array holds: give 46,000 at most",
            () => _ = new HopfieldNetwork(Tensor.Ones([1, 50_000], DType.Float64)));
        Refused.With<ArgumentException>("Hopfield network: weights of size 1E+308: energies of them are beyond what a "
            + "double holds: divide all weights by one number, which changes no recall",
            () => HopfieldNetwork.OfWeights(Tensor.From(new double[,] { { 0, 1e308 }, { 1e308, 0 } })));
    }

    [Fact]
    public void A_network_of_known_weights_recalls_as_the_one_that_they_are_of()
    {
        var patterns = Patterns(5, 70, seed: 3);
        var stored = new HopfieldNetwork(patterns);
        var known = HopfieldNetwork.OfWeights(stored.Weights);
        double[] state = patterns.Rows([1]).ToArray<double>();
        for (int i = 0; i < 12; i++) state[5 * i] = -state[5 * i];
        Assert.Equal(stored.Recall(state, 4).Energies, known.Recall(state, 4).Energies);
        Assert.Equal(stored.Weights.ToArray<double>(), known.Weights.ToArray<double>());
    }

    static Tensor Patterns(int count, int n, ulong seed)
    {
        double[] p = new double[count * n];
        new TorchRandom(seed).Bernoulli(p, 0.5);
        return Tensor.From(p, [count, n]) * 2 - 1;
    }
}
