using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ChainRule.Distributed;

/// <summary>What workers say to each other beside gradients, and how long this one waited for the others.</summary>
/// <param name="transport">What carries it.</param>
sealed class WorkerGroup(Transport transport)
{
    /// <summary>Below this are the buckets of gradients: two tags each.</summary>
    public const int FirstTag = 29_000;

    const int GatherTag = FirstTag, LengthTag = FirstTag + 1, BytesTag = FirstTag + 2;

    readonly List<int> _open = [];
    long _waited;

    /// <summary>What carries it.</summary>
    public Transport Transport => transport;

    /// <summary>The number of this worker.</summary>
    public int Rank => transport.Rank;

    /// <summary>How many workers there are.</summary>
    public int Size => transport.Size;

    /// <summary>How long this worker has waited for others, in seconds.</summary>
    public double Waited => Stopwatch.GetElapsedTime(0, _waited).TotalSeconds;

    /// <summary>Waits until something that was begun is done.</summary>
    public void Wait(int request)
    {
        if (transport.IsDone(request)) return;
        long began = Stopwatch.GetTimestamp();
        for (int times = 0; !transport.IsDone(request); times++) transport.Pause(times);
        _waited += Stopwatch.GetTimestamp() - began;
    }

    /// <summary>Waits until a condition holds, which others make true.</summary>
    public void WaitFor(Func<bool> holds)
    {
        if (holds()) return;
        long began = Stopwatch.GetTimestamp();
        for (int times = 0; !holds(); times++) transport.Pause(times);
        _waited += Stopwatch.GetTimestamp() - began;
    }

    /// <summary>
    /// Gives every worker what each has: the part of worker i is from <paramref name="starts"/>[i] to
    /// <paramref name="starts"/>[i + 1], and this worker's is there before.
    /// </summary>
    public unsafe void Gather<T>(Span<T> all, ReadOnlySpan<int> starts) where T : unmanaged
    {
        if (Size == 1) return;
        fixed (T* at = all)
        {
            for (int other = 0; other < Size; other++)
            {
                if (other == Rank) continue;
                _open.Add(transport.Receive(other, GatherTag, (byte*)(at + starts[other]),
                    sizeof(T) * (starts[other + 1] - starts[other])));
                _open.Add(transport.Send(other, GatherTag, (byte*)(at + starts[Rank]),
                    sizeof(T) * (starts[Rank + 1] - starts[Rank])));
            }
            WaitForAll();
        }
    }

    /// <summary>One record of each worker, in their order.</summary>
    public T[] Gather<T>(T own) where T : unmanaged
    {
        var all = new T[Size];
        int[] starts = [.. Enumerable.Range(0, Size + 1)];
        all[Rank] = own;
        Gather(all.AsSpan(), starts);
        return all;
    }

    /// <summary>Bytes that one worker has, on all of them.</summary>
    /// <param name="from">Who has them.</param>
    /// <param name="bytes">The bytes, where this worker is the one.</param>
    public unsafe byte[] Broadcast(int from, byte[]? bytes)
    {
        int length = bytes?.Length ?? 0;
        if (Rank == from)
        {
            fixed (byte* at = bytes)
            {
                for (int other = 0; other < Size; other++)
                {
                    if (other == Rank) continue;
                    _open.Add(transport.Send(other, LengthTag, (byte*)&length, sizeof(int)));
                    _open.Add(transport.Send(other, BytesTag, at, length));
                }
                WaitForAll();
            }
            return bytes!;
        }
        Wait(transport.Receive(from, LengthTag, (byte*)&length, sizeof(int)));
        byte[] received = new byte[length];
        fixed (byte* at = received) Wait(transport.Receive(from, BytesTag, at, length));
        return received;
    }

    /// <summary>A text of each worker, in their order.</summary>
    public string[] GatherTexts(string own)
    {
        int[] lengths = Gather(own.Length), starts = new int[Size + 1];
        for (int i = 0; i < Size; i++) starts[i + 1] = starts[i] + lengths[i];
        char[] all = new char[starts[^1]];
        own.CopyTo(all.AsSpan(starts[Rank]));
        Gather(all.AsSpan(), starts);
        return [.. Enumerable.Range(0, Size).Select(i => new string(all, starts[i], lengths[i]))];
    }

    void WaitForAll()
    {
        foreach (int request in CollectionsMarshal.AsSpan(_open)) Wait(request);
        _open.Clear();
    }
}
