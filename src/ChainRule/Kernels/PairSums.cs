using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ChainRule.Kernels;

/// <summary>
/// Sums of products of whole numbers, a pair of products at a time: exact, so the same whatever adds them.
/// </summary>
interface IPairSums<S> where S : struct, IPairSums<S>
{
    /// <summary>How many sums stand side by side.</summary>
    static abstract int Count { get; }

    /// <summary>sum + x₀ w₀ + x₁ w₁ of pairs of numbers of 16 bits.</summary>
    static abstract S Add(S sum, S x, S w);

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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideSums Add(WideSums sum, WideSums x, WideSums w) => new(sum._value
        + Avx512BW.MultiplyAddAdjacent(x._value.AsInt16(), w._value.AsInt16()));

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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static HalfSums Add(HalfSums sum, HalfSums x, HalfSums w) => new(AvxVnni.IsSupported
        ? AvxVnni.MultiplyWideningAndAdd(sum._value, x._value.AsInt16(), w._value.AsInt16())
        : sum._value + Avx2.MultiplyAddAdjacent(x._value.AsInt16(), w._value.AsInt16()));

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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LoneSum Add(LoneSum sum, LoneSum x, LoneSum w) =>
        new(sum._value + (short)x._value * (short)w._value + (x._value >> 16) * (w._value >> 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LoneSum All(int pair) => new(pair);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LoneSum Widen(ref sbyte pairs) => new((ushort)(short)pairs | Unsafe.Add(ref pairs, 1) << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref int to) => to = _value;
}
