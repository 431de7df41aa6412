using ChainRule.Tests;
using ChainRule.Zoo.Runs;

namespace ChainRule.Zoo.Tests.Runs;

public sealed class RunLockTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void One_holds_it_and_the_next_takes_it_when_it_is_let_go()
    {
        var first = RunLock.Take(_folder.Path);
        Assert.NotNull(first);
        Assert.Null(RunLock.Take(_folder.Path));
        first.Dispose();
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
        using var second = RunLock.Take(_folder.Path);
        Assert.NotNull(second);
    }

    [Fact]
    public void What_a_killed_process_left_is_taken_over()
    {
        _folder.Write(RunLock.FileName, "");
        using var taken = RunLock.Take(_folder.Path);
        Assert.NotNull(taken);
    }

    [Fact]
    public void Of_many_at_once_one_holds_it_at_a_time()
    {
        int inside = 0, most = 0, taken = 0;
        Parallel.For(0, 8, _ =>
        {
            for (int i = 0; i < 200; i++)
            {
                using var held = RunLock.Take(_folder.Path);
                if (held is null) continue;
                int now = Interlocked.Increment(ref inside);
                if (now > 1) Interlocked.Exchange(ref most, now);
                Interlocked.Increment(ref taken);
                Thread.Yield();
                Interlocked.Decrement(ref inside);
            }
        });
        Assert.Equal(0, most);
        Assert.InRange(taken, 1, 1600);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_an_error() =>
        Assert.ThrowsAny<IOException>(() => RunLock.Take(_folder.PathOf("gone")));
}
