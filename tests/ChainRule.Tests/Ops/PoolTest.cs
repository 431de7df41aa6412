namespace ChainRule.Tests.Ops;

public sealed class PoolTest
{
    public static TheoryData<string> Recorded => GoldenOps.Cases("conv", GoldenOps.Pool);

    [Theory, MemberData(nameof(Recorded))]
    public void Values_and_gradients_equal_the_recording(string name) => GoldenOps.Check("conv", name);

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void The_gradient_goes_to_the_largest_and_to_the_first_of_equals(DType dtype)
    {
        var x = Tensor.From([1.0, 5, 2, 2, 3, 4, 2, 2], [1, 1, 2, 4]).To(dtype).RequireGrad();
        var y = x.MaxPool2d(2);
        y.Backward(Tensor.From([10.0, 20], [1, 1, 1, 2]).To(dtype));
        Assert.Equal([5, 2], GoldenOps.Doubles(y));
        Assert.Equal([0, 10, 20, 0, 0, 0, 0, 0], GoldenOps.Doubles(x.Grad));
    }

    [Fact]
    public void Windows_that_overlap_each_give_their_gradient()
    {
        var x = Tensor.From([1.0, 5, 2, 0, 3, 4], [1, 1, 2, 3]).RequireGrad();
        x.MaxPool2d(2, stride: 1).Backward(Tensor.From([10.0, 20], [1, 1, 1, 2]));
        Assert.Equal([0, 30, 0, 0, 0, 0], x.Grad.ToArray<double>());
        x.ZeroGrad();
        x.AveragePool2d(2, stride: 1).Backward(Tensor.From([4.0, 8], [1, 1, 1, 2]));
        Assert.Equal([1, 3, 2, 1, 3, 2], x.Grad.ToArray<double>());
    }

    [Fact]
    public void Padding_counts_as_zeros_in_a_mean_and_as_nothing_in_a_maximum()
    {
        var x = Tensor.From([-4.0, -8], [1, 1, 1, 2]);
        Assert.Equal([-1, -2], x.AveragePool2d(2, padding: 1).ToArray<double>());
        Assert.Equal([-4, -8], x.MaxPool2d(2, padding: 1).ToArray<double>());
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        var x = Tensor.Ones([2, 3, 8, 6]);
        Refused.With<ArgumentException>(
            "max pool of [8, 6]: an input has four axes: give [images, channels, height, width]",
            () => Tensor.Ones([8, 6]).MaxPool2d(2));
        Refused.With<ArgumentException>(
            "average pool of [8, 6]: an input has four axes: give [images, channels, height, width]",
            () => Tensor.Ones([8, 6]).AveragePool2d(2));
        Refused.With<ArgumentException>("max pool of [2, 3, 8, 6]: a kernel of 0 × 0 sees nothing: give 1 or more",
            () => x.MaxPool2d(0));
        Refused.With<ArgumentException>("max pool of [2, 3, 8, 6]: a stride of 0 goes nowhere: give 1 or more",
            () => x.MaxPool2d(2, stride: 0));
        Refused.With<ArgumentException>(
            "max pool of [2, 3, 8, 6]: a padding of -1 is less than nothing: give 0 or more",
            () => x.MaxPool2d(2, padding: -1));
        Refused.With<ArgumentException>(
            "max pool of [2, 3, 8, 6]: a kernel of 7 × 7 is larger than the image with its padding, 8 × 6: pad more or "
                + "take a smaller kernel",
            () => x.MaxPool2d(7));
        Refused.With<ArgumentException>(
            "max pool of [2, 3, 8, 6]: a padding of 2 is more than half of a kernel of 3, so a window could see "
                + "nothing else: give 1 or less",
            () => x.MaxPool2d(3, padding: 2));
    }
}
