namespace ChainRule.Tests.Layers;

using ChainRule.Classical;
using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Metrics;
using ChainRule.Optim;
using ChainRule.Randomness;
using ChainRule.Training;

public sealed class RadialBasisTest
{
    public static TheoryData<string, DType> Recorded => GoldenLayers.Cases("radial_basis");

    [Theory, MemberData(nameof(Recorded))]
    public void Outputs_and_gradients_equal_the_recording(string name, DType dtype) =>
        GoldenLayers.Replay(name, dtype,
            golden => new RadialBasis(Tensor.Zeros([golden.Int("centres"), golden.Int("columns")]), 1));

    [Theory]
    [InlineData(5, 3)]
    [InlineData(2, 4, 3)]
    public void Gradients_are_right(params int[] shape) =>
        GradientsOf.Layer(new RadialBasis(Tensor.Randn([4, 3], new TorchRandom(2)), 2), shape);

    [Fact]
    public void At_a_centre_it_is_1_and_a_width_away_the_root_of_1_over_e()
    {
        var layer = new RadialBasis(Tensor.From(new double[,] { { 1, 2 }, { 4, 6 } }), 5);
        Close.Equal([1, Math.Exp(-0.5)], layer.Forward(Tensor.From(new double[,] { { 1, 2 } })).ToArray<double>(),
            1e-12, "bumps");
        Assert.Equal(5, RadialBasis.Around(layer.Centres).Width[0], 1e-12);
        Assert.Equal(1, RadialBasis.Around(Tensor.Ones([1, 2])).Width[0]);
        Assert.Equal(1, RadialBasis.Around(Tensor.Ones([2, 2])).Width[0]);
    }

    [Fact]
    public void A_network_around_k_means_centres_learns_a_wave()
    {
        var rng = new TorchRandom(1);
        var x = Tensor.Uniform([200, 1], -3, 3, rng);
        var y = (x * 2).Sin();
        var network = new Sequential(RadialBasis.Around(KMeans.Fit(x, 12, seed: 1).Centres.To(DType.Float32)),
            new Linear(12, 1, rng));
        var trainer = new Trainer<Tensor, Tensor>(network, new Adam(network.Parameters(), 0.03),
            Batches.Shuffled(Dataset.From(x, y), 50, 1), (a, b) => network.Forward(a).MseLoss(b));
        trainer.Fit(600);
        Assert.True(RegressionReport.Of(network.Forward(x), y).RSquared > 0.99);
    }

    [Fact]
    public void What_does_not_fit_is_said()
    {
        void Refuse(string sentence, Action asked) =>
            Assert.Equal(sentence, Assert.ThrowsAny<ArgumentException>(asked).Message);
        Refuse("RadialBasis: the centres are [3]: give a matrix [centres, columns] with at least one of each",
            () => _ = new RadialBasis(Tensor.Ones([3]), 1));
        Refuse("RadialBasis: width 0: give a finite number above 0", () => _ = new RadialBasis(Tensor.Ones([3, 2]), 0));
        Refuse("RadialBasis(3, 2): the input is [1, 3], and its last axis is not 2: give [.., 2]",
            () => new RadialBasis(Tensor.Ones([3, 2]), 1).Forward(Tensor.Ones([1, 3])));
    }
}
