using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ChainRule.Kernels;

/// <summary>What is summed over rows: the terms of a row at a place in it.</summary>
interface ITerms<T> where T : unmanaged
{
    Vector<T> At<P>(nint row, P place) where P : struct, IPlace;
}

/// <summary>
/// As <see cref="ITerms{T}"/>, for terms that are computed in double: those of the first half of a vector of T, and of
/// the second, if a vector has that many.
/// </summary>
interface IDoubleTerms<T> where T : unmanaged
{
    void At<P>(nint row, P place, out Vector<double> low, out Vector<double> high) where P : struct, IPlace;
}

/// <summary>
/// Terms, one row and eight rows at a time, as <see cref="Chains"/> adds them up: in double, in one vector or, where
/// T is shorter, in two.
/// </summary>
interface IEights
{
    /// <summary>How many numbers a vector of T holds.</summary>
    static abstract int Count { get; }

    void One<P>(nint row, P place, out Vector<double> low, out Vector<double> high) where P : struct, IPlace;

    void Eight<P>(nint row, P place, out Vector<double> low, out Vector<double> high) where P : struct, IPlace;
}

/// <summary>Eights that are summed in the type of their terms.</summary>
readonly ref struct Eights<F, T>(F terms) : IEights where F : struct, ITerms<T>, allows ref struct
    where T : unmanaged, INumber<T>
{
    readonly F _terms = terms;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector<T>.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void One<P>(nint row, P place, out Vector<double> low, out Vector<double> high) where P : struct, IPlace =>
        ChainLoop.Widen(place.Keep(_terms.At(row, place)), out low, out high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Eight<P>(nint row, P place, out Vector<double> low, out Vector<double> high) where P : struct, IPlace
    {
        var left = _terms.At(row, place) + _terms.At(row + 1, place);
        left += _terms.At(row + 2, place) + _terms.At(row + 3, place);
        var right = _terms.At(row + 4, place) + _terms.At(row + 5, place);
        right += _terms.At(row + 6, place) + _terms.At(row + 7, place);
        ChainLoop.Widen(place.Keep(left + right), out low, out high);
    }
}

/// <summary>Eights in double.</summary>
readonly ref struct DoubleEights<F, T>(F terms) : IEights where F : struct, IDoubleTerms<T>, allows ref struct
    where T : unmanaged, INumber<T>
{
    readonly F _terms = terms;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector<T>.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void One<P>(nint row, P place, out Vector<double> low, out Vector<double> high) where P : struct, IPlace
    {
        _terms.At(row, place, out low, out high);
        (low, high) = (place.Keep(low), place.Keep(high, Vector<double>.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Eight<P>(nint row, P place, out Vector<double> low, out Vector<double> high) where P : struct, IPlace
    {
        Pair(row, place, out low, out high);
        Pair(row + 2, place, out var low2, out var high2);
        (low, high) = (low + low2, high + high2);
        Pair(row + 4, place, out var low4, out var high4);
        Pair(row + 6, place, out var low6, out var high6);
        (low, high) = (place.Keep(low + (low4 + low6)), place.Keep(high + (high4 + high6), Vector<double>.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Pair<P>(nint row, P place, out Vector<double> low, out Vector<double> high) where P : struct, IPlace
    {
        _terms.At(row, place, out var low0, out var high0);
        _terms.At(row + 1, place, out var low1, out var high1);
        (low, high) = (low0 + low1, high0 + high1);
    }
}

/// <summary>The loops over chains.</summary>
static class ChainLoop
{
    /// <summary>sums[i] += terms of the first columns, over some rows of a chain.</summary>
    [MethodImpl(Compiled.ForItself)]
    public static void Add<E>(E terms, nint row, int rows, int columns, Span<double> sums)
        where E : struct, IEights, allows ref struct
    {
        ref double to = ref MemoryMarshal.GetReference(sums);
        nint end = row + rows;
        int whole = columns - columns % E.Count;
        for (; row <= end - 8; row += 8)
        {
            for (int i = 0; i < whole; i += E.Count)
            {
                terms.Eight(row, new Whole(i), out var low, out var high);
                Add<E>(low, high, ref Unsafe.Add(ref to, i));
            }
            if (whole < columns) LastOfEight(terms, row, new(whole, columns - whole), ref Unsafe.Add(ref to, whole));
        }
        for (; row < end; row++)
        {
            for (int i = 0; i < whole; i += E.Count)
            {
                terms.One(row, new Whole(i), out var low, out var high);
                Add<E>(low, high, ref Unsafe.Add(ref to, i));
            }
            if (whole < columns) LastOfOne(terms, row, new(whole, columns - whole), ref Unsafe.Add(ref to, whole));
        }
    }

    /// <summary>The sum of a row that is no longer than a chain in each strand.</summary>
    public static double Row<E>(E terms, int n) where E : struct, IEights, allows ref struct =>
        Vector<double>.Count == 4 ? RowInRegisters(terms, n) : RowInMemory(terms, n);

    [SkipLocalsInit]
    static double RowInMemory<E>(E terms, int n) where E : struct, IEights, allows ref struct
    {
        Span<double> sums = stackalloc double[Chains.Strands];
        sums.Clear();
        Add(terms, 0, n / Chains.Strands, Chains.Strands, sums);
        Add(terms, n / Chains.Strands, 1, n % Chains.Strands, sums);
        return Halves(ref sums[0]);
    }

    // As in memory: the sixteen strands stand in four vectors.
    [MethodImpl(Compiled.ForItself)]
    static double RowInRegisters<E>(E terms, int n) where E : struct, IEights, allows ref struct
    {
        Vector<double> a = default, b = default, c = default, d = default, low, high;
        nint row = 0, rows = n / Chains.Strands;
        if (E.Count == 8)
        {
            for (; row <= rows - 8; row += 8)
            {
                terms.Eight(row, new Whole(0), out low, out high);
                (a, b) = (a + low, b + high);
                terms.Eight(row, new Whole(8), out low, out high);
                (c, d) = (c + low, d + high);
            }
            for (; row < rows; row++)
            {
                terms.One(row, new Whole(0), out low, out high);
                (a, b) = (a + low, b + high);
                terms.One(row, new Whole(8), out low, out high);
                (c, d) = (c + low, d + high);
            }
        }
        else
        {
            for (; row <= rows - 8; row += 8)
            {
                terms.Eight(row, new Whole(0), out low, out _);
                a += low;
                terms.Eight(row, new Whole(4), out low, out _);
                b += low;
                terms.Eight(row, new Whole(8), out low, out _);
                c += low;
                terms.Eight(row, new Whole(12), out low, out _);
                d += low;
            }
            for (; row < rows; row++)
            {
                terms.One(row, new Whole(0), out low, out _);
                a += low;
                terms.One(row, new Whole(4), out low, out _);
                b += low;
                terms.One(row, new Whole(8), out low, out _);
                c += low;
                terms.One(row, new Whole(12), out low, out _);
                d += low;
            }
        }
        return n % Chains.Strands == 0 ? Halves((a + c + (b + d)).AsVector256())
            : WithShortRow(terms, row, n % Chains.Strands, a, b, c, d);
    }

    static double WithShortRow<E>(E terms, nint row, int columns, Vector<double> a, Vector<double> b, Vector<double> c,
        Vector<double> d)
        where E : struct, IEights, allows ref struct
    {
        for (int at = 0; at < columns; at += E.Count)
        {
            Vector<double> low, high;
            if (at <= columns - E.Count) terms.One(row, new Whole(at), out low, out high);
            else terms.One(row, new Part(at, columns - at), out low, out high);
            if (E.Count == 8 && at == 0) (a, b) = (a + low, b + high);
            else if (E.Count == 8) (c, d) = (c + low, d + high);
            else if (at == 0) a += low;
            else if (at == 4) b += low;
            else if (at == 8) c += low;
            else d += low;
        }
        return Halves((a + c + (b + d)).AsVector256());
    }

    /// <summary>Σ of a row's strands: the second half is added to the first, and so on.</summary>
    public static double Halves(ref double sums)
    {
        var half = Vector512.LoadUnsafe(ref sums) + Vector512.LoadUnsafe(ref sums, 8);
        return Halves(half.GetLower() + half.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static double Halves(Vector256<double> quarter)
    {
        var pair = quarter.GetLower() + quarter.GetUpper();
        return pair[0] + pair[1];
    }

    /// <summary>The lanes of a vector in double; of a vector of doubles there is no second half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Widen<T>(Vector<T> v, out Vector<double> low, out Vector<double> high) where T : unmanaged
    {
        if (typeof(T) == typeof(float)) Vector.Widen(v.As<T, float>(), out low, out high);
        else (low, high) = (v.As<T, double>(), default);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add<E>(Vector<double> low, Vector<double> high, ref double sums)
        where E : struct, IEights, allows ref struct
    {
        (low + Vector.LoadUnsafe(ref sums)).StoreUnsafe(ref sums);
        if (E.Count == Vector<double>.Count) return;
        ref double upper = ref Unsafe.Add(ref sums, Vector<double>.Count);
        (high + Vector.LoadUnsafe(ref upper)).StoreUnsafe(ref upper);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void LastOfEight<E>(E terms, nint row, Part place, ref double sums)
        where E : struct, IEights, allows ref struct
    {
        terms.Eight(row, place, out var low, out var high);
        Add<E>(low, high, ref sums);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void LastOfOne<E>(E terms, nint row, Part place, ref double sums)
        where E : struct, IEights, allows ref struct
    {
        terms.One(row, place, out var low, out var high);
        Add<E>(low, high, ref sums);
    }
}
