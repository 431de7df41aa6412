using ChainRule.Formats.Graph;

namespace ChainRule.Formats.Import;

/// <summary>What moves and picks numbers.</summary>
static partial class Operators
{
    // More numbers than this from a few in a file are refused.
    const long Most = 1L << 28;

    static Dictionary<string, Func<NodeRun, OnnxValue>> Shapes => new()
    {
        ["Reshape"] = Reshape,
        ["Flatten"] = x => x.X().With(x.X().Numbers.Reshape((int)Product(x.X().Shape.Span[..FlattenAxis(x)]),
            (int)Product(
            x.X().Shape.Span[FlattenAxis(x)..]))),
        ["Squeeze"] = Squeeze,
        ["Unsqueeze"] = Unsqueeze,
        ["Transpose"] = x =>
            x.X().With(x.X().Numbers.Permute(x.Wholes("perm") is { } axes ? [.. axes.Select(a => (int)a)]
            : [.. Enumerable.Range(0, x.X().Shape.Rank).Reverse()])),
        ["Concat"] = x => x.X().With(Tensor.Concat(x.Axis(x.Whole("axis", 0), x.X().Shape.Rank),
            [.. Enumerable.Range(0, x.Inputs).Select(i => x.X(i).Numbers)])),
        ["Slice"] = Slice,
        ["Gather"] = Gather,
        ["GatherElements"] = x => x.X().With(x.X().Numbers.Gather(
            x.X(1).Ids(x.X().Shape[x.Axis(x.Whole("axis", 0), x.X().Shape.Rank)]), (int)x.Whole("axis", 0))),
        ["ScatterElements"] = Scatter,
        ["Scatter"] = Scatter,
        ["Expand"] = Expand,
        ["Tile"] = x => x.X().With(x.X().Numbers.Repeat([.. Bounded(x, x.X().Shape, x.Whole(1)).Select(n => (int)n)])),
        ["Pad"] = Pad,
    };

    static int FlattenAxis(NodeRun run)
    {
        long axis = run.Whole("axis", 1);
        int rank = run.X().Shape.Rank;
        return axis == rank ? rank : run.Axis(axis, Math.Max(1, rank));
    }

    static OnnxValue Reshape(NodeRun run)
    {
        var x = run.X();
        long[] to = run.Wholes("shape", 1) ?? throw run.Refused("it has no shape");
        for (int i = 0; i < to.Length; i++)
            if (to[i] == 0 && run.Whole("allowzero", 0) == 0 && i < x.Shape.Rank) to[i] = x.Shape[i];
        return x.With(x.Numbers.Reshape([.. Bounded(run, to)]));
    }

    static OnnxValue Squeeze(NodeRun run)
    {
        var x = run.X();
        int[] axes = run.Wholes("axes", 1) is { } given ? [.. given.Select(axis => run.Axis(axis, x.Shape.Rank))]
            : [.. Enumerable.Range(0, x.Shape.Rank).Where(axis => x.Shape[axis] == 1)];
        if (Array.Exists(axes, axis => x.Shape[axis] != 1)) throw run.Refused($"an axis of {x.Shape} is not 1");
        return x.With(x.Numbers.Reshape([.. Enumerable.Range(0, x.Shape.Rank).Except(axes).Select(axis =>
            x.Shape[axis])]));
    }

    static OnnxValue Unsqueeze(NodeRun run)
    {
        var x = run.X();
        long[] given = run.Wholes("axes", 1) ?? throw run.Refused("it has no axes");
        int rank = x.Shape.Rank + given.Length;
        HashSet<int> axes = [.. given.Select(axis => run.Axis(axis, rank))];
        var sizes = new Queue<int>(x.Shape.Span.ToArray());
        return x.With(x.Numbers.Reshape([.. Enumerable.Range(0, rank).Select(axis => axes.Contains(axis) ? 1
            : sizes.Dequeue())]));
    }

    static OnnxValue Slice(NodeRun run)
    {
        var x = run.X();
        long[] starts = run.Wholes("starts", 1) ?? throw run.Refused("it has no starts"),
            ends = run.Wholes("ends", 2) ?? throw run.Refused("it has no ends");
        long[] axes = run.Wholes("axes", 3) ?? [.. Enumerable.Range(0, starts.Length).Select(i => (long)i)];
        long[] steps = run.Has(4) ? run.Whole(4) : [.. starts.Select(_ => 1L)];
        if (ends.Length != starts.Length || axes.Length != starts.Length || steps.Length != starts.Length)
            throw run.Refused($"{starts.Length} starts, {ends.Length} ends, {axes.Length} axes and {steps.Length} "
                + "steps");
        var y = x.Numbers;
        for (int i = 0; i < starts.Length; i++)
        {
            int axis = run.Axis(axes[i], y.Rank), size = y.Shape[axis];
            long step = steps[i], start = starts[i] < 0 ? starts[i] + size : starts[i],
                end = ends[i] < 0 ? Math.Max(-1, ends[i] + size) : ends[i];
            if (step == 0) throw run.Refused("a step is 0");
            if (step > 0)
            {
                start = Math.Clamp(start, 0, size);
                end = Math.Clamp(end, start, size);
                y = y.Slice(axis, (int)start, (int)end, (int)Math.Min(step, int.MaxValue));
                continue;
            }
            start = Math.Clamp(start, -1, size - 1);
            end = Math.Clamp(ends[i] < -size ? -1 : end, -1, start);
            // Backwards: the same part of what is mirrored.
            y = y.Flip(axis).Slice(axis, (int)(size - 1 - start), (int)(size - 1 - end),
                (int)Math.Min(-step, int.MaxValue));
        }
        return x.With(y);
    }

