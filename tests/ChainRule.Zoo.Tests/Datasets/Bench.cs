using System.Security.Cryptography;
using ChainRule.Zoo.Datasets;

namespace ChainRule.Zoo.Tests.Datasets;

/// <summary>
/// An empty folder to download into, a file of noise that somebody published, and a client that no proxy stands before.
/// </summary>
sealed class Bench : IDisposable
{
    public const string Name = "noise.bin";

    readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false })
        { Timeout = Timeout.InfiniteTimeSpan };

    public Bench()
    {
        Folder = Directory.CreateTempSubdirectory("chainrule-").FullName;
        new Random(1).NextBytes(Content);
    }

    public byte[] Content { get; } = new byte[300_000];

    public string Folder { get; }

    public string Target => Path.Combine(Folder, Name);

    public string Part => Target + ".part";

    public string[] Files =>
        [.. Directory.GetFiles(Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    public static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public PublishedFile Published(LoopbackServer server) => Published(new Uri(server.Base, Name));

    public PublishedFile Published(Uri url) => new(Name, url, Content.Length, Sha256(Content));

    public Task<Fetched> Fetch(PublishedFile file, IProgress<DownloadProgress>? progress = null, string? mirror = null,
        TimeSpan? patience = null, CancellationToken cancel = default) =>
        Download.Fetch(file, Folder, new()
            { Client = _client, Mirror = mirror, Patience = patience ?? TimeSpan.FromMinutes(10) }, progress, cancel);

    /// <summary>
    /// Leaves the first <paramref name="count"/> bytes in the part, as a server does whose connection is cut.
    /// </summary>
    public async Task BreakOffAfter(int count, LoopbackServer cutting)
    {
        IOException error = await Assert.ThrowsAsync<IOException>(() => Fetch(Published(cutting)));
        Assert.Contains($"the download broke off after {count:N0} of 300,000 bytes", error.Message,
            StringComparison.Ordinal);
        Assert.Equal(Content[..count], await File.ReadAllBytesAsync(Part));
    }

    public void Dispose()
    {
        _client.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}

/// <summary>Every step of a download, in order.</summary>
sealed class Steps : IProgress<DownloadProgress>
{
    public List<DownloadProgress> Seen { get; } = [];

    public void Report(DownloadProgress value) => Seen.Add(value);
}
