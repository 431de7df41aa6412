using ChainRule.Kernels;

namespace ChainRule.Tests.Kernels;

[Collection(Alone.Name)]
public sealed class ForRowsTest : IDisposable
{
    readonly int _threads = ForRows.Threads;

    public void Dispose() => ForRows.Threads = _threads;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 1)]
    [InlineData(96, 8)]
    [InlineData(1000, 64)]
    [InlineData(1001, 8)]
    [InlineData(4097, 1024)]
    public void Every_row_is_done_once_in_pieces_that_begin_at_a_multiple_of_the_grain(int rows, int grain)
    {
        foreach (int threads in new[] { 1, 2, 3, 5, 16 })
        {
            ForRows.Threads = threads;
            int[] done = new int[rows], begun = new int[rows];
            ForRows.Run(rows, grain, 1, 1, new Counting(done, begun));
            Assert.All(done, times => Assert.Equal(1, times));
            int[] starts = [.. Enumerable.Range(0, rows).Where(row => begun[row] > 0), rows];
            Assert.All(starts[..^1], start => Assert.Equal(0, start % grain));
            if (starts.Length > 2)
                Assert.All(starts.Zip(starts[1..]), piece => Assert.True(piece.Second - piece.First >= grain));
        }
    }

    [Fact]
    public void No_rows_are_no_work() => ForRows.Run(0, 1, 1, 1, new Failing(from: 0));

    [Fact]
    public void Small_work_stays_on_the_thread_that_asks()
    {
        ForRows.Threads = 4;
        int[] seen = new int[1000];
        ForRows.Run(1000, 1, perRow: 1, worth: 501, new Naming(seen));
        Assert.All(seen, thread => Assert.Equal(Environment.CurrentManagedThreadId, thread));
    }

    [Fact]
    public void Large_work_is_shared()
    {
        ForRows.Threads = 2;
        int[] seen = new int[64];
        for (int i = 0; i < 1000 && seen.Distinct().Count() < 2; i++)
            ForRows.Run(64, 1, perRow: 1, worth: 1, new Naming(seen, wait: true));
        Assert.Equal(2, seen.Distinct().Count());
    }

    [Fact]
    public void No_more_threads_take_part_than_are_asked_for()
    {
        int[] seen = new int[640];
        ForRows.Threads = 4;
        for (int i = 0; i < 20; i++) ForRows.Run(640, 1, 1, 1, new Naming(seen, wait: true));
        ForRows.Threads = 2;
        for (int i = 0; i < 20; i++)
        {
            ForRows.Run(640, 1, 1, 1, new Naming(seen, wait: true));
            Assert.InRange(seen.Distinct().Count(), 1, 2);
        }
    }

    [Fact]
    public void The_garbage_collector_may_move_what_the_threads_work_on()
    {
        ForRows.Threads = 2;
        for (int i = 0; i < 200; i++)
        {
            // Between garbage, so that both are moved while the work goes on.
            byte[] before = new byte[5000];
            int[] x = [.. Enumerable.Range(i, 4096)];
            byte[] between = new byte[3000];
            int[] y = new int[4096];
            ForRows.Run(4096, 64, 1, 1, new Squaring(x, y));
            for (int k = 0; k < y.Length; k++) Assert.Equal((i + k) * (i + k), y[k]);
            GC.KeepAlive((before, between));
        }
    }

    [Fact]
    public void Work_that_work_starts_is_done_where_it_is_started()
    {
        ForRows.Threads = 3;
        int[] done = new int[64 * 64];
        ForRows.Run(64, 1, 1, 1, new Nesting(done));
        Assert.All(done, times => Assert.Equal(1, times));
    }

    [Fact]
    public void A_failure_reaches_who_asked_and_the_crew_goes_on()
    {
        ForRows.Threads = 2;
        var error = Assert.Throws<InvalidOperationException>(() => ForRows.Run(64, 1, 1, 1, new Failing(from: 63)));
        Assert.Equal("row 63", error.InnerException!.Message);
        Every_row_is_done_once_in_pieces_that_begin_at_a_multiple_of_the_grain(96, 8);
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        ForRows.Threads = 2;
        int[] x = new int[4096], y = new int[4096];
        for (int i = 0; i < 100; i++) ForRows.Run(4096, 64, 1, 1, new Squaring(x, y, quiet: true));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) ForRows.Run(4096, 64, 1, 1, new Squaring(x, y, quiet: true));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    readonly struct Counting(int[] done, int[] begun) : IRowWork
    {
        public void Run(int from, int to)
        {
            begun[from]++;
            for (int i = from; i < to; i++) Interlocked.Increment(ref done[i]);
        }
    }

    readonly struct Naming(int[] seen, bool wait = false) : IRowWork
    {
        public void Run(int from, int to)
        {
            seen.AsSpan(from, to - from).Fill(Environment.CurrentManagedThreadId);
            if (wait) Thread.SpinWait(2000);
        }
    }

    readonly ref struct Squaring(ReadOnlySpan<int> x, Span<int> y, bool quiet = false) : IRowWork
    {
        readonly ReadOnlySpan<int> _x = x;
        readonly Span<int> _y = y;

        public void Run(int from, int to)
        {
            for (int i = from; i < to; i++)
            {
                _y[i] = _x[i] * _x[i];
                if (!quiet && i == from + 7) GC.Collect(0, GCCollectionMode.Forced, blocking: true, compacting: true);
            }
        }
    }

    readonly struct Nesting(int[] done) : IRowWork
    {
        public void Run(int from, int to)
        {
            for (int i = from; i < to; i++) ForRows.Run(64, 1, 1, 1, new Inner(done, i * 64));
        }
    }

    readonly struct Inner(int[] done, int at) : IRowWork
    {
        public void Run(int from, int to)
        {
            for (int i = from; i < to; i++) Interlocked.Increment(ref done[at + i]);
        }
    }

    readonly struct Failing(int from) : IRowWork
    {
        public void Run(int first, int to)
        {
            if (to > from) throw new InvalidOperationException($"row {from}");
        }
    }
}
