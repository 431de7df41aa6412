namespace ChainRule.Pictures.Tests;

public sealed class SeriesTest
{
    [Fact]
    public void A_function_is_asked_at_equal_distances()
    {
        var square = Series.Of("x²", x => x * x, -2, 2, points: 5);
        Assert.Equal([-2.0, -1, 0, 1, 2], square.X!);
        Assert.Equal([4.0, 1, 0, 1, 4], square.Y);
    }

    [Fact]
    public void One_point_is_no_curve() => Assert.Equal("series 'f': a curve of 1 point is none: give at least two",
        Assert.ThrowsAny<ArgumentException>(() => Series.Of("f", x => x, 0, 1, points: 1)).Message);

    [Fact]
    public void Floats_and_tensors_of_both_types_become_series()
    {
        Assert.Equal([1.5, 2.5], Series.Of("a", (ReadOnlySpan<float>)[1.5f, 2.5f]).Y);
        var tensor = Tensor.From((float[])[1, 2, 3, 4], [2, 2]);
        Assert.Equal([1.0, 2, 3, 4], Series.Of("a", tensor).Y);
        Assert.Equal([1.0, 2, 3, 4], Series.Of("a", tensor.To(DType.Float64)).Y);
    }
}
