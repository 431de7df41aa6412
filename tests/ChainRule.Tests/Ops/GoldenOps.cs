namespace ChainRule.Tests.Ops;

/// <summary>How a recorded case is asked of this library.</summary>
internal delegate Tensor Call(GoldenCase golden, Tensor[] x);

/// <summary>One table from the names of the recorded operations to our calls, a family for each file of Ops, and the comparison of both.</summary>
internal static class GoldenOps
{
    public static readonly Dictionary<string, Call> Arithmetic = new()
    {
        ["add"] = (_, x) => x[0] + x[1],
        ["subtract"] = (_, x) => x[0] - x[1],
        ["multiply"] = (_, x) => x[0] * x[1],
        ["divide"] = (_, x) => x[0] / x[1],
        ["maximum"] = (_, x) => Tensor.Maximum(x[0], x[1]),
        ["minimum"] = (_, x) => Tensor.Minimum(x[0], x[1]),
        ["neg"] = (_, x) => -x[0],
    };

    public static readonly Dictionary<string, Call> Functions = new()
    {
        ["exp"] = (_, x) => x[0].Exp(),
        ["log"] = (_, x) => x[0].Log(),
        ["sqrt"] = (_, x) => x[0].Sqrt(),
        ["square"] = (_, x) => x[0].Square(),
        ["abs"] = (_, x) => x[0].Abs(),
        ["sin"] = (_, x) => x[0].Sin(),
        ["cos"] = (_, x) => x[0].Cos(),
        ["reciprocal"] = (_, x) => x[0].Reciprocal(),
        ["pow"] = (g, x) => x[0].Pow(g.Number("exponent")),
        ["clamp"] = (g, x) => x[0].Clamp(g.Number("min", double.NegativeInfinity), g.Number("max", double.PositiveInfinity)),
    };

    public static readonly Dictionary<string, Call> Activations = new()
    {
        ["relu"] = (_, x) => x[0].Relu(),
        ["step"] = (g, x) => x[0].Step(g.Number("threshold")),
        ["leaky_relu"] = (g, x) => x[0].LeakyRelu(g.Number("slope")),
        ["elu"] = (g, x) => x[0].Elu(g.Number("alpha")),
        ["gelu"] = (_, x) => x[0].Gelu(),
        ["gelu_tanh"] = (_, x) => x[0].GeluTanh(),
        ["silu"] = (_, x) => x[0].Silu(),
        ["softplus"] = (_, x) => x[0].Softplus(),
        ["sigmoid"] = (_, x) => x[0].Sigmoid(),
        ["tanh"] = (_, x) => x[0].Tanh(),
    };

    public static readonly Dictionary<string, Call> Reductions = new()
    {
        ["sum"] = (g, x) => x[0].Sum(Axes(g), g.Flag("keepdim")),
        ["mean"] = (g, x) => x[0].Mean(Axes(g), g.Flag("keepdim")),
        ["var"] = (g, x) => x[0].Var(Axes(g), g.Flag("keepdim"), g.Flag("unbiased")),
        ["std"] = (g, x) => x[0].Std(Axes(g), g.Flag("keepdim"), g.Flag("unbiased")),
        ["max"] = (g, x) => x[0].Max(Axes(g), g.Flag("keepdim")),
        ["min"] = (g, x) => x[0].Min(Axes(g), g.Flag("keepdim")),
        ["norm"] = (g, x) => x[0].Norm(Axes(g), g.Flag("keepdim"), g.Number("order")),
        ["distance"] = (g, x) => x[0].Distance(x[1], g.Int("axis"), order: g.Number("order", 2)),
        ["cosine_similarity"] = (g, x) => x[0].CosineSimilarity(x[1], g.Int("axis")),
        ["argmax"] = (g, x) => Numbers(g.Has("axis") ? x[0].ArgMax(g.Int("axis"), g.Flag("keepdim")) : x[0].Flatten().ArgMax(0), x[0].DType),
    };

