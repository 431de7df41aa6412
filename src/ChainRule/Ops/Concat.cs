using System.Numerics.Tensors;

namespace ChainRule;

/// <summary>
/// Inputs one behind the other along an axis: seen as [outer, width], each output row is the inputs' rows in turn.
/// </summary>
readonly struct Concat(int inputs, int outer) : IOp
{
    (string Name, object Value)[] IOp.Attributes => [("outer", outer)];

    OpText IOp.Text => new("y = the inputs one behind the other", "dx = its part of dy") { IsAlike = true };

    Linearity IOp.Linearity => Linearity.Jointly;

    void IOp.Forward<T>(Frame<T> f)
    {
        int width = outer == 0 ? 0 : f.Y.Length / outer, at = 0;
        for (int i = 0; i < inputs; i++)
        {
            var x = f.X(i);
            int part = outer == 0 ? 0 : x.Length / outer;
            for (int o = 0; o < outer; o++) x.Slice(o * part, part).CopyTo(f.Y.Slice(o * width + at, part));
            at += part;
        }
    }

    void IOp.Backward<T>(Frame<T> f)
    {
        int width = outer == 0 ? 0 : f.DY.Length / outer, at = 0;
        for (int i = 0; i < inputs; i++)
        {
            int part = outer == 0 ? 0 : f.X(i).Length / outer;
            for (int o = 0; f.RequiresGrad(i) && o < outer; o++)
            {
                var dx = f.DX(i).Slice(o * part, part);
                TensorPrimitives.Add(dx, f.DY.Slice(o * width + at, part), dx);
            }
            at += part;
        }
    }
}

public readonly partial struct Tensor
{
    /// <summary>Tensors one behind the other along an axis; all other sizes must agree.</summary>
    public static Tensor Concat(int axis, params ReadOnlySpan<Tensor> parts)
    {
        if (parts.IsEmpty) Throw.Argument("concat: nothing was given: name at least one tensor", nameof(parts));
        var shape = parts[0].Shape;
        int at = shape.Axis(axis, "concat"), total = 0, outer = 1;
        var inputs = new Slot[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            var part = parts[i].Shape;
            if (part.Rank != shape.Rank || part.With(at, shape[at]) != shape)
                Throw.Argument($"concat along axis {axis}: {part} does not fit {shape}: all other sizes must agree",
                    nameof(parts));
            if (parts[i].DType != parts[0].DType) Throw.Mixed("concat", parts[0].DType, parts[i].DType, nameof(parts));
            total += part[at];
            inputs[i] = parts[i].Slot;
        }
        for (int i = 0; i < at; i++) outer *= shape[i];
        return ChainRule.Op.Run(new Concat(inputs.Length, outer), shape.With(at, total), inputs);
    }

    /// <summary>Tensors of one shape along a new axis.</summary>
    public static Tensor Stack(int axis, params ReadOnlySpan<Tensor> parts)
    {
        if (parts.IsEmpty) Throw.Argument("stack: nothing was given: name at least one tensor", nameof(parts));
        var shape = parts[0].Shape;
        int at = NewAxis("stack", axis, shape);
        var sizes = With(shape, at, 1);
        var with = new Tensor[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (parts[i].Shape != shape)
                Throw.Argument($"stack: {parts[i].Shape} is not {shape}: all shapes must be equal", nameof(parts));
            with[i] = parts[i].Reshape(sizes.Span);
        }
        return Concat(at, with);
    }
}
