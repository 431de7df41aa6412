namespace ChainRule.Tracing;

/// <summary>An op that ran.</summary>
public sealed class TracedOp
{
    internal TracedOp(string name, IReadOnlyList<TracedInput> inputs, IReadOnlyDictionary<string, object> attributes) =>
        (Name, Inputs, Attributes) = (name, inputs, attributes);

    /// <summary>What errors and graphs call it, such as <c>linear map</c>.</summary>
    public string Name { get; }

    /// <summary>What it read, and in which shape.</summary>
    public IReadOnlyList<TracedInput> Inputs { get; }

    /// <summary>What it computed: one value, and of a few ops more.</summary>
    public IReadOnlyList<TracedValue> Outputs { get; internal set; } = [];

    /// <summary>Its settings by name, such as an axis, a stride or ids: numbers, arrays of numbers, and <see
    /// cref="Ids"/>.
    /// </summary>
    public IReadOnlyDictionary<string, object> Attributes { get; }

    /// <summary>The op with what it read and computed: <c>linear map([3, 4], [2, 4], [2]) → [3, 2]</c>.</summary>
    public override string ToString() => $"{Name}({string.Join(", ", Inputs.Select(x => $"{x.Shape}"))}) → "
        + string.Join(", ", Outputs.Select(y => $"{y.Shape}"));
}

/// <summary>The numbers of one tensor in a trace.</summary>
public sealed class TracedValue
{
    internal TracedValue(int id, Shape shape, DType dtype) => (Id, Shape, DType) = (id, shape, dtype);

    /// <summary>Its number in the trace, from 0.</summary>
    public int Id { get; }

    /// <summary>The shape in which it came about.</summary>
    public Shape Shape { get; }

    /// <summary>Its number type.</summary>
    public DType DType { get; }

    /// <summary>The op that computed it; null of what went in and of a constant.</summary>
    public TracedOp? Producer { get; internal init; }

    /// <summary>Its name among what was named; null without one.</summary>
    public string? Name { get; internal init; }

    /// <summary>Its numbers, where no input went into it; null otherwise.</summary>
    public Tensor? Constant { get; internal init; }

    /// <summary>Its number, name, shape and type: <c>value 3 'weight' [2, 4] Float32</c>.</summary>
    public override string ToString() => $"value {Id}{(Name is null ? "" : $" '{Name}'")} {Shape} {DType}";
}

/// <summary>A value as an op read it.</summary>
/// <param name="Value">Whose numbers.</param>
/// <param name="Shape">In which shape.</param>
public sealed record TracedInput(TracedValue Value, Shape Shape);
