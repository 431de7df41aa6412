using ChainRule.Diagnostics;
using ChainRule.Randomness;

namespace ChainRule.Tests.Diagnostics;

public sealed class SaturationTest
{
    [Fact]
    public void Shares_and_dead_units_are_counted_by_column()
    {
        var h = Tensor.From(new float[,] { { 1f, 0.5f, -0.98f, 0 }, { -1f, 0.98f, -1f, 0.1f } });
        var result = Saturation.Of("h", h);
        Assert.Equal((5 / 8.0, 2), (result.SaturatedFraction, result.Dead));
        Assert.False(result.Passed);

        var strict = Saturation.Of("h", h, bound: 0.99);
        Assert.Equal((3 / 8.0, 1), (strict.SaturatedFraction, strict.Dead));
    }

    [Fact]
    public void A_network_of_scaled_weights_is_awake_and_one_of_large_weights_asleep()
    {
        var report = Saturation.Of(Layers(5.0 / 3));
        Assert.True(report.Lines.Skip(1).All(line => line.Passed), report.ToString());
        Assert.All(report.Lines, line => Assert.InRange(line.Std, 0.6, 0.8));

        var large = Saturation.Of(Layers(10));
        Assert.False(large.Passed);
        Assert.All(large.Lines, line => Assert.True(line.SaturatedFraction > 0.5));
        Assert.Contains("saturated: smaller weights before it", large.ToString());
    }

    [Fact]
    public void A_report_prints_as_a_table()
    {
        var report = Saturation.Of(new Dictionary<string, Tensor>
        {
            ["first"] = Tensor.From(new float[,] { { 0.5f, 0 }, { -0.5001f, 0 } }),
            ["second layer"] = Tensor.From(new float[,] { { 1, 0 }, { -1, 0 } }),
        });
        Assert.Equal("""
            layer          shape   mean   std  saturated  dead
            first         [2, 2]  +0.00  0.41     0.00 %     0
            second layer  [2, 2]  +0.00  0.82    50.00 %     1  saturated: smaller weights before it
            """, report.ToString());
    }

    [Fact]
    public void A_single_number_has_no_units() =>
        Assert.Equal("saturation of h: [] has no units to look at: give [examples, units]",
        Assert.ThrowsAny<ArgumentException>(() => Saturation.Of("h", Tensor.Scalar(1))).Message);

    static Dictionary<string, Tensor> Layers(double gain)
    {
        var rng = new TorchRandom(42);
        var x = Tensor.Randn([64, 100], rng);
        Dictionary<string, Tensor> layers = [];
        for (int i = 1; i <= 5; i++)
        {
            x = (x.MatMul(Tensor.Randn([100, 100], rng)) * (gain / 10)).Tanh();
            layers[$"tanh {i}"] = x;
        }
        return layers;
    }
}
