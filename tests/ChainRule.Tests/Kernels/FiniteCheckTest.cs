using System.Numerics;
using ChainRule.Kernels;

namespace ChainRule.Tests.Kernels;

public sealed class FiniteCheckTest
{
    [Fact]
    public void One_number_that_is_not_finite_is_found_wherever_it_stands()
    {
        Everywhere([float.NaN, float.PositiveInfinity, float.NegativeInfinity], float.MaxValue);
        Everywhere([double.NaN, double.PositiveInfinity, double.NegativeInfinity], double.MinValue);
    }

    static void Everywhere<T>(T[] bad, T large) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (int length in (int[])[0, 1, 3, 8, 15, 64, 65, 200])
        {
            var x = new T[length];
            Array.Fill(x, large);
            Assert.True(FiniteCheck.All<T>(x));
            for (int i = 0; i < length; i++)
            {
                foreach (var one in bad)
                {
                    x[i] = one;
                    Assert.False(FiniteCheck.All<T>(x), $"{one} at {i} of {length}");
                }
                x[i] = large;
            }
        }
    }
}
