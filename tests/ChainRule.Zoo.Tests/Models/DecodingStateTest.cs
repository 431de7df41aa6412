using ChainRule.Randomness;
using ChainRule.Zoo.Models;

namespace ChainRule.Zoo.Tests.Models;

public sealed class DecodingStateTest
{
    [Fact]
    public void What_it_says_outlives_the_scope_it_was_made_in_and_wants_no_gradient()
    {
        var reader = new RnnModel(new(4, 3, 5), 7, new TorchRandom(1)).BeginDecoding();
        var first = reader.Next(1);
        float[] before = first.ToArray<float>();
        reader.Next(2, 3);
        Assert.Equal(before, first.ToArray<float>());
        Assert.Equal<Shape>([7], first.Shape);
        Assert.False(first.RequiresGrad);
    }

    [Fact]
    public void Two_readers_of_a_model_know_nothing_of_each_other()
    {
        var model = new GruModel(new(4, 3, 5), 7, new TorchRandom(1));
        float[] alone = model.BeginDecoding().Next(1, 2).ToArray<float>();
        DecodingState one = model.BeginDecoding(), other = model.BeginDecoding();
        one.Next(1);
        other.Next(6);
        Assert.Equal(alone, one.Next(2).ToArray<float>());
    }

    [Fact]
    public void It_reads_with_the_weights_that_its_model_had_when_it_began()
    {
        var model = new GruModel(new(4, 3, 5), 7, new TorchRandom(1));
        float[] expected = model.BeginDecoding().Next(1, 2).ToArray<float>();
        var begun = model.BeginDecoding();
        foreach (var w in model.Parameters()) w.FillInPlace(0.5);
        Assert.Equal(expected, begun.Next(1, 2).ToArray<float>());
        Assert.NotEqual(expected, model.BeginDecoding().Next(1, 2).ToArray<float>());
    }

    [Fact]
    public void What_cannot_be_read_is_one_sentence()
    {
        var reader = new RnnModel(new(4, 3, 5), 7, new TorchRandom(1)).BeginDecoding();
        Assert.Equal("read: there is nothing to read: give one id or more",
            Assert.ThrowsAny<ArgumentException>(() => reader.Next()).Message);
        Assert.Equal("rows of [7, 3]: id 7 at place 0 of [1]: ids run from 0 to 6",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => reader.Next(7)).Message);
    }
}
