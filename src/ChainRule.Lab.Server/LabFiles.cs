using System.Reflection;
using Microsoft.AspNetCore.Http;

namespace ChainRule.Lab.Server;

/// <summary>The files of the page, as the build embedded them. There is no folder that a path could leave.</summary>
static class LabFiles
{
    const string Prefix = "web/";

    static readonly Assembly s_assembly = typeof(LabFiles).Assembly;

    static readonly HashSet<string> s_names = [.. s_assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))];

    /// <summary>Why there is no page; null where there is one.</summary>
    public static string? Missing { get; } = s_names.Contains(Prefix + "index.html") ? null
        : "this build of chainrule has no lab: build it where Node.js 20.19 or newer and npm are installed";

    /// <summary>The names of the files, without what they begin with here.</summary>
    public static IEnumerable<string> Names => s_names.Select(name => name[Prefix.Length..])
        .Where(name => name != LabLessons.Resource).Order(StringComparer.Ordinal);

    /// <summary>What a file holds.</summary>
    public static byte[] Read(string name)
    {
        using var file = s_assembly.GetManifestResourceStream(Prefix + name)!;
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    public static async Task Send(HttpContext context)
    {
        string path = context.Request.Path.Value!.TrimStart('/');
        if (path == LabLessons.Name)
        {
            context.Response.ContentType = "application/octet-stream";
            context.Response.Headers.CacheControl = "no-store";
            await context.Response.Body.WriteAsync(LabLessons.Packed, context.RequestAborted);
            return;
        }
        string name = Prefix + (path.Length == 0 ? "index.html" : path);
        if (!s_names.Contains(name))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync(Missing ?? "There is no such page in the lab.", context.RequestAborted);
            return;
        }
        await using var file = s_assembly.GetManifestResourceStream(name)!;
        context.Response.ContentType = Path.GetExtension(name) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".svg" => "image/svg+xml",
            ".woff2" => "font/woff2",
            ".wasm" => "application/wasm",
            _ => "application/octet-stream",
        };
        // Names of scripts and styles change with what they hold.
        context.Response.Headers.CacheControl = path.StartsWith("assets/", StringComparison.Ordinal)
            ? "private, max-age=31536000, immutable" : "no-store";
        await file.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
