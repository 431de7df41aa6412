using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>
/// x̂ = (x − mean) / √(var + ε) for each column over the rows, y = γ x̂ + β;
/// dβ = Σ dy, dγ = Σ dy x̂, dx = γ / (n √(var + ε)) · (n dy − dβ − x̂ dγ). Inputs 3 and 4 are notes: mean and variance (over n).
/// </summary>
readonly struct BatchNorm(int rows, int columns, double eps) : IOp
{
    int IOp.Notes => 2;

    void IOp.Forward<T>(Frame<T> f)
    {
        var x = f.X();
        var mean = f.Note(3);
        var var = f.Note(4);
        T n = T.CreateTruncating(rows);
        Span<T> scale = new T[columns];
        Rows.Sum(x, mean);
        TensorPrimitives.Divide(mean, n, mean);
        Rows.SumSquares(x, mean, var);
        TensorPrimitives.Divide(var, n, var);
        Inverse(var, scale);
        for (int r = 0; r < rows; r++)
        {
            var y = f.Y.Slice(r * columns, columns);
            TensorPrimitives.Subtract(x.Slice(r * columns, columns), mean, y);
            TensorPrimitives.Multiply<T>(y, scale, y);
            TensorPrimitives.MultiplyAdd(y, f.X(1), f.X(2), y);
        }
    }

    void IOp.Backward<T>(Frame<T> f)
    {
        var x = f.X();
        var dy = f.DY;
        var gain = f.X(1);
        var mean = f.Note(3);
        T n = T.CreateTruncating(rows);
        Span<T> inverse = new T[columns], sum = new T[columns], dot = new T[columns], hat = new T[columns];
        Inverse(f.Note(4), inverse);
        for (int r = 0; r < rows; r++)
        {
            var row = dy.Slice(r * columns, columns);
            Hat(x.Slice(r * columns, columns), mean, inverse, hat);
            TensorPrimitives.Add(sum, row, sum);
            TensorPrimitives.MultiplyAdd(row, hat, dot, dot);
        }
        if (f.Wants(1)) TensorPrimitives.Add(f.DX(1), dot, f.DX(1));
        if (f.Wants(2)) TensorPrimitives.Add(f.DX(2), sum, f.DX(2));
        if (!f.Wants(0)) return;
        for (int r = 0; r < rows; r++)
        {
            var row = dy.Slice(r * columns, columns);
            var dx = f.DX(0).Slice(r * columns, columns);
            Hat(x.Slice(r * columns, columns), mean, inverse, hat);
            for (int c = 0; c < columns; c++) dx[c] += gain[c] * inverse[c] / n * (n * row[c] - sum[c] - hat[c] * dot[c]);
        }
    }

    void Inverse<T>(ReadOnlySpan<T> var, Span<T> inverse) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        TensorPrimitives.Add(var, T.CreateTruncating(eps), inverse);
        TensorPrimitives.Sqrt<T>(inverse, inverse);
        TensorPrimitives.Reciprocal<T>(inverse, inverse);
    }

    static void Hat<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> mean, ReadOnlySpan<T> inverse, Span<T> hat) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        TensorPrimitives.Subtract(x, mean, hat);
        TensorPrimitives.Multiply(hat, inverse, hat);
    }
}

