using System.IO.Compression;
using ChainRule.Zoo.Datasets;

namespace ChainRule.Zoo.Tests.Datasets;

/// <summary>Files that copies recompress: what counts is their un-gzipped content.</summary>
public sealed class DownloadContentTest : IDisposable
{
    readonly Bench _bench = new();

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.SmallestSize)]
    public async Task Any_compression_of_the_content_is_right(CompressionLevel level)
    {
        byte[] file = Gzip(_bench.Content, level);
        using var server = new LoopbackServer(_ => LoopbackServer.Whole(file));
        await _bench.Fetch(Published(server));
        Assert.Equal(file, await File.ReadAllBytesAsync(_bench.Target));
        Assert.True((await _bench.Fetch(Published(server))).WasThere);
    }

    [Fact]
    public async Task Other_content_is_refused()
    {
        byte[] other = new byte[300_000];
        using var server = new LoopbackServer(_ => LoopbackServer.Whole(Gzip(other)));
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(
            () => _bench.Fetch(Published(server)));
        Assert.StartsWith(
            $"get {server.Base}noise.bin: the SHA-256 of its un-gzipped content should be "
            + $"{Bench.Sha256(_bench.Content)} and is {Bench.Sha256(other)};",
            error.Message, StringComparison.Ordinal);
        Assert.Empty(_bench.Files);
    }

    [Fact]
    public async Task Content_that_goes_on_is_unfolded_one_byte_too_far_and_refused()
    {
        byte[] longer = [.. _bench.Content, .. new byte[1_000_000]];
        using var server = new LoopbackServer(_ => LoopbackServer.Whole(Gzip(longer)));
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(
            () => _bench.Fetch(Published(server)));
        Assert.Contains($"and is {Bench.Sha256(longer[..300_001])};", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_gzip_is_refused()
    {
        using var server = new LoopbackServer(_ => LoopbackServer.Whole(_bench.Content));
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(
            () => _bench.Fetch(Published(server)));
        Assert.Contains("and is unknown, because its gzip is damaged", error.Message, StringComparison.Ordinal);
        Assert.Empty(_bench.Files);
    }

    [Fact]
    public async Task More_than_any_compression_can_take_is_refused()
    {
        using var server = new LoopbackServer(_ => LoopbackServer.Whole(new byte[365_837]));
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(
            () => _bench.Fetch(Published(server)));
        Assert.Equal(
            $"get {server.Base}noise.bin: it has 365,837 bytes and the published file at most 365,836: name another "
                + "copy with --mirror URL-or-folder",
            error.Message);
    }

    [Fact]
    public async Task A_cut_file_is_resumed_though_its_length_was_unknown_before()
    {
        byte[] file = Gzip(_bench.Content);
        using var server = new LoopbackServer(request => request.From > 0
            ? LoopbackServer.Rest(file, request.From, "\"v1\"")
            : LoopbackServer.Whole(file, "\"v1\"") with { Body = file[..1000] });
        await Assert.ThrowsAsync<IOException>(() => _bench.Fetch(Published(server)));
        Assert.Equal(1000, (await _bench.Fetch(Published(server))).ResumedFrom);
        Assert.Equal(file, await File.ReadAllBytesAsync(_bench.Target));
    }

    public void Dispose() => _bench.Dispose();

    PublishedFile Published(LoopbackServer server) => _bench.Published(server) with { Hashed = HashOf.Content };

    static byte[] Gzip(byte[] content, CompressionLevel level = CompressionLevel.Optimal)
    {
        using var file = new MemoryStream();
        using (var gzip = new GZipStream(file, level)) gzip.Write(content);
        return file.ToArray();
    }
}
