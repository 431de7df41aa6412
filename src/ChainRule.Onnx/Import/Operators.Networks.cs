using ChainRule.Formats.Graph;

namespace ChainRule.Formats.Import;

/// <summary>Products, convolutions, windows and norms.</summary>
static partial class Operators
{
    static Dictionary<string, Func<NodeRun, OnnxValue>> Networks => new()
    {
        ["MatMul"] = MatMul,
        ["Gemm"] = Gemm,
        ["Einsum"] = x => x.X().With(Tensor.Einsum(x.Text("equation", "").Replace(" ", "", StringComparison.Ordinal),
            [.. Enumerable.Range(0, x.Inputs).Select(i => x.X(i).Numbers)])),
        ["Conv"] = Conv,
        ["ConvTranspose"] = ConvTranspose,
        ["MaxPool"] = x => Pool(x, largest: true),
        ["AveragePool"] = x => Pool(x, largest: false),
        ["GlobalAveragePool"] = x => x.X().With(x.Real().Mean([.. Enumerable.Range(2, x.X().Shape.Rank - 2)],
            keepDim: true)),
        ["GlobalMaxPool"] = x => x.X().With(x.Real().Max([.. Enumerable.Range(2, x.X().Shape.Rank - 2)],
            keepDim: true)),
        ["BatchNormalization"] = BatchNorm,
        ["InstanceNormalization"] = InstanceNorm,
        ["LpNormalization"] = x => x.X().With(x.Real() / x.Real().Norm([x.Axis(x.Whole("axis", -1), x.X().Shape.Rank)],
            keepDim: true, x.Whole("p", 2))),
    };

    static OnnxValue MatMul(NodeRun run)
    {
        Tensor a = run.X().Numbers, b = run.X(1).Numbers;
        bool row = a.Rank == 1, column = b.Rank == 1;
        var y = (row ? a.Unsqueeze(0) : a).MatMul(column ? b.Unsqueeze(1) : b);
        if (row) y = y.Squeeze(-2);
        return run.X().With(column ? y.Squeeze(-1) : y);
    }

    static OnnxValue Gemm(NodeRun run)
    {
        bool turned = run.Whole("transB", 0) == 1;
        double alpha = run.Real("alpha", 1), beta = run.Real("beta", 1);
        Tensor a = run.Whole("transA", 0) == 1 ? run.X().Numbers.T : run.X().Numbers, b = run.X(1).Numbers;
        if (turned && alpha == 1 && beta == 1 && run.Has(2) && run.X(2).Shape == [b.Shape[0]])
            return run.X().With(a.Linear(b, run.X(2).Numbers));
        var y = a.MatMul(b, transposeB: turned);
        if (alpha != 1) y *= alpha;
        return run.X().With(!run.Has(2) ? y : beta == 1 ? y + run.X(2).Numbers : y + run.X(2).Numbers * beta);
    }

    /// <summary>Kernel, strides, dilations and padding before and after of each axis of an image or a
    /// sequence.</summary>
    sealed record Windows(int[] Kernel, int[] Strides, int[] Dilations, int[] Before, int[] After)
    {
        public static Windows Of(NodeRun run, Shape x, long[] kernel)
        {
            int axes = x.Rank - 2;
            if (axes is < 1 or > 2 || kernel.Length != axes)
                throw run.Refused($"an input of {x} with a kernel of {kernel.Length} axes: sequences [N, C, L] and "
                    + "images [N, C, H, W] are read");
            long[] strides = run.Wholes("strides") ?? [.. kernel.Select(_ => 1L)],
                dilations = run.Wholes("dilations") ?? [.. kernel.Select(_ => 1L)],
                pads = run.Wholes("pads") ?? new long[2 * axes];
            if (strides.Length != axes || dilations.Length != axes || pads.Length != 2 * axes
                || strides.Concat(dilations).Any(one => one is < 1 or > int.MaxValue)
                || kernel.Any(one => one is < 1 or > int.MaxValue) || pads.Any(one => Math.Abs(one) > 1 << 20))
                throw run.Refused("its strides, dilations or pads do not fit its kernel");
            string auto = run.Text("auto_pad", "NOTSET");
            if (auto is "SAME_UPPER" or "SAME_LOWER")
                for (int i = 0; i < axes; i++)
                {
                    long whole = Math.Max(0, ((x[2 + i] + strides[i] - 1) / strides[i] - 1) * strides[i]
                        + dilations[i] * (kernel[i] - 1) + 1 - x[2 + i]);
                    pads[i] = auto == "SAME_UPPER" ? whole / 2 : whole - whole / 2;
                    pads[axes + i] = whole - pads[i];
                }
            return new(Int(kernel), Int(strides), Int(dilations), Int(pads[..axes]), Int(pads[axes..]));
        }

