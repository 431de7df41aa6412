using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace ChainRule.Cli.Tests;

/// <summary>How a process ended.</summary>
sealed record Ended(int Code, string Output, string Errors)
{
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>It went well and complained of nothing.</summary>
    public Ended Well()
    {
        Assert.True(Code == 0 && Errors.Length == 0, $"exit code {Code}\n{Output}\n{Errors}");
        return this;
    }

    /// <summary>It ended with this code and one sentence on stderr, which is handed back.</summary>
    public string Refused(int code)
    {
        string[] lines = Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.DoesNotContain(lines, line => line.StartsWith("   at ", StringComparison.Ordinal));
        Assert.True(Code == code && lines.Length == 1 && lines[0].StartsWith("chainrule: ", StringComparison.Ordinal),
            $"exit code {Code}\n{Output}\n{Errors}");
        return lines[0]["chainrule: ".Length..];
    }
}

/// <summary>
/// The tool as a process of its own, as a user runs it: with its streams redirected, in a folder, within a time limit.
/// </summary>
sealed class CommandLine : IDisposable
{
    // A test waits for the end of a process, however loaded the machine is; what is not done by then hangs.
    static readonly TimeSpan s_limit = TimeSpan.FromMinutes(20);

    readonly Process _process;
    readonly StringBuilder _output = new();
    readonly Task<string> _errors;
    readonly Task _reading;

    CommandLine(string folder, string[] args, int? blocks = null)
    {
        var start = new ProcessStartInfo(blocks is null ? "dotnet" : "sh")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        if (blocks is not null)
        {
            // The signal would end the process; without it, the write fails. The runtime maps its own code through a
            // file, unless told not to.
            foreach (string arg in (string[])["-c", $"trap '' XFSZ; ulimit -f {blocks}; exec dotnet \"$@\"", "sh"])
                start.ArgumentList.Add(arg);
            start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        }
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "ChainRule.Cli.dll"));
        foreach (string arg in args) start.ArgumentList.Add(arg);
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        _errors = _process.StandardError.ReadToEndAsync();
        // A thread of its own: where tests keep the pool's threads waiting, a line would be seen
        // long after it was said.
        _reading = Task.Factory.StartNew(ReadOutput, CancellationToken.None, TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }

    /// <summary>Called with each line of output as it comes.</summary>
    public event Action<string>? Said;

    /// <summary>Starts the tool and goes on.</summary>
    public static CommandLine Start(string folder, params string[] args) => new(folder, args);

    /// <summary>Runs the tool to its end.</summary>
    public static Ended Run(string folder, params string[] args)
    {
        using var running = new CommandLine(folder, args);
        return running.Wait();
    }

    /// <summary>Runs the tool to its end where no file can grow beyond that many blocks of 512 bytes.</summary>
    public static Ended RunWithFilesBelow(int blocks, string folder, params string[] args)
    {
        using var running = new CommandLine(folder, args, blocks);
        return running.Wait();
    }

    /// <summary>Runs a script of bash to its end, in which <c>chainrule</c> is the tool.</summary>
    public static Ended Script(string folder, string script)
    {
        using var process =
            Process.Start(new ProcessStartInfo("bash", ["-c", $"chainrule() {{ dotnet \"$DLL\" \"$@\"; }}\n{script}"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            Environment = { ["DLL"] = Path.Combine(AppContext.BaseDirectory, "ChainRule.Cli.dll") },
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(s_limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"it still runs after {s_limit}: {script}");
        }
        return new(process.ExitCode, output.Result, errors.Result);
    }

    /// <summary>The program.</summary>
    public static string Tool { get; } = Path.Combine(AppContext.BaseDirectory, "ChainRule.Cli.dll");

    /// <summary>Whether it came to its end.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>kill -9.</summary>
    public void Kill() => _process.Kill();

    /// <summary>
    /// What Ctrl-C sends, at once: a process that sends a signal may take longer to start than training to end.
    /// </summary>
    public void Interrupt() => _ = Kill(_process.Id, 2);

    /// <summary>What a terminal sends that is closed.</summary>
    public void HangUp() => _ = Kill(_process.Id, 1);

    /// <summary>Holds it where it is.</summary>
    public void Pause() => _ = Kill(_process.Id, 19);

    /// <summary>Lets it go on.</summary>
    public void Continue() => _ = Kill(_process.Id, 18);

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Kill(int process, int signal);

    public Ended Wait()
    {
        if (!_process.WaitForExit(s_limit)) Assert.Fail($"it still runs after {s_limit}:\n{_output}");
        Assert.True(_reading.Wait(s_limit) && _errors.Wait(s_limit));
        return new(_process.ExitCode, _output.ToString(), _errors.Result.ReplaceLineEndings("\n"));
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    void ReadOutput()
    {
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            _output.Append(line).Append('\n');
            Said?.Invoke(line);
        }
    }
}
