using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;

namespace ChainRule.Distributed.Tests;

/// <summary>This program once more, as a process whose lines are read as they come.</summary>
sealed class WorkerProcess : IDisposable
{
    readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    readonly Process _process;

    public WorkerProcess(string file, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(file, arguments)
            { RedirectStandardOutput = true, RedirectStandardError = true };
        // Both would else refuse to run for root, as in a container.
        start.Environment["OMPI_ALLOW_RUN_AS_ROOT"] = start.Environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1";
        // Open MPI gives its processes a terminal, and .NET would tell it to begin.
        start.Environment["TERM"] = "dumb";
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, e) =>
        {
            if (e.Data is null) _lines.Writer.Complete();
            else _lines.Writer.TryWrite(e.Data);
        };
        _process.ErrorDataReceived += (_, e) =>
        {
            if (e.Data is not null) lock (Errors) Errors.Add(e.Data);
        };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public List<string> Errors { get; } = [];

    /// <summary>How this program is started.</summary>
    public static string[] Program { get; } =
        [Path.Combine(AppContext.BaseDirectory, "ChainRule.Distributed.Tests.dll")];

    public static string DotNet { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    public static WorkerProcess Talking(string path, int rank) =>
        new(DotNet, [.. Program, "talk", path, rank.ToString(CultureInfo.InvariantCulture)]);

    /// <summary>Kills it, as the system does.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Its next line.</summary>
    public async Task<string> Line()
    {
        try
        {
            return await _lines.Reader.ReadAsync();
        }
        catch (ChannelClosedException)
        {
            lock (Errors) throw new InvalidOperationException($"it ended: {string.Join('\n', Errors)}");
        }
    }

    /// <summary>All its lines, in order of the alphabet, and how it ended.</summary>
    public async Task<(string[] Lines, int Code)> End()
    {
        List<string> lines = [];
        await foreach (string line in _lines.Reader.ReadAllAsync()) lines.Add(line);
        await _process.WaitForExitAsync();
        return ([.. lines.Order(StringComparer.Ordinal)], _process.ExitCode);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }
}
