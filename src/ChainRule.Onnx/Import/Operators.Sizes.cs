using ChainRule.Formats.Graph;

namespace ChainRule.Formats.Import;

/// <summary>What makes numbers from sizes, and what orders them anew.</summary>
static partial class Operators
{
    static Dictionary<string, Func<NodeRun, OnnxValue>> Sizes => new()
    {
        ["Shape"] = SizesOf,
        ["Size"] = x => OnnxValue.Of([x.X().Numbers.Count], []),
        ["Constant"] = Constant,
        ["ConstantOfShape"] = ConstantOfShape,
        ["Range"] = Range,
        ["OneHot"] = OneHot,
        ["Trilu"] = Trilu,
        ["EyeLike"] = x => new OnnxValue(Tensor.LowerTriangle(x.X().Shape[0], x.X().Shape[1], DType.Float64,
            (int)x.Whole("k", 0)) - Tensor.LowerTriangle(x.X().Shape[0], x.X().Shape[1], DType.Float64,
                (int)x.Whole("k", 0) - 1), OnnxElement.Float64)
                    .Cast((OnnxElement)x.Whole("dtype", (long)x.X().Element)),
        ["CumSum"] = CumSum,
        ["DepthToSpace"] = DepthToSpace,
        ["SpaceToDepth"] = SpaceToDepth,
    };

    static OnnxValue SizesOf(NodeRun run)
    {
        var shape = run.X().Shape;
        long[] sizes = [.. shape.Span.ToArray().Select(size => (long)size)];
        int first = At(run.Whole("start", 0)), end = At(run.Whole("end", shape.Rank));
        return OnnxValue.Of(end > first ? sizes[first..end] : [], [Math.Max(0, end - first)]);

        int At(long place) => (int)Math.Clamp(place < 0 ? place + shape.Rank : place, 0, shape.Rank);
    }

    static OnnxValue Constant(NodeRun run)
    {
        if (run.Tensor("value") is { } tensor) return OnnxValue.Of(tensor, "onnx");
        return run.Setting("value_float") is double real ? new(Tensor.Scalar(real), OnnxElement.Float32)
            : run.Setting("value_int") is long whole ? OnnxValue.Of([whole], [])
            : run.Setting("value_ints") is long[] wholes ? OnnxValue.Of(wholes, [wholes.Length])
            : run.Setting("value_floats") is float[] reals ? OnnxValue.Of(Tensor.From(reals, [reals.Length]))
            : throw run.Refused("it holds neither numbers nor a tensor of them");
    }

    static OnnxValue ConstantOfShape(NodeRun run)
    {
        Shape shape = Shape.Create([.. Bounded(run, run.Whole(0))]);
        if (run.Tensor("value") is not { } tensor) return OnnxValue.Of(Tensor.Zeros(shape));
        var value = OnnxValue.Of(tensor, "onnx");
        return value.With(value.Numbers.Flatten().Reshape([.. Enumerable.Repeat(1, shape.Rank)]).Expand(shape));
    }

    static OnnxValue Range(NodeRun run)
    {
        double[] parts = [.. Enumerable.Range(0, 3).Select(i => run.X(i).Numbers.To(DType.Float64).Flatten()
            .ToArray<double>()[0])];
        double count = Math.Max(0, Math.Ceiling((parts[1] - parts[0]) / parts[2]));
        if (!(count <= Most)) throw run.Refused($"a range of {count:N0} numbers");
        double[] all = [.. Enumerable.Range(0, (int)count).Select(i => parts[0] + i * parts[2])];
        return new OnnxValue(Tensor.From(all, [all.Length]), OnnxElement.Float64).Cast(run.X().Element);
    }

    static OnnxValue OneHot(NodeRun run)
    {
        var x = run.X();
        int depth = (int)Bounded(run, x.Shape, run.Whole(1))[^1], axis = run.Axis(run.Whole("axis", -1), x.Shape.Rank
            + 1);
        var values = run.X(2);
        double[] ends = values.Numbers.Detach().To(DType.Float64).ToArray<double>();
        var places = Tensor.Arange(0, depth, dtype: DType.Float64);
        var at = x.Numbers.To(DType.Float64);
        at = Tensor.Where(at.Less(0), at + depth, at).Unsqueeze(x.Shape.Rank);
        var hot = at.EqualTo(places) * (ends[1] - ends[0]) + ends[0];
        List<int> axes = [.. Enumerable.Range(0, x.Shape.Rank)];
        axes.Insert(axis, x.Shape.Rank);
        return new OnnxValue(hot.Permute([.. axes]), OnnxElement.Float64).Cast(values.Element);
    }

    static OnnxValue Trilu(NodeRun run)
    {
        var x = run.X();
        int k = run.Has(1) ? (int)Math.Clamp(run.Whole(1)[0], -Most, Most) : 0, rows = x.Shape[^2], columns =
            x.Shape[^1];
        var kept = run.Whole("upper", 1) == 1 ? 1 - Tensor.LowerTriangle(rows, columns, x.Numbers.DType, k - 1)
            : Tensor.LowerTriangle(rows, columns, x.Numbers.DType, k);
        return x.With(Tensor.Where(kept, x.Numbers, Tensor.Zeros(x.Shape, x.Numbers.DType)));
    }

    static OnnxValue CumSum(NodeRun run)
    {
        var x = run.X();
        int axis = run.Axis(run.Whole(1)[0], x.Shape.Rank);
        bool reverse = run.Whole("reverse", 0) == 1;
        var turned = reverse ? x.Numbers.Flip(axis) : x.Numbers;
        var sums = turned.CumSum(axis);
        if (run.Whole("exclusive", 0) == 1) sums -= turned;
        return x.With(reverse ? sums.Flip(axis) : sums);
    }

    static OnnxValue DepthToSpace(NodeRun run)
    {
        var x = run.X();
        int size = (int)run.Whole("blocksize", 1);
        int[] s = x.Shape.Span.ToArray();
        bool columns = run.Text("mode", "DCR") == "CRD";
        int channels = s[1] / size / size;
        var apart = columns ? x.Numbers.Reshape(s[0], channels, size, size, s[2], s[3]).Permute(0, 1, 4, 2, 5, 3)
            : x.Numbers.Reshape(s[0], size, size, channels, s[2], s[3]).Permute(0, 3, 4, 1, 5, 2);
        return x.With(apart.Reshape(s[0], channels, s[2] * size, s[3] * size));
    }

    static OnnxValue SpaceToDepth(NodeRun run)
    {
        var x = run.X();
        int size = (int)run.Whole("blocksize", 1);
        int[] s = x.Shape.Span.ToArray();
        return x.With(x.Numbers.Reshape(s[0], s[1], s[2] / size, size, s[3] / size, size).Permute(0, 3, 5, 1, 2, 4)
            .Reshape(s[0], s[1] * size * size, s[2] / size, s[3] / size));
    }
}
