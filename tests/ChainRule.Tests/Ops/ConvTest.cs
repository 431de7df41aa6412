namespace ChainRule.Tests.Ops;

public sealed class ConvTest
{
    public static TheoryData<string> Recorded => GoldenOps.Cases("conv", GoldenOps.Conv);

    [Theory, MemberData(nameof(Recorded))]
    public void Values_and_gradients_equal_the_recording(string name) => GoldenOps.Check("conv", name);

    [Fact]
    public void Sobels_kernel_finds_an_upright_edge()
    {
        // Dark to the left, light from the third column on: computed by hand.
        double[] row = [0, 0, 1, 1, 1];
        var x = Tensor.From([.. row, .. row, .. row, .. row, .. row], [1, 1, 5, 5]).RequireGrad();
        var w = Tensor.From([-1.0, 0, 1, -2, 0, 2, -1, 0, 1], [1, 1, 3, 3]).RequireGrad();
        var b = Tensor.From([0.5], [1]).RequireGrad();
        var y = x.Conv2d(w, b);
        Assert.Equal([1, 1, 3, 3], y.Shape);
        Assert.Equal([4.5, 4.5, 0.5, 4.5, 4.5, 0.5, 4.5, 4.5, 0.5], y.ToArray<double>());

        y.Sum().Backward();
        Assert.Equal([3, 6, 9, 3, 6, 9, 3, 6, 9], w.Grad.ToArray<double>());
        Assert.Equal([9], b.Grad.ToArray<double>());
        // Each column of the kernel sums up to −4, 0 and 4; how many of them, and of how many rows, see a place
        // depends on where it stands.
        Assert.Equal([-1, -1, 0, 1, 1, -3, -3, 0, 3, 3, -4, -4, 0, 4, 4, -3, -3, 0, 3, 3, -1, -1, 0, 1, 1],
            x.Grad.ToArray<double>());
    }

    [Fact]
    public void Sobels_kernel_sees_an_edge_where_the_padding_begins()
    {
        var w = Tensor.From([-1.0, 0, 1, -2, 0, 2, -1, 0, 1], [1, 1, 3, 3]);
        Assert.Equal([3, 0, -3, 4, 0, -4, 3, 0, -3],
            Tensor.Ones([1, 1, 3, 3], DType.Float64).Conv2d(w, padding: 1).ToArray<double>());
        Assert.Equal([3, -3, 3, -3],
            Tensor.Ones([1, 1, 3, 3], DType.Float64).Conv2d(w, stride: 2, padding: 1).ToArray<double>());
        Assert.Equal([3, 0, 0, 4, 0, 0, 3, 0, 0],
            Tensor.Ones([1, 1, 3, 3], DType.Float64).Conv2d(w, padding: 1, options: new() { Relu = true })
                .ToArray<double>());
    }

    [Fact]
    public void No_images_give_none_and_gradients_of_zero()
    {
        var w = Tensor.Ones([3, 2, 2, 2]).RequireGrad();
        var y = Tensor.Zeros([0, 2, 4, 5]).Conv2d(w, padding: 1);
        Assert.Equal([0, 3, 5, 6], y.Shape);
        y.Sum().Backward();
        Assert.Equal(new float[24], w.Grad.ToArray<float>());
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        Tensor x = Tensor.Ones([2, 3, 8, 6]), w = Tensor.Ones([4, 3, 3, 3]);
        Refused.With<ArgumentException>(
            "conv2d of [3, 8, 6]: an input has four axes: give [images, channels, height, width]",
            () => Tensor.Ones([3, 8, 6]).Conv2d(w));
        Refused.With<ArgumentException>(
            "conv2d: the weights are [4, 27]: give [outputs, channels, kernel height, kernel width], none of them 0",
            () => x.Conv2d(Tensor.Ones([4, 27])));
        Refused.With<ArgumentException>("conv2d: the weights are [0, 3, 3, 3]: give [outputs, channels, kernel height, "
            + "kernel width], none of them 0",
            () => x.Conv2d(Tensor.Ones([0, 3, 3, 3])));
        Refused.With<ArgumentException>("conv2d of [2, 3, 8, 6] with weights [4, 1, 3, 3]: the input has 3 channels "
            + "and the weights take 1: axis 1 of both must agree",
            () => x.Conv2d(Tensor.Ones([4, 1, 3, 3])));
        Refused.With<ArgumentException>("conv2d of [2, 1, 8, 6] with weights [4, 3, 3, 3]: the input has 1 channel and "
            + "the weights take 3: axis 1 of both must agree",
            () => Tensor.Ones([2, 1, 8, 6]).Conv2d(w));
        Refused.With<ArgumentException>("conv2d with weights [4, 3, 3, 3]: the bias is [3]: give [4]",
            () => x.Conv2d(w, Tensor.Ones([3])));
        Refused.With<ArgumentException>(
            "conv2d of [2, 3, 8, 6]: a kernel of 5 × 9 is larger than the image with its padding, 10 × 8: pad more or "
                + "take a smaller kernel",
            () => x.Conv2d(Tensor.Ones([4, 3, 5, 9]), padding: 1));
        Refused.With<ArgumentException>("conv2d of [2, 3, 8, 6]: a stride of 0 goes nowhere: give 1 or more",
            () => x.Conv2d(w, stride: 0));
        Refused.With<ArgumentException>("conv2d of [2, 3, 8, 6]: a padding of -1 is less than nothing: give 0 or more",
            () => x.Conv2d(w, padding: -1));
        Refused.With<ArgumentException>("conv2d: Float32 and Float64 do not mix: convert one with To(DType.Float32)",
            () => x.Conv2d(w.To(DType.Float64)));
        Refused.With<ArgumentOutOfRangeException>(
            "conv2d of [2, 3, 8, 6]: 9 is no padding mode: give one of PaddingMode",
            () => x.Conv2d(w, options: new() { PaddingMode = (PaddingMode)9 }));
    }
}
