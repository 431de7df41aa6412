namespace ChainRule.Explaining;

/// <summary>A backward pass, op by op.</summary>
public static class Backprop
{
    /// <summary>
    /// Walks the backward pass of a loss: every op in the order in which <see cref="Tensor.Backward"/> comes to
    /// it, with the gradient that came in, and what it added to whom. The graph can still be gone through afterwards,
    /// and no <see cref="Tensor.Grad"/> is touched. All numbers of all steps are kept: meant for small programs.
    /// <code>
    /// var w = ChainRule.Tensor.From([0.3]).RequireGrad();
    /// var walk = ChainRule.Explaining.Backprop.Steps((w * 2.0).Tanh().Sum());
    /// while (walk.Forward()) Console.WriteLine(walk.Current);
    /// </code>
    /// </summary>
    /// <param name="loss">L, a single number.</param>
    /// <param name="options">The names of tensors and of a model's parameters; null for those of the ops.</param>
    /// <exception cref="ArgumentException">L is no single number, or has no graph.</exception>
    /// <exception cref="InvalidOperationException">Something in the graph was overwritten since.</exception>
    public static BackpropWalk Steps(Tensor loss, ExplainOptions? options = null)
    {
        if (loss.Count != 1)
            Throw.Argument($"steps: the loss is {loss.Shape}: a backward pass begins at a single number: take a Sum() "
                + "or Mean()", nameof(loss));
        if (loss.IsLeaf)
            Throw.Argument("steps: the loss has no graph: compute it from a tensor that requires a gradient, outside "
                + "NoGrad", nameof(loss));
        List<Node> nodes = [];
        BackwardPass.Collect(loss.Slot.Producer!, nodes);
        nodes.Sort(static (a, b) => a.Order.CompareTo(b.Order));
        foreach (var node in nodes) node.CheckUnchanged("steps", "take the steps before the optimiser steps");
        var names = (options ?? new()).ToNames();
        names.Add(loss.Slot, "L");
        names.Add(nodes);
        return new(Run(loss.Slot, nodes, names));
    }

    /// <summary>
    /// The same of the scalar engine: value by value in the order of <see cref="Scalar.Value.Backward"/>, which adds
    /// to the gradient of every parent, a constant's too. Values are called by their labels, and no
    /// <see cref="Scalar.Value.Grad"/> is touched.
    /// </summary>
    /// <param name="root">L, or whatever is differentiated.</param>
    /// <exception cref="ArgumentException">It was computed from nothing.</exception>
    public static BackpropWalk Steps(Scalar.Value root)
    {
        Throw.IfNull(root, "steps");
        if (root.Parents.Count == 0)
            Throw.Argument("steps: the root was given, and computed from nothing: give a value that is the result of "
                + "others", nameof(root));
        var graph = new ScalarGraph(root);
        Dictionary<Scalar.Value, double> gradients = new() { [root] = 1 };
        List<BackpropStep> steps = [];
        foreach (var y in Enumerable.Reverse(root.TopologicalOrder()).Where(static value => value.Parents.Count > 0))
        {
            List<BackpropAddition> added = [];
            for (int i = 0; i < y.Parents.Count; i++)
            {
                var x = y.Parents[i];
                double amount = y.LocalDerivatives[i] * gradients[y];
                Tensor? before = gradients.TryGetValue(x, out double was) ? Number(was) : null;
                gradients[x] = was + amount;
                added.Add(new(graph.Name(x), ScalarGraph.Formula(y, i), Number(x.Data), Number(amount), before,
                    Number(gradients[x])));
            }
            steps.Add(new(steps.Count + 1, ScalarGraph.Op(y), ScalarGraph.Formula(y),
                [.. y.Parents.Select(x => new BackpropInput(graph.Name(x), Number(x.Data)))],
                [new(graph.Name(y), Number(y.Data), Number(gradients[y]))], added));
        }
        return new(steps);
    }

    static Tensor Number(double x) => Tensor.Scalar(x, DType.Float64);

    static List<BackpropStep> Run(Slot loss, List<Node> nodes, GraphNames names)
    {
        HashSet<Slot> all = [];
        foreach (var node in nodes)
        {
            foreach (var x in node.Inputs) all.Add(x);
            foreach (var y in node.Outputs) all.Add(y);
        }
        var aside = all.ToDictionary(static slot => slot, static slot => slot.Grad);
        foreach (var slot in all) slot.Grad = null;
        List<BackpropStep> steps = [];
        try
        {
            loss.Grad = BackwardPass.Ones(loss);
            for (int i = nodes.Count - 1; i >= 0; i--)
                if (nodes[i].IsReached) steps.Add(Step(nodes[i], steps.Count + 1, names));
            return steps;
        }
        finally
        {
            foreach (var (slot, gradient) in aside) slot.Grad = gradient;
        }
    }

    static BackpropStep Step(Node node, int number, GraphNames names)
    {
        Slot[] inputs = [.. node.Inputs];
        int[] reached = [.. Enumerable.Range(0, inputs.Length).Where(i => inputs[i].RequiresGrad)];
        BackpropNumber[] came = [.. node.Outputs.ToArray().Where(static y => y.Grad is not null)
            .Select(y => new BackpropNumber(names.Of(y), Kept(y), Kept(y.Grad!)))];
        // Once to handles of their own, for what comes by each use of a tensor; and once as the engine does it.
        var apart = Array.ConvertAll(inputs, static x => x.Reshaped(x.Shape));
        for (int i = 0; i < inputs.Length; i++) apart[i].RequiresGrad = inputs[i].RequiresGrad;
        node.Backward(apart, node.Outputs);
        Dictionary<Slot, Tensor?> before = [];
        foreach (int i in reached) before[inputs[i]] = inputs[i].Grad is { } was ? Kept(was) : null;
        node.Backward();
        var formula = new OpFormula(node);
        List<BackpropAddition> added = [];
        foreach (int i in reached)
        {
            var x = inputs[i];
            var amount = Kept(apart[i].Grad!);
            bool isLast = Array.LastIndexOf(inputs, x) == i;
            Tensor after;
            using (NoGrad.Begin())
                after = isLast ? Kept(x.Grad!) : before[x] is { } sum ? Kept((sum + amount).Slot) : amount;
            added.Add(new(names.Of(x), formula.Gradient(i), Kept(x), amount, before[x], after));
            before[x] = after;
        }
        BackpropInput[] read = [.. inputs.Select(x => new BackpropInput(names.Of(x), Kept(x)))];
        return new(number, node.Op, formula.Value, read, came, added);
    }

    static Tensor Kept(Slot slot) => new(slot.Copy(owner: null));
}
