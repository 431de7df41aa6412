namespace ChainRule.Kernels;

/// <summary>
/// B laid out for tiles: panels three vectors wide, and a last one of up to three, filled up with zeros. A panel holds its columns depth by depth,
/// so a tile reads it from front to back; the panel of column j begins at j · k. The rows of B, as it lies, begin a stride apart.
/// </summary>
readonly struct GemmPanels(int k, int n, int vector, int stride, bool transposed)
{
    /// <summary>From how many numbers on packing pays.</summary>
    public const long Worth = 64 * 64;

    const long ThreadWorth = 1 << 17;

    /// <summary>The width of the panel that begins at a column.</summary>
    public static int Width(int column, int n, int vector) => Math.Min(GemmTile.Vectors, (n - column + vector - 1) / vector) * vector;

    public void Pack<T>(ReadOnlySpan<T> b, Span<T> panels) where T : unmanaged
    {
        if (k == 0) return;
        int wide = GemmTile.Vectors * vector;
        // Threads take whole wide panels; the last may be narrower.
        ForRows.Run((n + wide - 1) / wide, 1, (long)k * wide, ThreadWorth, b, b, panels, new Work<T>(k, n, vector, stride, transposed));
    }

    readonly struct Work<T>(int k, int n, int vector, int stride, bool transposed) : IRowWork<T> where T : unmanaged
    {
        public void Run(int from, int to, ReadOnlySpan<T> b, ReadOnlySpan<T> unused, Span<T> panels)
        {
            int wide = GemmTile.Vectors * vector, end = Math.Min(n, to * wide);
            for (int j = from * wide; j < end;)
            {
                int width = Width(j, n, vector), columns = Math.Min(width, n - j);
                var panel = panels.Slice(j * k, width * k);
                if (transposed)
                {
                    if (columns < width) panel.Clear();
                    Moves.Transpose(columns, k, b.Slice(j * stride, (columns - 1) * stride + k), stride, panel, width);
                }
                else
                {
                    for (int p = 0; p < k; p++)
                    {
                        var row = panel.Slice(p * width, width);
                        b.Slice(p * stride + j, columns).CopyTo(row);
                        if (columns < width) row[columns..].Clear();
                    }
                }
                j += width;
            }
        }
    }
}
