using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ChainRule.Zoo.Tests.Datasets;

/// <summary>What a client asked for.</summary>
sealed record Request(string Path, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The first byte of the Range header, or 0 without one.</summary>
    public int From => Headers.TryGetValue("Range", out string? range) ? int.Parse(range["bytes=".Length..^1]) : 0;
}

/// <summary>
/// An answer that may lie: header lines as they go out, and a body that may stop short of them or go past them.
/// </summary>
sealed record Reply(string Status, string[] Headers, byte[] Body)
{
    /// <summary>
    /// Bytes of the body that are sent before the server does nothing more until the client leaves;
    /// default: it sends all.
    /// </summary>
    public int? SilentAfter { get; init; }
}

/// <summary>
/// A web server on 127.0.0.1 that says exactly what a test wants said: one request a connection, answered and closed.
/// </summary>
sealed class LoopbackServer : IDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _ended = new();
    readonly List<Request> _requests = [];

    public LoopbackServer(Func<Request, Reply> answer)
    {
        _listener.Start();
        Base = new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _ = Serve(answer);
    }

    public Uri Base { get; }

    public IReadOnlyList<Request> Requests
    {
        get
        {
            lock (_requests) return [.. _requests];
        }
    }

    /// <summary>The whole of a body, as an honest server sends it.</summary>
    public static Reply Whole(byte[] body, string? etag = null) =>
        new("200 OK", [$"Content-Length: {body.Length}", .. Tag(etag)], body);

    /// <summary>A body from a given byte on, as an honest server sends it.</summary>
    public static Reply Rest(byte[] body, int from, string? etag = null) =>
        new("206 Partial Content",
            [$"Content-Length: {body.Length - from}", $"Content-Range: bytes {from}-{body.Length - 1}/{body.Length}",
                .. Tag(etag)], body[from..]);

    public void Dispose()
    {
        _ended.Cancel();
        _listener.Dispose();
        _ended.Dispose();
    }

    static string[] Tag(string? etag) => etag is null ? [] : [$"ETag: {etag}"];

    async Task Serve(Func<Request, Reply> answer)
    {
        CancellationToken end = _ended.Token;
        while (!end.IsCancellationRequested) _ = Answer(await _listener.AcceptTcpClientAsync(end), answer, end);
    }

    async Task Answer(TcpClient client, Func<Request, Reply> answer, CancellationToken end)
    {
        try
        {
            using (client)
            {
                await using NetworkStream stream = client.GetStream();
                Request request = await Read(stream, end);
                lock (_requests) _requests.Add(request);
                await Write(stream, answer(request), end);
            }
        }
        catch (IOException)
        {
            // The client left first, as one that refuses an answer does.
        }
    }

    static async Task<Request> Read(NetworkStream stream, CancellationToken end)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        string path = (await reader.ReadLineAsync(end))!.Split(' ')[1];
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await reader.ReadLineAsync(end) is { Length: > 0 } line)
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            headers[line[..colon]] = line[(colon + 1)..].Trim();
        }
        return new(path, headers);
    }

    static async Task Write(NetworkStream stream, Reply reply, CancellationToken end)
    {
        string head = string.Join("\r\n", [$"HTTP/1.1 {reply.Status}", "Connection: close", .. reply.Headers, "", ""]);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), end);
        await stream.WriteAsync(reply.Body.AsMemory(0, reply.SilentAfter ?? reply.Body.Length), end);
        // A client that gives up closes the connection, and this read ends.
        if (reply.SilentAfter is not null) await stream.ReadExactlyAsync(new byte[1], end);
    }
}
