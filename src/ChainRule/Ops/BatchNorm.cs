using ChainRule.Kernels;

namespace ChainRule;

/// <summary>
/// x̂ = (x − mean) / √(var + ε) for each column over the rows, var = Σ (x − mean)² / d, y = γ x̂ + β;
/// dβ = Σ dy, dγ = Σ dy x̂, dx = γ / √(var + ε) · (dy − dβ / n − x̂ dγ / d). Inputs 3 and 4 are notes: mean and variance.
/// </summary>
readonly struct BatchNorm(int divisor, double eps) : IOp
{
    int IOp.Notes => 2;

    void IOp.Forward<T>(Frame<T> f) => ColumnNorm.Forward(f.X(), f.X(1), f.X(2), eps, divisor, f.Note(3), f.Note(4), f.Y);

    void IOp.Backward<T>(Frame<T> f)
    {
        bool first = false;
        Span<T> dgain = f.RequiresGrad(1) ? f.DX(1) : default, dbias = f.RequiresGrad(2) ? f.DX(2) : default, dx = f.RequiresGrad(0) ? f.DX(0, out first) : default;
        ColumnNorm.Backward(f.X(), f.X(1), eps, divisor, f.Note(3), f.Note(4), f.DY, dgain, dbias, dx, first);
    }
}

public readonly partial struct Tensor
{
    /// <summary>
    /// Batch normalisation over every axis but the last: y = γ (x − mean) / √(var + ε) + β, with the batch's own mean and variance.
    /// </summary>
    /// <param name="gain">γ, one for each column.</param>
    /// <param name="bias">β, one for each column.</param>
    /// <param name="eps">ε.</param>
    /// <param name="mean">The batch's mean of each column; no gradient flows through it.</param>
    /// <param name="var">The batch's variance of each column; no gradient flows through it.</param>
    /// <param name="unbiased">Whether the variance is over n − 1, as <see cref="Var(int, bool, bool)"/> has it, and not over n.</param>
    /// <remarks>Ioffe and Szegedy, 2015.</remarks>
    public Tensor BatchNorm(Tensor gain, Tensor bias, double eps, out Tensor mean, out Tensor var, bool unbiased = false)
    {
        var shape = CheckNorm("batch norm", gain, bias);
        Throw.IfNegative(eps, "batch norm", "eps");
        int columns = shape[^1], rows = columns == 0 ? 0 : Count / columns;
        if (rows < 2)
            Throw.Argument($"batch norm of {shape}: {rows} row{(rows == 1 ? " has" : "s have")} no variance: give a batch of at least 2, or call Eval() on the model");
        mean = new(Slot.Make([columns], DType));
        var = new(Slot.Make([columns], DType));
        return ChainRule.Op.Run(new BatchNorm(unbiased ? rows - 1 : rows, eps), shape, [Slot, gain.Slot, bias.Slot, mean.Slot, var.Slot]);
    }
}
