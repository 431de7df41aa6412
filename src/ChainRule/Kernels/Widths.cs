using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ChainRule.Kernels;

/// <summary>A vector width that a kernel is written for once and compiled for thrice: V holds <see cref="Count"/> numbers of type T.</summary>
interface IWidth<V, T> where V : struct where T : unmanaged
{
    static abstract int Count { get; }

    static abstract V Load(ref T from, nint at);

    static abstract void Store(V v, ref T to, nint at);

    /// <summary>What marks the first so many numbers, for <see cref="LoadSome"/> and <see cref="StoreSome"/>.</summary>
    static abstract V First(int count);

    /// <summary>The marked numbers, and zeros; memory behind the last of them is not touched, and must not move meanwhile.</summary>
    static abstract V LoadSome(ref T from, nint at, V marks);

    /// <summary>Writes the marked numbers and nothing else; memory must not move meanwhile.</summary>
    static abstract void StoreSome(V v, ref T to, nint at, V marks);

    static abstract V All(T x);

    static abstract V Add(V a, V b);

    /// <summary>a · b + c, rounded once where the hardware can.</summary>
    static abstract V MultiplyAdd(V a, V b, V c);
}

/// <summary>AVX-512: 16 floats.</summary>
readonly struct Width512<T> : IWidth<Vector512<T>, T> where T : unmanaged
{
    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512<T>.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Load(ref T from, nint at) => Vector512.LoadUnsafe(ref from, (nuint)at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<T> v, ref T to, nint at) => v.StoreUnsafe(ref to, (nuint)at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> First(int count) => typeof(T) == typeof(float)
        ? Vector512.LessThan(Vector512<float>.Indices, Vector512.Create((float)count)).As<float, T>()
        : Vector512.LessThan(Vector512<double>.Indices, Vector512.Create((double)count)).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector512<T> LoadSome(ref T from, nint at, Vector512<T> marks)
    {
        void* p = Unsafe.AsPointer(ref Unsafe.Add(ref from, at));
        return typeof(T) == typeof(float)
            ? Avx512F.MaskLoad((float*)p, marks.AsSingle(), default).As<float, T>()
            : Avx512F.MaskLoad((double*)p, marks.AsDouble(), default).As<double, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void StoreSome(Vector512<T> v, ref T to, nint at, Vector512<T> marks)
    {
        void* p = Unsafe.AsPointer(ref Unsafe.Add(ref to, at));
        if (typeof(T) == typeof(float)) Avx512F.MaskStore((float*)p, marks.AsSingle(), v.AsSingle());
        else Avx512F.MaskStore((double*)p, marks.AsDouble(), v.AsDouble());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> All(T x) => Vector512.Create(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Add(Vector512<T> a, Vector512<T> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> MultiplyAdd(Vector512<T> a, Vector512<T> b, Vector512<T> c) => typeof(T) == typeof(float)
        ? Vector512.MultiplyAddEstimate(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
        : Vector512.MultiplyAddEstimate(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();
}

/// <summary>AVX2: 8 floats.</summary>
readonly struct Width256<T> : IWidth<Vector256<T>, T> where T : unmanaged
{
    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256<T>.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Load(ref T from, nint at) => Vector256.LoadUnsafe(ref from, (nuint)at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<T> v, ref T to, nint at) => v.StoreUnsafe(ref to, (nuint)at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> First(int count) => typeof(T) == typeof(float)
        ? Vector256.LessThan(Vector256<float>.Indices, Vector256.Create((float)count)).As<float, T>()
        : Vector256.LessThan(Vector256<double>.Indices, Vector256.Create((double)count)).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector256<T> LoadSome(ref T from, nint at, Vector256<T> marks)
    {
        void* p = Unsafe.AsPointer(ref Unsafe.Add(ref from, at));
        return typeof(T) == typeof(float)
            ? Avx.MaskLoad((float*)p, marks.AsSingle()).As<float, T>()
            : Avx.MaskLoad((double*)p, marks.AsDouble()).As<double, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void StoreSome(Vector256<T> v, ref T to, nint at, Vector256<T> marks)
    {
        void* p = Unsafe.AsPointer(ref Unsafe.Add(ref to, at));
        if (typeof(T) == typeof(float)) Avx.MaskStore((float*)p, marks.AsSingle(), v.AsSingle());
        else Avx.MaskStore((double*)p, marks.AsDouble(), v.AsDouble());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> All(T x) => Vector256.Create(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Add(Vector256<T> a, Vector256<T> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> MultiplyAdd(Vector256<T> a, Vector256<T> b, Vector256<T> c) => typeof(T) == typeof(float)
        ? Vector256.MultiplyAddEstimate(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
        : Vector256.MultiplyAddEstimate(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();
}

/// <summary>Arm's Neon and x86 without AVX2: 4 floats.</summary>
readonly struct Width128<T> : IWidth<Vector128<T>, T> where T : unmanaged
{
    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128<T>.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Load(ref T from, nint at) => Vector128.LoadUnsafe(ref from, (nuint)at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<T> v, ref T to, nint at) => v.StoreUnsafe(ref to, (nuint)at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> First(int count) => typeof(T) == typeof(float)
        ? Vector128.LessThan(Vector128<float>.Indices, Vector128.Create((float)count)).As<float, T>()
        : Vector128.LessThan(Vector128<double>.Indices, Vector128.Create((double)count)).As<double, T>();

    // There is no instruction for it everywhere.
    public static Vector128<T> LoadSome(ref T from, nint at, Vector128<T> marks)
    {
        var v = Vector128<T>.Zero;
        for (int i = 0, count = Marked(marks); i < count; i++) v = v.WithElement(i, Unsafe.Add(ref from, at + i));
        return v;
    }

    public static void StoreSome(Vector128<T> v, ref T to, nint at, Vector128<T> marks)
    {
        for (int i = 0, count = Marked(marks); i < count; i++) Unsafe.Add(ref to, at + i) = v.GetElement(i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Marked(Vector128<T> marks) => BitOperations.PopCount(Vector128.ExtractMostSignificantBits(marks));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> All(T x) => Vector128.Create(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Add(Vector128<T> a, Vector128<T> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> MultiplyAdd(Vector128<T> a, Vector128<T> b, Vector128<T> c) => typeof(T) == typeof(float)
        ? Vector128.MultiplyAddEstimate(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
        : Vector128.MultiplyAddEstimate(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();
}
