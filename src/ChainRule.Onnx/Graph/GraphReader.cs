using ChainRule.Formats.Protobuf;

namespace ChainRule.Formats.Graph;

/// <summary>
/// Reads a model file of ONNX. Numbers stay where they are in the file's bytes; nothing is made larger than what is
/// there, and nothing is executed.
/// </summary>
sealed partial class GraphReader(string what, string? folder)
{
    readonly Dictionary<string, long> _opsets = [];

    /// <summary>The graph of a file.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="what">What is read, as an error's sentence begins.</param>
    /// <param name="folder">Where numbers in files of their own may lie; if null, nowhere.</param>
    /// <exception cref="InvalidDataException">It is no such file, or damaged.</exception>
    public static OnnxGraph Read(ReadOnlyMemory<byte> bytes, string what, string? folder) =>
        new GraphReader(what, folder).Model(bytes);

    /// <summary>A tensor that stands alone in a file.</summary>
    public static OnnxTensor ReadTensor(ReadOnlyMemory<byte> bytes, string what) =>
        new GraphReader(what, null).Tensor(new ProtoReader(bytes, what));

    OnnxGraph Model(ReadOnlyMemory<byte> bytes)
    {
        OnnxGraph? graph = null;
        var reader = new ProtoReader(bytes, what);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 7: graph = Graph(reader.Message()); break;
                case 8: Opset(reader.Message()); break;
                default: reader.Skip(); break;
            }
        }
        if (graph is null || _opsets.Count == 0)
            throw new InvalidDataException($"{what} is no ONNX model: it has no graph, or no version of operators");
        graph.Opset = (int)Math.Clamp(_opsets.GetValueOrDefault("", 1), 0, 1_000);
        return graph;
    }

    void Opset(ProtoReader reader)
    {
        string domain = "";
        long version = 1;
        while (reader.Next())
        {
            if (reader.Field == 1) domain = reader.Text();
            else if (reader.Field == 2) version = reader.Number();
            else reader.Skip();
        }
        _opsets[domain == "ai.onnx" ? "" : domain] = version;
    }

    OnnxGraph Graph(ProtoReader reader)
    {
        var graph = new OnnxGraph();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: graph.Nodes.Add(Node(reader.Message())); break;
                case 5: graph.Constants.Add(Tensor(reader.Message())); break;
                case 11: graph.Inputs.Add(Port(reader.Message())); break;
                case 12: graph.Outputs.Add(Port(reader.Message())); break;
                default: reader.Skip(); break;
            }
        }
        return graph;
    }

    OnnxNode Node(ProtoReader reader)
    {
        List<string> inputs = [], outputs = [];
        List<OnnxAttribute> attributes = [];
        string op = "", domain = "";
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: inputs.Add(reader.Text()); break;
                case 2: outputs.Add(reader.Text()); break;
                case 4: op = reader.Text(); break;
                case 5:
                    if (Attribute(reader.Message()) is { } attribute) attributes.Add(attribute);
                    break;
                case 7: domain = reader.Text(); break;
                default: reader.Skip(); break;
            }
        }
        return new(op, inputs, outputs, attributes, domain == "ai.onnx" ? "" : domain);
    }

    OnnxAttribute? Attribute(ProtoReader reader)
    {
        string name = "";
        long kind = 0;
        object? one = null;
        List<float> reals = [];
        List<long> wholes = [];
        List<string> texts = [];
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: name = reader.Text(); break;
                case 2: one = (double)reader.Single(); break;
                case 3: one = reader.Number(); break;
                case 4: one = reader.Text(); break;
                case 5: one = Tensor(reader.Message()); break;
                case 7: reader.Singles(reals); break;
                case 8: reader.Numbers(wholes); break;
                case 9: texts.Add(reader.Text()); break;
                case 20: kind = reader.Number(); break;
                default: reader.Skip(); break;
            }
        }
        object? value = kind switch
        {
            6 => reals.ToArray(),
            7 => wholes.ToArray(),
            8 => texts.ToArray(),
            // A number that is 0 and a text that is empty may be left out.
            1 => one ?? 0.0,
            2 => one ?? 0L,
            3 => one ?? "",
            0 => one ?? (reals.Count > 0 ? reals.ToArray() : texts.Count > 0 ? texts.ToArray() : wholes.ToArray()),
            _ => one,
        };
        return value is null ? null : new(name, value);
    }

    static OnnxPort Port(ProtoReader reader)
    {
        string name = "";
        var element = OnnxElement.None;
        List<string> sizes = [];
        while (reader.Next())
        {
            if (reader.Field == 1) name = reader.Text();
            else if (reader.Field == 2) Type(reader.Message());
            else reader.Skip();
        }
        return new(name, element, sizes);

        void Type(ProtoReader type)
        {
            while (type.Next())
            {
                if (type.Field != 1)
                {
                    type.Skip();
                    continue;
                }
                var tensor = type.Message();
                while (tensor.Next())
                {
                    if (tensor.Field == 1) element = (OnnxElement)tensor.Number();
                    else if (tensor.Field == 2) Sizes(tensor.Message());
                    else tensor.Skip();
                }
            }
        }

        void Sizes(ProtoReader shape)
        {
            while (shape.Next())
            {
                if (shape.Field != 1)
                {
                    shape.Skip();
                    continue;
                }
                string size = "?";
                var axis = shape.Message();
                while (axis.Next())
                {
                    if (axis.Field == 1) size = $"{axis.Number()}";
                    else if (axis.Field == 2) size = axis.Text();
                    else axis.Skip();
                }
                sizes.Add(size);
            }
        }
    }
}
