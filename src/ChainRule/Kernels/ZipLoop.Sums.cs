using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ChainRule.Kernels;

static partial class ZipLoop
{
    // Up to this many terms are added to da one by one; of a row that is summed to one number, up to this many in
    // the lanes of one vector.
    const int FewTerms = 8, FewInRow = 256;

    // As many columns are summed together: their sums stay in the first cache.
    const int ColumnsTogether = 1024;

    /// <summary>Whether da, which is broadcast, is a sum of enough terms that it takes <see cref="Chains"/>.</summary>
    static bool IsLong(in Axes axes, int terms) =>
        terms > FewTerms && !(axes.A[0] == 0 && axes.Size[0] == terms && terms <= FewInRow);

    /// <summary>
    /// da += Σ f(a, b) · dy over the axes along which a is broadcast: for a range of one of the others, number by
    /// number or, where the innermost axis is one of them, row by row.
    /// </summary>
    readonly ref struct SumWork<F, T>(F f, ReadOnlySpan<T> a, ReadOnlySpan<T> b, ReadOnlySpan<T> dy, Span<T> da,
        Axes axes, int split) : IRowWork
        where F : struct, IFunctionOfTwo where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        readonly ReadOnlySpan<T> _a = a, _b = b, _dy = dy;
        readonly Span<T> _da = da;
        readonly Axes _axes = axes;

        public void Run(int from, int to)
        {
            // A split axis is one that a has too; where it has none, all of the sum is one piece of work.
            bool kept = _axes.A[split] != 0, rows = _axes.A[0] != 0;
            int terms = _dy.Length / _da.Length,
                width = rows ? Math.Min(ColumnsTogether, split == 0 ? to - from : _axes.Size[0]) : Chains.Strands;
            double[] room = ArrayPool<double>.Shared.Rent(
                Chains.Room(width, rows ? terms : terms / Chains.Strands + terms / _axes.Size[0]));
            Kept(_axes.Rank - 1, new(0, 0, 0), kept ? from : 0, kept ? to : 0, room);
            ArrayPool<double>.Shared.Return(room);
        }

        /// <summary>Goes through the axes that a has, down to the innermost of all.</summary>
        void Kept(int axis, Place at, int from, int to, Span<double> room)
        {
            if (axis > 0)
            {
                int first = axis == split ? from : 0,
                    end = _axes.A[axis] == 0 ? 1 : axis == split ? to : _axes.Size[axis];
                for (int i = first; i < end; i++)
                    Kept(axis - 1, _axes.A[axis] == 0 ? at : At(at, axis, i), from, to, room);
                return;
            }
            if (_axes.A[0] == 0 && _axes.Size[0] == _dy.Length / _da.Length)
            {
                _da[at.A] += T.CreateTruncating(Chains.OfRow(AlongRow(at), _axes.Size[0]));
                return;
            }
            if (_axes.A[0] == 0)
            {
                var chains = new Chains(room, Chains.Strands);
                Broadcast(_axes.Rank - 1, at, 0, ref chains);
                _da[at.A] += T.CreateTruncating(chains.Row());
                return;
            }
            int last = split == 0 ? to : _axes.Size[0];
            for (int column = split == 0 ? from : 0, columns; column < last; column += columns)
            {
                columns = Math.Min(ColumnsTogether, last - column);
                var (a, b, y) = At(at, 0, column);
                var chains = new Chains(room, columns);
                Broadcast(_axes.Rank - 1, new(a, b, y), columns, ref chains);
                Chains.Store(chains.Total(), 1, _da.Slice(a, columns), add: true);
            }
        }

