using ChainRule.Zoo.Datasets;

namespace ChainRule.Zoo.Tests.Datasets;

/// <summary>A download that broke off, and what becomes of its part.</summary>
public sealed class DownloadResumeTest : IDisposable
{
    const int Cut = 100_000;

    readonly Bench _bench = new();

    [Theory]
    [InlineData("\"v1\"")]
    [InlineData("W/\"v1\"")]
    [InlineData(null)]
    public async Task A_cut_connection_is_resumed_where_it_broke(string? etag)
    {
        using LoopbackServer server =
            CutFirst(request => LoopbackServer.Rest(_bench.Content, request.From, etag), etag);
        await _bench.BreakOffAfter(Cut, server);

        var steps = new Steps();
        Fetched got = await _bench.Fetch(_bench.Published(server), steps);

        Assert.Equal(Cut, got.ResumedFrom);
        Assert.Equal(new DownloadProgress(Cut, 300_000), steps.Seen[0]);
        Assert.Equal(_bench.Content, await File.ReadAllBytesAsync(_bench.Target));
        Assert.Equal([Bench.Name], _bench.Files);
        Assert.Equal("bytes=100000-", server.Requests[1].Headers["Range"]);
        string? asked = server.Requests[1].Headers.GetValueOrDefault("If-Range");
        Assert.Equal(etag is ['"', ..] ? etag : null, asked);
    }

    [Fact]
    public async Task An_end_that_comes_too_early_is_a_cut_even_where_no_length_was_announced()
    {
        using var server = new LoopbackServer(request => request.From > 0
            ? LoopbackServer.Rest(_bench.Content, request.From)
            : new("200 OK", [], _bench.Content[..Cut]));
        IOException error = await Assert.ThrowsAsync<IOException>(() => _bench.Fetch(_bench.Published(server)));
        Assert.Equal(
            $"get {server.Base}noise.bin: the download broke off after 100,000 of 300,000 bytes (it ended early): "
            + "ask again, and it goes on from there", error.Message);
        Assert.Equal(Cut, (await _bench.Fetch(_bench.Published(server))).ResumedFrom);
    }

    [Fact]
    public async Task A_server_that_ignores_ranges_starts_anew()
    {
        using LoopbackServer server = CutFirst(_ => LoopbackServer.Whole(_bench.Content, "\"v1\""), "\"v1\"");
        await _bench.BreakOffAfter(Cut, server);
        await StartsAnew(server, requests: 2);
    }

    [Fact]
    public async Task A_file_that_changed_meanwhile_starts_anew()
    {
        // An honest server answers If-Range for the old version with the whole of the new one.
        byte[] old = Different();
        using LoopbackServer server = CutFirst(
            request => request.Headers["If-Range"] == "\"old\"" ? LoopbackServer.Whole(_bench.Content, "\"new\"")
                : throw new IOException(),
            "\"old\"", old);
        await Assert.ThrowsAsync<IOException>(() => _bench.Fetch(_bench.Published(server)));
        await StartsAnew(server, requests: 2);
    }

    [Fact]
    public async Task A_changed_file_is_noticed_even_where_the_server_does_not_know_If_Range()
    {
        byte[] old = Different();
        using LoopbackServer server = CutFirst(
            request => request.From > 0
                ? LoopbackServer.Rest(_bench.Content, request.From, "\"new\"")
                : LoopbackServer.Whole(_bench.Content, "\"new\""),
            "\"old\"", old);
        await Assert.ThrowsAsync<IOException>(() => _bench.Fetch(_bench.Published(server)));
        await StartsAnew(server, requests: 3);
    }

    [Fact]
    public async Task A_rest_from_another_byte_starts_anew()
    {
        using LoopbackServer server = CutFirst(
            request => request.From > 0 ? LoopbackServer.Rest(_bench.Content, request.From + 1)
                : LoopbackServer.Whole(_bench.Content));
        await _bench.BreakOffAfter(Cut, server);
        await StartsAnew(server, requests: 3);
    }

    [Fact]
    public async Task A_part_that_the_server_finds_too_long_starts_anew()
    {
        using LoopbackServer server = CutFirst(
            request => request.From > 0 ? new("416 Range Not Satisfiable", ["Content-Length: 0"], [])
                : LoopbackServer.Whole(_bench.Content));
        await _bench.BreakOffAfter(Cut, server);
        await StartsAnew(server, requests: 3);
    }

