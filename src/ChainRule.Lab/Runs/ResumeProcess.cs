using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Lab.Runs;

/// <summary>
/// Goes on with a run in a process of its own: the tool's own command, as a user would type it. It ends, with all
/// saved, when the lab ends.
/// </summary>
static class ResumeProcess
{
    static readonly TimeSpan s_start = TimeSpan.FromSeconds(20);

    /// <summary>Starts it, and waits until it trains, or says why it does not.</summary>
    /// <exception cref="InvalidOperationException">It ended at once.</exception>
    public static string Start(RunFolder run)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
            { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        // Run by dotnet, the program is the first word; by itself, the tool is the program.
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        foreach (string word in TrainingTask.Of(run.Settings.Kind).Command.Split(' ')) start.ArgumentList.Add(word);
        start.ArgumentList.Add("--resume");
        start.ArgumentList.Add(run.FullPath);
        return Start(start, run, s_start);
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "Its output is read until it ends.")]
    internal static string Start(ProcessStartInfo start, RunFolder run, TimeSpan most)
    {
        string name = Printable.Path(run.FullPath);
        var process = Process.Start(start)
            ?? throw new InvalidOperationException(
                $"resume {name}: no process can be started: resume it in a terminal");
        int id = process.Id;
        string said = "it said nothing";
        // Whoever does not read stops the one that writes.
        void Keep(object sender, DataReceivedEventArgs e) => said = string.IsNullOrEmpty(e.Data) ? said : e.Data;
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        for (long began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < most; Thread.Sleep(20))
        {
            if (process.HasExited)
            {
                process.WaitForExit();
                process.Dispose();
                throw new InvalidOperationException($"resume {name}: it ended at once: {Printable.Of(said, 300)}");
            }
            if (run.IsTraining) return $"{name} is trained on, in process {id}";
        }
        return $"{name} is being started, in process {id}";
    }
}
