using ChainRule.Diagnostics;
using ChainRule.Randomness;
using ChainRule.Tests;
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

    [Fact]
    public void Counted_its_probabilities_are_shares_of_the_counts()
    {
        var model = new Bigram(3, new TorchRandom(1));
        model.Count(Ids.From(0, 0, 0, 1, 2), Ids.From(1, 1, 2, 0, 0));
        Close.Equal([1.0 / 6, 3.0 / 6, 2.0 / 6, 0.5, 0.25, 0.25, 0.5, 0.25, 0.25],
            model.Forward(Ids.From([0, 1, 2], [3, 1])).Softmax().To(DType.Float64).Read<double>(), 1e-6,
            "probabilities");
        model.Count(Ids.From(0), Ids.From(2), smoothing: 0.5);
        Close.Equal([0.2, 0.2, 0.6], model.Forward(Ids.From([0], [1, 1])).Softmax().To(DType.Float64).Read<double>(),
            1e-6, "probabilities");
    }

    [RealDataFact("names.txt")]
    public void Counted_on_all_names_its_loss_is_that_of_the_lecture()
    {
        var model = new Bigram(27, new TorchRandom(1));
        List<int> text = [0];
        foreach (string name in RealData.Names()) text.AddRange([.. name.Select(c => c - 'a' + 1), 0]);
        var (first, second) = (Ids.From([.. text[..^1]]), Ids.From([.. text[1..]]));
        model.To(DType.Float64);
        model.Count(first, second);
        Assert.Equal(2.4545768201157023, model.Forward(first).CrossEntropy(second).Item(), 1e-12);
        model.Count(first, second, smoothing: 10);
        Assert.Equal(2.4621158057, model.Forward(first).CrossEntropy(second).Item(), 1e-10);
    }

    [Fact]
    public void What_cannot_be_counted_is_one_sentence()
    {
        var model = new Bigram(3, new TorchRandom(1));
        Assert.Equal("count: 2 characters and 1 that follow them: give as many",
            Assert.ThrowsAny<ArgumentException>(() => model.Count(Ids.From(0, 1), Ids.From(1))).Message);
        Assert.Equal("count: smoothing 0: give a number above 0",
            Assert.ThrowsAny<ArgumentException>(() => model.Count(Ids.From(0), Ids.From(1), smoothing: 0)).Message);
    }
}
