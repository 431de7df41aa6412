using ChainRule.Explaining;
using ChainRule.Zoo.Programs;

namespace ChainRule.Lab.Graph;

/// <summary>
/// A backward pass in an order of one's own: every op adds, to its inputs' gradients, its derivative times the gradient
/// that its result has at that moment. In a wrong order that gradient is not complete, and what is passed on is wrong.
/// </summary>
static class BackwardOrder
{
    /// <summary>The steps as the engine makes them.</summary>
    public static List<GraphStep> Right(BackpropWalk walk, IReadOnlyDictionary<string, int> places) =>
        [.. walk.Select(step => new GraphStep(places[step.Came[0].Name], step.Came[0].Gradient.Item(), step.Formula,
            [.. step.Added.Select(x => new GraphAddition(places[x.Name], x.Formula, x.Amount.Item(),
                x.Before?.Item(), x.After.Item()))]))];

    /// <summary>The steps in another order.</summary>
    public static List<GraphStep> Made(ScalarProgram program, IReadOnlyList<GraphStep> right, IReadOnlyList<int> order)
    {
        var nodes = program.Nodes;
        var places = nodes.Index().ToDictionary(one => one.Item, one => one.Index);
        var byNode = right.ToDictionary(step => step.Node);
        if (order.Count != right.Count || order.Distinct().Count() != order.Count || !order.All(byNode.ContainsKey))
            Throw.Argument($"graph: an order of {Printable.Count(order.Count, "step")}: give each of the "
                + $"{right.Count} results that the backward pass has a step for, once");
        Dictionary<int, double> gradients = new() { [nodes.Count - 1] = 1 };
        List<GraphStep> steps = [];
        foreach (int y in order)
        {
            double came = gradients.GetValueOrDefault(y);
            double[] local = nodes[y].LocalDerivatives();
            // The engine has no addition for a constant.
            var formulas = new Queue<string>(byNode[y].Added.Select(x => x.Formula));
            List<GraphAddition> added = [];
            for (int i = 0; i < local.Length; i++)
            {
                if (!nodes[y].Inputs[i].Number.RequiresGrad) continue;
                int x = places[nodes[y].Inputs[i]];
                double amount = local[i] * came;
                double? before = gradients.TryGetValue(x, out double was) ? was : null;
                gradients[x] = was + amount;
                added.Add(new(x, formulas.Dequeue(), amount, before, gradients[x]));
            }
            steps.Add(new(y, came, byNode[y].Formula, added));
        }
        return steps;
    }

    /// <summary>A sentence for each step that came before one of those that use its result.</summary>
    public static IEnumerable<string> Faults(IReadOnlyList<GraphNode> nodes, IReadOnlyList<GraphStep> steps)
    {
        for (int i = 0; i < steps.Count; i++)
        {
            int y = steps[i].Node;
            string[] late = [.. steps.Skip(i + 1).Where(step => nodes[step.Node].Inputs.Contains(y))
                .Select(step => nodes[step.Node].Name)];
            if (late.Length == 0) continue;
            string derivative = BackpropStep.Derivative(nodes[y].Name);
            yield return $"Step {i + 1} passes on {derivative} = {Text(steps[i].Came)} before "
                + $"{string.Join(" and ", late)} {(late.Length == 1 ? "has" : "have")} added to it; complete, it is "
                + $"{Text(nodes[y].Gradient ?? 0)}. What is below {nodes[y].Name} gets "
                + $"{(steps[i].Came == 0 ? "nothing" : "only a part")}: an op may run backward only after all that use "
                + "its result.";
        }
    }

    static string Text(double x) => BackpropStep.Text(Tensor.Scalar(x, DType.Float64));
}
