using System.Text.Json.Nodes;
using ChainRule.Explaining;
using ChainRule.Layers;
using ChainRule.Scalar;

namespace ChainRule.Pictures;

/// <summary>A graph in Graphviz' language.</summary>
public sealed class Graph : Picture
{
    readonly DataTable[] _tables;

    Graph(string title, string alt, string dot, params DataTable[] tables) : base("graph", title, alt) =>
        (Text, _tables) = (dot, tables);

    /// <inheritdoc/>
    public override string Text { get; }

    internal override IReadOnlyList<DataTable> Tables => _tables;

    /// <summary>The values of a graph whose leaves a reader of the page may change; null for any other.</summary>
    internal JsonArray? Steps { get; private init; }

    /// <summary>
    /// The expression behind a value, left to right: for every value its label, number and gradient, and the operation
    /// before each computed one.
    /// </summary>
    public static Graph Of(Value root, string title)
    {
        // The order of the table is that of the formula: what is computed stands below what it was computed from.
        Value[] values = root.TopologicalOrder();
        var number = values.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        string Name(Value value) => value.Label.Length > 0 ? value.Label : $"v{number[value]}";
        string Made(Value value) =>
            value.Op.Length == 0 ? "" : $"{value.Op} of {string.Join(" and ", value.Parents.Select(Name))}";
        var table = new DataTable(title, ["value", "made by", "data", "grad"], values.Length,
            i => [Name(values[i]), Made(values[i]), Words.Exact(values[i].Data), Words.Exact(values[i].Grad)]);
        int leaves = values.Count(value => value.Op.Length == 0);
        string alt = $"Graph of an expression: {Words.Count(leaves, "leaf", "leaves")} and "
            + $"{Words.Count(values.Length - leaves, "computed value")}; the "
            + $"result{(root.Label.Length > 0 ? " " + root.Label : "")} is {Words.Number(root.Data)}.";
        return new(title, alt, Dot.Write(root), table);
    }

    /// <summary>
    /// An explanation: a box for each number, and an arrow for each term, the wider the larger it is, with what it is
    /// multiplied by.
    /// </summary>
    public static Graph Of(Explanation why, string title) =>
        new(title, $"Graph of an explanation: {why.Sentence}", why.ToDot());

    /// <summary>
    /// The expression behind a value, with a panel on the page: choose a leaf, move it by h, and see what the result
    /// becomes, beside what the gradient foretold, gradient · h. Leaves without a label stay as they are.
    /// </summary>
    /// <exception cref="ArgumentException">No leaf has a label.</exception>
    public static Graph WhatIf(Value root, string title)
    {
        Value[] values = root.TopologicalOrder();
        if (!values.Any(value => value.Op.Length == 0 && value.Label.Length > 0))
            Throw.Argument($"what if '{title}': no leaf of the expression has a label: name those that may be changed");
        var number = values.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        var steps = new JsonArray([.. values.Select(value => (JsonNode)new JsonObject
        {
            ["label"] = value.Label, ["op"] = value.Op,
            ["of"] = new JsonArray([.. value.Parents.Select(parent => (JsonNode)number[parent])]),
            ["data"] = Number(value.Data), ["grad"] = Number(value.Grad),
        })]);
        static JsonNode? Number(double x) => double.IsFinite(x) ? x : null;
        var plain = Of(root, title);
        return new(title, plain.Alt, plain.Text, plain._tables) { Steps = steps };
    }

    /// <summary>
    /// One neuron at work: inputs, weights, products, bias, sum, activation and output, with their numbers and the
    /// gradient of the output by each.
    /// </summary>
    /// <exception cref="ArgumentException">There are not as many numbers as inputs.</exception>
    public static Graph Of(Neuron neuron, IReadOnlyList<double> inputs, string title)
    {
        var parts = NeuronParts.Of(neuron, inputs);
        (string Name, NeuronParts.Part Part)[] rows =
        [
            .. parts.Inputs.Select((part, i) => ($"x{i + 1}", part)),
            .. parts.Weights.Select((part, i) => ($"w{i + 1}", part)),
            .. parts.Products.Select((part, i) => ($"x{i + 1} · w{i + 1}", part)), ("b", parts.Bias), ("n", parts.Sum),
            ("o", parts.Output),
        ];
        var table = new DataTable(title, ["part", "data", "grad"], rows.Length,
            i => [rows[i].Name, Words.Exact(rows[i].Part.Data), Words.Exact(rows[i].Part.Grad)]);
        string alt = $"Diagram of a neuron: {Words.Count(inputs.Count, "input")}, each times its weight; the sum with "
            + $"the bias is {Words.Number(parts.Sum.Data)}, the output {Words.Number(parts.Output.Data)} "
            + $"({parts.Activation}).";
        return new(title, alt, NeuronDot.Write(parts), table);
    }

