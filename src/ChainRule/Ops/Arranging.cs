using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>y = x with an axis backward;  dx = dy with that axis backward.</summary>
readonly struct Flip(ReducedAxes fold) : IOp
{
    (string Name, object Value)[] IOp.Attributes =>
    [
        ("outer", fold.Outer), ("count", fold.Count), ("inner", fold.Inner)
    ];

    OpText IOp.Text => new("y = x with an axis backward", "dx = dy with that axis backward");

    Linearity IOp.Linearity => Linearity.Jointly;

    void IOp.Forward<T>(Frame<T> f)
    {
        for (int o = 0; o < fold.Outer; o++)
            for (int i = 0; i < fold.Count; i++) fold.Row(f.X(), o, fold.Count - 1 - i).CopyTo(fold.Row(f.Y, o, i));
    }

    void IOp.Backward<T>(Frame<T> f)
    {
        if (!f.RequiresGrad()) return;
        for (int o = 0; o < fold.Outer; o++)
        {
            for (int i = 0; i < fold.Count; i++)
            {
                var dx = fold.Row(f.DX(), o, fold.Count - 1 - i);
                TensorPrimitives.Add(dx, fold.Row(f.DY, o, i), dx);
            }
        }
    }
}

public readonly partial struct Tensor
{
    /// <summary>The numbers along each of the axes named in reverse order.</summary>
    public Tensor Flip(params ReadOnlySpan<int> axes)
    {
        var y = this;
        int seen = 0;
        foreach (int axis in axes)
        {
            int at = Shape.Axis(axis, "flip", nameof(axes));
            if ((seen & 1 << at) != 0) Throw.Argument($"flip: axis {axis} of {Shape} is named twice", nameof(axes));
            seen |= 1 << at;
            y.Folded("flip", [at], keepDim: true, out var fold, out _);
            y = ChainRule.Op.Run(new Flip(fold), Shape, y);
        }
        return y;
    }

    /// <summary>
    /// This tensor set side by side along each axis as often as the counts say; further counts in front make new axes.
    /// PyTorch's repeat, NumPy's tile.
    /// </summary>
    /// <exception cref="ArgumentException">There are fewer counts than axes, or one is negative.</exception>
    public Tensor Repeat(params ReadOnlySpan<int> counts)
    {
        var shape = Shape;
        string text = $"[{string.Join(", ", counts.ToArray())}]";
        int more = counts.Length - shape.Rank;
        if (more < 0)
            Throw.Argument($"repeat {shape} {text} times: give a count for each of the {shape.Rank} axes",
                nameof(counts));
        if (2 * counts.Length > Shape.MaxRank)
            Throw.Argument($"repeat {shape} {text} times: {counts.Length} axes: give at most {Shape.MaxRank / 2}",
                nameof(counts));
        // Each axis is taken apart into [count, size], of which the first is stretched.
        Span<int> apart = stackalloc int[2 * counts.Length], wide = stackalloc int[2 * counts.Length],
            together = stackalloc int[counts.Length];
        for (int i = 0; i < counts.Length; i++)
        {
            if (counts[i] < 0)
                Throw.Argument($"repeat {shape} {text} times: {counts[i]} times: give 0 or more", nameof(counts));
            int size = i < more ? 1 : shape[i - more];
            (apart[2 * i], apart[2 * i + 1], wide[2 * i], wide[2 * i + 1], together[i]) =
                (1, size, counts[i], size, counts[i] * size);
        }
        return Reshape(apart).Expand(Shape.Create(wide)).Reshape(together);
    }

    /// <summary>Parts of an axis of the sizes given, one after another; they must add up to the axis.</summary>
    public Tensor[] Split(int axis, params ReadOnlySpan<int> sizes)
    {
        var shape = Shape;
        int at = shape.Axis(axis, "split"), from = 0;
        long sum = 0;
        foreach (int size in sizes) sum += size < 0 ? long.MinValue / 2 : size;
        if (sum != shape[at])
            Throw.Argument($"split axis {axis} of {shape} into [{string.Join(", ", sizes.ToArray())}]: give sizes of 0 "
                + $"or more that add up to {shape[at]}",
                nameof(axis));
        var parts = new Tensor[sizes.Length];
        for (int i = 0; i < parts.Length; from += sizes[i++]) parts[i] = Slice(at, from, from + sizes[i]);
        return parts;
    }

    /// <summary>
    /// An axis cut into a given number of parts of equal size, the last smaller where it does not divide; fewer parts
    /// where the axis is too short.
    /// </summary>
    public Tensor[] Chunk(int axis, int parts)
    {
        var shape = Shape;
        int at = shape.Axis(axis, "chunk"), size = shape[at];
        if (parts < 1)
            Throw.Argument($"chunk axis {axis} of {shape} into {parts} parts: give 1 or more", nameof(parts));
        int each = Math.Max(1, (size + parts - 1) / parts);
        int[] sizes = new int[Math.Max(1, (size + each - 1) / each)];
        for (int i = 0; i < sizes.Length; i++) sizes[i] = Math.Min(each, size - i * each);
        return Split(at, sizes);
    }

    /// <summary>
    /// The numbers whose places along two axes are equal; both axes go, and one for the diagonal stands last.
    /// </summary>
    /// <exception cref="ArgumentException">The axes are one, or of different sizes.</exception>
    public Tensor Diagonal(int axisA = -2, int axisB = -1)
    {
        var shape = Shape;
        int a = shape.Axis(axisA, "diagonal"), b = shape.Axis(axisB, "diagonal");
        if (a == b || shape[a] != shape[b])
            Throw.Argument($"diagonal of axes {axisA} and {axisB} of {shape}: give two axes of one size",
                nameof(axisA));
        Span<int> from = stackalloc int[shape.Rank], sizes = stackalloc int[shape.Rank - 1];
        Moves.Strides(shape.Span, from);
        var strides = default(Strides);
        int kept = 0;
        for (int axis = 0; axis < shape.Rank; axis++) if (axis != a && axis != b)
            (sizes[kept], strides[kept++]) = (shape[axis], from[axis]);
        (sizes[kept], strides[kept]) = (shape[a], from[a] + from[b]);
        return ChainRule.Op.Run(new Move(0, strides), Shape.Create(sizes), this);
    }
}
