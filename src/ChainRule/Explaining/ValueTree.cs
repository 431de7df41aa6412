namespace ChainRule.Explaining;

/// <summary>
/// A value as what its op computed it from: a sum of terms where the op is one, else a formula of inputs.
/// </summary>
sealed class ValueTree(ExplainedGraph graph, ExplainOptions options)
    : ExplanationTree<TensorPlace>(options, isGradient: false)
{
    protected override bool IsEnd(TensorPlace x) => graph.ProducerOf(x.Tensor, out _) is null;

    protected override double Number(TensorPlace x) => DTypes.Read(x.Tensor, x.At);

    protected override double Own(TensorPlace x) => Number(x);

    protected override double Rounding(TensorPlace x) => DTypes.Rounding(x.Tensor.DType);

    protected override string Name(TensorPlace x) => graph.Names.Of(x.Tensor, x.At);

    protected override List<FullStep<TensorPlace>> Steps(TensorPlace place)
    {
        var (x, at) = place;
        if (graph.ProducerOf(x, out int output) is not { } node) return [];
        List<LocalDerivative> read = [];
        node.Reads(output, at, read);
        bool isSum = node.Linearity != Linearity.None;
        if (node.Linearity == Linearity.InEach)
        {
            // Each product is one term: of the factor that was computed, if one was, and else of the first.
            int factor = Factor(node);
            read.RemoveAll(one => one.Tensor != factor && one.Tensor != node.Addend);
        }
        var formula = new OpFormula(node);
        double value = DTypes.Read(x, at);
        var terms = read.ConvertAll(one =>
        {
            var from = graph.Own(node.Inputs[one.Tensor]);
            double term = FullTerm<TensorPlace>.Product(DTypes.Read(from, one.At), one.Derivative, value);
            return new FullTerm<TensorPlace>(new(from, one.At), term, one.Derivative,
                () => isSum && one.Factor >= 0 ? formula.Factor(one, graph.Names) : "") { IsNamed = true };
        });
        double sum = isSum ? terms.Sum(static term => term.Value) : value;
        return [new(node.Op, formula.Value, formula.ValueNumbers(at), sum, isSum, terms)
            { Passes = isSum && read is [{ Derivative: 1 }] }];
    }

    static int Factor(Node node)
    {
        for (int i = 0; i < node.Inputs.Length; i++)
            if (i != node.Addend && node.Inputs[i].Producer is not null) return i;
        return node.Addend == 0 ? 1 : 0;
    }
}
