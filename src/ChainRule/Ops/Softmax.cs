using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>y = exp x / Σ exp x of each row;  dx = y (dy − ⟨dy, y⟩).</summary>
readonly struct Softmax(int width) : IOp
{
    (string Name, object Value)[] IOp.Attributes => [("width", width)];

    OpText IOp.Text => new("y[i] = exp(x[i]) / Σ_j exp(x[j])", "dx[i] = Σ_j dy[j] y[j] ([i = j] − y[i])");

    bool IOp.Reaches<T>(Frame<T> f, int i, int at, List<LocalDerivative> found)
    {
        double own = double.CreateTruncating(f.Y[at]);
        for (int from = at / width * width, j = from; j < from + width; j++)
            found.Add(new(0, j, double.CreateTruncating(f.Y[j]) * ((j == at ? 1 : 0) - own)));
        return true;
    }

    void IOp.Forward<T>(Frame<T> f) =>
        ForRows.Run(f.Y.Length / width, 1, 8 * width, ForRows.Numbers, f.X(), default, f.Y,
            new Probabilities<T>(width));

    void IOp.Backward<T>(Frame<T> f)
    {
        if (!f.RequiresGrad()) return;
        var dx = f.Gradient();
        ForRows.Run(dx.Numbers.Length / width, 1, 2 * width, ForRows.Numbers, f.Y, f.DY, dx.Numbers,
            new Back<T>(width, first: !dx.Adds));
    }

    readonly struct Back<T>(int width, bool first) : IRowWork<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Run(int from, int to, ReadOnlySpan<T> y, ReadOnlySpan<T> dy, Span<T> dx)
        {
            for (int at = from * width; at < to * width; at += width)
                RowLoop.Each(new Gradient<T>(y.Slice(at, width), dy.Slice(at, width)),
                    dx.Slice(at, width), add: !first);
        }
    }

    readonly struct Probabilities<T>(int width) : IRowWork<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Run(int from, int to, ReadOnlySpan<T> x, ReadOnlySpan<T> none, Span<T> y)
        {
            for (int at = from * width; at < to * width; at += width)
                SoftmaxRow.Forward(x.Slice(at, width), y.Slice(at, width), width, T.One);
        }
    }

    readonly ref struct Gradient<T>(ReadOnlySpan<T> y, ReadOnlySpan<T> dy) : IRow<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        readonly ReadOnlySpan<T> _y = y, _dy = dy;
        readonly Vector<T> _dot = new(Dot.Near(dy, y));

        public Vector<T> At<P>(P i) where P : struct, IPlace =>
            _y.At(i) * (_dy.At(i) - _dot);
    }

    Tensor? IOp.GradientOf(int i, ReadOnlySpan<Tensor> x, Tensor y, Tensor dy) =>
        y * (dy - (dy * y).Sum(-1, keepDim: true));
}

/// <summary>y = x − ln Σ exp x of each row;  dx = dy − exp(y) Σ dy.</summary>
readonly struct LogSoftmax(int width) : IOp
{
    (string Name, object Value)[] IOp.Attributes => [("width", width)];

    OpText IOp.Text => new("y[i] = x[i] − ln Σ_j exp(x[j])", "dx[i] = Σ_j dy[j] ([i = j] − exp(y[i]))");

    bool IOp.Reaches<T>(Frame<T> f, int i, int at, List<LocalDerivative> found)
    {
        double own = Math.Exp(double.CreateTruncating(f.Y[at]));
        for (int from = at / width * width, j = from; j < from + width; j++)
            found.Add(new(0, j, (j == at ? 1 : 0) - own));
        return true;
    }

    void IOp.Forward<T>(Frame<T> f) =>
        ForRows.Run(f.Y.Length / width, 1, 4 * width, ForRows.Numbers, f.X(), default, f.Y, new Logs<T>(width));

    void IOp.Backward<T>(Frame<T> f)
    {
        if (!f.RequiresGrad()) return;
        var dx = f.Gradient();
        ForRows.Run(dx.Numbers.Length / width, 1, 4 * width, ForRows.Numbers, f.Y, f.DY, dx.Numbers,
            new Back<T>(width, first: !dx.Adds));
    }

    readonly struct Logs<T>(int width) : IRowWork<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Run(int from, int to, ReadOnlySpan<T> x, ReadOnlySpan<T> none, Span<T> y)
        {
            for (int at = from * width; at < to * width; at += width)
            {
                var row = x.Slice(at, width);
                var max = TensorPrimitives.Max(row);
                var log = T.CreateTruncating(Math.Log(RowLoop.Sum<ExpLess<T>, T>(new(row, max), width)));
                RowLoop.Each(new Less<T>(row, max, log), y.Slice(at, width));
            }
        }
    }

    readonly struct Back<T>(int width, bool first) : IRowWork<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Run(int from, int to, ReadOnlySpan<T> y, ReadOnlySpan<T> dy, Span<T> dx)
        {
            for (int at = from * width; at < to * width; at += width)
                RowLoop.Each(new Gradient<T>(y.Slice(at, width), dy.Slice(at, width)),
                    dx.Slice(at, width), add: !first);
        }
    }

    /// <summary>
    /// (x − max) − log, in this order: x may be large, and then max has all of its digits but the last few.
    /// </summary>
    readonly ref struct Less<T>(ReadOnlySpan<T> x, T max, T log) : IRow<T> where T : unmanaged, INumber<T>
    {
        readonly ReadOnlySpan<T> _x = x;
        readonly Vector<T> _max = new(max), _log = new(log);

        public Vector<T> At<P>(P i) where P : struct, IPlace =>
            _x.At(i) - _max - _log;
    }

    readonly ref struct Gradient<T>(ReadOnlySpan<T> y, ReadOnlySpan<T> dy) : IRow<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        readonly ReadOnlySpan<T> _y = y, _dy = dy;
        readonly Vector<T> _sum = new(T.CreateTruncating(Rows.Sum(dy)));

        public Vector<T> At<P>(P i) where P : struct, IPlace =>
            _dy.At(i) - Lanes.Exp(_y.At(i)) * _sum;
    }

    Tensor? IOp.GradientOf(int i, ReadOnlySpan<Tensor> x, Tensor y, Tensor dy) =>
        dy - y.Exp() * dy.Sum(-1, keepDim: true);
}

