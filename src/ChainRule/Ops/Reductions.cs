using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>y = Σ x, or Σ x / n for the mean;  dx = dy, or dy / n, for each x that went into the sum.</summary>
readonly struct Sum(ReducedAxes fold, int divisor) : IOp
{
    (string Name, object Value)[] IOp.Attributes =>
    [
        ("outer", fold.Outer), ("count", fold.Count), ("inner", fold.Inner), ("divisor", divisor)
    ];

    Linearity IOp.Linearity => Linearity.Jointly;

    OpText IOp.Text => divisor == 1 ? new("y = Σ x", "dx = dy for each x of the sum")
        : new($"y = Σ x / {divisor}", $"dx = dy / {divisor} for each x of the mean");

    bool IOp.Reaches<T>(Frame<T> f, int i, int at, List<LocalDerivative> found)
    {
        int block = fold.Count * fold.Inner;
        found.Add(new(0, at / block * fold.Inner + at % fold.Inner, 1.0 / divisor));
        return true;
    }

    bool IOp.Reads<T>(Frame<T> f, int at, List<LocalDerivative> found)
    {
        for (int k = 0, from = fold.From(at); k < fold.Count; k++, from += fold.Inner)
            found.Add(new(0, from, 1.0 / divisor));
        return true;
    }

    void IOp.Forward<T>(Frame<T> f) =>
        ForRows.Run(fold.Outer, 1, (long)fold.Count * fold.Inner, ForRows.Numbers,
            new Blocks<T>(fold, divisor, f.X(), f.Y));

    void IOp.Backward<T>(Frame<T> f)
    {
        if (!f.RequiresGrad()) return;
        var dx = f.Gradient();
        int grain = Math.Max(1, ForRows.Grain / Math.Max(1, fold.Inner));
        ForRows.Run(fold.Outer * fold.Count, grain, fold.Inner, ForRows.Numbers,
            new Broadcast<T>(fold, T.One / T.CreateTruncating(divisor), f.DY, dx.Numbers, first: !dx.Adds));
    }

    /// <summary>A range of blocks, each summed to one.</summary>
    readonly ref struct Blocks<T>(ReducedAxes fold, int divisor, ReadOnlySpan<T> x, Span<T> y) : IRowWork
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        readonly ReadOnlySpan<T> _x = x;
        readonly Span<T> _y = y;

        public void Run(int from, int to)
        {
            for (int o = from; o < to; o++)
            {
                if (fold.Inner == 1) _y[o] = T.CreateTruncating(Rows.Sum(fold.Block(_x, o)) / divisor);
                else Rows.Sum(fold.Block(_x, o), _y.Slice(o * fold.Inner, fold.Inner), divisor);
            }
        }
    }

    /// <summary>A range of what was summed, counted over all blocks.</summary>
    readonly ref struct Broadcast<T>(ReducedAxes fold, T scale, ReadOnlySpan<T> dy, Span<T> dx, bool first) : IRowWork
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        readonly ReadOnlySpan<T> _dy = dy;
        readonly Span<T> _dx = dx;

        public void Run(int from, int to)
        {
            int inner = fold.Inner;
            for (int i = from; i < to;)
            {
                int o = i / fold.Count, end = Math.Min(to, (o + 1) * fold.Count);
                if (inner == 1)
                {
                    var run = _dx[i..end];
                    if (first) run.Fill(_dy[o] * scale);
                    else TensorPrimitives.Add(run, _dy[o] * scale, run);
                    i = end;
                    continue;
                }
                for (var d = _dy.Slice(o * inner, inner); i < end; i++)
                {
                    var row = _dx.Slice(i * inner, inner);
                    if (first) TensorPrimitives.Multiply(d, scale, row);
                    else TensorPrimitives.MultiplyAdd(d, scale, row, row);
                }
            }
        }
    }
}

