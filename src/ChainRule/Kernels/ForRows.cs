using System.Diagnostics;

namespace ChainRule.Kernels;

/// <summary>Work on a range of rows of an output, which depends on no other row.</summary>
interface IRowWork<T> where T : unmanaged
{
    void Run(int from, int to, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c);
}

/// <summary>
/// The only place with threads. They split the rows of an output and never a sum, so the same bits come out at any count. Small work stays on the
/// thread that asks; larger work is cut into pieces, which that thread and a crew of waiting ones take in turn. Nothing is allocated.
/// </summary>
public static class ForRows
{
    // More pieces than threads: who is held up by something else on the machine takes fewer.
    const int PiecesPerThread = 4;

    // How long a waiting thread looks for the next work before it goes to sleep, in seconds: waking it costs more than a small product.
    const double Patience = 50e-6;

    static readonly Lock s_busy = new();
    static readonly List<SemaphoreSlim> s_sleepers = [];
    static Crew s_crew;

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
    internal static void Run<T, TWork>(int rows, int grain, long perRow, long worth, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c, TWork work)
        where T : unmanaged where TWork : unmanaged, IRowWork<T>
    {
        int threads = (int)Math.Min(Math.Min(Threads, (rows + grain - 1) / grain), rows * perRow / worth);
        // Work that is started by other work, or on two threads at once, stays where it is: the crew is one.
        if (threads < 2 || s_busy.IsHeldByCurrentThread || !s_busy.TryEnter())
        {
            work.Run(0, rows, a, b, c);
            return;
        }
        try
        {
            Share(threads, rows, grain, a, b, c, work);
        }
        finally
        {
            s_busy.Exit();
        }
    }

    static unsafe void Share<T, TWork>(int threads, int rows, int grain, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c, TWork work)
        where T : unmanaged where TWork : unmanaged, IRowWork<T>
    {
        while (s_sleepers.Count < threads - 1) Hire();
        int piece = Math.Max(grain, rows / (threads * PiecesPerThread) / grain * grain);
        fixed (T* pa = a, pb = b, pc = c)
        {
            // The work lives on this stack, and the numbers stay pinned, until everybody is done with them.
            var job = new Job<T, TWork>(pa, a.Length, pb, b.Length, pc, c.Length, rows, piece, work);
            s_crew.Begin(&Job<T, TWork>.Piece, &job, (rows + piece - 1) / piece);
            for (int i = 0; i < threads - 1; i++) if (s_sleepers[i].CurrentCount == 0) s_sleepers[i].Release();
            s_crew.Finish();
        }
    }

    static void Hire()
    {
        var bell = new SemaphoreSlim(0);
        s_sleepers.Add(bell);
        new Thread(() =>
        {
            while (true)
            {
                long began = Stopwatch.GetTimestamp();
                while (bell.CurrentCount == 0 && Stopwatch.GetElapsedTime(began).TotalSeconds < Patience) Thread.SpinWait(8);
                bell.Wait();
                s_crew.Help();
            }
        })
        { IsBackground = true, Name = "ChainRule kernels" }.Start();
    }

    readonly unsafe struct Job<T, TWork>(T* a, int countA, T* b, int countB, T* c, int countC, int rows, int piece, TWork work)
        where T : unmanaged where TWork : unmanaged, IRowWork<T>
    {
        public static void Piece(void* job, int index) => (*(Job<T, TWork>*)job).Run(index);

        void Run(int index)
        {
            int from = index * piece;
            work.Run(from, Math.Min(rows, from + piece), new(a, countA), new(b, countB), new(c, countC));
        }
    }

    /// <summary>
    /// The work at hand: its pieces, the next to be taken, and who is at it. Who wakes too late finds it closed, and nobody waits for him.
    /// </summary>
    unsafe struct Crew
    {
        delegate*<void*, int, void> _piece;
        void* _job;
        int _pieces, _next, _open, _helping;
        Exception? _failure;

        public void Begin(delegate*<void*, int, void> piece, void* job, int pieces)
        {
            _piece = piece;
            _job = job;
            (_pieces, _next, _failure) = (pieces, 0, null);
            Interlocked.Exchange(ref _open, 1);
        }

        public void Help()
        {
            Interlocked.Increment(ref _helping);
            if (Volatile.Read(ref _open) == 1) Work();
            Interlocked.Decrement(ref _helping);
        }

        public void Finish()
        {
            Work();
            Interlocked.Exchange(ref _open, 0);
            var spin = default(SpinWait);
            while (Volatile.Read(ref _helping) > 0) spin.SpinOnce(sleep1Threshold: -1);
            if (_failure is not null) throw new InvalidOperationException("a kernel failed on another thread", _failure);
        }

        void Work()
        {
            try
            {
                for (int i; (i = Interlocked.Increment(ref _next) - 1) < _pieces;) _piece(_job, i);
            }
            catch (Exception e)
            {
                _failure = e;
            }
        }
    }
}
