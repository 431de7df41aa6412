using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ChainRule.Lab.Playground;
using ChainRule.Lab.Sessions;
using static System.FormattableString;

namespace ChainRule.Bench;

/// <summary>
/// How many steps a second the lab's playground makes, 2-8-8-1 on 500 points in batches of 10, while 60 frames a second
/// with all its maps are asked for, and while none is: in turns, since the machine is not always the same.
/// </summary>
static class PlaygroundSpeed
{
    const double FramesPerSecond = 60;

    static readonly TimeSpan s_warming = TimeSpan.FromSeconds(2), s_timed = TimeSpan.FromSeconds(4);

    public static void Run(int rounds, TextWriter output)
    {
        for (int round = 0; round < rounds; round++)
            foreach (int grid in (int[])[40, 0])
            {
                var (steps, frames, slowest) = Time(grid);
                output.WriteLine(grid == 0 ? Invariant($"without frames: {steps:N0} steps a second")
                    : Invariant($"with frames: {steps:N0} steps, {frames:N1} frames a second, worst {slowest:N1} ms"));
            }
    }

    static (double Steps, double Frames, double Slowest) Time(int grid)
    {
        using var session = new PlaygroundSession();
        Ask(session, """{"type":"play","stepsPerSecond":0}""");
        Thread.Sleep(s_warming);
        string request = string.Create(CultureInfo.InvariantCulture, $$"""{"type":"frame","grid":{{grid}}}""");
        int from = Ask(session, request), frames = 0;
        double slowest = 0;
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < s_timed)
        {
            var due = TimeSpan.FromSeconds((frames + 1) / (grid == 0 ? 1 : FramesPerSecond)) - watch.Elapsed;
            if (due > TimeSpan.Zero) Thread.Sleep(due);
            long began = Stopwatch.GetTimestamp();
            Ask(session, request);
            slowest = Math.Max(slowest, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            frames++;
        }
        double seconds = watch.Elapsed.TotalSeconds;
        return ((Ask(session, """{"type":"pause"}""") - from) / seconds, frames / seconds, slowest);
    }

    // The step that an answer says.
    static int Ask(LabSession session, string request)
    {
        var (json, _) = LabReply.Read(session.Answer(Encoding.UTF8.GetBytes(request)));
        using var answer = JsonDocument.Parse(json);
        return answer.RootElement.GetProperty("step").GetInt32();
    }
}
