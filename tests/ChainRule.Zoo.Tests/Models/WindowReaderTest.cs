using ChainRule.Randomness;
using ChainRule.Zoo.Models;

namespace ChainRule.Zoo.Tests.Models;

public sealed class WindowReaderTest
{
    [Fact]
    public void It_looks_at_the_last_characters_and_before_the_text_at_boundaries()
    {
        var model = new NgramMlp(new(Context: 3, Width: 2, Hidden: 4), 5, new TorchRandom(1));
        model.Eval();
        var reader = model.BeginDecoding();
        Assert.Equal(Logits(0, 0, 4), reader.Next(4).ToArray<float>());
        Assert.Equal(Logits(4, 3, 2), reader.Next(3, 2).ToArray<float>());
        Assert.Equal(Logits(3, 2, 1), reader.Next(1).ToArray<float>());

        float[] Logits(params int[] window) => model.Forward(Ids.From(window, [1, 3])).ToArray<float>();
    }
}
