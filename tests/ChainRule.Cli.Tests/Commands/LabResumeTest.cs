using System.Net.Http.Json;
using System.Text.Json;
using ChainRule.Zoo.Runs;

namespace ChainRule.Cli.Tests.Commands;

/// <summary>
/// A run of the tool that is stopped and resumed through the lab, by the requests that the page's buttons send: three
/// processes, and the losses of a run that was never stopped.
/// </summary>
public sealed class LabResumeTest : IDisposable
{
    const int Steps = 20_000;

    // Runs that may end before they are stopped.
    const int Most = 20;

    readonly SmallTraining _small = new();

    [Fact]
    public async Task A_run_that_the_board_stops_and_resumes_ends_as_one_that_was_never_stopped()
    {
        _small.Train("whole", Steps);
        var address = new TaskCompletionSource<Uri>();
        using var lab = CommandLine.Start(_small.Path, "lab", "--runs", ".");
        lab.Said += line =>
        {
            if (line.Split(' ') is ["The", "lab", "is", "at", var at]) address.TrySetResult(new(at));
        };
        var opening = await address.Task;
        using var client = new HttpClient { BaseAddress = new(opening, "/") };
        (await client.GetAsync(opening)).Dispose();
        using var opened = await Post(client, "api/sessions", new { room = "runs" });
        string session = $"api/sessions/{opened.RootElement.GetProperty("session").GetString()}";

        string run = await Stopped(client, session);
        int before = RunFolder.Open(_small.PathOf(run)).ReadMetrics()[^1].Step;
        Assert.InRange(before, 0, Steps - 1);
        using var resumed = await Post(client, session, new { type = "resume", run });
        Assert.Matches("is (trained on|being started), in process [0-9]+$",
            resumed.RootElement.GetProperty("done").GetString());
        Assert.Equal("Finished", await Until(client, session, run, status => status == "Finished"));
        _small.AssertSameBits("whole", run);
        Assert.Equal(
            RunFolder.Open(_small.PathOf("whole")).ReadMetrics().Select(line => line with { Seconds = 0 }),
            RunFolder.Open(_small.PathOf(run)).ReadMetrics().Select(line => line with { Seconds = 0 }));

        using var again = await Post(client, session, new { type = "resume", run });
        Assert.Equal($"resume {run}: all of its steps are made: start a new run, or branch one by 'chainrule rewind'",
            again.RootElement.GetProperty("refused").GetString());
        lab.Interrupt();
        lab.Wait();
    }

    public void Dispose() => _small.Dispose();

    async Task<string> Stopped(HttpClient client, string session)
    {
        for (int tries = 1; ; tries++)
        {
            string run = $"run{tries}";
            using var training = CommandLine.Start(_small.Path, _small.Command(run, Steps));
            await Until(client, session, run, status => status is "Running" or "Finished");
            using var answer = await Post(client, session, new { type = "stop", run });
            Assert.Equal(0, training.Wait().Code & ~1);
            if (await Until(client, session, run, status => status != "Running") == "Stopped") return run;
            Assert.True(tries < Most, $"{tries} runs ended before they were stopped");
        }
    }

    // What the page shows, asked for until it is so: the board finds out by itself.
    static async Task<string> Until(HttpClient client, string session, string run, Func<string, bool> isSo)
    {
        for (; ; await Task.Delay(20))
        {
            using var table = await Post(client, session, new { type = "list", from = 0, count = 50 });
            foreach (var row in table.RootElement.GetProperty("rows").EnumerateArray())
                if (row.GetProperty("id").GetString() == run && row.GetProperty("status").GetString() is { } status
                    && isSo(status)) return status;
        }
    }

    // An answer's JSON begins after its length.
    static async Task<JsonDocument> Post(HttpClient client, string path, object request)
    {
        using var response = await client.PostAsJsonAsync(new Uri(path, UriKind.Relative), request);
        byte[] bytes = await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
        return JsonDocument.Parse(bytes.AsMemory(4, BitConverter.ToInt32(bytes)));
    }
}
