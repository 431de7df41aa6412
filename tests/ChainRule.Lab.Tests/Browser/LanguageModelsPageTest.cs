using System.Diagnostics;
using System.Globalization;
using ChainRule.Lab.Tests.Runs;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tests.Runs;
using Microsoft.Playwright;

namespace ChainRule.Lab.Tests.Browser;

/// <summary>Language models in a real browser.</summary>
public sealed class LanguageModelsPageTest(LabBrowser lab) : IClassFixture<LabBrowser>
{
    [LabFact]
    public async Task A_prompt_is_read_and_every_look_shows_its_numbers()
    {
        using var small = new SmallRun();
        using var runs = new RunFixture(lab.Runs);
        foreach (string model in (string[])["bigram", "gpt"])
        {
            var run = TrainingRun.Start(runs.PathOf(model), small.Config(model: model));
            run.Train();
            run.Finish();
        }
        var (page, said) = await lab.Open(hash: "#/language-models/{\"run\":\"gpt\",\"prompt\":\"emm\"}",
            ready: ".bars tr[data-probability]");
        double[] p = [.. (await page.Locator(".bars tr[data-probability]").EvaluateAllAsync<string[]>(
            "rows => rows.map(row => row.dataset.probability)")).Select(text => double.Parse(text,
            CultureInfo.InvariantCulture))];
        Assert.Equal(1, p.Sum(), 1e-4);
        Assert.Equal(p.OrderDescending(), p);
        await LabBrowser.Shot(page, "language-models");

        await page.FillAsync("input[name=topK]", "2");
        await page.WaitForFunctionAsync(
            "() => [...document.querySelectorAll('.bars tr[data-drawn]')].filter(row => row.dataset.drawn > 0).length "
                + "=== 2");
        await page.ClickAsync("button:has-text('Draw one')");
        await page.WaitForFunctionAsync("() => document.querySelector('textarea').value.length !== 3 "
            + "|| location.hash.includes('seed')");
        await Look("Attention", ".attention[data-row]");
        Assert.Equal(2, await page.Locator(".heads canvas").CountAsync());
        await LabBrowser.Shot(page, "language-models-attention");
        await Look("Embeddings", ".embeddings[data-x]");
        await LabBrowser.Shot(page, "language-models-embeddings");
        await Look("Memory", "section[aria-label=Memory] tbody tr");
        await Look("Losses", "section[aria-label=Losses] .coloured");
        await LabBrowser.Shot(page, "language-models-losses");
        await Look("Units", "section[aria-label=Units] .coloured");
        await page.SelectOptionAsync("select[name=layer]", "blocks.0.up");
        await page.WaitForFunctionAsync("() => document.querySelector('select[name=layer]').value === 'blocks.0.up'");
        await page.SelectOptionAsync("select[name=run]", "bigram");
        await Look("Attention", ".missing");
        Assert.Equal("The model of bigram has no attention: a GPT has.", await page.InnerTextAsync(".missing"));
        await page.GoBackAsync();
        await page.WaitForSelectorAsync("section[aria-label=Units]");
        Assert.DoesNotContain(said, line => line.StartsWith("error", StringComparison.Ordinal));

        async Task Look(string name, string shown)
        {
            var watch = Stopwatch.StartNew();
            await page.ClickAsync($".looks button:has-text('{name}')");
            await page.WaitForSelectorAsync(shown);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name}: {watch.Elapsed.TotalMilliseconds:0} ms from before the click until it is seen"));
        }
    }

    [LabFact]
    public async Task What_is_typed_is_one_step_back_and_numbers_say_where_they_came_from()
    {
        using var small = new SmallRun();
        using var runs = new RunFixture(lab.Runs);
        var run = TrainingRun.Start(runs.PathOf("typed"), small.Config(model: "gpt"));
        run.Train();
        run.Finish();
        var (page, said) = await lab.Open(hash: "#/language-models/{\"run\":\"typed\",\"prompt\":\"em\"}",
            ready: ".bars tr[data-probability]");
        // All in one turn of the page, so that no pause comes between, however slow the machine is.
        await page.EvaluateAsync("""
            () => {
                const field = document.querySelector('textarea');
                for (const text of ['emm', 'emma', 'emman']) {
                    field.value = text;
                    field.dispatchEvent(new Event('input', { bubbles: true }));
                }
                field.dispatchEvent(new FocusEvent('blur'));
                field.value = 'emmanu';
                field.dispatchEvent(new Event('input', { bubbles: true }));
            }
            """);
        await Prompt("emmanu");
        await page.GoBackAsync();
        await Prompt("emman");
        await page.GoBackAsync();
        await Prompt("em");
        // The address is ahead of what is answered: start, e and m were read.
        await page.WaitForSelectorAsync("section[aria-label='Next character'][data-read='3']");
        var row = page.Locator(".bars tr[data-probability]").First;
        double shown = double.Parse((await row.GetAttributeAsync("data-probability"))!, CultureInfo.InvariantCulture);
        await row.Locator("button[data-why=probability]").ClickAsync();
        await page.WaitForSelectorAsync(".why");
        Assert.Equal(shown, await Explained(), shown * 1e-4);
        await LabBrowser.Shot(page, "language-models-why");
        await page.ClickAsync(".looks button:has-text('Losses')");
        await page.WaitForFunctionAsync("() => document.querySelector('.why') === null");
        string[] losses = (await page.GetAttributeAsync("section[aria-label=Losses] .coloured", "data-numbers"))!
            .Split(' ');
        await page.Locator("section[aria-label=Losses] .coloured button").Nth(1).ClickAsync();
        await page.WaitForSelectorAsync(".why");
        Assert.Equal(double.Parse(losses[1], CultureInfo.InvariantCulture), await Explained(), 1e-3);
        await page.ClickAsync(".looks button:has-text('Attention')");
        await page.WaitForSelectorAsync(".attention[data-row]");
        await page.ClickAsync("text=Where does the weight come from?");
        await page.WaitForSelectorAsync(".why");
        await page.GoBackAsync();
        await page.WaitForFunctionAsync("() => document.querySelector('.why') === null");
        Assert.DoesNotContain(said, line => line.StartsWith("error", StringComparison.Ordinal));

        async Task Prompt(string text) => await page.WaitForFunctionAsync(
            $"() => document.querySelector('textarea').value === '{text}'");

        async Task<double> Explained() => double.Parse(
            (await page.GetAttributeAsync(".why output", "data-exact"))!, CultureInfo.InvariantCulture);
    }

    [LabFact]
    public async Task It_can_be_read_in_the_dark_and_on_a_phone()
    {
        using var small = new SmallRun();
        using var runs = new RunFixture(lab.Runs);
        var run = TrainingRun.Start(runs.PathOf("phone"), small.Config(model: "gpt"));
        run.Train();
        run.Finish();
        var (page, _) = await lab.Open(360, ColorScheme.Dark,
            "#/language-models/{\"run\":\"phone\",\"prompt\":\"emmanuel\",\"look\":\"attention\"}",
            ".attention[data-row]");
        Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth"));
        await LabBrowser.Shot(page, "language-models-dark-360");
    }
}
