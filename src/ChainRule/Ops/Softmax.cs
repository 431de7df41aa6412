using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>y = exp x / Σ exp x of each row;  dx = y (dy − ⟨dy, y⟩).</summary>
readonly struct Softmax(int width) : IOp
{
    void IOp.Forward<T>(Frame<T> f)
    {
        for (int at = 0; at < f.Y.Length; at += width) Rows.Softmax(f.X().Slice(at, width), f.Y.Slice(at, width));
    }

    void IOp.Backward<T>(Frame<T> f)
    {
        if (!f.Wants()) return;
        for (int at = 0; at < f.DY.Length; at += width)
        {
            var y = f.Y.Slice(at, width);
            var dy = f.DY.Slice(at, width);
            var dx = f.DX().Slice(at, width);
            T dot = TensorPrimitives.Dot<T>(dy, y);
            for (int i = 0; i < width; i++) dx[i] += y[i] * (dy[i] - dot);
        }
    }
}

/// <summary>y = x − ln Σ exp x of each row;  dx = dy − exp(y) Σ dy.</summary>
readonly struct LogSoftmax(int width) : IOp
{
    void IOp.Forward<T>(Frame<T> f)
    {
        for (int at = 0; at < f.Y.Length; at += width)
        {
            var x = f.X().Slice(at, width);
            var y = f.Y.Slice(at, width);
            T max = TensorPrimitives.Max(x);
            Rows.ExpLess(x, max, y);
            T log = T.Log(TensorPrimitives.Sum<T>(y));
            TensorPrimitives.Subtract(x, max, y);
            TensorPrimitives.Subtract(y, log, y);
        }
    }

    void IOp.Backward<T>(Frame<T> f)
    {
        if (!f.Wants()) return;
        for (int at = 0; at < f.DY.Length; at += width)
        {
            var y = f.Y.Slice(at, width);
            var dy = f.DY.Slice(at, width);
            var dx = f.DX().Slice(at, width);
            T sum = TensorPrimitives.Sum(dy);
            for (int i = 0; i < width; i++) dx[i] += dy[i] - T.Exp(y[i]) * sum;
        }
    }
}

/// <summary>y = ln Σ exp x of each row;  dx = dy softmax x.</summary>
readonly struct LogSumExp(int width) : IOp
{
    void IOp.Forward<T>(Frame<T> f)
    {
        Span<T> room = new T[width];
        for (int r = 0; r < f.Y.Length; r++)
        {
            var (max, log) = Rows.LogSumExp(f.X().Slice(r * width, width), room);
            f.Y[r] = max + log;
        }
    }

    void IOp.Backward<T>(Frame<T> f)
    {
        if (!f.Wants()) return;
        Span<T> room = new T[width];
        for (int r = 0; r < f.DY.Length; r++)
        {
            var dx = f.DX().Slice(r * width, width);
            Rows.Softmax(f.X().Slice(r * width, width), room);
            TensorPrimitives.MultiplyAdd(room, f.DY[r], dx, dx);
        }
    }
}

public readonly partial struct Tensor
{
    /// <summary>exp x / Σ exp x along an axis: probabilities. Stable at any size of logit.</summary>
    public Tensor Softmax(int axis = -1) => AlongLast("softmax", axis, static x => ChainRule.Op.Run(new Softmax(x.Shape[^1]), x.Shape, x));

    /// <summary>ln softmax x = x − ln Σ exp x along an axis. Stable at any size of logit.</summary>
    public Tensor LogSoftmax(int axis = -1) => AlongLast("log-softmax", axis, static x => ChainRule.Op.Run(new LogSoftmax(x.Shape[^1]), x.Shape, x));

    /// <summary>ln Σ exp x along an axis. Stable at any size of x.</summary>
    public Tensor LogSumExp(int axis = -1, bool keepDim = false)
    {
        var y = AlongLast("log-sum-exp", axis, static x => ChainRule.Op.Run(new LogSumExp(x.Shape[^1]), x.Shape.With(x.Rank - 1, 1), x));
        if (keepDim) return y;
        int at = Shape.Axis(axis, "log-sum-exp");
        return y.Reshape([.. y.Shape.Span[..at], .. y.Shape.Span[(at + 1)..]]);
    }

    /// <summary>Works along an axis by bringing it to the back and taking it home again.</summary>
    Tensor AlongLast(string asked, int axis, Func<Tensor, Tensor> work)
    {
        int at = Shape.Axis(axis, asked);
        if (Shape[at] == 0) Throw.Argument($"{asked} of {Shape}: axis {axis} is empty");
        return at == Rank - 1 ? work(this) : work(Transpose(at, -1)).Transpose(at, -1);
    }
}
