using ChainRule.Formats.Graph;

namespace ChainRule.Formats.Export;

/// <summary>Puts nodes and constants into a graph, each under a name of its own.</summary>
sealed class GraphBuilder
{
    readonly HashSet<string> _names = [];
    readonly Dictionary<string, string> _constants = [];
    readonly Dictionary<string, int> _counts = [];

    public OnnxGraph Graph { get; } = new();

    /// <summary>A name that nothing else has.</summary>
    public string Named(string wish)
    {
        string name = wish;
        while (!_names.Add(name)) name = $"{wish}_{_counts[wish] = _counts.GetValueOrDefault(wish) + 1}";
        return name;
    }

    /// <summary>An operator with one output, whose name is returned.</summary>
    public string Node(string op, IReadOnlyList<string> inputs, params (string Name, object Value)[] attributes) =>
        Nodes(op, inputs, 1, attributes)[0];

    /// <summary>An operator for tables and other data that are no tensors of numbers.</summary>
    public string DataNode(string op, IReadOnlyList<string> inputs, params (string Name, object Value)[] attributes)
    {
        string made = Node(op, inputs, attributes);
        Graph.Nodes[^1] = Graph.Nodes[^1] with { Domain = OnnxGraph.DataDomain };
        return made;
    }

    /// <summary>Gives a value out.</summary>
    public void Give((string Name, OnnxPort Port) output)
    {
        string name = Named(output.Port.Name);
        Graph.Nodes.Add(new("Identity", [output.Name], [name], []));
        Graph.Outputs.Add(output.Port with { Name = name });
    }

    /// <summary>An operator with several outputs; those before <paramref name="from"/> are left out.</summary>
    public string[] Nodes(string op, IReadOnlyList<string> inputs, int outputs,
        (string Name, object Value)[] attributes,
        int from = 0)
    {
        string[] names = [.. Enumerable.Range(0, outputs).Select(i => i < from ? "" : Named(Wish(op)))];
        Graph.Nodes.Add(new(op, inputs, names,
            [.. attributes.Select(one => new OnnxAttribute(one.Name, one.Value is int whole ? (long)whole
                : one.Value))]));
        return names;
    }

    /// <summary>Whole numbers as a vector.</summary>
    public string Whole(params long[] numbers) => Kept($"i:{string.Join(',', numbers)}",
        name => OnnxTensor.Of(name, [numbers.Length], numbers));

    /// <summary>A single number.</summary>
    public string Number(double value, DType dtype) => Kept($"n:{dtype}:{BitConverter.DoubleToInt64Bits(value)}",
        name => OnnxTensor.Of(name, Tensor.Scalar(value, dtype)));

    /// <summary>A constant under a name like the one wished for.</summary>
    public string Constant(string wish, Func<string, OnnxTensor> make)
    {
        string name = Named(wish);
        Graph.Constants.Add(make(name));
        return name;
    }

    string Kept(string key, Func<string, OnnxTensor> make)
    {
        if (!_constants.TryGetValue(key, out string? name)) _constants[key] = name = Constant("constant", make);
        return name;
    }

    static string Wish(string op) => char.ToLowerInvariant(op[0]) + op[1..];
}
