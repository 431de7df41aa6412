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

/// <summary>As <see cref="ITerms{T}"/>, for terms that are computed in double: those of the first half of a vector of T, and of the second, if a vector has so many.</summary>
interface IDoubleTerms<T> where T : unmanaged
{
    void At<P>(nint row, P place, out Vector<double> low, out Vector<double> high) where P : struct, IPlace;
}

/// <summary>Terms, one row and eight rows at a time, as <see cref="Chains"/> adds them up.</summary>
interface IEights
{
    /// <summary>How many numbers a vector holds.</summary>
    static abstract int Count { get; }

    void AddOne<P>(nint row, P place, ref double sums) where P : struct, IPlace;

    void AddEight<P>(nint row, P place, ref double sums) where P : struct, IPlace;
}

/// <summary>Eights in the type of their terms.</summary>
readonly ref struct Eights<F, T>(F terms) : IEights where F : struct, ITerms<T>, allows ref struct where T : unmanaged, INumber<T>
{
    readonly F _terms = terms;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector<T>.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddOne<P>(nint row, P place, ref double sums) where P : struct, IPlace => ChainLoop.Add(place.Keep(_terms.At(row, place)), ref sums);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddEight<P>(nint row, P place, ref double sums) where P : struct, IPlace
    {
        var left = _terms.At(row, place) + _terms.At(row + 1, place);
        left += _terms.At(row + 2, place) + _terms.At(row + 3, place);
        var right = _terms.At(row + 4, place) + _terms.At(row + 5, place);
        right += _terms.At(row + 6, place) + _terms.At(row + 7, place);
        ChainLoop.Add(place.Keep(left + right), ref sums);
    }
}

/// <summary>Eights in double.</summary>
readonly ref struct DoubleEights<F, T>(F terms) : IEights where F : struct, IDoubleTerms<T>, allows ref struct where T : unmanaged, INumber<T>
{
    readonly F _terms = terms;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector<T>.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddOne<P>(nint row, P place, ref double sums) where P : struct, IPlace
    {
        _terms.At(row, place, out var low, out var high);
        Add(place, low, high, ref sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddEight<P>(nint row, P place, ref double sums) where P : struct, IPlace
    {
        Pair(row, place, out var low, out var high);
        Pair(row + 2, place, out var low2, out var high2);
        (low, high) = (low + low2, high + high2);
        Pair(row + 4, place, out var low4, out var high4);
        Pair(row + 6, place, out var low6, out var high6);
        Add(place, low + (low4 + low6), high + (high4 + high6), ref sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Pair<P>(nint row, P place, out Vector<double> low, out Vector<double> high) where P : struct, IPlace
    {
        _terms.At(row, place, out var low0, out var high0);
        _terms.At(row + 1, place, out var low1, out var high1);
        (low, high) = (low0 + low1, high0 + high1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add<P>(P place, Vector<double> low, Vector<double> high, ref double sums) where P : struct, IPlace
    {
        (place.Keep(low) + Vector.LoadUnsafe(ref sums)).StoreUnsafe(ref sums);
        if (Vector<T>.Count == Vector<double>.Count) return;
        ref double upper = ref Unsafe.Add(ref sums, Vector<double>.Count);
        (place.Keep(high, Vector<double>.Count) + Vector.LoadUnsafe(ref upper)).StoreUnsafe(ref upper);
    }
}

/// <summary>The loop over a part of a chain.</summary>
static class ChainLoop
{
    /// <summary>sums[i] += terms of the first columns, over some rows of a chain.</summary>
    [MethodImpl(Compiled.ForItself)]
    public static void Add<E>(E terms, nint row, int rows, int columns, Span<double> sums) where E : struct, IEights, allows ref struct
    {
        ref double to = ref MemoryMarshal.GetReference(sums);
        nint end = row + rows;
        int whole = columns - columns % E.Count;
        for (; row <= end - 8; row += 8)
        {
            for (int i = 0; i < whole; i += E.Count) terms.AddEight(row, new Whole(i), ref Unsafe.Add(ref to, i));
            if (whole < columns) LastOfEight(terms, row, new(whole, columns - whole), ref Unsafe.Add(ref to, whole));
        }
        for (; row < end; row++)
        {
            for (int i = 0; i < whole; i += E.Count) terms.AddOne(row, new Whole(i), ref Unsafe.Add(ref to, i));
            if (whole < columns) LastOfOne(terms, row, new(whole, columns - whole), ref Unsafe.Add(ref to, whole));
        }
    }

    /// <summary>The sum of a row that is no longer than a chain in each strand.</summary>
    [SkipLocalsInit]
    [MethodImpl(Compiled.ForItself)]
    public static double Row<E>(E terms, int n) where E : struct, IEights, allows ref struct
    {
        Span<double> sums = stackalloc double[Chains.Strands];
        sums.Clear();
        ref double to = ref MemoryMarshal.GetReference(sums);
        nint row = 0, rows = n / Chains.Strands;
        for (; row <= rows - 8; row += 8)
            for (int i = 0; i < Chains.Strands; i += E.Count) terms.AddEight(row, new Whole(i), ref Unsafe.Add(ref to, i));
        for (; row < rows; row++)
            for (int i = 0; i < Chains.Strands; i += E.Count) terms.AddOne(row, new Whole(i), ref Unsafe.Add(ref to, i));
        int at = 0, left = n % Chains.Strands;
        for (; at <= left - E.Count; at += E.Count) terms.AddOne(row, new Whole(at), ref Unsafe.Add(ref to, at));
        if (at < left) LastOfOne(terms, row, new(at, left - at), ref Unsafe.Add(ref to, at));
        return Halves(ref to);
    }

    /// <summary>Σ of a row's strands: the first half is added to the second, and so on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Halves(ref double sums)
    {
        Vector512<double> half = Vector512.LoadUnsafe(ref sums) + Vector512.LoadUnsafe(ref sums, 8);
        var quarter = half.GetLower() + half.GetUpper();
        var pair = quarter.GetLower() + quarter.GetUpper();
        return pair[0] + pair[1];
    }

    /// <summary>Adds the lanes of a vector to as many sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add<T>(Vector<T> v, ref double sums) where T : unmanaged
    {
        Widen(v, out var low, out var high);
        (low + Vector.LoadUnsafe(ref sums)).StoreUnsafe(ref sums);
        if (typeof(T) == typeof(double)) return;
        ref double upper = ref Unsafe.Add(ref sums, Vector<double>.Count);
        (high + Vector.LoadUnsafe(ref upper)).StoreUnsafe(ref upper);
    }

    /// <summary>The lanes of a vector in double; of a vector of doubles there is no second half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Widen<T>(Vector<T> v, out Vector<double> low, out Vector<double> high) where T : unmanaged
    {
        if (typeof(T) == typeof(float)) Vector.Widen(v.As<T, float>(), out low, out high);
        else (low, high) = (v.As<T, double>(), default);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void LastOfEight<E>(E terms, nint row, Part place, ref double sums) where E : struct, IEights, allows ref struct => terms.AddEight(row, place, ref sums);

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void LastOfOne<E>(E terms, nint row, Part place, ref double sums) where E : struct, IEights, allows ref struct => terms.AddOne(row, place, ref sums);
}
