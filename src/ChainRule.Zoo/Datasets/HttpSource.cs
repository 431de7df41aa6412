using System.Net;
using System.Net.Http.Headers;

namespace ChainRule.Zoo.Datasets;

/// <summary>A file on a web server (RFC 9110: ranges in section 14, If-Range in 13.1.5).</summary>
sealed class HttpSource(Uri url, HttpClient? client) : Source
{
    static readonly HttpClient s_shared = NewClient();

    public override string Name => url.AbsoluteUri;

    public override async Task<Opening> Open(long have, string? version, CancellationToken cancel)
    {
        if (version is null) have = 0;
        HttpResponseMessage response = await Ask(have, version, cancel);
        try
        {
            bool goesOn = have > 0 && response.StatusCode == HttpStatusCode.PartialContent
                && Version(response) == version
                && response.Content.Headers.ContentRange is { Unit: "bytes" } range && range.From == have;
            bool otherRange = response.StatusCode is HttpStatusCode.PartialContent
                or HttpStatusCode.RequestedRangeNotSatisfiable;
            if (have > 0 && !goesOn && otherRange)
            {
                response.Dispose();
                response = await Ask(0, null, cancel);
            }
            if (response.StatusCode != HttpStatusCode.OK && !goesOn)
            {
                string status = $"{(int)response.StatusCode} {response.ReasonPhrase}";
                throw new IOException(
                    $"get {Name}: the server answers {status}: name another copy with --mirror URL-or-folder");
            }
            long? total = goesOn ? response.Content.Headers.ContentRange!.Length
                : response.Content.Headers.ContentLength;
            return new(await response.Content.ReadAsStreamAsync(cancel), goesOn ? have : 0, total,
                Version(response), response);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    async Task<HttpResponseMessage> Ask(long from, string? version, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.AcceptEncoding.Add(new("identity"));
        if (from > 0)
        {
            request.Headers.Range = new(from, null);
            // A weak ETag must not stand in If-Range; the version of the answer is compared all the same.
            if (RangeConditionHeaderValue.TryParse(version, out RangeConditionHeaderValue? condition)
                && condition.EntityTag is not { IsWeak: true })
                request.Headers.IfRange = condition;
        }
        try
        {
            return await (client ?? s_shared).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        }
        catch (HttpRequestException e)
        {
            // The cause at the bottom says what happened (refused, unknown host, bad certificate); those above it
            // only that something did.
            string why = e.GetBaseException().Message.TrimEnd('.');
            throw new IOException(
                $"get {Name}: {why}: check the connection, or name another copy with --mirror URL-or-folder", e);
        }
    }

    static string Version(HttpResponseMessage response) =>
        response.Headers.ETag?.ToString() ?? response.Content.Headers.LastModified?.ToString("R") ?? "";

    static HttpClient NewClient()
    {
        // Patience is the downloader's: a client's own timeout would count the whole of a long download.
        var made = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        made.DefaultRequestHeaders.UserAgent.Add(
            new("ChainRule", typeof(HttpSource).Assembly.GetName().Version?.ToString(3)));
        return made;
    }
}
