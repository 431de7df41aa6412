using ChainRule.Formats.Graph;

namespace ChainRule.Formats.Export;

/// <summary>Ops as operators of ONNX, by their names.</summary>
static partial class Translations
{
    static readonly Dictionary<string, Func<OpView, string[]>> s_all = All();

    /// <summary>The names of what an op computed.</summary>
    /// <exception cref="ArgumentException">It has no counterpart.</exception>
    public static string[] Of(OpView op) => s_all.TryGetValue(op.Name, out var translate) ? translate(op)
        : throw op.Refused("it has no counterpart in ONNX: write it with other ops");

    static Dictionary<string, Func<OpView, string[]>> All()
    {
        Dictionary<string, Func<OpView, string[]>> all = new()
        {
            ["lstm"] = Lstm, ["gru"] = Gru, ["rnn"] = Rnn,
        };
        foreach (var (name, translate) in Elementwise.Concat(Arithmetic).Concat(Reductions).Concat(Shapes)
            .Concat(Products).Concat(Picks))
            all[name] = op => [translate(op)];
        return all;
    }

    /// <summary>An operator of the same name and no settings.</summary>
    static Func<OpView, string> Same(string name) =>
        op => op.Node(name, [.. Enumerable.Range(0, op.Inputs).Select(op.X)]);

    static Func<OpView, string> With(string name, params (string Ours, string Theirs)[] settings) =>
        op => op.Node(name, [.. Enumerable.Range(0, op.Inputs).Select(op.X)],
            [.. settings.Select(one => (one.Theirs, (object)op.Get<double>(one.Ours)))]);

    static string Mask(OpView op, string condition) =>
        op.Node("Cast", [condition], ("to", (long)Exporter.Element(op.DType)));

    static string Bool(OpView op, string mask) => op.Node("Cast", [mask], ("to", (long)OnnxElement.Bool));

    static Dictionary<string, Func<OpView, string>> Elementwise => new()
    {
        ["relu"] = Same("Relu"),
        ["leaky relu"] = With("LeakyRelu", ("negativeSlope", "alpha")),
        ["prelu"] = Same("PRelu"),
        ["elu"] = With("Elu", ("alpha", "alpha")),
        ["selu"] = Same("Selu"),
        // max(0, x) + min(0, α (exp(x / α) − 1))
        ["celu"] = op => op.Node("Add", [op.Node("Relu", [op.X()]), op.Node("Min", [op.Number(0), op.Node("Mul",
            [op.Node("Sub", [op.Node("Exp", [op.Node("Div", [op.X(), op.Number(op.Get<double>("alpha"))])]),
                op.Number(1)]), op.Number(op.Get<double>("alpha"))])])]),
        // x (1 + erf(x / √2)) / 2
        ["gelu"] = op => op.Node("Mul", [op.Node("Mul", [op.X(), op.Number(0.5)]), op.Node("Add", [op.Node("Erf",
            [op.Node("Mul", [op.X(), op.Number(Math.Sqrt(0.5))])]), op.Number(1)])]),
        // x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2
        ["gelu tanh"] = op =>
        {
            string cube = op.Node("Mul", [op.Node("Mul", [op.X(), op.X()]), op.X()]);
            string inner = op.Node("Add", [op.X(), op.Node("Mul", [cube, op.Number(0.044715)])]);
            string tanh = op.Node("Tanh", [op.Node("Mul", [inner, op.Number(Math.Sqrt(2 / Math.PI))])]);
            return op.Node("Mul", [op.Node("Mul", [op.X(), op.Number(0.5)]), op.Node("Add", [tanh, op.Number(1)])]);
        },
        ["silu"] = op => op.Node("Mul", [op.X(), op.Node("Sigmoid", [op.X()])]),
        ["softplus"] = Same("Softplus"),
        ["mish"] = op => op.Node("Mul", [op.X(), op.Node("Tanh", [op.Node("Softplus", [op.X()])])]),
        ["softsign"] = Same("Softsign"),
        ["log sigmoid"] = op => op.Node("Neg", [op.Node("Softplus", [op.Node("Neg", [op.X()])])]),
        ["tanhshrink"] = op => op.Node("Sub", [op.X(), op.Node("Tanh", [op.X()])]),
        ["sigmoid"] = Same("Sigmoid"),
        ["tanh"] = Same("Tanh"),
        ["step"] = op => Mask(op, op.Node("Greater", [op.X(), op.Number(op.Get<double>("threshold"))])),
        ["hardtanh"] = op => Clipped(op, op.Get<double>("min"), op.Get<double>("max")),
        ["relu6"] = op => Clipped(op, 0, 6),
        ["hardsigmoid"] = op => op.Node("HardSigmoid", [op.X()], ("alpha", 1.0 / 6), ("beta", 0.5)),
        ["hardswish"] = Same("HardSwish"),
        ["hardshrink"] = op => op.Node("Shrink", [op.X()], ("lambd", op.Get<double>("lambda")), ("bias", 0.0)),
        ["softshrink"] = op => op.Node("Shrink", [op.X()], ("lambd", op.Get<double>("lambda")),
            ("bias", op.Get<double>("lambda"))),
        ["floor"] = Same("Floor"),
        ["ceiling"] = Same("Ceil"),
        ["round"] = Same("Round"),
        ["sign"] = Same("Sign"),
        ["exp"] = Same("Exp"),
        ["log"] = Same("Log"),
        ["log1p"] = op => op.Node("Log", [op.Node("Add", [op.X(), op.Number(1)])]),
        ["erf"] = Same("Erf"),
        ["sqrt"] = Same("Sqrt"),
        ["square"] = op => op.Node("Mul", [op.X(), op.X()]),
        ["abs"] = Same("Abs"),
        ["sin"] = Same("Sin"),
        ["cos"] = Same("Cos"),
        ["clamp"] = op => Clipped(op, op.Get<double>("low"), op.Get<double>("high")),
        ["pow"] = op => op.Node("Pow", [op.X(), op.Number(op.Get<double>("p"))]),
        ["copy"] = Same("Identity"),
    };

