using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ChainRule.Kernels;

/// <summary>
/// x[ids[i]] += y[from[i]], where many rows may go to one: they are brought together by their id, and summed as
/// <see cref="Chains"/> sums columns.
/// </summary>
static class RowScatter
{
    // Threads that add columns touch lines of their own.
    const int Grain = 64;

    const int ColumnsTogether = 1024;

    // Up to this many rows of an id are added one after another.
    const int FewRows = 8;

    /// <param name="ids">Which row of x gets something, each time.</param>
    /// <param name="y">What is added.</param>
    /// <param name="x">What it is added to.</param>
    /// <param name="width">How wide rows are.</param>
    /// <param name="from">Which row of y it gets; row i if empty.</param>
    public static void Add<T>(ReadOnlySpan<int> ids, ReadOnlySpan<T> y, Span<T> x, int width,
        ReadOnlySpan<int> from = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (width == 0) return;
        int rows = x.Length / width;
        int[] room = ArrayPool<int>.Shared.Rent(rows + 1 + ids.Length);
        Span<int> ends = room.AsSpan(0, rows + 1), order = room.AsSpan(rows + 1, ids.Length);
        ends.Clear();
        foreach (int id in ids) ends[id + 1]++;
        for (int id = 0; id < rows; id++) ends[id + 1] += ends[id];
        // ends[id] goes from where the rows of an id begin to where they end.
        for (int i = 0; i < ids.Length; i++) order[ends[ids[i]]++] = from.IsEmpty ? i : from[i];
        ForRows.Run(width, Grain, ids.Length, ForRows.Numbers, new Work<T>(ends[..rows], order, y, x, width));
        ArrayPool<int>.Shared.Return(room);
    }

    /// <summary>A range of columns.</summary>
    readonly ref struct Work<T>(ReadOnlySpan<int> ends, ReadOnlySpan<int> order, ReadOnlySpan<T> y, Span<T> x,
        int width) : IRowWork
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        readonly ReadOnlySpan<int> _ends = ends, _order = order;
        readonly ReadOnlySpan<T> _y = y;
        readonly Span<T> _x = x;

        public void Run(int from, int to)
        {
            double[] room = ArrayPool<double>.Shared.Rent(Chains.Room(Math.Min(ColumnsTogether, to - from),
                _order.Length));
            for (int id = 0, begin = 0; id < _ends.Length; begin = _ends[id++])
            {
                var rows = _order[begin.._ends[id]];
                if (rows.Length > FewRows)
                {
                    Sum(rows, id, from, to, room);
                    continue;
                }
                var sum = _x.Slice(id * width + from, to - from);
                foreach (int row in rows) TensorPrimitives.Add(sum, _y.Slice(row * width + from, to - from), sum);
            }
            ArrayPool<double>.Shared.Return(room);
        }

        void Sum(ReadOnlySpan<int> rows, int id, int from, int to, Span<double> room)
        {
            for (int at = from; at < to; at += ColumnsTogether)
            {
                int columns = Math.Min(ColumnsTogether, to - at);
                var terms =
                    new Eights<Named<T>, T>(new(rows, ref Unsafe.Add(ref MemoryMarshal.GetReference(_y), at), width));
                Chains.Store(Chains.OfColumns(terms, rows.Length, columns, room), 1,
                    _x.Slice(id * width + at, columns), add: true);
            }
        }
    }

    /// <summary>Rows in the order of their names.</summary>
    readonly ref struct Named<T>(ReadOnlySpan<int> names, ref T x, nint step) : ITerms<T>
        where T : unmanaged, INumber<T>
    {
        readonly ReadOnlySpan<int> _names = names;
        readonly ref T _x = ref x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> At<P>(nint row, P place) where P : struct, IPlace =>
            place.Load(ref Unsafe.Add(ref _x, _names[(int)row] * step));
    }
}
