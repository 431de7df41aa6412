namespace ChainRule;

/// <summary>
/// The places of the numbers along an axis, in the order of the numbers: equal ones keep their order,
/// and NaN is the largest.
/// </summary>
readonly struct ArgSort(Tensor x, ReducedAxes fold, bool descending, int[] at) : INumeric
{
    void INumeric.Run<T>()
    {
        var numbers = x.Slot.Span<T>();
        T[] keys = new T[fold.Count];
        int[] places = new int[fold.Count];
        int sign = descending ? -1 : 1;
        for (int i = 0; i < fold.Outer * fold.Inner; i++)
        {
            fold.Column(numbers, i, keys);
            for (int k = 0; k < places.Length; k++) places[k] = k;
            Array.Sort(places, (a, b) =>
            {
                int order = Compare(keys[a], keys[b]);
                return order == 0 ? a - b : sign * order;
            });
            for (int k = 0, to = fold.From(i); k < places.Length; k++, to += fold.Inner) at[to] = places[k];
        }

        static int Compare(T a, T b) => T.IsNaN(a) || T.IsNaN(b) ? T.IsNaN(a).CompareTo(T.IsNaN(b)) : a.CompareTo(b);
    }
}

public readonly partial struct Tensor
{
    /// <summary>
    /// Where along an axis the smallest number stands, the second smallest, and so on. Equal ones keep their order; NaN
    /// counts as the largest.
    /// </summary>
    public Ids ArgSort(int axis = -1, bool descending = false)
    {
        Folded("sort", [Shape.Axis(axis, "sort")], keepDim: true, out var fold, out _);
        int[] at = new int[Count];
        var sort = new ArgSort(this, fold, descending, at);
        DTypes.Run(DType, ref sort);
        return Ids.From(at, Shape);
    }

    /// <summary>
    /// The numbers along an axis in rising or falling order, and where each of them stood. Equal ones keep their order;
    /// NaN counts as the largest. Gradients flow back to where the numbers stood.
    /// </summary>
    public (Tensor Values, Ids Indices) Sort(int axis = -1, bool descending = false)
    {
        var at = ArgSort(axis, descending);
        return (Gather(at, axis), at);
    }

    /// <summary>
    /// The k largest numbers along an axis, the largest first, or the k smallest, and where each of them stands. NaN
    /// counts as the largest.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The axis has fewer than k places, or k is negative.</exception>
    public (Tensor Values, Ids Indices) TopK(int k, int axis = -1, bool largest = true)
    {
        var shape = Shape;
        int along = shape.Axis(axis, "top-k"), size = shape[along], inner = 1;
        if (k < 0 || k > size)
            Throw.OutOfRange($"top-k of {shape}: {k} along axis {axis}: give 0 to {size}", nameof(k));
        var all = ArgSort(axis, descending: largest);
        foreach (int after in shape.Span[(along + 1)..]) inner *= after;
        var first = shape.With(along, k);
        int[] at = new int[first.Elements];
        for (int o = 0, block = k * inner; block > 0 && o < at.Length / block; o++)
            all.Span.Slice(o * size * inner, block).CopyTo(at.AsSpan(o * block));
        var indices = Ids.From(at, first);
        return (Gather(indices, axis), indices);
    }

    /// <summary>
    /// The largest number along an axis and where it stands, the first of equal ones. The gradient goes
    /// to that one alone.
    /// </summary>
    public (Tensor Values, Ids Indices) MaxWithIndices(int axis = -1, bool keepDim = false) =>
        Chosen(ArgMax(axis, keepDim: true), axis, keepDim);

    /// <summary>
    /// The smallest number along an axis and where it stands, the first of equal ones. The gradient goes
    /// to that one alone.
    /// </summary>
    public (Tensor Values, Ids Indices) MinWithIndices(int axis = -1, bool keepDim = false) =>
        Chosen(ArgMin(axis, keepDim: true), axis, keepDim);

    (Tensor, Ids) Chosen(Ids places, int axis, bool keepDim)
    {
        var values = Gather(places, axis);
        if (keepDim) return (values, places);
        values = values.Squeeze(axis);
        return (values, places.Reshape(values.Shape));
    }
}