    static string Clipped(OpView op, double low, double high) => op.Node("Clip",
        [op.X(), double.IsInfinity(low) ? "" : op.Number(low), .. double.IsInfinity(high) ? []
            : (string[])[op.Number(high)]]);

    static Dictionary<string, Func<OpView, string>> Arithmetic => new()
    {
        ["add"] = Same("Add"),
        ["subtract"] = Same("Sub"),
        ["multiply"] = Same("Mul"),
        ["divide"] = Same("Div"),
        ["maximum"] = Same("Max"),
        ["minimum"] = Same("Min"),
        ["power"] = Same("Pow"),
        ["add number"] = op => op.Node("Add", [op.X(), Setting(op, "c")]),
        ["multiply number"] = op => op.Node("Mul", [op.X(), Setting(op, "c")]),
        ["divide number"] = op => op.Node("Div", [op.X(), Setting(op, "c")]),
        ["number over"] = op => op.Node("Div", [Setting(op, "c"), op.X()]),
        ["negate"] = Same("Neg"),
        ["greater"] = op => Mask(op, op.Node("Greater", [op.X(), op.X(1)])),
        ["greater or equal"] = op => Mask(op, op.Node("GreaterOrEqual", [op.X(), op.X(1)])),
        ["equal to"] = op => Mask(op, op.Node("Equal", [op.X(), op.X(1)])),
        ["not equal to"] = op => Mask(op, op.Node("Not", [op.Node("Equal", [op.X(), op.X(1)])])),
        ["masked fill"] = op => op.Node("Where", [Bool(op, op.X(1)), op.Number(op.Get<double>("value")), op.X()]),
        ["squared error"] = op =>
            op.Node("Mul", [op.Node("Sub", [op.X(), op.X(1)]), op.Node("Sub", [op.X(), op.X(1)])]),
        ["absolute error"] = op => op.Node("Abs", [op.Node("Sub", [op.X(), op.X(1)])]),
        ["scaled"] = Scaled,
    };

    /// <summary>A number that an op computes with, which may follow from the sizes of the dynamic axes.</summary>
    static string Setting(OpView op, string name)
    {
        double[] all = op.All<double>(name);
        if (all.All(one => one.Equals(all[0]))) return op.Number(all[0]);
        if (!all.All(double.IsInteger)) throw op.Refused($"its number {name} changes with the dynamic axes");
        string size = op.Exporter.Computed(op.Exporter.Formula($"the number of '{op.Name}'",
            [.. all.Select(x => (long)x)]));
        return op.Node("Cast", [size], ("to", (long)Exporter.Element(op.DType)));
    }

    // Computed in double, as here.
    static string Scaled(OpView op)
    {
        string offset = Row("offset"), scale = Row("scale");
        string x = op.Node("Cast", [op.X()], ("to", (long)OnnxElement.Float64));
        string y = op.Get<bool>("invert") ? op.Node("Add", [op.Node("Mul", [x, scale]), offset])
            : op.Node("Div", [op.Node("Sub", [x, offset]), scale]);
        return op.Node("Cast", [y], ("to", (long)Exporter.Element(op.DType)));

        string Row(string name) => op.Builder.Constant(name, called =>
            OnnxTensor.Of(called, OnnxElement.Float64, [op.All<double[]>(name)[0].Length], op.All<double[]>(name)[0]));
    }
}