    public static readonly Dictionary<string, Call> Shapes = new()
    {
        ["reshape"] = (g, x) => x[0].Reshape(g.Ints("shape")),
        ["permute"] = (g, x) => x[0].Permute(g.Ints("axes")),
        ["transpose"] = (g, x) => x[0].Transpose(g.Ints("axes")[0], g.Ints("axes")[1]),
        ["slice"] = Sliced,
        ["select"] = (g, x) => x[0].Select(g.Int("axis"), g.Int("index")),
        ["concat"] = (g, x) => Tensor.Concat(g.Int("axis"), x),
        ["stack"] = (g, x) => Tensor.Stack(g.Int("axis"), x),
        ["expand"] = (g, x) => x[0].Expand(g.Ints("shape")),
    };

    public static readonly Dictionary<string, Call> Gather = new()
    {
        ["gather_rows"] = (g, x) => x[0].Rows(Ids(g)),
        ["gather"] = (g, x) => x[0].Gather(Ids(g), g.Int("axis")),
        ["where"] = (g, x) => Tensor.Where(Numbers(Ids(g), x[0].DType), x[0], x[1]),
        ["masked_fill"] = Masked,
        // Two that are products with a triangle of ones, and so are no ops here.
        ["tril"] = (g, x) => x[0] * Tensor.LowerTriangle(x[0].Shape[^2], x[0].Shape[^1], x[0].DType, g.Int("diagonal")),
        ["cumsum"] = (g, x) => SumSoFar(x[0], g.Int("axis")),
    };

    public static readonly Dictionary<string, Call> MatMul = new()
    {
        ["matmul"] = (g, x) => x[0].MatMul(x[1], g.Flag("transpose_a"), g.Flag("transpose_b")),
    };

    public static readonly Dictionary<string, Call> Softmax = new()
    {
        ["softmax"] = (g, x) => x[0].Softmax(g.Int("axis")),
        ["log_softmax"] = (g, x) => x[0].LogSoftmax(g.Int("axis")),
        ["logsumexp"] = (g, x) => x[0].LogSumExp(g.Int("axis"), g.Flag("keepdim", false)),
    };

    public static readonly Dictionary<string, Call> CrossEntropy = new()
    {
        ["cross_entropy"] = (g, x) => x[0].CrossEntropy(Ids(g), Reduced(g), g.Int("ignore_index", -1), g.Number("label_smoothing", 0)),
        ["nll"] = (g, x) => x[0].NllLoss(Ids(g), Reduced(g), g.Int("ignore_index", -1)),
    };

    public static readonly Dictionary<string, Call> Losses = new()
    {
        ["mse"] = (g, x) => x[0].MseLoss(x[1], Reduced(g)),
        ["l1"] = (g, x) => x[0].L1Loss(x[1], Reduced(g)),
        ["huber"] = (g, x) => x[0].HuberLoss(x[1], g.Number("delta", 1), Reduced(g)),
        ["hinge"] = (g, x) => x[0].HingeLoss(x[1], Reduced(g)),
        ["bce_with_logits"] = (g, x) => x[0].BinaryCrossEntropy(x[1], Reduced(g)),
        ["kl_div"] = (g, x) => x[0].KlDivergence(x[1], Reduced(g)),
    };

    public static readonly Dictionary<string, Call> Conv = new()
    {
        ["conv2d"] = (g, x) => x[0].Conv2d(x[1], x.Length > 2 ? x[2] : null, g.Int("stride"), g.Int("padding"), g.Flag("relu", false)),
    };

    public static readonly Dictionary<string, Call> Pool = new()
    {
        ["max_pool2d"] = (g, x) => x[0].MaxPool2d(g.Int("kernel"), g.Int("stride"), g.Int("padding")),
        ["average_pool2d"] = (g, x) => x[0].AveragePool2d(g.Int("kernel"), g.Int("stride"), g.Int("padding")),
    };

