namespace ChainRule.Kernels;

/// <summary>Work on a range of rows of an output, which depends on no other row.</summary>
interface IRowWork<T> where T : unmanaged
{
    void Run(int from, int to, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c);
}

/// <summary>
/// The only place with threads. They split the rows of an output and never a sum, so the same bits come out at any count.
/// </summary>
public static class ForRows
{
    /// <summary>How many threads the kernels may use; all cores unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set below 1.</exception>
    public static int Threads
    {
        get;
        set
        {
            if (value < 1) throw new ArgumentOutOfRangeException(null, $"threads: {value}: give 1 or more");
            field = value;
        }
    } = Environment.ProcessorCount;

    /// <summary>
    /// Runs the work on all rows: in parallel where each thread gets at least <paramref name="worth"/> units of work, in multiples of
    /// <paramref name="grain"/> rows.
    /// </summary>
    internal static unsafe void Run<T, TWork>(int rows, int grain, long perRow, long worth, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c, TWork work)
        where T : unmanaged where TWork : struct, IRowWork<T>
    {
        int parts = (int)Math.Min(Math.Min(Threads, (rows + grain - 1) / grain), Math.Max(1, rows * perRow / worth));
        if (parts == 1)
        {
            work.Run(0, rows, a, b, c);
            return;
        }

        int share = ((rows + parts - 1) / parts + grain - 1) / grain * grain;
        var (na, nb, nc) = (a.Length, b.Length, c.Length);
        fixed (T* pa = a, pb = b, pc = c)
        {
            // Pointers, because no lambda can hold a span; the spans stay pinned until every part is done.
            var (qa, qb, qc) = ((nint)pa, (nint)pb, (nint)pc);
            Parallel.For(0, parts, new ParallelOptions { MaxDegreeOfParallelism = parts }, part =>
            {
                int from = part * share, to = Math.Min(rows, from + share);
                if (from < to) work.Run(from, to, new((T*)qa, na), new((T*)qb, nb), new((T*)qc, nc));
            });
        }
    }
}
