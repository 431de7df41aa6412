using ChainRule.Cli.Tests.Commands;
using ChainRule.Zoo.Runs;

namespace ChainRule.Cli.Tests;

public sealed class GradientAlarmTest : IDisposable
{
    readonly SmallTraining _small = new();

    public void Dispose() => _small.Dispose();

    [Fact]
    public void Twelve_sigmoid_layers_are_warned_of_after_training_by_info_and_on_the_page()
    {
        const string Warning = "warning: vanishing gradients: that of hidden.0.0.bias is ";
        string[] asked = ["fit", "--drawn", "moons", "--rows", "200", "--model", "dense", "--set", "layers=12",
            "--steps", "40", "--eval-every", "10"];
        string[] lines = _small.Run([.. asked, "--set", "activation=sigmoid", "--out", "deep"]).Well().Lines;
        string line = Assert.Single(lines, one => one.StartsWith("warning", StringComparison.Ordinal));
        Assert.StartsWith(Warning, line, StringComparison.Ordinal);
        Assert.EndsWith("gradients shrink on their way to the first layers, which hardly learn. What may help: ReLU "
            + "with Kaiming's initialisation, norm layers or skip connections", line, StringComparison.Ordinal);
        lines = _small.Run("info", "deep", "--page").Well().Lines;
        Assert.Single(lines, one => one.StartsWith("warning         vanishing gradients", StringComparison.Ordinal));
        Assert.Contains("Warning: vanishing gradients", File.ReadAllText(_small.PathOf("deep/training.html")),
            StringComparison.Ordinal);

        lines = _small.Run([.. asked, "--set", "skips=true", "--out", "skips"]).Well().Lines;
        Assert.DoesNotContain(lines, one => one.StartsWith("warning", StringComparison.Ordinal));
    }

    [Fact]
    public void A_gradient_that_explodes_is_named_with_its_step() => Assert.Equal(
        "exploding gradients: at step 1200 that of b has a root mean square of 5.0e+3: gradients are so long that a "
            + "step along them throws the parameters away. What may help: clip the gradients, begin with smaller "
            + "weights, or lower the learning rate",
        Assert.Single(GradientAlarm.Of([Line(600, (1, 0.5), (1, 0.1)), Line(1200, (1, 2), (1, 5000))])));

    [Fact]
    public void What_is_small_for_some_steps_or_frozen_or_beside_a_large_parameter_is_no_alarm() => Assert.Empty(
        GradientAlarm.Of([Line(1, (1, 1e-9), (1, 1)), Line(2, (1, 0), (1, 1)), Line(3, (1, 1), (9, 2000))]));

    [Fact]
    public void Nothing_measured_is_no_alarm() => Assert.Empty(GradientAlarm.Of([]));

    static LayerMetrics Line(int step, (double Size, double Gradient) a, (double Size, double Gradient) b) =>
        new(step, new Dictionary<string, double> { ["a"] = a.Size, ["b"] = b.Size },
            new Dictionary<string, double> { ["a"] = a.Gradient, ["b"] = b.Gradient },
            new Dictionary<string, double>());
}
