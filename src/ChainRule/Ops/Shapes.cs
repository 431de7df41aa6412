using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>
/// The same numbers under another shape: the storage is shared, so forward has nothing to do. dx = dy.
/// </summary>
readonly struct Reshape : IOp
{
    void IOp.Forward<T>(Frame<T> f) { }

    void IOp.Backward<T>(Frame<T> f)
    {
        if (f.RequiresGrad()) TensorPrimitives.Add(f.DX(), f.DY, f.DX());
    }

    Tensor? IOp.GradientOf(int i, ReadOnlySpan<Tensor> x, Tensor y, Tensor dy) => dy.Reshape(x[0].Shape.Span);

    OpText IOp.Text => new("y = x in another shape", "dx = dy in the shape of x");

    bool IOp.Reaches<T>(Frame<T> f, int i, int at, List<LocalDerivative> found)
    {
        found.Add(new(0, at, 1));
        return true;
    }

    bool IOp.Reads<T>(Frame<T> f, int at, List<LocalDerivative> found)
    {
        found.Add(new(0, at, 1));
        return true;
    }
}

/// <summary>y = x, in numbers of its own;  dx = dy.</summary>
readonly struct Copy : IOp
{
    OpText IOp.Text => new("y = x", "dx = dy");

    Linearity IOp.Linearity => Linearity.Jointly;

    void IOp.Forward<T>(Frame<T> f) => f.X().CopyTo(f.Y);

    void IOp.Backward<T>(Frame<T> f)
    {
        if (f.RequiresGrad()) TensorPrimitives.Add(f.DX(), f.DY, f.DX());
    }
}

/// <summary>The strides of a view, in the op itself and not in an array beside it.</summary>
[InlineArray(Shape.MaxRank)]
struct Strides
{
    int _first;
}

/// <summary>
/// A strided view made contiguous: permute, slice and expand differ only in offset and strides. dx is dy,
/// moved back and summed.
/// </summary>
readonly struct Move(int offset, Strides strides) : IOp
{
    (string Name, object Value)[] IOp.Attributes =>
        [("offset", offset), ("strides", ((ReadOnlySpan<int>)strides).ToArray())];

    OpText IOp.Text => new("y = x in another order of places", "dx = Σ dy over the places that hold x");

    Linearity IOp.Linearity => Linearity.Jointly;

    void IOp.Forward<T>(Frame<T> f)
    {
        Span<int> to = stackalloc int[f.YShape.Rank];
        Moves.Strides(f.YShape.Span, to);
        if (f.Y.Length > 0) Moves.Copy(f.X()[offset..], strides[..to.Length], f.Y, to, f.YShape.Span);
    }

    void IOp.Backward<T>(Frame<T> f)
    {
        if (!f.RequiresGrad() || f.DY.IsEmpty) return;
        Span<int> from = stackalloc int[f.YShape.Rank];
        Moves.Strides(f.YShape.Span, from);
        Moves.Add(f.DY, from, f.DX()[offset..], strides[..from.Length], f.YShape.Span);
    }
}