    /// <summary>
    /// A network of neurons as its parameters stand now, a column for each layer: every arrow ends at its weight, blue
    /// where that is positive and orange where it is negative, and the wider the larger it is. Of more than twelve
    /// neurons in a layer the first seven and the last four are drawn.
    /// </summary>
    public static Graph Of(Mlp network, string title) => Drawn(Network.Of(network), title);

    /// <summary>The same of Linear layers in a row, with activation functions between them.</summary>
    /// <exception cref="ArgumentException">It holds other layers, or no Linear one.</exception>
    public static Graph Of(Sequential network, string title) => Drawn(Network.Of($"network '{title}'", network), title);

    /// <summary>
    /// How the error flows back through a network on one example: every neuron with its output and its error, the
    /// gradient of the loss by that output. The arrows run backward, and the wider one is, the more of a neuron's error
    /// comes along it: the errors of the layer before are their sums. The table under it has all of each neuron:
    /// weights w, bias b, sum z = w·x + b, output a = f(z), and its errors ∂L/∂a and ∂L/∂z. Gradients of parameters
    /// stay as they were.
    /// </summary>
    /// <param name="loss">From the outputs of the network to one number.</param>
    /// <exception cref="ArgumentException">There are not as many numbers as inputs.</exception>
    public static Graph ErrorFlow(Mlp network, IReadOnlyList<double> example, Func<IReadOnlyList<Value>, Value> loss,
        string title) =>
        Drawn(Network.Flow(network, example, loss), title);

    /// <inheritdoc cref="ErrorFlow(Mlp, IReadOnlyList{double}, Func{IReadOnlyList{Value}, Value}, string)"/>
    public static Graph ErrorFlow(Sequential network, Tensor example, Func<Tensor, Tensor> loss, string title) =>
        Drawn(Network.Flow($"error flow '{title}'", network, example, loss), title);

    /// <summary>
    /// The operations behind a tensor and the shapes between them. What requires no gradient leaves no trace of
    /// how it was made.
    /// </summary>
    public static Graph Of(Tensor root, string title)
    {
        var walk = TensorWalk.From(root);
        var table = new DataTable(title, ["tensor", "made by", "shape", "type", "gradient"],
            walk.Tensors.Count, walk.Row);
        int made = walk.Tensors.Count(tensor => !tensor.IsLeaf);
        string alt =
            $"Graph of a computation with tensors: {Words.Count(walk.Tensors.Count - made, "leaf", "leaves")} and "
            + $"{Words.Count(made, "operation")}; the result is {root.Shape}.";
        return new(title, alt, walk.Dot(), table);
    }

    /// <summary>Any graph that Graphviz understands.</summary>
    public static Graph FromDot(string dot, string title, string? alt = null)
    {
        if (string.IsNullOrWhiteSpace(dot))
            Throw.Argument($"graph '{title}': its DOT is empty: give at least digraph {{}}");
        return new(title, alt ?? $"Graph: {title}.", dot);
    }

    static Graph Drawn(Network network, string title)
    {
        var neurons = network.Layers.SelectMany((layer, l) =>
            Enumerable.Range(0, layer.Neurons)
                .Select(i => (Name: $"{network.NameOf(l)}, neuron {i + 1}", Layer: layer, I: i))).ToList();
        bool flow = network.Values is not null;
        string[] plain = ["neuron", "activation", "bias", "weights"],
            columns = flow ? [.. plain, "sum", "output", "error", "error of the sum"] : plain;
        var table = new DataTable(title, columns, neurons.Count, row =>
        {
            var (name, layer, i) = neurons[row];
            string weights = string.Join(", ",
                Enumerable.Range(0, layer.Weights.GetLength(1)).Select(j => Words.Number(layer.Weights[i, j])));
            string[] cells = [name, layer.Activation,
                layer.Biases is { } biases ? Words.Exact(biases[i]) : "none", weights];
            return flow ? [.. cells, .. ((double[][])[layer.Sums!, layer.Outputs!, layer.Errors!, layer.SumErrors!])
                .Select(numbers => Words.Exact(numbers[i]))] : cells;
        });
        string alt = $"Diagram of a network: {Words.Count(network.Inputs, "input")}, layers of "
            + $"{string.Join(", ", network.Layers.Select(layer => layer.Neurons))} neurons, "
            + $"{Words.Count(network.Parameters, "parameter")}."
            + $"{(flow ? " Every neuron shows its output on one example and its error." : "")}";
        return new(title, alt, NetworkDot.Write(network), table);
    }
}
