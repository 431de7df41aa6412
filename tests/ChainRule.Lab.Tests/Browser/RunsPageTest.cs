using System.Globalization;
using ChainRule.Lab.Tests.Runs;
using Microsoft.Playwright;

namespace ChainRule.Lab.Tests.Browser;

/// <summary>The board of runs in a real browser, while runs go on.</summary>
public sealed class RunsPageTest(LabBrowser lab) : IClassFixture<LabBrowser>
{
    const string Drawn = "#/runs/{\"chosen\":[\"a\",\"b\"]}";

    [LabFact]
    public async Task Runs_are_listed_filtered_and_drawn_and_new_points_appear()
    {
        using var runs = new RunFixture(lab.Runs);
        runs.Run("a", "mlp", 1, 8, 3, 2, 1.5);
        runs.Run("b", "gpt", 2, 16, 3, 1, 0.5);
        runs.Run("<b>c</b>", "gpt", 3, 16, 4);
        var (page, said) = await lab.Open(hash: Drawn, ready: "tr[data-run='a']");
        await page.WaitForSelectorAsync(".runs-curves [data-points='6']");
        Assert.Equal(3, await page.Locator("tr[data-run]").CountAsync());
        await page.WaitForSelectorAsync("summary:has-text('Differences of settings')");
        Assert.Contains("<b>c</b>", await page.InnerTextAsync("tbody >> nth=0"), StringComparison.Ordinal);
        await LabBrowser.Shot(page, "runs");

        File.AppendAllText(Path.Combine(runs.PathOf("a"), "metrics.jsonl"), RunFixture.Line(30, 1.25));
        await page.WaitForSelectorAsync(".runs-curves [data-points='7']");
        await page.WaitForSelectorAsync("tr[data-run='a']:has-text('1.25')");
        runs.Run("new", losses: [1]);
        await page.WaitForSelectorAsync("tr[data-run='new']");

        await page.FillAsync("input[name=filter]", "model = gpt and valLoss < 2");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForFunctionAsync("() => document.querySelectorAll('tr[data-run]').length === 1");
        Assert.Equal(1, await page.Locator("tr[data-run='b']").CountAsync());
        await page.GoBackAsync();
        await page.WaitForSelectorAsync("tr[data-run='a']");
        Assert.DoesNotContain(said, line => line.StartsWith("error", StringComparison.Ordinal));
    }

    [LabFact]
    public async Task It_can_be_read_in_the_dark_and_on_a_phone()
    {
        using var runs = new RunFixture(lab.Runs);
        for (int i = 0; i < 12; i++)
            runs.Run(string.Create(CultureInfo.InvariantCulture, $"seed-{i}"), "mlp", i, i % 2 == 0 ? 8 : 16,
                3 + 0.1 * i, 2 + 0.05 * i, 1.5, 1);
        string hash = "#/runs/{\"bands\":true,\"chosen\":[" + string.Join(',', Enumerable.Range(0, 12)
            .Select(i => $"\"seed-{i}\"")) + "]}";
        var (page, _) = await lab.Open(360, ColorScheme.Dark, hash, ".runs-curves [data-points='8']");
        Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth"));
        await LabBrowser.Shot(page, "runs-dark-360");
    }
}
