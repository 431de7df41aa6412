using System.Numerics;
using System.Runtime.InteropServices;
using ChainRule.Errors;
using ChainRule.Formats.Graph;

namespace ChainRule.Formats.Import;

/// <summary>
/// What flows between nodes: numbers, and of which kind they are. Whole numbers and booleans are held as double, which
/// is exact to 2^53, so that one code moves and picks all of them.
/// </summary>
/// <param name="Numbers">The numbers.</param>
/// <param name="Element">Of which kind they are.</param>
readonly record struct OnnxValue(Tensor Numbers, OnnxElement Element)
{
    public bool IsReal => Element is OnnxElement.Float32 or OnnxElement.Float64 or OnnxElement.Float16
        or OnnxElement.BFloat16;

    public Shape Shape => Numbers.Shape;

    public static OnnxValue Of(Tensor real) => new(real, NumberTypes.Element(real.DType));

    public static OnnxValue Bool(Tensor mask) => new(mask.To(DType.Float64), OnnxElement.Bool);

    public static OnnxValue Of(ReadOnlySpan<long> whole, Shape shape) =>
        new(Tensor.From(Array.ConvertAll(whole.ToArray(), x => (double)x), shape), OnnxElement.Int64);

    public static OnnxValue Of(Ids ids) =>
        new(Tensor.From(Array.ConvertAll(ids.Span.ToArray(), x => (double)x), ids.Shape), OnnxElement.Int64);

    /// <summary>The numbers of a file.</summary>
    public static OnnxValue Of(OnnxTensor tensor, string what)
    {
        if (tensor.Texts is not null)
            throw new RefusedArgumentException(
                $"{what}: '{Printable.Of(tensor.Name, 60)}' holds texts, which no network "
                + "computes with", "tensor");
        if (tensor.Sizes.Length > Shape.MaxRank)
            throw new RefusedArgumentException(
                $"{what}: '{Printable.Of(tensor.Name, 60)}' has {tensor.Sizes.Length} axes: "
                + $"at most {Shape.MaxRank} are read", "tensor");
        Shape shape = Shape.Create([.. tensor.Sizes.Select(size => (int)size)]);
        var raw = tensor.Raw.Span;
        return tensor.Element switch
        {
            OnnxElement.Float32 => new(Tensor.From(MemoryMarshal.Cast<byte, float>(raw).ToArray(), shape),
                tensor.Element),
            OnnxElement.Float64 => new(Tensor.From(MemoryMarshal.Cast<byte, double>(raw).ToArray(), shape),
                tensor.Element),
            OnnxElement.Float16 => new(Tensor.From(Single<Half>(raw), shape), tensor.Element),
            OnnxElement.BFloat16 => new(Tensor.From(
                Array.ConvertAll(MemoryMarshal.Cast<byte, ushort>(raw).ToArray(), x =>
                    BitConverter.UInt32BitsToSingle((uint)x << 16)), shape), tensor.Element),
            OnnxElement.Int64 => new(Tensor.From(Double<long>(raw), shape), tensor.Element),
            OnnxElement.UInt64 => new(Tensor.From(Double<ulong>(raw), shape), tensor.Element),
            OnnxElement.Int32 => new(Tensor.From(Double<int>(raw), shape), tensor.Element),
            OnnxElement.UInt32 => new(Tensor.From(Double<uint>(raw), shape), tensor.Element),
            OnnxElement.Int16 => new(Tensor.From(Double<short>(raw), shape), tensor.Element),
            OnnxElement.UInt16 => new(Tensor.From(Double<ushort>(raw), shape), tensor.Element),
            OnnxElement.Int8 => new(Tensor.From(Double<sbyte>(raw), shape), tensor.Element),
            _ => new(Tensor.From(Double<byte>(raw), shape), tensor.Element),
        };
    }

    /// <summary>The whole numbers, row by row.</summary>
    public long[] Whole() => Array.ConvertAll(Numbers.Detach().To(DType.Float64).ToArray<double>(), x => (long)x);

    /// <summary>The whole numbers as ids, negative ones counted from the end of an axis.</summary>
    public Ids Ids(int size) => ChainRule.Ids.From(Array.ConvertAll(Whole(), x => checked((int)(x < 0 ? x + size : x))),
        Shape);

    /// <summary>The same numbers as of another kind: a part behind the point is cut off.</summary>
    public OnnxValue Cast(OnnxElement to)
    {
        if (to is OnnxElement.Float32) return new(Numbers.To(DType.Float32), to);
        // Of the smaller types numbers are rounded to, and computed with as float.
        if (to is OnnxElement.Float16 or OnnxElement.BFloat16)
            return new(Tensor.From(Array.ConvertAll(Numbers.Detach().To(DType.Float64).ToArray<double>(), x =>
                to == OnnxElement.Float16 ? (float)(Half)x : Brain((float)x)), Shape), to);
        var x = Numbers.To(DType.Float64);
        if (to == OnnxElement.Float64) return new(x, to);
        if (to == OnnxElement.Bool) return new(x.NotEqualTo(0), to);
        return new(IsReal ? x.Sign() * x.Abs().Floor() : x, to);
    }

    /// <summary>The same kind with other numbers.</summary>
    public OnnxValue With(Tensor numbers) => new(numbers, Element);

    // To the nearest of 8 bits, to the even one of two.
    static float Brain(float x)
    {
        uint bits = BitConverter.SingleToUInt32Bits(x);
        return float.IsFinite(x) ? BitConverter.UInt32BitsToSingle(bits + 0x7FFF + (bits >> 16 & 1) & 0xFFFF0000) : x;
    }

    static double[] Double<T>(ReadOnlySpan<byte> raw) where T : unmanaged, INumber<T> =>
        Array.ConvertAll(MemoryMarshal.Cast<byte, T>(raw).ToArray(), double.CreateTruncating);

    static float[] Single<T>(ReadOnlySpan<byte> raw) where T : unmanaged, INumber<T> =>
        Array.ConvertAll(MemoryMarshal.Cast<byte, T>(raw).ToArray(), float.CreateTruncating);
}