/// <summary>
/// y = max x, or min x; dy is shared evenly by all x that equal y. NaN wins over every number, and equals NaN.
/// </summary>
readonly struct Extreme(ReducedAxes fold, bool largest) : IOp
{
    (string Name, object Value)[] IOp.Attributes =>
    [
        ("outer", fold.Outer), ("count", fold.Count), ("inner", fold.Inner)
    ];

    OpText IOp.Text => largest ? new("y = max x", "dx = dy where x is the largest; equal ones share it")
        : new("y = min x", "dx = dy where x is the smallest; equal ones share it");

    string? IOp.Name => largest ? "max" : "min";

    void IOp.Forward<T>(Frame<T> f)
    {
        var x = f.X();
        var y = f.Y;
        for (int o = 0; o < fold.Outer; o++)
        {
            var best = y.Slice(o * fold.Inner, fold.Inner);
            if (fold.Inner == 1)
            {
                var row = x.Slice(o * fold.Count, fold.Count);
                best[0] = largest ? TensorPrimitives.Max(row) : TensorPrimitives.Min(row);
                continue;
            }
            fold.Row(x, o, 0).CopyTo(best);
            for (int i = 1; i < fold.Count; i++)
            {
                if (largest) TensorPrimitives.Max(best, fold.Row(x, o, i), best);
                else TensorPrimitives.Min(best, fold.Row(x, o, i), best);
            }
        }
    }

    void IOp.Backward<T>(Frame<T> f)
    {
        if (!f.RequiresGrad()) return;
        var x = f.X();
        var y = f.Y;
        var dy = f.DY;
        var dx = f.DX();
        for (int o = 0; o < fold.Outer; o++)
        {
            for (int k = 0; k < fold.Inner; k++)
            {
                T best = y[o * fold.Inner + k];
                int from = o * fold.Count * fold.Inner + k, ties = 0;
                for (int i = 0; i < fold.Count; i++) if (x[from + i * fold.Inner].Equals(best)) ties++;
                T part = dy[o * fold.Inner + k] / T.CreateTruncating(ties);
                for (int i = 0; i < fold.Count; i++) if (x[from + i * fold.Inner].Equals(best))
                    dx[from + i * fold.Inner] += part;
            }
        }
    }
}

/// <summary>
/// Where along an axis the largest or the smallest number stands; the first, if several are equal. NaN
/// wins over every number.
/// </summary>
readonly struct ArgExtreme(Tensor x, ReducedAxes fold, bool largest, int[] at) : INumeric
{
    void INumeric.Run<T>()
    {
        var numbers = x.Slot.Span<T>();
        for (int o = 0; o < fold.Outer; o++)
        {
            for (int k = 0; k < fold.Inner; k++)
            {
                int from = o * fold.Count * fold.Inner + k, best = 0;
                for (int i = 1; i < fold.Count && !T.IsNaN(numbers[from + best * fold.Inner]); i++)
                {
                    T value = numbers[from + i * fold.Inner];
                    T most = numbers[from + best * fold.Inner];
                    if ((largest ? value > most : value < most) || T.IsNaN(value)) best = i;
                }
                at[o * fold.Inner + k] = best;
            }
        }
    }
}

