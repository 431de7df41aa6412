using System.Diagnostics;
using System.Text.Json;
using ChainRule.Kernels;

namespace ChainRule.Bench;

/// <summary>What is printed: one JSON object a line, with the fields that the peers print too.</summary>
static class Line
{
    static readonly JsonSerializerOptions s_names = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>What both sides must agree on.</summary>
    public static void Check(string name, double[] numbers) => Print(new { name, numbers });

    /// <summary>The workload is warm, and waits for the first line on standard input.</summary>
    public static void Ready(string name) => Print(new { ready = name });

    /// <summary>One round is done.</summary>
    public static void Round(double seconds) => Print(new { round = seconds });

    /// <summary>
    /// Seconds from the start of a process to its first step, the median and the best over the processes.
    /// </summary>
    public static void Start(string name, int threads, double[] seconds) =>
        Print(new { name, threads, firstStep = Median(seconds), best = seconds.Min(), processes = seconds.Length });

    /// <summary>All rounds are done: seconds a step, the median and the best of them.</summary>
    public static void Result(string name, Workload work, Clock clock) => Print(new
    {
        name,
        Compute.Threads,
        seconds = Median(clock.Rounds),
        best = clock.Rounds.Min(),
        rounds = clock.Rounds.Count,
        clock.Steps,
        peakBytes = PeakBytes(),
        // What stays between two steps: parameters, what the optimiser keeps of them, and storage that
        // the next step takes again.
        liveBytes = GC.GetTotalMemory(forceFullCollection: true),
        work.Flops,
        clock.AllocatedBytes,
    });

    /// <summary>The middle one, or the mean of the middle two.</summary>
    public static double Median(IEnumerable<double> seconds)
    {
        double[] sorted = [.. seconds.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    // The most memory that this process ever held: on Linux, the kernel's VmHWM.
    static long PeakBytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    static void Print<T>(T fields)
    {
        Console.Out.WriteLine(JsonSerializer.Serialize(fields, s_names));
        Console.Out.Flush();
    }
}
