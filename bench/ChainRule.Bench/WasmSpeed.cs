using System.Net;
using ChainRule.Lab.Server;
using Microsoft.Playwright;
using static System.FormattableString;

namespace ChainRule.Bench;

/// <summary>
/// How the playground of the static site runs from its first second on, 2-8-8-1 on 500 points in batches of 10, in the
/// Chromium of this machine: the steps of each window of time, the time between two frames of the browser, and the time
/// between two pictures of another step.
/// </summary>
static class WasmSpeed
{
    const double Window = 1, Seconds = 10, Looking = 10;

    // The time of each frame of the browser in milliseconds after the click, and the step that it showed.
    const string Measured = """
        seconds => new Promise(done => {
            const shown = [], began = performance.now();
            document.querySelector('.transport .main').click();
            const tick = () => {
                const now = performance.now() - began;
                shown.push(now, Number(document.querySelector('.pane').dataset.step));
                if (now < 1000 * seconds) requestAnimationFrame(tick); else done(shown);
            };
            requestAnimationFrame(tick);
        })
        """;

    /// <param name="engine">The folder of the engine that was published, or of a site that was exported.</param>
    /// <param name="output">Where the lines go.</param>
    /// <exception cref="ArgumentException">There is no such engine, or no Chromium.</exception>
    public static async Task Run(string engine, TextWriter output)
    {
        string framework = Path.Combine(engine, "_framework");
        string files = Directory.Exists(framework) ? framework : engine;
        if (!File.Exists(Path.Combine(files, "dotnet.js")) && !File.Exists(Path.Combine(files, "dotnet.js.br")))
            throw new ArgumentException($"wasm: {engine} holds no engine: give a folder that 'chainrule lab export' "
                + "wrote, or that of the engine which a build of the tests published");
        string program = Chromium() ?? throw new ArgumentException("wasm: there is no Chromium here: install it, or "
            + "name it in CHAINRULE_CHROMIUM");
        var site = Directory.CreateTempSubdirectory("chainrule-bench-");
        try
        {
            LabSite.Write(site.FullName, files);
            await ServeAndMeasure(site.FullName, program, output);
        }
        finally
        {
            site.Delete(recursive: true);
        }
    }

    static async Task ServeAndMeasure(string site, string program, TextWriter output)
    {
        var host = new HttpListener();
        var address = Listen(host);
        var serving = Serve(host, site);
        try
        {
            foreach (string line in await Measure(program, address)) await output.WriteLineAsync(line);
        }
        finally
        {
            host.Stop();
            await serving;
            host.Close();
        }
    }

    static async Task<IEnumerable<string>> Measure(string program, Uri address)
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new()
            { ExecutablePath = program, Args = ["--no-sandbox"] });
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1280, Height = 900 } });
        await page.GotoAsync(address.ToString());
        await page.WaitForSelectorAsync(".pane[data-step] canvas");
        // Whoever opens the page looks at it before it is asked to do something: the engine warms up meanwhile.
        await Task.Delay(TimeSpan.FromSeconds(Looking));
        return Lines(await page.EvaluateAsync<double[]>(Measured, Seconds));
    }

    /// <summary>A line for each window.</summary>
    internal static IEnumerable<string> Lines(double[] shown)
    {
        (double Time, double Step)[] frames = [.. shown.Chunk(2).Select(one => (one[0], one[1]))];
        for (double from = 0; from < Seconds; from += Window)
        {
            int first = Math.Max(0, Array.FindIndex(frames, one => one.Time >= 1000 * from) - 1);
            int last = Array.FindLastIndex(frames, one => one.Time <= 1000 * (from + Window));
            if (last <= first) continue;
            var window = frames[first..(last + 1)];
            double seconds = (window[^1].Time - window[0].Time) / 1000;
            double[] pictures = [.. window.Where((one, i) => i == 0 || one.Step != window[i - 1].Step)
                .Select(one => one.Time)];
            yield return Invariant($"{from:0} to {from + Window:0} s: ")
                + Invariant($"{(window[^1].Step - window[0].Step) / seconds:N0} steps a second; ")
                + Invariant($"frames {Gaps([.. window.Select(one => one.Time)])}; pictures {Gaps(pictures)}");
        }
    }

    static string Gaps(double[] times)
    {
        double[] gaps = [.. times.Skip(1).Zip(times, (after, before) => after - before).Order()];
        return gaps.Length == 0 ? "none"
            : Invariant($"{gaps.Length}, median {gaps[gaps.Length / 2]:N1} ms, longest {gaps[^1]:N1} ms");
    }

    static Uri Listen(HttpListener host)
    {
        // A free port, as the system gives it.
        using (var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            host.Prefixes.Add(Invariant($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/"));
        }
        host.Start();
        return new(host.Prefixes.Single());
    }

    static async Task Serve(HttpListener host, string folder)
    {
        while (host.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await host.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            string name = context.Request.Url!.AbsolutePath.TrimStart('/');
            string path = Path.Combine(folder, name.Length == 0 ? "index.html" : name);
            using var response = context.Response;
            if (!File.Exists(path))
            {
                response.StatusCode = (int)HttpStatusCode.NotFound;
                continue;
            }
            response.ContentType = Path.GetExtension(path) switch
            {
                ".html" => "text/html",
                ".js" => "text/javascript",
                ".css" => "text/css",
                _ => "application/octet-stream",
            };
            await response.OutputStream.WriteAsync(await File.ReadAllBytesAsync(path));
        }
    }

    static string? Chromium()
    {
        if (Environment.GetEnvironmentVariable("CHAINRULE_CHROMIUM") is { Length: > 0 } named)
            return File.Exists(named) ? named : null;
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => (string[])[Path.Combine(folder, "chromium"), Path.Combine(folder, "google-chrome")])
            .FirstOrDefault(File.Exists);
    }
}
