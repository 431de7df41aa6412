using ChainRule.Formats.Graph;

namespace ChainRule.Formats.Import;

/// <summary>What goes along axes.</summary>
static partial class Operators
{
    static Dictionary<string, Func<NodeRun, OnnxValue>> Reductions => new()
    {
        ["ReduceSum"] = x => Reduced(x, (t, axes) => t.Sum(axes, keepDim: true)),
        ["ReduceMean"] = x => Reduced(x, (t, axes) => t.Mean(axes, keepDim: true)),
        ["ReduceMax"] = x => Reduced(x, (t, axes) => t.Max(axes, keepDim: true)),
        ["ReduceMin"] = x => Reduced(x, (t, axes) => t.Min(axes, keepDim: true)),
        ["ReduceProd"] = x => Reduced(x, (t, axes) => t.Prod(axes, keepDim: true)),
        ["ReduceL1"] = x => Reduced(x, (t, axes) => t.Abs().Sum(axes, keepDim: true)),
        ["ReduceL2"] = x => Reduced(x, (t, axes) => t.Norm(axes, keepDim: true)),
        ["ReduceSumSquare"] = x => Reduced(x, (t, axes) => t.Square().Sum(axes, keepDim: true)),
        ["ReduceLogSum"] = x => Reduced(x, (t, axes) => t.Sum(axes, keepDim: true).Log()),
        ["ReduceLogSumExp"] = x => Reduced(x, LogSumExp),
        ["ArgMax"] = x => Best(x, largest: true),
        ["ArgMin"] = x => Best(x, largest: false),
    };

    static Tensor LogSumExp(Tensor x, int[] axes)
    {
        var most = x.Detach().Max(axes, keepDim: true);
        return (x - most).Exp().Sum(axes, keepDim: true).Log() + most;
    }

    static OnnxValue Reduced(NodeRun run, Func<Tensor, int[], Tensor> f)
    {
        var x = run.X();
        long[]? given = run.Wholes("axes", 1);
        if (given is not { Length: > 0 } && run.Whole("noop_with_empty_axes", 0) == 1) return x;
        int rank = x.Shape.Rank;
        int[] axes = given is { Length: > 0 } ? [.. given.Select(axis => run.Axis(axis, rank)).Order()]
            : [.. Enumerable.Range(0, rank)];
        var y = rank == 0 ? x.Numbers : f(x.Numbers, axes);
        return x.With(run.Whole("keepdims", 1) == 1 ? y
            : y.Reshape([.. Enumerable.Range(0, rank).Except(axes).Select(axis => x.Shape[axis])]));
    }

    static OnnxValue Best(NodeRun run, bool largest)
    {
        var x = run.X().Numbers.Detach();
        int axis = run.Axis(run.Whole("axis", 0), x.Rank);
        bool keep = run.Whole("keepdims", 1) == 1, last = run.Whole("select_last_index", 0) == 1;
        var from = last ? x.Flip(axis) : x;
        var at = OnnxValue.Of(largest ? from.ArgMax(axis, keep) : from.ArgMin(axis, keep));
        return last ? at.With(x.Shape[axis] - 1 - at.Numbers) : at;
    }
}
