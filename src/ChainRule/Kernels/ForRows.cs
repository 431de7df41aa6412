using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using ChainRule.Errors;

namespace ChainRule.Kernels;

/// <summary>
/// Work on a range of rows of an output, which depends on no other row. A ref struct may carry spans: it stays on
/// the stack of who asks.
/// </summary>
interface IRowWork
{
    void Run(int from, int to);
}

/// <summary>As <see cref="IRowWork"/>, on rows of c that are computed from a and b.</summary>
interface IRowWork<T> where T : unmanaged
{
    void Run(int from, int to, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c);
}

/// <summary>
/// The only place with threads. They split the rows of an output and never a sum, so the same bits come out at any
/// count. Small work stays on the thread that asks; larger work is cut into pieces, which that thread and a pool of
/// waiting worker threads take in turn. Nothing is allocated.
/// </summary>
static class ForRows
{
    /// <summary>
    /// How many numbers a formula passes over in the time that makes a thread worth while, and the fewest of a piece.
    /// </summary>
    internal const int Numbers = 1 << 15, Grain = 1 << 10;

    // More pieces than threads: who is held up by something else on the machine takes fewer.
    const int PiecesPerThread = 4;

    // Measured: a spinning worker begins within half a microsecond; to wake a sleeping one takes ten of the caller's
    // time, and as many again until it begins.
    const int WorthWaking = 4;

    static readonly Lock s_busy = new();
    static readonly ThreadPool s_pool = new();

    /// <summary>How many threads the kernels may use; all cores unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set below 1.</exception>
    public static int Threads
    {
        get;
        set
        {
            if (value < 1) throw new RefusedRangeException($"threads: {value}: give 1 or more", nameof(value));
            field = value;
        }
    } = Environment.ProcessorCount;

    /// <summary>
    /// Runs the work on all rows: in parallel where each thread gets at least <paramref name="worth"/> units of work,
    /// which should take some four microseconds. Every piece begins at a multiple of <paramref name="grain"/> rows, and
    /// none has fewer than that, unless it is all there is.
    /// </summary>
    internal static unsafe void Run<TWork>(int rows, int grain, long perRow, long worth, in TWork work)
        where TWork : struct, IRowWork, allows ref struct
    {
        long parts = rows * perRow / worth;
        int threads = (int)Math.Min(Math.Min(Threads, rows / grain), parts);
        // Work that is started by other work, or on two threads at once, stays where it is: there is one pool.
        if (threads < 2 || s_busy.IsHeldByCurrentThread || !s_busy.TryEnter())
        {
            if (rows > 0) work.Run(0, rows);
            return;
        }
        try
        {
            int piece = Math.Max(grain, rows / (threads * PiecesPerThread) / grain * grain);
            // The work lives on this stack until everybody is done with it: its spans are seen and kept right by the
            // garbage collector there.
            s_pool.Run(threads, parts >= WorthWaking, rows, piece, &Piece<TWork>,
                Unsafe.AsPointer(ref Unsafe.AsRef(in work)));
        }
        finally
        {
            s_busy.Exit();
        }
    }

    /// <summary>
    /// As <see cref="Run{TWork}(int, int, long, long, in TWork)"/>, on rows of c that are computed from a and b.
    /// </summary>
    internal static void Run<T, TWork>(int rows, int grain, long perRow, long worth, ReadOnlySpan<T> a,
        ReadOnlySpan<T> b, Span<T> c, TWork work)
        where T : unmanaged where TWork : struct, IRowWork<T>, allows ref struct =>
        Run(rows, grain, perRow, worth, new OfTwo<T, TWork>(a, b, c, work));

    static unsafe void Piece<TWork>(void* work, int from, int to) where TWork : struct, IRowWork, allows ref struct =>
        Unsafe.AsRef<TWork>(work).Run(from, to);

