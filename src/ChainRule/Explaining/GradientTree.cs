namespace ChainRule.Explaining;

/// <summary>dL/dx[i] = Σ_j dL/dy[j] · ∂y[j]/∂x[i], over every use of x and every output that x[i] reaches.</summary>
sealed class GradientTree(ExplainedGraph graph, Slot loss, ExplainOptions options)
    : ExplanationTree(graph, options, isGradient: true)
{
    protected override bool IsEnd(Slot x) => x == loss;

    protected override double Number(Slot x, int at) => Graph.Gradient(x, at);

    protected override List<FullStep> Steps(Slot x, int at)
    {
        List<FullStep> steps = [];
        if (x == loss) return steps;
        foreach (var (node, input) in Graph.Uses(x)) steps.Add(Step(node, input, at));
        return steps;
    }

    /// <summary>The part of one use.</summary>
    public FullStep Step(Node node, int input, int at)
    {
        List<LocalDerivative> reached = [];
        node.Reaches(input, at, reached);
        var terms = new List<FullTerm>(reached.Count);
        var formula = new OpFormula(node);
        double[] byRow = new double[node.Outputs[0].Shape is { Rank: > 0 } shape ? shape[0] : 0];
        double sum = 0;
        foreach (var local in reached)
        {
            var y = Graph.Own(node.Outputs[local.Tensor]);
            double from = Graph.Gradient(y, local.At);
            // Where no gradient comes from above, the term is 0 whatever the derivative.
            double value = from == 0 ? 0 : from * local.Derivative;
            sum += value;
            if (local.Tensor == 0 && byRow.Length > 0) byRow[local.At / (y.Count / byRow.Length)] += value;
            terms.Add(new(y, local.At, value, local.Derivative,
                () => formula.Derivative(input, at, local, Graph.Names)));
        }
        return new(node.Op, formula.Gradient(input), "", sum, AddsUp: true, terms)
        {
            Passes = reached is [{ Derivative: 1 }], ByRow = byRow,
        };
    }
}
