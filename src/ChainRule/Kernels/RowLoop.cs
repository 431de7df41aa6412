using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ChainRule.Kernels;

/// <summary>
/// A formula of any number of rows of one length, one vector at a time: <c>x.At(i) * gain.At(i)</c>. Fields hold the
/// rows and what is the same for all of a row.
/// </summary>
interface IRow<T> where T : unmanaged
{
    Vector<T> At<P>(P i) where P : struct, IPlace;
}

/// <summary>
/// Where in a row a vector stands: <see cref="Whole"/>, or the last <see cref="Part"/>. Two types, so that the loop
/// over whole vectors knows no other.
/// </summary>
interface IPlace
{
    Vector<T> Of<T>(ReadOnlySpan<T> row) where T : unmanaged, INumber<T>;

    /// <summary>As <see cref="Of"/>, of a row given by its first number.</summary>
    Vector<T> Load<T>(ref T row) where T : unmanaged, INumber<T>;

    /// <summary>
    /// The lanes that are there, and 0 in the others; of a vector that begins this many numbers behind the place.
    /// </summary>
    Vector<T> Keep<T>(Vector<T> v, int behind = 0) where T : unmanaged, INumber<T>;
}

readonly struct Whole(int from) : IPlace
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Of<T>(ReadOnlySpan<T> row) where T : unmanaged, INumber<T> =>
        Load(ref MemoryMarshal.GetReference(row));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Load<T>(ref T row) where T : unmanaged, INumber<T> => Vector.LoadUnsafe(ref row, (nuint)from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Keep<T>(Vector<T> v, int behind) where T : unmanaged, INumber<T> => v;
}

readonly struct Part(int from, int lanes) : IPlace
{
    public Vector<T> Of<T>(ReadOnlySpan<T> row) where T : unmanaged, INumber<T> =>
        Tail.LoadOrZero(row.Slice(from, lanes));

    public Vector<T> Load<T>(ref T row) where T : unmanaged, INumber<T> =>
        Tail.LoadOrZero<T>(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref row, from), lanes));

    public Vector<T> Keep<T>(Vector<T> v, int behind) where T : unmanaged, INumber<T> => Tail.Keep(v, lanes - behind);
}

/// <summary>
/// The loops of formulas of rows: each reads its rows once, whatever the formula. The last few numbers have methods of
/// their own, because a call in the same method would cost the loop its registers.
/// </summary>
static class RowLoop
{
    const int Piece = 4096;

    /// <summary>The numbers of a row at a place; 0 beyond its end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> At<T, P>(this ReadOnlySpan<T> row, P i) where T : unmanaged, INumber<T>
        where P : struct, IPlace => i.Of(row);

    /// <summary>y = f, or y += f.</summary>
    [MethodImpl(Compiled.ForItself)]
    public static void Each<F, T>(F f, Span<T> y, bool add = false) where F : struct, IRow<T>, allows ref struct
        where T : unmanaged, INumber<T>
    {
        ref T ys = ref MemoryMarshal.GetReference(y);
        int i = 0, n = y.Length, w = Vector<T>.Count;
        for (; i <= n - w; i += w)
        {
            var v = f.At(new Whole(i));
            if (add) v += Vector.LoadUnsafe(ref ys, (nuint)i);
            v.StoreUnsafe(ref ys, (nuint)i);
        }
        if (i < n) Last(f, i, y[i..], add);
    }

    /// <summary>
    /// Σ f over n places, of a formula that computes much, such as an exponential: pieces in two vectors of type T
    /// each, and the pieces in double.
    /// </summary>
    public static double Sum<F, T>(F f, int n) where F : struct, IRow<T>, allows ref struct
        where T : unmanaged, INumber<T>
    {
        double sum = 0;
        for (int from = 0; from < n; from += Piece)
            sum += double.CreateTruncating(SumOfPiece<F, T>(f, from, Math.Min(n, from + Piece)));
        return sum;
    }

    [MethodImpl(Compiled.ForItself)]
    static T SumOfPiece<F, T>(F f, int i, int n) where F : struct, IRow<T>, allows ref struct
        where T : unmanaged, INumber<T>
    {
        Vector<T> even = Vector<T>.Zero, odd = Vector<T>.Zero;
        int w = Vector<T>.Count;
        for (; i <= n - 2 * w; i += 2 * w)
        {
            even += f.At(new Whole(i));
            odd += f.At(new Whole(i + w));
        }
        if (i <= n - w)
        {
            even += f.At(new Whole(i));
            i += w;
        }
        T sum = Vector.Sum(even + odd);
        return i == n ? sum : sum + SumOfLast<F, T>(f, i, n - i);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Last<F, T>(F f, int from, Span<T> y, bool add) where F : struct, IRow<T>, allows ref struct
        where T : unmanaged, INumber<T>
    {
        var v = f.At(new Part(from, y.Length));
        if (add) v += Tail.LoadOrZero<T>(y);
        Tail.Store(v, y);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static T SumOfLast<F, T>(F f, int from, int count) where F : struct, IRow<T>, allows ref struct
        where T : unmanaged, INumber<T> =>
        Vector.Sum(Tail.Keep(f.At(new Part(from, count)), count));
}
