using ChainRule.Diagnostics;
using ChainRule.Optim;
using ChainRule.Randomness;

namespace ChainRule.Tests.Diagnostics;

public sealed class UpdateRatioTest
{
    [Fact]
    public void It_is_the_logarithm_of_two_standard_deviations()
    {
        var w = Tensor.From(1.0, 2.0, 3.0);
        Assert.Equal(-3, UpdateRatio.Of(w, w * -0.001), 1e-12);
        Assert.Equal(double.NegativeInfinity, UpdateRatio.Of(w, w * 0));
        Assert.True(double.IsNaN(UpdateRatio.Of(Tensor.From(1.0), Tensor.From(0.1))));
        Assert.Equal("update ratio: the parameter is [3] and its update [2]: both must be alike",
            Assert.ThrowsAny<ArgumentException>(() => UpdateRatio.Of(w, Tensor.From(1.0, 2.0))).Message);
    }

    [Theory]
    [InlineData(1e-3, true)]
    [InlineData(1, false)]
    [InlineData(1e-6, false)]
    public void A_rate_is_healthy_fast_or_slow(double rate, bool healthy)
    {
        var rng = new TorchRandom(42);
        var w = Tensor.Randn([10, 8], rng).RequireGrad();
        var optimizer = new Adam([w], rate);
        (Tensor.Randn([16, 10], rng).MatMul(w)).Square().Mean().Backward();
        var report = UpdateRatio.Of(new Dictionary<string, Tensor> { ["w"] = w }, optimizer.Step);
        Assert.Equal(healthy, report.Passed);
        Assert.Equal(Math.Log10(rate), Assert.Single(report.Lines).Log10, 0.5);
        Assert.Contains(healthy ? "w"
            : rate > 0.1 ? "fast: a lower learning rate" : "slow: a higher learning rate, or no gradient comes here",
                report.ToString());
    }

    [Fact]
    public void The_step_that_was_taken_is_what_is_measured()
    {
        var net = new FirstNames();
        net.Loss().Backward();
        var report = UpdateRatio.Of(net.Parameters, new Sgd(net.Parameters.Values, learningRate: 0.1).Step);
        foreach (var line in report.Lines)
        {
            var w = net.Parameters[line.Parameter];
            Assert.Equal(UpdateRatio.Of(w, w.Grad * -0.1), line.Log10, 1e-4);
        }
    }
}
