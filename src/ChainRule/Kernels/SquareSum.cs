using System.Numerics;

namespace ChainRule.Kernels;

/// <summary>Σ x², added up in double whatever the number type: what the norm of a million gradients rests on.</summary>
static class SquareSum
{
    public static double Of<T>(ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Dot.Of(x, x);
}
