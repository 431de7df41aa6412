namespace ChainRule.Explaining;

/// <summary>dL/dx[i] = Σ_j dL/dy[j] · ∂y[j]/∂x[i], over every use of x and every output that x[i] reaches.</summary>
sealed class GradientTree(ExplainedGraph graph, Slot loss, ExplainOptions options)
    : ExplanationTree<TensorPlace>(options, isGradient: true)
{
    readonly BatchAxis _batch = new(graph, options.Examples);

    /// <summary>The mean size of a tensor's gradients: what rounds in a sum of many numbers is as large.</summary>
    public static double MeanSize(ExplainedGraph graph, Slot x)
    {
        int few = Math.Min(x.Count, 1000);
        double sum = 0;
        for (int i = 0; i < few; i++) sum += Math.Abs(graph.Gradient(x, i));
        return sum / few;
    }

    protected override bool IsEnd(TensorPlace x) => x.Tensor == loss;

    protected override double Number(TensorPlace x) => graph.Gradient(x.Tensor, x.At);

    protected override double Own(TensorPlace x) => DTypes.Read(x.Tensor, x.At);

    protected override string Name(TensorPlace x) => graph.Names.Of(x.Tensor, x.At);

    protected override double Rounding(TensorPlace x) => DTypes.Rounding(x.Tensor.DType);

    protected override double Typical(TensorPlace x) => MeanSize(graph, x.Tensor);

    protected override List<FullStep<TensorPlace>> Steps(TensorPlace x) => x.Tensor == loss ? []
        : graph.Uses(x.Tensor).ConvertAll(use => Step(use.Node, use.Input, x.At));

    protected override TermGroups<TensorPlace>? Groups(List<FullStep<TensorPlace>> steps)
    {
        Slot[] ys =
            [.. steps.SelectMany(static step => step.Terms).Select(static term => term.Place.Tensor).Distinct()];
        if (ys.Length == 0 || ys.Any(static y => y.Shape.Rank == 0)) return null;
        int[] examples = [.. ys.Select(_batch.Of).Distinct()];
        if (examples is [> 0 and var count])
            return new("example", count, "", IsExample: true, place => place.At / (place.Tensor.Count / count));
        return ys is [var y] && y.Shape[0] is > 1 and var rows
            ? new("row", rows, $" of {graph.Names.Of(y)}", IsExample: false, place => place.At / (y.Count / rows))
            : null;
    }

    /// <summary>The part of one use.</summary>
    public FullStep<TensorPlace> Step(Node node, int input, int at)
    {
        List<LocalDerivative> reached = [];
        node.Reaches(input, at, reached);
        var terms = new List<FullTerm<TensorPlace>>(reached.Count);
        var formula = new OpFormula(node);
        double sum = 0, whole = graph.Gradient(graph.Own(node.Inputs[input]), at);
        foreach (var local in reached)
        {
            var y = graph.Own(node.Outputs[local.Tensor]);
            double value = FullTerm<TensorPlace>.Product(graph.Gradient(y, local.At), local.Derivative, whole);
            sum += value;
            terms.Add(new(new(y, local.At), value, local.Derivative,
                () => formula.Derivative(input, at, local, graph.Names)) { IsNamed = local.Factor >= 0 });
        }
        return new(node.Op, formula.Gradient(input), "", sum, AddsUp: true, terms)
            { Passes = reached is [{ Derivative: 1 }] };
    }
}
