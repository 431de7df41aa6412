using System.Buffers;
using ChainRule.Data;

namespace ChainRule.Zoo.Datasets;

/// <summary>
/// Fetches a published file: into NAME.part, resumed where an earlier attempt broke off, hashed as it comes,
/// bounded by the published size, and given its name only when the hash is right. A file that is there is
/// verified and never written to.
/// </summary>
public static class Download
{
    const int ChunkBytes = 1 << 16;
    const string AnotherCopy = "name another copy with --mirror URL-or-folder";

    /// <summary>Makes sure that <paramref name="folder"/> holds <paramref name="file"/>.</summary>
    /// <exception cref="InvalidDataException">The bytes are not the published ones, here or there.</exception>
    /// <exception cref="IOException">The source cannot be reached or broke off, or the folder
    /// cannot be written.</exception>
    /// <exception cref="ArgumentException">The mirror is neither a folder nor an http(s) URL.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the part is kept.</exception>
    public static async Task<Fetched> Fetch(PublishedFile file, string folder, DownloadSettings? settings = null,
        IProgress<DownloadProgress>? progress = null, CancellationToken cancel = default)
    {
        settings ??= new();
        string target = Path.GetFullPath(Path.Combine(folder, file.Name));
        if (File.Exists(target))
        {
            await VerifyPresent(file, target, cancel);
            return new(target, WasThere: true, ResumedFrom: 0);
        }

        Source source = Source.Of(file, settings);
        using Part part = Part.Open(target);
        long resumed = await Gather(file, source, part, settings.Patience, progress, cancel);
        await Verify(file, source, part, cancel);
        part.Become();
        return new(target, WasThere: false, resumed);
    }

    /// <summary>Brings the part to its full length; gives the bytes that did not have to come again.</summary>
    static async Task<long> Gather(PublishedFile file, Source source, Part part, TimeSpan patience,
        IProgress<DownloadProgress>? progress, CancellationToken cancel)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            wait.CancelAfter(patience);
            await using Opening opening = await source.Open(part.Length, part.VersionFrom(source.Name), wait.Token);
            await part.StartAt(opening.Start, source.Name, opening.Version, cancel);
            if (opening.Total is { } total) CheckAnnounced(file, source, part, total);

            long? expected = file.Hashed == HashOf.File ? file.Bytes : opening.Total;
            progress?.Report(new(part.Length, expected));
            while (await Read(opening.Bytes, buffer, source, part, expected, wait.Token) is var count and > 0)
            {
                wait.CancelAfter(patience);
                if (part.Length + count > (expected ?? file.MostBytes))
                    throw TooMuch(source, part, expected ?? file.MostBytes);
                part.Append(buffer.AsSpan(0, count));
                progress?.Report(new(part.Length, expected));
            }
            if (part.Length < expected) throw BrokeOff(source, part, expected, "it ended early", null);
            return opening.Start;
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            string kept = part.Length == 0 ? "" : $" after {part.Length:N0} bytes, which are kept";
            throw new IOException($"get {source.Name}: nothing came for {patience.TotalSeconds:0.##} s{kept}: ask "
                + $"again, or {AnotherCopy}", e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    static async Task<int> Read(Stream bytes, byte[] buffer, Source source, Part part, long? expected,
        CancellationToken cancel)
    {
        try
        {
            return await bytes.ReadAsync(buffer.AsMemory(0, ChunkBytes), cancel);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw BrokeOff(source, part, expected, e.Message.TrimEnd('.'), e);
        }
    }

    static void CheckAnnounced(PublishedFile file, Source source, Part part, long total)
    {
        bool right = file.Hashed == HashOf.File ? total == file.Bytes : total <= file.MostBytes;
        if (right) return;
        part.Discard();
        string published = file.Hashed == HashOf.File ? $"{file.Bytes:N0}" : $"at most {file.MostBytes:N0}";
        throw new InvalidDataException(
            $"get {source.Name}: it has {total:N0} bytes and the published file {published}: {AnotherCopy}");
    }

    static InvalidDataException TooMuch(Source source, Part part, long most)
    {
        part.Discard();
        return new($"get {source.Name}: it goes on past the {most:N0} bytes it should have: {AnotherCopy}");
    }

    static IOException BrokeOff(Source source, Part part, long? expected, string why, Exception? inner)
    {
        string of = expected is { } total ? $" of {total:N0}" : "";
        return new($"get {source.Name}: the download broke off after {part.Length:N0}{of} bytes ({why}): "
            + "ask again, and it goes on from there", inner);
    }

    static async Task Verify(PublishedFile file, Source source, Part part, CancellationToken cancel)
    {
        string got = part.Hash();
        part.Close();
        try
        {
            if (file.Hashed == HashOf.Content) got = await Fingerprint.Of(file, part.Path, cancel);
        }
        catch (InvalidDataException)
        {
            got = "unknown, because its gzip is damaged";
        }
        if (got == file.Sha256) return;
        part.Discard();
        throw new InvalidDataException(
            $"get {source.Name}: {Of(file)} should be {file.Sha256} and is {got}; the download was deleted: ask again, "
                + $"or {AnotherCopy}");
    }

    static async Task VerifyPresent(PublishedFile file, string path, CancellationToken cancel)
    {
        string got;
        try
        {
            got = await Fingerprint.Of(file, path, cancel);
        }
        catch (InvalidDataException)
        {
            got = "unknown, because its gzip is damaged";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"read {path}: {Files.Why(e)}: make it readable, or move it away and get it again",
                e);
        }
        if (got != file.Sha256)
            throw new InvalidDataException(
                $"{path}: {Of(file)} should be {file.Sha256} and is {got}: it is left as it is; move it away and get "
                    + "it again");
    }

    static string Of(PublishedFile file) =>
        file.Hashed == HashOf.File ? "its SHA-256" : "the SHA-256 of its un-gzipped content";
}
