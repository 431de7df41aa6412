using System.Globalization;
using Microsoft.Playwright;

namespace ChainRule.Lab.Tests.Browser;

/// <summary>The graph of a program in a real browser.</summary>
public sealed class GraphPageTest(LabBrowser lab, Xunit.Abstractions.ITestOutputHelper output)
    : IClassFixture<LabBrowser>
{
    const string Ready = ".node[data-node='L'] .grad";

    [LabFact]
    public async Task The_lectures_first_graph_is_stepped_through_by_the_keyboard_and_going_back_undoes()
    {
        var (page, said) = await lab.Open(hash: "#/graph", ready: Ready);
        Assert.Equal("6 -4 -2 4", await Gradients(page, "a", "b", "c", "f"));
        Assert.Equal(-8, await Number(page, "L", "data"));
        await page.FocusAsync(".graph");
        await page.Keyboard.PressAsync("Home");
        await page.WaitForSelectorAsync("main[data-made='0']");
        Assert.Equal("", await page.GetAttributeAsync(".node[data-node='a'] .grad", "data-exact"));
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("ArrowRight");
        await page.WaitForSelectorAsync("main[data-made='2']");
        Assert.Equal("-2 -2", await Gradients(page, "c", "e"));
        Assert.Equal("", await page.GetAttributeAsync(".node[data-node='a'] .grad", "data-exact"));
        Assert.Contains("dL/dc += −2", await page.InnerTextAsync(".steps .look"), StringComparison.Ordinal);
        await page.GoBackAsync();
        await page.WaitForSelectorAsync("main[data-made='1']");
        Assert.Equal("""#/graph/{"at":1}""", Uri.UnescapeDataString(new Uri(page.Url).Fragment));
        Assert.DoesNotContain(said, line => line.StartsWith("error", StringComparison.Ordinal));
    }

    [LabFact]
    public async Task A_program_is_typed_and_what_is_wrong_with_it_is_shown_where_it_is()
    {
        var (page, _) = await lab.Open(hash: "#/graph", ready: Ready);
        await page.FillAsync("textarea[name=program]", "x = 2\ny = tanh(x * 3\n");
        await page.WaitForSelectorAsync(".place");
        Assert.Equal("y = tanh(x * 3\n        ^", await page.InnerTextAsync(".place"));
        await page.ClickAsync("text=Go there");
        Assert.Equal(14, await page.EvaluateAsync<int>("document.querySelector('textarea').selectionStart"));
        await page.Keyboard.PressAsync("End");
        await page.Keyboard.TypeAsync(")");
        await page.WaitForSelectorAsync(".node[data-node='y'] .grad");
        Assert.Equal(Math.Tanh(6), await Number(page, "y", "data"), 1e-15);
        await page.SelectOptionAsync("select[name=example]", "neuron");
        await page.WaitForSelectorAsync(".node[data-node='o'] .grad");
        Assert.Equal(0.7071067811865476, await Number(page, "o", "data"));
        await LabBrowser.Shot(page, "graph-neuron");
        await page.GoBackAsync();
        await page.WaitForSelectorAsync(".node[data-node='y'] .grad");
    }

    [LabFact]
    public async Task An_order_is_broken_on_purpose()
    {
        var (page, _) = await lab.Open(hash: "#/graph", ready: Ready);
        await page.ClickAsync("summary:has-text('Order of the steps')");
        await page.ClickAsync("button[aria-label='d earlier']");
        await page.WaitForSelectorAsync(".order-faults li");
        Assert.Contains("Step 1 passes on dL/dd = 0 before L has added to it; complete, it is −2",
            await page.InnerTextAsync(".order-faults"), StringComparison.Ordinal);
        Assert.Equal("0 0 4", await Gradients(page, "a", "c", "f"));
        Assert.Contains("✗", await page.InnerTextAsync(".node[data-node='a'] .grad"), StringComparison.Ordinal);
        await LabBrowser.Shot(page, "graph-order");
        await page.ClickAsync("text=The right order");
        await page.WaitForSelectorAsync(".node[data-node='a'] .grad[data-exact='6']");
    }

    [LabFact]
    public async Task A_nudge_changes_all_that_is_computed_from_it()
    {
        var (page, _) = await lab.Open(hash: "#/graph", ready: Ready);
        await page.ClickAsync("button[aria-label='a more 0.01']");
        await page.WaitForSelectorAsync(".effect");
        Assert.Equal(-7.94, await Number(page, "L", "data"), 1e-12);
        Assert.Contains("Change divided by nudge: 6; the derivative is 6", await page.InnerTextAsync(".effect"),
            StringComparison.Ordinal);
        await page.GoBackAsync();
        await page.WaitForSelectorAsync(".node[data-node='L'] .data[data-exact='-8']");
        await page.ClickAsync("text=All along the gradient");
        await page.WaitForSelectorAsync(".effect");
        Assert.Equal(-7.286496, await Number(page, "L", "data"), 1e-12);
        await LabBrowser.Shot(page, "graph-nudge");
    }

    [LabFact]
    public async Task A_number_says_where_it_came_from_and_the_path_is_lit()
    {
        var (page, _) = await lab.Open(hash: "#/graph", ready: Ready);
        await page.ClickAsync(".node[data-node='b'] .grad");
        await page.WaitForSelectorAsync(".why");
        Assert.Equal("-4", await page.GetAttributeAsync(".why output", "data-exact"));
        string[] names = await page.EvaluateAsync<string[]>(
            "[...document.querySelectorAll('.node.lit')].map(one => one.dataset.node)");
        Assert.Equal(["L", "b", "d", "e"], names.Order(StringComparer.Ordinal));
        await page.ClickAsync(".why summary");
        await page.WaitForFunctionAsync("() => document.querySelectorAll('.why .level').length === 2");
        await LabBrowser.Shot(page, "graph-why");
        // From the click until the derivation is there; the limit is for machines that do other things too.
        double[] times = await page.EvaluateAsync<double[]>("""
            async () => {
              const times = [];
              for (const name of ['a', 'c', 'f', 'd', 'e']) {
                const from = performance.now();
                document.querySelector(`.node[data-node='${name}'] .grad`).click();
                while (!document.querySelector('.why h2')?.textContent.startsWith(`dL/d${name} `))
                  await new Promise(requestAnimationFrame);
                times.push(performance.now() - from);
              }
              return times;
            }
            """);
        output.WriteLine($"click to derivation, ms: {string.Join(" ", times.Select(t => t.ToString("F0",
            CultureInfo.InvariantCulture)))}");
        Assert.InRange(times.Min(), 0, 100);
        await page.Keyboard.PressAsync("Escape");
        await page.WaitForFunctionAsync("() => document.querySelector('.why') === null");
    }

    [LabTheory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    [InlineData(360, ColorScheme.Light)]
    [InlineData(360, ColorScheme.Dark)]
    public async Task It_is_readable_on_wide_and_narrow_screens_light_and_dark(int width, ColorScheme scheme)
    {
        var (page, said) = await lab.Open(width, scheme, """#/graph/{"at":2,"why":{"node":0,"gradient":true}}""",
            ".why");
        Assert.True(await page.EvaluateAsync<bool>(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"), "it scrolls sideways");
        await LabBrowser.Shot(page, $"graph-{width}-{scheme}");
        Assert.DoesNotContain(said, line => line.StartsWith("error", StringComparison.Ordinal));
    }

    static async Task<string> Gradients(IPage page, params string[] names)
    {
        List<string?> found = [];
        foreach (string name in names)
            found.Add(await page.GetAttributeAsync($".node[data-node='{name}'] .grad", "data-exact"));
        return string.Join(' ', found);
    }

    static async Task<double> Number(IPage page, string name, string what) => double.Parse(
        (await page.GetAttributeAsync($".node[data-node='{name}'] .{what}", "data-exact"))!,
        CultureInfo.InvariantCulture);
}
