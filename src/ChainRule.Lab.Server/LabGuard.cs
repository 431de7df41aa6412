using System.Net;
using Microsoft.AspNetCore.Http;

namespace ChainRule.Lab.Server;

/// <summary>
/// Lets in who has the token: once in the opening address, which is answered by a cookie and an address without it, and
/// in the cookie from then on. Another site's page cannot ask: its Origin is another, and so is the Host that a name of
/// its own would resolve here by.
/// </summary>
sealed class LabGuard(LabToken token, IPAddress address)
{
    const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        + "font-src 'self'; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; "
        + "frame-ancestors 'none'";

    /// <summary>
    /// Of a file that a session shows, whoever wrote it: it is a document of nobody's origin, which may draw, and
    /// neither asks this lab nor anybody else.
    /// </summary>
    public const string FilePolicy = "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline' "
        + "'wasm-unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; base-uri 'none'; "
        + "form-action 'none'; frame-ancestors 'self'";

    public async Task Let(HttpContext context, Func<Task> next)
    {
        var (request, response) = (context.Request, context.Response);
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        string? refused = Refusal(context);
        if (refused is not null)
        {
            response.StatusCode = StatusCodes.Status403Forbidden;
            response.ContentType = "text/plain; charset=utf-8";
            await response.WriteAsync(refused, context.RequestAborted);
            return;
        }
        string cookie = $"{LabToken.Cookie}-{context.Connection.LocalPort}";
        if (HttpMethods.IsGet(request.Method) && request.Path == "/" && token.Is(request.Query["token"]))
        {
            response.Cookies.Append(cookie, token.Text,
                new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/" });
            response.Headers.CacheControl = "no-store";
            response.Redirect("/");
            return;
        }
        if (!token.Is(request.Cookies[cookie]))
        {
            response.StatusCode = StatusCodes.Status403Forbidden;
            response.ContentType = "text/plain; charset=utf-8";
            await response.WriteAsync("This lab opens with the address that 'chainrule lab' printed: it has the token "
                + "that lets a browser in.", context.RequestAborted);
            return;
        }
        await next();
    }

    string? Refusal(HttpContext context)
    {
        var request = context.Request;
        if (!IsOwn(request.Host.Host, context) || request.Host.Port != context.Connection.LocalPort)
            return "This lab is not served under that name: open the address that 'chainrule lab' printed.";
        string origin = request.Headers.Origin.ToString();
        if (origin.Length > 0 && origin != $"{request.Scheme}://{request.Host}")
            return "Pages of other sites may not ask this lab.";
        return null;
    }

    // A name that is no address could be anybody's.
    bool IsOwn(string host, HttpContext context)
    {
        if (host == "localhost") return IPAddress.IsLoopback(address) || context.Connection.LocalIpAddress is { } at
            && IPAddress.IsLoopback(at);
        return IPAddress.TryParse(host.Trim('[', ']'), out var named)
            && (named.Equals(address) || named.Equals(context.Connection.LocalIpAddress)
                || named.Equals(context.Connection.LocalIpAddress?.MapToIPv4()));
    }
}
