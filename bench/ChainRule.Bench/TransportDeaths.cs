using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using ChainRule.Distributed;

namespace ChainRule.Bench;

/// <summary>How long it takes until workers go on without one that was killed.</summary>
static unsafe class TransportDeaths
{
    const int Bytes = 1 << 20;

    public static void Run(int workers, int rounds, TextWriter output)
    {
        List<double> seconds = [];
        for (int i = 0; i < rounds; i++) seconds.AddRange(Kill(workers, i % workers));
        seconds.Sort();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"one of {workers} workers killed, {rounds} times: the others go on after "
            + $"{seconds[seconds.Count / 2]:N3} s (median) to {seconds[^1]:N3} s (longest)"));
    }

    /// <summary>What a worker process does: sends to the next and hears the last, until one is gone.</summary>
    /// <param name="place">Its number, and the file: "3@/dev/shm/file".</param>
    public static void Work(string place, TextWriter output)
    {
        string[] parts = place.Split('@', 2);
        using var transport = SharedMemory.Join(parts[1], int.Parse(parts[0], CultureInfo.InvariantCulture));
        byte* data = (byte*)NativeMemory.AllocZeroed(2 * Bytes);
        try
        {
            for (int step = 1; ; step++)
            {
                Turn(transport, data);
                transport.WriteStatus(new(step, 0, 0, 0, transport.BytesSent));
            }
        }
        catch (WorkerException e) when (e.IsGone)
        {
            transport.Regroup();
            Turn(transport, data);
            output.WriteLine(Stopwatch.GetTimestamp());
            output.Flush();
        }
    }

    static void Turn(SharedMemory transport, byte* data)
    {
        int size = transport.Size, next = (transport.Rank + 1) % size, last = (transport.Rank + size - 1) % size;
        int asked = transport.Receive(last, 0, data, Bytes), sent = transport.Send(next, 0, data + Bytes, Bytes);
        for (int times = 0; !transport.IsDone(asked); times++) transport.Pause(times);
        for (int times = 0; !transport.IsDone(sent); times++) transport.Pause(times);
    }

    static List<double> Kill(int workers, int victim)
    {
        string path = SharedMemory.Create(workers);
        Process[] all = [.. Enumerable.Range(0, workers).Select(rank =>
            Process.Start(Child.Start("--transport-worker", string.Create(CultureInfo.InvariantCulture,
                $"{rank}@{path}")))!)];
        try
        {
            while (SharedMemory.ReadStatus(path).Any(status => status.Step < 20)) Thread.Sleep(1);
            long killed = Stopwatch.GetTimestamp();
            all[victim].Kill();
            // The clock is the system's, the same for all its processes.
            return [.. all.Where((_, rank) => rank != victim).Select(process => Stopwatch.GetElapsedTime(killed,
                long.Parse(process.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture)).TotalSeconds)];
        }
        finally
        {
            foreach (var process in all)
            {
                process.Kill();
                process.Dispose();
            }
            File.Delete(path);
        }
    }
}
