using System.Globalization;
using ChainRule.Tracing;

namespace ChainRule.Cli.Exporting.Source;

/// <summary>Ops as calls of the loops of <see cref="SourceKernels"/>.</summary>
/// <param name="network">Where values have names.</param>
/// <param name="at">Which op.</param>
sealed class SourceOps(SourceNetwork network, int at)
{
    readonly TracedOp[] _runs = [.. network.Runs.All.Select(run => run.Trace.Ops[at])];

    // x stands for the number, {name} for a setting.
    static readonly Dictionary<string, string> s_formulas = new()
    {
        ["relu"] = "Math.Max(x, 0)",
        ["leaky relu"] = "x > 0 ? x : {negativeSlope} * x",
        ["elu"] = "x > 0 ? x : {alpha} * (Math.Exp(x) - 1)",
        ["selu"] = "1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * (Math.Exp(x) - 1))",
        ["celu"] = "Math.Max(x, 0) + Math.Min(0, {alpha} * (Math.Exp(x / {alpha}) - 1))",
        ["gelu"] = "x * (1 + Erf(x * Math.Sqrt(0.5))) / 2",
        ["gelu tanh"] = "x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))) / 2",
        ["silu"] = "x * Sigmoid(x)",
        ["softplus"] = "Softplus(x)",
        ["mish"] = "x * Math.Tanh( Softplus(x))",
        ["softsign"] = "x / (1 + Math.Abs(x))",
        ["log sigmoid"] = "0 - Softplus(-x)",
        ["tanhshrink"] = "x - Math.Tanh(x)",
        ["sigmoid"] = "Sigmoid(x)",
        ["tanh"] = "Math.Tanh(x)",
        ["step"] = "x >= {threshold} ? 1 : 0",
        ["hardtanh"] = "Math.Clamp(x, {min}, {max})",
        ["relu6"] = "Math.Clamp(x, 0, 6)",
        ["hardsigmoid"] = "Math.Clamp(x / 6 + 0.5, 0, 1)",
        ["hardswish"] = "x * Math.Clamp(x / 6 + 0.5, 0, 1)",
        ["floor"] = "Math.Floor(x)",
        ["ceiling"] = "Math.Ceiling(x)",
        ["round"] = "Math.Round(x)",
        ["sign"] = "Math.Sign(x)",
        ["exp"] = "Math.Exp(x)",
        ["log"] = "Math.Log(x)",
        ["log1p"] = "Math.Log(1 + x)",
        ["erf"] = "Erf(x)",
        ["sqrt"] = "Math.Sqrt(x)",
        ["square"] = "x * x",
        ["abs"] = "Math.Abs(x)",
        ["sin"] = "Math.Sin(x)",
        ["cos"] = "Math.Cos(x)",
        ["clamp"] = "Math.Clamp(x, {low}, {high})",
        ["pow"] = "Math.Pow(x, {p})",
        ["add number"] = "x + {c}",
        ["multiply number"] = "x * {c}",
        ["divide number"] = "x / {c}",
        ["number over"] = "{c} / x",
        ["negate"] = "-x",
    };

    static readonly Dictionary<string, string> s_ofTwo = new()
    {
        ["add"] = "a + b",
        ["subtract"] = "a - b",
        ["multiply"] = "a * b",
        ["divide"] = "a / b",
        ["maximum"] = "Math.Max(a, b)",
        ["minimum"] = "Math.Min(a, b)",
        ["power"] = "Math.Pow(a, b)",
        ["squared error"] = "(a - b) * (a - b)",
        ["absolute error"] = "Math.Abs(a - b)",
        ["masked fill"] = "b != 0 ? {value} : a",
    };

    string Name => _runs[0].Name;

    /// <summary>What computes the op's first output.</summary>
    /// <exception cref="ArgumentException">It has no counterpart.</exception>
    public string Call()
    {
        if (s_formulas.TryGetValue(Name, out string? formula)) return $"Map({X()}, x => {Filled(formula)})";
        if (s_ofTwo.TryGetValue(Name, out string? two))
            return $"Zip({X()}, {Shape()}, {X(1)}, {Shape(1)}, {Made()}, (a, b) => {Filled(two)})";
        return Name switch
        {
            "copy" => $"Map({X()}, x => x)",
            "linear map" => $"Linear({X()}, {X(1)}, {X(2)}, {Axis(1, 1)}, {Axis(1, 0)})",
            "matmul" => $"MatMul({X()}, {Shape()}, {Said("transposeA")}, {X(1)}, {Shape(1)}, {Said("transposeB")})",
            "softmax" => $"Softmax({X()}, {Whole("width")})",
            "log softmax" => $"LogSoftmax({X()}, {Whole("width")})",
            "layer norm" => $"LayerNorm({X()}, {X(1)}, {X(2)}, {Whole("width")}, {Real("eps")})",
            "sum" => $"Reduce({X()}, {Folded}, 0, (a, b) => a + b / (double)({Whole("divisor")}))",
            "norm" when double.IsFinite(Get<double>("order")) =>
                $"Map(Reduce({X()}, {Folded}, 0, (a, b) => a + Math.Pow(Math.Abs(b), {Real("order")})), "
                + $"x => Math.Pow(x, 1 / (double){Real("order")}))",
            "max" => $"Reduce({X()}, {Folded}, double.NegativeInfinity, Math.Max)",
            "min" => $"Reduce({X()}, {Folded}, double.PositiveInfinity, Math.Min)",
            "product" => $"Reduce({X()}, {Folded}, 1, (a, b) => a * b)",
            "var" => $"Variance({X()}, {Folded}, {Whole("divisor")})",
            "standard deviation" =>
                $"Map( Variance({X()}, {Folded}, {Whole("divisor")}), x => Math.Sqrt(x))",
            "move" => $"View({X()}, {Whole("offset")}, {Strides()}, {Made()})",
            "concat" => $"Concat({Whole("outer")}, {string.Join(", ", _runs[0].Inputs.Select((_, i) => X(i)))})",
            "pad" when Get<PaddingMode>("mode") == PaddingMode.Zeros =>
                $"Pad({X()}, {Whole("size")}, {Whole("inner")}, {Whole("before")}, {Whole("after")})",
            "gather rows" => $"Rows({X()}, {network.IdsOf([.. _runs.Select(run => (Ids)run.Attributes["ids"])])}, "
                + $"{Size(run => OpRow(run))})",
            "attention" when !Get<bool>("masked") => $"Attention({X()}, {Axis(0, 1)}, {OutputAxis(2)}, "
                + $"{Whole("heads")}, {Real("scale")}, {Said("causal")})",
            "conv2d" => Convolution(),
            "max pool2d" or "average pool2d" => Pooling(),
            "lstm" => Recurrent("Lstm", 4, hasCell: true),
            "gru" => Recurrent("Gru", 3, hasCell: false),
            "rnn" => Recurrent("Rnn", 1, hasCell: false),
            _ => throw Refused("it has no counterpart"),
        };
    }

