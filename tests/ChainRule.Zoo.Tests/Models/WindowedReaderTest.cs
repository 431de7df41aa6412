using ChainRule.Randomness;
using ChainRule.Tests;
using ChainRule.Zoo.Models;

namespace ChainRule.Zoo.Tests.Models;

public sealed class WindowedReaderTest
{
    [Fact]
    public void A_text_longer_than_the_window_is_read_from_its_last_window_on()
    {
        var model = new BagOfWords(new(4, 3, 5), 7, new TorchRandom(1));
        int[] text = [1, 2, 3, 4, 5, 6, 0, 1, 2];
        Close.Equal(model.BeginDecoding().Next(text.AsSpan(5)).To(DType.Float64).Read<double>(),
            model.BeginDecoding().Next(text).To(DType.Float64).Read<double>(), 1e-6, "logits");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void A_slide_that_cannot_be_is_one_sentence(int slide) =>
        Assert.Equal($"read: to let go of {slide} characters of a window of 4: give 1 to 4",
        Assert.ThrowsAny<ArgumentException>(
            () => new BagOfWords(new(4, 3, 5), 7, new TorchRandom(1)).BeginDecoding(slide)).Message);
}
