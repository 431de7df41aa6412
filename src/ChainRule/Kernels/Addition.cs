using System.Numerics;
using System.Numerics.Tensors;

namespace ChainRule.Kernels;

/// <summary>Sums of long vectors, which the threads share out.</summary>
static class Addition
{
    /// <summary>y = y + x.</summary>
    public static void Add<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, INumber<T> =>
        ForRows.Run(y.Length, ForRows.Grain, 1, ForRows.Numbers, x, x, y, default(Sum<T>));

    /// <summary>y = scale · x.</summary>
    public static void Scale<T>(ReadOnlySpan<T> x, T scale, Span<T> y) where T : unmanaged, INumber<T> =>
        ForRows.Run(y.Length, ForRows.Grain, 1, ForRows.Numbers, x, x, y, new Scaled<T>(scale));

    readonly struct Sum<T> : IRowWork<T> where T : unmanaged, INumber<T>
    {
        public void Run(int from, int to, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c) =>
            TensorPrimitives.Add(c[from..to], a[from..to], c[from..to]);
    }

    readonly struct Scaled<T>(T scale) : IRowWork<T> where T : unmanaged, INumber<T>
    {
        public void Run(int from, int to, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c) =>
            TensorPrimitives.Multiply(a[from..to], scale, c[from..to]);
    }
}