    string Convolution()
    {
        string bias = _runs[0].Inputs.Count > 2 ? X(2) : "[]";
        string y = $"Conv2d({X()}, {Shape()}, {X(1)}, {Shape(1)}, {bias}, {Made()}, {Pair("stride")}, "
            + $"{Pair("padding")}, {Pair("dilation")}, {Whole("groups")})";
        return Get<bool>("relu") ? $"Map( {y}, x => Math.Max(x, 0))" : y;
    }

    string Pooling()
    {
        string largest = Name == "max pool2d" ? "true" : "false";
        return Get<bool>("divides") ? $"Divided2d({X()}, {Shape()}, {Made()}, {largest})"
            : $"Pool2d({X()}, {Shape()}, {Made()}, {Pair("kernel")}, {Pair("stride")}, {Pair("padding")}, {largest})";
    }

    string Recurrent(string loop, int gates, bool hasCell)
    {
        if (_runs[0].Attributes.ContainsKey("lengths")) throw Refused("lengths of sequences would be fixed");
        if (_runs[0].Outputs.Skip(1).Any(network.IsRead)) throw Refused("its last cell is read");
        int hidden = _runs[0].Inputs[1].Shape[0] / gates;
        bool begun = Get<bool>("begun");
        string h = begun ? X(5) : $"new double[{hidden}]";
        string c = !hasCell ? "" : begun ? $", {X(6)}" : $", new double[{hidden}]";
        string relu = loop == "Rnn" ? $", {Said("relu")}" : "";
        return $"{loop}({X()}, {X(1)}, {X(2)}, {X(3)}, {X(4)}, {h}{c}, {Axis(1, 1)}, {hidden}{relu})";
    }

    string Strides()
    {
        int[][] all = [.. _runs.Select(run => (int[])run.Attributes["strides"])];
        return $"[{string.Join(", ", Enumerable.Range(0, all[0].Length).Select(axis =>
            network.Runs.Size([.. all.Select(one => one[axis])])))}]";
    }

    string Filled(string formula) => _runs[0].Attributes.Keys.Aggregate(formula, (text, name) =>
        text.Contains($"{{{name}}}", StringComparison.Ordinal)
            ? text.Replace($"{{{name}}}", Real(name), StringComparison.Ordinal) : text);

    static int OpRow(TracedOp run) => run.Inputs[0].Shape[^1];

    string Folded => $"{Whole("outer")}, {Whole("count")}, {Whole("inner")}";

    string X(int i = 0) => network.Read(_runs[0].Inputs[i].Value);

    string Shape(int i = 0) => network.Runs.Shape(trace => trace.Ops[at].Inputs[i].Shape);

    string Made() => network.Runs.Shape(trace => trace.Ops[at].Outputs[0].Shape);

    string Axis(int input, int axis) => Size(run => run.Inputs[input].Shape[axis]);

    string OutputAxis(int axis) => Size(run => run.Outputs[0].Shape[axis]);

    string Size(Func<TracedOp, int> of) => network.Runs.Size([.. _runs.Select(of)]);

    string Whole(string name) => Size(run => (int)run.Attributes[name]);

    string Pair(string name) => $"({Whole($"{name}Y")}, {Whole($"{name}X")})";

    string Said(string name) => Get<bool>(name) ? "true" : "false";

    string Real(string name) => SourceText.Number(Get<double>(name));

    T Get<T>(string name) => _runs.All(run => run.Attributes[name].Equals(_runs[0].Attributes[name]))
        ? (T)_runs[0].Attributes[name] : throw Refused($"its setting '{name}' changes with what goes in");

    ArgumentException Refused(string why) =>
        new($"export: op {at.ToString(CultureInfo.InvariantCulture)}, {_runs[0]}, cannot be written as C#: {why}");
}
