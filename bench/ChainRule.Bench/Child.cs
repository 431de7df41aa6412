using System.Diagnostics;
using System.Text.Json;

namespace ChainRule.Bench;

/// <summary>
/// This program once more, in a process of its own: what it holds and how long it takes to start
/// are then nobody else's.
/// </summary>
static class Child
{
    /// <summary>Its first line of JSON, and the seconds from the process's start until that line.</summary>
    /// <exception cref="InvalidOperationException">It ended without a line.</exception>
    public static (JsonElement Line, double Seconds) Run(params string[] arguments)
    {
        var start = Start(arguments);
        long began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        string? line = process.StandardOutput.ReadLine();
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (line is null || process.ExitCode != 0)
            throw new InvalidOperationException($"{string.Join(' ', arguments)}: the process ended with "
                + $"{process.ExitCode} and said {line ?? "nothing"}");
        return (JsonDocument.Parse(line).RootElement, seconds);
    }

    /// <summary>How it is started, with an output to read.</summary>
    public static ProcessStartInfo Start(params ReadOnlySpan<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        // Run by `dotnet`, the program is what that is given first; otherwise the process is the program itself.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(Child).Assembly.Location);
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        return start;
    }
}
