using System.Runtime.CompilerServices;

namespace ChainRule.Kernels;

/// <summary>One row of a tile, or the row of B that it is multiplied with: one to three vectors, held in registers.</summary>
interface IGemmRow<R, V, T> where R : struct where V : struct where T : unmanaged
{
    static abstract int Vectors { get; }

    /// <summary>What says which numbers of the last vector there are.</summary>
    static abstract V Edge(int last);

    static abstract R Load(ref T from, V edge);

    static abstract V All(T x);

    /// <summary>Adds x · b to it.</summary>
    void Add(V x, R b);

    /// <summary>Adds b to it.</summary>
    void Add(R b);

    void Store(ref T to, V edge);
}

/// <summary>How the last vector of a row is read and written.</summary>
interface IEdge<V, T> where V : struct where T : unmanaged
{
    static abstract V Of(int count);

    static abstract V Load(ref T from, nint at, V edge);

    static abstract void Store(V v, ref T to, nint at, V edge);
}

/// <summary>All of it.</summary>
readonly struct Whole<V, T> : IEdge<V, T> where V : struct, IMasked<V, T> where T : unmanaged
{
    public static V Of(int count) => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(ref T from, nint at, V edge) => V.Load(ref from, at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(V v, ref T to, nint at, V edge) => v.Store(ref to, at);
}

/// <summary>Its first numbers: what lies behind them is neither read nor written.</summary>
readonly struct Cut<V, T> : IEdge<V, T> where V : struct, IMasked<V, T> where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of(int count) => V.Marks(count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(ref T from, nint at, V edge) => V.LoadSome(ref from, at, edge);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(V v, ref T to, nint at, V edge) => v.StoreSome(ref to, at, edge);
}

struct One<V, T, E>(V v0) : IGemmRow<One<V, T, E>, V, T>
    where V : struct, IMasked<V, T> where T : unmanaged where E : struct, IEdge<V, T>
{
    V _v0 = v0;

    public static int Vectors => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Edge(int last) => E.Of(last);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static One<V, T, E> Load(ref T from, V edge) => new(E.Load(ref from, 0, edge));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V All(T x) => V.All(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(V x, One<V, T, E> b) => _v0.AddProduct(x, b._v0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(One<V, T, E> b) => _v0 = b._v0 + _v0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref T to, V edge) => E.Store(_v0, ref to, 0, edge);
}

struct Two<V, T, E>(V v0, V v1) : IGemmRow<Two<V, T, E>, V, T>
    where V : struct, IMasked<V, T> where T : unmanaged where E : struct, IEdge<V, T>
{
    V _v0 = v0, _v1 = v1;

    public static int Vectors => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Edge(int last) => E.Of(last);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Two<V, T, E> Load(ref T from, V edge) => new(V.Load(ref from, 0), E.Load(ref from, V.Count, edge));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V All(T x) => V.All(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(V x, Two<V, T, E> b)
    {
        _v0.AddProduct(x, b._v0);
        _v1.AddProduct(x, b._v1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Two<V, T, E> b)
    {
        _v0 = b._v0 + _v0;
        _v1 = b._v1 + _v1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref T to, V edge)
    {
        _v0.Store(ref to, 0);
        E.Store(_v1, ref to, V.Count, edge);
    }
}

struct Three<V, T, E>(V v0, V v1, V v2) : IGemmRow<Three<V, T, E>, V, T>
    where V : struct, IMasked<V, T> where T : unmanaged where E : struct, IEdge<V, T>
{
    V _v0 = v0, _v1 = v1, _v2 = v2;

    public static int Vectors => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Edge(int last) => E.Of(last);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Three<V, T, E> Load(ref T from, V edge) => new(V.Load(ref from, 0), V.Load(ref from, V.Count), E.Load(ref from, 2 * V.Count, edge));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V All(T x) => V.All(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(V x, Three<V, T, E> b)
    {
        _v0.AddProduct(x, b._v0);
        _v1.AddProduct(x, b._v1);
        _v2.AddProduct(x, b._v2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Three<V, T, E> b)
    {
        _v0 = b._v0 + _v0;
        _v1 = b._v1 + _v1;
        _v2 = b._v2 + _v2;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref T to, V edge)
    {
        _v0.Store(ref to, 0);
        _v1.Store(ref to, V.Count);
        E.Store(_v2, ref to, 2 * V.Count, edge);
    }
}
