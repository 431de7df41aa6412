using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using ChainRule.Distributed;

namespace ChainRule.Bench;

/// <summary>How fast messages go between two worker processes, by each of what carries them.</summary>
static unsafe class TransportSpeed
{
    const int Long = 16 << 20, Turns = 2000, Messages = 10;

    public static void Run(int rounds, TextWriter output)
    {
        string path = SharedMemory.Create(2);
        try
        {
            using var other = Process.Start(Child.Start("--transport-worker", path, "--rounds", Text(rounds)))!;
            using (var transport = SharedMemory.Join(path, 0)) output.WriteLine(Measure(transport, rounds));
            other.WaitForExit();
        }
        finally
        {
            File.Delete(path);
        }
        RunMpi("mpirun.openmpi", rounds, output, "--oversubscribe");
        RunMpi("mpirun.mpich", rounds, output);
        foreach (int workers in (int[])[4, 8]) TransportDeaths.Run(workers, 2 * rounds, output);
    }

    /// <summary>What a process does that <see cref="Run"/> starts.</summary>
    /// <param name="path">The file that is shared, with a number before it where a worker is killed; "mpi" where mpirun
    /// started it.</param>
    public static void Work(string path, int rounds, TextWriter output)
    {
        if (path.Contains('@', StringComparison.Ordinal))
        {
            TransportDeaths.Work(path, output);
            return;
        }
        using var transport = path == "mpi" ? Mpi.Join() : SharedMemory.Join(path, 1);
        string? line = Measure(transport, rounds);
        if (line is not null) output.WriteLine(line);
    }

    static void RunMpi(string mpirun, int rounds, TextWriter output, params string[] options)
    {
        var self = Child.Start("--transport-worker", "mpi", "--rounds", Text(rounds));
        var start = new ProcessStartInfo(mpirun, ["-n", "2", .. options, self.FileName, .. self.ArgumentList])
            { RedirectStandardOutput = true };
        start.Environment["OMPI_ALLOW_RUN_AS_ROOT"] = start.Environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1";
        // Open MPI gives its processes a terminal, and .NET would tell it to begin.
        start.Environment["TERM"] = "dumb";
        try
        {
            using var process = Process.Start(start)!;
            output.Write(process.StandardOutput.ReadToEnd());
            process.WaitForExit();
        }
        catch (Win32Exception)
        {
            output.WriteLine($"{mpirun}: not installed here");
        }
    }

    // Of each the best round: what else runs on the machine only makes it slower.
    static string? Measure(Transport transport, int rounds)
    {
        byte* data = (byte*)NativeMemory.AlignedAlloc(Long, 4096);
        new Span<byte>(data, Long).Fill(1);
        double empty = double.PositiveInfinity, full = double.PositiveInfinity;
        for (int i = 0; i <= rounds; i++)
        {
            empty = Math.Min(empty, Seconds(() => Turn(transport, data, 0, Turns)) / Turns / 2);
            full = Math.Min(full, Seconds(() => Turn(transport, data, Long, Messages)) / Messages / 2);
        }
        NativeMemory.AlignedFree(data);
        return transport.Rank > 0 ? null : string.Create(CultureInfo.InvariantCulture,
            $"{transport.Name}: {empty * 1e6:N2} µs for an empty message, {Long / full / 1e9:N2} GB/s for 16 MiB");
    }

    // There and back.
    static void Turn(Transport transport, byte* data, int bytes, int times)
    {
        int other = 1 - transport.Rank;
        for (int i = 0; i < times; i++)
        {
            if (transport.Rank == 0) Wait(transport, transport.Send(other, 0, data, bytes));
            Wait(transport, transport.Receive(other, 0, data, bytes));
            if (transport.Rank == 1) Wait(transport, transport.Send(other, 0, data, bytes));
        }
    }

    static void Wait(Transport transport, int request)
    {
        for (int times = 0; !transport.IsDone(request); times++) transport.Pause(times);
    }

    static double Seconds(Action work)
    {
        long began = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
