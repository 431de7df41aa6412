using System.Globalization;
using System.Text.Json;
using ChainRule.Lab.Server;
using ChainRule.Lab.Tests.Runs;
using ChainRule.Tests;
using Microsoft.Playwright;
using Xunit.Abstractions;
using static System.FormattableString;

namespace ChainRule.Lab.Tests.Browser;

/// <summary>
/// Twenty runs that go on while a page shows them: every point arrives, whatever happens to the page and to the lab.
/// How long a point takes is printed, not asserted: it depends on who else uses the machine.
/// </summary>
public sealed class LiveRunsPageTest(LabBrowser lab, ITestOutputHelper output) : IClassFixture<LabBrowser>
{
    const int Runs = 20;

    // For a measurement, CHAINRULE_LONG=1.
    static readonly int s_points = Environment.GetEnvironmentVariable("CHAINRULE_LONG") is null ? 8 : 40;

    static readonly TimeSpan s_apart = TimeSpan.FromMilliseconds(250);

    // When each number of the table was first in a frame, in milliseconds since 1970 by the machine's clock.
    const string Watch = """
        () => {
          window.seen = {};
          const look = () => requestAnimationFrame(() => {
            const now = Date.now();
            for (const row of document.querySelectorAll('tr[data-run]'))
              for (const cell of row.querySelectorAll('td.number'))
                window.seen[row.dataset.run + ' ' + cell.textContent] ??= now;
          });
          new MutationObserver(look).observe(document.querySelector('main.runs'),
            { subtree: true, childList: true, characterData: true });
        }
        """;

    [LabFact]
    public async Task Twenty_runs_at_once_lose_no_point()
    {
        using var own = new TemporaryFolder();
        using var runs = new RunFixture(own.PathOf("runs"));
        string[] ids = [.. Enumerable.Range(0, Runs).Select(i => Invariant($"run-{i:00}"))];
        foreach (string id in ids) runs.Run(id, losses: [3]);
        LabServerOptions options = new() { Runs = runs.Root, TokenFile = own.PathOf("token") };
        var server = await LabServer.StartAsync(options);
        string chosen = string.Join(',', ids.Select(id => $"\"{id}\""));
        var (page, _) = await lab.Open(hash: $"#/runs/{{\"chosen\":[{chosen}],\"columns\":[\"name\",\"valLoss\"]}}",
            ready: Drawn(1), at: server.Address);
        await page.EvaluateAsync(Watch);

        var written = await Write(runs, ids, 1, s_points);
        await page.WaitForSelectorAsync(Drawn(1 + s_points));
        await Last(page, ids, s_points);
        Say("awake", written, await Seen(page));

        await Hide(page, true);
        await Write(runs, ids, 1 + s_points, 5);
        Assert.Equal(Runs * (1 + s_points), await Count(page));
        await Hide(page, false);
        await page.WaitForSelectorAsync(Drawn(6 + s_points));

        await server.DisposeAsync();
        await Write(runs, ids, 6 + s_points, 5);
        await using var again = await LabServer.StartAsync(options with { Port = server.Address.Port });
        await page.WaitForSelectorAsync(Drawn(11 + s_points));
        written = await Write(runs, ids, 11 + s_points, s_points);
        await page.WaitForSelectorAsync(Drawn(11 + 2 * s_points));
        await Last(page, ids, 10 + 2 * s_points);
        Say("after the lab was started again", written, await Seen(page));
        await page.CloseAsync();
    }

    // Every second run as the trainer writes, anew beside its place and renamed; the others in halves of lines.
    static async Task<Dictionary<string, double>> Write(RunFixture runs, string[] ids, int from, int points)
    {
        Dictionary<string, double> written = [];
        for (int point = from; point < from + points; point++)
        {
            var pause = Task.Delay(s_apart);
            foreach (var (i, id) in ids.Index())
            {
                string path = Path.Combine(runs.PathOf(id), "metrics.jsonl");
                string line = RunFixture.Line(10 * point, Loss(point));
                if (i % 2 == 0)
                {
                    await File.WriteAllTextAsync(path + ".tmp", await File.ReadAllTextAsync(path) + line);
                    File.Move(path + ".tmp", path, overwrite: true);
                }
                else
                {
                    await File.AppendAllTextAsync(path, line[..20]);
                    await File.AppendAllTextAsync(path, line[20..]);
                }
                written[$"{id} {Text(point)}"] =
                    (DateTime.UtcNow - DateTime.UnixEpoch).TotalMilliseconds;
            }
            await pause;
        }
        return written;
    }

    // Rounded to five digits it is still another number for each point.
    static double Loss(int point) => 1 + (1000 - point) / 1024.0;

    static string Text(int point) =>
        double.Parse(Loss(point).ToString("G5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
            .ToString(CultureInfo.InvariantCulture);

    void Say(string when, Dictionary<string, double> written, Dictionary<string, double> seen)
    {
        double[] took = [.. written.Where(one => seen.ContainsKey(one.Key))
            .Select(one => seen[one.Key] - one.Value).Order()];
        Assert.NotEmpty(took);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{when}: {written.Count} points of {Runs} runs, {written.Count - took.Length} "
            + $"overtaken by the next; on the screen after {took[took.Length / 2]:0} ms at the median, "
            + $"{took[took.Length * 99 / 100]:0} ms at 99 %, {took[^1]:0} ms at most"));
    }

    static async Task<Dictionary<string, double>> Seen(IPage page) =>
        JsonSerializer.Deserialize<Dictionary<string, double>>(
            await page.EvaluateAsync<string>("() => JSON.stringify(window.seen)"))!;

    static async Task Last(IPage page, string[] ids, int point)
    {
        foreach (string id in ids) await page.WaitForSelectorAsync($"tr[data-run='{id}']:has-text('{Text(point)}')");
    }

    static string Drawn(int each) => Invariant($".runs-curves [data-points='{Runs * each}']");

    static async Task<int> Count(IPage page) =>
        await page.EvaluateAsync<int>(
            "() => Number(document.querySelector('.runs-curves [data-points]').dataset.points)");

    static async Task Hide(IPage page, bool isHidden) =>
        await page.EvaluateAsync("isHidden => { Object.defineProperty(document, "
        + "'hidden', { value: isHidden, configurable: true }); "
        + "document.dispatchEvent(new Event('visibilitychange')); }", isHidden);
}
