using ChainRule.Errors;
using ChainRule.Layers;
using ChainRule.Tracing;

namespace ChainRule.Formats.Export;

/// <summary>
/// The same computation run at several sizes of its dynamic axes, and once with other numbers. What is alike in all
/// runs is fixed; what differs must follow from the sizes.
/// </summary>
sealed class Samples
{
    // Ops that have no counterpart, and are made of some that have.
    static readonly string[] s_unfold = ["attention", "cross attention", "batch norm"];

    /// <summary>What goes in.</summary>
    public required IReadOnlyList<OnnxInput> Inputs { get; init; }

    /// <summary>The names of what comes out.</summary>
    public required IReadOnlyList<string> Outputs { get; init; }

    /// <summary>Dynamic axes by name.</summary>
    public required IReadOnlyDictionary<string, DynamicAxis> Axes { get; init; }

    /// <summary>The sizes of dynamic axes, run by run; in the first each has its largest.</summary>
    public required IReadOnlyList<IReadOnlyDictionary<string, int>> Sizes { get; init; }

    /// <summary>What ran, run by run.</summary>
    public required IReadOnlyList<Trace> Traces { get; init; }

    /// <summary>What was given, run by run.</summary>
    public required IReadOnlyList<OnnxArguments> Arguments { get; init; }

    public static Samples Of(Module model, IReadOnlyList<OnnxInput> inputs,
        Func<OnnxArguments, IReadOnlyDictionary<string, Tensor>> compute)
    {
        if (inputs.Count == 0 || inputs.Select(input => input.Name).Distinct().Count() < inputs.Count)
            throw new RefusedArgumentException("onnx: give one input or more, each with a name of its own",
                nameof(inputs));
        var axes = Axis(inputs);
        var sizes = Chosen(axes);
        List<Trace> traces = [];
        List<OnnxArguments> arguments = [];
        IReadOnlyList<string> outputs = [];
        for (int i = 0; i < sizes.Count; i++)
        {
            // The last is of other numbers.
            var given = Given(inputs, sizes[i], others: i == sizes.Count - 1);
            arguments.Add(given);
            traces.Add(Trace.Of([.. inputs.Where(input => input.Numbers is not null).Select(x => given.Tensor(x.Name))],
                () =>
                {
                    var made = compute(given);
                    outputs = [.. made.Keys];
                    return [.. made.Values];
                }, model.StateDict(), s_unfold));
        }
        var samples = new Samples
        {
            Inputs = inputs, Outputs = outputs, Axes = axes, Sizes = sizes, Traces = traces, Arguments = arguments,
        };
        for (int i = 1; i < traces.Count; i++) samples.Compare(i);
        return samples;
    }

    static Dictionary<string, DynamicAxis> Axis(IReadOnlyList<OnnxInput> inputs)
    {
        Dictionary<string, DynamicAxis> axes = [];
        foreach (var axis in inputs.SelectMany(input => input.Axes))
        {
            int? most = axes.TryGetValue(axis.Name, out var known) && known.Most is { } other
                ? Math.Min(other, axis.Most ?? other) : axis.Most;
            axes[axis.Name] = axis with { Most = most, Least = Math.Max(axis.Least, known?.Least ?? 0) };
            if (axes[axis.Name] is { } one && (one.Least < 0 || one.Most <= one.Least))
                throw new RefusedArgumentException(
                    $"onnx: the axis '{axis.Name}' runs from {one.Least} to {one.Most}: give two sizes or more, or "
                    + "leave it fixed", nameof(inputs));
        }
        return axes;
    }

    static List<Dictionary<string, int>> Chosen(Dictionary<string, DynamicAxis> axes)
    {
        var first = axes.ToDictionary(axis => axis.Key, axis => At(axis.Value, 0));
        List<Dictionary<string, int>> sizes = [first];
        foreach (var (name, axis) in axes)
            sizes.AddRange(new(first) { [name] = At(axis, 1) }, new(first) { [name] = At(axis, 2) });
        if (axes.Count > 1) sizes.Add(axes.ToDictionary(axis => axis.Key, axis => At(axis.Value, 1)));
        sizes.Add(first);
        return sizes;

        // 5, 3 and 2, or the largest, the next and half of it.
        static int At(DynamicAxis axis, int i) => axis.Most is { } most
            ? i == 0 ? most : i == 1 ? most - 1 : Math.Max(axis.Least, most / 2)
            : axis.Least + (i == 0 ? 4 : i == 1 ? 2 : 1);
    }

    static OnnxArguments Given(IReadOnlyList<OnnxInput> inputs, Dictionary<string, int> sizes, bool others)
    {
        var arguments = new OnnxArguments();
        foreach (var input in inputs)
        {
            int[] shape = input.Shape.Span.ToArray();
            foreach (var axis in input.Axes) shape[axis.Axis] = sizes[axis.Name];
            int[] places = Repeated(input.Shape, shape);
            if (input.Numbers is { } x)
            {
                if (others) Array.Reverse(places);
                var given = x.Detach().Flatten().Rows(places).Reshape(shape);
                arguments.Add(input.Name, others ? given * 0.5 + 0.125 : given.Clone());
            }
            else if (input.Whole is { } ids)
            {
                int[] given = [.. places.Select(place => ids.Span[place])];
                if (others) given = given.Distinct().Count() == 1 ? new int[given.Length] : [.. given.Reverse()];
                arguments.Add(input.Name, Ids.From(given, Shape.Create(shape)));
            }
        }
        return arguments;
    }

    /// <summary>Where in an example each number of a larger or smaller one comes from: axes begin again.</summary>
    static int[] Repeated(Shape from, int[] to)
    {
        if (from.Elements == 0 || to.Contains(0)) return new int[to.Aggregate(1, (product, size) => product * size)];
        int[] places = new int[to.Aggregate(1, (product, size) => product * size)];
        for (int i = 0; i < places.Length; i++)
            for (int axis = to.Length - 1, rest = i, stride = 1; axis >= 0; stride *= from[axis], rest /= to[axis--])
                places[i] += rest % to[axis] % from[axis] * stride;
        return places;
    }

    /// <summary>Refuses a run that did not run the ops of the first.</summary>
    void Compare(int at)
    {
        Trace first = Traces[0], other = Traces[at];
        string changed = string.Join(", ", Sizes[0].Where(size => Sizes[at][size.Key] != size.Value)
            .Select(size => $"'{size.Key}'"));
        string why = changed.Length > 0 ? $"the size of the axis {changed}" : "the numbers of the input";
        string fix = changed.Length > 0 ? "export it with this axis fixed" : "write the choice with tensor ops";
        for (int i = 0; i < Math.Max(first.Ops.Count, other.Ops.Count); i++)
        {
            if (i < first.Ops.Count && i < other.Ops.Count && first.Ops[i] is { } a && other.Ops[i] is { } b
                && a.Name == b.Name && a.Inputs.Select(x => x.Value.Id).SequenceEqual(b.Inputs.Select(x => x.Value.Id)))
                continue;
            throw new RefusedArgumentException($"onnx: which ops run depends on {why}: op {i} is "
                + $"{(i < first.Ops.Count ? $"{first.Ops[i]}" : "none")} or "
                + $"{(i < other.Ops.Count ? $"{other.Ops[i]}" : "none")}: {fix}", "compute");
        }
    }
}
