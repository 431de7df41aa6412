using ChainRule.Errors;
using ChainRule.Formats.Graph;
using ChainRule.Tracing;

namespace ChainRule.Formats.Export;

/// <summary>
/// Constants of a graph. One that has another shape at another size is all of one number, or the beginning of the one
/// at the largest size, such as a mask; whole numbers may also be a range.
/// </summary>
sealed class Constants(Exporter exporter)
{
    GraphBuilder Builder => exporter.Builder;

    /// <summary>A value that no op computed, of every sample.</summary>
    public string Of(TracedValue[] values)
    {
        string what = $"a constant of {values[0].Shape}{(values[0].Name is { } called ? $", '{called}'" : "")}";
        Tensor[] numbers = [.. values.Select(value => value.Constant!.Value)];
        double[][] all = [.. numbers.Select(x => x.Detach().To(DType.Float64).ToArray<double>())];
        CheckNumbers(what, all[0], all[^1]);
        if (numbers.All(x => x.Shape == numbers[0].Shape) && all.All(x => x.AsSpan().SequenceEqual(all[0])))
            return Builder.Constant(values[0].Name ?? "constant", name => OnnxTensor.Of(name, numbers[0].Detach()));
        Shape[] shapes = [.. numbers.Select(x => x.Shape)];
        if (all.SelectMany(x => x).Distinct().Take(2).ToArray() is [var one])
            return Builder.Node("Expand", [Builder.Number(one, numbers[0].DType), exporter.Sizes(what, shapes)]);
        return Repeated(what, numbers, all) ?? Begun(what, shapes, all, name =>
            OnnxTensor.Of(name, numbers[0].Detach()))
            ?? throw Refused(what);
    }

    /// <summary>Ids that no input gave, of every sample.</summary>
    public string Of(Ids[] ids)
    {
        string what = $"ids of {ids[0].Shape}";
        CheckNumbers(what, Numbers(ids[0]), Numbers(ids[^1]));
        Shape[] shapes = [.. ids.Select(x => x.Shape)];
        if (ids.All(x => x.Shape == shapes[0] && x.Span.SequenceEqual(ids[0].Span)))
            return Builder.Constant("ids", Whole);
        if (Range(ids) is { } range) return exporter.Reshaped(range, [.. ids.Select(x => Shape.Create([x.Count]))],
            shapes);
        return Begun(what, shapes, [.. ids.Select(Numbers)], Whole) ?? throw Refused(what);

        static double[] Numbers(Ids x) => [.. x.Span.ToArray().Select(id => (double)id)];

        OnnxTensor Whole(string name) => OnnxTensor.Of(name,
            [.. shapes[0].Span.ToArray().Select(size => (long)size)],
                [.. ids[0].Span.ToArray().Select(id => (long)id)]);
    }

    // The same along every axis that changes, such as a first state for each row of a batch.
    string? Repeated(string what, Tensor[] numbers, double[][] all)
    {
        Shape[] shapes = [.. numbers.Select(x => x.Shape)];
        int rank = shapes[0].Rank;
        if (shapes.Any(shape => shape.Rank != rank)) return null;
        var one = numbers[0].Detach();
        for (int axis = 0; axis < rank; axis++)
            if (shapes.Any(shape => shape[axis] != shapes[0][axis])) one = one.Slice(axis, 0, 1);
        for (int i = 0; i < shapes.Length; i++)
            if (!one.Expand(shapes[i]).To(DType.Float64).ToArray<double>().AsSpan().SequenceEqual(all[i])) return null;
        string kept = Builder.Constant("constant", name => OnnxTensor.Of(name, one));
        return Builder.Node("Expand", [kept, exporter.Sizes(what, shapes)]);
    }

    // first, first + 1 …: such as places in a sequence.
    string? Range(Ids[] ids)
    {
        foreach (var x in ids)
            for (int i = 1; i < x.Count; i++) if (x[i] != x[i - 1] + 1) return null;
        if (ids.Any(x => x.Count == 0)) return null;
        if (exporter.Size([.. ids.Select(x => (long)x[0])]) is not { } first
            || exporter.Size([.. ids.Select(x => (long)x[0] + x.Count)]) is not { } end) return null;
        return Builder.Node("Range", [Single(first), Single(end), Builder.Constant("one",
            name => OnnxTensor.Of(name, [], 1))]);

        string Single(SizeFormula size) => Builder.Node("Squeeze", [exporter.Computed(size)]);
    }

    string? Begun(string what, Shape[] shapes, double[][] all, Func<string, OnnxTensor> largest)
    {
        int rank = shapes[0].Rank;
        if (shapes.Any(shape => shape.Rank != rank)) return null;
        int[] changing = [.. Enumerable.Range(0, rank).Where(axis => shapes.Any(s => s[axis] != shapes[0][axis]))];
        foreach (int axis in changing)
            if (exporter.Size([.. shapes.Select(s => (long)s[axis])]) is not { Names.Count: > 0 } size
                || size.Names.Any(name => exporter.Samples.Axes[name].Most is null)) return null;
        for (int i = 0; i < shapes.Length; i++)
            for (int place = 0; place < all[i].Length; place++)
            {
                int at = 0;
                for (int axis = rank - 1, rest = place, stride = 1; axis >= 0; stride *= shapes[0][axis],
                    rest /= shapes[i][axis--])
                {
                    if (shapes[i][axis] > shapes[0][axis]) return null;
                    at += rest % shapes[i][axis] * stride;
                }
                if (!all[i][place].Equals(all[0][at])) return null;
            }
        string whole = Builder.Constant("constant", largest);
        string ends = Builder.Node("Concat", [.. changing.Select(axis =>
            exporter.Computed(exporter.Formula(what, [.. shapes.Select(s => (long)s[axis])])))], ("axis", 0L));
        return Builder.Node("Slice", [whole, Builder.Whole(new long[changing.Length]), ends,
            Builder.Whole([.. changing.Select(axis => (long)axis)])]);
    }

    static void CheckNumbers(string what, double[] first, double[] others)
    {
        if (!first.AsSpan().SequenceEqual(others))
            throw new RefusedArgumentException($"onnx: {what} depends on the numbers of the input, and was computed "
                + "outside of tensor ops: the file would hold that of the example: compute it with ops", "compute");
    }

    RefusedArgumentException Refused(string what) => new($"onnx: {what} changes with the sizes of the axes "
        + $"{string.Join(", ", exporter.Samples.Axes.Keys.Select(name => $"'{name}'"))}, and is neither all of one "
        + "number nor the beginning of the largest: give the axis a largest size, or export it fixed", "compute");
}