        public bool IsEven => Before.SequenceEqual(After) && Before.All(one => one >= 0);

        static int[] Int(long[] all) => Array.ConvertAll(all, one => (int)one);
    }

    // Padding that differs at the two ends is put on first.
    static Tensor Padded(Tensor x, int[] before, int[] after, double value)
    {
        for (int i = 0; i < before.Length; i++)
        {
            int axis = 2 + i;
            if (before[i] < 0 || after[i] < 0)
                x = x.Slice(axis, Math.Max(0, -before[i]), x.Shape[axis] + Math.Min(0, after[i]));
            int b = Math.Max(0, before[i]), a = Math.Max(0, after[i]);
            if (b == 0 && a == 0) continue;
            x = value == 0 ? x.Pad(axis, b, a) : Tensor.Concat(axis,
                [Tensor.Full(x.Shape.With(axis, b), value, x.DType), x,
                Tensor.Full(x.Shape.With(axis, a), value, x.DType)]);
        }
        return x;
    }

    static OnnxValue Conv(NodeRun run)
    {
        Tensor x = run.Real(), w = run.Real(1);
        Tensor? b = run.Has(2) ? run.Real(2) : null;
        var windows = Windows.Of(run, x.Shape, [.. w.Shape.Span[2..].ToArray().Select(size => (long)size)]);
        int groups = (int)run.Whole("group", 1);
        if (!windows.IsEven) x = Padded(x, windows.Before, windows.After, 0);
        int[] padding = windows.IsEven ? windows.Before : new int[windows.Before.Length];
        return OnnxValue.Of(x.Rank == 3
            ? x.Conv1d(w, b, windows.Strides[0], padding[0], new() { Dilation = windows.Dilations[0], Groups = groups })
            : x.Conv2d(w, b, (windows.Strides[0], windows.Strides[1]), (padding[0], padding[1]),
                new() { Dilation = (windows.Dilations[0], windows.Dilations[1]), Groups = groups }));
    }

    static OnnxValue ConvTranspose(NodeRun run)
    {
        Tensor x = run.Real(), w = run.Real(1);
        Tensor? b = run.Has(2) ? run.Real(2) : null;
        if (run.Text("auto_pad", "NOTSET") is not ("NOTSET" or "VALID") || run.Has("output_shape"))
            throw run.Refused("padding that follows from the output's shape is not read: give pads");
        var windows = Windows.Of(run, x.Shape, [.. w.Shape.Span[2..].ToArray().Select(size => (long)size)]);
        int[] more = Array.ConvertAll(run.Wholes("output_padding") ?? new long[windows.Kernel.Length], one => (int)one);
        int groups = (int)run.Whole("group", 1);
        bool even = windows.IsEven;
        int[] padding = even ? windows.Before : new int[windows.Before.Length];
        var y = x.Rank == 3
            ? x.ConvTranspose1d(w, b, windows.Strides[0], padding[0], new()
                { Dilation = windows.Dilations[0], Groups = groups, OutputPadding = more[0] })
            : x.ConvTranspose2d(w, b, (windows.Strides[0], windows.Strides[1]), (padding[0], padding[1]), new()
                { Dilation = (windows.Dilations[0], windows.Dilations[1]), Groups = groups, OutputPadding =
                    (more[0], more[1]) });
        return OnnxValue.Of(even ? y : Padded(y, Array.ConvertAll(windows.Before, one => -one),
            Array.ConvertAll(windows.After, one => -one), 0));
    }

