using System.Numerics;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>
/// y = Σ (x − m)² / d, where m is the mean and d is n − 1 or n; dx = 2 dy (x − m) / d. Saved: the means.
/// </summary>
readonly struct Var(ReducedAxes fold, int divisor) : IOp
{
    (string Name, object Value)[] IOp.Attributes =>
    [
        ("outer", fold.Outer), ("count", fold.Count), ("inner", fold.Inner), ("divisor", divisor)
    ];

    OpText IOp.Text => new($"y = Σ (x − mean)² / {divisor}", $"dx = 2 dy (x − mean) / {divisor}");

    void IOp.Forward<T>(Frame<T> f) => Fill(f.X(), f.Save(f.YShape), f.Y);

    void IOp.Backward<T>(Frame<T> f)
    {
        if (f.RequiresGrad()) AddGradient(f.X(), f.Saved(), f.DY, f.DX());
    }

    /// <summary>The means, and the variances or their roots.</summary>
    public void Fill<T>(ReadOnlySpan<T> x, Span<T> mean, Span<T> y, bool root = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int inner = fold.Inner;
        for (int o = 0; o < fold.Outer; o++)
        {
            var block = fold.Block(x, o);
            if (inner > 1)
            {
                Rows.Moments(block, divisor, root, mean.Slice(o * inner, inner), y.Slice(o * inner, inner));
                continue;
            }
            var (m, squares) = Rows.Moments(block);
            double variance = squares / divisor;
            (mean[o], y[o]) = (T.CreateTruncating(m), T.CreateTruncating(root ? Math.Sqrt(variance) : variance));
        }
    }

    /// <summary>dx += 2 dy (x − m) / d.</summary>
    public void AddGradient<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> mean, ReadOnlySpan<T> dy, Span<T> dx)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int inner = fold.Inner;
        T two = T.CreateTruncating(2) / T.CreateTruncating(divisor);
        for (int o = 0; o < fold.Outer; o++)
        {
            if (inner == 1)
            {
                RowLoop.Each(new AlongRow<T>(fold.Block(x, o), mean[o], two * dy[o]), fold.Block(dx, o), add: true);
                continue;
            }
            for (int i = 0; i < fold.Count; i++)
            {
                var row = new AcrossRows<T>(fold.Row(x, o, i), mean.Slice(o * inner, inner),
                    dy.Slice(o * inner, inner), two);
                RowLoop.Each(row, fold.Row(dx, o, i), add: true);
            }
        }
    }

    readonly ref struct AlongRow<T>(ReadOnlySpan<T> x, T mean, T scale) : IRow<T> where T : unmanaged, INumber<T>
    {
        readonly ReadOnlySpan<T> _x = x;
        readonly Vector<T> _mean = new(mean), _scale = new(scale);

        public Vector<T> At<P>(P i) where P : struct, IPlace => (_x.At(i) - _mean) * _scale;
    }

    readonly ref struct AcrossRows<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> mean, ReadOnlySpan<T> dy, T scale) : IRow<T>
        where T : unmanaged, INumber<T>
    {
        readonly ReadOnlySpan<T> _x = x, _mean = mean, _dy = dy;
        readonly Vector<T> _scale = new(scale);

        public Vector<T> At<P>(P i) where P : struct, IPlace => _scale * _dy.At(i) * (_x.At(i) - _mean.At(i));
    }

    Tensor? IOp.GradientOf(int i, ReadOnlySpan<Tensor> x, Tensor y, Tensor dy)
    {
        var blocks = x[0].Reshape(fold.Outer, fold.Count, fold.Inner);
        return ((blocks - blocks.Mean(1, keepDim: true))
            * (dy.Reshape(fold.Outer, 1, fold.Inner) * (2.0 / divisor))).Reshape(x[0].Shape.Span);
    }
}

public readonly partial struct Tensor
{
    /// <summary>
    /// The variance Σ (x − mean)² / (n − 1), or / n where not unbiased, over all or over the axes given.
    /// </summary>
    public Tensor Var(ReadOnlySpan<int> axes = default, bool keepDim = false, bool unbiased = true)
    {
        var x = Deviating("var", axes, keepDim, unbiased, out var fold, out var shape, out int divisor);
        return ChainRule.Op.Run(new Var(fold, divisor), shape, x);
    }

    /// <summary>The variance along one axis.</summary>
    public Tensor Var(int axis, bool keepDim = false, bool unbiased = true) =>
        Var([Shape.Axis(axis, "var")], keepDim, unbiased);

    Tensor Deviating(string asked, ReadOnlySpan<int> axes, bool keepDim, bool unbiased, out ReducedAxes fold,
        out Shape shape, out int divisor)
    {
        var x = Folded(asked, axes, keepDim, out fold, out shape);
        divisor = unbiased ? fold.Count - 1 : fold.Count;
        if (divisor < 1)
        {
            string few = fold.Count == 1 ? "1 number has" : $"{fold.Count} numbers have";
            Throw.Argument(
                unbiased ? $"{asked} of {Shape}: {few} no unbiased variance: reduce over more, or say unbiased: false"
                                    : $"{asked} of {Shape}: {few} no variance: reduce over more");
        }
        return x;
    }
}
