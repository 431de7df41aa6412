namespace ChainRule.Tests.Layers;

using ChainRule.Layers;
using ChainRule.Randomness;

/// <summary>What an LSTM alone does: it hands on two states. The rest is in <see cref="RecurrentLayerTest"/>.</summary>
public sealed class LstmTest
{
    public static TheoryData<string, DType> FromStates => GoldenLayers.Cases("lstm_state", "sequence");

    [Theory, MemberData(nameof(FromStates))]
    public void From_a_state_to_a_state_outputs_and_gradients_equal_the_recording(string name, DType dtype)
    {
        var golden = Golden.Case("sequence", name);
        var layer = new Lstm(golden.Int("width"), golden.Int("hidden"), new TorchRandom(0));
        GoldenLayers.Load(golden, layer, dtype);
        var step = golden.Steps[0];
        Tensor[] x = [.. step.Inputs.Select(one => GoldenLayers.Make(one, dtype).RequireGrad())];
        var y = layer.Forward(x[0], new(x[1].Unsqueeze(0), x[2].Unsqueeze(0)), out var final);
        GoldenLayers.Backward(layer, step, x,
            Tensor.Concat(1, y, final.Hidden.Transpose(0, 1), final.Cell.Transpose(0, 1)), $"{name}, {dtype}");
    }
}
