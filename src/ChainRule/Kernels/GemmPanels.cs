namespace ChainRule.Kernels;

/// <summary>
/// B laid out for tiles: panels three vectors wide, and a last one of up to three, filled up with zeros. A panel holds its columns depth by depth,
/// so a tile reads it from front to back; the panel of column j begins at j · k. The rows of B, as it lies, begin a stride apart.
/// </summary>
readonly struct GemmPanels(int k, int n, int vector, int stride, bool transposed)
{
    /// <summary>From how many numbers on packing pays.</summary>
    public const long Worth = 64 * 64;

    // So many numbers are moved in the time that makes a thread worth while.
    const long TransposeWorth = 1 << 13;
    const long CopyWorth = 1 << 14;

    // Whole lines of what is transposed.
    const int GrainDepth = 16;

    /// <summary>The width of the panel that begins at a column.</summary>
    public static int Width(int column, int n, int vector) => Math.Min(GemmTile.Vectors, (n - column + vector - 1) / vector) * vector;

    public void Pack<T>(ReadOnlySpan<T> b, Span<T> panels) where T : unmanaged =>
        ForRows.Run(k, GrainDepth, n, transposed ? TransposeWorth : CopyWorth, b, b, panels, new Work<T>(k, n, vector, stride, transposed));

    /// <summary>A range of depths of all panels.</summary>
    readonly struct Work<T>(int k, int n, int vector, int stride, bool transposed) : IRowWork<T> where T : unmanaged
    {
        public void Run(int from, int to, ReadOnlySpan<T> b, ReadOnlySpan<T> unused, Span<T> panels)
        {
            for (int j = 0; j < n;)
            {
                int width = Width(j, n, vector), columns = Math.Min(width, n - j);
                var panel = panels.Slice(j * k + from * width, width * (to - from));
                if (transposed)
                {
                    if (columns < width) panel.Clear();
                    Moves.Transpose(columns, to - from, b[(j * stride + from)..], stride, panel, width);
                }
                else
                {
                    for (int p = from; p < to; p++)
                    {
                        var row = panel.Slice((p - from) * width, width);
                        b.Slice(p * stride + j, columns).CopyTo(row);
                        if (columns < width) row[columns..].Clear();
                    }
                }
                j += width;
            }
        }
    }
}