    private static readonly Dictionary<string, Call>[] Families =
        [Arithmetic, Functions, Activations, Reductions, Shapes, Gather, MatMul, Softmax, CrossEntropy, Losses, Conv, Pool];

    /// <summary>Every name that has a call, in all families; one that stands in two families is there twice.</summary>
    public static IEnumerable<string> Names => Families.SelectMany(family => family.Keys);

    /// <summary>Theory data: the cases of a family.</summary>
    public static TheoryData<string> Cases(string file, Dictionary<string, Call> family) => Golden.Names(file, [.. family.Keys]);

    /// <summary>Value and every gradient equal the recording, in float64 and, where PyTorch's own float32 does, in float32.</summary>
    public static void Check(string file, string name)
    {
        var golden = Golden.Case(file, name);
        foreach (var dtype in golden.Float64Only ? [DType.Float64] : new[] { DType.Float64, DType.Float32 })
        {
            double allowed = dtype == DType.Float64 ? Close.Float64 : Close.Float32;
            var (y, x) = Run(golden, dtype);
            Close.Equal(golden.Output, y.Shape.Span, Doubles(y), allowed, $"{name}, {dtype}, output");
            for (int i = 0; i < golden.Grads.Count; i++)
                if (golden.Grads[i] is { } expected)
                    Close.Equal(expected, x[i].Grad.Shape.Span, Doubles(x[i].Grad), allowed, $"{name}, {dtype}, gradient of input {i}");
        }
    }

    /// <summary>Computes a case, and goes back from the recorded upstream where there is one.</summary>
    public static (Tensor Y, Tensor[] X) Run(GoldenCase golden, DType dtype)
    {
        var call = Families.Select(family => family.GetValueOrDefault(golden.Op)).FirstOrDefault(call => call is not null)
            ?? throw new ArgumentException($"golden '{golden.Op}' has no entry in the table of GoldenOps");
        Tensor[] x = [.. golden.Inputs.Select(input => Tensor.From(input.Data, input.Shape).To(dtype))];
        for (int i = 0; i < x.Length; i++) x[i].RequireGrad(golden.Grads.Count > 0 && golden.Grads[i] is not null);
        var y = call(golden, x);
        if (golden.Upstream is { } upstream) y.Backward(Tensor.From(upstream.Data, upstream.Shape).To(dtype));
        return (y, x);
    }

    public static double[] Doubles(Tensor x) => x.To(DType.Float64).ToArray<double>();

    private static int[] Axes(GoldenCase golden) => golden.Has("axis") ? [golden.Int("axis")] : golden.Ints("axes", []);

    private static Ids Ids(GoldenCase golden) => ChainRule.Ids.From(golden.Ids!.Data, golden.Ids.Shape);

    private static Tensor Numbers(Ids ids, DType dtype) => Tensor.From(Array.ConvertAll(ids.Span.ToArray(), id => (double)id), ids.Shape).To(dtype);

    private static Tensor Sliced(GoldenCase golden, Tensor[] x)
    {
        int[] starts = golden.Ints("starts"), stops = golden.Ints("stops"), steps = golden.Ints("steps");
        return Enumerable.Range(0, starts.Length).Aggregate(x[0], (y, axis) => y.Slice(axis, starts[axis], stops[axis], steps[axis]));
    }

    private static Tensor Masked(GoldenCase golden, Tensor[] x)
    {
        var y = x[0].MaskedFill(Numbers(Ids(golden), x[0].DType), golden.Number("value"));
        return golden.Name.EndsWith("then softmax along the last axis", StringComparison.Ordinal) ? y.Softmax() : y;
    }

    private static Tensor SumSoFar(Tensor x, int axis)
    {
        int size = x.Shape[x.Shape.Axis(axis, "cumsum")];
        return x.Transpose(axis, -1).MatMul(Tensor.LowerTriangle(size, size, x.DType), transposeB: true).Transpose(axis, -1);
    }

    private static Reduction Reduced(GoldenCase golden) => Enum.Parse<Reduction>(golden.Text("reduction"), ignoreCase: true);
}
