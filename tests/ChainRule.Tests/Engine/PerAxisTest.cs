namespace ChainRule.Tests.Engine;

public sealed class PerAxisTest
{
    [Fact]
    public void One_number_stands_for_both_axes()
    {
        PerAxis one = 2, two = (2, 1);
        Assert.Equal((2, 2), (one.Y, one.X));
        Assert.Equal(("2", "2 × 1"), ($"{one}", $"{two}"));
        Assert.Equal(one, new PerAxis(2, 2));
        (int y, int x) = ((int, int))two;
        Assert.Equal((2, 1), (y, x));
    }
}
