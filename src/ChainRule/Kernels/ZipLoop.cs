using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace ChainRule.Kernels;

/// <summary>
/// The loops of element-wise functions of two numbers, with broadcasting. Axes along which both inputs behave alike are
/// merged first, so equal shapes are one loop and a bias row is two. A broadcast input has stride 0, which makes
/// <c>+=</c> the sum over that axis, and a long one goes through <see cref="Chains"/>: un-broadcasting is nowhere else.
/// </summary>
static partial class ZipLoop
{
    const int MaxRank = 16;

    // The fewest numbers of a row that are worth a call of their own.
    const int Grain = 256;

    /// <summary>y = f(a, b). Shapes are those of the tensors; y's is the broadcast of both.</summary>
    public static void Each<F, T>(F f, ReadOnlySpan<T> a, ReadOnlySpan<int> aShape, ReadOnlySpan<T> b,
        ReadOnlySpan<int> bShape, Span<T> y, ReadOnlySpan<int> yShape)
        where F : struct, IFunctionOfTwo where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (y.IsEmpty) return;
        var axes = new Axes(yShape, aShape, bShape, stackalloc int[3 * MaxRank]);
        int split = axes.Longest(ofA: false), size = axes.Size[split];
        ForRows.Run(size, split == 0 ? Grain : 1, y.Length / size, ForRows.Numbers,
            new EachWork<F, T>(f, a, b, y, axes, split));
    }

    /// <summary>
    /// da += f(a, b) · dy, where da has a's shape; da = f(a, b) · dy where it is the first, which a
    /// broadcast a cannot be.
    /// </summary>
    public static void AddGradient<F, T>(F f, ReadOnlySpan<T> a, ReadOnlySpan<int> aShape, ReadOnlySpan<T> b,
        ReadOnlySpan<int> bShape, ReadOnlySpan<T> dy, ReadOnlySpan<int> yShape, Span<T> da, bool first)
        where F : struct, IFunctionOfTwo where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (dy.IsEmpty) return;
        var axes = new Axes(yShape, aShape, bShape, stackalloc int[3 * MaxRank]);
        // Where a is broadcast, da is a sum, and a sum is not split.
        int split = axes.Longest(ofA: true), size = axes.Size[split];
        int grain = axes.A[split] == 0 ? size : split == 0 ? Grain : 1;
        if (IsLong(axes, dy.Length / da.Length))
        {
            ForRows.Run(size, grain, dy.Length / size, ForRows.Numbers,
                new SumWork<F, T>(f, a, b, dy, da, axes, split));
            return;
        }
        ForRows.Run(size, grain, dy.Length / size, ForRows.Numbers,
            new GradientWork<F, T>(f, a, b, dy, da, first, axes, split));
    }

    readonly ref struct EachWork<F, T>(F f, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y, Axes axes, int split)
        : IRowWork
        where F : struct, IFunctionOfTwo where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        readonly ReadOnlySpan<T> _a = a, _b = b;
        readonly Span<T> _y = y;
        readonly Axes _axes = axes;

        public void Run(int from, int to)
        {
            var loop = new Loop(_axes, split, from, to, stackalloc int[MaxRank]);
            // Measured: two streams in and one out are a matter of memory, and the widest vectors only cross more cache
            // lines (3 to 5 % slower).
            if (loop.Inner >= Plain<T>.Count) Rows(ref loop);
            else Few(ref loop);
        }

        [MethodImpl(Compiled.ForItself)]
        void Rows(ref Loop loop)
        {
            do Store(f, _a[loop.A..], loop.InnerA, _b[loop.B..], loop.InnerB, _y.Slice(loop.Y, loop.Inner));
            while (loop.Step());
        }

        [MethodImpl(Compiled.ForItself)]
        void Few(ref Loop loop)
        {
            do StoreFew(f, _a[loop.A..], loop.InnerA, _b[loop.B..], loop.InnerB, _y.Slice(loop.Y, loop.Inner));
            while (loop.Step());
        }
    }

    readonly ref struct GradientWork<F, T>(F f, ReadOnlySpan<T> a, ReadOnlySpan<T> b, ReadOnlySpan<T> dy, Span<T> da,
        bool first, Axes axes, int split) : IRowWork
        where F : struct, IFunctionOfTwo where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        readonly ReadOnlySpan<T> _a = a, _b = b, _dy = dy;
        readonly Span<T> _da = da;
        readonly Axes _axes = axes;

        public void Run(int from, int to)
        {
            var loop = new Loop(_axes, split, from, to, stackalloc int[MaxRank]);
            // A sum over the lanes of a vector has one order on all machines with the same narrow vectors.
            if (loop.Inner < Plain<T>.Count) Few(ref loop);
            else if (loop.InnerA == 0) Sums(ref loop);
            else if (Avx512F.IsSupported && loop.Inner >= Wide<T>.Count) Rows<Wide<T>>(ref loop);
            else Rows<Plain<T>>(ref loop);
        }

        [MethodImpl(Compiled.ForItself)]
        void Rows<V>(ref Loop loop) where V : struct, IVector<V, T>
        {
            do Add<F, V, T>(f, _a[loop.A..], _b[loop.B..], loop.InnerB, _dy.Slice(loop.Y, loop.Inner),
                _da[loop.A..], first);
            while (loop.Step());
        }

        [MethodImpl(Compiled.ForItself)]
        void Sums(ref Loop loop)
        {
            do AddSum(f, _a[loop.A], _b[loop.B..], loop.InnerB, _dy.Slice(loop.Y, loop.Inner), ref _da[loop.A]);
            while (loop.Step());
        }

        [MethodImpl(Compiled.ForItself)]
        void Few(ref Loop loop)
        {
            do AddFew(f, _a[loop.A..], loop.InnerA, _b[loop.B..], loop.InnerB, _dy.Slice(loop.Y, loop.Inner),
                _da[loop.A..], first);
            while (loop.Step());
        }
    }

    // The last vector of a row ends where the row ends, and lies over the one before it: what both reach is
    // stored twice, or added once.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store<F, T>(F f, ReadOnlySpan<T> a, int aStep, ReadOnlySpan<T> b, int bStep, Span<T> y)
        where F : struct, IFunctionOfTwo where T : unmanaged
    {
        ref T xa = ref MemoryMarshal.GetReference(a), xb = ref MemoryMarshal.GetReference(b),
            ys = ref MemoryMarshal.GetReference(y);
        Plain<T> va = Plain<T>.All(xa), vb = Plain<T>.All(xb);
        int i = 0, n = y.Length, w = Plain<T>.Count, last = n - w;
        // One loop for each way to broadcast: what stands still is read once.
        if (bStep == 0) for (; i <= last; i += w) f.Of(aStep == 0 ? va : Plain<T>.Load(ref xa, i), vb).Store(ref ys, i);
        else if (aStep == 0) for (; i <= last; i += w) f.Of(va, Plain<T>.Load(ref xb, i)).Store(ref ys, i);
        else for (; i <= last; i += w) f.Of(Plain<T>.Load(ref xa, i), Plain<T>.Load(ref xb, i)).Store(ref ys, i);
        if (i < n)
            f.Of(aStep == 0 ? va : Plain<T>.Load(ref xa, last), bStep == 0 ? vb : Plain<T>.Load(ref xb, last))
                .Store(ref ys, last);
    }

    static void StoreFew<F, T>(F f, ReadOnlySpan<T> a, int aStep, ReadOnlySpan<T> b, int bStep, Span<T> y)
        where F : struct, IFunctionOfTwo where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Tail.Store(f.Of(Few(a, aStep, y.Length), Few(b, bStep, y.Length)).Value, y);

    static Plain<T> Few<T>(ReadOnlySpan<T> x, int step, int count) where T : unmanaged, INumber<T> =>
        new(step == 0 ? new(x[0]) : Tail.Load(x[..count]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add<F, V, T>(F f, ReadOnlySpan<T> a, ReadOnlySpan<T> b, int bStep, ReadOnlySpan<T> dy,
        Span<T> da, bool first)
        where F : struct, IFunctionOfTwo where V : struct, IVector<V, T> where T : unmanaged
    {
        ref T xa = ref MemoryMarshal.GetReference(a), xb = ref MemoryMarshal.GetReference(b);
        ref T dys = ref MemoryMarshal.GetReference(dy), das = ref MemoryMarshal.GetReference(da);
        V vb = V.All(xb);
        int n = dy.Length, w = V.Count, last = n - w;
        for (int i = 0; i < n; i += w)
        {
            int at = Math.Min(i, last);
            var d = f.Of(V.Load(ref xa, at), bStep == 0 ? vb : V.Load(ref xb, at)) * V.Load(ref dys, at);
            if (!first) d = V.Load(ref das, at) + (i > last ? V.KeepLast(d, n - i) : d);
            d.Store(ref das, at);
        }
    }

    /// <summary>da += Σ f(a, b) · dy over a row along which a stands still.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void AddSum<F, T>(F f, T a, ReadOnlySpan<T> b, int bStep, ReadOnlySpan<T> dy, ref T da)
        where F : struct, IFunctionOfTwo where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref T xb = ref MemoryMarshal.GetReference(b), dys = ref MemoryMarshal.GetReference(dy);
        Plain<T> va = Plain<T>.All(a), vb = Plain<T>.All(xb), sum = default;
        int n = dy.Length, w = Plain<T>.Count, last = n - w;
        for (int i = 0; i < n; i += w)
        {
            int at = Math.Min(i, last);
            var d = f.Of(va, bStep == 0 ? vb : Plain<T>.Load(ref xb, at)) * Plain<T>.Load(ref dys, at);
            sum += i > last ? Plain<T>.KeepLast(d, n - i) : d;
        }
        da += sum.Sum();
    }

    static void AddFew<F, T>(F f, ReadOnlySpan<T> a, int aStep, ReadOnlySpan<T> b, int bStep, ReadOnlySpan<T> dy,
        Span<T> da, bool first)
        where F : struct, IFunctionOfTwo where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = dy.Length;
        var d = f.Of(Few(a, aStep, n), Few(b, bStep, n)).Value * Tail.LoadOrZero(dy);
        if (aStep == 0) da[0] += Vector.Sum(Tail.Keep(d, n));
        else Tail.Store(first ? d : Tail.LoadOrZero<T>(da[..n]) + d, da[..n]);
    }

    /// <summary>
    /// The axes of an output, innermost first: runs of axes along which neither input changes its behaviour are one.
    /// </summary>
    readonly ref struct Axes
    {
        public readonly Span<int> Size, A, B;
        public readonly int Rank;

        public Axes(ReadOnlySpan<int> y, ReadOnlySpan<int> a, ReadOnlySpan<int> b, Span<int> room)
        {
            Size = room[..MaxRank];
            A = room.Slice(MaxRank, MaxRank);
            B = room.Slice(2 * MaxRank, MaxRank);
            int stepA = 1, stepB = 1;
            for (int axis = 1; axis <= y.Length; axis++)
            {
                int size = y[^axis], sizeA = axis <= a.Length ? a[^axis] : 1, sizeB = axis <= b.Length ? b[^axis] : 1;
                if (size == 1) continue;
                int strideA = sizeA == 1 ? 0 : stepA, strideB = sizeB == 1 ? 0 : stepB;
                if (Rank > 0 && strideA == A[Rank - 1] * Size[Rank - 1] && strideB == B[Rank - 1] * Size[Rank - 1])
                    Size[Rank - 1] *= size;
                else
                    (Size[Rank], A[Rank], B[Rank], Rank) = (size, strideA, strideB, Rank + 1);
                (stepA, stepB) = (stepA * sizeA, stepB * sizeB);
            }
            if (Rank == 0) (Size[0], A[0], B[0], Rank) = (1, 1, 1, 1);
        }

        /// <summary>Where threads may split most: the longest axis, or the longest of those that a has too.</summary>
        public int Longest(bool ofA)
        {
            int best = -1;
            for (int k = 0; k < Rank; k++)
                if ((!ofA || A[k] != 0) && (best < 0 || Size[k] >= Size[best])) best = k;
            return Math.Max(best, 0);
        }
    }

    /// <summary>Walks the axes, one of them from a place to another, with the position in output and inputs.</summary>
    ref struct Loop
    {
        readonly Axes _axes;
        readonly Span<int> _count;
        readonly int _split, _range;

        public Loop(Axes axes, int split, int from, int to, Span<int> count)
        {
            _axes = axes;
            _count = count;
            (_split, _range) = (split, to - from);
            int step = 1;
            for (int k = 0; k < split; k++) step *= axes.Size[k];
            (A, B, Y) = (from * axes.A[split], from * axes.B[split], from * step);
            (Inner, InnerA, InnerB) = (Size(0), axes.A[0], axes.B[0]);
        }

        public readonly int Inner { get; }

        public readonly int InnerA { get; }

        public readonly int InnerB { get; }

        public int A { get; private set; }

        public int B { get; private set; }

        public int Y { get; private set; }

        /// <summary>On to the next row of the innermost axis, if there is one.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool Step()
        {
            int step = _axes.Size[0];
            for (int k = 1; k < _axes.Rank; k++)
            {
                A += _axes.A[k];
                B += _axes.B[k];
                Y += step;
                int size = Size(k);
                if (++_count[k] < size) return true;
                A -= _axes.A[k] * size;
                B -= _axes.B[k] * size;
                Y -= step * size;
                step *= _axes.Size[k];
                _count[k] = 0;
            }
            return false;
        }

        readonly int Size(int axis) => axis == _split ? _range : _axes.Size[axis];
    }
}
