using ChainRule.Randomness;
using ChainRule.Zoo.Models;

namespace ChainRule.Zoo.Tests.Models;

public sealed class GptBlockTest
{
    [Fact]
    public void It_adds_to_what_goes_in()
    {
        var block = new Gpt(new(4, 6, 1, 2), 5, new TorchRandom(1)).Blocks[0];
        block.Attention.Output.Weight.FillInPlace(0);
        block.Down.Weight.FillInPlace(0);
        var x = Tensor.Randn([2, 3, 6], new TorchRandom(2));
        Assert.Equal(x.ToArray<float>(), block.Forward(x).ToArray<float>());
        block.Down.Weight.FillInPlace(1);
        Assert.NotEqual(x.ToArray<float>(), block.Forward(x).ToArray<float>());
    }

    [Fact]
    public void Its_network_is_four_times_as_wide()
    {
        var block = new Gpt(new(4, 6, 1, 2), 5, new TorchRandom(1)).Blocks[0];
        Assert.Equal<Shape>([24, 6], block.Up.Weight.Shape);
        Assert.Equal<Shape>([6, 24], block.Down.Weight.Shape);
    }
}
