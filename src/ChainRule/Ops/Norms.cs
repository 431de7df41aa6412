using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>
/// x̂ = (x − mean) / √(var + ε) for each row, y = γ x̂ + β;
/// dβ = Σ dy, dγ = Σ dy x̂, dx = (g − mean g − x̂ mean(g x̂)) / √(var + ε) with g = γ dy. Saved: mean and
/// 1 / √(var + ε) of each row.
/// </summary>
readonly struct LayerNorm(int width, double eps) : IOp
{
    (string Name, object Value)[] IOp.Attributes => [("width", width), ("eps", eps)];

    OpText IOp.Text => new("y = γ (x − mean) / √(var + ε) + β",
        "dx = (g − mean g − x̂ mean(g x̂)) / √(var + ε), g = γ dy", "dγ = Σ dy x̂", "dβ = Σ dy");

    Tensor[] IOp.Unfold(ReadOnlySpan<Tensor> x)
    {
        var away = x[0] - x[0].Mean(-1, keepDim: true);
        return [away / (away.Square().Mean(-1, keepDim: true) + eps).Sqrt() * x[1] + x[2]];
    }

    /// <summary>As many columns as scratch room on the stack is taken for.</summary>
    const int StackColumns = 1024;

    void IOp.Forward<T>(Frame<T> f) =>
        LayerNormRows.Forward(f.X(), f.X(1), f.X(2), eps, f.Save([f.X().Length / Math.Max(1, width), 2]), f.Y);

    void IOp.Backward<T>(Frame<T> f)
    {
        // What nobody wants is summed in scratch room.
        Span<T> room = f.RequiresGrad(1) && f.RequiresGrad(2) ? default
            : width <= StackColumns ? stackalloc T[width] : new T[width];
        var dx = f.RequiresGrad(0) ? f.Gradient(0) : default;
        LayerNormRows.Backward(f.X(), f.X(1), f.Saved(), f.DY, f.RequiresGrad(1) ? f.DX(1) : room,
            f.RequiresGrad(2) ? f.DX(2) : room, dx.Numbers, add: dx.Adds);
    }

    Tensor? IOp.GradientOf(int i, ReadOnlySpan<Tensor> x, Tensor y, Tensor dy)
    {
        if (i == 2) return OverRows(dy);
        var away = x[0] - x[0].Mean(-1, keepDim: true);
        var inverse = (away.Square().Mean(-1, keepDim: true) + eps).Pow(-0.5);
        var normal = away * inverse;
        if (i == 1) return OverRows(dy * normal);
        var g = dy * x[1];
        return inverse * (g - g.Mean(-1, keepDim: true) - normal * (g * normal).Mean(-1, keepDim: true));

        Tensor OverRows(Tensor x) => x.Reshape(-1, x.Shape[^1]).Sum(0);
    }
}

public readonly partial struct Tensor
{
    /// <summary>
    /// Layer normalisation over the last axis: y = γ (x − mean) / √(var + ε) + β, each row by itself.
    /// </summary>
    /// <remarks>Ba, Kiros and Hinton, 2016.</remarks>
    public Tensor LayerNorm(Tensor gain, Tensor bias, double eps = 1e-5)
    {
        var shape = CheckNorm("layer norm", gain, bias);
        Throw.IfNegative(eps, "layer norm", "eps");
        return ChainRule.Op.Run(new LayerNorm(shape[^1], eps), shape, this, gain, bias);
    }

    Shape CheckNorm(string asked, Tensor gain, Tensor bias, int axis = -1)
    {
        var shape = Shape;
        if (shape.Rank == 0) Throw.Argument($"{asked} of []: a single number has no columns");
        int features = shape[shape.Axis(axis, asked)];
        if (gain.Shape != [features] || bias.Shape != gain.Shape)
            Throw.Argument($"{asked} of {shape}: gain {gain.Shape} and bias {bias.Shape} must both be [{features}]",
                nameof(gain));
        if (gain.DType != DType || bias.DType != DType)
            Throw.Mixed(asked, DType, gain.DType != DType ? gain.DType : bias.DType,
            gain.DType != DType ? nameof(gain) : nameof(bias));
        return shape;
    }
}
