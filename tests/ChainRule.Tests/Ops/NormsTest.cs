using ChainRule.Randomness;

namespace ChainRule.Tests.Ops;

public sealed class NormsTest
{
    const double Eps = 1e-3;

    [Fact]
    public void Layer_norm_is_its_definition_written_with_other_ops()
    {
        AssertSame([2, 5, 7],
            (x, gain, bias) => x.LayerNorm(gain, bias, Eps),
            (x, gain, bias) => (x - x.Mean(-1, keepDim: true))
                / (x.Var(-1, keepDim: true, unbiased: false) + Eps).Sqrt() * gain + bias);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public void A_batch_far_from_zero_is_brought_home_in_float32(double centre)
    {
        var x = Tensor.Normal([256, 8], centre, 1, new TorchRandom(2));
        Tensor ones = Tensor.Ones([8]), zeros = Tensor.Zeros([8]);
        foreach (var y in new[] { x.BatchNorm(ones, zeros, 1e-5, out _, out _),
            x.T.LayerNorm(Tensor.Ones([256]), Tensor.Zeros([256])).T })
        {
            // A sum of 256 numbers near 100 is rounded at each step by up to 0.001, and so at most by that in the mean.
            Assert.All(y.Mean(0).ToArray<float>(), mean => Assert.Equal(0, mean, 1e-3));
            Assert.All(y.Std(0, unbiased: false).ToArray<float>(), std => Assert.Equal(1, std, 1e-4));
        }
    }

    [Fact]
    public void What_cannot_be_normalised_is_refused()
    {
        Tensor ones = Tensor.Ones([3]), zeros = Tensor.Zeros([3]);
        Refused.With<ArgumentException>("layer norm of [2, 4]: gain [3] and bias [3] must both be [4]",
            () => Tensor.Ones([2, 4]).LayerNorm(ones, zeros));
        Refused.With<ArgumentException>("layer norm of []: a single number has no columns",
            () => Tensor.Scalar(1).LayerNorm(ones, zeros));
        Refused.With<ArgumentException>(
            "layer norm: Float64 and Float32 do not mix: convert one with To(DType.Float64)",
            () => Tensor.Ones([2, 3], DType.Float64).LayerNorm(ones, zeros));
        Assert.Equal("[0, 3]", Tensor.Ones([0, 3]).LayerNorm(ones, zeros).Shape.ToString());
    }

    internal static void AssertSame(Shape shape, Func<Tensor, Tensor, Tensor, Tensor> op,
        Func<Tensor, Tensor, Tensor, Tensor> definition)
    {
        var results = new List<double[]>();
        foreach (var norm in new[] { op, definition })
        {
            var rng = new TorchRandom(3);
            Tensor[] x = [Draw(shape), Draw([shape[^1]]), Draw([shape[^1]])];
            var y = norm(x[0], x[1], x[2]);
            y.Backward(Draw(shape));
            results.Add([.. y.Read<double>(), .. x[0].Grad.Read<double>(), .. x[1].Grad.Read<double>(),
                .. x[2].Grad.Read<double>()]);

            Tensor Draw(Shape shape) => Tensor.Randn(shape, rng, DType.Float64).RequireGrad();
        }
        Close.Equal(results[1], results[0], 1e-12, "value and gradients");
    }
}
