using System.Runtime.InteropServices;
using System.Text;

namespace ChainRule.Formats.Graph;

/// <summary>Constants, nodes in an order in which they can be computed, and what goes in and comes out.</summary>
sealed class OnnxGraph
{
    /// <summary>Whose operators are those of tables.</summary>
    public const string DataDomain = "ai.onnx.ml";

    /// <summary>The version of the operators.</summary>
    public int Opset { get; set; } = Onnx.Opset;

    public List<OnnxTensor> Constants { get; } = [];

    public List<OnnxNode> Nodes { get; } = [];

    public List<OnnxPort> Inputs { get; } = [];

    public List<OnnxPort> Outputs { get; } = [];
}

/// <summary>An operator with what it reads and computes, by name.</summary>
/// <param name="Operator">Its name in ONNX.</param>
/// <param name="Inputs">The names of what it reads; empty for one that is left out.</param>
/// <param name="Outputs">The names of what it computes.</param>
/// <param name="Attributes">Its settings.</param>
/// <param name="Domain">Whose operator it is; empty for ONNX's own.</param>
sealed record OnnxNode(string Operator, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs,
    IReadOnlyList<OnnxAttribute> Attributes, string Domain = "");

/// <summary>A setting of an operator.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">A long, a double, a string, a tensor, or an array of longs, floats or strings.</param>
sealed record OnnxAttribute(string Name, object Value);

/// <summary>Numbers, or texts, that a graph holds.</summary>
sealed class OnnxTensor
{
    public required string Name { get; init; }

    public required OnnxElement Element { get; init; }

    public required long[] Sizes { get; init; }

    /// <summary>The numbers, row by row, least byte first.</summary>
    public ReadOnlyMemory<byte> Raw { get; init; }

    /// <summary>The texts, where it holds texts.</summary>
    public IReadOnlyList<string>? Texts { get; init; }

    /// <summary>How many bytes a number takes; null where it is none.</summary>
    public static int? SizeOf(OnnxElement element) => element switch
    {
        OnnxElement.Float64 or OnnxElement.Int64 or OnnxElement.UInt64 => 8,
        OnnxElement.Float32 or OnnxElement.Int32 or OnnxElement.UInt32 => 4,
        OnnxElement.Float16 or OnnxElement.BFloat16 or OnnxElement.Int16 or OnnxElement.UInt16 => 2,
        OnnxElement.Int8 or OnnxElement.UInt8 or OnnxElement.Bool => 1,
        _ => null,
    };

    public static OnnxTensor Of(string name, Tensor numbers) => new()
    {
        Name = name, Element = NumberTypes.Element(numbers.DType),
        Sizes = [.. numbers.Shape.Span.ToArray().Select(size => (long)size)], Raw = NumberTypes.Bytes(numbers),
    };

    public static OnnxTensor Of(string name, long[] sizes, params long[] numbers) =>
        Of(name, OnnxElement.Int64, sizes, numbers);

    public static OnnxTensor Of<T>(string name, OnnxElement element, long[] sizes, T[] numbers)
        where T : unmanaged =>
        new()
        {
            Name = name, Element = element, Sizes = sizes,
            Raw = MemoryMarshal.AsBytes<T>(numbers).ToArray(),
        };
}
