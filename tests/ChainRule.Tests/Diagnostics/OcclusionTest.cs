using ChainRule.Diagnostics;
using ChainRule.Randomness;
using L = ChainRule.Layers;

namespace ChainRule.Tests.Diagnostics;

public sealed class OcclusionTest
{
    [Fact]
    public void A_linear_score_falls_by_what_was_covered()
    {
        // The score is the sum of pixels times weights: a square at a place takes away what it covers.
        var linear = new L.Linear(16, 1, new TorchRandom(1));
        var model = new L.Sequential(new L.Flatten(), linear);
        model.To(DType.Float64);
        double[] w = linear.Weight.ToArray<double>(), x = [.. Enumerable.Range(1, 16).Select(i => i / 4.0)];
        double[] map = Occlusion.Of(model, Tensor.From(x, [1, 1, 4, 4]), side: 2, stride: 2).ToArray<double>();
        for (int row = 0; row < 4; row++)
        {
            for (int column = 0; column < 4; column++)
            {
                int top = row / 2 * 2, left = column / 2 * 2;
                double fall = Enumerable.Range(0, 4).Sum(i => w[4 * (top + i / 2) + left + i % 2]
                    * x[4 * (top + i / 2) + left + i % 2]);
                Assert.Equal(fall, map[4 * row + column], 1e-12);
            }
        }
    }

    [Fact]
    public void Every_pixel_is_covered_and_what_is_as_the_filling_changes_nothing()
    {
        var (model, images) = SaliencyTest.Small();
        Assert.All(Occlusion.Of(model, images, side: 4, stride: 3).ToArray<double>(),
            fall => Assert.True(double.IsFinite(fall)));
        Assert.All(Occlusion.Of(model, Tensor.Full([1, 2, 6, 6], 0.5, DType.Float64), fill: 0.5, side: 3, stride: 1)
            .ToArray<double>(), fall => Assert.Equal(0, fall, 1e-12));
        Assert.True(model.Training);
    }

    [Fact]
    public void What_does_not_fit_is_one_sentence()
    {
        var (model, images) = SaliencyTest.Small();
        Assert.Equal("occlusion: a square of 7 × 7 on images of 6 × 6 pixels: give a side from 1 to 6",
            Assert.ThrowsAny<ArgumentException>(() => Occlusion.Of(model, images, side: 7)).Message);
        Assert.Equal("occlusion: stride 6: give 1 to 5, the side of the square",
            Assert.ThrowsAny<ArgumentException>(() => Occlusion.Of(model, images, stride: 6)).Message);
    }
}
