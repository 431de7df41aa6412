namespace ChainRule.Tests.Engine;

public sealed class ShapeTest
{
    [Fact]
    public void A_shape_is_its_sizes()
    {
        Shape shape = [32, 27];
        Assert.Equal((2, 864, 32, 27, "[32, 27]"), (shape.Rank, shape.Elements, shape[0], shape[^1], shape.ToString()));
        Assert.Equal([32, 27], shape.Span.ToArray());
        Assert.True(shape == new[] { 32, 27 } && shape != new[] { 27, 32 }
            && shape.GetHashCode() == ((Shape)new[] { 32, 27 }).GetHashCode());
        Assert.Equal(891, Sum(shape.With(1, 859)));
    }

    [Fact]
    public void No_axes_are_a_single_number_and_an_empty_axis_is_none()
    {
        Assert.Equal((0, 1, "[]"), (default(Shape).Rank, default(Shape).Elements, default(Shape).ToString()));
        Assert.Equal(default, (Shape)Array.Empty<int>());
        Shape empty = [3, 0, 5];
        Assert.Equal(0, empty.Elements);
    }

    [Fact]
    public void Sizes_below_zero_too_many_numbers_and_too_many_axes_are_refused()
    {
        Refused.With<ArgumentException>("shape [3, -1]: axis 1 is -1: sizes are 0 or more",
            () => Tensor.Zeros([3, -1]));
        Refused.With<ArgumentException>(
            "shape [65536, 32768]: more than 2,147,483,591 numbers: one tensor cannot hold them",
            () => Tensor.Zeros([65536, 32768]));
        Refused.With<ArgumentException>(
            "shape [2147483647]: more than 2,147,483,591 numbers: one tensor cannot hold them",
            () => Tensor.Zeros([int.MaxValue]));
        Refused.With<ArgumentException>(
            "shape [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]: 17 axes: a tensor has at most 16",
            () => Tensor.Zeros(Enumerable.Repeat(1, 17).ToArray()));
        Assert.Equal(16, Tensor.Zeros(Enumerable.Repeat(1, 16).ToArray()).Rank);
    }

    [Fact]
    public void Axes_are_counted_from_either_end()
    {
        Shape shape = [2, 3, 4];
        Assert.Equal((0, 2, 0, 2),
            (shape.Axis(0, "sum"), shape.Axis(2, "sum"), shape.Axis(-3, "sum"), shape.Axis(-1, "sum")));
        Refused.With<ArgumentOutOfRangeException>("sum: axis 3 of [2, 3, 4]: axes run from -3 to 2",
            () => Tensor.Zeros([2, 3, 4]).Sum(3));
        Refused.With<ArgumentOutOfRangeException>("softmax: axis -2 of [5]: axes run from -1 to 0",
            () => Tensor.Zeros([5]).Softmax(-2));
        Refused.With<ArgumentOutOfRangeException>("max: axis 0 of a single number: it has no axes",
            () => Tensor.Scalar(1).Max(0));
        Refused.With<ArgumentOutOfRangeException>("shape [2, 3, 4]: there is no axis 3: it has 3",
            () => _ = Tensor.Zeros([2, 3, 4]).Shape[3]);
        Refused.With<ArgumentOutOfRangeException>("shape []: there is no axis ^1: it has 0",
            () => _ = Tensor.Scalar(1).Shape[^1]);
    }

    static int Sum(Shape shape)
    {
        int sum = 0;
        foreach (int size in shape) sum += size;
        return sum;
    }
}
