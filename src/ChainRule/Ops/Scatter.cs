using System.Numerics.Tensors;

namespace ChainRule;

/// <summary>
/// y = x, and y[o, ids[o, i, k], k] = s[o, i, k], of several the last, or += s[o, i, k]; dx = dy, but 0 where a number
/// was replaced; ds is dy where it was put.
/// </summary>
readonly struct Scatter(Ids ids, int axis, bool add) : IOp
{
    (string Name, object Value)[] IOp.Attributes => [("ids", ids), ("axis", axis), ("add", add)];

    Linearity IOp.Linearity => Linearity.Jointly;

    OpText IOp.Text => add ? new("y = x, y[ids[i]] += s[i] along an axis", "dx = dy", "ds[i] = dy[ids[i]]")
        : new("y = x, y[ids[i]] = s[i] along an axis", "dx = dy, and 0 where x was replaced", "ds[i] = dy[ids[i]]");

    void IOp.Forward<T>(Frame<T> f)
    {
        ReadOnlySpan<T> s = f.X(1);
        var y = f.Y;
        f.X(0).CopyTo(y);
        var at = new Picks(f.YShape, ids.Shape, axis, stackalloc int[2 * Shape.MaxRank]);
        for (int i = 0; i < s.Length; i++, at.Step())
        {
            ref T to = ref y[at.From + ids.Span[i] * at.Stride];
            to = add ? to + s[i] : s[i];
        }
    }

    void IOp.Backward<T>(Frame<T> f)
    {
        var dy = f.DY;
        int[]? last = add ? null : Last(f.YShape);
        if (f.RequiresGrad(0))
        {
            var dx = f.DX(0);
            for (int i = 0; i < dy.Length; i++) if (last is null || last[i] < 0) dx[i] += dy[i];
        }
        if (!f.RequiresGrad(1)) return;
        var ds = f.DX(1);
        var at = new Picks(f.YShape, ids.Shape, axis, stackalloc int[2 * Shape.MaxRank]);
        for (int i = 0; i < ds.Length; i++, at.Step())
        {
            int to = at.From + ids.Span[i] * at.Stride;
            if (last is null || last[to] == i) ds[i] += dy[to];
        }
    }

    /// <summary>For each place of the result the last number that was put there, −1 if there is none.</summary>
    int[] Last(Shape shape)
    {
        int[] last = new int[shape.Elements];
        Array.Fill(last, -1);
        var at = new Picks(shape, ids.Shape, axis, stackalloc int[2 * Shape.MaxRank]);
        for (int i = 0; i < ids.Count; i++, at.Step()) last[at.From + ids.Span[i] * at.Stride] = i;
        return last;
    }
}

/// <summary>y = x, and y[o, ids[i], …] += s[o, i, …];  dx = dy, ds[o, i, …] = dy[o, ids[i], …].</summary>
readonly struct IndexAdd(Ids ids, int places, int inner) : IOp
{
    OpText IOp.Text => new("y = x, y[ids[i]] += s[i]", "dx = dy", "ds[i] = dy[ids[i]]");

    Linearity IOp.Linearity => Linearity.Jointly;

    void IOp.Forward<T>(Frame<T> f)
    {
        f.X(0).CopyTo(f.Y);
        ReadOnlySpan<T> s = f.X(1);
        for (int row = 0; row * inner < s.Length; row++)
        {
            var to = f.Y.Slice(Row(row) * inner, inner);
            TensorPrimitives.Add(to, s.Slice(row * inner, inner), to);
        }
    }

    void IOp.Backward<T>(Frame<T> f)
    {
        if (f.RequiresGrad(0)) TensorPrimitives.Add(f.DX(0), f.DY, f.DX(0));
        if (!f.RequiresGrad(1)) return;
        var ds = f.DX(1);
        for (int row = 0; row * inner < ds.Length; row++)
        {
            var to = ds.Slice(row * inner, inner);
            TensorPrimitives.Add(to, f.DY.Slice(Row(row) * inner, inner), to);
        }
    }

    int Row(int row) => row / ids.Count * places + ids.Span[row % ids.Count];
}

public readonly partial struct Tensor
{
    /// <summary>
    /// This, with numbers of the source put along an axis where the ids say: y[ids[i, j], j] = source[i, j] along axis
    /// 0. Of several for one place the last stays. The opposite of <see cref="Gather"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The source has not the ids' shape, or they do not fit
    /// this tensor.</exception>
    public Tensor Scatter(int axis, Ids ids, Tensor source) => Scattered("scatter", axis, ids, source, add: false);

    /// <summary>
    /// As <see cref="Scatter"/>, but numbers are added to what is there: several for one place are summed.
    /// </summary>
    /// <inheritdoc cref="Scatter"/>
    public Tensor ScatterAdd(int axis, Ids ids, Tensor source) =>
        Scattered("scatter-add", axis, ids, source, add: true);

    Tensor Scattered(string asked, int axis, Ids ids, Tensor source, bool add)
    {
        int at = CheckPicks(asked, ids, axis);
        if (source.Shape != ids.Shape)
            Throw.Argument($"{asked} along axis {axis}: a source of {source.Shape} for ids of {ids.Shape}: give one "
                + "number for each id",
                nameof(source));
        return ChainRule.Op.Run(new Scatter(ids, at, add), Shape, this, source);
    }

    /// <summary>
    /// This, with each slice of the source along an axis added to the slice that its id names: y[ids[i]]
    /// += source[i] along axis 0.
    /// </summary>
    /// <param name="axis">The axis.</param>
    /// <param name="ids">A vector of places along it, which may repeat.</param>
    /// <param name="source">As many slices as there are ids, of this tensor's sizes along the other axes.</param>
    public Tensor IndexAdd(int axis, Ids ids, Tensor source)
    {
        var shape = Shape;
        int at = CheckIndex("index add", axis, ids, out int inner);
        if (source.Rank != shape.Rank || source.Shape != shape.With(at, ids.Count))
            Throw.Argument($"index add along axis {axis} of {shape}: the source is {source.Shape}: give "
                + $"{shape.With(at, ids.Count)}", nameof(source));
        return ChainRule.Op.Run(new IndexAdd(ids, shape[at], inner), shape, this, source);
    }

    /// <summary>
    /// The slices along an axis that a vector of ids names, in that order: along axis 0 these are
    /// <see cref="Rows(Ids)"/>.
    /// </summary>
    public Tensor IndexSelect(int axis, Ids ids)
    {
        int at = CheckIndex("index select", axis, ids, out _);
        return at == 0 ? Rows(ids) : Transpose(0, at).Rows(ids).Transpose(0, at);
    }

    int CheckIndex(string asked, int axis, Ids ids, out int inner)
    {
        Throw.IfNull(ids, asked);
        var shape = Shape;
        int at = shape.Axis(axis, asked);
        if (ids.Shape.Rank != 1)
            Throw.Argument($"{asked} along axis {axis} of {shape}: ids of {ids.Shape}: give a vector of ids",
                nameof(ids));
        if (!ids.AreBelow(shape[at])) ids.CheckBelow(shape[at], $"{asked} along axis {axis} of {shape}");
        inner = 1;
        foreach (int size in shape.Span[(at + 1)..]) inner *= size;
        return at;
    }
}
