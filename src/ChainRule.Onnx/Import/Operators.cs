using ChainRule.Formats.Graph;

namespace ChainRule.Formats.Import;

/// <summary>What operators of ONNX compute, by their names, with ops that gradients flow through.</summary>
static partial class Operators
{
    static readonly Dictionary<string, Func<NodeRun, OnnxValue[]>> s_all = All();

    /// <summary>Whether there is such an operator here.</summary>
    public static bool Has(OnnxNode node) => node.Domain.Length == 0 && s_all.ContainsKey(node.Operator);

    public static OnnxValue[] Run(NodeRun run) => s_all[run.Operator](run);

    static Dictionary<string, Func<NodeRun, OnnxValue[]>> All()
    {
        Dictionary<string, Func<NodeRun, OnnxValue[]>> all = new()
        {
            ["Split"] = Split, ["LSTM"] = Lstm, ["GRU"] = Gru, ["RNN"] = Rnn, ["Dropout"] = Dropped,
            ["LayerNormalization"] = LayerNorm,
        };
        foreach (var (name, run) in Functions) all[name] = x => [OnnxValue.Of(run(x))];
        foreach (var (name, run) in Arithmetic.Concat(Shapes).Concat(Sizes).Concat(Reductions)
            .Concat(Networks)) all[name] = x =>
            [run(x)];
        return all;
    }

    /// <summary>Functions of one real number.</summary>
    static Dictionary<string, Func<NodeRun, Tensor>> Functions => new()
    {
        ["Relu"] = x => x.Real().Relu(),
        ["Sigmoid"] = x => x.Real().Sigmoid(),
        ["Tanh"] = x => x.Real().Tanh(),
        ["Exp"] = x => x.Real().Exp(),
        ["Log"] = x => x.Real().Log(),
        ["Sqrt"] = x => x.Real().Sqrt(),
        ["Floor"] = x => x.Real().Floor(),
        ["Ceil"] = x => x.Real().Ceiling(),
        ["Round"] = x => x.Real().Round(),
        ["Sin"] = x => x.Real().Sin(),
        ["Cos"] = x => x.Real().Cos(),
        ["Erf"] = x => x.Real().Erf(),
        ["Reciprocal"] = x => x.Real().Reciprocal(),
        ["Softplus"] = x => x.Real().Softplus(),
        ["Softsign"] = x => x.Real().Softsign(),
        ["Mish"] = x => x.Real().Mish(),
        ["HardSwish"] = x => x.Real().Hardswish(),
        ["Elu"] = x => x.Real().Elu(x.Real("alpha", 1)),
        ["Celu"] = x => x.Real().Celu(x.Real("alpha", 1)),
        ["LeakyRelu"] = x => x.Real().LeakyRelu(x.Real("alpha", 0.01)),
        ["ThresholdedRelu"] = x => x.Real() * x.Real().Detach().Greater(x.Real("alpha", 1)),
        ["Selu"] = Selu,
        ["HardSigmoid"] = x => (x.Real() * x.Real("alpha", 0.2) + x.Real("beta", 0.5)).Clamp(0, 1),
        ["Gelu"] = x => x.Text("approximate", "none") == "tanh" ? x.Real().GeluTanh() : x.Real().Gelu(),
        ["Shrink"] = Shrink,
        ["PRelu"] = Prelu,
        ["LogSoftmax"] = x => Softmax(x, logs: true),
        ["Softmax"] = x => Softmax(x, logs: false),
    };

    static Tensor Selu(NodeRun run)
    {
        var x = run.Real();
        double alpha = run.Real("alpha", 1.67326319217681884765625), gamma =
            run.Real("gamma", 1.05070102214813232421875);
        return x.Elu(alpha) * gamma;
    }

    static Tensor Shrink(NodeRun run)
    {
        var x = run.Real();
        double lambda = run.Real("lambd", 0.5), bias = run.Real("bias", 0);
        return (x + bias) * x.Less(-lambda) + (x - bias) * x.Greater(lambda);
    }

    static Tensor Prelu(NodeRun run)
    {
        Tensor x = run.Real(), factor = run.Real(1);
        // Before version 7 a factor was of a channel, and not of the last axis.
        if (run.Opset < 7 && factor.Rank == 1 && x.Rank > 2)
            factor = factor.Reshape([-1, .. Enumerable.Repeat(1, x.Rank - 2)]);
        return x.Relu() - factor * (-x).Relu();
    }

    static Tensor Softmax(NodeRun run, bool logs)
    {
        var x = run.Real();
        int axis = run.Axis(run.Whole("axis", run.Opset < 13 ? 1 : -1), Math.Max(1, x.Rank));
        if (run.Opset >= 13 || axis == x.Rank - 1) return logs ? x.LogSoftmax(axis) : x.Softmax(axis);
        // Before version 13 all axes from this one on were one.
        var shape = x.Shape;
        var flat = x.Reshape((int)Product(shape.Span[..axis]), -1);
        return (logs ? flat.LogSoftmax() : flat.Softmax()).Reshape(shape.Span);
    }

    static long Product(ReadOnlySpan<int> sizes)
    {
        long product = 1;
        foreach (int size in sizes) product *= size;
        return product;
    }

