using System.Text.Json;
using ChainRule.Lab.Tests.Runs;
using Xunit.Abstractions;
using static System.FormattableString;

namespace ChainRule.Lab.Tests.Browser;

/// <summary>Fifty curves of a thousand points over each other. Frames are counted and printed, not asserted: how many
/// there are depends on who else uses the machine.</summary>
public sealed class FiftyCurvesPageTest(LabBrowser lab, ITestOutputHelper output) : IClassFixture<LabBrowser>
{
    const int Runs = 50, Points = 1000;

    // For a measurement, CHAINRULE_LONG=1.
    static readonly int s_seconds = Environment.GetEnvironmentVariable("CHAINRULE_LONG") is null ? 1 : 4;

    // Acts before each frame for some seconds; the time of every frame.
    const string Frames = """
        ([what, seconds]) => new Promise((done) => {
          const over = document.querySelector('.u-over'), box = over.getBoundingClientRect();
          const slider = document.querySelector('input[type=range]');
          const mouse = (type, share) => over.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true,
            view: window, button: 0, buttons: type === 'mousemove' && what === 'hover' ? 0 : 1,
            clientX: box.left + share * box.width, clientY: box.top + box.height / 2 }));
          const acts = {
            rest: () => {},
            hover: (i) => mouse('mousemove', (i % 100) / 100),
            zoom: (i) => {
              if (i % 30 === 0) { mouse('mousemove', 0.2); mouse('mousedown', 0.2); }
              else if (i % 30 < 15) mouse('mousemove', 0.2 + 0.03 * (i % 30));
              else if (i % 30 === 15) mouse('mouseup', 0.6);
              else if (i % 30 === 25) mouse('dblclick', 0.5);
            },
            smoothing: (i) => {
              if (i % 6 !== 0) return;
              slider.value = String(0.5 + 0.4 * Math.sin(i / 20));
              slider.dispatchEvent(new Event('change', { bubbles: true }));
            },
          };
          const times = [];
          let i = 0;
          const frame = (now) => {
            times.push(now);
            if (now - times[0] > 1000 * seconds) { done(JSON.stringify(times)); return; }
            acts[what](i++);
            requestAnimationFrame(frame);
          };
          requestAnimationFrame(frame);
        })
        """;

    [LabFact]
    public async Task Frames_are_counted_while_fifty_curves_are_pointed_at_zoomed_and_smoothed()
    {
        using var runs = new RunFixture(lab.Runs);
        string[] ids = [.. Enumerable.Range(0, Runs).Select(i => Invariant($"run-{i:00}"))];
        foreach (var (i, id) in ids.Index())
            runs.Run(id, seed: i, losses: [.. Enumerable.Range(0, Points)
                .Select(step => 1 + Math.Exp(-step / (100.0 + i)) + 0.05 * Math.Sin(i + 0.7 * step))]);
        string chosen = string.Join(',', ids.Select(id => $"\"{id}\""));
        var (page, said) = await lab.Open(hash: $"#/runs/{{\"chosen\":[{chosen}]}}",
            ready: Invariant($".runs-curves [aria-label$='{Runs} curves']"));
        await page.WaitForFunctionAsync($"() => document.querySelectorAll('tr[data-run]').length === {Runs}");
        string before = await Picture();
        int drawn = await page.EvaluateAsync<int>(
            "() => Number(document.querySelector('.runs-curves [data-points]').dataset.points)");
        Assert.InRange(drawn, Runs * 300, Runs * Points);
        output.WriteLine(Invariant($"{Runs} curves of {Points:N0} points, {drawn:N0} of which are drawn"));
        foreach (string what in (string[])["rest", "hover", "zoom", "smoothing"])
        {
            double[] times = JsonSerializer.Deserialize<double[]>(
                await page.EvaluateAsync<string>(Frames, new object[] { what, s_seconds }))!;
            double[] waits = [.. times.Zip(times.Skip(1), static (a, b) => b - a).Order()];
            double rate = waits.Length / ((times[^1] - times[0]) / 1000);
            output.WriteLine(Invariant($"{what}: {rate:0.0} frames a second, ")
                + Invariant($"{waits[waits.Length / 2]:0.0} ms at the median, {waits[waits.Length * 99 / 100]:0.0} at ")
                + Invariant($"99 %, {waits[^1]:0} at most"));
        }
        Assert.Contains("smoothing", Uri.UnescapeDataString(page.Url), StringComparison.Ordinal);
        Assert.NotEqual(before, await Picture());
        await LabBrowser.Shot(page, "runs-fifty");
        Assert.DoesNotContain(said, line => line.StartsWith("error", StringComparison.Ordinal));

        Task<string> Picture() =>
            page.EvaluateAsync<string>("() => document.querySelector('.runs-curves canvas').toDataURL()");
    }
}
