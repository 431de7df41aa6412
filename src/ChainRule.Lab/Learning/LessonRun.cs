using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace ChainRule.Lab.Learning;

/// <summary>
/// A lesson in a process of its own: what it prints is kept as it comes, up to a limit; it is stopped alone, with what
/// it started, and ends when its time is over.
/// </summary>
sealed class LessonRun : IDisposable
{
    /// <summary>This many characters of output are kept; the rest is read, and let go.</summary>
    public const int MostOutput = 1_000_000;

    // A process that left its output to another is over all the same.
    static readonly TimeSpan s_rest = TimeSpan.FromSeconds(5);

    readonly Process _process;
    readonly StringBuilder _output = new();
    readonly Lock _lock = new();
    readonly Action _changed;
    readonly TimeSpan _limit;
    bool _isStopped, _isOver;

    /// <exception cref="InvalidOperationException">The program that runs lessons is not there.</exception>
    public LessonRun(ProcessStartInfo start, TimeSpan limit, Action changed)
    {
        (_limit, _changed) = (limit, changed);
        start.RedirectStandardOutput = start.RedirectStandardError = start.RedirectStandardInput = true;
        start.StandardOutputEncoding = start.StandardErrorEncoding = Encoding.UTF8;
        try
        {
            _process = Process.Start(start)!;
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            throw new InvalidOperationException("run: the program 'dotnet' does not start here, and lessons are run by "
                + "it: install the .NET 10 SDK, or add its folder to PATH", e);
        }
        _process.StandardInput.Close();
        Ended = EndAsync();
    }

    /// <summary>When it is over.</summary>
    public Task Ended { get; }

    /// <summary>What it returned; −1 until it is over.</summary>
    public int Code { get; private set; } = -1;

    /// <summary>Whether it was stopped; whether its time was over.</summary>
    public (bool Stopped, bool Late) Cut { get; private set; }

    /// <summary>The number of its process.</summary>
    public int ProcessId => _process.Id;

    /// <summary>What it printed.</summary>
    public string Output
    {
        get
        {
            lock (_lock) return _output.ToString();
        }
    }

    /// <summary>What it printed from a character on.</summary>
    public string Since(int at)
    {
        lock (_lock) return at >= _output.Length ? "" : _output.ToString(at, _output.Length - at);
    }

    /// <summary>Stops it, with the processes that it started. That it is over is no fault.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            if (_isOver) return;
            _isStopped = true;
        }
        Kill();
    }

    /// <summary>Stops it, and waits for its end.</summary>
    public void Dispose()
    {
        Stop();
        Ended.Wait(s_rest);
        _process.Dispose();
    }

    async Task EndAsync()
    {
        var read = Task.WhenAll(Read(_process.StandardOutput), Read(_process.StandardError));
        using var late = new CancellationTokenSource(_limit);
        bool isLate = false;
        try
        {
            await _process.WaitForExitAsync(late.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            isLate = true;
            Kill();
            await _process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        }
        await Task.WhenAny(read, Task.Delay(s_rest)).ConfigureAwait(false);
        lock (_lock)
        {
            _isOver = true;
            Cut = (_isStopped, isLate);
            Code = _process.ExitCode;
        }
    }

    // In pieces as they come, not in lines: a lesson may print half of one and compute.
    async Task Read(StreamReader from)
    {
        char[] piece = new char[4096];
        while (await from.ReadAsync(piece).ConfigureAwait(false) is var count and > 0)
        {
            lock (_lock)
            {
                int room = MostOutput - _output.Length;
                if (room <= 0) continue;
                _output.Append(piece, 0, Math.Min(room, count));
                if (room <= count) _output.Append($"\n[more than {MostOutput:N0} characters: the rest is not shown]\n");
            }
            _changed();
        }
    }

    void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It ended by itself in that moment.
        }
    }
}
