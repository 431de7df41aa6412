using ChainRule.Diagnostics;
using ChainRule.Randomness;
using ChainRule.Tests;
using ChainRule.Tests.Layers;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Models;

namespace ChainRule.Zoo.Tests.Models;

public sealed class WaveNetTest
{
    public static TheoryData<string, DType> Recorded => GoldenLayers.Cases("wavenet", "models");

    [Theory, MemberData(nameof(Recorded))]
    public void Losses_gradients_and_running_statistics_equal_the_recording(string name, DType dtype) =>
        GoldenLayers.Replay(name, dtype,
        golden => new WaveNet(new(golden.Int("context"), golden.Int("width"), golden.Int("hidden")), 5,
            new TorchRandom(1)), "models");

    [Theory]
    [InlineData(24, 128, 76_579)]
    [InlineData(10, 68, 22_397)]
    public void It_has_the_parameters_of_the_lecture(int width, int hidden, int parameters) =>
        Assert.Equal(parameters, new WaveNet(new(8, width, hidden), 27, new TorchRandom(1)).ParameterCount);

    [RealDataFact("names.txt")]
    public void Its_first_loss_is_that_of_the_lecture()
    {
        var rng = new TorchRandom(42);
        var model = new WaveNet(new(), 27, rng);
        var train = Names.FromFile(RealData.PathOf("names.txt")).Examples(8).Train;
        Assert.Equal(182_625, train.Count);
        var (x, y) = Data.Batches.Random(train, 32, rng).Next();
        Assert.Equal(3.3167, model.Forward(x).CrossEntropy(y).Item(), 0.00005);
    }

    [Fact]
    public void Its_gradients_are_right()
    {
        var model = new WaveNet(new(4, 2, 3), 5, new TorchRandom(1));
        model.To(DType.Float64);
        var (x, y) = (Ids.From([0, 0, 0, 3, 0, 0, 3, 1, 0, 3, 1, 4], [3, 4]), Ids.From([1, 4, 2]));
        GradCheck.Require("wavenet", () => model.Forward(x).CrossEntropy(y), model.NamedParameters());
    }

    [Theory]
    [InlineData(1, "a whole number from 2 to 65,536")]
    [InlineData(6, "2, 4, 8 or another power of 2")]
    public void A_context_that_makes_no_tree_is_one_sentence(int context, string give) => Assert.Equal(
        $"wavenet: context {context}: give {give}",
        Assert.ThrowsAny<ArgumentException>(() => new WaveNet(new(context), 27, new TorchRandom(1))).Message);
}
