using System.Runtime.InteropServices;

namespace ChainRule.Formats.Graph;

/// <summary>Number types here and in ONNX: the one table of both.</summary>
static class NumberTypes
{
    static readonly Dictionary<DType, (OnnxElement Element, Func<Tensor, byte[]> Bytes)> s_all = new()
    {
        [DType.Float32] = (OnnxElement.Float32, x => MemoryMarshal.AsBytes<float>(x.ToArray<float>()).ToArray()),
        [DType.Float64] = (OnnxElement.Float64, x => MemoryMarshal.AsBytes<double>(x.ToArray<double>()).ToArray()),
    };

    public static OnnxElement Element(DType dtype) => s_all[dtype].Element;

    public static DType Of(OnnxElement element) => s_all.First(one => one.Value.Element == element).Key;

    /// <summary>The numbers, row by row, least byte first.</summary>
    public static byte[] Bytes(Tensor numbers) => s_all[numbers.DType].Bytes(numbers);
}
