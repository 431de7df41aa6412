using ChainRule.Diagnostics;
using ChainRule.Randomness;

namespace ChainRule.Tests.Diagnostics;

public sealed class GradientFlowTest
{
    [Fact]
    public void Mean_deviation_and_ratio_are_those_of_the_gradient()
    {
        var w = Tensor.From(1.0, 2.0, 3.0).RequireGrad();
        w.Square().Sum().Backward();
        var line = GradientFlow.Of("w", w);
        Assert.Equal((4.0, 2.0, 2.0, true), (line.Mean, line.Std, line.Ratio, line.Passed));
    }

    [Fact]
    public void Every_parameter_of_a_whole_network_is_reached()
    {
        var net = new FirstNames();
        net.Loss().Backward();
        var report = GradientFlow.Of(net.Parameters);
        Assert.True(report.Passed, report.ToString());
        Assert.Equal(["C", "W1", "b1", "W2", "b2"], report.Lines.Select(line => line.Parameter));
    }

    [Fact]
    public void What_stands_before_a_cut_is_not_reached()
    {
        var net = new FirstNames();
        net.Loss(net.Hidden().Detach()).Backward();
        var report = GradientFlow.Of(net.Parameters);
        Assert.Equal(["C", "W1", "b1"], report.Lines.Where(line => !line.Passed).Select(line => line.Parameter));
        Assert.Contains("no gradient comes here", report.ToString());
    }

    [Fact]
    public void Gradients_fade_through_small_weights_and_the_table_shows_it()
    {
        var (healthy, faded) = (Spread(5.0 / 3), Spread(0.2));
        Assert.InRange(healthy, 0.2, 5);
        Assert.True(faded > 100, $"last layer over first: {faded}");
    }

    [Fact]
    public void A_gradient_that_is_not_finite_is_said_to_be()
    {
        var w = Tensor.From(0f, 1f).RequireGrad();
        w.Sqrt().Sum().Backward();
        Assert.False(GradientFlow.Of("w", w).Passed);
        Assert.Contains("not finite: watch with NanWatch", GradientFlow.Of(new Dictionary<string, Tensor> { ["w"] = w }).ToString());
    }

    /// <summary>The gradient of the last of five tanh layers' outputs over that of the first.</summary>
    static double Spread(double gain)
    {
        var rng = new TorchRandom(42);
        var x = Tensor.Randn([64, 100], rng);
        Dictionary<string, Tensor> layers = [];
        for (int i = 1; i <= 5; i++)
        {
            x = (x.MatMul(Tensor.Randn([100, 100], rng).RequireGrad()) * (gain / 10)).Tanh();
            layers[$"tanh {i}"] = x;
        }
        x.MatMul(Tensor.Randn([100, 27], rng)).CrossEntropy(Ids.Random([64], 0, 27, rng)).Backward();
        var lines = GradientFlow.Of(layers).Lines;
        return lines[^1].Std / lines[0].Std;
    }
}
