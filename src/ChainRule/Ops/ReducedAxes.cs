namespace ChainRule;

/// <summary>
/// How a tensor is seen while an adjacent run of its axes is reduced: [outer, count, inner] → [outer, inner].
/// </summary>
readonly record struct ReducedAxes(int Outer, int Count, int Inner)
{
    public ReadOnlySpan<T> Row<T>(ReadOnlySpan<T> x, int outer, int i) => x.Slice((outer * Count + i) * Inner, Inner);

    public Span<T> Row<T>(Span<T> x, int outer, int i) => x.Slice((outer * Count + i) * Inner, Inner);

    /// <summary>All rows that are reduced to one.</summary>
    public ReadOnlySpan<T> Block<T>(ReadOnlySpan<T> x, int outer) => x.Slice(outer * Count * Inner, Count * Inner);

    public Span<T> Block<T>(Span<T> x, int outer) => x.Slice(outer * Count * Inner, Count * Inner);

    /// <summary>
    /// Where the first of the numbers stands that are reduced to number i of the result; the next stands
    /// Inner places on.
    /// </summary>
    public int From(int i) => i / Inner * Count * Inner + i % Inner;

    /// <summary>Copies the numbers that are reduced to number i of the result.</summary>
    public void Column<T>(ReadOnlySpan<T> x, int i, Span<T> column)
    {
        for (int k = 0, from = From(i); k < Count; k++, from += Inner) column[k] = x[from];
    }
}
