using System.Runtime.InteropServices;
using ChainRule.Distributed;

namespace ChainRule.Tests.Distributed;

/// <summary>What workers send each other over shared memory arrives, with threads for workers.</summary>
public sealed class SharedMemoryTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(2), InlineData(3), InlineData(5), InlineData(8)]
    public void Messages_of_all_sizes_arrive_from_everybody_at_everybody(int workers) =>
        // Longer than a ring, which has a mebibyte for two workers, and of no multiple of 16.
        Group(workers, transport =>
        {
            foreach (int bytes in (int[])[0, 1, 15, 16, 17, 65_537, 1 << 20, 3_000_001])
            {
                int size = workers > 3 ? Math.Min(bytes, 700_001) : bytes;
                List<int> begun = [];
                List<(byte[] Data, int From)> received = [];
                for (int other = 0; other < transport.Size; other++)
                {
                    if (other == transport.Rank) continue;
                    byte[] data = Pinned(size);
                    received.Add((data, other));
                    begun.Add(transport.Receive(other, 7, data));
                }
                for (int other = 0; other < transport.Size; other++)
                {
                    if (other != transport.Rank)
                        begun.Add(transport.Send(other, 7, Filled(size, transport.Rank, other)));
                }
                begun.ForEach(transport.Wait);
                Assert.All(received, one => Assert.Equal(Filled(size, one.From, transport.Rank), one.Data));
            }
        });

    [Fact]
    public void A_ring_goes_round_many_times_and_keeps_the_order() => Group(2, transport =>
    {
        const int Messages = 5000;
        byte[] data = Pinned(3001);
        for (int i = 0; i < Messages; i++)
        {
            int size = i * 37 % 3001;
            if (transport.Rank == 0)
            {
                Filled(size, i, 1).CopyTo(data, 0);
                transport.Wait(transport.Send(1, 0, data, size));
            }
            else
            {
                transport.Wait(transport.Receive(0, 0, data, size));
                Assert.Equal(Filled(size, i, 1), data[..size]);
            }
        }
    });

    [Fact]
    public void Many_messages_are_on_their_way_in_both_directions_at_once() => Group(2, transport =>
    {
        const int Messages = 400, Bytes = 20_000;
        int other = 1 - transport.Rank;
        byte[][] received = [.. Enumerable.Range(0, Messages).Select(_ => Pinned(Bytes))];
        int[] asked = [.. received.Select((data, i) => transport.Receive(other, i % 5, data))];
        int[] sent = [.. Enumerable.Range(0, Messages)
            .Select(i => transport.Send(other, i % 5, Filled(Bytes, i, transport.Rank)))];
        Assert.Equal((long)Messages * Bytes, transport.BytesSent);
        foreach (int request in asked.Concat(sent)) transport.Wait(request);
        for (int i = 0; i < Messages; i++) Assert.Equal(Filled(Bytes, i, other), received[i]);
    });

    [Fact]
    public void Messages_are_found_by_their_tags_whatever_the_order_they_are_asked_for() => Group(2, transport =>
    {
        // The last is asked for first, and all that was sent before it is longer than the ring.
        const int Messages = 6, Bytes = 400_000;
        if (transport.Rank == 0)
        {
            List<int> sent = [];
            for (int tag = 0; tag < Messages; tag++)
            {
                sent.Add(transport.Send(1, tag, Filled(Bytes, tag, 1)));
                sent.Add(transport.Send(1, tag, Filled(Bytes, tag, 2)));
            }
            sent.ForEach(transport.Wait);
            return;
        }
        for (int tag = Messages - 1; tag >= 0; tag--)
        {
            // Two of one tag keep their order.
            byte[] first = Pinned(Bytes), second = Pinned(Bytes);
            transport.Wait(transport.Receive(0, tag, first));
            transport.Wait(transport.Receive(0, tag, second));
            Assert.Equal(Filled(Bytes, tag, 1), first);
            Assert.Equal(Filled(Bytes, tag, 2), second);
        }
    });

    [Fact]
    public void A_message_that_is_being_put_aside_can_be_asked_for() => Group(2, transport =>
    {
        if (transport.Rank == 0)
        {
            byte[] half = Filled(900_000, 1, 1), last = Filled(8, 2, 2), go = Pinned(0);
            int first = transport.Send(1, 1, half), second = transport.Send(1, 1, half);
            transport.Wait(transport.Receive(1, 9, go));
            int third = transport.Send(1, 2, last);
            Array.ForEach([first, second, third], transport.Wait);
            return;
        }
        byte[] one = Pinned(900_000), two = Pinned(900_000), end = Pinned(8);
        int ask = transport.Receive(0, 2, end);
        // The first is put aside whole, the second as far as it fits into the ring.
        for (int i = 0; i < 3; i++) Assert.False(transport.IsDone(ask));
        int a = transport.Receive(0, 1, one), b = transport.Receive(0, 1, two);
        transport.Wait(transport.Send(0, 9, Pinned(0)));
        Array.ForEach([b, a, ask], transport.Wait);
        Assert.Equal(Filled(900_000, 1, 1), one);
        Assert.Equal(one, two);
        Assert.Equal(Filled(8, 2, 2), end);
    });

    [Fact]
    public void The_sentence_of_a_worker_that_fails_reaches_all_others() => Group(3, transport =>
    {
        if (transport.Rank == 1)
        {
            transport.Fail("the loss is NaN at step 7: lower the learning rate");
            transport.Fail("a second one");
            return;
        }
        byte[] data = Pinned(8);
        for (int i = 0; i < 2; i++)
        {
            var e = Assert.Throws<WorkerException>(() => transport.Wait(transport.Receive(1, 0, data)));
            Assert.Equal("the loss is NaN at step 7: lower the learning rate", e.Message);
            Assert.Equal((1, false), (e.Rank, e.IsGone));
        }
        Assert.Equal("the loss is NaN at step 7: lower the learning rate",
            Assert.Throws<WorkerException>(() => ((SharedMemory)transport).Regroup()).Message);
    });

    [Fact]
    public void A_worker_that_left_is_missed_only_where_something_of_it_is_awaited() => Group(3, transport =>
    {
        byte[] data = Pinned(4);
        if (transport.Rank == 0)
        {
            transport.Wait(transport.Send(1, 0, Filled(4, 0, 1)));
            transport.Wait(transport.Send(2, 0, Filled(4, 0, 2)));
            return;
        }
        transport.Wait(transport.Receive(0, 0, data));
        Assert.Equal(Filled(4, 0, transport.Rank), data);
        int other = 3 - transport.Rank;
        int[] both = [transport.Receive(other, 1, data), transport.Send(other, 1, Filled(4, 1, 1))];
        Array.ForEach(both, transport.Wait);
        if (transport.Rank == 1) return;
        var e = Assert.Throws<WorkerException>(() => transport.Wait(transport.Receive(0, 3, data)));
        Assert.Equal("worker 0 has left: it ended its part while worker 2 still waits for it", e.Message);
        Assert.True(e.IsGone);
    });

    [Fact]
    public void Both_sides_must_name_the_same_number_of_bytes() => Group(2, transport =>
    {
        if (transport.Rank == 0)
        {
            transport.Wait(transport.Send(1, 4, Filled(8, 0, 0)));
            return;
        }
        Assert.Equal("receive: worker 0 sent 8 bytes with tag 4, and 12 were asked for: both sides must name the same "
            + "number", Assert.Throws<InvalidOperationException>(() =>
                transport.Wait(transport.Receive(0, 4, Pinned(12)))).Message);
    });

    [Fact]
    public void What_no_transport_can_carry_is_refused() => Group(2, transport =>
    {
        if (transport.Rank == 1) return;
        byte[] data = Pinned(1);
        Refuses("to", "send: worker 0: this is worker 0 of 2: give the number of another",
            () => transport.Send(0, 0, data));
        Refuses("from", "receive: worker 2: this is worker 0 of 2: give the number of another",
            () => transport.Receive(2, 0, data));
        Refuses("tag", "send: tag 30001: give one from 0 to 30,000", () => transport.Send(1, 30_001, data));
        Refuses("bytes", "receive: -1 bytes: give 0 or more", () => transport.Receive(1, 0, data, -1));
        Refuses("request", "is done: 5 is no message that was begun, or it was done before: give what Send or "
            + "Receive gave", () => transport.IsDone(5));
        int sent = transport.Send(1, 0, data);
        transport.Wait(sent);
        Assert.ThrowsAny<ArgumentException>(() => transport.IsDone(sent));
        Assert.Equal("worker 0 of 2 over shared memory", transport.ToString());
    });

    [Fact]
    public void Anybody_reads_how_far_the_workers_are_and_asks_them_to_stop()
    {
        string path = Group(2, transport =>
        {
            var shared = (SharedMemory)transport;
            Assert.False(shared.IsStopRequested);
            shared.WriteStatus(new(10 + transport.Rank, 0.5, 1.5, 2.5, 100));
            byte[] data = Pinned(0);
            int[] both = [transport.Receive(1 - transport.Rank, 0, data), transport.Send(1 - transport.Rank, 0, data)];
            Array.ForEach(both, transport.Wait);
            if (transport.Rank == 0) SharedMemory.RequestStop(_folder.PathOf("2"));
            while (!shared.IsStopRequested) transport.Pause(1);
        });
        Assert.Equal([new(10, 0.5, 1.5, 2.5, 100), new(11, 0.5, 1.5, 2.5, 100)], SharedMemory.ReadStatus(path));
    }

    [Fact]
    public void A_group_that_does_not_come_together_says_who_is_missing()
    {
        string path = _folder.PathOf("group");
        SharedMemory.Create(path, 3);
        var limit = TimeSpan.FromMilliseconds(20);
        Assert.Equal($"join: workers 0 and 2 of 3 did not join '{path}' within 0.02 s: start them, or give a "
            + "longer limit",
            Assert.Throws<WorkerException>(() => SharedMemory.Join(path, 1, limit)).Message);
        Assert.Equal($"join: worker 1 is there already (process {Environment.ProcessId}): each worker has a number of "
            + "its own, and a group is joined once",
            Assert.Throws<InvalidOperationException>(() => SharedMemory.Join(path, 1, limit)).Message);
        Refuses("rank", "join: worker 3 of 3: give a number from 0 to 2", () => SharedMemory.Join(path, 3, limit));
        Refuses("workers", "create shared memory: 65 workers: give 1 to 64", () => SharedMemory.Create(65));
        string other = _folder.Write("other", new byte[5000]);
        Assert.Equal($"join: '{other}' is no file that workers share: it is made by SharedMemory.Create",
            Assert.Throws<WorkerException>(() => SharedMemory.Join(other, 0)).Message);
        string missing = _folder.PathOf("missing");
        Assert.Equal($"request stop: there is no '{missing}': it is made by SharedMemory.Create, once, before the "
            + "workers start", Assert.Throws<WorkerException>(() => SharedMemory.RequestStop(missing)).Message);
        Assert.StartsWith($"create shared memory: '{path}' of 2,", Assert.Throws<WorkerException>(
            () => SharedMemory.Create(path, 2)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_the_system_is_made_where_there_is_room()
    {
        string path = SharedMemory.Create(2);
        try
        {
            Assert.Equal([default, default], SharedMemory.ReadStatus(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    static void Refuses(string parameter, string sentence, Action asked) =>
        Refused.With<ArgumentException>(sentence, parameter, asked);

    string Group(int workers, Action<Transport> work) => Threads.Run(_folder, workers, work);

    static byte[] Pinned(int bytes) => GC.AllocateArray<byte>(bytes, pinned: true);

    static byte[] Filled(int bytes, int a, int b)
    {
        byte[] data = Pinned(bytes);
        uint state = (uint)(a * 1000 + b + 1);
        foreach (ref uint word in MemoryMarshal.Cast<byte, uint>(data.AsSpan()))
            word = state = state * 1664525 + 1013904223;
        for (int i = bytes & ~3; i < bytes; i++) data[i] = (byte)(i + a);
        return data;
    }
}
