namespace ChainRule.Tests.Ops;

public sealed class OrthonormalTest
{
    [Fact]
    public void Columns_that_nearly_agree_are_taken_apart()
    {
        double[] a = [1, 1, 1e-8, 0, 0, 1e-8];
        Orthonormal.Columns(a, 3, 2);
        Assert.Equal(0, a[0] * a[1] + a[2] * a[3] + a[4] * a[5], 1e-15);
        Assert.Equal(1, a[1] * a[1] + a[3] * a[3] + a[5] * a[5], 1e-15);
        Assert.True(a[0] > 0);
    }
}
