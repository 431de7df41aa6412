using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ChainRule.Distributed.Tests;

/// <summary>A worker that mpirun started.</summary>
static unsafe class MpiWork
{
    /// <summary>A worker whose library has the standard binary interface.</summary>
    public static Transport Standard(string library)
    {
        var launch = MpiLaunch.Of(Environment.GetEnvironmentVariable)!;
        return MpiTransport.Begin(MpiLibrary.Open(launch,
            file => file == "libmpi_abi.so.0" ? NativeLibrary.Load(library) : 0), launch);
    }

    public static int Run(string what, Func<Transport> join)
    {
        using var transport = join();
        switch (what)
        {
            case "exchange":
                foreach (int bytes in (int[])[8, 1000, 70_000, 3_999_999, 9])
                {
                    for (int step = 0; step < 20; step++) Exchange.Run(transport, step, bytes, bytes);
                }
                if (transport.Size > 1) Tags(transport);
                // The library may not take the signals by which .NET finds a null reference.
                bool isCaught = Catches(null);
                Program.Say($"{transport}: right, {(isCaught ? "null is found" : "null is not found")}");
                return 0;
            case "fail":
                try
                {
                    if (transport.Rank != 1) Exchange.Wait(transport, Ask(transport, 1));
                }
                catch (WorkerException e)
                {
                    Program.Say($"worker {e.Rank}: {e.Message}");
                    return 3;
                }
                transport.Fail("the loss is NaN at step 7: lower the learning rate");
                return 4;
            case "twice":
                Mpi.Join();
                return 5;
            default:
                // Ends without a word, while the others wait.
                if (transport.Rank != 1) Exchange.Wait(transport, Ask(transport, 1));
                Environment.Exit(7);
                return 7;
        }
    }

    static int Ask(Transport transport, int from) =>
        transport.Receive(from, 3, Exchange.Address(GC.AllocateArray<byte>(8, pinned: true)), 8);

    // Asked for from the last to the first, and none is sent twice.
    static void Tags(Transport transport)
    {
        byte[] said = GC.AllocateArray<byte>(10, pinned: true), heard = GC.AllocateArray<byte>(10, pinned: true);
        int next = (transport.Rank + 1) % transport.Size, last = (transport.Rank + transport.Size - 1) % transport.Size;
        List<int> begun = [];
        for (int i = 0; i < 10; i++)
        {
            said[i] = (byte)(10 * transport.Rank + i);
            begun.Add(transport.Send(next, 200 + i, Exchange.Address(said) + i, 1));
        }
        for (int i = 9; i >= 0; i--)
        {
            Exchange.Wait(transport, transport.Receive(last, 200 + i, Exchange.Address(heard) + i, 1));
            if (heard[i] != 10 * last + i) throw new InvalidOperationException($"tag {i}: {heard[i]} came");
        }
        begun.ForEach(request => Exchange.Wait(transport, request));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static bool Catches(string? none)
    {
        try
        {
            return none!.Length < 0;
        }
        catch (NullReferenceException)
        {
            return true;
        }
    }
}
