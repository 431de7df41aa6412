using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ChainRule.Kernels;

/// <summary>
/// Vectors of which only the first few lanes may come from memory or go there: rows of any length need no second loop.
/// What lies beyond is not touched, but the memory must not move meanwhile.
/// </summary>
interface IMasked<V, T> : IVector<V, T> where V : struct, IMasked<V, T> where T : unmanaged
{
    /// <summary>The first few numbers, and 0 in the other lanes.</summary>
    static abstract V LoadFirst(ref T from, nint at, int count);

    /// <summary>Stores the first few lanes.</summary>
    void StoreFirst(ref T to, nint at, int count);

    /// <summary>The first few lanes of a, and the others of b.</summary>
    static abstract V First(int count, V a, V b);
}

/// <summary>
/// As <see cref="IMasked{V, T}"/>, with the marks of the lanes made once, in a vector M of their own, which the
/// compiler keeps where masks are kept.
/// </summary>
interface IMarked<V, M, T> : IMasked<V, T> where V : struct, IMarked<V, M, T> where M : struct where T : unmanaged
{
    /// <summary>What marks the first few lanes: all their bits are set.</summary>
    static abstract M Marks(int count);

    /// <summary>The marked numbers, and 0 in the other lanes.</summary>
    static abstract V LoadSome(ref T from, nint at, M marks);

    /// <summary>Stores the marked lanes, which are the first few.</summary>
    void StoreSome(ref T to, nint at, M marks);
}

partial struct Plain<T> : IMarked<Plain<T>, Vector<T>, T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Marks(int count) => typeof(T) == typeof(float)
        ? Vector.LessThan(Vector<int>.Indices, new Vector<int>(count)).As<int, T>()
        : Vector.LessThan(Vector<long>.Indices, new Vector<long>(count)).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Plain<T> LoadSome(ref T from, nint at, Vector<T> marks)
    {
        if (!Avx.IsSupported || Vector<byte>.Count != 32)
            return LoadOneByOne(ref Unsafe.Add(ref from, at), Marked(marks));
        // Without a detour over memory: a vector read from where single numbers were just written waits for them.
        void* p = Unsafe.AsPointer(ref Unsafe.Add(ref from, at));
        return typeof(T) == typeof(float)
            ? new(Avx.MaskLoad((float*)p, marks.As<T, float>().AsVector256()).AsVector().As<float, T>())
            : new(Avx.MaskLoad((double*)p, marks.As<T, double>().AsVector256()).AsVector().As<double, T>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly unsafe void StoreSome(ref T to, nint at, Vector<T> marks)
    {
        void* p = Unsafe.AsPointer(ref Unsafe.Add(ref to, at));
        if (!Avx.IsSupported || Vector<byte>.Count != 32) StoreOneByOne(ref Unsafe.Add(ref to, at), Marked(marks));
        else if (typeof(T) == typeof(float))
            Avx.MaskStore((float*)p, marks.As<T, float>().AsVector256(), Value.As<T, float>().AsVector256());
        else Avx.MaskStore((double*)p, marks.As<T, double>().AsVector256(), Value.As<T, double>().AsVector256());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Plain<T> LoadFirst(ref T from, nint at, int count) => LoadSome(ref from, at, Marks(count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void StoreFirst(ref T to, nint at, int count) => StoreSome(ref to, at, Marks(count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Plain<T> First(int count, Plain<T> a, Plain<T> b) =>
        new(Vector.ConditionalSelect(Marks(count), a.Value, b.Value));

    // There is no instruction for it everywhere.
    static Plain<T> LoadOneByOne(ref T from, int count)
    {
        Span<T> room = stackalloc T[Count];
        room.Clear();
        MemoryMarshal.CreateReadOnlySpan(ref from, count).CopyTo(room);
        return new(new Vector<T>(room));
    }

    readonly void StoreOneByOne(ref T to, int count)
    {
        Span<T> room = stackalloc T[Count];
        Value.CopyTo(room);
        room[..count].CopyTo(MemoryMarshal.CreateSpan(ref to, count));
    }

    static int Marked(Vector<T> marks) => BitOperations.PopCount(marks.AsVector128().ExtractMostSignificantBits());
}

partial struct Wide<T> : IMarked<Wide<T>, Vector512<T>, T>
{
    // Compared as the numbers that are to be marked: the compiler then keeps the marks in a register of its own kind.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Marks(int count) => typeof(T) == typeof(float)
        ? Vector512.LessThan(Vector512<float>.Indices, Vector512.Create((float)count)).As<float, T>()
        : Vector512.LessThan(Vector512<double>.Indices, Vector512.Create((double)count)).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Wide<T> LoadSome(ref T from, nint at, Vector512<T> marks)
    {
        void* p = Unsafe.AsPointer(ref Unsafe.Add(ref from, at));
        return typeof(T) == typeof(float)
            ? new(Avx512F.MaskLoad((float*)p, marks.AsSingle(), default).As<float, T>())
            : new(Avx512F.MaskLoad((double*)p, marks.AsDouble(), default).As<double, T>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly unsafe void StoreSome(ref T to, nint at, Vector512<T> marks)
    {
        void* p = Unsafe.AsPointer(ref Unsafe.Add(ref to, at));
        if (typeof(T) == typeof(float)) Avx512F.MaskStore((float*)p, marks.AsSingle(), Value.AsSingle());
        else Avx512F.MaskStore((double*)p, marks.AsDouble(), Value.AsDouble());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> LoadFirst(ref T from, nint at, int count) => LoadSome(ref from, at, Marks(count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void StoreFirst(ref T to, nint at, int count) => StoreSome(ref to, at, Marks(count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> First(int count, Wide<T> a, Wide<T> b) =>
        new(Vector512.ConditionalSelect(Marks(count), a.Value, b.Value));
}
