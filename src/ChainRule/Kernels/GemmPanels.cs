namespace ChainRule.Kernels;

/// <summary>
/// B laid out for tiles: panels three vectors wide, and a last one of up to three, filled up with zeros. A panel holds
/// its columns depth by depth, so a tile reads it from front to back; the panel of column j begins at j · k. The rows
/// of B, as it lies, begin a stride apart.
/// </summary>
readonly struct GemmPanels(int k, int n, int vector, int stride, bool transposed)
{
    /// <summary>Up to how many numbers B is read as fast where it lies.</summary>
    public const long Worth = 512 * 512;

    // This many numbers are moved in the time that makes a thread worth while.
    const long TransposeWorth = 1 << 13;
    const long CopyWorth = 1 << 14;

    // Whole lines of what is transposed; and this many rows of B are read side by side: each is
    // used up while it is near.
    const int GrainDepth = 16;

    /// <summary>
    /// The width of the panel that begins at a column: three vectors; two and two where four are left, as one alone
    /// takes a load for each sum.
    /// </summary>
    public static int Width(int column, int n, int vector)
    {
        int left = (n - column + vector - 1) / vector;
        return (left == 4 ? 2 : Math.Min(GemmTile.Vectors, left)) * vector;
    }

    public void Pack<T>(ReadOnlySpan<T> b, Span<T> panels) where T : unmanaged =>
        ForRows.Run(k, GrainDepth, n, transposed ? TransposeWorth : CopyWorth, b, b, panels,
            new Work<T>(k, n, vector, stride, transposed));

    /// <summary>A range of depths of all panels.</summary>
    readonly struct Work<T>(int k, int n, int vector, int stride, bool transposed) : IRowWork<T> where T : unmanaged
    {
        public void Run(int from, int to, ReadOnlySpan<T> b, ReadOnlySpan<T> unused, Span<T> panels)
        {
            int step = transposed ? to - from : GrainDepth;
            for (int p = from; p < to; p += step)
            {
                int depth = Math.Min(step, to - p);
                for (int j = 0, width; j < n; j += width)
                {
                    width = Width(j, n, vector);
                    var panel = panels.Slice(j * k + p * width, width * depth);
                    Lay(p, depth, j, Math.Min(width, n - j), width, stride, transposed, b, panel);
                }
            }
        }
    }

    /// <summary>Lays out a range of depths of the panel of some columns.</summary>
    public static void Lay<T>(int first, int depth, int j, int columns, int width, int stride, bool transposed,
        ReadOnlySpan<T> b, Span<T> panel) where T : unmanaged
    {
        if (transposed)
        {
            if (columns < width) panel[..(depth * width)].Clear();
            Moves.Transpose(columns, depth, b[(j * stride + first)..], stride, panel, width);
            return;
        }
        for (int p = 0; p < depth; p++)
        {
            var row = panel.Slice(p * width, width);
            b.Slice((first + p) * stride + j, columns).CopyTo(row);
            if (columns < width) row[columns..].Clear();
        }
    }
}
