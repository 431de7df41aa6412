using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ChainRule.Kernels;

/// <summary>
/// Rows as whole numbers from −127 to 127 and a scale for each: x ≈ scale · q, where scale = max |x| / 127 and
/// q = x / scale, rounded, of two equally near ones to the even one.
/// </summary>
static class Int8Rows
{
    /// <summary>The largest whole number.</summary>
    public const int Largest = 127;

    /// <summary>q of a row; returns its scale, which is NaN where a number of it is infinite or NaN.</summary>
    public static float Of(ReadOnlySpan<float> row, Span<short> q)
    {
        float most = row.IsEmpty ? 0 : Math.Abs(TensorPrimitives.MaxMagnitude(row)), inverse = Largest / most;
        // Of zeros, and of numbers so small that their inverse is none.
        if (!float.IsFinite(inverse) || !float.IsFinite(most))
        {
            q[..row.Length].Clear();
            return float.IsFinite(most) ? 0 : float.NaN;
        }
        int i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            var times = Vector128.Create(inverse);
            ref float x = ref MemoryMarshal.GetReference(row);
            ref short to = ref MemoryMarshal.GetReference(q[..row.Length]);
            for (; i <= row.Length - Vector128<short>.Count; i += Vector128<short>.Count)
            {
                var low = Vector128.ConvertToInt32(Vector128.Round(Vector128.LoadUnsafe(ref x, (nuint)i) * times));
                var high = Vector128.ConvertToInt32(Vector128.Round(Vector128.LoadUnsafe(ref x, (nuint)i + 4) * times));
                Vector128.Narrow(low, high).StoreUnsafe(ref to, (nuint)i);
            }
        }
        for (; i < row.Length; i++) q[i] = (short)MathF.Round(row[i] * inverse);
        return most / Largest;
    }
}
