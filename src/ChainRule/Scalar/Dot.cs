using System.Globalization;
using ChainRule.Errors;

namespace ChainRule.Scalar;

/// <summary>Graphs in Graphviz' language, left to right: data flows along the arrows, gradients against them.</summary>
public static class Dot
{
    /// <summary>
    /// The expression behind a value: a record "label | data | grad" for every value, and a node for the operation
    /// before every computed one.
    /// </summary>
    public static string Write(Value root)
    {
        if (root is null) throw new RefusedNullException("dot: root is null: give a Value", nameof(root));
        var order = root.TopologicalOrder();
        var number = new Dictionary<Value, int>(order.Length);
        var text = new DotText("rankdir=LR");
        foreach (var value in order)
        {
            int i = number.Count;
            number.Add(value, i);
            text.Record($"v{i}", string.Create(CultureInfo.InvariantCulture,
                $"{{ {DotText.Field(value.Label)} | data {value.Data:F4} | grad {value.Grad:F4} }}"));
            if (value.Parents.Count == 0) continue;
            text.Node($"o{i}", value.Op);
            text.Arrow($"o{i}", $"v{i}");
            foreach (var parent in value.Parents) text.Arrow($"v{number[parent]}", $"o{i}");
        }
        return text.ToString();
    }
}
