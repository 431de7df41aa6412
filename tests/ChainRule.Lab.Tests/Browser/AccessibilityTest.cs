using System.Text.Json;
using ChainRule.Lab.Tests.Images;
using ChainRule.Lab.Tests.Runs;
using Microsoft.Playwright;

namespace ChainRule.Lab.Tests.Browser;

/// <summary>Every room by axe-core's rules, in light and dark, wide and on a phone.</summary>
public sealed class AccessibilityTest(LabBrowser lab) : IClassFixture<LabBrowser>
{
    static readonly string s_axe = Path.Combine(Web.Root, "web", "node_modules", "axe-core", "axe.min.js");

    [LabTheory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 360)]
    public async Task No_room_breaks_a_rule(ColorScheme scheme, int width)
    {
        using var runs = new RunFixture(lab.Runs);
        runs.Run("a", "mlp", 1, 8, 3, 2, 1.5);
        runs.Write("a", "workers.jsonl", RunFixture.Workers);
        using var images = new SmallImageRun();
        images.Train(runs.PathOf($"images-{width}"), "cnn");
        var (page, _) = await lab.Open(width, scheme);
        string[] rooms = [.. await page.Locator("nav a").EvaluateAllAsync<string[]>(
            "links => links.map(link => link.getAttribute('href'))")];
        Assert.NotEmpty(rooms);
        List<string> broken = [];
        foreach (string room in (string[])[.. rooms, "#/course/{\"lesson\":\"12-broadcasting\",\"edit\":true}",
            "#/course/{\"exercise\":\"14-bias\"}", "#/runs/{\"chosen\":[\"a\"],\"look\":\"workers\"}"])
        {
            await page.EvaluateAsync("hash => { window.location.hash = hash; }", room);
            await page.WaitForSelectorAsync($"nav a[href='{room.Split("/{")[0]}'][aria-current=page]");
            if (room.Contains('{', StringComparison.Ordinal))
                await page.WaitForSelectorAsync(room.StartsWith("#/runs", StringComparison.Ordinal)
                    ? "table[data-workers]" : "textarea");
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            Assert.True(
                await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth"),
                $"{room} is wider than {width}");
            await page.EvaluateAsync(await File.ReadAllTextAsync(s_axe));
            var found =
                await page.EvaluateAsync<JsonElement>("() => axe.run(document, { resultTypes: ['violations'] })");
            Assert.InRange(found.GetProperty("passes").GetArrayLength(), 10, int.MaxValue);
            foreach (var rule in found.GetProperty("violations").EnumerateArray())
                broken.Add($"{room} {rule.GetProperty("id")}: {rule.GetProperty("help")}: " + string.Join(" | ",
                    rule.GetProperty("nodes").EnumerateArray().Take(3).Select(node => $"{node.GetProperty("html")}"
                        + $" {node.GetProperty("failureSummary")}")));
        }
        Assert.True(broken.Count == 0, string.Join("\n", broken));
    }
}
