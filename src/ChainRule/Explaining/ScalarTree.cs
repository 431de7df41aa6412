using System.Globalization;
using ChainRule.Scalar;

namespace ChainRule.Explaining;

/// <summary>The gradients of a graph of the scalar engine: dL/dx = Σ dL/dy · ∂y/∂x over all that x goes into.</summary>
sealed class ScalarTree : ExplanationTree<Value>
{
    readonly Value _root;
    readonly Dictionary<Value, List<(Value User, int Parent)>> _uses = [];
    readonly Dictionary<Value, double> _gradients = [];
    readonly ScalarGraph _graph;

    public ScalarTree(Value root, ExplainOptions options) : base(options, isGradient: true)
    {
        _root = root;
        _graph = new(root);
        var order = _graph.Order;
        foreach (var value in order)
        {
            _uses[value] = [];
            _gradients[value] = 0;
            for (int i = 0; i < value.Parents.Count; i++) _uses[value.Parents[i]].Add((value, i));
        }
        _gradients[root] = 1;
        for (int k = order.Count - 1; k >= 0; k--)
            for (int i = 0; i < order[k].Parents.Count; i++)
                _gradients[order[k].Parents[i]] += _gradients[order[k]] * order[k].LocalDerivatives[i];
    }

    public bool Has(Value x) => _uses.ContainsKey(x);

    protected override bool IsEnd(Value x) => x == _root;

    protected override double Number(Value x) => _gradients[x];

    protected override double Own(Value x) => x.Data;

    protected override double Rounding(Value x) => DTypes.Rounding(DType.Float64);

    protected override string Name(Value x) => _graph.Name(x);

    protected override List<FullStep<Value>> Steps(Value x) => _uses[x].ConvertAll(use =>
    {
        var (y, parent) = use;
        double derivative = y.LocalDerivatives[parent],
            value = FullTerm<Value>.Product(_gradients[y], derivative, _gradients[x]);
        return new FullStep<Value>(y.Op, ScalarGraph.Formula(y, parent), "", value, AddsUp: true,
            [new(y, value, derivative, () => Text(y, parent)) { IsNamed = y.Op == "*" }]) { Passes = derivative == 1 };
    });

    string Text(Value y, int parent)
    {
        string x = Number6(y.Parents[parent].Data), own = Number6(y.Data);
        return y.Op switch
        {
            "*" => _graph.Name(y.Parents[1 - parent]),
            "log" => $"1 / {x}",
            "sin" => $"cos {x}",
            "cos" => $"−sin {x}",
            "tanh" => $"1 − {own}²",
            "sigmoid" => $"{own} · (1 − {own})",
            ['*', '*', .. var power] => $"{power} · {x}^({power} − 1)",
            _ => "",
        };
    }

    static string Number6(double x) =>
        FormulaNumbers.Pretty(x < 0 ? $"({FormulaNumbers.Text(x)})" : FormulaNumbers.Text(x));
}
