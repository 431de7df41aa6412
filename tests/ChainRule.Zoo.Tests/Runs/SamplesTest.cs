using ChainRule.Randomness;
using ChainRule.Tests;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Runs;

namespace ChainRule.Zoo.Tests.Runs;

public sealed class SamplesTest
{
    [Fact]
    public void Names_are_new_each_and_the_same_for_the_same_seed()
    {
        var names = Names.Embedded();
        var model = new Bigram(names.Vocabulary.Size, new TorchRandom(1));
        var pairs = names.Pairs();
        model.Count(pairs.Inputs, pairs.Targets);
        var invented = Samples.Of(model, names, 1);
        Assert.Equal(20, invented.Distinct().Count());
        Assert.Empty(invented.Intersect(names.All));
        Assert.Equal(invented, Samples.Of(model, names, 1));
        Assert.NotEqual(invented, Samples.Of(model, names, 2));
    }

    [Fact]
    public void A_model_that_knows_one_name_alone_invents_nothing()
    {
        using var folder = new TemporaryFolder();
        var names = Names.FromFile(folder.Write("names.txt", string.Join('\n', Enumerable.Repeat("ab", 10))));
        var model = new Bigram(3, new TorchRandom(1));
        model.LoadStateDict(
            [KeyValuePair.Create("logits.weight", Tensor.From([0f, 99, 0, 0, 0, 99, 99, 0, 0], [3, 3]))]);
        Assert.Empty(Samples.Of(model, names, 1));
    }

    [Fact]
    public void Of_a_text_it_is_a_passage_of_five_hundred_characters()
    {
        using var folder = new TemporaryFolder();
        var text = PlainText.FromFile(folder.Write("text.txt", string.Concat(Enumerable.Repeat("abc\n", 30))));
        string passage = Assert.Single(Samples.Of(new Bigram(4, new TorchRandom(1)), text, 1));
        Assert.Equal(500, passage.Length);
        Assert.Equal("\nabc", string.Concat(passage.Distinct().Order()));
    }
}
