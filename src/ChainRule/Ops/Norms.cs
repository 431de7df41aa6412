using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>
/// x̂ = (x − mean) / √(var + ε) for each column over the rows, y = γ x̂ + β;
/// dβ = Σ dy, dγ = Σ dy x̂, dx = γ / √(var + ε) · (dy − dβ / n − x̂ dγ / n). Inputs 3 and 4 are notes: mean and variance (over n).
/// </summary>
readonly struct BatchNorm(int rows, int columns, double eps) : IOp
{
    /// <summary>As many columns as scratch room on the stack is taken for.</summary>
    const int StackColumns = 1024;

    int IOp.Notes => 2;

    void IOp.Forward<T>(Frame<T> f)
    {
        var x = f.X();
        var mean = f.Note(3);
        var var = f.Note(4);
        T n = T.CreateTruncating(rows);
        Span<T> scale = columns <= StackColumns ? stackalloc T[columns] : new T[columns];
        Rows.Sum(x, mean);
        TensorPrimitives.Divide(mean, n, mean);
        Rows.SumSquares(x, mean, var);
        TensorPrimitives.Divide(var, n, var);
        Inverse(var, scale);
        TensorPrimitives.Multiply(scale, f.X(1), scale);
        for (int at = 0; at < x.Length; at += columns)
            RowLoop.Each(new Normal<T>(x.Slice(at, columns), mean, scale, f.X(2)), f.Y.Slice(at, columns));
    }

    void IOp.Backward<T>(Frame<T> f)
    {
        var x = f.X();
        var dy = f.DY;
        var mean = f.Note(3);
        T n = T.CreateTruncating(rows);
        Span<T> room = columns <= StackColumns ? stackalloc T[3 * columns] : new T[3 * columns];
        Span<T> inverse = room[..columns], bias = room.Slice(columns, columns), gain = room[(2 * columns)..];
        Inverse(f.Note(4), inverse);
        Rows.Sum(dy, bias);
        gain.Clear();
        for (int at = 0; at < x.Length; at += columns)
            RowLoop.Each(new Dot<T>(x.Slice(at, columns), mean, dy.Slice(at, columns)), gain, add: true);
        TensorPrimitives.Multiply(gain, inverse, gain);
        if (f.Wants(1)) TensorPrimitives.Add(f.DX(1), gain, f.DX(1));
        if (f.Wants(2)) TensorPrimitives.Add(f.DX(2), bias, f.DX(2));
        if (!f.Wants(0)) return;

        // What is the same for all rows is computed once: dβ / n, then dγ / n √(var + ε), and γ / √(var + ε).
        TensorPrimitives.Divide(bias, n, bias);
        TensorPrimitives.Multiply(gain, inverse, gain);
        TensorPrimitives.Divide(gain, n, gain);
        TensorPrimitives.Multiply(inverse, f.X(1), inverse);
        var dx = f.DX(0, out bool first);
        for (int at = 0; at < x.Length; at += columns)
            RowLoop.Each(new Slope<T>(x.Slice(at, columns), mean, dy.Slice(at, columns), bias, gain, inverse), dx.Slice(at, columns), add: !first);
    }

    void Inverse<T>(ReadOnlySpan<T> var, Span<T> inverse) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TensorPrimitives.Add(var, T.CreateTruncating(eps), inverse);
        TensorPrimitives.Sqrt<T>(inverse, inverse);
        TensorPrimitives.Reciprocal<T>(inverse, inverse);
    }

    readonly ref struct Normal<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> mean, ReadOnlySpan<T> scale, ReadOnlySpan<T> bias) : IRow<T>
        where T : unmanaged, INumber<T>
    {
        readonly ReadOnlySpan<T> _x = x, _mean = mean, _scale = scale, _bias = bias;

        public Vector<T> At<P>(P i) where P : struct, IPlace =>
            (_x.At(i) - _mean.At(i)) * _scale.At(i) + _bias.At(i);
    }

    readonly ref struct Dot<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> mean, ReadOnlySpan<T> dy) : IRow<T> where T : unmanaged, INumber<T>
    {
        readonly ReadOnlySpan<T> _x = x, _mean = mean, _dy = dy;

        public Vector<T> At<P>(P i) where P : struct, IPlace =>
            (_x.At(i) - _mean.At(i)) * _dy.At(i);
    }

    readonly ref struct Slope<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> mean, ReadOnlySpan<T> dy, ReadOnlySpan<T> bias, ReadOnlySpan<T> gain, ReadOnlySpan<T> scale)
        : IRow<T> where T : unmanaged, INumber<T>
    {
        readonly ReadOnlySpan<T> _x = x, _mean = mean, _dy = dy, _bias = bias, _gain = gain, _scale = scale;

        public Vector<T> At<P>(P i) where P : struct, IPlace =>
            _scale.At(i) * (_dy.At(i) - _bias.At(i) - (_x.At(i) - _mean.At(i)) * _gain.At(i));
    }
}

/// <summary>
/// x̂ = (x − mean) / √(var + ε) for each row, y = γ x̂ + β;
/// dβ = Σ dy, dγ = Σ dy x̂, dx = (g − mean g − x̂ mean(g x̂)) / √(var + ε) with g = γ dy. Input 3 is a note: mean and 1 / √(var + ε) of each row.
/// </summary>
readonly struct LayerNorm(int width, double eps) : IOp
{
    /// <summary>As many columns as scratch room on the stack is taken for.</summary>
    const int StackColumns = 1024;

    int IOp.Notes => 1;

    void IOp.Forward<T>(Frame<T> f) => LayerNormRows.Forward(f.X(), f.X(1), f.X(2), eps, f.Note(3), f.Y);

    void IOp.Backward<T>(Frame<T> f)
    {
        // What nobody wants is summed in scratch room.
        Span<T> room = f.Wants(1) && f.Wants(2) ? default : width <= StackColumns ? stackalloc T[width] : new T[width];
        bool first = false;
        var dx = f.Wants(0) ? f.DX(0, out first) : default;
        LayerNormRows.Backward(f.X(), f.X(1), f.Note(3), f.DY, f.Wants(1) ? f.DX(1) : room, f.Wants(2) ? f.DX(2) : room, dx, add: !first);
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
