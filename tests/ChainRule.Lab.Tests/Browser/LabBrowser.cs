using ChainRule.Lab.Server;
using Microsoft.Playwright;

namespace ChainRule.Lab.Tests.Browser;

/// <summary>A lab, and the browser of this machine to open it in: what CHAINRULE_CHROMIUM names, or one on the path.
/// </summary>
public sealed class LabBrowser : IAsyncLifetime
{
    // What a test waits for comes; how soon depends on who else uses the machine.
    const float Patience = 2 * 60_000;

    static readonly string? s_program = Find();

    IPlaywright _playwright = null!;
    IBrowser _browser = null!;

    /// <summary>Why the lab cannot be opened here; null where it can.</summary>
    public static string? Missing { get; } = LabServer.Missing
        ?? (s_program is null ? "there is no Chromium here: install it, or name it in CHAINRULE_CHROMIUM" : null);

    /// <summary>Where screenshots go, for people to look at.</summary>
    public static string Shots { get; } = Path.Combine(Web.Root, "TestResults", "lab");

    public LabServer Server { get; private set; } = null!;

    /// <summary>The folder of runs that the lab shows; empty until a test fills it.</summary>
    public string Runs { get; } = Directory.CreateTempSubdirectory("chainrule-lab-").FullName;

    /// <summary>The learner's folder; empty until a test fills it.</summary>
    public string Course { get; } = Directory.CreateTempSubdirectory("chainrule-course-").FullName;

    public async Task InitializeAsync()
    {
        if (Missing is not null) return;
        Server = await LabServer.StartAsync(new() { Runs = Runs, Course = Course });
        _playwright = await Playwright.CreateAsync();
        // The sandbox refuses to run as root, as builds in containers do; the pages are our own.
        _browser = await _playwright.Chromium.LaunchAsync(new()
            { ExecutablePath = s_program, Args = ["--no-sandbox"], Timeout = Patience });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (Server is not null) await Server.DisposeAsync();
        Directory.Delete(Runs, recursive: true);
        Directory.Delete(Course, recursive: true);
    }

    /// <summary>The lab in a browser that has never seen it, and what it complained of.</summary>
    public async Task<(IPage Page, List<string> Said)> Open(int width = 1280, ColorScheme scheme = ColorScheme.Light,
        string hash = "", string ready = ".pane[data-step] canvas", Uri? at = null)
    {
        var context = await _browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 900 },
            ColorScheme = scheme });
        context.SetDefaultTimeout(Patience);
        var page = await context.NewPageAsync();
        List<string> said = [];
        page.Console += (_, message) => said.Add($"{message.Type}: {message.Text} {message.Location}");
        page.PageError += (_, message) => said.Add($"error: {message}");
        var address = at ?? Server.Address;
        await page.GotoAsync(address.ToString());
        if (hash.Length > 0)
        {
            // What a page that is left asks last may come too late for its session.
            await page.GotoAsync("about:blank");
            said.Clear();
            await page.GotoAsync(new Uri(address, address.AbsolutePath + hash).ToString());
        }
        await page.WaitForSelectorAsync(ready);
        return (page, said);
    }

    public static async Task Shot(IPage page, string name)
    {
        Directory.CreateDirectory(Shots);
        await page.EvaluateAsync("window.scrollTo(0, 0)");
        await page.ScreenshotAsync(new() { Path = Path.Combine(Shots, name + ".png"), FullPage = true });
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
}

/// <summary>A fact about the lab in a real browser; skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LabFactAttribute : FactAttribute
{
    public LabFactAttribute() => Skip = LabBrowser.Missing;
}

/// <summary>The same for several cases.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LabTheoryAttribute : TheoryAttribute
{
    public LabTheoryAttribute() => Skip = LabBrowser.Missing;
}
