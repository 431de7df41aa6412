using ChainRule.Randomness;
using ChainRule.Tests;
using ChainRule.Tests.Layers;
using ChainRule.Zoo.Models;

namespace ChainRule.Zoo.Tests.Models;

public sealed class TableMlpTest
{
    const string File = "tabular";

    public static TheoryData<string, DType> Recorded => GoldenLayers.Cases("table_mlp", File);

    [Theory, MemberData(nameof(Recorded))]
    public void Outputs_losses_and_gradients_equal_the_recording(string name, DType dtype)
    {
        var golden = Golden.Case(File, name);
        var options = new TableMlpOptions(golden.Int("hidden"), golden.Int("layers"), Dropout: 0, golden.Int("members"),
            golden.Int("frequencies"));
        var model = new TableMlp(options, golden.Int("columns"), golden.Int("outputs"), new TorchRandom(1));
        GoldenLayers.Load(golden, model, dtype);
        foreach (var (k, step) in golden.Steps.Index())
        {
            if (step.Flag("training")) model.Train();
            else model.Eval();
            model.ZeroGrad();
            var x = GoldenLayers.Make(step.Inputs[0], dtype).RequireGrad();
            var y = model.Forward(x);
            if (golden.Has("goals"))
            {
                double[] goals = [.. golden.Args.GetProperty("goals").EnumerateArray().Select(one =>
                    one.GetDouble())];
                y = y.MseLoss(Tensor.From([.. Enumerable.Repeat(goals, y.Shape[0] / goals.Length)
                    .SelectMany(goal => goal)], y.Shape).To(dtype));
            }
            GoldenLayers.Backward(model, step, [x], y, $"{name}, {dtype}, step {k}");
        }
    }

    [Fact]
    public void The_first_predictions_are_those_of_no_knowledge()
    {
        var model = new TableMlp(new(), 3, 2, new TorchRandom(1));
        model.Eval();
        var y = model.Forward(Tensor.Randn([50, 3], new TorchRandom(2)));
        Assert.All(y.ToArray<float>(), one => Assert.InRange(one, -0.5, 0.5));
    }
}
