using ChainRule.Diagnostics;
using ChainRule.Optim;

namespace ChainRule.Tests.Diagnostics;

public sealed class OverfitTest
{
    [Fact]
    public void The_first_five_names_are_learned_by_heart()
    {
        var net = new FirstNames();
        Assert.Equal(3481, net.Parameters.Values.Sum(w => w.Count));
        var result = Overfit.Run(net.Loss, new Sgd(net.Parameters.Values, learningRate: 0.1),
            floor: Overfit.Floor(net.X, net.Y));

        Assert.True(result.Passed, result.ToString());
        Assert.Matches(@"^overfit a single batch: loss 17\.7697 to 0\.301\d in \d+ steps, floor 0\.2515: the model "
            + @"overfitted the batch$", result.ToString());
    }

    [Theory]
    [InlineData(DType.Float64, Close.Float64)]
    [InlineData(DType.Float32, Close.Float32)]
    public void The_losses_on_the_way_are_those_of_PyTorch(DType dtype, double relative)
    {
        var golden = Golden.Case("overfit", "overfit of the first five names");
        var net = new FirstNames(dtype);
        var optimizer = new Sgd(net.Parameters.Values, learningRate: golden.Number("rate"));
        var result = Overfit.Run(net.Loss, optimizer, steps: golden.Output.Data.Length - 1, tolerance: 0);
        Close.Equal(golden.Output.Data, result.Losses.ToArray(), relative, $"losses in {dtype}");
    }

    [Fact]
    public void Labels_that_contradict_each_other_have_a_floor()
    {
        var net = new FirstNames();
        Assert.Equal(32, net.Y.Count);
        Assert.Equal(0.2514746738178282, Overfit.Floor(net.X, net.Y), 1e-15);
        Assert.Equal(0, Overfit.Floor(Ids.From(1, 2, 3), Ids.From(0, 0, 1)));
        Assert.Equal(Math.Log(2), Overfit.Floor(Ids.From(7, 7), Ids.From(0, 1)), 1e-15);
        Assert.Equal(0, Overfit.Floor(Ids.From([1, 23, 12, 3], [2, 2]), Ids.From(0, 1)));
    }

    [Fact]
    public void A_network_whose_last_layer_is_cut_off_does_not_learn()
    {
        var net = new FirstNames();
        var optimizer = new Sgd(net.Parameters.Values, learningRate: 0.1);
        var result = Overfit.Run(() => net.Loss(net.Hidden() * 0), optimizer, steps: 300,
            floor: Overfit.Floor(net.X, net.Y));
        Assert.False(result.Passed);
        Assert.Equal(300, result.Steps);
        Assert.EndsWith("or else there is a bug in the model or the loss", result.ToString());
    }

    [Fact]
    public void A_loss_of_the_wrong_sign_goes_through_the_floor()
    {
        var net = new FirstNames();
        var result = Overfit.Run(() => -net.Loss(), new Sgd(net.Parameters.Values, learningRate: 0.1));
        Assert.False(result.Passed);
        Assert.Contains("the loss is below the theoretical minimum: possible label leakage", result.ToString());
    }

    [Fact]
    public void A_rate_that_is_too_high_blows_up_or_goes_up()
    {
        var w = Tensor.From(1f, -2f).RequireGrad();
        var up = Overfit.Run(() => w.Square().Sum(), new Sgd([w], learningRate: 1.1), steps: 20);
        Assert.False(up.Passed);
        Assert.Contains("it went up: lower the learning rate", up.ToString());
        var apart = Overfit.Run(() => w.Square().Sum(), new Sgd([w], learningRate: 1e6), steps: 100);
        Assert.False(apart.Passed);
        Assert.True(apart.Steps < 100);
        Assert.Contains("the loss diverged: lower the learning rate, or watch it with NanWatch", apart.ToString());
    }

    [Fact]
    public void It_stops_at_the_tolerance_and_counts_its_steps()
    {
        var w = Tensor.From(1f).RequireGrad();
        var result = Overfit.Run(() => w.Square().Sum(), new Sgd([w], learningRate: 0.25), floor: 0, tolerance: 0.1);
        Assert.Equal([1.0, 0.25, 0.0625], result.Losses);
        Assert.Equal(2, result.Steps);
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        var w = Tensor.From(1f).RequireGrad();
        Assert.Equal("overfit: 0 steps: give 1 or more",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => Overfit.Run(() => w.Sum(), new Sgd([w]), steps: 0))
                .Message);
        Assert.Equal("overfit: tolerance -1: give 0 or more",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => Overfit.Run(() => w.Sum(), new Sgd([w]), tolerance: -1))
                .Message);
        Assert.Equal("overfit floor: rows [3] and labels [2]: give one label for each row, and at least one",
            Assert.ThrowsAny<ArgumentException>(() => Overfit.Floor(Ids.From(1, 2, 3), Ids.From(0, 1))).Message);
    }
}
