using Microsoft.Playwright;

namespace ChainRule.Lab.Tests.Browser;

/// <summary>Shapes in a real browser.</summary>
public sealed class ShapesPageTest(LabBrowser lab) : IClassFixture<LabBrowser>
{
    const string Ready = ".tensor[data-tensor='y']";

    [LabFact]
    public async Task A_broadcast_is_drawn_with_its_gradients_and_undone_by_going_back()
    {
        var (page, said) = await lab.Open(hash: "#/shapes", ready: Ready);
        Assert.Equal("5 7 9", await page.GetAttributeAsync(".tensor[data-tensor='dL/db']", "data-numbers"));
        Assert.Contains("missing", await page.InnerTextAsync(".tensor[data-tensor='b'] figcaption"),
            StringComparison.Ordinal);
        // The number of b at the end was used by both rows.
        await page.FocusAsync(".tensor[data-tensor='b'] td:last-child button");
        Assert.Equal(2, await page.Locator(".tensor[data-tensor='y'] >> nth=0").Locator("td.on").CountAsync());
        await page.FillAsync("input[name=b]", "4");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync(".shapes .fault");
        string own = Assert.ThrowsAny<ArgumentException>(() => Tensor.Ones([2, 3]) + Tensor.Ones([4])).Message;
        Assert.Equal(own, await page.InnerTextAsync(".shapes .fault"));
        await page.GoBackAsync();
        await page.WaitForSelectorAsync(Ready);
        Assert.DoesNotContain(said, line => line.StartsWith("error", StringComparison.Ordinal));
    }

    [LabTheory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    [InlineData(360, ColorScheme.Light)]
    [InlineData(360, ColorScheme.Dark)]
    public async Task It_is_readable_on_wide_and_narrow_screens_light_and_dark(int width, ColorScheme scheme)
    {
        var (page, _) = await lab.Open(width, scheme, """#/shapes/{"op":"matmul","a":"2, 2, 3","b":"3, 4"}""", Ready);
        await page.FocusAsync(".tensor[data-tensor='y'] td button");
        await page.WaitForSelectorAsync(".tensor[data-tensor='a'] td.on");
        Assert.True(await page.EvaluateAsync<bool>(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"), "it scrolls sideways");
        await LabBrowser.Shot(page, $"shapes-{width}-{scheme}");
    }
}
