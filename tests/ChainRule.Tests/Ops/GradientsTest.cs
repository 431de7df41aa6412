using ChainRule.Diagnostics;
using FsCheck;
using FsCheck.Fluent;

namespace ChainRule.Tests.Ops;

/// <summary>
/// Every op and loss at random shapes, axes and settings: its gradients against central differences, and in
/// float32 against float64.
/// </summary>
public sealed class GradientsTest
{
    static readonly Dictionary<string, Func<Draw, Problem>> s_problems = new()
    {
        ["add"] = d => Pair(d, (a, b) => a + b),
        ["subtract"] = d => Pair(d, (a, b) => a - b),
        ["multiply"] = d => Pair(d, (a, b) => a * b),
        ["divide"] = d => Pair(d, (a, b) => a / (b.Square() + 0.5)),
        ["maximum"] = d => Pair(d, Tensor.Maximum),
        ["minimum"] = d => Pair(d, Tensor.Minimum),
        ["the same twice"] = d => new(x => x[0] * x[0] + x[0], d.Numbers(d.Sizes(0, 3))),
        ["pow"] = Power,
        ["activations one on another"] =
            d => new(x => x[0].Tanh().Gelu().Silu().Sigmoid().Softplus(), d.Numbers(d.Sizes(0, 3))),
        ["step"] = d => new(x => x[0].Step(0.1) + x[0], d.Numbers(d.Sizes(0, 3))),
        ["sum"] = d => Reduced(d, (x, axes, keep) => x.Sum(axes, keep)),
        ["mean"] = d => Reduced(d, (x, axes, keep) => x.Mean(axes, keep)),
        ["max"] = d => Reduced(d, (x, axes, keep) => x.Max(axes, keep)),
        ["min"] = d => Reduced(d, (x, axes, keep) => x.Min(axes, keep)),
        ["var"] = d => Spread(d, (x, axes, unbiased) => x.Var(axes, unbiased: unbiased)),
        ["std"] = d => Spread(d, (x, axes, unbiased) => x.Std(axes, unbiased: unbiased)),
        ["power"] = d => new(x => x[0].Pow(x[1]), d.Positive(d.Sizes(1, 1)), d.Numbers([1])),
        ["erf"] = d => new(x => x[0].Erf(), d.Numbers(d.Sizes(0, 3))),
        ["log1p"] = d => new(x => x[0].Log1p(), d.Positive(d.Sizes(0, 3))),
        ["prod"] = d => Reduced(d, (x, axes, keep) => x.Prod(axes, keep)),
        ["cumsum"] = d => Along(d, (x, axis) => x.CumSum(axis)),
        ["sort"] = d => Sorted(d, d.Flag()),
        ["top-k"] = d => Along(d, (x, axis) => x.TopK(1, axis).Values),
        ["max with indices"] =
            d => Along(d, (x, axis) => x.MaxWithIndices(axis).Values * x.MinWithIndices(axis).Values),
        ["flip"] = d => Along(d, (x, axis) => x.Flip(axis) * x),
        ["repeat"] = d => new(x => x[0].Repeat(2, 3, 1), d.Numbers(d.Sizes(1, 3))),
        ["split"] = d => new(x => x[0].Split(0, 1, 2)[1] * x[0].Chunk(0, 3)[0], d.Numbers([3, .. d.Sizes(0, 2)])),
        ["diagonal"] = d => new(x => x[0].Diagonal(), d.Numbers([.. d.Sizes(0, 1), 3, 3])),
        ["scatter"] = d => new(x => x[0].Scatter(0, Ids.From([2, 0, 2, 1], [2, 2]), x[1]), d.Numbers([3, 2]),
            d.Numbers([2, 2])),
        ["scatter-add"] = d => new(x => x[0].ScatterAdd(0, Ids.From([2, 0, 2, 1], [2, 2]), x[1]), d.Numbers([3, 2]),
            d.Numbers([2, 2])),
        ["index add"] = d => new(x => x[0].IndexAdd(1, Ids.From(2, 0, 2), x[1]), d.Numbers([2, 3, 2]),
            d.Numbers([2, 3, 2])),
        ["index select"] = d => new(x => x[0].IndexSelect(1, Ids.From(2, 0, 2)), d.Numbers([2, 3, 2])),
        ["einsum"] = d => new(x => Tensor.Einsum("bij,jk,b->ki", x), d.Numbers([2, 3, 2]), d.Numbers([2, 2]),
            d.Numbers([2])),
        ["norm"] = d => Reduced(d, (x, axes, keep) => x.Norm(axes, keep)),
        ["norm of another order"] = d => Reduced(d, (x, axes, keep) => x.Norm(axes, keep, 3.5)),
        ["distance"] = d => Along(d, (x, axis) => x.Distance(x.Square() + 1, axis)),
        ["cosine similarity"] = d => Along(d, (x, axis) => x.CosineSimilarity(x.Square() + 1, axis)),
        ["clone"] = d => Along(d, (x, _) => x.Clone() * x),
        ["root of a sum of squares"] = d => Along(d, (x, axis) => (x * x).Sum(axis).Sqrt()),
        ["reshape"] = d => new(x => x[0].Reshape(-1, 2), d.Numbers([.. d.Sizes(0, 2), 2])),
        ["unsqueeze and squeeze"] = d => Along(d, (x, axis) => x.Unsqueeze(axis).Exp().Squeeze(axis)),
        ["permute"] = Permuted,
        ["transpose"] = d => Along(d, (x, axis) => x.Transpose(axis, 0)),
        ["slice"] = Sliced,
        ["select"] = d => Along(d, (x, axis) => x.Select(axis, -1)),
        ["concat"] = Concatenated,
        ["stack"] = Stacked,
        ["expand"] = Expanded,
        ["rows"] = Picked,
        ["gather"] = Gathered,
        ["masked fill"] = Masked,
        ["where"] = Chosen,
        ["matmul"] = Product,
        ["matmul of vectors"] = ProductOfVectors,
        ["conv2d"] = Convolved,
        ["max pool"] = d => Pooled(d, (x, kernel, stride, padding) => x.MaxPool2d(kernel, stride, padding)),
        ["average pool"] = d => Pooled(d, (x, kernel, stride, padding) => x.AveragePool2d(kernel, stride, padding)),
        ["softmax"] = d => Along(d, (x, axis) => x.Softmax(axis)),
        ["log-softmax"] = d => Along(d, (x, axis) => x.LogSoftmax(axis)),
        ["log-sum-exp"] = d => Along(d, (x, axis) => x.LogSumExp(axis)),
        ["log-sum-exp, axis kept"] = d => Along(d, (x, axis) => x.LogSumExp(axis, keepDim: true)),
        ["batch norm"] = d => Normed(d, d.Int(1, 3),
            (x, gain, bias) => Tensor.Concat(0, x, x + 1, x * x).BatchNorm(gain, bias, 1e-5, out _, out _)),
        ["batch norm over n - 1"] = d =>
            Normed(d, d.Int(1, 3),
                (x, gain, bias) => Tensor.Concat(0, x, x + 1, x * x).BatchNorm(gain, bias, 1e-5, out _, out _,
                    unbiased: true)),
        // Of a row of two only ε has a slope, as small as the rounding of float32.
        ["layer norm"] = d => Normed(d, d.Int(3, 5), (x, gain, bias) => x.LayerNorm(gain, bias)),
        ["pad"] = Padded,
        ["conv1d"] = d => new(x => x[0].Conv1d(x[1], x[2], 2, 1), d.Numbers(2, 3, d.Int(3, 6)),
            d.Numbers(2, 3, d.Int(1, 3)), d.Numbers(2)),
        ["transposed conv2d"] = Transposed,
        ["embedding bag"] = Bagged,
        ["lstm"] = Remembered,
        ["gru"] = d => Recurrent(d, 3, x => x[0].Gru(x[1] * 0.1, x[2] * 0.1, x[3] * 0.1, x[4] * 0.1, x[5])),
        ["rnn"] = d => Recurrent(d, 1, x => x[0].Rnn(x[1] * 0.1, x[2] * 0.1, x[3] * 0.1, x[4] * 0.1, x[5])),
        ["attention"] = Attended,
        ["cross-entropy"] = d => Classified(d,
            (x, ids, reduction, smoothing) => x.CrossEntropy(ids, reduction, ignoreIndex: 0, smoothing)),
        ["cross-entropy of weighted classes"] = d =>
            Classified(d,
                (x, ids, reduction, smoothing) => x.CrossEntropy(ids, reduction, ignoreIndex: 0, smoothing,
                    Tensor.Arange(1, x.Shape[^1] + 1, dtype: x.DType))),
        ["cross-entropy of probabilities"] =
            d => Compared(d, (x, t, reduction) => x.CrossEntropy(t.Sigmoid(), reduction, 0.1), axes: 1),
        ["binary cross-entropy, weighted"] = d =>
            Compared(d,
                (x, t, reduction) => x.BinaryCrossEntropy(t.Sigmoid(), reduction, Tensor.Full([1], 3, x.DType),
                    Tensor.Full([1], 0.5, x.DType)), axes: 1),
        ["nll"] = d => Classified(d, (x, ids, reduction, _) => x.NllLoss(ids, reduction, ignoreIndex: 0)),
        ["mse"] = d => Compared(d, (x, t, reduction) => x.MseLoss(t, reduction)),
        ["l1"] = d => Compared(d, (x, t, reduction) => x.L1Loss(t, reduction)),
        ["huber"] = d => Compared(d, (x, t, reduction) => x.HuberLoss(t, 0.8, reduction)),
        ["hinge"] = d => Compared(d, (x, t, reduction) => x.HingeLoss(t, reduction)),
        ["binary cross-entropy"] = d => Compared(d, (x, t, reduction) => x.BinaryCrossEntropy(t.Sigmoid(), reduction)),
        ["kl divergence"] = Diverging,
    };

