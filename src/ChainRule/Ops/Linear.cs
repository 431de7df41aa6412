using ChainRule.Kernels;

namespace ChainRule;

/// <summary>y = x Wᵀ + b for each row: the product goes on from the bias;  dx = dy W, dW = dyᵀ x, db = Σ dy.</summary>
readonly struct LinearMap(int rows, int inputs, int outputs) : IOp
{
    Linearity IOp.Linearity => Linearity.InEach;

    int IOp.Addend => 2;

    void IOp.Forward<T>(Frame<T> f)
    {
        var y = f.Y;
        Rows.Fill(f.X(2), y);
        Gemm.Multiply(rows, inputs, outputs, f.X(0), false, f.X(1), true, y, add: true);
    }

    void IOp.Backward<T>(Frame<T> f)
    {
        if (f.RequiresGrad(0)) Gemm.Multiply(rows, outputs, inputs, f.DY, false, f.X(1), false, f.Gradient(0));
        if (f.RequiresGrad(1)) Gemm.Multiply(outputs, rows, inputs, f.DY, true, f.X(0), false, f.Gradient(1));
        if (f.RequiresGrad(2)) Rows.AddSum(f.DY, f.DX(2));
    }
}

public readonly partial struct Tensor
{
    /// <summary>y = x Wᵀ + b along the last axis, product and bias in one pass: [.., inputs] → [.., outputs].</summary>
    /// <param name="weight">W, [outputs, inputs].</param>
    /// <param name="bias">b, [outputs].</param>
    public Tensor Linear(Tensor weight, Tensor bias)
    {
        Shape x = Shape, w = weight.Shape;
        if (x.Rank == 0 || w.Rank != 2 || x[^1] != w[1] || bias.Shape != [w[0]])
            Throw.Argument($"linear: x {x}, weight {w} and bias {bias.Shape} do not chain: give [.., inputs], "
                + "[outputs, inputs] and [outputs]",
                nameof(weight));
        int rows = w[1] == 0 ? Shape.Create(x.Span[..^1]).Elements : Count / w[1];
        return ChainRule.Op.Run(new LinearMap(rows, w[1], w[0]), x.With(x.Rank - 1, w[0]), this, weight, bias);
    }
}