        /// <summary>
        /// Goes through the axes along which a is broadcast; the innermost of them is summed at once.
        /// </summary>
        void Broadcast(int axis, Place at, int columns, ref Chains chains)
        {
            while (_axes.A[axis] != 0) axis--;
            bool innermost = _axes.A[..axis].IndexOf(0) < 0;
            for (int i = 0; !innermost && i < _axes.Size[axis]; i++)
                Broadcast(axis - 1, At(at, axis, i), columns, ref chains);
            if (!innermost) return;

            ref T a = ref Unsafe.Add(ref MemoryMarshal.GetReference(_a), at.A),
                b = ref Unsafe.Add(ref MemoryMarshal.GetReference(_b), at.B);
            ref T dy = ref Unsafe.Add(ref MemoryMarshal.GetReference(_dy), at.Y);
            if (axis == 0) chains.AddRow(AlongRow(at), _axes.Size[0]);
            else if (_axes.B[0] == 0)
                chains.Add(new Eights<AcrossRowsOfOne<F, T>, T>(new(f, ref a, ref b, _axes.B[axis], ref dy,
                    Step(axis))), 0, _axes.Size[axis], columns);
            else
                chains.Add(new Eights<AcrossRows<F, T>, T>(new(f, ref a, ref b, _axes.B[axis], ref dy, Step(axis))), 0,
                    _axes.Size[axis], columns);
        }

        Eights<AlongRow<F, T>, T> AlongRow(Place at) =>
            new(new(f, _a[at.A], ref Unsafe.Add(ref MemoryMarshal.GetReference(_b), at.B),
                ref Unsafe.Add(ref MemoryMarshal.GetReference(_dy), at.Y)));

        Place At(Place at, int axis, int i) =>
            new(at.A + i * _axes.A[axis], at.B + i * _axes.B[axis], at.Y + i * Step(axis));

        /// <summary>How far apart in dy the numbers along an axis lie.</summary>
        int Step(int axis)
        {
            int step = 1;
            foreach (int size in _axes.Size[..axis]) step *= size;
            return step;
        }
    }

    /// <summary>Where in a, b and y.</summary>
    readonly record struct Place(int A, int B, int Y);

    /// <summary>f(a, b) · dy of one a, read as a table.</summary>
    readonly ref struct AlongRow<F, T>(F f, T a, ref T b, ref T dy) : ITerms<T> where F : struct, IFunctionOfTwo
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        readonly Vector<T> _a = new(a);
        readonly ref T _b = ref b, _dy = ref dy;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> At<P>(nint row, P place) where P : struct, IPlace =>
            f.Of(new Plain<T>(_a), new(place.Load(ref Unsafe.Add(ref _b, row * Chains.Strands)))).Value
                * place.Load(ref Unsafe.Add(ref _dy, row * Chains.Strands));
    }

    /// <summary>
    /// f(a, b) · dy of a row of a and rows of b, which begin a step apart, or are one row where that is 0.
    /// </summary>
    readonly ref struct AcrossRows<F, T>(F f, ref T a, ref T b, nint bStep, ref T dy, nint dyStep) : ITerms<T>
        where F : struct, IFunctionOfTwo where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        readonly ref T _a = ref a, _b = ref b, _dy = ref dy;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> At<P>(nint row, P place) where P : struct, IPlace =>
            f.Of(new Plain<T>(place.Load(ref _a)), new(place.Load(ref Unsafe.Add(ref _b, row * bStep)))).Value
                * place.Load(ref Unsafe.Add(ref _dy, row * dyStep));
    }

    /// <summary>As <see cref="AcrossRows{F, T}"/>, where b has one number for a row.</summary>
    readonly ref struct AcrossRowsOfOne<F, T>(F f, ref T a, ref T b, nint bStep, ref T dy, nint dyStep) : ITerms<T>
        where F : struct, IFunctionOfTwo where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        readonly ref T _a = ref a, _b = ref b, _dy = ref dy;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> At<P>(nint row, P place) where P : struct, IPlace =>
            f.Of(new Plain<T>(place.Load(ref _a)), Plain<T>.All(Unsafe.Add(ref _b, row * bStep))).Value
                * place.Load(ref Unsafe.Add(ref _dy, row * dyStep));
    }
}
