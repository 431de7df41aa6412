using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ChainRule.Distributed;

namespace ChainRule.Tests.Distributed;

/// <summary>Threads of this process as the workers of a group.</summary>
static class Threads
{
    // What is on its way is held here: what nobody holds is collected, pinned or not.
    [ThreadStatic]
    static List<byte[]>? s_held;

    /// <summary>Runs the work on each, and says the first thing that went wrong; the path of their file.</summary>
    public static string Run(TemporaryFolder folder, int workers, Action<Transport> work)
    {
        string path = folder.PathOf($"{workers}");
        SharedMemory.Create(path, workers);
        List<Exception> wrong = [];
        Thread[] threads = [.. Enumerable.Range(0, workers).Select(rank => new Thread(() =>
        {
            try
            {
                using var transport = SharedMemory.Join(path, rank);
                work(transport);
            }
            catch (Exception e)
            {
                lock (wrong) wrong.Add(e);
            }
        }) { Name = $"worker {rank}" })];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        return path;
    }

    /// <summary>Waits until it is done.</summary>
    public static void Wait(this Transport transport, int request)
    {
        for (int times = 0; !transport.IsDone(request); times++) transport.Pause(times);
    }

    /// <summary>Begins to send an array that is pinned.</summary>
    public static unsafe int Send(this Transport transport, int to, int tag, byte[] data, int? bytes = null) =>
        transport.Send(to, tag, Address(data), bytes ?? data.Length);

    /// <summary>Begins to receive into an array that is pinned.</summary>
    public static unsafe int Receive(this Transport transport, int from, int tag, byte[] data, int? bytes = null) =>
        transport.Receive(from, tag, Address(data), bytes ?? data.Length);

    static unsafe byte* Address(byte[] data)
    {
        (s_held ??= []).Add(data);
        return (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(data));
    }
}
