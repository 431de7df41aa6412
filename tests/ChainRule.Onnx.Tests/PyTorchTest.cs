using System.Runtime.CompilerServices;
using System.Text.Json;
using ChainRule.Formats;
using ChainRule.Optim;

namespace ChainRule.Onnx.Tests;

/// <summary>Networks that PyTorch wrote: the same outputs, the same gradients, and training goes on.</summary>
public class PyTorchTest
{
    static readonly JsonElement[] s_recorded =
        [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(Golden(), "onnx.json")))
        .RootElement.EnumerateArray()];

    public static TheoryData<string> Names => [.. s_recorded.Select(one => one.GetProperty("name").GetString()!)];

    static string Golden([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "Golden");

    static OnnxNetwork Load(string name) =>
        Formats.Onnx.Import(Path.Combine(Golden(), "onnx", $"{name.Replace(' ', '-')}.onnx"));

    static Tensor Run(OnnxNetwork network, JsonElement input)
    {
        Shape shape = Shape.Create([.. input.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())]);
        double[] data = [.. input.GetProperty("data").EnumerateArray().Select(one => one.GetDouble())];
        return shape.Rank == 2 && shape[1] == 8 ? network.Forward(Ids.From([.. data.Select(one => (int)one)], shape))
            : network.Forward(Tensor.From(data, shape).To(DType.Float32));
    }

    static JsonElement Recorded(string name) => s_recorded.First(one => one.GetProperty("name").GetString() == name);

    [Fact]
    public void Inputs_HaveTypesAndSizes_AndOthersAreRefused()
    {
        var network = Load("cnn");
        var input = Assert.Single(network.Inputs);
        Assert.Equal(OnnxElement.Float32, input.Element);
        Assert.Equal(4, input.Sizes.Count);
        Assert.StartsWith($"{input.Name} float32 [", input.ToString(), StringComparison.Ordinal);
        Assert.Equal(OnnxElement.Float32, Assert.Single(network.Outputs).Element);
        var refused = Assert.ThrowsAny<ArgumentException>(() =>
            network.Forward(Tensor.Zeros([1, 1, 8, 8], DType.Float64)));
        Assert.Contains($"the input '{input.Name}' is Float32, and Float64 was given: use x.To(DType.Float32)",
            refused.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Names))]
    public void ANetworkOfPyTorch_GivesItsOutputsAndGradients(string name)
    {
        var recorded = Recorded(name);
        var network = Load(name);
        var output = recorded.GetProperty("output");
        var y = Run(network, recorded.GetProperty("input"));
        Close.To(Tensor.From([.. output.GetProperty("data").EnumerateArray().Select(one => one.GetSingle())],
            Shape.Create([.. output.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())])), y);
        (y.Square().Sum() / 2).Backward();
        var own = network.NamedParameters().ToDictionary(one => one.Key["weights.".Length..], one => one.Value);
        int compared = 0;
        foreach (var grad in recorded.GetProperty("grads").EnumerateObject())
        {
            // PyTorch writes some weights anew, turned, under names of its own.
            if (!own.TryGetValue(grad.Name, out var w)) continue;
            double expected = grad.Value.GetDouble(), actual = w.Grad.To(DType.Float64).Square().Sum().Item();
            Assert.True(Math.Abs(expected - actual) <= 2e-4 * expected + 1e-12,
                $"{grad.Name}: {expected} there, {actual} here");
            compared++;
        }
        Assert.InRange(compared, 2, int.MaxValue);
    }

    [Theory]
    [InlineData("mlp with norms")]
    [InlineData("cnn")]
    [InlineData("lstm")]
    [InlineData("gpt")]
    public void ANetworkOfPyTorch_IsTrainedOn(string name)
    {
        var network = Load(name);
        var input = Recorded(name).GetProperty("input");
        // Logarithms of three probabilities can come to be those of three equal ones.
        double goal = name == "mlp with norms" ? -Math.Log(3) : 0.5;
        var optimizer = new AdamW(network.Parameters(), 0.01);
        double first = 0, last = 0;
        for (int step = 0; step < 200; step++)
        {
            network.ZeroGrad();
            var loss = (Run(network, input) - goal).Square().Mean();
            last = loss.Item();
            if (step == 0) first = last;
            loss.Backward();
            optimizer.Step();
        }
        Assert.InRange(last, 0, first / 10);
    }
}
