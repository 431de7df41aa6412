using ChainRule.Zoo.Datasets;

namespace ChainRule.Zoo.Tests.Datasets;

/// <summary>Fetching from a mirror: a base URL or a folder.</summary>
public sealed class DownloadMirrorTest : IDisposable
{
    static readonly Uri s_nowhere = new("http://127.0.0.1:9/noise.bin");

    readonly Bench _bench = new();
    readonly string _folder = Directory.CreateTempSubdirectory("chainrule-mirror-").FullName;

    [Theory]
    [InlineData("copies")]
    [InlineData("copies/")]
    public async Task A_base_url_gets_the_file_name_appended(string below)
    {
        using var server = new LoopbackServer(_ => LoopbackServer.Whole(_bench.Content));
        await _bench.Fetch(_bench.Published(s_nowhere), mirror: server.Base + below);
        Assert.Equal("/copies/noise.bin", Assert.Single(server.Requests).Path);
        Assert.Equal(_bench.Content, await File.ReadAllBytesAsync(_bench.Target));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_folder_is_copied_from_and_verified(bool asUrl)
    {
        string copy = Path.Combine(_folder, Bench.Name);
        await File.WriteAllBytesAsync(copy, _bench.Content);
        Fetched got = await _bench.Fetch(_bench.Published(s_nowhere),
            mirror: asUrl ? new Uri(_folder).AbsoluteUri : _folder);
        Assert.Equal(new Fetched(_bench.Target, WasThere: false, ResumedFrom: 0), got);
        Assert.Equal(_bench.Content, await File.ReadAllBytesAsync(_bench.Target));
        Assert.Equal(_bench.Content, await File.ReadAllBytesAsync(copy));
        Assert.Equal([Bench.Name], _bench.Files);
    }

    [Fact]
    public async Task A_wrong_file_in_the_folder_is_refused()
    {
        byte[] zeros = new byte[300_000];
        await File.WriteAllBytesAsync(Path.Combine(_folder, Bench.Name), zeros);
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(
            () => _bench.Fetch(_bench.Published(s_nowhere), mirror: _folder));
        Assert.StartsWith(
            $"get {Path.Combine(_folder, Bench.Name)}: its SHA-256 should be {Bench.Sha256(_bench.Content)} and is "
                + $"{Bench.Sha256(zeros)};",
            error.Message, StringComparison.Ordinal);
        Assert.Empty(_bench.Files);
    }

    [Fact]
    public async Task A_folder_without_the_file_is_named()
    {
        IOException error =
            await Assert.ThrowsAsync<IOException>(() => _bench.Fetch(_bench.Published(s_nowhere), mirror: _folder));
        Assert.StartsWith($"read {Path.Combine(_folder, Bench.Name)}: ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(": name the folder or base URL that holds this file with --mirror", error.Message,
            StringComparison.Ordinal);
        Assert.Empty(_bench.Files);
    }

    [Theory]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("http://")]
    public async Task A_mirror_that_is_neither_is_refused(string mirror)
    {
        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(
            () => _bench.Fetch(_bench.Published(s_nowhere), mirror: mirror));
        Assert.Equal($"--mirror {mirror}: it is not an http or https URL: name a base URL of these, or a folder",
            error.Message);
    }

    public void Dispose()
    {
        _bench.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
