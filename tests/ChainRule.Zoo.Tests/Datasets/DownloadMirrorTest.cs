using ChainRule.Zoo.Datasets;

namespace ChainRule.Zoo.Tests.Datasets;

/// <summary>Fetching from a mirror: a base URL or a folder.</summary>
public sealed class DownloadMirrorTest : IDisposable
{
    static readonly Uri Nowhere = new("http://127.0.0.1:9/noise.bin");

    readonly Bench bench = new();
    readonly string folder = Directory.CreateTempSubdirectory("chainrule-mirror-").FullName;

    [Theory]
    [InlineData("copies")]
    [InlineData("copies/")]
    public async Task A_base_url_gets_the_file_name_appended(string below)
    {
        using var server = new LoopbackServer(_ => LoopbackServer.Whole(bench.Content));
        await bench.Fetch(bench.Published(Nowhere), mirror: server.Base + below);
        Assert.Equal("/copies/noise.bin", Assert.Single(server.Requests).Path);
        Assert.Equal(bench.Content, await File.ReadAllBytesAsync(bench.Target));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_folder_is_copied_from_and_verified(bool asUrl)
    {
        string copy = Path.Combine(folder, Bench.Name);
        await File.WriteAllBytesAsync(copy, bench.Content);
        Fetched got = await bench.Fetch(bench.Published(Nowhere), mirror: asUrl ? new Uri(folder).AbsoluteUri : folder);
        Assert.Equal(new Fetched(bench.Target, WasThere: false, ResumedFrom: 0), got);
        Assert.Equal(bench.Content, await File.ReadAllBytesAsync(bench.Target));
        Assert.Equal(bench.Content, await File.ReadAllBytesAsync(copy));
        Assert.Equal([Bench.Name], bench.Files);
    }

    [Fact]
    public async Task A_wrong_file_in_the_folder_is_refused()
    {
        byte[] zeros = new byte[300_000];
        await File.WriteAllBytesAsync(Path.Combine(folder, Bench.Name), zeros);
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() => bench.Fetch(bench.Published(Nowhere), mirror: folder));
        Assert.StartsWith(
            $"get {Path.Combine(folder, Bench.Name)}: its SHA-256 should be {Bench.Sha256(bench.Content)} and is {Bench.Sha256(zeros)};",
            error.Message, StringComparison.Ordinal);
        Assert.Empty(bench.Files);
    }

    [Fact]
    public async Task A_folder_without_the_file_is_named()
    {
        IOException error = await Assert.ThrowsAsync<IOException>(() => bench.Fetch(bench.Published(Nowhere), mirror: folder));
        Assert.StartsWith($"read {Path.Combine(folder, Bench.Name)}: ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(": name the folder or base URL that holds this file with --mirror", error.Message, StringComparison.Ordinal);
        Assert.Empty(bench.Files);
    }

    [Theory]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("http://")]
    public async Task A_mirror_that_is_neither_is_refused(string mirror)
    {
        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(() => bench.Fetch(bench.Published(Nowhere), mirror: mirror));
        Assert.Equal($"--mirror {mirror}: it is not an http or https URL: name a base URL of these, or a folder", error.Message);
    }

    public void Dispose()
    {
        bench.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
