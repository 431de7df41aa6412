using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>y[i] = row ids[i] of x;  dx[ids[i]] += dy[i]: a row asked for twice gets both gradients.</summary>
readonly struct GatherRows(Ids ids, int width) : IOp
{
    (string Name, object Value)[] IOp.Attributes => [("ids", ids)];

    Linearity IOp.Linearity => Linearity.Jointly;

    OpText IOp.Text => new("y[i] = row ids[i] of x", "dx[r] = Σ dy[i] over the places i where ids[i] is r");

    Ids? IOp.Ids => ids;

    bool IOp.Reaches<T>(Frame<T> f, int i, int at, List<LocalDerivative> found)
    {
        for (int k = 0; k < ids.Count; k++)
            if (ids.Span[k] == at / width) found.Add(new(0, k * width + at % width, 1));
        return true;
    }

    bool IOp.Reads<T>(Frame<T> f, int at, List<LocalDerivative> found)
    {
        found.Add(new(0, ids.Span[at / width] * width + at % width, 1));
        return true;
    }

    // Threads that add columns touch lines of their own.
    const int Grain = 64;

    // Up to this many rows are added one after another.
    const int FewIds = 1024;

    void IOp.Forward<T>(Frame<T> f) =>
        ForRows.Run(ids.Count, 1, width, ForRows.Numbers, new Pick<T>(ids.Span, width, f.X(), f.Y));

    void IOp.Backward<T>(Frame<T> f)
    {
        if (!f.RequiresGrad()) return;
        var dx = f.DX();
        if (ids.Count > FewIds) RowScatter.Add(ids.Span, f.DY, dx, width);
        else ForRows.Run(width, Grain, ids.Count, ForRows.Numbers, new Scatter<T>(ids.Span, width, f.DY, dx));
    }

    readonly ref struct Pick<T>(ReadOnlySpan<int> ids, int width, ReadOnlySpan<T> x, Span<T> y) : IRowWork
    {
        readonly ReadOnlySpan<int> _ids = ids;
        readonly ReadOnlySpan<T> _x = x;
        readonly Span<T> _y = y;

        public void Run(int from, int to)
        {
            for (int i = from; i < to; i++) _x.Slice(_ids[i] * width, width).CopyTo(_y.Slice(i * width, width));
        }
    }

    /// <summary>A range of columns: any id may name any row.</summary>
    readonly ref struct Scatter<T>(ReadOnlySpan<int> ids, int width, ReadOnlySpan<T> dy, Span<T> dx) : IRowWork
        where T : unmanaged, INumber<T>
    {
        readonly ReadOnlySpan<int> _ids = ids;
        readonly ReadOnlySpan<T> _dy = dy;
        readonly Span<T> _dx = dx;

        public void Run(int from, int to)
        {
            for (int i = 0; i < _ids.Length; i++)
            {
                var row = _dx.Slice(_ids[i] * width + from, to - from);
                TensorPrimitives.Add(row, _dy.Slice(i * width + from, to - from), row);
            }
        }
    }
}

/// <summary>
/// y[o, i, k] = x[o, ids[o, i, k], k]: one number picked along an axis for each id; dx gets dy back
/// where it was picked.
/// </summary>
readonly struct Gather(Ids ids, int axis) : IOp
{
    (string Name, object Value)[] IOp.Attributes => [("ids", ids), ("axis", axis)];

    OpText IOp.Text => new("y[i] = x[ids[i]] along an axis", "dx[j] = Σ dy[i] over the places i where ids[i] is j");

    Linearity IOp.Linearity => Linearity.Jointly;

    void IOp.Forward<T>(Frame<T> f)
    {
        var x = f.X();
        var y = f.Y;
        var at = new Picks(f.XShape(), ids.Shape, axis, stackalloc int[2 * Shape.MaxRank]);
        for (int i = 0; i < y.Length; i++, at.Step()) y[i] = x[at.From + ids.Span[i] * at.Stride];
    }

    void IOp.Backward<T>(Frame<T> f)
    {
        if (!f.RequiresGrad()) return;
        var dx = f.DX();
        var dy = f.DY;
        var at = new Picks(f.XShape(), ids.Shape, axis, stackalloc int[2 * Shape.MaxRank]);
        for (int i = 0; i < dy.Length; i++, at.Step()) dx[at.From + ids.Span[i] * at.Stride] += dy[i];
    }
}

/// <summary>y = value where the mask b is not 0, a elsewhere;  da = dy where the mask is 0.</summary>
readonly struct MaskedFill(double value) : IBinaryFormula
{
    (string Name, object Value)[] IBinaryFormula.Attributes => [("value", value)];

    FormulaText IBinaryFormula.Text => new(FormulaText.With($"a * [b = 0] + {value} * [b != 0]"), "[b = 0]", "0");
    double IBinaryFormula.Placed => value;
    V IBinaryFormula.Of<V>(V a, V b) => V.Select(V.Equal(b, 0), a, value);
    V IBinaryFormula.DerivativeA<V>(V a, V b) => Piecewise.Step(V.Equal(b, 0));
    V IBinaryFormula.DerivativeB<V>(V a, V b) => 0;
}

