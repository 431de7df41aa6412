namespace ChainRule.Explaining;

/// <summary>dL/dx[i] = Σ_j dL/dy[j] · ∂y[j]/∂x[i], over every use of x and every output that x[i] reaches.</summary>
sealed class GradientTree(ExplainedGraph graph, Slot loss, ExplainOptions options)
    : ExplanationTree<TensorPlace>(options, isGradient: true)
{
    protected override bool IsEnd(TensorPlace x) => x.Tensor == loss;

    protected override double Number(TensorPlace x) => graph.Gradient(x.Tensor, x.At);

    protected override string Name(TensorPlace x) => graph.Names.Of(x.Tensor, x.At);

    protected override List<FullStep<TensorPlace>> Steps(TensorPlace x) => x.Tensor == loss ? []
        : graph.Uses(x.Tensor).ConvertAll(use => Step(use.Node, use.Input, x.At));

    /// <summary>The part of one use.</summary>
    public FullStep<TensorPlace> Step(Node node, int input, int at)
    {
        List<LocalDerivative> reached = [];
        node.Reaches(input, at, reached);
        var terms = new List<FullTerm<TensorPlace>>(reached.Count);
        var formula = new OpFormula(node);
        double[] byRow = new double[node.Outputs[0].Shape is { Rank: > 0 } shape ? shape[0] : 0];
        double sum = 0;
        foreach (var local in reached)
        {
            var y = graph.Own(node.Outputs[local.Tensor]);
            double from = graph.Gradient(y, local.At);
            // Where no gradient comes from above, the term is 0 whatever the derivative.
            double value = from == 0 ? 0 : from * local.Derivative;
            sum += value;
            if (local.Tensor == 0 && byRow.Length > 0) byRow[local.At / (y.Count / byRow.Length)] += value;
            terms.Add(new(new(y, local.At), value, local.Derivative,
                () => formula.Derivative(input, at, local, graph.Names)));
        }
        return new(node.Op, formula.Gradient(input), "", sum, AddsUp: true, terms)
        {
            Passes = reached is [{ Derivative: 1 }], ByRow = byRow,
        };
    }
}
