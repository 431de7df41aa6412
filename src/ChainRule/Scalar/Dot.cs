using System.Globalization;
using System.Text;
using ChainRule.Errors;

namespace ChainRule.Scalar;

/// <summary>Graphs in Graphviz' language, left to right: data flows along the arrows, gradients against them.</summary>
public static class Dot
{
    /// <summary>The expression behind a value: a record "label | data | grad" for every value, and a node for the operation before every computed one.</summary>
    public static string Write(Value root)
    {
        if (root is null) throw new RefusedNullException("dot: root is null: give a Value", nameof(root));
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
