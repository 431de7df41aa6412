namespace ChainRule;

/// <summary>
/// The backward pass: newest node first. No node is younger than what it feeds, so when a node's turn comes its
/// gradient is complete. There is no recursion: a chain of any length works.
/// </summary>
static class BackwardPass
{
    static long s_passes;

    [ThreadStatic]
    static List<Node>? s_nodes;

    /// <summary>Adds dL/dx to the gradient of every leaf that L depends on, given dL/d(output).</summary>
    /// <param name="output">L.</param>
    /// <param name="seed">dL/d(output); 1 if null.</param>
    /// <param name="keepGraph">Whether a second pass may follow.</param>
    /// <param name="ready">Is told of each leaf as soon as its gradient is complete; nobody is if null.</param>
    public static void From(Slot output, Slot? seed, bool keepGraph, Action<Slot>? ready = null)
    {
        if (output.RequiresGrad && output.Producer is null)
            Throw.Invalid("backward: this tensor requires a gradient itself and was computed from nothing: call "
                + "Backward() on a loss computed from it");
        if (output.Producer is null)
            Throw.Invalid("backward: this tensor depends on nothing that requires a gradient: call RequireGrad() on a "
                + "parameter before computing with it, outside NoGrad");

        var nodes = Interlocked.Exchange(ref s_nodes, null) ?? [];
        Collect(output.Producer, nodes);
        foreach (var node in nodes)
        {
            if (node.Spent)
                Throw.Invalid($"backward: a backward pass already went through this graph (at '{node.Op}'), and a "
                    + "second would count its gradients twice: run the forward pass again, or say Backward(keepGraph: "
                    + "true) the first time");
            node.CheckUnchanged();
            foreach (var y in node.Outputs) y.Grad = null;
        }

        nodes.Sort(static (a, b) => b.Order.CompareTo(a.Order));
        output.Grad = seed ?? Ones(output);
        var readers = ready is null ? null : Readers(nodes);
        foreach (var node in nodes)
        {
            if (node.IsReached)
            {
                Watch.Current?.BeforeBackward(node);
                node.Backward();
                Watch.Current?.AfterBackward(node);
            }
            node.Spent = !keepGraph;
            if (readers is not null) Tell(node, readers, ready!);
        }
        nodes.Clear();
        s_nodes = nodes;
    }

    // How many nodes read each leaf that requires a gradient.
    static Dictionary<Slot, int> Readers(List<Node> nodes)
    {
        Dictionary<Slot, int> readers = [];
        foreach (var node in nodes)
        {
            foreach (var x in node.Inputs)
                if (x is { RequiresGrad: true, Producer: null }) readers[x] = readers.GetValueOrDefault(x) + 1;
        }
        return readers;
    }

    static void Tell(Node node, Dictionary<Slot, int> readers, Action<Slot> ready)
    {
        foreach (var x in node.Inputs)
            if (readers.TryGetValue(x, out int left) && (readers[x] = left - 1) == 0) ready(x);
    }

    /// <summary>
    /// The leaves that y depends on and that require a gradient, each with the op that read it, through nodes younger
    /// than a number: what was computed before then is taken as given.
    /// </summary>
    public static List<(Slot Leaf, string Op)> Leaves(Slot y, long after)
    {
        List<(Slot, string)> leaves = [];
        HashSet<Slot> seen = [];
        var open = new Stack<Node>();
        if (y.Producer is { } made && made.Order > after) open.Push(made);
        while (open.TryPop(out var node))
        {
            foreach (var x in node.Inputs)
            {
                if (!x.RequiresGrad || !seen.Add(x)) continue;
                if (x.Producer is not { } producer) leaves.Add((x, node.Op));
                else if (producer.Order > after) open.Push(producer);
            }
        }
        return leaves;
    }

    /// <summary>All nodes from one back to the leaves, in no order.</summary>
    public static void Collect(Node root, List<Node> nodes)
    {
        long pass = Interlocked.Increment(ref s_passes);
        root.Pass = pass;
        nodes.Clear();
        nodes.Add(root);
        for (int i = 0; i < nodes.Count; i++)
        {
            foreach (var x in nodes[i].Inputs)
            {
                if (x.Producer is not { } producer || producer.Pass == pass) continue;
                producer.Pass = pass;
                nodes.Add(producer);
            }
        }
    }

    /// <summary>dL/dL, beside L.</summary>
    public static Slot Ones(Slot like)
    {
        var ones = Slot.Make(like.Shape, like.DType, zeroed: false, like.Owner);
        for (int i = 0; i < ones.Count; i++) DTypes.Write(ones, i, 1);
        return ones;
    }
}
