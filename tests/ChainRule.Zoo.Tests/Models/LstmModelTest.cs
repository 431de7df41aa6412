using ChainRule.Diagnostics;
using ChainRule.Randomness;
using ChainRule.Tests.Layers;
using ChainRule.Zoo.Models;

namespace ChainRule.Zoo.Tests.Models;

public sealed class LstmModelTest
{
    public static TheoryData<string, DType> Recorded => GoldenLayers.Cases("lstm", "models");

    [Theory, MemberData(nameof(Recorded))]
    public void Loss_and_gradients_equal_the_recording(string name, DType dtype) =>
        GoldenLayers.Replay(name, dtype, golden => new LstmModel(new(6, golden.Int("width"), golden.Int("hidden")), 5, new TorchRandom(1)), "models");

    [Fact]
    public void It_has_the_parameters_of_its_three_layers() => Assert.Equal(36_763, new LstmModel(new(), 27, new TorchRandom(1)).ParameterCount);

    [Fact]
    public void Its_gradients_are_right()
    {
        var model = new LstmModel(new(4, 2, 3), 5, new TorchRandom(1));
        model.To(DType.Float64);
        var (x, y) = (Ids.From([0, 3, 1, 4, 2, 2], [2, 3]), Ids.From([3, 1, 0, 2, 1, -1], [2, 3]));
        GradCheck.Require("lstm", () => model.Forward(x).CrossEntropy(y), model.NamedParameters());
    }

    [Fact]
    public void A_reader_hands_its_state_on_for_ever()
    {
        var model = new LstmModel(new(4, 3, 5), 7, new TorchRandom(1));
        Reading.Agrees(model, 7, 20, null, _ => 0);
        Reading.AgreesInOneGo(model, 7, 6, 12);
    }

    [Fact]
    public void A_size_below_one_is_one_sentence() => Assert.Equal("lstm: hidden -1: give a whole number from 1 to 65,536",
        Assert.ThrowsAny<ArgumentException>(() => new LstmModel(new(Hidden: -1), 27, new TorchRandom(1))).Message);
}
