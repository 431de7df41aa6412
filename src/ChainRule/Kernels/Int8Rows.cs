using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ChainRule.Kernels;

/// <summary>
/// Rows as whole numbers from −127 to 127 and a scale for each: x ≈ scale · q, where scale = max |x| / 127 and
/// q = x / scale, rounded, of two equally near ones to the even one.
/// </summary>
static class Int8Rows
{
    /// <summary>The largest whole number.</summary>
    public const int Largest = 127;

    // The bits of a number without its sign are in the order of magnitudes: infinity is the largest, and NaN above it.
    const int Magnitude = int.MaxValue;

    /// <summary>q of a row; returns its scale, which is NaN where a number of it is infinite or NaN.</summary>
    public static float Of(ReadOnlySpan<float> row, Span<short> q)
    {
        float most = Most(row), inverse = Largest / most;
        // Of zeros, and of numbers so small that their inverse is none.
        if (!float.IsFinite(inverse) || !float.IsFinite(most))
        {
            q[..row.Length].Clear();
            return float.IsFinite(most) ? 0 : float.NaN;
        }
        int i = 0;
        ref float x = ref MemoryMarshal.GetReference(row);
        ref short to = ref MemoryMarshal.GetReference(q[..row.Length]);
        if (Vector512.IsHardwareAccelerated)
        {
            var times = Vector512.Create(inverse);
            for (; i <= row.Length - Vector512<short>.Count; i += Vector512<short>.Count)
                Vector512.Narrow(Rounded(Vector512.LoadUnsafe(ref x, (nuint)i) * times),
                    Rounded(Vector512.LoadUnsafe(ref x, (nuint)i + 16) * times)).StoreUnsafe(ref to, (nuint)i);
        }
        if (Vector128.IsHardwareAccelerated)
        {
            var times = Vector128.Create(inverse);
            for (; i <= row.Length - Vector128<short>.Count; i += Vector128<short>.Count)
                Vector128.Narrow(Rounded(Vector128.LoadUnsafe(ref x, (nuint)i) * times),
                    Rounded(Vector128.LoadUnsafe(ref x, (nuint)i + 4) * times)).StoreUnsafe(ref to, (nuint)i);
        }
        for (; i < row.Length; i++) q[i] = (short)MathF.Round(row[i] * inverse);
        return most / Largest;
    }

    /// <summary>Σ q₀ q₂ + q₁ q₃ over four numbers at a time.</summary>
    /// <param name="q">Whole fours.</param>
    public static int Cross(ReadOnlySpan<short> q)
    {
        int sum = 0, i = 0;
        if (Avx2.IsSupported)
        {
            var twice = Vector256<int>.Zero;
            for (; i <= q.Length - Vector256<short>.Count; i += Vector256<short>.Count)
            {
                var fours = Vector256.Create(q[i..]);
                // Each four twice, by its pairs in both orders.
                twice += Avx2.MultiplyAddAdjacent(fours, Avx2.Shuffle(fours.AsInt32(), 0b10_11_00_01).AsInt16());
            }
            sum = Vector256.Sum(twice) / 2;
        }
        for (; i < q.Length; i += 4) sum += q[i] * q[i + 2] + q[i + 1] * q[i + 3];
        return sum;
    }

    /// <summary>max |x|; infinite or NaN where a number is.</summary>
    static float Most(ReadOnlySpan<float> row)
    {
        var bits = MemoryMarshal.Cast<float, int>(row);
        int most = 0, i = 0;
        if (Vector512.IsHardwareAccelerated && bits.Length >= Vector512<int>.Count)
        {
            var (mask, largest) = (Vector512.Create(Magnitude), Vector512<int>.Zero);
            for (; i <= bits.Length - Vector512<int>.Count; i += Vector512<int>.Count)
                largest = Vector512.Max(largest, Vector512.Create(bits[i..]) & mask);
            var half = Vector256.Max(largest.GetLower(), largest.GetUpper());
            most = Most(Vector128.Max(half.GetLower(), half.GetUpper()));
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            var (mask, largest) = (Vector128.Create(Magnitude), Vector128<int>.Zero);
            for (; i <= bits.Length - Vector128<int>.Count; i += Vector128<int>.Count)
                largest = Vector128.Max(largest, Vector128.Create(bits[i..]) & mask);
            most = Most(largest);
        }
        for (; i < bits.Length; i++) most = Math.Max(most, bits[i] & Magnitude);
        return BitConverter.Int32BitsToSingle(most);
    }

    static int Most(Vector128<int> four) => Math.Max(Math.Max(four[0], four[1]), Math.Max(four[2], four[3]));

    // Whole numbers that fit: every machine's own conversion gives the same.
    static Vector512<int> Rounded(Vector512<float> x) => Vector512.ConvertToInt32Native(Vector512.Round(x));

    static Vector128<int> Rounded(Vector128<float> x) => Vector128.ConvertToInt32Native(Vector128.Round(x));
}
