using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ChainRule.Kernels;

/// <summary>
/// Vectors of which only the first few lanes may come from memory or go there: rows of any length need no second loop. What lies beyond is not touched,
/// but the memory must not move meanwhile.
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

readonly partial struct Plain<T> : IMasked<Plain<T>, T>
{
    public static unsafe Plain<T> LoadFirst(ref T from, nint at, int count)
    {
        ref T first = ref Unsafe.Add(ref from, at);
        if (Avx.IsSupported && Vector<byte>.Count == 32)
        {
            // Without a detour over memory: a vector read from where single numbers were just written waits for them.
            void* p = Unsafe.AsPointer(ref first);
            return typeof(T) == typeof(float)
                ? new(Avx.MaskLoad((float*)p, Marks(count).As<T, float>().AsVector256()).AsVector().As<float, T>())
                : new(Avx.MaskLoad((double*)p, Marks(count).As<T, double>().AsVector256()).AsVector().As<double, T>());
        }
        Span<T> room = stackalloc T[Vector<T>.Count];
        room.Clear();
        MemoryMarshal.CreateReadOnlySpan(ref first, count).CopyTo(room);
        return new(new Vector<T>(room));
    }

    public void StoreFirst(ref T to, nint at, int count)
    {
        Span<T> room = stackalloc T[Vector<T>.Count];
        Value.CopyTo(room);
        room[..count].CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.Add(ref to, at), count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Plain<T> First(int count, Plain<T> a, Plain<T> b) => new(Vector.ConditionalSelect(Marks(count), a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector<T> Marks(int count) => typeof(T) == typeof(float)
        ? Vector.LessThan(Vector<int>.Indices, new Vector<int>(count)).As<int, T>()
        : Vector.LessThan(Vector<long>.Indices, new Vector<long>(count)).As<long, T>();
}

readonly partial struct Wide<T> : IMasked<Wide<T>, T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Wide<T> LoadFirst(ref T from, nint at, int count)
    {
        void* p = Unsafe.AsPointer(ref Unsafe.Add(ref from, at));
        return typeof(T) == typeof(float)
            ? new(Avx512F.MaskLoad((float*)p, Marks(count).AsSingle(), default).As<float, T>())
            : new(Avx512F.MaskLoad((double*)p, Marks(count).AsDouble(), default).As<double, T>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void StoreFirst(ref T to, nint at, int count)
    {
        void* p = Unsafe.AsPointer(ref Unsafe.Add(ref to, at));
        if (typeof(T) == typeof(float)) Avx512F.MaskStore((float*)p, Marks(count).AsSingle(), Value.AsSingle());
        else Avx512F.MaskStore((double*)p, Marks(count).AsDouble(), Value.AsDouble());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> First(int count, Wide<T> a, Wide<T> b) => new(Vector512.ConditionalSelect(Marks(count), a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<T> Marks(int count) => typeof(T) == typeof(float)
        ? Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).As<int, T>()
        : Vector512.LessThan(Vector512<long>.Indices, Vector512.Create((long)count)).As<long, T>();
}