    static OnnxValue Gather(NodeRun run)
    {
        var x = run.X();
        int axis = run.Axis(run.Whole("axis", 0), x.Shape.Rank);
        var ids = run.X(1).Ids(x.Shape[axis]);
        if (axis == 0) return x.With(x.Numbers.Rows(ids));
        // The axis comes to the front, is picked from, and the ids' axes go to its place.
        int[] forth = [axis, .. Enumerable.Range(0, x.Shape.Rank).Where(a => a != axis)];
        var picked = x.Numbers.Permute(forth).Rows(ids);
        int of = ids.Shape.Rank;
        return x.With(picked.Permute([.. Enumerable.Range(of, axis), .. Enumerable.Range(0, of),
            .. Enumerable.Range(of + axis,
            x.Shape.Rank - 1 - axis)]));
    }

    static OnnxValue Scatter(NodeRun run)
    {
        var x = run.X();
        int axis = run.Axis(run.Whole("axis", 0), x.Shape.Rank);
        var ids = run.X(1).Ids(x.Shape[axis]);
        return run.Text("reduction", "none") switch
        {
            "none" => x.With(x.Numbers.Scatter(axis, ids, run.X(2).Numbers)),
            "add" => x.With(x.Numbers.ScatterAdd(axis, ids, run.X(2).Numbers)),
            var other => throw run.Refused($"the reduction '{Printable.Of(other, 20)}'"),
        };
    }

    static OnnxValue Expand(NodeRun run)
    {
        var x = run.X();
        List<long> to = [.. run.Whole(1)];
        while (to.Count < x.Shape.Rank) to.Insert(0, 1);
        for (int i = 0; i < x.Shape.Rank; i++)
            if (to[^(i + 1)] == 1) to[^(i + 1)] = x.Shape[^(i + 1)];
        return x.With(x.Numbers.Expand(Shape.Create([.. Bounded(run, [.. to])])));
    }

    static OnnxValue Pad(NodeRun run)
    {
        var x = run.X();
        long[] pads = run.Wholes("pads", 1) ?? throw run.Refused("it has no pads");
        string mode = run.Text("mode", "constant");
        double value = run.Has(2) ? run.X(2).Numbers.Detach().To(DType.Float64).Flatten().ToArray<double>()[0]
            : run.Real("value", 0);
        int[] axes = run.Has(3) ? [.. run.Whole(3).Select(axis => run.Axis(axis, x.Shape.Rank))]
            : [.. Enumerable.Range(0, x.Shape.Rank)];
        if (pads.Length != 2 * axes.Length) throw run.Refused($"{pads.Length} pads for {axes.Length} axes");
        var y = x.Numbers;
        for (int i = 0; i < axes.Length; i++)
        {
            int axis = axes[i];
            long before = pads[i], after = pads[axes.Length + i];
            if (before < 0 || after < 0)
                y = y.Slice(axis, (int)Math.Max(0, -before), (int)(y.Shape[axis] + Math.Min(0, after)));
            (before, after) = (Math.Max(0, before), Math.Max(0, after));
            Bounded(run, [.. y.Shape.Span.ToArray().Select((size, a) => a == axis ? size + before + after
                : (long)size)]);
            if (before == 0 && after == 0) continue;
            if (mode == "constant" && value != 0)
            {
                Tensor Filled(long size) => Tensor.Full(y.Shape.With(axis, (int)size), value, y.DType);
                y = Tensor.Concat(axis, [.. before > 0 ? [Filled(before)] : (Tensor[])[], y,
                    .. after > 0 ? [Filled(after)] : (Tensor[])[]]);
            }
            else
            {
                y = y.Pad(axis, (int)before, (int)after, mode switch
                {
                    "constant" => PaddingMode.Zeros, "reflect" => PaddingMode.Reflect, "edge" => PaddingMode.Replicate,
                    "wrap" => PaddingMode.Circular, _ => throw run.Refused($"the mode '{Printable.Of(mode, 20)}'"),
                });
            }
        }
        return x.With(y);
    }

    static OnnxValue[] Split(NodeRun run)
    {
        var x = run.X();
        int axis = run.Axis(run.Whole("axis", 0), x.Shape.Rank), parts = run.Outputs, size = x.Shape[axis];
        int each = (size + parts - 1) / parts;
        int[] sizes = run.Wholes("split", 1) is { } given ? [.. given.Select(one => (int)one)]
            : [.. Enumerable.Range(0, parts).Select(i => Math.Clamp(size - i * each, 0, each))];
        return [.. x.Numbers.Split(axis, sizes).Select(x.With)];
    }

    static long[] Bounded(NodeRun run, Shape shape, long[] times) =>
        Bounded(run, [.. shape.Span.ToArray().Select(size => (long)size), .. times]).Length > 0 ? times : times;

    /// <summary>Sizes, of which the product is no more than can be held.</summary>
    static int[] Bounded(NodeRun run, long[] sizes)
    {
        double product = 1;
        foreach (long size in sizes) product *= Math.Max(1, (double)size);
        return product <= Most && sizes.Length <= Shape.MaxRank ? [.. sizes.Select(size => (int)size)]
            : throw run.Refused($"sizes of [{Printable.Of(string.Join(", ", sizes), 80)}] are more than is computed "
                + "here");
    }
}
