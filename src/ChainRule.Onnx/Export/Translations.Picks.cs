using ChainRule.Formats.Graph;

namespace ChainRule.Formats.Export;

/// <summary>What picks by ids.</summary>
static partial class Translations
{
    static Dictionary<string, Func<OpView, string>> Picks => new()
    {
        ["gather rows"] = op => op.Node("Gather", [op.X(), Picked(op)], ("axis", 0L)),
        ["gather"] = op => op.Node("GatherElements", [op.X(), Picked(op)], ("axis", (long)op.Get<int>("axis"))),
        ["scatter"] = op => op.Node("ScatterElements", [op.X(), Picked(op), op.X(1)],
            ("axis", (long)op.Get<int>("axis")),
            ("reduction", op.Get<bool>("add") ? "add" : "none")),
        ["embedding bag"] = Bag,
    };

    static string Picked(OpView op)
    {
        Ids[] ids = op.All<Ids>("ids");
        return op.Exporter.InputOf(ids) ?? new Constants(op.Exporter).Of(ids);
    }

    static string Bag(OpView op)
    {
        if (!op.Has("ids")) throw op.Refused("bags by offsets have no counterpart in ONNX: give one bag a row");
        string ids = Picked(op), rows = op.Node("Gather", [op.X(), ids], ("axis", 0L)), along = op.Builder.Whole(1);
        string last = op.Builder.Whole(-1);
        var mode = op.Get<BagMode>("mode");
        int padding = op.Get<int>("paddingIndex");
        if (padding < 0)
            return mode == BagMode.Sum ? op.Node("ReduceSum", [rows, along], ("keepdims", 0L))
                : op.Node(mode == BagMode.Mean ? "ReduceMean" : "ReduceMax", [rows], ("axes", (long[])[1]),
                    ("keepdims", 0L));
        string unseen = op.Node("Equal", [ids, op.Builder.Whole(padding)]),
            kept = op.Node("Unsqueeze", [Mask(op, op.Node("Not", [unseen])), last]);
        if (mode == BagMode.Max)
        {
            string largest = op.Node("ReduceMax", [op.Node("Where", [op.Node("Unsqueeze", [unseen, last]),
                op.Number(double.NegativeInfinity), rows])], ("axes", (long[])[1]), ("keepdims", 0L));
            // A bag of nothing is 0.
            return op.Node("Where", [op.Node("IsInf", [largest]), op.Number(0), largest]);
        }
        string sum = op.Node("ReduceSum", [op.Node("Mul", [rows, kept]), along], ("keepdims", 0L));
        return mode == BagMode.Sum ? sum : op.Node("Div", [sum, op.Node("Max",
            [op.Node("ReduceSum", [kept, along], ("keepdims", 0L)), op.Number(1)])]);
    }
}
