using ChainRule.Formats.Graph;

namespace ChainRule.Formats;

/// <summary>A network in ONNX.</summary>
public sealed class OnnxModel
{
    readonly OnnxGraph _graph;

    internal OnnxModel(OnnxGraph graph) => _graph = graph;

    /// <summary>What goes in: names, types and sizes.</summary>
    public IReadOnlyList<OnnxPort> Inputs => _graph.Inputs;

    /// <summary>What comes out.</summary>
    public IReadOnlyList<OnnxPort> Outputs => _graph.Outputs;

    /// <summary>How many times each operator occurs.</summary>
    public IReadOnlyDictionary<string, int> Operators =>
        _graph.Nodes.GroupBy(node => node.Operator).OrderBy(group => group.Key, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Count());

    /// <summary>Texts that stand in the file beside the network, by key.</summary>
    public IDictionary<string, string> Metadata { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    internal OnnxGraph Graph => _graph;

    /// <summary>The file's bytes.</summary>
    public byte[] ToBytes()
    {
        Dictionary<string, long> opsets = new() { [""] = Onnx.Opset };
        if (_graph.Nodes.Exists(node => node.Domain == OnnxGraph.DataDomain)) opsets[OnnxGraph.DataDomain] = 3;
        return GraphWriter.Write(_graph, "network", opsets, Metadata).ToArray();
    }

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Save(string path) => Data.AtomicFile.Write("onnx", path, stream => stream.Write(ToBytes()));
}