/// <summary>y = ln Σ exp x of each row;  dx = dy softmax x.</summary>
readonly struct LogSumExp(int width) : IOp
{
    (string Name, object Value)[] IOp.Attributes => [("width", width)];

    OpText IOp.Text => new("y = ln Σ_j exp(x[j])", "dx[i] = dy softmax(x)[i]");

    bool IOp.Reaches<T>(Frame<T> f, int i, int at, List<LocalDerivative> found)
    {
        double x = double.CreateTruncating(f.X()[at]);
        found.Add(new(0, at / width, Math.Exp(x - double.CreateTruncating(f.Y[at / width]))));
        return true;
    }

    void IOp.Forward<T>(Frame<T> f) =>
        ForRows.Run(f.Y.Length, 1, 4 * width, ForRows.Numbers, f.X(), default, f.Y, new Sums<T>(width));

    void IOp.Backward<T>(Frame<T> f)
    {
        if (!f.RequiresGrad()) return;
        var dx = f.Gradient();
        ForRows.Run(f.DY.Length, 1, 8 * width, ForRows.Numbers, f.X(), f.DY, dx.Numbers,
            new Back<T>(width, first: !dx.Adds));
    }

    readonly struct Sums<T>(int width) : IRowWork<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Run(int from, int to, ReadOnlySpan<T> x, ReadOnlySpan<T> none, Span<T> y)
        {
            for (int r = from; r < to; r++)
            {
                var (max, log) = Rows.LogSumExp(x.Slice(r * width, width));
                y[r] = max + log;
            }
        }
    }

    readonly struct Back<T>(int width, bool first) : IRowWork<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Run(int from, int to, ReadOnlySpan<T> x, ReadOnlySpan<T> dy, Span<T> dx)
        {
            for (int r = from; r < to; r++)
            {
                var row = x.Slice(r * width, width);
                T max = TensorPrimitives.Max(row),
                    sum = T.CreateTruncating(RowLoop.Sum<ExpLess<T>, T>(new(row, max), width));
                RowLoop.Each(new Gradient<T>(row, max, dy[r] / sum), dx.Slice(r * width, width), add: !first);
            }
        }
    }

    readonly ref struct Gradient<T>(ReadOnlySpan<T> x, T max, T scale) : IRow<T> where T : unmanaged, INumber<T>
    {
        readonly ReadOnlySpan<T> _x = x;
        readonly Vector<T> _max = new(max), _scale = new(scale);

        public Vector<T> At<P>(P i) where P : struct, IPlace =>
            Lanes.Exp(_x.At(i) - _max) * _scale;
    }

    Tensor? IOp.GradientOf(int i, ReadOnlySpan<Tensor> x, Tensor y, Tensor dy) => dy * x[0].Softmax();
}

public readonly partial struct Tensor
{
    /// <summary>exp x / Σ exp x along an axis: probabilities. Stable at any size of logit.</summary>
    public Tensor Softmax(int axis = -1) =>
        AlongLast("softmax", axis, static x => ChainRule.Op.Run(new Softmax(x.Shape[^1]), x.Shape, x));

    /// <summary>ln softmax x = x − ln Σ exp x along an axis. Stable at any size of logit.</summary>
    public Tensor LogSoftmax(int axis = -1) =>
        AlongLast("log-softmax", axis, static x => ChainRule.Op.Run(new LogSoftmax(x.Shape[^1]), x.Shape, x));

    /// <summary>ln Σ exp x along an axis. Stable at any size of x.</summary>
    public Tensor LogSumExp(int axis = -1, bool keepDim = false)
    {
        var y = AlongLast("log-sum-exp", axis,
            static x => ChainRule.Op.Run(new LogSumExp(x.Shape[^1]), x.Shape.With(x.Rank - 1, 1), x));
        if (keepDim) return y;
        int at = Shape.Axis(axis, "log-sum-exp");
        return y.Reshape([.. y.Shape.Span[..at], .. y.Shape.Span[(at + 1)..]]);
    }

    /// <summary>Works along an axis by bringing it to the back and taking it home again.</summary>
    Tensor AlongLast(string asked, int axis, Func<Tensor, Tensor> work)
    {
        int at = Shape.Axis(axis, asked);
        if (Shape[at] == 0) Throw.Argument($"{asked} of {Shape}: axis {axis} is empty", nameof(axis));
        return at == Rank - 1 ? work(this) : work(Transpose(at, -1)).Transpose(at, -1);
    }
}
