using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ChainRule.Kernels;

/// <summary>
/// The loops of element-wise functions of two numbers, with broadcasting. Axes along which both inputs behave alike are merged first, so equal
/// shapes are one loop and a bias row is two. A broadcast input has stride 0, which makes <c>+=</c> the sum over that axis: un-broadcasting is nowhere else.
/// </summary>
static class ZipLoop
{
    const int MaxRank = 16;

    /// <summary>y = f(a, b). Shapes are those of the tensors; y's is the broadcast of both.</summary>
    [MethodImpl(Compiled.ForItself)]
    public static void Each<F, T>(F f, ReadOnlySpan<T> a, ReadOnlySpan<int> aShape, ReadOnlySpan<T> b, ReadOnlySpan<int> bShape, Span<T> y, ReadOnlySpan<int> yShape)
        where F : struct, ILocal where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (y.IsEmpty) return;
        var loop = new Loop(yShape, aShape, bShape, stackalloc int[4 * MaxRank]);
        for (int at = 0; at < y.Length; at += loop.Inner, loop.Step())
            Store(f, a[loop.A..], loop.InnerA, b[loop.B..], loop.InnerB, y.Slice(at, loop.Inner));
    }

    /// <summary>da += slope(a, b) · dy, where da has a's shape; da = slope(a, b) · dy where it is the first, which a broadcast a cannot be.</summary>
    [MethodImpl(Compiled.ForItself)]
    public static void AddSlope<F, T>(F slope, ReadOnlySpan<T> a, ReadOnlySpan<int> aShape, ReadOnlySpan<T> b, ReadOnlySpan<int> bShape,
        ReadOnlySpan<T> dy, ReadOnlySpan<int> yShape, Span<T> da, bool first)
        where F : struct, ILocal where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (dy.IsEmpty) return;
        var loop = new Loop(yShape, aShape, bShape, stackalloc int[4 * MaxRank]);
        for (int at = 0; at < dy.Length; at += loop.Inner, loop.Step())
            Add(slope, a[loop.A..], loop.InnerA, b[loop.B..], loop.InnerB, dy.Slice(at, loop.Inner), da[loop.A..], first);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store<F, T>(F f, ReadOnlySpan<T> a, int aStep, ReadOnlySpan<T> b, int bStep, Span<T> y)
        where F : struct, ILocal where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref T xa = ref MemoryMarshal.GetReference(a), xb = ref MemoryMarshal.GetReference(b), ys = ref MemoryMarshal.GetReference(y);
        Vector<T> va = new(xa), vb = new(xb);
        int i = 0, n = y.Length, w = Vector<T>.Count;
        // One loop for each way to broadcast: what stands still is read once.
        if (bStep == 0) for (; i <= n - w; i += w) f.Of(aStep == 0 ? va : Vector.LoadUnsafe(ref xa, (nuint)i), vb).StoreUnsafe(ref ys, (nuint)i);
        else if (aStep == 0) for (; i <= n - w; i += w) f.Of(va, Vector.LoadUnsafe(ref xb, (nuint)i)).StoreUnsafe(ref ys, (nuint)i);
        else for (; i <= n - w; i += w) f.Of(Vector.LoadUnsafe(ref xa, (nuint)i), Vector.LoadUnsafe(ref xb, (nuint)i)).StoreUnsafe(ref ys, (nuint)i);
        if (i == n) return;
        Tail.Store(f.Of(aStep == 0 ? new(xa) : Tail.Load(a[i..n]), bStep == 0 ? new(xb) : Tail.Load(b[i..n])), y[i..]);
    }

    static void Add<F, T>(F slope, ReadOnlySpan<T> a, int aStep, ReadOnlySpan<T> b, int bStep, ReadOnlySpan<T> dy, Span<T> da, bool first)
        where F : struct, ILocal where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref T xa = ref MemoryMarshal.GetReference(a), xb = ref MemoryMarshal.GetReference(b);
        ref T dys = ref MemoryMarshal.GetReference(dy), das = ref MemoryMarshal.GetReference(da);
        Vector<T> va = new(xa), vb = new(xb), sum = Vector<T>.Zero;
        int i = 0, n = dy.Length, w = Vector<T>.Count;
        if (aStep == 0)
        {
            for (; i <= n - w; i += w) sum += slope.Of(va, bStep == 0 ? vb : Vector.LoadUnsafe(ref xb, (nuint)i)) * Vector.LoadUnsafe(ref dys, (nuint)i);
            das += Vector.Sum(sum);
            if (i < n) das += Vector.Sum(Tail.Keep(slope.Of(new(xa), bStep == 0 ? new(xb) : Tail.Load(b[i..n])) * Tail.LoadOrZero(dy[i..]), n - i));
            return;
        }
        for (; i <= n - w; i += w)
        {
            var d = slope.Of(Vector.LoadUnsafe(ref xa, (nuint)i), bStep == 0 ? vb : Vector.LoadUnsafe(ref xb, (nuint)i)) * Vector.LoadUnsafe(ref dys, (nuint)i);
            if (!first) d += Vector.LoadUnsafe(ref das, (nuint)i);
            d.StoreUnsafe(ref das, (nuint)i);
        }
        if (i == n) return;
        var last = slope.Of(Tail.Load(a[i..n]), bStep == 0 ? new(xb) : Tail.Load(b[i..n])) * Tail.LoadOrZero(dy[i..]);
        Tail.Store(first ? last : Tail.LoadOrZero<T>(da[i..n]) + last, da[i..n]);
    }

    /// <summary>Walks the merged axes of an output, with the position in both inputs.</summary>
    ref struct Loop
    {
        readonly Span<int> _size, _strideA, _strideB, _count;
        readonly int _rank;

        public Loop(ReadOnlySpan<int> y, ReadOnlySpan<int> a, ReadOnlySpan<int> b, Span<int> room)
        {
            _size = room[..MaxRank];
            _strideA = room.Slice(MaxRank, MaxRank);
            _strideB = room.Slice(2 * MaxRank, MaxRank);
            _count = room.Slice(3 * MaxRank, MaxRank);
            // Innermost first: axis k of the loop is the k-th run of axes from the back along which neither input changes its behaviour.
            int stepA = 1, stepB = 1;
            for (int axis = 1; axis <= y.Length; axis++)
            {
                int size = y[^axis], sizeA = axis <= a.Length ? a[^axis] : 1, sizeB = axis <= b.Length ? b[^axis] : 1;
                if (size == 1) continue;
                int strideA = sizeA == 1 ? 0 : stepA, strideB = sizeB == 1 ? 0 : stepB;
                if (_rank > 0 && strideA == _strideA[_rank - 1] * _size[_rank - 1] && strideB == _strideB[_rank - 1] * _size[_rank - 1])
                    _size[_rank - 1] *= size;
                else
                    (_size[_rank], _strideA[_rank], _strideB[_rank], _rank) = (size, strideA, strideB, _rank + 1);
                (stepA, stepB) = (stepA * sizeA, stepB * sizeB);
            }
            if (_rank == 0) (_size[0], _strideA[0], _strideB[0], _rank) = (1, 1, 1, 1);
            _count.Clear();
            (Inner, InnerA, InnerB) = (_size[0], _strideA[0], _strideB[0]);
        }

        public readonly int Inner { get; }

        public readonly int InnerA { get; }

        public readonly int InnerB { get; }

        public int A { get; private set; }

        public int B { get; private set; }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Step()
        {
            for (int k = 1; k < _rank; k++)
            {
                A += _strideA[k];
                B += _strideB[k];
                if (++_count[k] < _size[k]) return;
                A -= _strideA[k] * _size[k];
                B -= _strideB[k] * _size[k];
                _count[k] = 0;
            }
        }
    }
}
