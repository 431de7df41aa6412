using ChainRule.Scalar;

namespace ChainRule.Explaining;

/// <summary>A graph of the scalar engine: its values in order, what they are called, and what each op computes.
/// </summary>
sealed class ScalarGraph
{
    readonly Dictionary<Value, string> _names = [];

    public ScalarGraph(Value root)
    {
        Order = InOrder(root);
        Dictionary<string, int> counts = [];
        foreach (var value in Order)
        {
            string name = value.Label.Length > 0 ? value.Label : value == root ? "L"
                : value.Op.Length > 0 ? value.Op : "constant";
            int count = counts[name] = counts.GetValueOrDefault(name) + 1;
            _names[value] = count == 1 ? name : $"{name} {count}";
        }
    }

    /// <summary>All values, each behind its parents.</summary>
    public IReadOnlyList<Value> Order { get; }

    /// <summary>Its label, or what the op is called.</summary>
    public string Name(Value x) => _names[x];

    /// <summary>The op in a word, as the tensor engine calls it.</summary>
    public static string Op(Value y) => y.Op switch
    {
        "+" => "add",
        "*" => "multiply",
        ['*', '*', ..] => "power",
        var op => op.ToLowerInvariant(),
    };

    /// <summary>What it computed.</summary>
    public static string Formula(Value y) => y.Op switch
    {
        "+" => "y = a + b",
        "*" => "y = a · b",
        "exp" => "y = eˣ",
        "log" => "y = ln x",
        "sin" => "y = sin x",
        "cos" => "y = cos x",
        "tanh" => "y = tanh(x)",
        "sigmoid" => "y = 1 / (1 + e⁻ˣ)",
        "ReLU" => "y = max(x, 0)",
        ['*', '*', .. var power] => $"y = x^{power}",
        _ => "",
    };

    /// <summary>The gradient of one of its parents.</summary>
    public static string Formula(Value y, int parent) => y.Op switch
    {
        "+" => parent == 0 ? "da = dy" : "db = dy",
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

    // Without recursion: a chain may be longer than the call stack is deep.
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
