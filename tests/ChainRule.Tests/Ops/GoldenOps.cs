using ChainRule.Tests.Explaining;

namespace ChainRule.Tests.Ops;

/// <summary>How a recorded case is asked of this library.</summary>
delegate Tensor Call(GoldenCase golden, Tensor[] x);

/// <summary>
/// One table from the names of the recorded operations to our calls, a family for each file of Ops, and
/// the comparison of both.
/// </summary>
static class GoldenOps
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
        ["erf"] = (_, x) => x[0].Erf(),
        ["log1p"] = (_, x) => x[0].Log1p(),
        ["sqrt"] = (_, x) => x[0].Sqrt(),
        ["square"] = (_, x) => x[0].Square(),
        ["abs"] = (_, x) => x[0].Abs(),
        ["sin"] = (_, x) => x[0].Sin(),
        ["cos"] = (_, x) => x[0].Cos(),
        ["reciprocal"] = (_, x) => x[0].Reciprocal(),
        ["pow"] = (g, x) => x[0].Pow(g.Number("exponent")),
        ["clamp"] =
            (g, x) => x[0].Clamp(g.Number("min", double.NegativeInfinity), g.Number("max", double.PositiveInfinity)),
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

    public static readonly Dictionary<string, Call> SmoothActivations = new()
    {
        ["selu"] = (_, x) => x[0].Selu(),
        ["celu"] = (g, x) => x[0].Celu(g.Number("alpha")),
        ["mish"] = (_, x) => x[0].Mish(),
        ["softsign"] = (_, x) => x[0].Softsign(),
        ["log_sigmoid"] = (_, x) => x[0].LogSigmoid(),
        ["tanhshrink"] = (_, x) => x[0].Tanhshrink(),
    };

    public static readonly Dictionary<string, Call> HardActivations = new()
    {
        ["hardtanh"] = (g, x) => x[0].Hardtanh(g.Number("min"), g.Number("max")),
        ["relu6"] = (_, x) => x[0].Relu6(),
        ["hardsigmoid"] = (_, x) => x[0].Hardsigmoid(),
        ["hardswish"] = (_, x) => x[0].Hardswish(),
        ["hardshrink"] = (g, x) => x[0].Hardshrink(g.Number("lambda")),
        ["softshrink"] = (g, x) => x[0].Softshrink(g.Number("lambda")),
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
        ["argmin"] = (g, x) => Numbers(x[0].ArgMin(g.Int("axis"), g.Flag("keepdim")), x[0].DType),
        ["argmax"] =
            (g, x) => Numbers(g.Has("axis") ? x[0].ArgMax(g.Int("axis"), g.Flag("keepdim")) : x[0].Flatten().ArgMax(0),
                x[0].DType),
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

    public static readonly Dictionary<string, Call> Comparisons = new()
    {
        ["greater"] = (_, x) => x[0].Greater(x[1]),
        ["greater_or_equal"] = (_, x) => x[0].GreaterOrEqual(x[1]),
        ["less"] = (_, x) => x[0].Less(x[1]),
        ["less_or_equal"] = (_, x) => x[0].LessOrEqual(x[1]),
        ["equal"] = (_, x) => x[0].EqualTo(x[1]),
        ["not_equal"] = (_, x) => x[0].NotEqualTo(x[1]),
        ["is_nan"] = (_, x) => x[0].IsNaN(),
    };

    public static readonly Dictionary<string, Call> Rounding = new()
    {
        ["floor"] = (_, x) => x[0].Floor(),
        ["ceil"] = (_, x) => x[0].Ceiling(),
        ["round"] = (_, x) => x[0].Round(),
        ["sign"] = (_, x) => x[0].Sign(),
    };

    public static readonly Dictionary<string, Call> Power = new() { ["power"] = (_, x) => x[0].Pow(x[1]) };

    public static readonly Dictionary<string, Call> Cumulative = new()
    {
        ["prod"] = (g, x) => x[0].Prod(Axes(g), g.Flag("keepdim")),
        ["cumsum"] = (g, x) => x[0].CumSum(g.Int("axis")),
    };

    public static readonly Dictionary<string, Call> Sorting = new()
    {
        ["sort"] = (g, x) => x[0].Sort(g.Int("axis"), g.Flag("descending")).Values,
        ["argsort"] = (g, x) => Numbers(x[0].ArgSort(g.Int("axis"), g.Flag("descending")), x[0].DType),
        ["topk"] = (g, x) => x[0].TopK(g.Int("k"), g.Int("axis"), g.Flag("largest")).Values,
        ["max_with_indices"] = (g, x) => x[0].MaxWithIndices(g.Int("axis"), g.Flag("keepdim")).Values,
        ["min_with_indices"] = (g, x) => x[0].MinWithIndices(g.Int("axis"), g.Flag("keepdim")).Values,
    };

    public static readonly Dictionary<string, Call> Arranging = new()
    {
        ["flip"] = (g, x) => x[0].Flip(g.Ints("axes")),
        ["repeat"] = (g, x) => x[0].Repeat(g.Ints("counts")),
        ["split"] = (g, x) => x[0].Split(g.Int("axis"), g.Ints("sizes")).Select((part, i) => part.Sum() * (i + 1))
            .Aggregate((a, b) => a + b),
        ["diagonal"] = (g, x) => x[0].Diagonal(g.Ints("axes")[0], g.Ints("axes")[1]),
    };

    public static readonly Dictionary<string, Call> Scatter = new()
    {
        ["scatter"] = (g, x) => x[0].Scatter(g.Int("axis"), Ids(g), x[1]),
        ["scatter_add"] = (g, x) => x[0].ScatterAdd(g.Int("axis"), Ids(g), x[1]),
        ["index_add"] = (g, x) => x[0].IndexAdd(g.Int("axis"), Ids(g), x[1]),
        ["weighted_bag"] = (g, x) => x[0].EmbeddingBag(Ids(g), BagMode.Sum,
            g.Has("offsets") ? ChainRule.Ids.From(g.Ints("offsets")) : null,
            g.Has("padding_index") ? g.Int("padding_index") : null, x[1]),
        ["index_select"] = (g, x) => x[0].IndexSelect(g.Int("axis"), Ids(g)),
    };

    public static readonly Dictionary<string, Call> Attention = new()
    {
        ["padded_attention"] =
            (g, x) => x[0].Attention(g.Int("heads"), g.Flag("causal"), new() { Padding = Numbers(Ids(g), x[0].DType) }),
    };

    public static readonly Dictionary<string, Call> Einsum = new()
        { ["einsum"] = (g, x) => Tensor.Einsum(g.Text("equation"), x) };

    public static readonly Dictionary<string, Call> Gather = new()
    {
        ["gather_rows"] = (g, x) => x[0].Rows(Ids(g)),
        ["gather"] = (g, x) => x[0].Gather(Ids(g), g.Int("axis")),
        ["where"] = (g, x) => Tensor.Where(Numbers(Ids(g), x[0].DType), x[0], x[1]),
        ["masked_fill"] = Masked,
        // A product with a triangle of ones, and so no op here.
        ["tril"] = (g, x) => x[0] * Tensor.LowerTriangle(x[0].Shape[^2], x[0].Shape[^1], x[0].DType, g.Int("diagonal")),
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
        ["cross_entropy"] = (g, x) => x[0].CrossEntropy(Ids(g), Reduced(g), g.Int("ignore_index", -1),
            g.Number("label_smoothing", 0)),
        ["cross_entropy_weighted"] = (g, x) => x[0].CrossEntropy(Ids(g), Reduced(g), g.Int("ignore_index", -1),
            g.Number("label_smoothing", 0), x[1]),
        ["cross_entropy_soft"] = (g, x) => x[0].CrossEntropy(x[1], Reduced(g), g.Number("label_smoothing", 0)),
        ["cross_entropy_soft_weighted"] = (g, x) => x[0].CrossEntropy(x[1], Reduced(g), weights: x[2]),
        ["nll_weighted"] = (g, x) => x[0].NllLoss(Ids(g), Reduced(g), weights: x[1]),
        ["nll"] = (g, x) => x[0].NllLoss(Ids(g), Reduced(g), g.Int("ignore_index", -1)),
    };

    public static readonly Dictionary<string, Call> Losses = new()
    {
        ["mse"] = (g, x) => x[0].MseLoss(x[1], Reduced(g)),
        ["l1"] = (g, x) => x[0].L1Loss(x[1], Reduced(g)),
        ["huber"] = (g, x) => x[0].HuberLoss(x[1], g.Number("delta", 1), Reduced(g)),
        ["hinge"] = (g, x) => x[0].HingeLoss(x[1], Reduced(g)),
        ["bce_with_logits"] = (g, x) => x[0].BinaryCrossEntropy(x[1], Reduced(g)),
        ["bce_with_positive_weight"] = (g, x) => x[0].BinaryCrossEntropy(x[1], Reduced(g), positiveWeight: x[2]),
        ["bce_with_weight"] = (g, x) => x[0].BinaryCrossEntropy(x[1], Reduced(g), weight: x[2]),
        ["kl_div"] = (g, x) => x[0].KlDivergence(x[1], Reduced(g)),
    };

    public static readonly Dictionary<string, Call> Conv = new()
    {
        ["conv2d_per_axis"] = (g, x) => x[0].Conv2d(x[1], x[2], Pair(g, "stride"), Pair(g, "padding"),
            new() { Dilation = Pair(g, "dilation"), Groups = g.Int("groups") }),
        ["pad"] = (g, x) => x[0].Pad(g.Int("axis"), g.Int("before"), g.Int("after"),
            Enum.Parse<PaddingMode>(g.Text("mode"), ignoreCase: true)),
        ["conv1d"] = (g, x) => x[0].Conv1d(x[1], x[2], g.Int("stride"), g.Int("padding"),
            new() { Relu = g.Flag("relu"), Dilation = g.Int("dilation"), Groups = g.Int("groups") }),
        ["conv_transpose1d"] = (g, x) => x[0].ConvTranspose1d(x[1], x[2], g.Int("stride"), g.Int("padding"),
            new() { OutputPadding = g.Int("output_padding"), Dilation = g.Int("dilation"), Groups = g.Int("groups") }),
        ["conv_transpose2d"] = (g, x) => x[0].ConvTranspose2d(x[1], x.Length > 2 ? x[2] : null, Pair(g, "stride"),
            Pair(g, "padding"), new() { OutputPadding = Pair(g, "output_padding"), Dilation = Pair(g, "dilation"),
                Groups = g.Int("groups") }),
        ["conv2d"] = (g, x) => x[0].Conv2d(x[1], x.Length > 2 ? x[2] : null, g.Int("stride"), g.Int("padding"),
            new() { Relu = g.Flag("relu", false) }),
    };

    public static readonly Dictionary<string, Call> Pool = new()
    {
        ["max_pool2d_per_axis"] = (g, x) => x[0].MaxPool2d(Pair(g, "kernel"), Pair(g, "stride"), Pair(g, "padding"),
            g.Flag("round_up")),
        ["average_pool2d_per_axis"] =
            (g, x) => x[0].AveragePool2d(Pair(g, "kernel"), Pair(g, "stride"), Pair(g, "padding"), g.Flag("round_up")),
        ["adaptive_max_pool2d"] = (g, x) => x[0].AdaptiveMaxPool2d(Pair(g, "windows")),
        ["adaptive_average_pool2d"] = (g, x) => x[0].AdaptiveAveragePool2d(Pair(g, "windows")),
        ["max_pool1d"] = (g, x) => x[0].MaxPool1d(g.Int("kernel"), g.Int("stride"), g.Int("padding"),
            g.Flag("round_up")),
        ["average_pool1d"] = (g, x) => x[0].AveragePool1d(g.Int("kernel"), g.Int("stride"), g.Int("padding"),
            g.Flag("round_up")),
        ["max_pool2d"] = (g, x) => x[0].MaxPool2d(g.Int("kernel"), g.Int("stride"), g.Int("padding")),
        ["average_pool2d"] = (g, x) => x[0].AveragePool2d(g.Int("kernel"), g.Int("stride"), g.Int("padding")),
    };

    static readonly Dictionary<string, Call>[] s_families =
    [
        Arithmetic, Functions, Activations, SmoothActivations, HardActivations, Comparisons, Rounding,
        Power, Reductions,
        Cumulative, Sorting, Shapes, Arranging, Gather, Scatter, Attention, Einsum, MatMul,
        Softmax, CrossEntropy, Losses, Conv, Pool,
    ];

    /// <summary>Every name that has a call, in all families; one that stands in two families is there twice.</summary>
    public static IEnumerable<string> Names => s_families.SelectMany(family => family.Keys);

    /// <summary>Theory data: the cases of a family.</summary>
    public static TheoryData<string> Cases(string file, Dictionary<string, Call> family) =>
        Golden.Names(file, [.. family.Keys]);

    /// <summary>
    /// Value and every gradient equal the recording, in float64 and, where PyTorch's own float32 does, in float32.
    /// </summary>
    public static void Check(string file, string name)
    {
        var golden = Golden.Case(file, name);
        foreach (var dtype in golden.Float64Only ? [DType.Float64] : new[] { DType.Float64, DType.Float32 })
        {
            double allowed = dtype == DType.Float64 ? Close.Float64 : Close.Float32;
            var (y, x) = Run(golden, dtype);
            if (y.RequiresGrad && golden.Upstream is { } upstream)
                Sums.Check($"{name}, {dtype}", (y * Tensor.From(upstream.Data, upstream.Shape).To(dtype)).Sum());
            Close.Equal(golden.Output, y.Shape.Span, Doubles(y), allowed, $"{name}, {dtype}, output");
            for (int i = 0; i < golden.Grads.Count; i++)
                if (golden.Grads[i] is { } expected)
                    Close.Equal(expected, x[i].Grad.Shape.Span, Doubles(x[i].Grad), allowed,
                        $"{name}, {dtype}, gradient of input {i}");
        }
    }

    /// <summary>Computes a case, and goes back from the recorded upstream where there is one.</summary>
    public static (Tensor Y, Tensor[] X) Run(GoldenCase golden, DType dtype)
    {
        var call = s_families.Select(family => family.GetValueOrDefault(golden.Op))
            .FirstOrDefault(call => call is not null)
            ?? throw new ArgumentException($"golden '{golden.Op}' has no entry in the table of GoldenOps");
        Tensor[] x = [.. golden.Inputs.Select(input => Tensor.From(input.Data, input.Shape).To(dtype))];
        for (int i = 0; i < x.Length; i++) x[i].RequireGrad(golden.Grads.Count > 0 && golden.Grads[i] is not null);
        var y = call(golden, x);
        if (golden.Upstream is { } upstream) y.Backward(Tensor.From(upstream.Data, upstream.Shape).To(dtype));
        return (y, x);
    }

    public static double[] Doubles(Tensor x) => x.To(DType.Float64).ToArray<double>();

    static int[] Axes(GoldenCase golden) => golden.Has("axis") ? [golden.Int("axis")] : golden.Ints("axes", []);

    static Ids Ids(GoldenCase golden) => ChainRule.Ids.From(golden.Ids!.Data, golden.Ids.Shape);

    static Tensor Numbers(Ids ids, DType dtype) =>
        Tensor.From(Array.ConvertAll(ids.Span.ToArray(), id => (double)id), ids.Shape).To(dtype);

    static Tensor Sliced(GoldenCase golden, Tensor[] x)
    {
        int[] starts = golden.Ints("starts"), stops = golden.Ints("stops"), steps = golden.Ints("steps");
        return Enumerable.Range(0, starts.Length).Aggregate(x[0],
            (y, axis) => y.Slice(axis, starts[axis], stops[axis], steps[axis]));
    }

    static Tensor Masked(GoldenCase golden, Tensor[] x)
    {
        var y = x[0].MaskedFill(Numbers(Ids(golden), x[0].DType), golden.Number("value"));
        return golden.Name.EndsWith("then softmax along the last axis", StringComparison.Ordinal) ? y.Softmax() : y;
    }

    static PerAxis Pair(GoldenCase golden, string name) => (golden.Ints(name)[0], golden.Ints(name)[1]);

    static Reduction Reduced(GoldenCase golden) => Enum.Parse<Reduction>(golden.Text("reduction"), ignoreCase: true);
}
