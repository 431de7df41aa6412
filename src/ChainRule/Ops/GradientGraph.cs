namespace ChainRule;

/// <summary>
/// Gradients as results: computed from the graph of a loss by ops, so that they can have a graph of their own.
/// </summary>
static class GradientGraph
{
    /// <summary>
    /// dL/dx of a single number L for each input, added to no gradient, and with a graph of their own if asked. Only
    /// ops between the inputs and L are gone back through.
    /// </summary>
    public static Tensor[] Of(Slot output, ReadOnlySpan<Tensor> inputs, bool createGraph)
    {
        if (output.Producer is not { } producer)
        {
            Throw.Invalid("gradients: this tensor depends on nothing that requires a gradient: call RequireGrad() on a "
                + "parameter before computing with it, outside NoGrad");
            return [];
        }
        HashSet<Slot> needed = [];
        for (int i = 0; i < inputs.Length; i++)
        {
            // Its gradient would be zeros in silence.
            if (!inputs[i].RequiresGrad)
                Throw.Invalid($"gradients: input {i}, {inputs[i].Shape}, requires no gradient: call RequireGrad() on "
                    + "it before computing with it, outside NoGrad");
            needed.Add(inputs[i].Slot);
        }
        List<Node> nodes = [];
        BackwardPass.Collect(producer, nodes);
        nodes.Sort(static (a, b) => a.Order.CompareTo(b.Order));
        foreach (var node in nodes)
        {
            if (node.Spent)
                Throw.Invalid($"gradients: a backward pass already went through this graph (at '{node.Op}'): run the "
                    + "forward pass again, or say Backward(keepGraph: true) first");
            node.CheckUnchanged();
            bool leads = false;
            foreach (var x in node.Inputs) leads |= needed.Contains(x);
            if (leads) foreach (var y in node.Outputs) needed.Add(y);
        }
        Dictionary<Slot, Tensor> gradients = new() { [output] = new(BackwardPass.Ones(output)) };
        nodes.Reverse();
        foreach (var node in nodes)
        {
            if (!needed.Contains(node.Outputs[0])) continue;
            if (node.Outputs.Length > 1)
                Throw.Invalid($"gradients: '{node.Op}' has several outputs, and is gone back through by Backward() "
                    + "alone: take the gradient with it");
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
        for (int i = 0; i < found.Length; i++)
            found[i] = gradients.TryGetValue(inputs[i].Slot, out var dx) ? dx
                : Tensor.Zeros(inputs[i].Shape, inputs[i].DType);
        return found;
    }

    /// <summary>
    /// A node's own backward pass, whose results go into a table: the gradients that the tensors had are put
    /// aside meanwhile.
    /// </summary>
    static void Plain(Node node, Slot dy, Dictionary<Slot, Tensor> gradients)
    {
        Slot[] inputs = node.Inputs.ToArray();
        var aside = Array.ConvertAll(inputs, static x => x.Grad);
        var given = node.Outputs[0].Grad;
        foreach (var x in inputs) x.Grad = null;
        node.Outputs[0].Grad = dy;
        try
        {
            node.Backward();
            foreach (var x in new HashSet<Slot>(inputs))
                if (x.Grad is { } dx)
                    gradients[x] = gradients.TryGetValue(x, out var sum) ? (sum + new Tensor(dx)).Detach()
                        : new Tensor(dx);
        }
        finally
        {
            for (int i = 0; i < inputs.Length; i++) inputs[i].Grad = aside[i];
            node.Outputs[0].Grad = given;
        }
    }
}
