using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ChainRule.Distributed.Tests;

/// <summary>All workers send to all, and look at what comes.</summary>
static unsafe class Exchange
{
    static readonly byte[] s_out = GC.AllocateArray<byte>(4_000_000, pinned: true);
    static readonly byte[][] s_in =
        [.. Enumerable.Range(0, 8).Select(_ => GC.AllocateArray<byte>(4_000_000, pinned: true))];

    /// <summary>One exchange; the words that the others sent first.</summary>
    /// <param name="transport">What carries it.</param>
    /// <param name="step">Decides what is sent.</param>
    /// <param name="bytes">How much is sent, 8 at least.</param>
    /// <param name="word">Is sent first.</param>
    public static int[] Run(Transport transport, int step, int bytes, int word)
    {
        Fill(s_out.AsSpan(0, bytes), step, transport.Rank, word);
        List<int> begun = [];
        for (int other = 0; other < transport.Size; other++)
        {
            if (other != transport.Rank)
                begun.Add(transport.Receive(other, step % 100, Address(s_in[other]), bytes));
        }
        for (int other = 0; other < transport.Size; other++)
        {
            if (other != transport.Rank) begun.Add(transport.Send(other, step % 100, Address(s_out), bytes));
        }
        begun.ForEach(request => Wait(transport, request));
        int[] words = new int[transport.Size];
        words[transport.Rank] = word;
        byte[] expected = new byte[bytes];
        for (int other = 0; other < transport.Size; other++)
        {
            if (other == transport.Rank) continue;
            words[other] = MemoryMarshal.Read<int>(s_in[other]);
            Fill(expected, step, other, words[other]);
            if (!s_in[other].AsSpan(0, bytes).SequenceEqual(expected))
                throw new InvalidOperationException($"step {step}: what worker {other} sent to {transport.Rank} is not "
                    + "what came");
        }
        return words;
    }

    public static void Wait(Transport transport, int request)
    {
        for (int times = 0; !transport.IsDone(request); times++) transport.Pause(times);
    }

    public static byte* Address(byte[] pinned) =>
        (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));

    static void Fill(Span<byte> data, int step, int rank, int word)
    {
        uint state = (uint)(step * 1000 + rank + 1);
        var words = MemoryMarshal.Cast<byte, uint>(data);
        foreach (ref uint one in words) one = state = state * 1664525 + 1013904223;
        data[(words.Length * 4)..].Fill((byte)(step + rank));
        words[0] = (uint)word;
    }
}
