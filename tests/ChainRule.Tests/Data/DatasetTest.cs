using ChainRule.Data;

namespace ChainRule.Tests.Data;

public class DatasetTest
{
    [Fact]
    public void Rows_taken_keep_inputs_and_targets_together()
    {
        var data = Dataset.From(Tensor.From(new float[] { 1, 2, 3, 4, 5, 6 }, [3, 2]), Ids.From(10, 20, 30));
        var taken = data.Take([2, 0, 2]);
        Assert.Equal(3, taken.Count);
        Assert.Equal([5, 6, 1, 2, 5, 6], taken.Inputs.ToArray<float>());
        Assert.Equal([30, 10, 30], taken.Targets.Span.ToArray());
        Assert.Equal(0, data.Take([]).Count);
        Assert.Equal("dataset of 3 rows: inputs [3, 2], targets [3]", data.ToString());
    }

    [Fact]
    public void Inputs_and_targets_that_do_not_pair_are_refused()
    {
        Assert.Equal(
            "dataset: inputs [3, 2] and targets [4]: 3 rows and 4 rows do not pair: give one target for each input",
            Assert.ThrowsAny<ArgumentException>(() => Dataset.From(Tensor.Zeros([3, 2]), Ids.From(1, 2, 3, 4)))
                .Message);
        Assert.Equal("dataset: inputs [] and targets [4]: a single number has no rows: give each at least one axis",
            Assert.ThrowsAny<ArgumentException>(() => Dataset.From(Tensor.Scalar(1), Ids.From(1, 2, 3, 4))).Message);
    }

    [Fact]
    public void A_row_that_is_not_there_is_refused() =>
        Assert.Contains("row 3 of", Assert.ThrowsAny<ArgumentOutOfRangeException>(
            () => Dataset.From(Tensor.Zeros([3, 2]), Ids.From(1, 2, 3)).Take([0, 3])).Message,
                StringComparison.Ordinal);
}
