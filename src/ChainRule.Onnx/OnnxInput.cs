using ChainRule.Errors;

namespace ChainRule.Formats;

/// <summary>
/// An axis whose size is not fixed in the file, such as how many rows are predicted at once.
/// </summary>
/// <param name="Axis">Which axis, from 0.</param>
/// <param name="Name">What its size is called; axes of one name have one size.</param>
/// <param name="Most">The largest size; if null, there is no largest. A language model reads at most its
/// context.</param>
/// <param name="Least">The smallest size.</param>
public sealed record DynamicAxis(int Axis, string Name, int? Most = null, int Least = 1);

/// <summary>An input of a network that is exported: its name, an example, and which axes may change.</summary>
public sealed class OnnxInput
{
    OnnxInput(string name, Shape shape, IReadOnlyList<DynamicAxis> axes)
    {
        if (string.IsNullOrEmpty(name)) throw new RefusedArgumentException("onnx: an input needs a name", nameof(name));
        foreach (var axis in axes)
            if (axis.Axis < 0 || axis.Axis >= shape.Rank)
                throw new RefusedArgumentException(
                    $"onnx: input '{name}' is {shape}, and has no axis {axis.Axis} to be dynamic: give 0 to "
                    + $"{shape.Rank - 1}", nameof(axes));
        (Name, Shape, Axes) = (name, shape, axes);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The example's shape.</summary>
    public Shape Shape { get; }

    /// <summary>The axes that may change.</summary>
    public IReadOnlyList<DynamicAxis> Axes { get; }

    internal Tensor? Numbers { get; private init; }

    internal Ids? Whole { get; private init; }

    /// <summary>An input of numbers.</summary>
    public static OnnxInput Of(string name, Tensor example, params IReadOnlyList<DynamicAxis> axes) =>
        new(name, example.Shape, axes) { Numbers = example };

    /// <summary>An input of whole numbers, such as tokens: 64-bit in the file.</summary>
    public static OnnxInput Of(string name, Ids example, params IReadOnlyList<DynamicAxis> axes)
    {
        ArgumentNullException.ThrowIfNull(example);
        return new(name, example.Shape, axes) { Whole = example };
    }
}
