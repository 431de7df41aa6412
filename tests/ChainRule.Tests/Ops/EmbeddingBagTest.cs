namespace ChainRule.Tests.Ops;

public sealed class EmbeddingBagTest
{
    [Fact]
    public void A_bag_of_nothing_is_0_and_gets_no_gradient()
    {
        foreach (var mode in Enum.GetValues<BagMode>())
        {
            var w = Tensor.From(new double[,] { { -1, 2 }, { -3, 4 } }).RequireGrad();
            var y = w.EmbeddingBag(Ids.From(1, 0), mode, Ids.From(0, 0, 1, 2));
            Assert.Equal([0, 0, -3, 4, -1, 2, 0, 0], y.ToArray<double>());
            y.Sum().Backward();
            Assert.Equal([1.0, 1, 1, 1], w.Grad.ToArray<double>());
        }
    }

    [Fact]
    public void Of_equals_the_first_gets_the_gradient_and_NaN_is_the_largest()
    {
        var w = Tensor.From(new double[,] { { 1, double.NaN }, { 1, 5 } }).RequireGrad();
        var y = w.EmbeddingBag(Ids.From([1, 0], [1, 2]), BagMode.Max);
        Assert.Equal([1, double.NaN], y.ToArray<double>());
        y.Sum().Backward();
        Assert.Equal([0.0, 1, 1, 0], w.Grad.ToArray<double>());
    }

    [Fact]
    public void A_large_bag_keeps_its_digits()
    {
        // 100,001 numbers, of which float32 by itself would lose the small ones.
        var w = Tensor.From<float>([1, 1e-4f], [2, 1]).RequireGrad();
        int[] ids = [0, .. Enumerable.Repeat(1, 100_000)];
        var y = w.EmbeddingBag(Ids.From(ids, [1, ids.Length]), BagMode.Sum);
        Assert.Equal(11.0, y.Item(), 1e-5);
        y.Backward();
        Assert.Equal([1f, 100_000f], w.Grad.ToArray<float>());
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        var w = Tensor.Ones([3, 2]);
        Refused.With<ArgumentException>("embedding bag of [3]: give a matrix, one row for each id",
            () => Tensor.Ones([3]).EmbeddingBag(Ids.From([0], [1, 1])));
        Refused.With<ArgumentException>("embedding bag: ids of [1, 2] with offsets of [1]: give a vector of either",
            () => w.EmbeddingBag(Ids.From([0, 1], [1, 2]), offsets: Ids.From(0)));
        Refused.With<ArgumentOutOfRangeException>("embedding bag: 7 is no mode: give one of BagMode",
            () => w.EmbeddingBag(Ids.From([0], [1, 1]), (BagMode)7));
        Refused.With<ArgumentException>(
            "embedding bag: weights of rows with Mean: only sums are weighted: give BagMode.Sum",
            "perSampleWeights",
            () => w.EmbeddingBag(Ids.From([0], [1, 1]), perSampleWeights: Tensor.Ones([1, 1])));
        Refused.With<ArgumentException>("embedding bag: ids of [1, 2] with weights of [2]: give one weight for each id",
            "perSampleWeights",
            () => w.EmbeddingBag(Ids.From([0, 1], [1, 2]), BagMode.Sum, perSampleWeights: Tensor.Ones([2])));
        Assert.ThrowsAny<ArgumentException>(() => w.EmbeddingBag(Ids.From([3], [1, 1])));
    }
}
