namespace ChainRule;

/// <summary>
/// The backward pass: newest node first. No node is younger than what it feeds, so when a node's turn comes its gradient is complete.
/// There is no recursion: a chain of any length works.
/// </summary>
static class Backprop
{
    static long s_passes;

    [ThreadStatic]
    static List<Node>? s_nodes;

    /// <summary>Adds dL/dx to the gradient of every leaf that L depends on, given dL/d(output).</summary>
    public static void From(Slot output, Slot? seed, bool keepGraph)
    {
        if (output.RequiresGrad && output.Producer is null)
            Throw.Invalid("backward: this tensor requires a gradient itself and was computed from nothing: call Backward() on a loss computed from it");
        if (output.Producer is null)
            Throw.Invalid("backward: this tensor depends on nothing that requires a gradient: call RequireGrad() on a parameter before computing with it, outside NoGrad");

        var nodes = Interlocked.Exchange(ref s_nodes, null) ?? [];
        Collect(output.Producer, nodes);
        foreach (var node in nodes)
        {
            if (node.Spent)
                Throw.Invalid($"backward: a backward pass already went through this graph (at '{node.Op}'), and a second would count its gradients twice: "
                            + "run the forward pass again, or say Backward(keepGraph: true) the first time");
            node.CheckUnchanged();
            foreach (var y in node.Outputs) y.Grad = null;
        }

        nodes.Sort(static (a, b) => b.Order.CompareTo(a.Order));
        output.Grad = seed ?? Ones(output);
        foreach (var node in nodes)
        {
            if (node.IsReached)
            {
                Watch.Current?.BeforeBackward(node);
                node.Backward();
                Watch.Current?.AfterBackward(node);
            }
            node.Spent = !keepGraph;
        }
        nodes.Clear();
        s_nodes = nodes;
    }

    /// <summary>
    /// dL/dx of a single number L for each input, added to no gradient, and with a graph of their own if asked. Only ops between the inputs and L are gone
    /// back through.
    /// </summary>
    public static Tensor[] Gradients(Slot output, ReadOnlySpan<Tensor> inputs, bool createGraph)
    {
        if (output.Producer is not { } maker)
        {
            Throw.Invalid("gradients: this tensor depends on nothing that requires a gradient: call RequireGrad() on a parameter before computing with it, outside NoGrad");
            return [];
        }
        HashSet<Slot> needed = [];
        foreach (var x in inputs) needed.Add(x.Slot);
        List<Node> nodes = [];
        Collect(maker, nodes);
        nodes.Sort(static (a, b) => a.Order.CompareTo(b.Order));
        foreach (var node in nodes)
        {
            if (node.Spent)
                Throw.Invalid($"gradients: a backward pass already went through this graph (at '{node.Op}'): run the forward pass again, or say Backward(keepGraph: true) first");
            node.CheckUnchanged();
            bool leads = false;
            foreach (var x in node.Inputs) leads |= needed.Contains(x);
            if (leads) foreach (var y in node.Outputs) needed.Add(y);
        }
        Dictionary<Slot, Tensor> gradients = new() { [output] = new(Ones(output)) };
        foreach (var node in Enumerable.Reverse(nodes).Where(node => needed.Contains(node.Outputs[0])))
        {
            if (node.Outputs.Length > 1)
                Throw.Invalid($"gradients: '{node.Op}' has several outputs, and is gone back through by Backward() alone: take the gradient with it");
            if (!gradients.TryGetValue(node.Outputs[0], out var dy)) continue;
            if (!createGraph)
            {
                Plain(node, dy.Slot, gradients);
                continue;
            }
            for (int i = 0; i < node.Inputs.Length; i++)
            {
                var x = node.Inputs[i];
                if (!needed.Contains(x)) continue;
                var gradient = node.GradientOf(i, dy);
                gradients[x] = gradients.TryGetValue(x, out var sum) ? sum + gradient : gradient;
            }
        }
        Tensor[] found = new Tensor[inputs.Length];
        for (int i = 0; i < found.Length; i++) found[i] = gradients.TryGetValue(inputs[i].Slot, out var dx) ? dx : Tensor.Zeros(inputs[i].Shape, inputs[i].DType);
        return found;
    }

    /// <summary>A node's own backward pass, whose results go into a table: the gradients that the tensors had are put aside meanwhile.</summary>
    static void Plain(Node node, Slot dy, Dictionary<Slot, Tensor> gradients)
    {
        Slot[] inputs = node.Inputs.ToArray();
        var aside = Array.ConvertAll(inputs, static x => x.Grad);
        var given = node.Outputs[0].Grad;
        foreach (var x in inputs) x.Grad = null;
        node.Outputs[0].Grad = dy;
        node.Backward();
        foreach (var x in inputs.Distinct())
            if (x.Grad is { } dx) gradients[x] = gradients.TryGetValue(x, out var sum) ? (sum + new Tensor(dx)).Detach() : new Tensor(dx);
        for (int i = 0; i < inputs.Length; i++) inputs[i].Grad = aside[i];
        node.Outputs[0].Grad = given;
    }

    /// <summary>
    /// The leaves that y depends on and that require a gradient, each with the op that read it, through nodes younger than a number: what was computed
    /// before then is taken as given.
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

    static void Collect(Node root, List<Node> nodes)
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

    static Slot Ones(Slot like)
    {
        var ones = Slot.Make(like.Shape, like.DType, zeroed: false, like.Owner);
        for (int i = 0; i < ones.Count; i++) DTypes.Write(ones, i, 1);
        return ones;
    }
}