/// <summary>
/// x̂ = (x − mean) / √(var + ε) for each row, y = γ x̂ + β;
/// dβ = Σ dy, dγ = Σ dy x̂, dx = (g − mean g − x̂ mean(g x̂)) / √(var + ε) with g = γ dy. Input 3 is a note: mean and 1 / √(var + ε) of each row.
/// </summary>
readonly struct LayerNorm(int width, double eps) : IOp
{
    int IOp.Notes => 1;

    void IOp.Forward<T>(Frame<T> f)
    {
        var note = f.Note(3);
        for (int r = 0, at = 0; at < f.Y.Length; r++, at += width)
        {
            var x = f.X().Slice(at, width);
            var y = f.Y.Slice(at, width);
            var (mean, var) = Rows.Moments(x, y);
            (note[2 * r], note[2 * r + 1]) = (mean, T.One / T.Sqrt(var + T.CreateTruncating(eps)));
            TensorPrimitives.Multiply(y, note[2 * r + 1], y);
            TensorPrimitives.MultiplyAdd(y, f.X(1), f.X(2), y);
        }
    }

    void IOp.Backward<T>(Frame<T> f)
    {
        var note = f.Note(3);
        Span<T> hat = new T[width], g = new T[width];
        for (int r = 0, at = 0; at < f.DY.Length; r++, at += width)
        {
            var dy = f.DY.Slice(at, width);
            TensorPrimitives.Subtract(f.X().Slice(at, width), note[2 * r], hat);
            TensorPrimitives.Multiply(hat, note[2 * r + 1], hat);
            if (f.Wants(1)) TensorPrimitives.MultiplyAdd(dy, hat, f.DX(1), f.DX(1));
            if (f.Wants(2)) TensorPrimitives.Add(f.DX(2), dy, f.DX(2));
            if (!f.Wants(0)) continue;
            TensorPrimitives.Multiply(dy, f.X(1), g);
            T n = T.CreateTruncating(width), mean = TensorPrimitives.Sum<T>(g) / n, dot = TensorPrimitives.Dot<T>(g, hat) / n;
            var dx = f.DX(0).Slice(at, width);
            for (int i = 0; i < width; i++) dx[i] += (g[i] - mean - hat[i] * dot) * note[2 * r + 1];
        }
    }
}

public readonly partial struct Tensor
{
    /// <summary>
    /// Batch normalisation over every axis but the last: y = γ (x − mean) / √(var + ε) + β, with the batch's own mean and variance (over n).
    /// </summary>
    /// <param name="gain">γ, one for each column.</param>
    /// <param name="bias">β, one for each column.</param>
    /// <param name="eps">ε.</param>
    /// <param name="mean">The batch's mean of each column; no gradient flows through it.</param>
    /// <param name="var">The batch's variance of each column, over n; no gradient flows through it.</param>
    /// <remarks>Ioffe and Szegedy, 2015.</remarks>
    public Tensor BatchNorm(Tensor gain, Tensor bias, double eps, out Tensor mean, out Tensor var)
    {
        var shape = CheckNorm("batch norm", gain, bias);
        int columns = shape[^1], rows = columns == 0 ? 0 : Count / columns;
        if (rows < 2)
            Throw.Argument($"batch norm of {shape}: {rows} row{(rows == 1 ? " has" : "s have")} no variance: give a batch of at least 2, or call Eval() on the model");
        mean = Zeros([columns], DType);
        var = Zeros([columns], DType);
        return ChainRule.Op.Run(new BatchNorm(rows, columns, eps), shape, [Slot, gain.Slot, bias.Slot, mean.Slot, var.Slot]);
    }

    /// <summary>Layer normalisation over the last axis: y = γ (x − mean) / √(var + ε) + β, each row by itself.</summary>
    /// <remarks>Ba, Kiros and Hinton, 2016.</remarks>
    public Tensor LayerNorm(Tensor gain, Tensor bias, double eps = 1e-5)
    {
        var shape = CheckNorm("layer norm", gain, bias);
        int rows = shape[^1] == 0 ? 0 : Count / shape[^1];
        return ChainRule.Op.Run(new LayerNorm(shape[^1], eps), shape, [Slot, gain.Slot, bias.Slot, Slot.Make([rows, 2], DType)]);
    }

    Shape CheckNorm(string asked, Tensor gain, Tensor bias)
    {
        var shape = Shape;
        if (shape.Rank == 0) Throw.Argument($"{asked} of []: a single number has no columns");
        if (gain.Shape != [shape[^1]] || bias.Shape != gain.Shape)
            Throw.Argument($"{asked} of {shape}: gain {gain.Shape} and bias {bias.Shape} must both be [{shape[^1]}]");
        if (gain.DType != DType || bias.DType != DType) Throw.Mixed(asked, DType, gain.DType != DType ? gain.DType : bias.DType);
        return shape;
    }
}
