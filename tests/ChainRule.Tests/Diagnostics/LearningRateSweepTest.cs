using ChainRule.Diagnostics;
using ChainRule.Optim;

namespace ChainRule.Tests.Diagnostics;

public sealed class LearningRateSweepTest
{
    [Fact]
    public void The_rates_are_equally_spaced_in_their_logarithm_and_each_trains_one_step()
    {
        // x ← x (1 − 2 η), so the loss x² is multiplied by (1 − 2 η)² from one step to the next.
        var x = Tensor.From(1.0).RequireGrad();
        var sweep = LearningRateSweep.Run(() => x.Square().Sum(), new Sgd([x]), from: 0.01, to: 1, steps: 3);
        Close.Equal([0.01, 0.1, 1], sweep.LearningRates.ToArray(), 1e-15, "rates");
        Close.Equal([1, Math.Pow(0.98, 2), Math.Pow(0.98 * 0.8, 2)], sweep.Losses.ToArray(), 1e-15, "losses");
    }

    [Fact]
    public void The_valley_of_the_names_network_lies_between_a_hundredth_and_one()
    {
        var net = new FirstNames();
        var sweep = LearningRateSweep.Run(net.Loss, new Sgd(net.Parameters.Values), from: 1e-3, to: 10, steps: 200);
        Assert.True(sweep.Passed, sweep.ToString());
        Assert.InRange(sweep.Best, 0.01, 1);
        Assert.Matches(@"^learning-rate sweep: 1e-3 to 1e1 in 200 steps, loss 17\.7697, lowest \d\.\d{4}: the valley "
            + @"lies at \d\.\de-1$", sweep.ToString());
    }

    [Theory]
    [InlineData(1e-5, 1e-3, 0, "it still falls at the end: sweep to higher rates")]
    [InlineData(20, 2000, 0, "it only rises: sweep from lower rates")]
    [InlineData(1e-3, 1, 1, "there is no valley: sweep further, or no gradient comes through")]
    public void A_sweep_without_a_valley_says_what_to_do(double from, double to, double cut, string verdict)
    {
        var net = new FirstNames();
        var sweep = LearningRateSweep.Run(() => net.Loss(net.Hidden() * (1 - cut)) * (1 - cut) + cut,
            new Sgd(net.Parameters.Values), from, to, steps: 200);
        Assert.False(sweep.Passed);
        Assert.EndsWith(verdict, sweep.ToString());
    }

    [Fact]
    public void It_leaves_the_network_and_the_optimiser_as_they_were()
    {
        var net = new FirstNames();
        var optimizer = new Adam(net.Parameters.Values, learningRate: 0.02);
        net.Loss().Backward();
        optimizer.Step();
        double[][] before = All();
        LearningRateSweep.Run(net.Loss, optimizer, steps: 20);
        Assert.Equal(before, All());
        Assert.Equal(0.02, optimizer.LearningRate);
        Assert.Equal(1, optimizer.Steps);

        double[][] All() =>
            [.. net.Parameters.Values.Concat(optimizer.State.Select(s => s.Value))
                .Select(w => w.To(DType.Float64).ToArray<double>())];
    }

    [Fact]
    public void A_loss_that_is_no_longer_finite_ends_the_sweep()
    {
        var x = Tensor.From(1f).RequireGrad();
        var sweep = LearningRateSweep.Run(() => x.Square().Sum(), new Sgd([x]), from: 1e-3, to: 1e6, steps: 400);
        Assert.True(sweep.Losses.Count < 400);
        Assert.False(double.IsFinite(sweep.Losses[^1]));
        Assert.True(sweep.Passed, sweep.ToString());
        Assert.Equal([1f], x.ToArray<float>());
    }

    [Fact]
    public void Smoothing_averages_as_many_on_either_side()
    {
        double[] losses = [.. Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? 1.0 : 3.0)];
        var smoothed = new LearningRateSweepResult(new double[40], losses).Smoothed;
        Assert.Equal([1, (1 + 3 + 1) / 3.0, (1 + 3 + 1 + 3 + 1) / 5.0], smoothed.Take(3));
        Assert.Equal(3, smoothed[^1]);
        double[] line = [.. Enumerable.Range(0, 60).Select(i => 0.5 * i)];
        Close.Equal(line, new LearningRateSweepResult(new double[60], line).Smoothed.ToArray(), 1e-12,
            "a line stays a line");
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        var x = Tensor.From(1f).RequireGrad();
        Assert.Equal("learning-rate sweep: from 1 to 0.1: give rates that rise from above 0", Refusal(1, 0.1, 10));
        Assert.Equal("learning-rate sweep: from 0 to 1: give rates that rise from above 0", Refusal(0, 1, 10));
        Assert.Equal("learning-rate sweep: 1 steps: give 2 or more, one for each rate", Refusal(0.1, 1, 1));
        string Refusal(double from, double to, int steps) =>
            Assert.ThrowsAny<ArgumentOutOfRangeException>(
                () => LearningRateSweep.Run(() => x.Sum(), new Sgd([x]), from, to, steps)).Message;
    }
}
