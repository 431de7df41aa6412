using System.Globalization;
using System.Text;

namespace ChainRule.Scalar;

/// <summary>Graphs in Graphviz' language, left to right: data flows along the arrows, gradients against them.</summary>
public static class Dot
{
    /// <summary>The expression behind a value: a record "label | data | grad" for every value, and a node for the operation before every computed one.</summary>
    public static string Write(Value root)
    {
        ArgumentNullException.ThrowIfNull(root);
        var order = root.TopologicalOrder();
        var number = new Dictionary<Value, int>(order.Length);
        var text = new StringBuilder("digraph {\n  rankdir=LR;\n");
        foreach (var value in order)
        {
            int i = number.Count;
            number.Add(value, i);
            text.Append(CultureInfo.InvariantCulture,
                $"  v{i} [shape=record, label=\"{{ {Escaped(value.Label)} | data {value.Data:F4} | grad {value.Grad:F4} }}\"];\n");
            if (value.Parents.Count == 0) continue;
            text.Append(CultureInfo.InvariantCulture, $"  o{i} [label=\"{value.Op}\"];\n  o{i} -> v{i};\n");
            foreach (var parent in value.Parents) text.Append(CultureInfo.InvariantCulture, $"  v{number[parent]} -> o{i};\n");
        }
        return text.Append("}\n").ToString();
    }

    /// <summary>The network: its inputs, every neuron of every layer, and its outputs, as the parameters stand now.</summary>
    /// <remarks>A neuron is drawn in the order it works: the weights on the arrows into it, the sum, the bias with its gradient, the activation.</remarks>
    public static string Write(Mlp mlp)
    {
        ArgumentNullException.ThrowIfNull(mlp);
        return Network([.. mlp.Layers.Select(layer => layer.Neurons)]);
    }

    /// <summary>One neuron with its inputs and its output, drawn as in a network.</summary>
    public static string Write(Neuron neuron)
    {
        ArgumentNullException.ThrowIfNull(neuron);
        return Network([[neuron]]);
    }

    private static string Network(IReadOnlyList<Neuron>[] layers)
    {
        // ordering=in keeps the inputs from top to bottom; ranksep leaves room for the weights
        var text = new StringBuilder("digraph {\n  rankdir=LR;\n  ordering=in;\n  ranksep=1;\n");
        string[] from = [.. layers[0][0].Weights.Select((_, i) => $"x{i}")];
        foreach (string input in from) text.Append(CultureInfo.InvariantCulture, $"  {input};\n");
        for (int l = 0; l < layers.Length; l++)
        {
            string[] to = [.. layers[l].Select((_, i) => $"n{l}_{i}")];
            for (int i = 0; i < to.Length; i++)
            {
                var neuron = layers[l][i];
                text.Append(CultureInfo.InvariantCulture,
                    $"  {to[i]} [shape=record, label=\"{{ <in> Σwx + b | b {neuron.Bias.Data:F4} | grad {neuron.Bias.Grad:F4} | <out> {neuron.Activation} }}\"];\n");
                for (int j = 0; j < from.Length; j++)
                    text.Append(CultureInfo.InvariantCulture, $"  {from[j]} -> {to[i]}:in [label=\"{neuron.Weights[j].Data:F4}\"];\n");
            }
            from = Array.ConvertAll(to, neuron => neuron + ":out");
        }
        for (int i = 0; i < from.Length; i++) text.Append(CultureInfo.InvariantCulture, $"  {from[i]} -> y{i};\n");
        return text.Append("}\n").ToString();
    }

    // In a record | { } < > and the space have meanings of their own.
    private static string Escaped(string label)
    {
        var text = new StringBuilder(label.Length);
        foreach (char c in label)
        {
            if (c == '\n')
            {
                text.Append("\\n");
                continue;
            }
            if ("\\\"|{}<> ".Contains(c, StringComparison.Ordinal)) text.Append('\\');
            text.Append(c);
        }
        return text.ToString();
    }
}
