using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Tests;
using ChainRule.Tests.Layers;
using ChainRule.Zoo.Models;

namespace ChainRule.Zoo.Tests.Models;

public sealed class DenseTest
{
    const string File = "tabular";

    public static TheoryData<string, DType> Recorded => GoldenLayers.Cases("dense", File);

    [Theory, MemberData(nameof(Recorded))]
    public void Outputs_and_gradients_equal_the_recording(string name, DType dtype)
    {
        var golden = Golden.Case(File, name);
        var options = new DenseOptions(golden.Int("hidden"), golden.Int("layers"),
            Enum.Parse<DenseActivation>(golden.Text("activation")), Norm: Enum.Parse<DenseNorm>(golden.Text("norm")),
            Skips: golden.Flag("skips"));
        var model = new Dense(options, golden.Int("columns"), golden.Int("outputs"), new TorchRandom(1));
        GoldenLayers.Load(golden, model, dtype);
        foreach (var (k, step) in golden.Steps.Index())
        {
            if (step.Flag("training")) model.Train();
            else model.Eval();
            model.ZeroGrad();
            var x = GoldenLayers.Make(step.Inputs[0], dtype).RequireGrad();
            GoldenLayers.Backward(model, step, [x], model.Forward(x), $"{name}, {dtype}, step {k}");
        }
    }

    [Theory]
    [InlineData(DenseStart.Xavier, 0.10206)] // √(2 / (64 + 128))
    [InlineData(DenseStart.He, 0.17678)] // √(2 / 64)
    [InlineData(DenseStart.Small, 0.28868)] // 1 / √12
    [InlineData(DenseStart.Large, 1)]
    public void The_first_weights_vary_as_the_start_says(DenseStart start, double deviation)
    {
        var first = First(start);
        double[] weights = [.. first.Weight.ToArray<float>().Select(one => (double)one)];
        Assert.Equal(deviation, Math.Sqrt(weights.Average(one => one * one)), deviation * 0.03);
        Assert.All(first.Bias!.Value.ToArray<float>(), one => Assert.Equal(0, one));
    }

    [Fact]
    public void From_zeros_hidden_units_stay_alike_and_only_the_last_bias_learns()
    {
        var model = new Dense(new(4, 2, Start: DenseStart.Zeros), 3, 2, new TorchRandom(1));
        model.Forward(Tensor.Randn([8, 3], new TorchRandom(2))).CrossEntropy(Ids.From([0, 1, 1, 1, 1, 1, 1, 1]))
            .Backward();
        foreach (var (name, parameter) in model.NamedParameters())
            Assert.Equal(name == "head.bias", parameter.Grad!.ToArray<float>().Any(one => one != 0));
    }

    [Fact]
    public void Images_are_rows_of_pixels_and_other_sizes_are_refused()
    {
        var model = new Dense(new(4, 1), 12, 2, new TorchRandom(1));
        var x = Tensor.Randn([2, 3, 2, 2], new TorchRandom(2));
        Assert.Equal(model.Forward(x.Reshape(2, 12)).ToArray<float>(), model.Forward(x).ToArray<float>());
        Assert.Equal("Dense: the input is [2, 11]: give [N, …] with 12 numbers a row",
            Assert.Throws<ArgumentException>(() => model.Forward(Tensor.Zeros([2, 11]))).Message);
    }

    static Linear First(DenseStart start) =>
        (Linear)((Sequential)new Dense(new(128, 1, Start: start), 64, 2, new TorchRandom(1)).Hidden[0])[0];
}
