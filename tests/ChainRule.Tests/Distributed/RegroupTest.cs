using ChainRule.Distributed;

namespace ChainRule.Tests.Distributed;

/// <summary>Those who live go on without those who are gone: threads, of which some say no more.</summary>
public sealed class RegroupTest : IDisposable
{
    // Longer than a ring.
    static readonly byte[] s_long = GC.AllocateArray<byte>(3_000_001, pinned: true);

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(0), InlineData(1), InlineData(3)]
    public void Those_who_live_are_numbered_anew_in_their_old_order(int gone) => Threads.Run(_folder, 4, transport =>
    {
        var shared = (SharedMemory)transport;
        int old = shared.Rank;
        // What is on its way when a worker dies, finished or not, is dropped.
        SayUnheard(shared);
        AwaitedByAll(shared, gone);
        if (old == gone)
        {
            shared.MarkGone(old);
            return;
        }
        Assert.Equal((gone, true), Missed(shared, gone));
        Assert.Same(shared, shared.Regroup());
        Assert.Equal((old > gone ? old - 1 : old, 3), (shared.Rank, shared.Size));
        SayAndHear(shared, 40);
    });

    [Fact]
    public void Two_deaths_are_survived_one_after_the_other_and_at_once() => Threads.Run(_folder, 6, transport =>
    {
        var shared = (SharedMemory)transport;
        int old = shared.Rank;
        if (old == 1)
        {
            shared.MarkGone(1);
            return;
        }
        Missed(shared, 1);
        shared.Regroup();
        SayAndHear(shared, 50);
        AwaitedByAll(shared, 2);
        // Who was 3 and who was 4 are 2 and 3 now; the second ends when the others regroup without the first.
        if (old == 4) Missed(shared, 2);
        if (old is 3 or 4)
        {
            shared.MarkGone(shared.Rank);
            return;
        }
        Missed(shared, 2);
        shared.Regroup();
        Assert.Equal((old switch { 0 => 0, 2 => 1, _ => 2 }, 3), (shared.Rank, shared.Size));
        SayAndHear(shared, 60);
    });

    [Fact]
    public void A_worker_that_others_took_for_gone_is_told_so() => Threads.Run(_folder, 3, transport =>
    {
        var shared = (SharedMemory)transport;
        if (shared.Rank < 2)
        {
            if (shared.Rank == 0) shared.MarkGone(2);
            Missed(shared, 2);
            shared.Regroup();
            SayAndHear(shared, 70);
            return;
        }
        Missed(shared, 0);
        var e = Assert.Throws<WorkerException>(shared.Regroup);
        Assert.Equal("regroup: the others took worker 2 for gone, and went on without it", e.Message);
    });

    static void SayUnheard(SharedMemory shared)
    {
        for (int other = 0; other < shared.Size; other++)
        {
            if (other != shared.Rank) shared.Send(other, 9, s_long);
        }
    }

    // One goes on when all others have come so far.
    static void AwaitedByAll(SharedMemory shared, int one)
    {
        byte[] word = GC.AllocateArray<byte>(1, pinned: true);
        if (shared.Rank != one) shared.Send(one, 8, word);
        for (int other = 0; other < shared.Size && shared.Rank == one; other++)
        {
            if (other != one) shared.Wait(shared.Receive(other, 8, word));
        }
    }

    static (int Rank, bool IsGone) Missed(SharedMemory shared, int gone)
    {
        byte[] never = GC.AllocateArray<byte>(1, pinned: true);
        var e = Assert.Throws<WorkerException>(() => shared.Wait(shared.Receive(gone, 3, never)));
        return (e.Rank, e.IsGone);
    }

    // Each hears all others' new numbers, by the tag that was used before.
    static void SayAndHear(SharedMemory shared, int greeting)
    {
        byte[][] heard = [.. Enumerable.Range(0, shared.Size).Select(_ => GC.AllocateArray<byte>(2, pinned: true))];
        byte[] said = GC.AllocateArray<byte>(2, pinned: true);
        (said[0], said[1]) = ((byte)greeting, (byte)shared.Rank);
        List<int> begun = [];
        for (int other = 0; other < shared.Size; other++)
        {
            if (other == shared.Rank) continue;
            begun.Add(shared.Receive(other, 9, heard[other]));
            begun.Add(shared.Send(other, 9, said));
        }
        begun.ForEach(shared.Wait);
        for (int other = 0; other < shared.Size; other++)
        {
            if (other != shared.Rank) Assert.Equal([(byte)greeting, (byte)other], heard[other]);
        }
    }
}