    readonly ref struct OfTwo<T, TWork>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c, TWork work) : IRowWork
        where T : unmanaged where TWork : struct, IRowWork<T>, allows ref struct
    {
        readonly ReadOnlySpan<T> _a = a, _b = b;
        readonly Span<T> _c = c;
        readonly TWork _work = work;

        public void Run(int from, int to) => _work.Run(from, to, _a, _b, _c);
    }

    /// <summary>
    /// The current work item, and the workers on it. A worker that wakes too late finds it closed, and nobody waits for
    /// it. Half of the workers take pieces from the end, so that of two threads each meets, from one work to the next,
    /// mostly rows that it has in its own cache.
    /// </summary>
    sealed unsafe class ThreadPool
    {
        readonly List<Worker> _workers = [];
        delegate*<void*, int, int, void> _run;
        void* _work;
        int _rows, _piece, _pieces, _taken, _front, _back, _open, _helping, _round;
        Exception? _failure;

        /// <summary>Raised with each new work.</summary>
        public int Round => Volatile.Read(ref _round);

        public void Run(int threads, bool wake, int rows, int piece, delegate*<void*, int, int, void> run, void* work)
        {
            while (_workers.Count < threads - 1) _workers.Add(new(this, _workers.Count));
            _run = run;
            _work = work;
            (_rows, _piece, _pieces) = (rows, piece, rows / piece);
            (_taken, _front, _back, _failure) = (0, 0, 0, null);
            Volatile.Write(ref _open, threads - 1);
            Interlocked.Increment(ref _round);
            for (int i = 0; i < threads - 1 && wake; i++) _workers[i].Wake();

            Work(fromEnd: false);
            Interlocked.Exchange(ref _open, 0);
            var spin = default(SpinWait);
            while (Volatile.Read(ref _helping) > 0) spin.SpinOnce(sleep1Threshold: -1);
            if (_failure is not null)
                throw new InvalidOperationException("a kernel failed on another thread", _failure);
        }

        public void Join(int worker)
        {
            Interlocked.Increment(ref _helping);
            if (Volatile.Read(ref _open) > worker) Work(fromEnd: worker % 2 == 0);
            Interlocked.Decrement(ref _helping);
        }

        [SuppressMessage("Design", "CA1031", Justification = "The thread that waits for the work throws it.")]
        void Work(bool fromEnd)
        {
            try
            {
                while (Interlocked.Increment(ref _taken) <= _pieces)
                {
                    int i = fromEnd ? _pieces - Interlocked.Increment(ref _back)
                        : Interlocked.Increment(ref _front) - 1;
                    _run(_work, i * _piece, i == _pieces - 1 ? _rows : (i + 1) * _piece);
                }
            }
            catch (Exception e)
            {
                _failure = e;
            }
        }
    }

    /// <summary>One thread of the pool.</summary>
    sealed class Worker
    {
        // How long a worker spins for the next work item before it sleeps: to be woken takes longer
        // than a small product.
        static readonly long s_patience = Stopwatch.Frequency / 20_000;

        readonly ThreadPool _pool;
        readonly int _number;
        readonly object _sleepLock = new();
        volatile bool _sleeping;

        public Worker(ThreadPool pool, int number)
        {
            (_pool, _number) = (pool, number);
            new Thread(Loop) { IsBackground = true, Name = "ChainRule kernels" }.Start();
        }

        public void Wake()
        {
            if (!_sleeping) return;
            lock (_sleepLock)
            {
                _sleeping = false;
                Monitor.Pulse(_sleepLock);
            }
        }

        void Loop()
        {
            for (int seen = 0; ;)
            {
                long began = Stopwatch.GetTimestamp();
                while (_pool.Round == seen && Stopwatch.GetTimestamp() - began < s_patience) Thread.SpinWait(8);
                if (_pool.Round == seen) Sleep(seen);
                seen = _pool.Round;
                _pool.Join(_number);
            }
        }

        void Sleep(int seen)
        {
            lock (_sleepLock)
            {
                _sleeping = true;
                // In this order one of the two sees what the other did: the caller that this worker sleeps, or this
                // worker that a work item began.
                Interlocked.MemoryBarrier();
                if (_pool.Round != seen) _sleeping = false;
                while (_sleeping) Monitor.Wait(_sleepLock);
            }
        }
    }
}
