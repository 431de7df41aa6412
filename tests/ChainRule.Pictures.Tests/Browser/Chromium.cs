using Microsoft.Playwright;

namespace ChainRule.Pictures.Tests.Browser;

/// <summary>
/// The browser of this machine: what CHAINRULE_CHROMIUM names, or else chromium, chromium-browser or
/// google-chrome on the path.
/// </summary>
public sealed class Chromium : IAsyncLifetime
{
    static readonly string? s_program = Find();

    IPlaywright _playwright = null!;
    IBrowser _browser = null!;

    /// <summary>Why pages cannot be opened and looked at here; null where they can.</summary>
    public static string? Missing { get; } =
        s_program is null ? "there is no Chromium here: install it, or name it in CHAINRULE_CHROMIUM"
        : Renderer.BuiltIn.Script("chart") is null
            ? "this build has no scripts that draw: build it where Node.js is installed" : null;

    /// <summary>The folder of the repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>
    /// Where screenshots go, for people to look at: beside other results of tests, which git ignores.
    /// </summary>
    public static string Shots { get; } = Path.Combine(Root, "TestResults", "pictures");

    public async Task InitializeAsync()
    {
        if (Missing is not null) return;
        _playwright = await Playwright.CreateAsync();
        // The sandbox refuses to run as root, as builds in containers do; the pages are our own.
        _browser = await _playwright.Chromium.LaunchAsync(new()
            { ExecutablePath = s_program, Args = ["--no-sandbox"], Timeout = Patience });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    // What a test waits for comes; how soon depends on who else uses the machine. What has not come by then never does.
    const float Patience = 10 * 60_000;

    /// <summary>A page, opened from its file and drawn.</summary>
    public async Task<OpenPage> Open(Page page, string path, int width = 1100, ColorScheme scheme = ColorScheme.Light,
        bool scripts = true)
    {
        page.Save(path);
        return await Open(path, width, scheme, scripts);
    }

    public async Task<OpenPage> Open(string path, int width = 1100, ColorScheme scheme = ColorScheme.Light,
        bool scripts = true)
    {
        var context = await _browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 900 },
            ColorScheme = scheme, JavaScriptEnabled = scripts });
        context.SetDefaultTimeout(Patience);
        context.SetDefaultNavigationTimeout(Patience);
        var opened = new OpenPage(await context.NewPageAsync());
        await opened.Page.GotoAsync(new Uri(path).AbsoluteUri);
        if (scripts) await opened.Drawn();
        return opened;
    }

    static string? Find()
    {
        if (Environment.GetEnvironmentVariable("CHAINRULE_CHROMIUM") is { Length: > 0 } named)
            return File.Exists(named) ? named : null;
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator,
            StringSplitOptions.RemoveEmptyEntries);
        return (from name in (string[])["chromium", "chromium-browser", "google-chrome"]
                from folder in folders
                let program = Path.Combine(folder, name)
                where File.Exists(program)
                select program).FirstOrDefault();
    }

    static string FindRoot()
    {
        for (var above = new DirectoryInfo(AppContext.BaseDirectory); above is not null; above = above.Parent)
        {
            if (File.Exists(Path.Combine(above.FullName, "ChainRule.slnx"))) return above.FullName;
        }
        return AppContext.BaseDirectory;
    }
}

/// <summary>A fact about a page in a real browser; skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = Chromium.Missing;
}

/// <summary>The same for several cases.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = Chromium.Missing;
}
