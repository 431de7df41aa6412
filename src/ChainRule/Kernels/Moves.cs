using System.Numerics;

namespace ChainRule.Kernels;

/// <summary>
/// Strided copying: one loop serves permute, slice, expand and concatenate, which differ only in strides. Both sides
/// are walked by the same sizes; a stride of 0 repeats a number when reading and sums into it when adding.
/// </summary>
static partial class Moves
{
    /// <summary>to[…] = from[…].</summary>
    public static void Copy<T>(ReadOnlySpan<T> from, ReadOnlySpan<int> fromStrides, Span<T> to,
        ReadOnlySpan<int> toStrides, ReadOnlySpan<int> sizes)
        where T : unmanaged, INumber<T>
    {
        if (sizes.Contains(0)) return;
        if (sizes.IsEmpty) { to[0] = from[0]; return; }
        int n = sizes[^1], f = fromStrides[^1], t = toStrides[^1];
        if (sizes.Length > 1) Divide(from, fromStrides, to, toStrides, sizes, add: false);
        else if (f == 1 && t == 1) from[..n].CopyTo(to);
        else if (f == 0 && t == 1) to[..n].Fill(from[0]);
        else for (int i = 0; i < n; i++) to[i * t] = from[i * f];
    }

    /// <summary>to[…] += from[…].</summary>
    public static void Add<T>(ReadOnlySpan<T> from, ReadOnlySpan<int> fromStrides, Span<T> to,
        ReadOnlySpan<int> toStrides, ReadOnlySpan<int> sizes)
        where T : unmanaged, INumber<T>
    {
        if (sizes.Contains(0)) return;
        if (sizes.IsEmpty) { to[0] += from[0]; return; }
        int n = sizes[^1], f = fromStrides[^1], t = toStrides[^1];
        if (sizes.Length > 1) Divide(from, fromStrides, to, toStrides, sizes, add: true);
        else if (f == 1 && t == 1) System.Numerics.Tensors.TensorPrimitives.Add(to[..n], from[..n], to[..n]);
        else for (int i = 0; i < n; i++) to[i * t] += from[i * f];
    }

    /// <summary>The first axis is shared out, unless all of it falls into one place: then it is a sum.</summary>
    static void Divide<T>(ReadOnlySpan<T> from, ReadOnlySpan<int> fromStrides, Span<T> to, ReadOnlySpan<int> toStrides,
        ReadOnlySpan<int> sizes, bool add)
        where T : unmanaged, INumber<T>
    {
        long perRow = 1;
        foreach (int size in sizes[1..]) perRow *= size;
        ForRows.Run(sizes[0], toStrides[0] == 0 ? sizes[0] : 1, perRow, ForRows.Numbers / 2,
            new Work<T>(from, fromStrides, to, toStrides, sizes, add));
    }

    readonly ref struct Work<T>(ReadOnlySpan<T> from, ReadOnlySpan<int> fromStrides, Span<T> to,
        ReadOnlySpan<int> toStrides, ReadOnlySpan<int> sizes, bool add)
        : IRowWork where T : unmanaged, INumber<T>
    {
        readonly ReadOnlySpan<T> _from = from;
        readonly Span<T> _to = to;
        readonly ReadOnlySpan<int> _fromStrides = fromStrides, _toStrides = toStrides, _sizes = sizes;

        public void Run(int first, int last)
        {
            for (int i = first; i < last; i++)
            {
                var (x, y) = (i * _fromStrides[0], i * _toStrides[0]);
                if (add) Add(_from[x..], _fromStrides[1..], _to[y..], _toStrides[1..], _sizes[1..]);
                else Copy(_from[x..], _fromStrides[1..], _to[y..], _toStrides[1..], _sizes[1..]);
            }
        }
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
