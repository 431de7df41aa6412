using ChainRule.Randomness;
using ChainRule.Zoo.Models;

namespace ChainRule.Zoo.Tests.Models;

public sealed class GptOptionsTest
{
    [Fact]
    public void Parameters_are_counted_without_building_a_model()
    {
        Assert.Equal(804_096, new GptOptions().Parameters(65));
        Assert.Equal(204_544, GptOptions.Makemore.Parameters(27));
        Assert.Equal(209_729, GptOptions.Lecture.Parameters(65));
        Assert.Equal(10_788_929, GptOptions.LargeLecture.Parameters(65));
        Assert.Equal(10_745_088, new GptOptions(Context: 256, Width: 384, Layers: 6, Heads: 6).Parameters(65));
        Assert.Equal(124_337_664, GptOptions.Gpt2.Parameters(50_257));
        Assert.Equal(124_439_808, GptOptions.PublishedGpt2.Parameters(50_257));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void The_count_is_that_of_a_model_that_was_built(bool bias, bool tied)
    {
        foreach (bool? qkvBias in (bool?[])[null, true, false])
        {
            var options = new GptOptions(5, 8, 2, 2, Bias: bias, QkvBias: qkvBias, TiedHead: tied,
                HeadBias: bias && !tied);
            Assert.Equal(new Gpt(options, 11, new TorchRandom(1)).ParameterCount, options.Parameters(11));
        }
    }
}