    static OnnxValue Pool(NodeRun run, bool largest)
    {
        if (run.Outputs > 1) throw run.Refused("the places of the largest numbers are not computed");
        var x = run.Real();
        var windows = Windows.Of(run, x.Shape, run.Wholes("kernel_shape") ?? throw run.Refused("it has no kernel"));
        if (windows.Dilations.Any(one => one != 1)) throw run.Refused("windows with gaps are not read");
        bool up = run.Whole("ceil_mode", 0) == 1, counted = largest || run.Whole("count_include_pad", 0) == 1;
        int axes = windows.Kernel.Length;
        int[] after = [.. windows.After];
        // Windows that end outside: the padding grows to hold them, unless they would begin outside.
        for (int i = 0; i < axes && up; i++)
        {
            int room = x.Shape[2 + i] + windows.Before[i] + windows.After[i] - windows.Kernel[i];
            int count = (room + windows.Strides[i] - 1) / windows.Strides[i] + 1;
            if ((count - 1) * windows.Strides[i] >= x.Shape[2 + i] + windows.Before[i]) count--;
            after[i] = windows.After[i] + Math.Max(0, (count - 1) * windows.Strides[i] - room);
        }
        var y = Windowed(Padded(x, windows.Before, after, largest ? double.NegativeInfinity : 0));
        if (largest) return OnnxValue.Of(y);
        bool inside = windows.Before.All(one => one == 0) && after.All(one => one == 0);
        if (inside) return OnnxValue.Of(y);
        // Padding that does not count: the mean of ones is the part that does.
        var ones = Tensor.Ones([1, 1, .. x.Shape.Span[2..]], x.DType);
        var part = Windowed(Padded(counted ? Padded(ones, windows.Before, windows.After, 1) : ones,
            counted ? new int[axes] : windows.Before,
            counted ? [.. after.Select((one, i) => one - windows.After[i])] : after, 0));
        return OnnxValue.Of(y / part);

        Tensor Windowed(Tensor t) => axes == 1
            ? largest ? t.MaxPool1d(windows.Kernel[0], windows.Strides[0]) : t.AveragePool1d(windows.Kernel[0],
                windows.Strides[0])
            : largest ? t.MaxPool2d((windows.Kernel[0], windows.Kernel[1]), (windows.Strides[0], windows.Strides[1]))
            : t.AveragePool2d((windows.Kernel[0], windows.Kernel[1]), (windows.Strides[0], windows.Strides[1]));
    }

    static OnnxValue BatchNorm(NodeRun run)
    {
        if (run.Whole("training_mode", 0) == 1) throw run.Refused(
            "its mode of training is not read: export in evaluation mode");
        var x = run.Real();
        int[] across = [1, x.Shape[1], .. Enumerable.Repeat(1, Math.Max(0, x.Rank - 2))];
        var scale = run.Real(1) / (run.Real(4) + run.Real("epsilon", 1e-5)).Sqrt();
        return OnnxValue.Of(x * scale.Reshape(across) + (run.Real(2) - run.Real(3) * scale).Reshape(across));
    }

    static OnnxValue[] LayerNorm(NodeRun run)
    {
        var x = run.Real();
        int axis = run.Axis(run.Whole("axis", -1), x.Rank), width = (int)Product(x.Shape.Span[axis..]);
        double eps = run.Real("epsilon", 1e-5);
        Tensor rows = x.Reshape(-1, width), gain = run.Real(1).Flatten(),
            bias = run.Has(2) ? run.Real(2).Flatten() : Tensor.Zeros([width], x.DType);
        var y = OnnxValue.Of(rows.LayerNorm(gain, bias, eps).Reshape(x.Shape.Span));
        if (run.Outputs == 1) return [y];
        int[] of = [.. x.Shape.Span[..axis], .. Enumerable.Repeat(1, x.Rank - axis)];
        var inverse = 1 / (rows.Var(1, unbiased: false) + eps).Sqrt();
        return [y, OnnxValue.Of(rows.Mean(1).Reshape(of)), OnnxValue.Of(inverse.Reshape(of))];
    }

    static OnnxValue InstanceNorm(NodeRun run)
    {
        var x = run.Real();
        int[] axes = [.. Enumerable.Range(2, x.Rank - 2)], across =
            [1, x.Shape[1], .. Enumerable.Repeat(1, x.Rank - 2)];
        var away = x - x.Mean(axes, keepDim: true);
        var y = away / (away.Square().Mean(axes, keepDim: true) + run.Real("epsilon", 1e-5)).Sqrt();
        return OnnxValue.Of(y * run.Real(1).Reshape(across) + run.Real(2).Reshape(across));
    }
}
