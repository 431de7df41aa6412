using ChainRule.Diagnostics;
using ChainRule.Randomness;
using ChainRule.Zoo.Models;

namespace ChainRule.Zoo.Tests.Models;

public sealed class BigramTest
{
    [Fact]
    public void It_looks_up_one_row_of_logits_for_each_character()
    {
        var model = new Bigram(27, new TorchRandom(1));
        Assert.Equal(1, model.Context);
        Assert.Equal(729, model.ParameterCount);
        Assert.Equal(["logits.weight"], model.StateDict().Keys);
        Assert.Equal<Shape>([5, 27], model.Forward(Ids.From([0, 1, 2, 3, 26], [5, 1])).Shape);
    }

    [Fact]
    public void At_first_every_character_is_as_likely_as_another()
    {
        var logits = new Bigram(27, new TorchRandom(1)).Forward(Ids.From([3, 4], [2, 1]));
        Assert.All(logits.ToArray<float>(), logit => Assert.Equal(0f, logit));
    }

    [Fact]
    public void Its_gradients_are_right()
    {
        var model = new Bigram(5, new TorchRandom(1));
        model.To(DType.Float64);
        var (x, y) = (Ids.From([0, 1, 2, 1], [4, 1]), Ids.From([1, 2, 0, 4]));
        GradCheck.Require("bigram", () => model.Forward(x).CrossEntropy(y), model.NamedParameters());
    }
}
