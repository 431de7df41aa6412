using ChainRule.Diagnostics;
using ChainRule.Randomness;

namespace ChainRule.Tests.Ops;

public sealed class WeightedBagTest
{
    [Fact]
    public void Gradients_of_rows_and_weights_are_right()
    {
        Tensor w = Random([6, 5], 1), p = Random([3, 4], 2), c = Random([3, 5], 3).Detach();
        var ids = Ids.From([1, 1, 5, 0, 2, 3, 0, 0, 1, 4, 4, 2], [3, 4]);
        GradCheck.Require("weighted bags",
            () => (w.EmbeddingBag(ids, BagMode.Sum, paddingIndex: 0, perSampleWeights: p) * c).Sum(),
            [new("w", w), new("p", p)]);
    }

    [Fact]
    public void Weights_of_1_change_nothing_and_padding_has_no_gradient()
    {
        Tensor w = Random([4, 3], 1), p = Tensor.Ones([2, 2], DType.Float64).RequireGrad();
        var ids = Ids.From([1, 2, 0, 3], [2, 2]);
        var y = w.EmbeddingBag(ids, BagMode.Sum, paddingIndex: 0, perSampleWeights: p);
        Assert.Equal(w.EmbeddingBag(ids, BagMode.Sum, paddingIndex: 0).ToArray<double>(), y.ToArray<double>());
        y.Sum().Backward();
        Assert.Equal(0, p.Grad.ToArray<double>()[2]);
        Assert.Equal(0, w.Grad.ToArray<double>()[0]);
    }

    static Tensor Random(Shape shape, ulong seed) =>
        Tensor.Randn(shape, new TorchRandom(seed), DType.Float64).RequireGrad();
}
