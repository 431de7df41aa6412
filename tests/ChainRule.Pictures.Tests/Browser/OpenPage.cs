using Microsoft.Playwright;

namespace ChainRule.Pictures.Tests.Browser;

/// <summary>A page in the browser, and all that it complained about or asked for.</summary>
public sealed class OpenPage
{
    public OpenPage(IPage page)
    {
        Page = page;
        page.Console += (_, message) => Said.Add($"{message.Type}: {message.Text}");
        page.PageError += (_, message) => Said.Add($"error: {message}");
        page.Request += (_, request) => Requests.Add(request.Url);
    }

    public IPage Page { get; }

    /// <summary>What stands in the browser's console: Vega-Lite's warnings, errors, refusals.</summary>
    public List<string> Said { get; } = [];

    public List<string> Requests { get; } = [];

    public async Task Drawn() =>
        await Page.WaitForFunctionAsync(
            "() => [...document.querySelectorAll('.drawing, .tex')].every(place => place.dataset.drawn)");

    public async Task<T> Ask<T>(string script) => await Page.EvaluateAsync<T>(script);

    public async Task Shot(string name, bool full = true)
    {
        Directory.CreateDirectory(Chromium.Shots);
        await Page.ScreenshotAsync(new() { Path = Path.Combine(Chromium.Shots, name + ".png"), FullPage = full });
    }

    /// <summary>One screenshot a figure.</summary>
    public async Task ShotEach(string name)
    {
        Directory.CreateDirectory(Chromium.Shots);
        foreach (var (i, figure) in (await Page.QuerySelectorAllAsync("figure")).Index())
            await figure.ScreenshotAsync(new() { Path = Path.Combine(Chromium.Shots, $"{i:00}-{name}.png") });
    }
}
