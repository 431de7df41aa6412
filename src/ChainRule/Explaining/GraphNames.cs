namespace ChainRule.Explaining;

/// <summary>
/// What the tensors of a graph are called: by the names given, and else by the op that made them, numbered in the order
/// in which they ran: <c>tanh</c>, <c>tanh 2</c>.
/// </summary>
sealed class GraphNames
{
    readonly Dictionary<Slot, string> _names = [];
    readonly Dictionary<string, int> _counts = [];

    /// <summary>Names a tensor, if it has no name yet.</summary>
    public void Add(Slot slot, string name) => _names.TryAdd(slot, name);

    /// <summary>Names what some nodes read and computed.</summary>
    public void Add(List<Node> nodes)
    {
        foreach (var node in nodes) Add(node, "");
    }

    /// <summary>Names what the simpler ops compute that replace one.</summary>
    public void AddInside(Node node, List<Node> nodes, Tensor[] ys)
    {
        for (int i = 0; i < node.Outputs.Length; i++) Add(ys[i].Slot, Of(node.Outputs[i]));
        foreach (var one in nodes) Add(one, Of(node.Outputs[0]) + ".");
    }

    /// <summary>The name of a tensor.</summary>
    public string Of(Slot slot) => _names.GetValueOrDefault(slot, "tensor");

    /// <summary>The name of one number: <c>W[3, 7]</c>.</summary>
    public string Of(Slot slot, int at) => slot.Shape.Rank == 0 ? Of(slot)
        : $"{Of(slot)}[{string.Join(", ", Places.Index(slot.Shape, at))}]";

    void Add(Node node, string inside)
    {
        foreach (var x in node.Inputs)
            if (x.Producer is null && !_names.ContainsKey(x))
                _names[x] = Numbered(inside + (x.RequiresGrad ? "parameter" : "constant"));
        foreach (var y in node.Outputs) if (!_names.ContainsKey(y)) _names[y] = Numbered(inside + node.Op);
    }

    string Numbered(string name)
    {
        int count = _counts[name] = _counts.GetValueOrDefault(name) + 1;
        return count == 1 ? name : $"{name} {count}";
    }
}
