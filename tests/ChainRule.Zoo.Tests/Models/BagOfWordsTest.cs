using ChainRule.Diagnostics;
using ChainRule.Randomness;
using ChainRule.Tests.Layers;
using ChainRule.Zoo.Models;

namespace ChainRule.Zoo.Tests.Models;

public sealed class BagOfWordsTest
{
    public static TheoryData<string, DType> Recorded => GoldenLayers.Cases("bag_of_words", "models");

    [Theory, MemberData(nameof(Recorded))]
    public void Loss_and_gradients_equal_the_recording(string name, DType dtype) => GoldenLayers.Replay(name, dtype,
        golden => new BagOfWords(new(golden.Int("context"), golden.Int("width"), golden.Int("hidden")), 5,
            new TorchRandom(1)), "models");

    [Fact]
    public void It_has_the_parameters_of_makemore() =>
        Assert.Equal(12_827, new BagOfWords(new(), 27, new TorchRandom(1)).ParameterCount);

    [Fact]
    public void Its_gradients_are_right()
    {
        var model = new BagOfWords(new(4, 2, 3), 5, new TorchRandom(1));
        model.To(DType.Float64);
        var (x, y) = (Ids.From([0, 3, 1, 4, 2, 2], [2, 3]), Ids.From([3, 1, 0, 2, 1, -1], [2, 3]));
        GradCheck.Require("bag of words", () => model.Forward(x).CrossEntropy(y), model.NamedParameters());
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    [InlineData(8)]
    public void A_reader_says_what_the_whole_window_says(int? slide)
    {
        const int Context = 8;
        var model = new BagOfWords(new(Context, 3, 5), 7, new TorchRandom(1));
        Reading.Agrees(model, 7, 30, slide, t => Slid.Start(t, Context, slide ?? Context / 2));
        Reading.AgreesInOneGo(model, 7, 6, 8);
    }

    [Fact]
    public void What_does_not_fit_is_one_sentence()
    {
        var model = new BagOfWords(new(4, 2, 3), 5, new TorchRandom(1));
        Assert.Equal("BagOfWords: ids [2, 5]: give [batch, steps], with 1 to 4 steps",
            Assert.ThrowsAny<ArgumentException>(() => model.Forward(Ids.From(new int[10], [2, 5]))).Message);
        Assert.Equal("bag of words: hidden 0: give a whole number from 1 to 65,536",
            Assert.ThrowsAny<ArgumentException>(() => new BagOfWords(new(4, 2, 0), 5, new TorchRandom(1))).Message);
    }
}