public readonly partial struct Tensor
{
    /// <summary>Σ x over all, or over the axes given.</summary>
    /// <param name="axes">Axes, from the front (0 …) or the back (−1 …); none for all.</param>
    /// <param name="keepDim">Whether a reduced axis stays, with size 1, so that the result broadcasts against
    /// what it came from.</param>
    public Tensor Sum(ReadOnlySpan<int> axes = default, bool keepDim = false)
    {
        var x = Folded("sum", axes, keepDim, out var fold, out var shape);
        return ChainRule.Op.Run(new Sum(fold, 1), shape, x);
    }

    /// <summary>Σ x over one axis.</summary>
    public Tensor Sum(int axis, bool keepDim = false) => Sum([Shape.Axis(axis, "sum")], keepDim);

    /// <summary>Σ x / n over all, or over the axes given.</summary>
    public Tensor Mean(ReadOnlySpan<int> axes = default, bool keepDim = false)
    {
        var x = Folded("mean", axes, keepDim, out var fold, out var shape);
        if (fold.Count == 0) Throw.Argument($"mean of {Shape}: there is nothing to average");
        return ChainRule.Op.Run(new Sum(fold, fold.Count), shape, x);
    }

    /// <summary>Σ x / n over one axis.</summary>
    public Tensor Mean(int axis, bool keepDim = false) => Mean([Shape.Axis(axis, "mean")], keepDim);

    /// <summary>The largest number, over all or over the axes given; equal ones share the gradient.</summary>
    public Tensor Max(ReadOnlySpan<int> axes = default, bool keepDim = false) =>
        Extreme("max", axes, keepDim, largest: true);

    /// <summary>The largest number along one axis; equal ones share the gradient.</summary>
    public Tensor Max(int axis, bool keepDim = false) => Max([Shape.Axis(axis, "max")], keepDim);

    /// <summary>The smallest number, over all or over the axes given; equal ones share the gradient.</summary>
    public Tensor Min(ReadOnlySpan<int> axes = default, bool keepDim = false) =>
        Extreme("min", axes, keepDim, largest: false);

    /// <summary>The smallest number along one axis; equal ones share the gradient.</summary>
    public Tensor Min(int axis, bool keepDim = false) => Min([Shape.Axis(axis, "min")], keepDim);

    /// <summary>
    /// Where along an axis the largest number stands; the first, if several are equal. NaN wins over every number.
    /// </summary>
    public Ids ArgMax(int axis = -1, bool keepDim = false) => ArgExtreme("argmax", axis, keepDim, largest: true);

    /// <summary>
    /// Where along an axis the smallest number stands; the first, if several are equal. NaN wins over every number.
    /// </summary>
    public Ids ArgMin(int axis = -1, bool keepDim = false) => ArgExtreme("argmin", axis, keepDim, largest: false);

    Ids ArgExtreme(string asked, int axis, bool keepDim, bool largest)
    {
        Folded(asked, [Shape.Axis(axis, asked)], keepDim, out var fold, out var shape);
        if (fold.Count == 0) Throw.Argument($"{asked} of {Shape}: axis {axis} is empty", nameof(axis));
        int[] at = new int[shape.Elements];
        var search = new ArgExtreme(this, fold, largest, at);
        DTypes.Run(DType, ref search);
        return Ids.From(at, shape);
    }

    Tensor Extreme(string asked, ReadOnlySpan<int> axes, bool keepDim, bool largest)
    {
        var x = Folded(asked, axes, keepDim, out var fold, out var shape);
        if (fold.Count == 0) Throw.Argument($"{asked} of {Shape}: there is nothing to choose from");
        return ChainRule.Op.Run(new Extreme(fold, largest), shape, x);
    }

    /// <summary>
    /// Sees a tensor as [outer, reduced, inner]; axes that do not lie side by side are first brought to the back.
    /// </summary>
    Tensor Folded(string asked, ReadOnlySpan<int> axes, bool keepDim, out ReducedAxes fold, out Shape result)
    {
        var shape = Shape;
        Span<bool> reduced = stackalloc bool[shape.Rank];
        if (axes.IsEmpty) reduced.Fill(true);
        foreach (int axis in axes)
        {
            ref bool mark = ref reduced[shape.Axis(axis, asked, nameof(axes))];
            if (mark) Throw.Argument($"{asked}: axis {axis} of {shape} is named twice", nameof(axes));
            mark = true;
        }

        // Kept axes are collected from the front, reduced ones from the back of the order.
        Span<int> order = stackalloc int[shape.Rank], sizes = stackalloc int[shape.Rank];
        int kept = 0, left = 0, gone = reduced.Count(true);
        for (int axis = 0, last = shape.Rank - gone; axis < shape.Rank; axis++)
        {
            order[reduced[axis] ? last++ : kept++] = axis;
            if (!reduced[axis]) sizes[left++] = shape[axis];
            else if (keepDim) sizes[left++] = 1;
        }
        result = Shape.Create(sizes[..left]);

        var x = this;
        bool adjacent = gone == 0 || order[^1] - order[kept] == gone - 1;
        int first = gone == 0 ? 0 : adjacent ? order[kept] : kept, outer = 1, count = 1, inner = 1;
        if (!adjacent) x = Permute(order);
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            int size = x.Shape[axis];
            if (axis < first) outer *= size;
            else if (axis < first + gone) count *= size;
            else inner *= size;
        }
        fold = new(outer, count, inner);
        return x;
    }
}
