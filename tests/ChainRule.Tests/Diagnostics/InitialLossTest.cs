using ChainRule.Diagnostics;
using ChainRule.Randomness;

namespace ChainRule.Tests.Diagnostics;

public sealed class InitialLossTest
{
    [Theory]
    [InlineData(2, 0.693147)]
    [InlineData(10, 2.302585)]
    [InlineData(27, 3.295837)]
    [InlineData(65, 4.174387)]
    [InlineData(50257, 10.824905)]
    public void Ignorance_of_n_classes_costs_ln_n(int classes, double expected) =>
        Assert.Equal(expected, InitialLoss.Expected(classes), 6);

    [Fact]
    public void A_network_with_small_output_weights_starts_without_prejudice()
    {
        var result = InitialLoss.Check(FirstLoss(0.01), 27);
        Assert.True(result.Passed, result.ToString());
        Assert.Matches(@"^initial loss: 3\.\d{4}, expected initial loss for 27 classes: ln 27 = 3\.2958: it matches "
            + @"the expected initial loss$", result.ToString());
    }

    [Fact]
    public void A_network_with_large_output_weights_is_confidently_wrong()
    {
        var result = InitialLoss.Check(FirstLoss(1), 27);
        Assert.False(result.Passed);
        Assert.EndsWith("the output weights are too large, so the network is confidently wrong: scale them down, and "
            + "start the output bias at 0",
            result.ToString());
    }

    [Fact]
    public void The_tolerance_is_counted_in_nats_on_either_side()
    {
        double expected = InitialLoss.Expected(27);
        Assert.True(InitialLoss.Check(expected + 0.049, 27).Passed);
        Assert.False(InitialLoss.Check(expected + 0.051, 27).Passed);
        Assert.True(InitialLoss.Check(expected + 0.051, 27, tolerance: 0.1).Passed);
        var below = InitialLoss.Check(1, 27);
        Assert.False(below.Passed);
        Assert.EndsWith("no untrained network can know that: the weights were trained before, the labels are among the "
            + "inputs, or there are fewer classes",
            below.ToString());
    }

    [Fact]
    public void A_loss_that_is_not_finite_fails()
    {
        Assert.False(InitialLoss.Check(double.NaN, 27).Passed);
        Assert.EndsWith("the network overflows before it learns: watch it with NanWatch",
            InitialLoss.Check(double.PositiveInfinity, 27).ToString());
    }

    [Fact]
    public void One_class_is_refused() =>
        Assert.Equal("initial loss: 1 classes: with fewer than 2 there is nothing to predict",
        Assert.ThrowsAny<ArgumentOutOfRangeException>(() => InitialLoss.Expected(1)).Message);

    static double FirstLoss(double scale)
    {
        var rng = new TorchRandom(2147483647);
        var h = Tensor.Randn([32, 100], rng).Tanh();
        var logits = h.MatMul(Tensor.Randn([100, 27], rng) * scale);
        return logits.CrossEntropy(Ids.Random([32], 0, 27, rng)).Item();
    }
}
