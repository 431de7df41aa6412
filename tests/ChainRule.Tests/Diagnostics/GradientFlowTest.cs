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
    public void A_gradient_far_below_the_others_vanishes()
    {
        var report = GradientFlow.Of([Leaf("first", 2e-19), Leaf("middle", 1e-3), Leaf("last", 1.7e-3)]);
        Assert.Equal(["first"], report.Lines.Where(line => line.Vanishes).Select(line => line.Parameter));
        Assert.False(report.Passed);
        Assert.Contains("vanishes: 1e-16 of the largest", report.ToString(), StringComparison.Ordinal);
        Assert.True(GradientFlow.Of([Leaf("first", 2e-7), Leaf("last", 1.7e-3)]).Lines[0].Passed);
    }

    [Theory]
    [InlineData(1e28)]
    [InlineData(-1e28)]
    [InlineData(1e200)]
    public void A_huge_gradient_explodes_and_the_others_are_measured_without_it(double size)
    {
        var report = GradientFlow.Of([Leaf("first", size), Leaf("middle", 1e-3), Leaf("last", 1.7e-3)]);
        Assert.Equal(["first"], report.Lines.Where(line => line.Explodes).Select(line => line.Parameter));
        Assert.Equal(["first"], report.Lines.Where(line => !line.Passed).Select(line => line.Parameter));
        string[] table = report.ToString().Split('\n');
        Assert.Contains("explodes: smaller weights, a norm layer or clipping", table[1], StringComparison.Ordinal);
        Assert.All(table, line => Assert.True(line.Length < 130, line));
    }

    [Fact]
    public void A_single_number_has_its_verdict_too()
    {
        var (bias, small) = (Tensor.From(0.5).RequireGrad(), Tensor.From(0.5).RequireGrad());
        (bias * 1e9 + small * 1e-9).Sum().Backward();
        var lines = GradientFlow.Of([new("bias", bias), new("small", small), Leaf("w", 1)]).Lines;
        Assert.Equal((true, true, true), (lines[0].Explodes, lines[1].Vanishes, lines[2].Passed));
    }

    [Fact]
    public void Ten_layers_of_sigmoid_let_the_gradient_vanish()
    {
        var rng = new TorchRandom(3);
        var x = Tensor.Randn([32, 64], rng);
        var weights = new List<KeyValuePair<string, Tensor>>();
        for (int i = 1; i <= 10; i++)
        {
            weights.Add(new($"layer {i}", (Tensor.Randn([64, 64], rng) / 8).RequireGrad()));
            x = x.MatMul(weights[^1].Value).Sigmoid();
        }
        x.Square().Mean().Backward();
        var report = GradientFlow.Of(weights);
        Assert.True(report.Lines[0].Vanishes, report.ToString());
        Assert.True(report.Lines[^1].Passed, report.ToString());
    }

    [Fact]
    public void A_gradient_that_is_not_finite_is_said_to_be()
    {
        var w = Tensor.From(0f, 1f).RequireGrad();
        w.Sqrt().Sum().Backward();
        Assert.False(GradientFlow.Of("w", w).Passed);
        Assert.Contains("not finite: watch with NanWatch",
            GradientFlow.Of(new Dictionary<string, Tensor> { ["w"] = w }).ToString());
    }

    // Of mean 0 and standard deviation 1, with a gradient of that standard deviation.
    static KeyValuePair<string, Tensor> Leaf(string name, double size)
    {
        var w = Tensor.From(-1.0, 0, 1).RequireGrad();
        (w * Tensor.From(-size, 0, size)).Sum().Backward();
        return new(name, w);
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