public readonly partial struct Tensor
{
    /// <summary>
    /// A copy of the numbers. Gradients flow through it: <c>Detach().Clone()</c> is a copy that is cut from the graph.
    /// </summary>
    public Tensor Clone() => ChainRule.Op.Run(new Copy(), Shape, this);

    /// <summary>The matrix with rows and columns exchanged.</summary>
    public Tensor T => Rank == 2 ? Transpose(0, 1) : Transposed();

    /// <summary>
    /// The same numbers, row by row, under another shape; one size may be −1, for what is left. Nothing is copied.
    /// </summary>
    public Tensor Reshape(params ReadOnlySpan<int> sizes)
    {
        var shape = Inferred(sizes);
        var x = Slot;
        var y = x.Reshaped(shape);
        ChainRule.Op.Record(new Reshape(), [x], [y]);
        return new(y);
    }

    /// <summary>A new axis of size 1 before the axis named; −1 puts it last.</summary>
    public Tensor Unsqueeze(int axis)
    {
        var shape = Shape;
        int at = NewAxis("unsqueeze", axis, shape);
        return Reshape(With(shape, at, 1).Span);
    }

    /// <summary>Drops an axis, which must be of size 1.</summary>
    public Tensor Squeeze(int axis)
    {
        var shape = Shape;
        int at = shape.Axis(axis, "squeeze");
        if (shape[at] != 1)
            Throw.Argument($"squeeze of {shape}: axis {axis} is {shape[at]}: only an axis of size 1 can go",
                nameof(axis));
        return Reshape(Shape.Join(shape.Span[..at], shape.Span[(at + 1)..]).Span);
    }

    /// <summary>A vector of all numbers, row by row.</summary>
    public Tensor Flatten() => Reshape(Count);

    /// <summary>The axes in another order: axis i of the result is axis axes[i] of this.</summary>
    public Tensor Permute(params ReadOnlySpan<int> axes)
    {
        var shape = Shape;
        if (axes.Length != shape.Rank)
            Throw.Argument($"permute {shape}: {axes.Length} axes named: name each of the {shape.Rank} once",
                nameof(axes));
        Span<int> from = stackalloc int[shape.Rank], sizes = stackalloc int[shape.Rank];
        Moves.Strides(shape.Span, from);
        var strides = default(Strides);
        int seen = 0;
        for (int i = 0; i < axes.Length; i++)
        {
            int axis = shape.Axis(axes[i], "permute", nameof(axes));
            if ((seen & 1 << axis) != 0)
                Throw.Argument($"permute {shape}: axis {axes[i]} is named twice: name each once", nameof(axes));
            seen |= 1 << axis;
            (sizes[i], strides[i]) = (shape[axis], from[axis]);
        }
        return ChainRule.Op.Run(new Move(0, strides), Shape.Create(sizes), this);
    }

    /// <summary>Two axes exchanged; the last two unless others are named.</summary>
    public Tensor Transpose(int axisA = -2, int axisB = -1)
    {
        var shape = Shape;
        int a = shape.Axis(axisA, "transpose"), b = shape.Axis(axisB, "transpose");
        Span<int> order = stackalloc int[shape.Rank];
        for (int i = 0; i < order.Length; i++) order[i] = i == a ? b : i == b ? a : i;
        return Permute(order);
    }

    /// <summary>
    /// Part of an axis: places start, start + step, … before end. Negative places count from the end; places
    /// beyond it are cut off.
    /// </summary>
    public Tensor Slice(int axis, int start, int end = int.MaxValue, int step = 1)
    {
        var shape = Shape;
        int at = shape.Axis(axis, "slice"), size = shape[at];
        if (step < 1) Throw.OutOfRange($"slice of {shape}: step {step}: it must be 1 or more", nameof(step));
        if ((start < 0 ? start + size : start) > (end < 0 ? end + size : end))
            Throw.OutOfRange($"slice of {shape}: axis {axis} from {start} to {end}: the start lies beyond the end: "
                + "give them the other way round",
                nameof(start));
        int first = Math.Clamp(start < 0 ? start + size : start, 0, size),
            last = Math.Clamp(end < 0 ? end + size : end, first, size);
        var strides = default(Strides);
        Moves.Strides(shape.Span, strides);
        int offset = first * strides[at];
        strides[at] *= step;
        return ChainRule.Op.Run(new Move(offset, strides), shape.With(at, (last - first + step - 1) / step), this);
    }

    /// <summary>One place of an axis; the axis goes.</summary>
    public Tensor Select(int axis, int index)
    {
        var shape = Shape;
        int at = shape.Axis(axis, "select"), size = shape[at], place = index < 0 ? index + size : index;
        if ((uint)place >= (uint)size)
            Throw.OutOfRange($"select: place {index} of axis {axis} of {shape}: {Throw.Run("places", size)}, or back "
                + "from -1", nameof(index));
        return Slice(at, place, place + 1).Squeeze(at);
    }

    /// <summary>Stretches axes of size 1, and adds axes in front, to fill a shape.</summary>
    public Tensor Expand(Shape to)
    {
        var shape = Shape;
        int more = to.Rank - shape.Rank;
        if (more < 0) Throw.Argument($"expand {shape} to {to}: it has more axes than the goal", nameof(to));
        Span<int> from = stackalloc int[shape.Rank];
        Moves.Strides(shape.Span, from);
        var strides = default(Strides);
        for (int i = 0; i < shape.Rank; i++)
        {
            if (shape[i] != to[more + i] && shape[i] != 1)
                Throw.Argument($"expand {shape} to {to}: axis {more + i} is {shape[i]} and should become "
                    + $"{to[more + i]}: only a size of 1 stretches",
                    nameof(to));
            strides[more + i] = shape[i] == 1 ? 0 : from[i];
        }
        return ChainRule.Op.Run(new Move(0, strides), to, this);
    }

    /// <summary>A shape with an axis more, before axis at.</summary>
    static Shape With(Shape shape, int at, int size) =>
        Shape.Join(shape.Span[..at], Shape.Join([size], shape.Span[at..]).Span);

    static int NewAxis(string asked, int axis, Shape shape)
    {
        if (axis < -shape.Rank - 1 || axis > shape.Rank)
            Throw.OutOfRange($"{asked}: new axis {axis} for {shape}: it can stand from {-shape.Rank - 1} to "
                + $"{shape.Rank}", nameof(axis));
        return axis < 0 ? axis + shape.Rank + 1 : axis;
    }

    Tensor Transposed()
    {
        Throw.Argument($"T of {Shape}: only a matrix has one: say Transpose(axisA, axisB) or Permute(axes)");
        return this;
    }

    Shape Inferred(ReadOnlySpan<int> sizes)
    {
        int open = sizes.IndexOf(-1), known = 1;
        if (open < 0)
        {
            var given = Shape.Create(sizes);
            if (given.Elements != Count)
                Throw.Argument($"reshape: {Shape} does not fill {given}: {Count} numbers for {given.Elements} places",
                    nameof(sizes));
            return given;
        }
        Span<int> filled = stackalloc int[sizes.Length];
        sizes.CopyTo(filled);
        for (int i = 0; i < sizes.Length; i++) if (i != open) known *= sizes[i];
        if (known <= 0 || Count % known != 0 || sizes[(open + 1)..].Contains(-1))
            Throw.Argument($"reshape: {Shape} to [{string.Join(", ", sizes.ToArray())}]: no single size in the place "
                + $"of -1 makes {Count} numbers",
                nameof(sizes));
        filled[open] = Count / known;
        return Shape.Create(filled);
    }
}
