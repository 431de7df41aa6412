using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ChainRule.Kernels;

/// <summary>
/// Sums of products of whole numbers, of two pairs x, x' with two pairs w, w' at a time: exact, so the same whatever
/// adds them. Additions cost less than products where a product is an instruction of its own; there each pair of
/// products takes one, crosswise: (x + w')(x' + w) = x w + x' w' + x x' + w w', and the sums of x x' and of w w', each
/// computed once, are taken off in the end (S. Winograd, "A new algorithm for inner product", 1968).
/// </summary>
interface IPairSums<S> where S : struct, IPairSums<S>
{
    /// <summary>How many sums stand side by side.</summary>
    static abstract int Count { get; }

    /// <summary>Whether x x' + w w' is left in the sums, to be taken off.</summary>
    static abstract bool IsCrosswise { get; }

    /// <summary>sum + x w + x' w' of pairs of numbers of 16 bits, and x x' + w w' where crosswise.</summary>
    static abstract S Add(S sum, S x, S nextX, S w, S nextW);

    /// <summary>One pair, two numbers of 16 bits in one of 32, everywhere.</summary>
    static abstract S All(int pair);

    /// <summary>Pairs of bytes as pairs of numbers of 16 bits.</summary>
    static abstract S Widen(ref sbyte pairs);

    void Store(ref int to);
}

/// <summary>By AVX-512.</summary>
readonly struct WideSums(Vector512<int> value) : IPairSums<WideSums>
{
    readonly Vector512<int> _value = value;

    public static int Count => Vector512<int>.Count;

    public static bool IsCrosswise => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideSums Add(WideSums sum, WideSums x, WideSums nextX, WideSums w, WideSums nextW) =>
        new(sum._value + Avx512BW.MultiplyAddAdjacent(x._value.AsInt16() + nextW._value.AsInt16(),
            nextX._value.AsInt16() + w._value.AsInt16()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideSums All(int pair) => new(Vector512.Create(pair));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideSums Widen(ref sbyte pairs) =>
        new(Avx512BW.ConvertToVector512Int16(Vector256.LoadUnsafe(ref pairs)).AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref int to) => _value.StoreUnsafe(ref to);
}

/// <summary>By AVX2, in one instruction where there is VNNI.</summary>
readonly struct HalfSums(Vector256<int> value) : IPairSums<HalfSums>
{
    readonly Vector256<int> _value = value;

    public static int Count => Vector256<int>.Count;

    // VNNI adds its products without an instruction more.
    public static bool IsCrosswise => !AvxVnni.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static HalfSums Add(HalfSums sum, HalfSums x, HalfSums nextX, HalfSums w, HalfSums nextW) =>
        new(AvxVnni.IsSupported
            ? AvxVnni.MultiplyWideningAndAdd(AvxVnni.MultiplyWideningAndAdd(sum._value, x._value.AsInt16(),
                w._value.AsInt16()), nextX._value.AsInt16(), nextW._value.AsInt16())
            : sum._value + Avx2.MultiplyAddAdjacent(x._value.AsInt16() + nextW._value.AsInt16(),
                nextX._value.AsInt16() + w._value.AsInt16()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static HalfSums All(int pair) => new(Vector256.Create(pair));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static HalfSums Widen(ref sbyte pairs) =>
        new(Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref pairs)).AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref int to) => _value.StoreUnsafe(ref to);
}

/// <summary>One after another, on any machine.</summary>
readonly struct LoneSum(int value) : IPairSums<LoneSum>
{
    readonly int _value = value;

    public static int Count => 1;

    public static bool IsCrosswise => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LoneSum Add(LoneSum sum, LoneSum x, LoneSum nextX, LoneSum w, LoneSum nextW) =>
        new(sum._value + Product(x, w) + Product(nextX, nextW));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LoneSum All(int pair) => new(pair);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LoneSum Widen(ref sbyte pairs) => new((ushort)(short)pairs | Unsafe.Add(ref pairs, 1) << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref int to) => to = _value;

    static int Product(LoneSum x, LoneSum w) =>
        (short)x._value * (short)w._value + (x._value >> 16) * (w._value >> 16);
}
