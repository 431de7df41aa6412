using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>Weights in a <see cref="WeightFormat"/>, and what float32 makes of them again.</summary>
static class WeightRounding
{
    /// <summary>What stands behind the name of whole numbers, at their scales.</summary>
    public const string Scale = ".scale";

    /// <summary>Whether a format stores a tensor otherwise than as it is.</summary>
    public static bool Concerns(WeightFormat format, Tensor x) =>
        format != WeightFormat.Float32 && x.Rank > 1 && DTypes.IsSingle(x.DType) && x.Count > 0;

    /// <summary>The numbers as bytes, little-endian; of whole numbers their scales too.</summary>
    /// <exception cref="ArgumentException">A number is larger than the format holds.</exception>
    public static (byte[] Numbers, float[] Scales) Bytes(WeightFormat format, string name, Tensor x)
    {
        var from = x.Read<float>();
        switch (format)
        {
            case WeightFormat.Float16:
                var halves = new Half[from.Length];
                TensorPrimitives.ConvertToHalf(from, halves);
                int lost = Array.FindIndex(halves, static one => !Half.IsFinite(one));
                if (lost >= 0 && float.IsFinite(from[lost]))
                    Throw.Argument($"weights as Float16: '{Printable.Of(name)}' holds {from[lost]}, and the largest "
                        + $"is {Half.MaxValue}: take BFloat16", "weights");
                return (MemoryMarshal.AsBytes<Half>(halves).ToArray(), []);
            case WeightFormat.BFloat16:
                ushort[] upper = new ushort[from.Length];
                for (int i = 0; i < upper.Length; i++) upper[i] = Upper(from[i]);
                return (MemoryMarshal.AsBytes<ushort>(upper).ToArray(), []);
            default:
                int rows = x.Shape[0], length = x.Count / rows;
                byte[] bytes = new byte[x.Count];
                float[] scales = new float[rows];
                short[] q = new short[length];
                for (int r = 0; r < rows; r++)
                {
                    scales[r] = Int8Rows.Of(from.Slice(r * length, length), q);
                    for (int i = 0; i < length; i++) bytes[r * length + i] = (byte)(sbyte)q[i];
                }
                return (bytes, scales);
        }
    }

    /// <summary>What the format leaves of a tensor, in its place.</summary>
    public static void Round(WeightFormat format, string name, Tensor x)
    {
        var (numbers, scales) = Bytes(format, name, x);
        float[] back = format == WeightFormat.Int8 ? FromInt8(numbers, scales) : new float[x.Count];
        if (format == WeightFormat.Float16)
            TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(numbers), back);
        else if (format == WeightFormat.BFloat16) FromUpper(MemoryMarshal.Cast<byte, ushort>(numbers), back);
        back.CopyTo(x.Slot.Span<float>());
    }

    /// <summary>scale · q.</summary>
    public static float[] FromInt8(ReadOnlySpan<byte> q, ReadOnlySpan<float> scales)
    {
        float[] numbers = new float[q.Length];
        int length = scales.IsEmpty ? 0 : q.Length / scales.Length;
        for (int i = 0; i < q.Length; i++) numbers[i] = scales[i / length] * (sbyte)q[i];
        return numbers;
    }

    /// <summary>Float32 of upper halves.</summary>
    public static void FromUpper(ReadOnlySpan<ushort> upper, Span<float> to)
    {
        for (int i = 0; i < upper.Length; i++) to[i] = BitConverter.UInt32BitsToSingle((uint)upper[i] << 16);
    }

    // The nearest one, of two equally near ones the even one; NaN stays NaN.
    static ushort Upper(float x)
    {
        uint bits = BitConverter.SingleToUInt32Bits(x);
        return float.IsNaN(x) ? (ushort)(bits >> 16 | 0x40) : (ushort)(bits + 0x7FFF + (bits >> 16 & 1) >> 16);
    }
}