public readonly partial struct Tensor
{
    /// <summary>
    /// The rows (axis 0) that the ids name: [V, …] by ids [B, T] → [B, T, …]. A row named twice gets both gradients.
    /// This is an embedding.
    /// </summary>
    public Tensor Rows(Ids ids)
    {
        Throw.IfNull(ids, "rows");
        var shape = Shape;
        if (shape.Rank == 0) Throw.Argument("rows: a single number has no rows");
        if (!ids.AreBelow(shape[0])) ids.CheckBelow(shape[0], $"rows of {shape}");
        return ChainRule.Op.Run(new GatherRows(ids, shape[0] == 0 ? 0 : Count / shape[0]),
            Shape.Join(ids.Shape.Span, shape.Span[1..]), this);
    }

    /// <summary>
    /// The rows (axis 0) asked for, in that order, copied. Gradients flow through it, as through
    /// <see cref="Rows(Ids)"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A row is not there.</exception>
    public Tensor Rows(params ReadOnlySpan<int> rows)
    {
        var shape = Shape;
        if (shape.Rank == 0) Throw.Argument("rows: a single number has no rows");
        foreach (int row in rows) if ((uint)row >= (uint)shape[0])
            Throw.OutOfRange($"rows: row {row} of {shape}: {Throw.Run("rows", shape[0])}",
            nameof(rows));
        // Data, which require no gradient, are picked at every step, and make no ids for it, unless somebody looks.
        if (RequiresGrad || Watch.Current is not null) return Rows(Ids.From(rows, [rows.Length]));
        int width = shape[0] == 0 ? 0 : Count / shape[0];
        var picked = Slot.Make(shape.With(0, rows.Length), DType);
        for (int i = 0; i < rows.Length; i++) DTypes.CopyPart(Slot, rows[i] * width, picked, i * width, width);
        return new(picked);
    }

    /// <summary>
    /// One number for each id, picked along an axis: y[i, j] = x[ids[i, j], j] along axis 0. The ids' other sizes are
    /// those of this tensor, or less: then only its first rows are picked from.
    /// </summary>
    public Tensor Gather(Ids ids, int axis = -1)
    {
        int at = CheckPicks("gather", ids, axis);
        return ChainRule.Op.Run(new Gather(ids, at), ids.Shape, this);
    }

    int CheckPicks(string asked, Ids ids, int axis)
    {
        Throw.IfNull(ids, asked);
        var shape = Shape;
        int at = shape.Axis(axis, asked);
        for (int d = 0; d < shape.Rank || d < ids.Shape.Rank; d++)
            if (ids.Shape.Rank != shape.Rank || (d != at && ids.Shape[d] > shape[d]))
                Throw.Argument($"{asked} along axis {axis}: ids of {ids.Shape} do not fit {shape}: give as many axes, "
                    + "and no other size above that of the tensor",
                    nameof(ids));
        if (!ids.AreBelow(shape[at])) ids.CheckBelow(shape[at], $"{asked} along axis {axis} of {shape}");
        return at;
    }

    /// <summary>
    /// This, with a value wherever the mask is not 0. The mask broadcasts, but only as far as this tensor's shape.
    /// </summary>
    public Tensor MaskedFill(Tensor mask, double value)
    {
        if (Broadcast("masked fill", Shape, mask.Shape, parameter: nameof(mask)) != Shape)
            Throw.Argument($"masked fill: a mask of {mask.Shape} would stretch {Shape}: expand this tensor first",
                nameof(mask));
        return Zip(new MaskedFill(value), this, mask, nameof(mask));
    }

    /// <summary>a where the mask is not 0, b elsewhere; all three broadcast.</summary>
    public static Tensor Where(Tensor mask, Tensor a, Tensor b)
    {
        var shape = Broadcast("where", Broadcast("where", mask.Shape, a.Shape, parameter: nameof(a)), b.Shape);
        // −0 added to a number leaves it as it is, −0 too.
        return a.Expand(shape).MaskedFill(mask.EqualTo(Scalar(0, mask.DType)), -0.0)
            + b.Expand(shape).MaskedFill(mask, -0.0);
    }

    /// <summary>
    /// 1 on and below a diagonal of a [rows, columns] matrix, 0 above: what a position may look at, itself and the
    /// past. The diagonal begins in the first row at the column named: above 0 it lets look ahead, below 0 it
    /// hides a position from itself.
    /// </summary>
    public static Tensor LowerTriangle(int rows, int columns, DType dtype = DType.Float32, int diagonal = 0)
    {
        var x = Zeros([rows, columns], dtype);
        for (int i = 0; i < rows; i++) for (int j = 0; j <= i + diagonal && j < columns; j++)
            DTypes.Write(x.Slot, i * columns + j, 1);
        return x;
    }
}
