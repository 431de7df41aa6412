using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>y = x Wᵀ + b for each row: the product goes on from the bias;  dx = dy W, dW = dyᵀ x, db = Σ dy.</summary>
/// <param name="rows">How many rows.</param>
/// <param name="inputs">How many numbers of a row go in.</param>
/// <param name="outputs">How many come out.</param>
/// <param name="relu">Whether y is max(y, 0): in predictions, which have no backward pass.</param>
readonly struct LinearMap(int rows, int inputs, int outputs, bool relu = false) : IOp
{
    Linearity IOp.Linearity => Linearity.InEach;

    int IOp.Addend => 2;

    OpText IOp.Text => new("y[r,o] = Σ_k x[r,k] w[o,k] + b[o]", "dx[r,k] = Σ_o dy[r,o] w[o,k]",
        "dw[o,k] = Σ_r dy[r,o] x[r,k]", "db[o] = Σ_r dy[r,o]");

    bool IOp.Reaches<T>(Frame<T> f, int i, int at, List<LocalDerivative> found)
    {
        ReadOnlySpan<T> x = f.X(0), w = f.X(1);
        if (i == 0)
        {
            for (int o = 0, r = at / inputs, k = at % inputs; o < outputs; o++)
                found.Add(new(0, r * outputs + o, double.CreateTruncating(w[o * inputs + k]), 1, o * inputs + k));
            return true;
        }
        for (int r = 0; r < rows; r++)
        {
            int k = r * inputs + at % inputs;
            found.Add(i == 1 ? new(0, r * outputs + at / inputs, double.CreateTruncating(x[k]), 0, k)
                : new(0, r * outputs + at, 1));
        }
        return true;
    }

    bool IOp.Reads<T>(Frame<T> f, int at, List<LocalDerivative> found)
    {
        int r = at / outputs, o = at % outputs;
        for (int k = 0; k < inputs; k++)
        {
            found.Add(new(0, r * inputs + k, double.CreateTruncating(f.X(1)[o * inputs + k]), 1, o * inputs + k));
            found.Add(new(1, o * inputs + k, double.CreateTruncating(f.X(0)[r * inputs + k]), 0, r * inputs + k));
        }
        found.Add(new(2, o, 1));
        return true;
    }

    void IOp.Forward<T>(Frame<T> f)
    {
        var y = f.Y;
        if (!f.MultiplyBytes(1, rows, f.X(0), f.X(2), inputs, outputs, y))
            Gemm.Multiply(rows, inputs, outputs, new Factor<T>(f.X(0), inputs),
                f.Right(1, inputs, outputs, transposed: true), f.X(2), y);
        if (relu) TensorPrimitives.Max(y, T.Zero, y);
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
    public Tensor Linear(Tensor weight, Tensor bias) => Linear(weight, bias, relu: false);

    /// <summary>With max(y, 0) in the same pass, for predictions.</summary>
    internal Tensor Linear(Tensor weight, Tensor bias, bool relu)
    {
        Shape x = Shape, w = weight.Shape;
        if (x.Rank == 0 || w.Rank != 2 || x[^1] != w[1] || bias.Shape != [w[0]])
            Throw.Argument($"linear: x {x}, weight {w} and bias {bias.Shape} do not chain: give [.., inputs], "
                + "[outputs, inputs] and [outputs]",
                nameof(weight));
        int rows = w[1] == 0 ? Shape.Create(x.Span[..^1]).Elements : Count / w[1];
        return ChainRule.Op.Run(new LinearMap(rows, w[1], w[0], relu), x.With(x.Rank - 1, w[0]), this, weight, bias);
    }
}
