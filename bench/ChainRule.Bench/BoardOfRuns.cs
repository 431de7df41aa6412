using System.Diagnostics;
using System.Text.Json;
using ChainRule.Lab.Runs;
using ChainRule.Lab.Sessions;

namespace ChainRule.Bench;

/// <summary>
/// What the lab's board of runs costs: thousands of runs are made up in a temporary folder, indexed, listed, drawn, and
/// some of them go on while a reader waits for their points.
/// </summary>
static class BoardOfRuns
{
    const int Points = 1000, Live = 20, LivePoints = 60, Drawn = 50;

    static readonly TimeSpan s_apart = TimeSpan.FromMilliseconds(250);

    /// <summary>Measures, and prints a line for each figure.</summary>
    public static void Run(int runs, TextWriter to)
    {
        string root = Directory.CreateTempSubdirectory("chainrule-runs-").FullName;
        string cache = Directory.CreateTempSubdirectory("chainrule-cache-").FullName;
        try
        {
            var clock = Stopwatch.StartNew();
            long bytes = MadeUpRuns.Write(root, runs, Points);
            Say(to, $"{runs:N0} runs x {Points:N0} points made up: {bytes / 1e6:N0} MB in "
                + $"{clock.Elapsed.TotalSeconds:0.0} s");
            var cpu = Process.GetCurrentProcess().TotalProcessorTime;
            clock.Restart();
            using (var index = new RunIndex(root, cache))
            {
                index.Ready.Wait();
                var spent = Process.GetCurrentProcess().TotalProcessorTime - cpu;
                Say(to, $"first index: {clock.Elapsed.TotalSeconds:0.00} s "
                    + $"({spent.TotalSeconds:0.00} s of processors)");
            }
            Reopened(root, cache, to).GetAwaiter().GetResult();
        }
        finally
        {
            Directory.Delete(root, recursive: true);
            Directory.Delete(cache, recursive: true);
        }
    }

    static async Task Reopened(string root, string cache, TextWriter to)
    {
        var clock = Stopwatch.StartNew();
        using var session = new RunsSession(root, cache, _ => "");
        var table = Table(session, new());
        Say(to, $"list after a start with the cache: {clock.ElapsedMilliseconds} ms, {table.Total:N0} runs");
        await session.Index.Ready;
        Say(to, $"every folder looked into again: {clock.ElapsedMilliseconds} ms");
        Time(to, "list, sorted and filtered",
            () => Table(session, new("model = gpt and valLoss.min < 1.2", "valLoss")));
        string[] ids = [.. Table(session, new(Count: Drawn)).Rows.Select(row => row.Id)];
        Time(to, $"{Drawn} curves, first", () => Curves(session, ids), times: 1);
        Time(to, $"{Drawn} curves, again", () => Curves(session, ids));
        Memory(to, "memory");
        await Watch(session, root, to);
        Memory(to, "memory in the end");
    }

    /// <summary>Runs go on, each with a new point four times a second; the reader asks for what an event tells of.
    /// </summary>
    static async Task Watch(RunsSession session, string root, TextWriter to)
    {
        using var stop = new CancellationTokenSource();
        string[] ids = [.. Enumerable.Range(0, Live).Select(i => MadeUpRuns.Name(i))];
        var written = new Dictionary<(string, int), long>();
        var seen = new Dictionary<(string, int), long>();
        var have = ids.ToDictionary(id => id, _ => (Points: Points, Step: (double?)null));
        var reading = Task.Run(async () =>
        {
            try
            {
                await foreach (string text in session.Events(stop.Token))
                {
                    var happened = JsonSerializer.Deserialize(text, RunsJson.Default.RunsEvent)!;
                    foreach (var run in happened.Changed.Where(run => have.ContainsKey(run.Id)))
                    {
                        var (points, step) = have[run.Id];
                        var tail = Ask(session, new TailRequest(run.Id, "valLoss", "step", points, step),
                            RunsJson.Default.TailAnswer);
                        long now = Stopwatch.GetTimestamp();
                        for (int i = tail.From; i < tail.Points; i++) seen.TryAdd((run.Id, i), now);
                        have[run.Id] = (tail.Points, tail.LastStep);
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // All is seen.
            }
        });
        await Task.Delay(500);
        for (int i = 0; i < LivePoints; i++)
        {
            long began = Stopwatch.GetTimestamp();
            foreach (string id in ids)
            {
                MadeUpRuns.Add(root, id, Points + i);
                written[(id, Points + i)] = Stopwatch.GetTimestamp();
            }
            if (s_apart - Stopwatch.GetElapsedTime(began) is { Ticks: > 0 } left) await Task.Delay(left);
        }
        await Task.Delay(1000);
        await stop.CancelAsync();
        await reading;
        double[] waits = [.. written.Where(one => seen.ContainsKey(one.Key))
            .Select(one => Stopwatch.GetElapsedTime(one.Value, seen[one.Key]).TotalMilliseconds).Order()];
        Say(to, $"{Live} live runs, {written.Count:N0} points: {written.Count - waits.Length} missed; seen after "
            + $"{waits[waits.Length / 2]:0} ms (median), {waits[waits.Length * 99 / 100]:0} ms (99 %), "
            + $"{waits[^1]:0} ms (most)");
    }

    static TableAnswer Table(RunsSession session, ListRequest list) =>
        Ask(session, list, RunsJson.Default.TableAnswer);

    static CurvesAnswer Curves(RunsSession session, string[] ids) =>
        Ask(session, new CurvesRequest(ids, "valLoss", Smoothing: 0.6), RunsJson.Default.CurvesAnswer);

    static T Ask<T>(RunsSession session, RunsRequest request,
        System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        byte[] bytes;
        lock (session)
            bytes = session.Answer(JsonSerializer.SerializeToUtf8Bytes(request, RunsJson.Default.RunsRequest));
        return JsonSerializer.Deserialize(LabReply.Read(bytes).Json.Span, type)!;
    }

    static void Time<T>(TextWriter to, string what, Func<T> act, int times = 9)
    {
        double[] took = [.. Enumerable.Range(0, times).Select(_ =>
        {
            long began = Stopwatch.GetTimestamp();
            act();
            return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }).Order()];
        Say(to, $"{what}: {took[times / 2]:0.0} ms");
    }

    static void Memory(TextWriter to, string what)
    {
        using var now = Process.GetCurrentProcess();
        Say(to, $"{what}: {now.WorkingSet64 >> 20} MiB of the process, {GC.GetTotalMemory(true) >> 20} MiB in use, "
            + $"{now.PeakWorkingSet64 >> 20} MiB at most");
    }

    static void Say(TextWriter to, string line) => to.WriteLine(line);
}
