using ChainRule.Scalar;

namespace ChainRule.Pictures;

/// <summary>A graph in Graphviz' language.</summary>
public sealed class Graph : Picture
{
    readonly DataTable[] _tables;

    Graph(string title, string alt, string dot, params DataTable[] tables) : base("graph", title, alt) => (Text, _tables) = (dot, tables);

    /// <inheritdoc/>
    public override string Text { get; }

    internal override IReadOnlyList<DataTable> Tables => _tables;

    /// <summary>The expression behind a value, left to right: for every value its label, number and gradient, and the operation before each computed one.</summary>
    public static Graph Of(Value root, string title)
    {
        // The order of the table is that of the formula: what is computed stands below what it was computed from.
        Value[] values = root.TopologicalOrder();
        var number = values.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        string Name(Value value) => value.Label.Length > 0 ? value.Label : $"v{number[value]}";
        string Made(Value value) => value.Op.Length == 0 ? "" : $"{value.Op} of {string.Join(" and ", value.Parents.Select(Name))}";
        var table = new DataTable(title, ["value", "made by", "data", "grad"], values.Length,
            i => [Name(values[i]), Made(values[i]), Words.Exact(values[i].Data), Words.Exact(values[i].Grad)]);
        int leaves = values.Count(value => value.Op.Length == 0);
        string alt = $"Graph of an expression: {Words.Count(leaves, "leaf", "leaves")} and {Words.Count(values.Length - leaves, "computed value")}; "
            + $"the result{(root.Label.Length > 0 ? " " + root.Label : "")} is {Words.Number(root.Data)}.";
        return new(title, alt, Dot.Write(root), table);
    }

    /// <summary>
    /// A network of neurons as its parameters stand now: every arrow ends at its weight, blue where that is positive and orange where it is negative,
    /// and the wider the larger it is.
    /// </summary>
    public static Graph Of(Mlp network, string title)
    {
        var neurons = network.Layers.SelectMany((layer, l) => layer.Neurons.Select((neuron, i) => (Name: $"layer {l}, neuron {i}", Neuron: neuron))).ToList();
        var table = new DataTable(title, ["neuron", "activation", "bias", "weights"], neurons.Count, i =>
            [neurons[i].Name, neurons[i].Neuron.Activation.ToString(), Words.Exact(neurons[i].Neuron.Bias.Data),
                string.Join(", ", neurons[i].Neuron.Weights.Select(weight => Words.Number(weight.Data)))]);
        string alt = $"Diagram of a network: {Words.Count(network.Layers[0].Neurons[0].Weights.Count, "input")}, "
            + $"layers of {string.Join(", ", network.Layers.Select(layer => layer.Neurons.Count))} neurons, {Words.Count(network.Parameters().Count, "parameter")}.";
        return new(title, alt, Network.Dot(network), table);
    }

    /// <summary>The operations behind a tensor and the shapes between them. What wants no gradient leaves no trace of how it was made.</summary>
    public static Graph Of(Tensor root, string title)
    {
        var walk = TensorWalk.From(root);
        var table = new DataTable(title, ["tensor", "made by", "shape", "type", "gradient"], walk.Tensors.Count, walk.Row);
        int made = walk.Tensors.Count(tensor => !tensor.IsLeaf);
        string alt = $"Graph of a computation with tensors: {Words.Count(walk.Tensors.Count - made, "leaf", "leaves")} and "
            + $"{Words.Count(made, "operation")}; the result is {root.Shape}.";
        return new(title, alt, walk.Dot(), table);
    }

    /// <summary>Any graph that Graphviz understands.</summary>
    public static Graph FromDot(string dot, string title, string? alt = null)
    {
        if (string.IsNullOrWhiteSpace(dot)) Throw.Argument($"graph '{title}': its DOT is empty: give at least digraph {{}}");
        return new(title, alt ?? $"Graph: {title}.", dot);
    }
}
