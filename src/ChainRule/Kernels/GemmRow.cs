using System.Runtime.CompilerServices;

namespace ChainRule.Kernels;

/// <summary>
/// One row of a tile, or the row of B that it is multiplied with: one to three vectors, held in registers.
/// </summary>
interface IGemmRow<R, V, M, T> where R : struct where V : struct where M : struct where T : unmanaged
{
    static abstract int Vectors { get; }

    /// <summary>What says which numbers of the last vector there are.</summary>
    static abstract M Edge(int last);

    static abstract R Load(ref T from, M edge);

    static abstract V All(T x);

    /// <summary>Adds x · b to it.</summary>
    void Add(V x, R b);

    /// <summary>Adds b to it.</summary>
    void Add(R b);

    void Store(ref T to, M edge);
}

/// <summary>How the last vector of a row is read and written.</summary>
interface IEdge<V, M, T> where V : struct where M : struct where T : unmanaged
{
    static abstract M Of(int count);

    static abstract V Load(ref T from, nint at, M edge);

    static abstract void Store(V v, ref T to, nint at, M edge);
}

/// <summary>All of it.</summary>
readonly struct Whole<V, M, T> : IEdge<V, M, T> where V : struct, IMarked<V, M, T> where M : struct where T : unmanaged
{
    public static M Of(int count) => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(ref T from, nint at, M edge) => V.Load(ref from, at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(V v, ref T to, nint at, M edge) => v.Store(ref to, at);
}

/// <summary>Its first numbers: what lies behind them is neither read nor written.</summary>
readonly struct Cut<V, M, T> : IEdge<V, M, T> where V : struct, IMarked<V, M, T> where M : struct where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static M Of(int count) => V.Marks(count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(ref T from, nint at, M edge) => V.LoadSome(ref from, at, edge);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(V v, ref T to, nint at, M edge) => v.StoreSome(ref to, at, edge);
}

struct One<V, M, T, E>(V v0) : IGemmRow<One<V, M, T, E>, V, M, T>
    where V : struct, IMarked<V, M, T> where M : struct where T : unmanaged where E : struct, IEdge<V, M, T>
{
    V _v0 = v0;

    public static int Vectors => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static M Edge(int last) => E.Of(last);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static One<V, M, T, E> Load(ref T from, M edge) => new(E.Load(ref from, 0, edge));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V All(T x) => V.All(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(V x, One<V, M, T, E> b) => _v0.AddProduct(x, b._v0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(One<V, M, T, E> b) => _v0 = b._v0 + _v0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref T to, M edge) => E.Store(_v0, ref to, 0, edge);
}

struct Two<V, M, T, E>(V v0, V v1) : IGemmRow<Two<V, M, T, E>, V, M, T>
    where V : struct, IMarked<V, M, T> where M : struct where T : unmanaged where E : struct, IEdge<V, M, T>
{
    V _v0 = v0, _v1 = v1;

    public static int Vectors => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static M Edge(int last) => E.Of(last);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Two<V, M, T, E> Load(ref T from, M edge) => new(V.Load(ref from, 0), E.Load(ref from, V.Count, edge));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V All(T x) => V.All(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(V x, Two<V, M, T, E> b)
    {
        _v0.AddProduct(x, b._v0);
        _v1.AddProduct(x, b._v1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Two<V, M, T, E> b)
    {
        _v0 = b._v0 + _v0;
        _v1 = b._v1 + _v1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref T to, M edge)
    {
        _v0.Store(ref to, 0);
        E.Store(_v1, ref to, V.Count, edge);
    }
}

struct Three<V, M, T, E>(V v0, V v1, V v2) : IGemmRow<Three<V, M, T, E>, V, M, T>
    where V : struct, IMarked<V, M, T> where M : struct where T : unmanaged where E : struct, IEdge<V, M, T>
{
    V _v0 = v0, _v1 = v1, _v2 = v2;

    public static int Vectors => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static M Edge(int last) => E.Of(last);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Three<V, M, T, E> Load(ref T from, M edge) =>
        new(V.Load(ref from, 0), V.Load(ref from, V.Count), E.Load(ref from, 2 * V.Count, edge));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V All(T x) => V.All(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(V x, Three<V, M, T, E> b)
    {
        _v0.AddProduct(x, b._v0);
        _v1.AddProduct(x, b._v1);
        _v2.AddProduct(x, b._v2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Three<V, M, T, E> b)
    {
        _v0 = b._v0 + _v0;
        _v1 = b._v1 + _v1;
        _v2 = b._v2 + _v2;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref T to, M edge)
    {
        _v0.Store(ref to, 0);
        _v1.Store(ref to, V.Count);
        E.Store(_v2, ref to, 2 * V.Count, edge);
    }
}