    [Fact]
    public async Task A_part_of_another_server_is_not_gone_on_with()
    {
        using LoopbackServer first = CutFirst(_ => LoopbackServer.Whole(_bench.Content));
        await _bench.BreakOffAfter(Cut, first);
        using var second = new LoopbackServer(_ => LoopbackServer.Whole(_bench.Content));
        Assert.Equal(0, (await _bench.Fetch(_bench.Published(first), mirror: second.Base.AbsoluteUri)).ResumedFrom);
        Assert.False(Assert.Single(second.Requests).Headers.ContainsKey("Range"));
    }

    [Fact]
    public async Task A_part_that_was_tampered_with_is_found_out()
    {
        using LoopbackServer server = CutFirst(request => LoopbackServer.Rest(_bench.Content, request.From));
        await _bench.BreakOffAfter(Cut, server);
        byte[] part = await File.ReadAllBytesAsync(_bench.Part);
        part[7] ^= 1;
        await File.WriteAllBytesAsync(_bench.Part, part);

        byte[] sum = [.. part, .. _bench.Content[Cut..]];
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(
            () => _bench.Fetch(_bench.Published(server)));
        Assert.Contains($"should be {Bench.Sha256(_bench.Content)} and is {Bench.Sha256(sum)}", error.Message,
            StringComparison.Ordinal);
        Assert.Empty(_bench.Files);
    }

    [Fact]
    public async Task A_silent_server_is_left_and_the_part_kept()
    {
        using LoopbackServer server = SilentFirst();
        IOException error = await Assert.ThrowsAsync<IOException>(
            () => _bench.Fetch(_bench.Published(server), patience: TimeSpan.FromSeconds(5)));
        Assert.Equal(
            $"get {server.Base}noise.bin: nothing came for 5 s after 100,000 bytes, which are kept: "
            + "ask again, or name another copy with --mirror URL-or-folder", error.Message);
        Assert.Equal(Cut, (await _bench.Fetch(_bench.Published(server))).ResumedFrom);
    }

    [Fact]
    public async Task Cancelling_keeps_the_part()
    {
        using LoopbackServer server = SilentFirst();
        using var stop = new CancellationTokenSource();
        var atCut = new StopAt(Cut, stop);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _bench.Fetch(_bench.Published(server), atCut, cancel: stop.Token));
        Assert.Equal(_bench.Content[..Cut], await File.ReadAllBytesAsync(_bench.Part));
        Assert.False(File.Exists(_bench.Target));

        Assert.Equal(Cut, (await _bench.Fetch(_bench.Published(server))).ResumedFrom);
        Assert.Equal(_bench.Content, await File.ReadAllBytesAsync(_bench.Target));
    }

    public void Dispose() => _bench.Dispose();

    async Task StartsAnew(LoopbackServer server, int requests)
    {
        Fetched got = await _bench.Fetch(_bench.Published(server));
        Assert.Equal(0, got.ResumedFrom);
        Assert.Equal(_bench.Content, await File.ReadAllBytesAsync(_bench.Target));
        Assert.Equal([Bench.Name], _bench.Files);
        Assert.Equal(requests, server.Requests.Count);
    }

    /// <summary>Cuts the first answer after <see cref="Cut"/> bytes; gives the others as told.</summary>
    LoopbackServer CutFirst(Func<Request, Reply> then, string? etag = null, byte[]? first = null)
    {
        int asked = 0;
        return new(request =>
        {
            if (asked++ > 0) return then(request);
            Reply whole = LoopbackServer.Whole(first ?? _bench.Content, etag);
            return whole with { Body = whole.Body[..Cut] };
        });
    }

    /// <summary>
    /// Falls silent in the first answer after <see cref="Cut"/> bytes; sends the rest when asked again.
    /// </summary>
    LoopbackServer SilentFirst() => new(request => request.From > 0
        ? LoopbackServer.Rest(_bench.Content, request.From)
        : LoopbackServer.Whole(_bench.Content) with { SilentAfter = Cut });

    byte[] Different()
    {
        byte[] different = [.. _bench.Content];
        different[0] ^= 1;
        return different;
    }

    sealed class StopAt(long bytes, CancellationTokenSource stop) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value)
        {
            if (value.Done == bytes) stop.Cancel();
        }
    }
}
