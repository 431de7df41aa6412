using ChainRule.Errors;
using ChainRule.Formats.Graph;
using ChainRule.Tracing;

namespace ChainRule.Formats.Export;

/// <summary>Writes what ran as a graph: values get names, ops become operators.</summary>
/// <param name="samples">What ran.</param>
/// <param name="builder">The graph that is added to.</param>
/// <param name="computed">The names of inputs that the graph has computed already; all others go in from
/// outside.</param>
sealed class Exporter(Samples samples, GraphBuilder builder, IReadOnlyDictionary<string, string>? computed = null)
{
    readonly Dictionary<int, string> _names = [];
    readonly Dictionary<string, string> _read = [];

    readonly Dictionary<string, string> _inputs = new(computed ?? new Dictionary<string, string>());

    public GraphBuilder Builder => builder;

    public Samples Samples => samples;

    Trace First => samples.Traces[0];

    /// <summary>A graph that has no other inputs and outputs.</summary>
    public static OnnxGraph Write(Samples samples)
    {
        var builder = new GraphBuilder();
        foreach (var output in new Exporter(samples, builder).Run()) builder.Give(output);
        return builder.Graph;
    }

    /// <summary>Adds all ops; what they gave, under the names that the graph knows it by.</summary>
    public IReadOnlyList<(string Name, OnnxPort Port)> Run()
    {
        int at = 0;
        foreach (var input in samples.Inputs)
        {
            bool whole = input.Whole is not null;
            if (!_inputs.TryGetValue(input.Name, out string? name))
            {
                _inputs[input.Name] = name = Builder.Named(input.Name);
                Builder.Graph.Inputs.Add(new(name, whole ? OnnxElement.Int64 : Element(input.Numbers!.Value.DType),
                    [.. Enumerable.Range(0, input.Shape.Rank).Select(axis =>
                        input.Axes.FirstOrDefault(one => one.Axis == axis)?.Name ?? $"{input.Shape[axis]}")]));
            }
            if (!whole) _names[First.Inputs[at++].Id] = name;
        }
        for (int i = 0; i < First.Ops.Count; i++)
        {
            string[] made = Translations.Of(new(this, i));
            for (int y = 0; y < made.Length; y++) _names[First.Ops[i].Outputs[y].Id] = made[y];
        }
        return [.. samples.Outputs.Select((name, i) =>
        {
            var shapes = samples.Traces.Select(trace => trace.Outputs[i].Shape).ToArray();
            return (Read(First.Outputs[i].Value.Id, shapes), new OnnxPort(name, Element(First.Outputs[i].Value.DType),
                [.. Enumerable.Range(0, shapes[0].Rank).Select(axis =>
                    Size([.. shapes.Select(shape => (long)shape[axis])])?.ToString() ?? $"{name}_{axis}")]));
        })];
    }

    public static OnnxElement Element(DType dtype) => NumberTypes.Element(dtype);

    /// <summary>How a size follows from those of the dynamic axes; null if it does not.</summary>
    public SizeFormula? Size(long[] values) => SizeFormula.Of(samples.Sizes, values);

    /// <summary>A value's name, in the shape in which it is read at each sample.</summary>
    public string Read(int value, Shape[] shapes)
    {
        string name = Name(value);
        return Reshaped(name, [.. samples.Traces.Select(trace => trace.Values[value].Shape)], shapes);
    }

    /// <summary>The same numbers under another shape.</summary>
    public string Reshaped(string name, Shape[] from, Shape[] to)
    {
        if (from.SequenceEqual(to)) return name;
        string key = $"{name}:{string.Join(';', to.Select(shape => $"{shape}"))}";
        if (_read.TryGetValue(key, out string? known)) return known;
        return _read[key] = Builder.Node("Reshape", [name, Target(from, to)]);
    }

    /// <summary>Sizes as a vector of whole numbers; those of a shape that follow from the axes are computed.</summary>
    public string Sizes(string asked, Shape[] shapes)
    {
        var parts = Enumerable.Range(0, shapes[0].Rank).Select(axis => Formula(asked, [.. shapes.Select(s =>
            (long)s[axis])])).ToArray();
        return parts.All(part => part.IsConstant) ? Builder.Whole([.. parts.Select(part => part.Constant)])
            : Builder.Node("Concat", [.. parts.Select(Computed)], ("axis", 0L));
    }

    public SizeFormula Formula(string asked, long[] values) => Size(values)
        ?? throw new RefusedArgumentException(
            $"onnx: {asked} has the sizes {string.Join(", ", values)} where the dynamic "
            + $"axes have {string.Join("; ", samples.Sizes.Select(size => string.Join(", ", size.Values)))}, and no "
            + "product or sum of them is that: export it with fixed axes", "compute");

    /// <summary>A size as a vector of one whole number.</summary>
    public string Computed(SizeFormula size)
    {
        if (size.IsConstant) return Builder.Whole(size.Constant);
        string made = size.Names.Select(Axis).Aggregate((a, b) => Builder.Node("Mul", [a, b]));
        if (size.Factor != 1) made = Builder.Node("Mul", [made, Builder.Whole(size.Factor)]);
        return size.Constant == 0 ? made : Builder.Node("Add", [made, Builder.Whole(size.Constant)]);
    }

    /// <summary>The input that ids were given as; null if they are none.</summary>
    public string? InputOf(Ids[] ids)
    {
        foreach (var input in samples.Inputs.Where(input => input.Whole is not null))
        {
            if (ids.Select((x, i) => x.IsReshapeOf(samples.Arguments[i].Ids(input.Name))).All(same => same))
                return Reshaped(_inputs[input.Name],
                    [.. samples.Arguments.Select(given => given.Ids(input.Name).Shape)], [.. ids.Select(x => x.Shape)]);
        }
        return null;
    }

    string Axis(string name)
    {
        if (_read.TryGetValue($"axis {name}", out string? known)) return known;
        var input = samples.Inputs.First(input => input.Axes.Any(axis => axis.Name == name));
        int at = input.Axes.First(axis => axis.Name == name).Axis;
        return _read[$"axis {name}"] = Builder.Node("Shape", [_inputs[input.Name]], ("start", at), ("end", at + 1));
    }

    // 0 keeps a size of the same place, and −1 is what is left: most shapes need no more.
    string Target(Shape[] from, Shape[] to)
    {
        long[] target = new long[to[0].Rank];
        int open = 0;
        for (int axis = 0; axis < target.Length; axis++)
        {
            if (to.All(shape => shape[axis] == to[0][axis])) target[axis] = to[0][axis];
            else if (to.Select((shape, i) => axis < from[i].Rank && from[i][axis] == shape[axis]).All(same => same))
                target[axis] = 0;
            else
            {
                target[axis] = -1;
                open++;
            }
        }
        // A size of 0 that is meant would be read as one that is kept.
        bool empty = to.Any(shape => shape.Elements == 0);
        return open <= 1 && !empty ? Builder.Whole(target) : Sizes($"a reshape to {to[0]}", to);
    }

    string Name(int value)
    {
        if (_names.TryGetValue(value, out string? name)) return name;
        return _names[value] = new Constants(this).Of([.. samples.Traces.Select(trace => trace.Values[value])]);
    }
}
