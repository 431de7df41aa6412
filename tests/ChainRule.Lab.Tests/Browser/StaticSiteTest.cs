using System.Globalization;
using ChainRule.Lab.Playground;
using ChainRule.Lab.Server;
using ChainRule.Tests;
using Microsoft.Playwright;

namespace ChainRule.Lab.Tests.Browser;

/// <summary>The exported site in a real browser, from a folder of a plain host: the engine is WebAssembly.</summary>
public sealed class StaticSiteTest(LabBrowser lab) : IClassFixture<LabBrowser>
{
    const long MostBytes = 4_000_000;

    [SiteFact]
    public async Task The_losses_are_those_of_the_native_engine()
    {
        await using var host = await StaticHost.Start();
        var (page, said) = await lab.Open(at: host.Address);
        Assert.Contains("WebAssembly", await page.InnerTextAsync(".engine"), StringComparison.Ordinal);
        Assert.Equal(["Playground", "Graph", "Shapes", "Course"], await page.Locator("nav a").AllInnerTextsAsync());
        await Epochs(page, 4);
        var line = new Timeline(new(new()));
        line.Advance(100, () => false);
        Close(line.Training.Loss(ofTest: false), await Exact(page, ".train"));
        Close(line.Training.Loss(ofTest: true), await Exact(page, ".test"));
        // A policy that is broken, or a file that is not there, is an error too.
        Assert.DoesNotContain(said, text => text.StartsWith("error", StringComparison.Ordinal));
        await LabBrowser.Shot(page, "static-site");
    }

    [SiteFact]
    public async Task A_first_visit_fetches_less_than_4_MB_of_a_host_that_compresses_nothing_and_says_nothing()
    {
        await using var host = await StaticHost.Start(says: false);
        var (page, _) = await lab.Open(at: host.Address);
        Assert.InRange(host.Sent, 1, MostBytes);
        await Kept(page);
        // What is kept for visits without a network was fetched already, but for the page under its other name.
        Assert.InRange(host.Sent, 1, MostBytes);
    }

    [SiteFact]
    public async Task The_second_visit_needs_no_network()
    {
        await using var host = await StaticHost.Start();
        var (page, _) = await lab.Open(at: host.Address);
        await Kept(page);
        await host.Stop();
        var again = await page.Context.NewPageAsync();
        await page.CloseAsync();
        await again.GotoAsync(host.Address.ToString());
        await again.WaitForSelectorAsync(".pane[data-step] canvas");
        await Epochs(again, 1);
    }

    [SiteFact]
    public async Task It_plays_pauses_and_goes_back_while_the_page_answers()
    {
        await using var host = await StaticHost.Start();
        var (page, _) = await lab.Open(at: host.Address);
        double before = await Exact(page, ".train");
        await page.ClickAsync(".transport .main");
        await page.WaitForFunctionAsync("() => Number(document.querySelector('.pane').dataset.step) > 300");
        await page.ClickAsync(".transport .main");
        await page.WaitForSelectorAsync(".main:has-text('Play')");
        Assert.NotEqual(before, await Exact(page, ".train"));
        await page.ClickAsync("text=To the start");
        await page.WaitForSelectorAsync(".pane[data-step='0']");
        Assert.Equal(before, await Exact(page, ".train"));
    }

    [SiteFact]
    public async Task Lessons_are_read_and_what_is_missing_is_said()
    {
        await using var host = await StaticHost.Start();
        var (page, said) = await lab.Open(at: host.Address, hash: "#/course", ready: ".lists li");
        Assert.Equal(Directory.GetFiles(Path.Combine(Web.Root, "lessons"), "??-*.cs").Length,
            await page.Locator("section[aria-labelledby=lessons] ol li").CountAsync());
        Assert.StartsWith("Lessons are run, and exercises checked, by the tool on your machine: dotnet tool "
            + "install", await page.InnerTextAsync(".hint"), StringComparison.Ordinal);
        await page.ClickAsync("text=Broadcasting");
        await page.WaitForSelectorAsync("article[data-name='12-broadcasting'] section[data-part='2'] pre.output");
        Assert.Equal(0, await page.Locator("button:has-text('Run'), iframe").CountAsync());
        Assert.DoesNotContain(said, line => line.StartsWith("error", StringComparison.Ordinal));
    }

    [SiteFact]
    public async Task A_setting_that_is_refused_is_said_in_the_sentence_of_the_engine()
    {
        await using var host = await StaticHost.Start();
        var (page, _) = await lab.Open(at: host.Address, ready: "[role=alert]",
            hash: """#/playground/{"a":{"learningRate":-1}}""");
        string refused = Assert.Throws<ArgumentException>(
            () => new PlaygroundSettings { LearningRate = -1 }.Check()).Message;
        Assert.Equal(refused, await page.InnerTextAsync("[role=alert]"));
    }

    [SiteFact]
    public async Task An_export_replaces_an_earlier_one_and_nothing_else()
    {
        await using var host = await StaticHost.Start();
        string engine = Path.Combine(host.Files, "_framework"), old = Path.Combine(host.Files, "assets", "old.js");
        using var copy = new TemporaryFolder();
        foreach (string file in Directory.EnumerateFiles(engine))
            File.Copy(file, Path.Combine(copy.Path, Path.GetFileName(file)));
        await File.WriteAllTextAsync(old, "");
        LabSite.Write(host.Files, copy.Path);
        Assert.False(File.Exists(old));
        var refused = Assert.Throws<ArgumentException>(() => LabSite.Write(copy.Path, engine));
        Assert.Equal("lab export: '' is no path: give that of a folder",
            Assert.Throws<ArgumentException>(() => LabSite.Write("", engine)).Message);
        Assert.Equal("lab export: /proc/none: no folder can be made there: give another",
            Assert.Throws<IOException>(() => LabSite.Write("/proc/none", engine)).Message);
        Assert.EndsWith("holds other files: give an empty folder, or one that an earlier export wrote", refused.Message,
            StringComparison.Ordinal);
    }

    static void Close(double expected, double actual) => Assert.InRange(actual, expected - 1e-6, expected + 1e-6);

    static async Task Epochs(IPage page, int count)
    {
        for (int i = 0; i < count; i++)
        {
            await page.ClickAsync("text=One epoch");
            await page.WaitForSelectorAsync($".pane[data-step='{25 * (i + 1)}']");
        }
    }

    // The service worker has all files.
    static async Task Kept(IPage page) =>
        await page.EvaluateAsync("() => navigator.serviceWorker.ready.then(() => true)");

    static async Task<double> Exact(IPage page, string what) => double.Parse(
        (await page.GetAttributeAsync($".numbers dd{what}", "data-exact"))!, CultureInfo.InvariantCulture);
}