    /// <summary>What is of numbers of any kind, element by element.</summary>
    static Dictionary<string, Func<NodeRun, OnnxValue>> Arithmetic => new()
    {
        ["Identity"] = x => x.X(),
        ["Add"] = x => Both(x, (a, b) => a + b),
        ["Sub"] = x => Both(x, (a, b) => a - b),
        ["Mul"] = x => Both(x, (a, b) => a * b),
        ["Div"] = x => Both(x, (a, b) => a / b),
        ["Pow"] = x => x.X().With(x.X(1).Numbers.Count == 1 ? x.X().Numbers.Pow(x.X(1).Numbers.Detach()
            .To(DType.Float64)
            .Flatten().ToArray<double>()[0]) : x.X().Numbers.Pow(x.X(1).Numbers.To(x.X().Numbers.DType))),
        ["Mod"] = Mod,
        ["Neg"] = x => x.X().With(-x.X().Numbers),
        ["Abs"] = x => x.X().With(x.X().Numbers.Abs()),
        ["Sign"] = x => x.X().With(x.X().Numbers.Sign()),
        ["Max"] = x => Every(x, Tensor.Maximum),
        ["Min"] = x => Every(x, Tensor.Minimum),
        ["Sum"] = x => Every(x, (a, b) => a + b),
        ["Mean"] = x => Every(x, (a, b) => a + b) is var sum ? sum.With(sum.Numbers / x.Inputs) : default,
        ["Clip"] = Clip,
        ["Equal"] = x => OnnxValue.Bool(x.X().Numbers.EqualTo(x.X(1).Numbers)),
        ["Greater"] = x => OnnxValue.Bool(x.X().Numbers.Greater(x.X(1).Numbers)),
        ["GreaterOrEqual"] = x => OnnxValue.Bool(x.X().Numbers.GreaterOrEqual(x.X(1).Numbers)),
        ["Less"] = x => OnnxValue.Bool(x.X().Numbers.Less(x.X(1).Numbers)),
        ["LessOrEqual"] = x => OnnxValue.Bool(x.X().Numbers.LessOrEqual(x.X(1).Numbers)),
        ["And"] = x => OnnxValue.Bool(x.X().Numbers * x.X(1).Numbers),
        ["Or"] = x => OnnxValue.Bool(Tensor.Maximum(x.X().Numbers, x.X(1).Numbers)),
        ["Xor"] = x => OnnxValue.Bool(x.X().Numbers.NotEqualTo(x.X(1).Numbers)),
        ["Not"] = x => OnnxValue.Bool(1 - x.X().Numbers),
        ["IsNaN"] = x => OnnxValue.Bool(x.X().Numbers.IsNaN()),
        ["IsInf"] = x => OnnxValue.Bool(x.X().Numbers.Abs().EqualTo(double.PositiveInfinity)
            * (x.Whole("detect_negative", 1) == 0 ? x.X().Numbers.Greater(0) : Tensor.Ones(x.X().Shape, x.X()
                .Numbers.DType))
            * (x.Whole("detect_positive", 1) == 0 ? x.X().Numbers.Less(0) : Tensor.Ones(x.X().Shape, x.X()
                .Numbers.DType))),
        ["Where"] = x => x.X(1).With(Tensor.Where(x.X().Numbers.To(x.X(1).Numbers.DType), x.X(1).Numbers, x.X(2)
            .Numbers)),
        ["Cast"] = x => x.X().Cast((OnnxElement)x.Whole("to", 1)),
        ["CastLike"] = x => x.X().Cast(x.X(1).Element),
    };

    static OnnxValue Both(NodeRun run, Func<Tensor, Tensor, Tensor> f)
    {
        OnnxValue a = run.X(), b = run.X(1);
        // Before version 7 the axis at which b lies along a was said.
        if (run.Has("axis") && run.Axis(run.Whole("axis", 0), a.Shape.Rank) + b.Shape.Rank is var behind)
            b = b.With(b.Numbers.Reshape(
                [.. b.Shape.Span, .. Enumerable.Repeat(1, Math.Max(0, a.Shape.Rank - behind))]));
        if (a.IsReal) return a.With(f(a.Numbers, b.Numbers.To(a.Numbers.DType)));
        var y = f(a.Numbers, b.Numbers);
        // Whole numbers are divided towards 0.
        return a.With(run.Operator == "Div" ? y.Sign() * y.Abs().Floor() : y);
    }

    static OnnxValue Every(NodeRun run, Func<Tensor, Tensor, Tensor> f)
    {
        var y = run.X();
        for (int i = 1; i < run.Inputs; i++) y = y.With(f(y.Numbers, run.X(i).Numbers));
        return y;
    }

    static OnnxValue Mod(NodeRun run)
    {
        OnnxValue a = run.X(), b = run.X(1);
        var quotient = a.Numbers / b.Numbers;
        // With fmod the result has the sign of a, otherwise that of b.
        quotient = run.Whole("fmod", 0) == 1 ? quotient.Sign() * quotient.Abs().Floor() : quotient.Floor();
        return a.With(a.Numbers - quotient * b.Numbers);
    }

    static OnnxValue Clip(NodeRun run)
    {
        double low = Bound(1, "min", double.NegativeInfinity), high = Bound(2, "max", double.PositiveInfinity);
        var x = run.X();
        return x.With(low <= high ? x.Numbers.Clamp(low, high) : x.Numbers * 0 + high);

        double Bound(int input, string name, double otherwise) => run.Has(input)
            ? run.X(input).Numbers.Detach().To(DType.Float64).Flatten().ToArray<double>() is [var one] ? one
                : throw run.Refused($"its {name} is not one number")
            : run.Real(name, otherwise);
    }

    static OnnxValue[] Dropped(NodeRun run)
    {
        if (run.Has(2) && run.Whole(2).Contains(1)) throw run.Refused("its mode of training is not read: export in "
            + "evaluation mode");
        return run.Outputs < 2 ? [run.X()] : [run.X(), OnnxValue.Bool(Tensor.Ones(run.X().Shape, DType.Float64))];
    }
}
