namespace ChainRule.Formats.Export;

/// <summary>What goes along axes: sums, norms, softmax.</summary>
static partial class Translations
{
    static Dictionary<string, Func<OpView, string>> Reductions => new()
    {
        ["sum"] = Sum,
        ["max"] = op => Reduced(op, "ReduceMax"),
        ["min"] = op => Reduced(op, "ReduceMin"),
        ["product"] = op => Reduced(op, "ReduceProd"),
        ["var"] = op => Shaped(op, Variance(op)),
        ["standard deviation"] = op => Shaped(op, op.Node("Sqrt", [Variance(op)])),
        ["norm"] = Norm,
        ["cumulative sum"] = op => op.Node("CumSum", [op.X(), op.Builder.Whole(op.Folded().First)]),
        ["softmax"] = op => op.Node("Softmax", [op.X()], ("axis", -1L)),
        ["log softmax"] = op => op.Node("LogSoftmax", [op.X()], ("axis", -1L)),
        ["log sum exp"] = op => op.Node("ReduceLogSumExp", [op.X()], ("axes", (long[])[-1]), ("keepdims", 1L)),
        ["layer norm"] = op => op.Node("LayerNormalization", [op.X(), op.X(1), op.X(2)], ("axis", -1L),
            ("epsilon", op.Get<double>("eps"))),
    };

    static string Sum(OpView op)
    {
        int[] divisors = op.All<int>("divisor"), counts = op.All<int>("count");
        if (divisors.SequenceEqual(counts) && counts.Any(count => count != 1)) return Reduced(op, "ReduceMean");
        string sum = Added(op, op.X());
        return Shaped(op, divisors.All(divisor => divisor == 1) ? sum : op.Node("Div", [sum, Divisor(op)]));
    }

    static string Divisor(OpView op)
    {
        var size = op.Exporter.Formula("a divisor", [.. op.All<int>("divisor").Select(one => (long)one)]);
        return size.IsConstant ? op.Number(size.Constant)
            : op.Node("Cast", [op.Exporter.Computed(size)], ("to", (long)Exporter.Element(op.DType)));
    }

    static string Added(OpView op, string x) =>
        op.Node("ReduceSum", [x, op.Builder.Whole(Axes(op))], ("keepdims", 1L), ("noop_with_empty_axes", 1L));

    static string Variance(OpView op)
    {
        string mean = op.Node("ReduceMean", [op.X()], ("axes", Axes(op)), ("keepdims", 1L)),
            away = op.Node("Sub", [op.X(), mean]);
        return op.Node("Div", [Added(op, op.Node("Mul", [away, away])), Divisor(op)]);
    }

    static string Norm(OpView op)
    {
        double order = op.Get<double>("order");
        if (order == 2) return Reduced(op, "ReduceL2");
        string powers = op.Node("Pow", [op.Node("Abs", [op.X()]), op.Number(order)]);
        return Shaped(op, op.Node("Pow", [Added(op, powers), op.Number(1 / order)]));
    }

    static string Reduced(OpView op, string name)
    {
        long[] axes = Axes(op);
        return Shaped(op, axes.Length == 0 ? op.X() : op.Node(name, [op.X()], ("axes", axes), ("keepdims", 1L)));
    }

    static long[] Axes(OpView op)
    {
        var (first, end) = op.Folded();
        return [.. Enumerable.Range(first, end - first).Select(axis => (long)axis)];
    }

    /// <summary>What was reduced keeping its axes, in the shape of the op's output.</summary>
    static string Shaped(OpView op, string kept)
    {
        var (first, end) = op.Folded();
        Shape[] shapes = [.. op.Shapes().Select(shape =>
        {
            int[] sizes = shape.Span.ToArray();
            for (int axis = first; axis < end; axis++) sizes[axis] = 1;
            return Shape.Create(sizes);
        })];
        return op.Exporter.Reshaped(kept, shapes, op.Made());
    }
}
