namespace ChainRule.Derivations;

/// <summary>
/// The graph of a loss, gone back through piece by piece: what every op hands to each of its inputs, given what comes
/// to its outputs. The tensors' own gradients stay as they are, whether a backward pass was made or not.
/// </summary>
sealed class LossGraph
{
    readonly Slot _loss;
    readonly List<Node> _nodes = [];
    readonly Dictionary<Slot, List<(Node Node, int Input)>> _uses = [];

    public LossGraph(Slot loss)
    {
        _loss = loss;
        if (loss.Producer is null)
            Throw.Invalid("derivation: this loss depends on nothing that requires a gradient: call RequireGrad() on a "
                + "parameter before computing with it, outside NoGrad");
        BackwardPass.Collect(loss.Producer, _nodes);
        _nodes.Sort(static (a, b) => b.Order.CompareTo(a.Order));
        foreach (var node in _nodes)
        {
            node.CheckUnchanged();
            for (int i = 0; i < node.Inputs.Length; i++)
            {
                if (!_uses.TryGetValue(node.Inputs[i], out var uses)) _uses.Add(node.Inputs[i], uses = []);
                if (node.Inputs[i].RequiresGrad) uses.Add((node, i));
            }
        }
    }

    /// <summary>The ops that read a tensor on the way to the loss.</summary>
    public IReadOnlyList<(Node Node, int Input)> Uses(Slot x) => _uses.GetValueOrDefault(x) ?? [];

    public bool Reaches(Slot x) => x == _loss || Uses(x).Count > 0;

    /// <summary>dL/dx of every tensor; a gradient that is given is taken instead of what comes from above.</summary>
    public Dictionary<Slot, Tensor> Gradients(IReadOnlyDictionary<Slot, Tensor> given) => Back(_nodes, given);

    /// <summary>The ops between a tensor and the loss, or where the gradient is given; newest first.</summary>
    public List<Node> Between(Slot x, IReadOnlySet<Slot> stops)
    {
        HashSet<Node> found = [];
        var open = new Stack<Slot>([x]);
        while (open.TryPop(out var slot))
            foreach (var (node, _) in Uses(slot))
                if (found.Add(node)) foreach (var y in node.Outputs) if (!stops.Contains(y)) open.Push(y);
        return [.. found.OrderByDescending(node => node.Order)];
    }

    /// <summary>Goes back through some ops, newest first, by their own backward passes or in another way.</summary>
    public Dictionary<Slot, Tensor> Back(List<Node> nodes, IReadOnlyDictionary<Slot, Tensor> given,
        Func<Node, Tensor?[], Tensor?[]>? way = null)
    {
        using var quiet = NoGrad.Begin();
        Dictionary<Slot, Tensor> gradients = [];
        gradients[_loss] = new(BackwardPass.Ones(_loss));
        foreach (var (slot, gradient) in given) gradients[slot] = gradient;
        foreach (var node in nodes)
        {
            Tensor?[] dy = new Tensor?[node.Outputs.Length];
            for (int i = 0; i < dy.Length; i++)
                dy[i] = gradients.TryGetValue(node.Outputs[i], out var d) ? d : null;
            if (Array.TrueForAll(dy, static d => d is null)) continue;
            var dx = way is null ? Run(node, dy) : way(node, dy);
            for (int i = 0; i < dx.Length; i++)
                if (dx[i] is { } part && !given.ContainsKey(node.Inputs[i]))
                    gradients[node.Inputs[i]] =
                        gradients.TryGetValue(node.Inputs[i], out var sum) ? sum + part : part;
        }
        return gradients;
    }

    /// <summary>
    /// What an op hands to each input: by its own backward pass, through handles that stand in for inputs and outputs.
    /// </summary>
    public static Tensor?[] Run(Node node, Tensor?[] dy) => Run(node, dy, node.Inputs, node.Outputs);

    /// <summary>The same with other numbers in the places of inputs and outputs.</summary>
    public static Tensor?[] Run(Node node, Tensor?[] dy, ReadOnlySpan<Slot> x, ReadOnlySpan<Slot> y)
    {
        Slot[] inputs = new Slot[x.Length], outputs = new Slot[y.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = x[i].Reshaped(x[i].Shape);
            inputs[i].RequiresGrad = node.Inputs[i].RequiresGrad;
        }
        for (int i = 0; i < outputs.Length; i++)
        {
            outputs[i] = y[i].Reshaped(y[i].Shape);
            outputs[i].Grad = dy[i]?.Slot;
        }
        node.Backward(inputs, outputs);
        return Array.ConvertAll(inputs, static slot => slot.Grad is { } grad ? new Tensor(grad) : (Tensor?)null);
    }
}
