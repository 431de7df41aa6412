namespace ChainRule.Derivations;

/// <summary>start:stop:step as it was evaluated.</summary>
sealed record SliceOf(int? Start, int? Stop, int Step);

/// <summary>
/// Which numbers an index names, by NumPy's rules: whole numbers, slices, None, an ellipsis, and arrays of whole
/// numbers, which broadcast with one another.
/// </summary>
sealed class FormulaIndex
{
    readonly List<(int Size, int Stride)> _axes = [];
    readonly List<(int[] Index, Shape Shape, int Stride)> _arrays = [];
    int _start, _arraysAt = -1;

    FormulaIndex() { }

    /// <summary>The shape of what is named.</summary>
    public Shape Shape { get; private set; }

    /// <summary>The flat index of each of these numbers.</summary>
    public int[] Flat { get; private set; } = [];

    public static FormulaIndex Of(Shape shape, object?[] items)
    {
        var index = new FormulaIndex();
        index.Fill(shape, items);
        return index;
    }

    void Fill(Shape shape, object?[] items)
    {
        int given = items.Count(item => item is not (null or "..."));
        if (given > shape.Rank)
            Throw.Argument($"index of {shape}: {given} places for {shape.Rank} axes: give at most one for each");
        int[] strides = new int[shape.Rank];
        for (int i = shape.Rank - 1, stride = 1; i >= 0; stride *= shape[i--]) strides[i] = stride;
        int axis = 0;
        bool apart = false, after = false;
        foreach (object? item in items.Contains("...") ? items : [.. items, "..."])
        {
            after |= _arrays.Count > 0 && item is not Ids;
            switch (item)
            {
                case "...":
                    for (int rest = shape.Rank - given; rest > 0; rest--, axis++)
                        _axes.Add((shape[axis], strides[axis]));
                    break;
                case null:
                    _axes.Add((1, 0));
                    break;
                case double number:
                    _start += Place((int)number, shape, axis) * strides[axis++];
                    break;
                case SliceOf slice:
                    Slice(slice, shape[axis], strides[axis++]);
                    break;
                case Ids ids:
                    apart |= after;
                    if (_arraysAt < 0) _arraysAt = _axes.Count;
                    int at = axis;
                    _arrays.Add(([.. ids.Span.ToArray().Select(i => Place(i, shape, at))], ids.Shape, strides[axis++]));
                    break;
            }
        }
        if (apart) _arraysAt = 0;
        Walk();
    }

    void Slice(SliceOf slice, int size, int stride)
    {
        if (slice.Step <= 0) Throw.Argument($"a slice with step {slice.Step}: give a step above 0");
        int start = Math.Clamp(slice.Start < 0 ? slice.Start.Value + size : slice.Start ?? 0, 0, size);
        int stop = Math.Clamp(slice.Stop < 0 ? slice.Stop.Value + size : slice.Stop ?? size, start, size);
        _start += start * stride;
        _axes.Add(((stop - start + slice.Step - 1) / slice.Step, stride * slice.Step));
    }

    void Walk()
    {
        int[] together = [];
        foreach (var (_, shape, _) in _arrays) together = Together(together, shape);
        int before = Math.Max(0, _arraysAt);
        int[] basic = [.. _axes.Select(axis => axis.Size)];
        int[] sizes = [.. basic[..before], .. together, .. basic[before..]];
        Shape = Shape.Create(sizes);
        Flat = new int[Shape.Elements];
        int[] at = new int[sizes.Length];
        for (int i = 0; i < Flat.Length; i++)
        {
            int flat = _start;
            for (int a = 0; a < _axes.Count; a++)
                flat += _axes[a].Stride * at[a < before ? a : a + together.Length];
            foreach (var (index, shape, stride) in _arrays)
            {
                int place = 0;
                for (int a = 0; a < shape.Rank; a++)
                    place = place * shape[a] + (shape[a] == 1 ? 0 : at[before + together.Length - shape.Rank + a]);
                flat += index[place] * stride;
            }
            Flat[i] = flat;
            for (int a = sizes.Length - 1; a >= 0 && ++at[a] == sizes[a]; a--) at[a] = 0;
        }
    }

    static int[] Together(int[] a, Shape b)
    {
        int[] sizes = new int[Math.Max(a.Length, b.Rank)];
        for (int i = 1; i <= sizes.Length; i++)
        {
            int p = i <= a.Length ? a[^i] : 1, q = i <= b.Rank ? b[^i] : 1;
            if (p != q && p != 1 && q != 1)
                Throw.Argument($"index: arrays of [{string.Join(", ", a)}] and {b} do not broadcast: give as many rows "
                    + "as columns, or x[:, columns]");
            sizes[^i] = p == 1 ? q : p;
        }
        return sizes;
    }

    static int Place(int index, Shape shape, int axis)
    {
        int place = index < 0 ? index + shape[axis] : index;
        if ((uint)place >= (uint)shape[axis])
            Throw.Argument($"index {index} of axis {axis} of {shape}: {Throw.Run("indices", shape[axis])}");
        return place;
    }
}
