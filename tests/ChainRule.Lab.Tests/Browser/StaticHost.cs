using System.Diagnostics.CodeAnalysis;
using ChainRule.Lab.Server;
using ChainRule.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ChainRule.Lab.Tests.Browser;

/// <summary>
/// A plain web host as anybody's: it serves the files of an exported site from a folder below its root, compresses
/// nothing, adds no header, and counts what it sends.
/// </summary>
public sealed class StaticHost : IAsyncDisposable
{
    const string Folder = "/courses/lab/";

    /// <summary>The engine for browsers, as the tool carries it.</summary>
    internal static string Engine { get; } = Path.Combine(Web.Root, "src", "ChainRule.Lab.Browser", "bin", "engine",
        "lab-engine");

    readonly TemporaryFolder _files = new();
    readonly WebApplication _app;
    long _sent;

    readonly bool _says;

    StaticHost(bool says)
    {
        _says = says;
        LabSite.Write(_files.Path, Engine);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapGet(Folder + "{**path}", Send);
    }

    /// <summary>Why there is no site to serve; null where there is.</summary>
    public static string? Missing { get; } = LabBrowser.Missing
        ?? (Directory.Exists(Engine) ? null : "the engine for browsers was not published: the build says why");

    public Uri Address { get; private set; } = null!;

    /// <summary>Bytes of all files that were sent.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    public string Files => _files.Path;

    /// <param name="says">Whether it says for how long a file may be kept.</param>
    public static async Task<StaticHost> Start(bool says = true)
    {
        var host = new StaticHost(says);
        await host._app.StartAsync();
        host.Address = new(host._app.Urls.Single() + Folder);
        return host;
    }

    /// <summary>From now on nobody answers.</summary>
    public Task Stop() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _files.Dispose();
    }

    [SuppressMessage("Security", "CA3003", Justification = "A test asks, of a folder of its own.")]
    async Task Send(HttpContext context)
    {
        string path = (string?)context.Request.RouteValues["path"] ?? "index.html";
        string file = Path.Combine(_files.Path, path);
        if (!File.Exists(file))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        context.Response.ContentType = Path.GetExtension(file) switch
        {
            ".html" => "text/html",
            ".js" => "text/javascript",
            ".css" => "text/css",
            _ => "application/octet-stream",
        };
        // As hosts let browsers keep a file for some minutes.
        if (_says) context.Response.Headers.CacheControl = "max-age=600";
        Interlocked.Add(ref _sent, new FileInfo(file).Length);
        await context.Response.SendFileAsync(file);
    }
}

/// <summary>A fact about the static site in a real browser; skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SiteFactAttribute : FactAttribute
{
    public SiteFactAttribute() => Skip = StaticHost.Missing;
}
