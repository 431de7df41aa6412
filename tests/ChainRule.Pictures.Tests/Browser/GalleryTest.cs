using ChainRule.Tests;
using Microsoft.Playwright;

namespace ChainRule.Pictures.Tests.Browser;

/// <summary>
/// Every kind of picture in a real browser, from a file: drawn without a warning, without the network, at every width
/// and in both schemes.
/// </summary>
public sealed class GalleryTest(Chromium chromium) : IClassFixture<Chromium>, IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BrowserTheory]
    [InlineData("light", 1100, ColorScheme.Light)]
    [InlineData("dark", 1100, ColorScheme.Dark)]
    [InlineData("phone", 390, ColorScheme.Light)]
    [InlineData("phone-dark", 390, ColorScheme.Dark)]
    public async Task Every_picture_is_drawn_without_a_warning_and_without_the_network(string name, int width,
        ColorScheme scheme)
    {
        var opened = await chromium.Open(Gallery.Page(), _folder.PathOf("gallery.html"), width, scheme);
        if (scheme == ColorScheme.Light) await opened.ShotEach(name);
        await opened.Shot($"page-{name}");
        Assert.Empty(opened.Said);
        Assert.All(opened.Requests, url => Assert.Matches("^(file|data|blob):", url));
        Assert.Equal(Gallery.Pictures.Count, await opened.Ask<int>("document.querySelectorAll('figure').length"));
        // A chart has marks, a graph nodes, a formula its MathML and its letters.
        Assert.Equal("", await opened.Ask<string>("""
            [...document.querySelectorAll('figure')].filter(figure => !(
                figure.querySelector(
                    figure.matches('.chart') ? 'svg .mark-symbol path, svg .mark-line path, svg .mark-rect path' :
                    figure.matches('.graph') ? 'svg g.node' : '.katex-mathml math')))
              .map(figure => figure.querySelector('h2').textContent).join(', ')
            """));
        Assert.Equal(width, await opened.Ask<int>("document.documentElement.scrollWidth"));
    }

    [BrowserFact]
    public async Task A_click_on_the_legend_brings_out_a_series()
    {
        var opened = await chromium.Open(new Page("Legend").Add(Gallery.Lines), _folder.PathOf("legend.html"));
        const string Faint = "[...document.querySelectorAll('.mark-line path')].filter(path => "
            + "Number(path.getAttribute('opacity') ?? 1) < 0.5).length";
        Assert.Equal(0, await opened.Ask<int>(Faint));
        await opened.Page.ClickAsync(".role-legend-symbol path >> nth=1");
        await opened.Page.WaitForFunctionAsync($"() => {Faint} === 1");
        await opened.Shot("legend-clicked");
    }

    [BrowserFact]
    public async Task What_is_pointed_at_tells_its_numbers()
    {
        var opened =
            await chromium.Open(new Page("Bars").Add(Chart.Bar("Bars", "letter", "count", [("a", 12.5), ("b", 3)])),
                _folder.PathOf("bars.html"));
        await opened.Page.HoverAsync(".mark-rect path >> nth=0");
        await opened.Page.WaitForSelectorAsync("#vg-tooltip-element.visible");
        Assert.Equal("letter\ta\ncount\t12.5", (await opened.Page.InnerTextAsync("#vg-tooltip-element")).Trim());
    }

    [BrowserFact]
    public async Task In_the_dark_every_colour_of_a_drawing_has_turned()
    {
        string path = new Page("Dark").Add(Gallery.Lines).Save(_folder.PathOf("dark.html"));
        const string Colours = """
            JSON.stringify([getComputedStyle(document.documentElement).backgroundColor,
                getComputedStyle(document.querySelector('.role-axis-title text')).fill,
                getComputedStyle(document.querySelector('.mark-line path')).stroke])
            """;
        string light = await (await chromium.Open(path)).Ask<string>(Colours),
            dark = await (await chromium.Open(path, scheme: ColorScheme.Dark)).Ask<string>(Colours);
        Assert.Equal("""["rgb(255, 255, 255)","rgb(31, 35, 40)","rgb(4, 70, 157)"]""", light);
        Assert.Equal("""["rgb(13, 17, 23)","rgb(230, 237, 243)","rgb(0, 117, 185)"]""", dark);
    }

    [BrowserFact]
    public async Task On_paper_it_is_light_and_nothing_is_cut_off()
    {
        var opened = await chromium.Open(Gallery.Page(), _folder.PathOf("print.html"), scheme: ColorScheme.Dark);
        await opened.Page.EmulateMediaAsync(new() { Media = Media.Print });
        await opened.Page.SetViewportSizeAsync(680, 900);
        // Drawings follow a new width after a moment: no clock says when, but what they become does.
        await opened.Page.WaitForFunctionAsync("() => [...document.querySelectorAll('.drawing svg')].every(svg => "
            + "svg.getBoundingClientRect().right <= innerWidth)");
        Assert.Equal("rgb(255, 255, 255)",
            await opened.Ask<string>("getComputedStyle(document.documentElement).backgroundColor"));
        Assert.Equal("", await opened.Ask<string>("""
            [...document.querySelectorAll('.drawing svg')].filter(svg => svg.getBoundingClientRect().right > innerWidth)
              .map(svg => svg.closest('figure').querySelector('h2').textContent).join(', ')
            """));
        await opened.Shot("page-print");
        await opened.Page.PdfAsync(new() { Path = Path.Combine(Chromium.Shots, "page.pdf"), Format = "A4" });
    }

    [BrowserTheory]
    [InlineData(1400)]
    [InlineData(360)]
    public async Task No_picture_has_a_scroll_bar(int width)
    {
        var opened = await chromium.Open(Gallery.Page(), _folder.PathOf("bars.html"), width);
        Assert.Equal("", await opened.Ask<string>("""
            [...document.querySelectorAll('figure, .drawing, .tex')]
              .filter(place => place.scrollWidth > place.clientWidth)
              .filter(place => !place.matches('.tex') || getComputedStyle(place).overflowX !== 'visible')
              .map(place => [place, place.closest('figure').querySelector('h2').textContent])
              .map(([place, of]) => `${place.className} of ${of}: ${place.scrollWidth} in ${place.clientWidth}`)
              .join(', ')
            """));
    }

    [BrowserFact]
    public async Task What_is_too_wide_to_be_read_can_be_brought_to_its_full_size()
    {
        var opened = await chromium.Open(new Page("Wide").Add(Gallery.Network),
            _folder.PathOf("wide.html"), width: 360);
        const string Width = "document.querySelector('.drawing svg').getBoundingClientRect().width";
        Assert.True(await opened.Ask<double>(Width) <= 360);
        await opened.Page.ClickAsync("text=Full size");
        Assert.True(await opened.Ask<double>(Width) > 600);
        await opened.Page.ClickAsync("text=Full size");
        Assert.True(await opened.Ask<double>(Width) <= 360);
    }

    [BrowserFact]
    public async Task A_leaf_can_be_moved_and_the_result_follows()
    {
        var opened = await chromium.Open(new Page("What if").Add(Gallery.Expression), _folder.PathOf("what-if.html"));
        Assert.Equal("f: −2 → −1. L: −8 → −4, a change of 4. The gradient foretold 4 · 1 = 4.",
            await opened.Page.InnerTextAsync(".whatif output"));
        await opened.Page.SelectOptionAsync(".whatif select", new SelectOptionValue { Label = "a" });
        await opened.Page.FillAsync(".whatif input[type=number]", "0.5");
        Assert.Equal("a: 2 → 2.5. L: −8 → −5, a change of 3. The gradient foretold 6 · 0.5 = 3.",
            await opened.Page.InnerTextAsync(".whatif output"));
        Assert.Contains("data -5.0000", await opened.Page.Locator(".drawing text").AllTextContentsAsync());
        Assert.Empty(opened.Said);
    }

    [BrowserFact]
    public async Task A_window_made_narrow_is_drawn_anew()
    {
        var opened = await chromium.Open(new Page("Narrow").Add(Gallery.Lines), _folder.PathOf("narrow.html"));
        Assert.True(await opened.Ask<double>("document.querySelector('.drawing svg').getBoundingClientRect().width")
            > 560);
        await opened.Page.SetViewportSizeAsync(400, 900);
        await opened.Page.WaitForFunctionAsync(
            "() => document.querySelector('.drawing svg').getBoundingClientRect().width <= 400");
    }

    [BrowserFact]
    public async Task The_page_refuses_itself_the_network_and_foreign_scripts()
    {
        var opened = await chromium.Open(new Page("Closed").Add(Gallery.Lines), _folder.PathOf("closed.html"));
        string refused = await opened.Ask<string>("""
            new Promise(done => {
                const refused = [];
                document.addEventListener('securitypolicyviolation', event => {
                    refused.push(event.effectiveDirective);
                    if (refused.length === 3) done(refused.sort().join(' '));
                });
                fetch('http://127.0.0.1:9/').catch(() => {});
                document.body.append(Object.assign(new Image(), { src: 'http://127.0.0.1:9/x.png' }));
                const foreign = document.createElement('script');
                document.body.append(Object.assign(foreign, { textContent: 'window.foreign = 1' }));
            })
            """);
        Assert.Equal("connect-src img-src script-src-elem", refused);
        Assert.False(await opened.Ask<bool>("'foreign' in window"));
    }

    [BrowserFact]
    public async Task What_cannot_be_drawn_says_so_and_leaves_the_rest()
    {
        var opened = await chromium.Open(
            new Page("Broken").Add(Graph.FromDot("digraph { a -> ", "Half"))
                .Add(Graph.FromDot("digraph { a -> b }", "Whole")).Add(new Formula("Brace", "\\frac{1}{")),
            _folder.PathOf("broken.html"));
        Assert.StartsWith("This picture could not be drawn: syntax error",
            await opened.Page.InnerTextAsync(".drawing >> nth=0"), StringComparison.Ordinal);
        Assert.Equal(2, await opened.Ask<int>("document.querySelectorAll('.drawing g.node').length"));
        Assert.StartsWith("This formula could not be set: KaTeX parse error",
            await opened.Page.InnerTextAsync(".formula .lack >> nth=-1"), StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task Without_scripts_the_page_can_be_read()
    {
        string path = _folder.PathOf("plain.html");
        await File.WriteAllTextAsync(path, Gallery.Page().Write(Renderer.None));
        var opened = await chromium.Open(path, scripts: false);
        await opened.Shot("page-without-scripts");
        Assert.Empty(opened.Said);
        Assert.True(await opened.Page.Locator("table >> nth=0").IsVisibleAsync());
        Assert.Contains("built without Node.js", await opened.Page.InnerTextAsync("p.lack"), StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task A_screen_reader_finds_names_for_everything()
    {
        var opened = await chromium.Open(Gallery.Page(), _folder.PathOf("names.html"));
        Picture[] drawn = [.. Gallery.Pictures.Where(picture => picture is not Formula)];
        Assert.Equal(drawn.Select(picture => picture.Alt),
            await opened.Ask<string[]>(
                "[...document.querySelectorAll('[role=img]')].map(image => image.getAttribute('aria-label'))"));
        Assert.Equal(drawn.Length + Gallery.Images, await opened.Page.GetByRole(AriaRole.Img).CountAsync());
        Assert.Equal(Gallery.Pictures.Count, await opened.Page.GetByRole(AriaRole.Figure).CountAsync());
        Assert.Equal(1, await opened.Page.GetByRole(AriaRole.Heading, new() { Level = 1 }).CountAsync());
        // The small images have one heading for all.
        Assert.Equal(Gallery.Pictures.Count + 1,
            await opened.Page.GetByRole(AriaRole.Heading, new() { Level = 2 }).CountAsync());
    }
}
