using ChainRule.Kernels;

namespace ChainRule;

/// <summary>
/// x̂ = (x − mean) / √(var + ε) for each feature over all other axes, var = Σ (x − mean)² / d, y = γ x̂ + β;
/// dβ = Σ dy, dγ = Σ dy x̂, dx = γ / √(var + ε) · (dy − dβ / n − x̂ dγ / d). Saved: mean and variance.
/// </summary>
readonly struct BatchNorm(int axis, int inner, int divisor, double eps) : IOp
{
    (string Name, object Value)[] IOp.Attributes => [("axis", axis), ("divisor", divisor), ("eps", eps)];

    OpText IOp.Text => new("y = γ (x − mean) / √(var + ε) + β",
        "dx = γ / √(var + ε) · (dy − dβ / n − x̂ dγ / d)", "dγ = Σ dy x̂", "dβ = Σ dy");

    Tensor[] IOp.Unfold(ReadOnlySpan<Tensor> x)
    {
        int[] others = Others(x[0].Rank), features = [.. x[0].Shape.Span];
        foreach (int one in others) features[one] = 1;
        var away = x[0] - x[0].Mean(others, keepDim: true);
        var deviation = (away.Square().Sum(others, keepDim: true) / divisor + eps).Sqrt();
        return [away / deviation * x[1].Reshape(features) + x[2].Reshape(features)];
    }

    void IOp.Forward<T>(Frame<T> f)
    {
        Span<T> mean = f.Save(f.XShape(1)), var = f.Save(f.XShape(1));
        if (inner == 1) ColumnNorm.Forward(f.X(), f.X(1), f.X(2), eps, divisor, mean, var, f.Y);
        else new PlaneNorm(mean.Length, inner, divisor, eps).Forward(f.X(), f.X(1), f.X(2), mean, var, f.Y);
    }

    void IOp.Backward<T>(Frame<T> f)
    {
        Span<T> dgain = f.RequiresGrad(1) ? f.DX(1) : default, dbias = f.RequiresGrad(2) ? f.DX(2) : default;
        var dx = f.RequiresGrad(0) ? f.Gradient(0) : default;
        Span<T> mean = f.Saved(0), var = f.Saved(1);
        if (inner == 1)
            ColumnNorm.Backward(f.X(), f.X(1), eps, divisor, mean, var, f.DY, dgain, dbias, dx.Numbers,
                first: !dx.Adds);
        else new PlaneNorm(mean.Length, inner, divisor, eps).Backward(f.X(), f.X(1), mean, var, f.DY, dgain, dbias, dx);
    }

    /// <summary>All axes but that of the features.</summary>
    int[] Others(int rank)
    {
        int[] others = new int[rank - 1];
        for (int i = 0; i < others.Length; i++) others[i] = i < axis ? i : i + 1;
        return others;
    }

    Tensor? IOp.GradientOf(int i, ReadOnlySpan<Tensor> x, Tensor y, Tensor dy)
    {
        int[] others = Others(y.Rank), gain = [.. y.Shape.Span];
        foreach (int one in others) gain[one] = 1;
        if (i == 2) return dy.Sum(others);
        var away = x[0] - x[0].Mean(others, keepDim: true);
        var inverse = (away.Square().Sum(others, keepDim: true) / divisor + eps).Pow(-0.5);
        var normal = away * inverse;
        if (i == 1) return (dy * normal).Sum(others);
        var along = normal * ((dy * normal).Sum(others, keepDim: true) / divisor);
        return x[1].Reshape(gain) * inverse * (dy - dy.Mean(others, keepDim: true) - along);
    }
}

public readonly partial struct Tensor
{
    /// <summary>
    /// Batch normalisation over every axis but one: y = γ (x − mean) / √(var + ε) + β, with the
    /// batch's own mean and variance.
    /// </summary>
    /// <param name="gain">γ, one for each feature.</param>
    /// <param name="bias">β, one for each feature.</param>
    /// <param name="eps">ε.</param>
    /// <param name="mean">The batch's mean of each feature; no gradient flows through it.</param>
    /// <param name="var">The batch's variance of each feature; no gradient flows through it.</param>
    /// <param name="unbiased">Whether the variance is over n − 1, as <see cref="Var(int, bool, bool)"/> has
    /// it, and not over n.</param>
    /// <param name="axis">Which axis holds the features: the last, or 1 for [N, C, L] and [N, C, H, W].</param>
    /// <remarks>Ioffe and Szegedy, 2015.</remarks>
    public Tensor BatchNorm(
        Tensor gain, Tensor bias, double eps, out Tensor mean, out Tensor var, bool unbiased = false, int axis = -1)
    {
        var shape = CheckNorm("batch norm", gain, bias, axis);
        Throw.IfNegative(eps, "batch norm", "eps");
        int at = shape.Axis(axis, "batch norm"), features = shape[at],
            rows = features == 0 ? 0 : Count / features, inner = 1;
        foreach (int size in shape.Span[(at + 1)..]) inner *= size;
        if (rows < 2)
            Throw.Argument($"batch norm of {shape}: {rows} row{(rows == 1 ? " has" : "s have")} no variance: give a "
                + "batch of at least 2, or call Eval() on the model");
        var y = ChainRule.Op.Run(new BatchNorm(at, inner, unbiased ? rows - 1 : rows, eps), shape,
            [Slot, gain.Slot, bias.Slot], out var saved);
        (mean, var) = (new(saved[0]), new(saved[1]));
        return y;
    }
}
