using ChainRule.Data;

namespace ChainRule.Zoo.Datasets;

/// <summary>Where the bytes of a file come from.</summary>
abstract class Source
{
    /// <summary>The URL or path, as messages and the part's origin file name it.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// Starts the bytes, from <paramref name="have"/> on where the source can go on from there and still has version
    /// <paramref name="version"/>, and from 0 where it cannot.
    /// </summary>
    public abstract Task<Opening> Open(long have, string? version, CancellationToken cancel);

    public static Source Of(PublishedFile file, DownloadSettings settings)
    {
        if (settings.Mirror is not { } mirror) return new HttpSource(file.Url, settings.Client);
        if (!mirror.Contains("://", StringComparison.Ordinal))
            return new FolderSource(Path.GetFullPath(Path.Combine(mirror, file.Name)));
        if (!Uri.TryCreate(mirror.TrimEnd('/') + "/" + Uri.EscapeDataString(file.Name), UriKind.Absolute, out Uri? url)
            || url.Scheme is not ("http" or "https" or "file"))
            throw new ArgumentException(
                $"--mirror {mirror}: it is not an http or https URL: name a base URL of these, or a folder");
        return url.IsFile ? new FolderSource(url.LocalPath) : new HttpSource(url, settings.Client);
    }
}

/// <summary>Bytes that have begun to come.</summary>
/// <param name="Bytes">The bytes from <paramref name="Start"/> on.</param>
/// <param name="Start">How many bytes of the file lie before them.</param>
/// <param name="Total">How many the whole file has, where the source says.</param>
/// <param name="Version">The source's own mark of this version (an ETag, a date), or an empty string.</param>
/// <param name="Owner">What to let go of with them.</param>
sealed record Opening(Stream Bytes, long Start, long? Total, string Version, IDisposable Owner) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await Bytes.DisposeAsync();
        Owner.Dispose();
    }
}

/// <summary>A file in a folder; always from its beginning, since a disk is quick to read again.</summary>
sealed class FolderSource(string path) : Source
{
    public override string Name => path;

    public override Task<Opening> Open(long have, string? version, CancellationToken cancel)
    {
        try
        {
            FileStream bytes = File.OpenRead(path);
            return Task.FromResult(new Opening(bytes, 0, bytes.Length, "", bytes));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"read {path}: {Files.Why(e)}: name the folder or base URL that holds this file with --mirror", e);
        }
    }
}
