namespace ChainRule.Tests.Ops;

public sealed class AccuracyTest
{
    static readonly Tensor s_logits = Tensor.From([1, 3, 2, 5, 0, 1, 0, 0, 9.0], [3, 3]);

    [Fact]
    public void It_is_the_fraction_of_rows_whose_largest_number_stands_at_the_target()
    {
        Assert.Equal(2 / 3.0, s_logits.Accuracy(Ids.From(1, 0, 1)));
        Assert.Equal(1, s_logits.Reshape(1, 3, 3).To(DType.Float32).Accuracy(Ids.From([1, 0, 2], [1, 3])));
    }

    [Fact]
    public void Targets_below_zero_do_not_count()
    {
        Assert.Equal(0.5, s_logits.Accuracy(Ids.From(-1, 0, 1)));
        Assert.True(double.IsNaN(s_logits.Accuracy(Ids.From(-1, -1, -1))));
    }

    [Fact]
    public void There_must_be_a_target_for_each_row() => Assert.Equal(
        "accuracy: [3, 3] numbers for [2] targets: give numbers [.., classes] and one target for each row of classes",
        Assert.ThrowsAny<ArgumentException>(() => s_logits.Accuracy(Ids.From(1, 2))).Message);
}