    public static TheoryData<string> Names => [.. s_problems.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Gradients_are_those_that_nudges_show_and_the_same_in_float32(string name) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(),
            seed => Check(name, s_problems[name](new Draw(seed))))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(25).WithReplay(20260101, 1));

    static void Check(string name, Problem problem)
    {
        var weights = new Draw(7).Numbers(problem.Compute(problem.Inputs).Shape.Span.ToArray()).Detach();
        var named = problem.Inputs.Select((x, i) => KeyValuePair.Create($"{i} of {x.Shape}", x)).ToArray();
        GradCheck.Require(name, () => (problem.Compute(problem.Inputs) * weights).Sum(), named);

        Tensor[] single = Array.ConvertAll(problem.Inputs, x => x.Detach().To(DType.Float32).RequireGrad());
        // The same rounded inputs in float64: what is compared is the arithmetic and not the rounding of what goes in.
        Tensor[] twice = Array.ConvertAll(single, x => x.Detach().To(DType.Float64).RequireGrad());
        Tensor y = problem.Compute(single), z = problem.Compute(twice);
        var weights32 = weights.To(DType.Float32);
        if (y.RequiresGrad) y.Backward(weights32);
        if (z.RequiresGrad) z.Backward(weights32.To(DType.Float64));
        Close.Equal(GoldenOps.Doubles(z), GoldenOps.Doubles(y), Close.Float32, $"{name}, value");
        for (int i = 0; i < single.Length; i++)
            if (single[i].HasGrad)
                Close.Equal(GoldenOps.Doubles(twice[i].Grad), GoldenOps.Doubles(single[i].Grad), 10 * Close.Float32,
                    $"{name}, gradient of input {i}");
    }

    static Problem Pair(Draw d, Func<Tensor, Tensor, Tensor> f)
    {
        var (a, b) = d.Broadcasting();
        return new(x => f(x[0], x[1]), d.Numbers(a), d.Numbers(b));
    }

    static Problem Reduced(Draw d, Func<Tensor, int[], bool, Tensor> f)
    {
        int[] sizes = d.Sizes(0, 4), axes = d.Axes(sizes.Length);
        bool keep = d.Flag();
        return new(x => f(x[0], axes, keep), d.Numbers(sizes));
    }

    static Problem Spread(Draw d, Func<Tensor, int[], bool, Tensor> f)
    {
        int[] sizes = [.. d.Sizes(0, 2), d.Int(2, 4), .. d.Sizes(0, 1)];
        bool unbiased = d.Flag();
        // One axis of at least two places is always among those reduced.
        int wide = Array.FindIndex(sizes, size => size > 1);
        int[] axes = [.. Enumerable.Range(0, sizes.Length).Where(axis => axis == wide || d.Flag())];
        return new(x => f(x[0], axes, unbiased), d.Numbers(sizes));
    }

    static Problem Along(Draw d, Func<Tensor, int, Tensor> f)
    {
        int[] sizes = d.Sizes(1, 3);
        int axis = d.Axis(sizes.Length);
        return new(x => f(x[0], axis), d.Numbers(sizes));
    }

    static Problem Sorted(Draw d, bool descending) => Along(d, (x, axis) => x.Sort(axis, descending).Values);

    static Problem Power(Draw d)
    {
        double p = d.OneOf(-1.5, 0, 0.5, 1, 2, 3.5);
        return new(x => x[0].Pow(p), d.Positive(d.Sizes(0, 3)));
    }

    static Problem Sliced(Draw d)
    {
        int from = d.Int(-4, 3), to = d.Int(-4, 4), step = d.Int(1, 2);
        return Along(d, (x, axis) =>
        {
            int size = x.Shape[axis < 0 ? axis + x.Rank : axis];
            bool ordered = (from < 0 ? from + size : from) <= (to < 0 ? to + size : to);
            return ordered ? x.Slice(axis, from, to, step) : x.Slice(axis, to, from, step);
        });
    }

    static Problem Stacked(Draw d)
    {
        int[] sizes = d.Sizes(0, 2);
        int axis = d.Int(-sizes.Length - 1, sizes.Length);
        return new(x => Tensor.Stack(axis, x), d.Numbers(sizes), d.Numbers(sizes), d.Numbers(sizes));
    }

    static Problem Expanded(Draw d)
    {
        int[] to = d.Sizes(0, 4);
        return new(x => x[0].Expand(to), d.Numbers(d.Part(to)));
    }

    static Problem Picked(Draw d)
    {
        var ids = d.Ids(4, d.Sizes(0, 2));
        return new(x => x[0].Rows(ids), d.Numbers([4, .. d.Sizes(0, 2)]));
    }

    static Problem Masked(Draw d)
    {
        int[] sizes = d.Sizes(0, 3);
        var mask = d.Mask(d.Part(sizes));
        return new(x => x[0].MaskedFill(mask.To(x[0].DType), -2.5), d.Numbers(sizes));
    }

    static Problem Chosen(Draw d)
    {
        int[] sizes = d.Sizes(0, 3);
        var mask = d.Mask(d.Part(sizes));
        return new(x => Tensor.Where(mask.To(x[0].DType), x[0], x[1]), d.Numbers(d.Part(sizes)),
            d.Numbers(d.Part(sizes)));
    }

    static Problem ProductOfVectors(Draw d)
    {
        int k = d.Int(1, 4);
        int[] batch = d.Sizes(0, 2);
        return d.Int(0, 2) switch
        {
            0 => new(x => x[0].MatMul(x[1]), d.Numbers(k), d.Numbers([.. batch, k, 2])),
            1 => new(x => x[0].MatMul(x[1]), d.Numbers([.. batch, 2, k]), d.Numbers(k)),
            _ => new(x => x[0].MatMul(x[1]), d.Numbers(k), d.Numbers(k)),
        };
    }

    static Problem Normed(Draw d, int columns, Func<Tensor, Tensor, Tensor, Tensor> f) =>
        new(x => f(x[0], x[1], x[2]), d.Numbers([.. d.Sizes(1, 2), columns]), d.Numbers(columns), d.Numbers(columns));

    static Problem Remembered(Draw d)
    {
        int batch = d.Int(1, 3), steps = d.Int(1, 4), inputs = d.Int(1, 3), hidden = d.Int(1, 9);
        return new(x => x[0].Lstm(x[1] * 0.1, x[2] * 0.1, x[3] * 0.1, x[4] * 0.1, new(x[5], x[6])),
            d.Numbers(batch, steps, inputs), d.Numbers(4 * hidden, inputs), d.Numbers(4 * hidden, hidden),
            d.Numbers(4 * hidden), d.Numbers(4 * hidden), d.Numbers(batch, hidden), d.Numbers(batch, hidden));
    }

    static Problem Padded(Draw d)
    {
        var mode = d.OneOf(Enum.GetValues<PaddingMode>());
        return new(x => x[0].Pad(1, 2, 1, mode), d.Numbers(d.Int(1, 2), d.Int(3, 4), d.Int(1, 3)));
    }

    static Problem Transposed(Draw d)
    {
        int groups = d.Int(1, 2), channels = groups * d.Int(1, 2), outputs = d.Int(1, 2), stride = d.Int(1, 3),
            more = d.Int(0, stride - 1);
        return new(x => x[0].ConvTranspose2d(x[1], x[2], stride, 0, new() { OutputPadding = more, Groups = groups }),
            d.Numbers(d.Int(1, 2), channels, d.Int(1, 3), d.Int(1, 3)),
            d.Numbers(channels, outputs, d.Int(1, 3), d.Int(1, 3)), d.Numbers(outputs * groups));
    }

    static Problem Bagged(Draw d)
    {
        var mode = d.OneOf(Enum.GetValues<BagMode>());
        var ids = d.Ids(4, d.Int(1, 3), d.Int(1, 4));
        int? padding = d.OneOf<int?>(null, 1);
        return new(x => x[0].EmbeddingBag(ids, mode, null, padding), d.Numbers(4, d.Int(1, 9)));
    }

    static Problem Recurrent(Draw d, int gates, Func<Tensor[], Tensor> compute)
    {
        int batch = d.Int(1, 3), steps = d.Int(1, 4), inputs = d.Int(1, 3), hidden = d.Int(1, 9), rows = gates * hidden;
        return new(compute, d.Numbers(batch, steps, inputs), d.Numbers(rows, inputs), d.Numbers(rows, hidden),
            d.Numbers(rows), d.Numbers(rows), d.Numbers(batch, hidden));
    }

    static Problem Attended(Draw d)
    {
        int batch = d.Int(1, 2), steps = d.Int(1, 18), heads = d.Int(1, 3), size = d.Int(1, 3);
        bool causal = d.Flag();
        var mask = d.OneOf<Tensor?>(null, d.Mask(batch, heads, steps, steps));
        return new(x => (x[0] * 0.2).Attention(heads, causal, new() { Mask = mask?.To(x[0].DType) }),
            d.Numbers(batch, steps, 3 * heads * size));
    }

    static Problem Diverging(Draw d)
    {
        int[] sizes = d.Sizes(1, 3);
        var reduction = d.OneOf(Enum.GetValues<Reduction>());
        return new(x => x[0].KlDivergence(x[1], reduction), d.Numbers(sizes), d.Positive(sizes));
    }

    static Problem Permuted(Draw d)
    {
        int[] sizes = d.Sizes(0, 4);
        int[] axes = [.. Enumerable.Range(0, sizes.Length).OrderBy(_ => d.Int(0, 1000))];
        return new(x => x[0].Permute(axes), d.Numbers(sizes));
    }

    static Problem Concatenated(Draw d)
    {
        int[] sizes = d.Sizes(1, 3);
        int axis = d.Axis(sizes.Length);
        int[] Long(int size)
        {
            int[] part = [.. sizes];
            part[axis < 0 ? axis + part.Length : axis] = size;
            return part;
        }
        return new(x => Tensor.Concat(axis, x), d.Numbers(Long(d.Int(0, 2))), d.Numbers(Long(d.Int(1, 3))),
            d.Numbers(Long(1)));
    }

    static Problem Gathered(Draw d)
    {
        int[] sizes = d.Sizes(1, 3), picks = [.. sizes];
        int axis = d.Axis(sizes.Length), at = axis < 0 ? axis + sizes.Length : axis;
        picks[at] = d.Int(1, 4);
        var ids = d.Ids(sizes[at], picks);
        return new(x => x[0].Gather(ids, axis), d.Numbers(sizes));
    }

    static Problem Product(Draw d)
    {
        var (batchA, batchB) = d.Broadcasting(2);
        int m = d.Int(1, 4), k = d.Int(1, 4), n = d.Int(1, 4);
        bool transposeA = d.Flag(), transposeB = d.Flag();
        return new(x => x[0].MatMul(x[1], transposeA, transposeB),
            d.Numbers([.. batchA, .. transposeA ? new[] { k, m } : [m, k]]),
            d.Numbers([.. batchB, .. transposeB ? new[] { n, k } : [k, n]]));
    }

    static Problem Convolved(Draw d)
    {
        int channels = d.Int(1, 2), outputs = d.Int(1, 3), high = d.Int(1, 3), wide = d.Int(1, 3), stride = d.Int(1, 3),
            padding = d.Int(0, 2);
        bool relu = d.Flag();
        var x = d.Numbers(d.Int(1, 2), channels, high + d.Int(0, 3), wide + d.Int(0, 3));
        var w = d.Numbers(outputs, channels, high, wide);
        return d.Flag()
            ? new(x => x[0].Conv2d(x[1], x[2], stride, padding, new() { Relu = relu }), x, w, d.Numbers(outputs))
            : new(x => x[0].Conv2d(x[1], null, stride, padding), x, w);
    }

    static Problem Pooled(Draw d, Func<Tensor, int, int, int, Tensor> f)
    {
        int kernel = d.Int(1, 3), stride = d.Int(1, 3), padding = d.Int(0, kernel / 2);
        return new(x => f(x[0], kernel, stride, padding),
            d.Numbers(d.Int(1, 2), d.Int(1, 2), kernel + d.Int(0, 3), kernel + d.Int(0, 3)));
    }

    static Problem Classified(Draw d, Func<Tensor, Ids, Reduction, double, Tensor> f)
    {
        int[] rows = d.Sizes(0, 2);
        int classes = d.Int(2, 5);
        // Class 0 is ignored; the first row counts, so that there is something to average.
        int[] targets = d.Ids(classes, rows).Span.ToArray();
        targets[0] = classes - 1;
        var ids = Ids.From(targets, rows);
        var reduction = Reduction(d);
        double smoothing = d.OneOf(0, 0.1, 1);
        return new(x => f(x[0], ids, reduction, smoothing), d.Numbers([.. rows, classes]));
    }

    static Problem Compared(Draw d, Func<Tensor, Tensor, Reduction, Tensor> f, int axes = 0)
    {
        int[] sizes = d.Sizes(axes, 3);
        var reduction = Reduction(d);
        return new(x => f(x[0], x[1], reduction), d.Numbers(sizes), d.Numbers(sizes));
    }

    static Reduction Reduction(Draw d) =>
        d.OneOf(ChainRule.Reduction.Mean, ChainRule.Reduction.Sum, ChainRule.Reduction.None);
}
