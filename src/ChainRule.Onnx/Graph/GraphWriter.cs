using System.Globalization;
using System.Text;
using ChainRule.Protobuf;

namespace ChainRule.Formats.Graph;

/// <summary>Writes a graph as a model file of ONNX: the fields of onnx.proto, by their numbers.</summary>
static class GraphWriter
{
    // The intermediate representation that opset 17 came with.
    const int IrVersion = 8;

    public static ReadOnlyMemory<byte> Write(OnnxGraph graph, string name, IReadOnlyDictionary<string, long> opsets,
        IEnumerable<KeyValuePair<string, string>> metadata)
    {
        var model = new ProtoWriter();
        model.Number(1, IrVersion);
        model.Text(2, "ChainRule");
        model.Text(3, typeof(GraphWriter).Assembly.GetName().Version?.ToString(3) ?? "");
        model.Message(7, to => Graph(to, graph, name));
        foreach (var (domain, version) in opsets)
            model.Message(8, to =>
            {
                to.Text(1, domain);
                to.Number(2, version);
            });
        foreach (var (key, value) in metadata)
            model.Message(14, to =>
            {
                to.Text(1, key);
                to.Text(2, value);
            });
        return model.Bytes;
    }

    static void Graph(ProtoWriter to, OnnxGraph graph, string name)
    {
        foreach (var node in graph.Nodes) to.Message(1, inner => Node(inner, node));
        to.Text(2, name);
        foreach (var constant in graph.Constants) to.Message(5, inner => Tensor(inner, constant));
        foreach (var port in graph.Inputs) to.Message(11, inner => Port(inner, port));
        foreach (var port in graph.Outputs) to.Message(12, inner => Port(inner, port));
    }

    static void Node(ProtoWriter to, OnnxNode node)
    {
        foreach (string input in node.Inputs) to.Blob(1, Encoding.UTF8.GetBytes(input));
        foreach (string output in node.Outputs) to.Text(2, output);
        to.Text(3, node.Outputs[0]);
        to.Text(4, node.Operator);
        foreach (var attribute in node.Attributes) to.Message(5, inner => Attribute(inner, attribute));
        to.Text(7, node.Domain);
    }

    static void Attribute(ProtoWriter to, OnnxAttribute attribute)
    {
        to.Text(1, attribute.Name);
        int kind;
        switch (attribute.Value)
        {
            case double real:
                to.Real(2, (float)real);
                kind = 1;
                break;
            case long whole:
                to.Number(3, whole);
                kind = 2;
                break;
            case string text:
                to.Blob(4, Encoding.UTF8.GetBytes(text));
                kind = 3;
                break;
            case OnnxTensor tensor:
                to.Message(5, inner => Tensor(inner, tensor));
                kind = 4;
                break;
            case float[] reals:
                foreach (float real in reals) to.Real(7, real);
                kind = 6;
                break;
            case long[] wholes:
                foreach (long whole in wholes) to.Number(8, whole);
                kind = 7;
                break;
            case string[] texts:
                foreach (string text in texts) to.Blob(9, Encoding.UTF8.GetBytes(text));
                kind = 8;
                break;
            default:
                throw new InvalidOperationException($"onnx: an attribute cannot be a {attribute.Value.GetType().Name}");
        }
        to.Number(20, kind);
    }

    static void Tensor(ProtoWriter to, OnnxTensor tensor)
    {
        foreach (long size in tensor.Sizes) to.Number(1, size);
        to.Number(2, (int)tensor.Element);
        if (tensor.Texts is { } texts) foreach (string text in texts) to.Blob(6, Encoding.UTF8.GetBytes(text));
        to.Text(8, tensor.Name);
        if (tensor.Texts is null) to.Blob(9, tensor.Raw.Span);
    }

    static void Port(ProtoWriter to, OnnxPort port)
    {
        to.Text(1, port.Name);
        to.Message(2, type => type.Message(1, tensor =>
        {
            tensor.Number(1, (int)port.Element);
            tensor.Message(2, shape =>
            {
                foreach (string size in port.Sizes)
                    shape.Message(1, axis =>
                    {
                        if (long.TryParse(size, CultureInfo.InvariantCulture, out long known)) axis.Number(1, known);
                        else axis.Text(2, size);
                    });
            });
        }));
    }
}
