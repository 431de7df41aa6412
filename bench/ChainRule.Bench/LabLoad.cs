using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using ChainRule.Lab.Server;
using ChainRule.Lab.Sessions;

namespace ChainRule.Bench;

/// <summary>
/// Many visitors of one lab at once, over HTTP on this machine: each opens a session, trains or looks at runs, hears
/// events, and leaves. What went wrong, how long answers took, and what memory is held afterwards.
/// </summary>
sealed class LabLoad : IDisposable
{
    const int Runs = 200, Points = 200;

    // As a page that shows four frames a second, since many share the machine.
    static readonly TimeSpan s_apart = TimeSpan.FromMilliseconds(250);

    readonly string _root = Directory.CreateTempSubdirectory("chainrule-load-").FullName;
    readonly List<double> _took = [];
    readonly List<string> _wrong = [];
    long _events;

    /// <summary>Runs visitors for some time, and prints a line for each figure.</summary>
    public static async Task Run(int visitors, TimeSpan time, TextWriter to)
    {
        using var load = new LabLoad();
        MadeUpRuns.Write(load._root, Runs, Points);
        await using var server = await LabServer.StartAsync(new() { Runs = load._root });
        // What as many visitors need once, and what is then kept for the next ones, is no leak.
        await load.Visit(server.Address, visitors, TimeSpan.FromSeconds(15));
        load._took.Clear();
        load._events = 0;
        long before = await Settled(server, 0);
        Say(to, $"before: {before / 1e6:0.0} MB held, {Environment.WorkingSet / 1e6:0} MB resident");
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        await load.Visit(server.Address, visitors, time,
            () => Say(to, $"in the middle: {server.Sessions.Count} sessions, "
            + $"{GC.GetTotalMemory(false) / 1e6:0.0} MB held, {Environment.WorkingSet / 1e6:0} MB resident"));
        var spent = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        load._took.Sort();
        Say(to, $"{visitors} visitors for {clock.Elapsed.TotalSeconds:0} s ({spent.TotalSeconds:0} s of processors): "
            + $"{load._took.Count:N0} answers, {load._events:N0} events, {load._wrong.Count} errors");
        Say(to, $"an answer takes {load.Quantile(0.5):0.0} ms at the median, {load.Quantile(0.99):0} ms at 99 %, "
            + $"{load.Quantile(1):0} ms at most, clients included");
        foreach (var kind in load._wrong.GroupBy(static one => one)) Say(to, $"{kind.Count()} times: {kind.Key}");
        long after = await Settled(server, 0);
        Say(to, $"afterwards: {server.Sessions.Count} sessions, {after / 1e6:0.0} MB held "
            + $"({(after - before) / 1e6:+0.0;-0.0} MB), {Environment.WorkingSet / 1e6:0} MB resident");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    async Task Visit(Uri address, int visitors, TimeSpan time, Action? middle = null)
    {
        using var stop = new CancellationTokenSource(time);
        var all = Enumerable.Range(0, visitors).Select(i => Task.Run(() => One(address, i, stop.Token))).ToArray();
        await Task.Delay(time / 2);
        middle?.Invoke();
        await Task.WhenAll(all);
    }

    async Task One(Uri address, int i, CancellationToken stop)
    {
        using var handler = new SocketsHttpHandler { CookieContainer = new CookieContainer() };
        using var client = new HttpClient(handler)
            { BaseAddress = new(address, "/"), Timeout = TimeSpan.FromMinutes(1) };
        string room = i % 4 == 3 ? "runs" : "playground";
        try
        {
            (await client.GetAsync(address, CancellationToken.None)).Dispose();
            var (json, _) = LabReply.Read(await Ask(client, "api/sessions", $$"""{"room":"{{room}}"}"""));
            using var opened = JsonDocument.Parse(json);
            var session = new Uri($"api/sessions/{opened.RootElement.GetProperty("session").GetString()}",
                UriKind.Relative);
            await Task.WhenAll(Hear(client, $"{session}/events", stop), Act(client, $"{session}", room, i, stop));
            (await client.DeleteAsync(session, CancellationToken.None)).Dispose();
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException or JsonException
            or KeyNotFoundException or InvalidOperationException)
        {
            lock (_wrong) _wrong.Add($"{room}: {e.Message}");
        }
    }

    async Task Act(HttpClient client, string session, string room, int turn, CancellationToken stop)
    {
        if (room == "playground") await Ask(client, session, """{"type":"play","stepsPerSecond":100}""");
        for (; !stop.IsCancellationRequested; turn++)
        {
            await Ask(client, session, room == "playground" ? """{"type":"frame","grid":40}"""
                : string.Create(CultureInfo.InvariantCulture,
                    $$"""{"type":"list","from":{{turn % Runs}},"count":50}"""));
            await Task.Delay(s_apart, CancellationToken.None);
        }
    }

    async Task<byte[]> Ask(HttpClient client, string path, string request)
    {
        long began = Stopwatch.GetTimestamp();
        using var content = new StringContent(request, Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(new Uri(path, UriKind.Relative), content);
        byte[] answer = await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
        double took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        lock (_took) _took.Add(took);
        var (json, _) = LabReply.Read(answer);
        using var read = JsonDocument.Parse(json);
        return read.RootElement.TryGetProperty("refused", out var refused)
            ? throw new InvalidOperationException(refused.GetString()) : answer;
    }

    async Task Hear(HttpClient client, string path, CancellationToken stop)
    {
        try
        {
            using var response = await client.GetAsync(new Uri(path, UriKind.Relative),
                HttpCompletionOption.ResponseHeadersRead, stop);
            using var reader =
                new StreamReader(await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(stop));
            while (await reader.ReadLineAsync(stop) is { } line)
                if (line.StartsWith("data:", StringComparison.Ordinal)) Interlocked.Increment(ref _events);
        }
        catch (OperationCanceledException)
        {
            // The visitor leaves.
        }
    }

    double Quantile(double q) => _took.Count == 0 ? 0 : _took[(int)(q * (_took.Count - 1))];

    /// <summary>The bytes held when all sessions have ended and what they left is collected.</summary>
    static async Task<long> Settled(LabServer server, int sessions)
    {
        for (int i = 0; i < 300 && server.Sessions.Count > sessions; i++) await Task.Delay(100);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    static void Say(TextWriter to, string line) => to.WriteLine(line);
}
