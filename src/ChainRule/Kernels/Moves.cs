using System.Numerics;

namespace ChainRule.Kernels;

/// <summary>
/// Strided copying: one loop serves permute, slice, expand and concatenate, which differ only in strides. Both sides are walked by the same
/// sizes; a stride of 0 repeats a number when reading and sums into it when adding.
/// </summary>
static partial class Moves
{
    /// <summary>to[…] = from[…].</summary>
    public static void Copy<T>(ReadOnlySpan<T> from, ReadOnlySpan<int> fromStrides, Span<T> to, ReadOnlySpan<int> toStrides, ReadOnlySpan<int> sizes)
        where T : unmanaged, INumber<T>
    {
        if (sizes.Contains(0)) return;
        if (sizes.IsEmpty) { to[0] = from[0]; return; }
        int n = sizes[^1], f = fromStrides[^1], t = toStrides[^1];
        if (sizes.Length > 1)
        {
            for (int i = 0; i < sizes[0]; i++)
                Copy(from[(i * fromStrides[0])..], fromStrides[1..], to[(i * toStrides[0])..], toStrides[1..], sizes[1..]);
        }
        else if (f == 1 && t == 1) from[..n].CopyTo(to);
        else if (f == 0 && t == 1) to[..n].Fill(from[0]);
        else for (int i = 0; i < n; i++) to[i * t] = from[i * f];
    }

    /// <summary>to[…] += from[…].</summary>
    public static void Add<T>(ReadOnlySpan<T> from, ReadOnlySpan<int> fromStrides, Span<T> to, ReadOnlySpan<int> toStrides, ReadOnlySpan<int> sizes)
        where T : unmanaged, INumber<T>
    {
        if (sizes.Contains(0)) return;
        if (sizes.IsEmpty) { to[0] += from[0]; return; }
        int n = sizes[^1], f = fromStrides[^1], t = toStrides[^1];
        if (sizes.Length > 1)
        {
            for (int i = 0; i < sizes[0]; i++)
                Add(from[(i * fromStrides[0])..], fromStrides[1..], to[(i * toStrides[0])..], toStrides[1..], sizes[1..]);
        }
        else if (f == 1 && t == 1) System.Numerics.Tensors.TensorPrimitives.Add(to[..n], from[..n], to[..n]);
        else for (int i = 0; i < n; i++) to[i * t] += from[i * f];
    }

    /// <summary>The strides of a contiguous tensor, innermost 1.</summary>
    public static void Strides(ReadOnlySpan<int> shape, Span<int> strides)
    {
        int step = 1;
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = step;
            step *= shape[axis];
        }
    }
}
