using System.Globalization;
using ChainRule.Scalar;

namespace ChainRule.Explaining;

/// <summary>The gradients of a graph of the scalar engine: dL/dx = Σ dL/dy · ∂y/∂x over all that x goes into.</summary>
sealed class ScalarTree : ExplanationTree<Value>
{
    readonly Value _root;
    readonly Dictionary<Value, List<(Value User, int Parent)>> _uses = [];
    readonly Dictionary<Value, double> _gradients = [];
    readonly Dictionary<Value, string> _names = [];

    public ScalarTree(Value root, ExplainOptions options) : base(options, isGradient: true)
    {
        _root = root;
        var order = InOrder(root);
        Dictionary<string, int> counts = [];
        foreach (var value in order)
        {
            _uses[value] = [];
            _gradients[value] = 0;
            string name = value.Label.Length > 0 ? value.Label : value == root ? "L"
                : value.Op.Length > 0 ? value.Op : "constant";
            int count = counts[name] = counts.GetValueOrDefault(name) + 1;
            _names[value] = count == 1 ? name : $"{name} {count}";
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

    protected override string Name(Value x) => _names[x];

    protected override List<FullStep<Value>> Steps(Value x) => _uses[x].ConvertAll(use =>
    {
        var (y, parent) = use;
        double derivative = y.LocalDerivatives[parent],
            value = FullTerm<Value>.Product(_gradients[y], derivative, _gradients[x]);
        return new FullStep<Value>(y.Op, Formula(y, parent), "", value, AddsUp: true,
            [new(y, value, derivative, () => Text(y, parent)) { IsNamed = y.Op == "*" }]) { Passes = derivative == 1 };
    });

    static string Formula(Value y, int parent) => y.Op switch
    {
        "+" => "da = dy",
        "*" => parent == 0 ? "da = dy · b" : "db = dy · a",
        "exp" => "dx = dy · y",
        "log" => "dx = dy / x",
        "sin" => "dx = dy · cos x",
        "cos" => "dx = −dy · sin x",
        "tanh" => "dx = dy · (1 − y²)",
        "sigmoid" => "dx = dy · y · (1 − y)",
        "ReLU" => "dx = dy · [x > 0]",
        ['*', '*', .. var power] => $"dx = dy · {power} · x^({power} − 1)",
        _ => "",
    };

    string Text(Value y, int parent)
    {
        string x = Number6(y.Parents[parent].Data), own = Number6(y.Data);
        return y.Op switch
        {
            "*" => _names[y.Parents[1 - parent]],
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

    /// <summary>All values, each behind its parents, without recursion.</summary>
    static List<Value> InOrder(Value root)
    {
        List<Value> order = [];
        HashSet<Value> seen = [];
        var open = new Stack<(Value Value, bool IsDone)>([(root, false)]);
        while (open.TryPop(out var next))
        {
            if (next.IsDone) order.Add(next.Value);
            else if (seen.Add(next.Value))
            {
                open.Push((next.Value, true));
                for (int i = next.Value.Parents.Count - 1; i >= 0; i--) open.Push((next.Value.Parents[i], false));
            }
        }
        return order;
    }
}
