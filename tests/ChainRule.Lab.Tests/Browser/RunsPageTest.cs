using System.Globalization;
using System.Text.RegularExpressions;
using ChainRule.Lab.Server;
using ChainRule.Lab.Tests.Runs;
using ChainRule.Tests;
using ChainRule.Training;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tests.Runs;
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
        await page.WaitForFunctionAsync("() => document.querySelectorAll('tr[data-run]').length === 3");
        await page.WaitForSelectorAsync("summary:has-text('Differences of settings')");
        Assert.Contains("<b>c</b>", await page.InnerTextAsync("tbody >> nth=0"), StringComparison.Ordinal);
        // Values are read, and steps looked at closely, by keys alone.
        await page.FocusAsync(".runs-curves [data-points]");
        await page.Keyboard.PressAsync("Home");
        await page.Keyboard.PressAsync("ArrowRight");
        await page.WaitForSelectorAsync(".runs-curves figcaption:has-text('step 10')");
        Assert.Matches("a 2\\s+b 1", await page.InnerTextAsync(".runs-curves figcaption"));
        await page.Keyboard.PressAsync("+");
        await page.Keyboard.PressAsync("End");
        await page.WaitForSelectorAsync(".runs-curves figcaption:has-text('step 10')");
        await page.Keyboard.PressAsync("0");
        await page.Keyboard.PressAsync("End");
        await page.WaitForSelectorAsync(".runs-curves figcaption:has-text('step 20')");
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
    public async Task Workers_of_a_run_are_shown_with_their_times_and_who_is_slow()
    {
        using var runs = new RunFixture(lab.Runs);
        runs.Run("a", losses: [3, 2]);
        runs.Run("b", losses: [3, 2]);
        runs.Write("a", "workers.jsonl", RunFixture.Workers);
        var (page, said) = await lab.Open(hash: "#/runs/{\"chosen\":[\"a\"]}", ready: "tr[data-run='a']");
        await page.ClickAsync("button:has-text('Workers')");
        await page.WaitForSelectorAsync("table[data-workers='3']");
        Assert.Contains("the others wait for worker 1", await page.InnerTextAsync(".workers-now"),
            StringComparison.Ordinal);
        Assert.Matches(@"1 \(slow\)\s+50.0 ms\s+0.0 ms\s+2.00 MB",
            await page.InnerTextAsync("tr[data-straggler='true']"));
        Assert.Contains("no longer there", await page.InnerTextAsync("table[data-workers] tbody tr >> nth=2"),
            StringComparison.Ordinal);
        await LabBrowser.Shot(page, "runs-workers");

        await page.UncheckAsync("tr[data-run='a'] input");
        await page.CheckAsync("tr[data-run='b'] input");
        await page.WaitForSelectorAsync("text=One process alone trained this run");
        Assert.DoesNotContain(said, line => line.StartsWith("error", StringComparison.Ordinal));
    }

    [LabFact]
    public async Task Runs_of_an_address_that_are_not_there_are_named_and_drawn_no_more()
    {
        using var runs = new RunFixture(lab.Runs);
        runs.Run("a", losses: [3, 2]);
        var (page, _) = await lab.Open(hash: Drawn, ready: "tr[data-run='a']");
        await page.WaitForSelectorAsync("[role=status]:has-text('b: not below this folder, and drawn no more.')");
        await page.WaitForFunctionAsync("() => decodeURIComponent(location.hash) === '#/runs/{\"chosen\":[\"a\"]}'");
        await page.WaitForSelectorAsync(".runs-curves [data-points='2']");
        // The table stays where it is when nothing is drawn any more.
        double before = (await page.Locator("tr[data-run='a']").BoundingBoxAsync())!.Y;
        await page.UncheckAsync("tr[data-run='a'] input");
        await page.WaitForSelectorAsync(".runs-place:has-text('Tick runs in the table')");
        Assert.Equal(before, (await page.Locator("tr[data-run='a']").BoundingBoxAsync())!.Y, 1.0);
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

    [LabFact]
    public async Task Layers_weights_and_columns_are_chosen()
    {
        using var small = new SmallRun();
        using var runs = new RunFixture(lab.Runs);
        foreach (string name in (string[])["first", "second"])
        {
            var run = TrainingRun.Start(runs.PathOf(name), small.Config(name == "first" ? 1ul : 2));
            run.Train();
            run.Finish();
        }
        int parameters = RunFolder.Open(runs.PathOf("first")).ReadLayers()[0].Weights.Count;
        var (page, said) = await lab.Open(hash: "#/runs/{\"chosen\":[\"first\",\"second\"],\"look\":\"layers\"}",
            ready: $"table.layers[data-layers='{parameters}']");
        await page.ClickAsync("table.layers th button:has-text('gradients')");
        await page.WaitForSelectorAsync("table.layers th[aria-sort='descending']");
        double[] sizes = [.. (await page.Locator("table.layers td[data-kind=gradients]").AllInnerTextsAsync())
            .Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
        Assert.Equal(sizes.OrderDescending(), sizes);
        await LabBrowser.Shot(page, "runs-layers");

        await page.ClickAsync(".looks button:has-text('Weights')");
        // Means and variances of batch norm are numbers of a model too.
        int saved = Safetensors.Read(Path.Combine(runs.PathOf("first"), "model.safetensors")).Names.Count;
        await page.WaitForSelectorAsync($".histograms[data-parameters='{saved}']");
        Assert.Equal(2 * saved, await page.Locator(".histograms path").CountAsync());
        Assert.Matches(new Regex("[0-9,]+ numbers, mean [-0-9.e]+, standard deviation [0-9.e-]+"),
            await page.InnerTextAsync(".histograms figcaption >> nth=0"));
        await LabBrowser.Shot(page, "runs-weights");

        await page.ClickAsync("summary:has-text('Columns')");
        await page.Locator(".runs-columns label:has-text('batchSize')").First.ClickAsync();
        await page.WaitForSelectorAsync(".runs-table thead button:has-text('batchSize')");
        await page.GoBackAsync();
        await page.WaitForSelectorAsync(".runs-table thead button:has-text('batchSize')",
            new() { State = WaitForSelectorState.Detached });
        Assert.DoesNotContain(said, line => line.StartsWith("error", StringComparison.Ordinal));
    }

    [LabFact]
    public async Task A_page_misses_nothing_while_it_is_hidden_or_the_lab_is_started_again()
    {
        using var own = new TemporaryFolder();
        using var runs = new RunFixture(own.PathOf("runs"));
        runs.Run("a", losses: [3, 2]);
        LabServerOptions options = new() { Runs = runs.Root, TokenFile = own.PathOf("token") };
        var server = await LabServer.StartAsync(options);
        var (page, _) = await lab.Open(hash: "#/runs/{\"chosen\":[\"a\"]}", ready: ".runs-curves [data-points='2']",
            at: server.Address);
        await Hide(true);
        Add(20, 1.5);
        await Hide(false);
        await page.WaitForSelectorAsync(".runs-curves [data-points='3']");

        await server.DisposeAsync();
        Add(30, 1.25);
        var again = await LabServer.StartAsync(options with { Port = server.Address.Port });
        await page.WaitForSelectorAsync(".runs-curves [data-points='4']");
        Add(40, 1);
        await page.WaitForSelectorAsync(".runs-curves [data-points='5']");
        await page.CloseAsync();
        await again.DisposeAsync();

        void Add(int step, double loss) =>
            File.AppendAllText(Path.Combine(runs.PathOf("a"), "metrics.jsonl"), RunFixture.Line(step, loss));
        Task Hide(bool isHidden) => page.EvaluateAsync("isHidden => { Object.defineProperty(document, 'hidden', "
            + "{ value: isHidden, configurable: true }); document.dispatchEvent(new Event('visibilitychange')); }",
            isHidden);
    }
}
