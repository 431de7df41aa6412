namespace ChainRule.Data;

/// <summary>
/// Where a text comes from: a file, which is opened and closed here, or somebody's stream, whose failures are
/// its own to tell.
/// </summary>
sealed class CsvSource
{
    readonly Stream? _stream;

    public CsvSource(string path) =>
        (Path, Asked) = (path, $"csv '{Printable.Of(System.IO.Path.GetFileName(path), 80)}'");

    CsvSource(string path, string asked) => (Path, Asked) = (path, asked);

    public CsvSource(Stream stream)
    {
        const string Name = "csv 'stream'";
        Files.CheckReadable(Name, stream);
        (_stream, Asked) = (stream, Name);
    }

    /// <summary>What errors begin with.</summary>
    public string Asked { get; }

    /// <summary>The path of a file; null for a stream.</summary>
    public string? Path { get; }

    public PeekedStream Peek(CsvOptions options)
    {
        var stream = _stream ?? Files.OpenAny("csv", Path!);
        try
        {
            return PeekedStream.Open(stream, options.MaxBytes, leaveOpen: Path is null);
        }
        catch (PeekedStream.RefusedException e)
        {
            if (Path is not null) stream.Dispose();
            e.Refuse(Asked);
        }
        catch (IOException e) when (Path is not null)
        {
            stream.Dispose();
            Files.Refuse($"csv: '{Printable.Path(Path)}' cannot be read", Path, e);
        }
        return null;
    }

    /// <summary>A gzipped file unpacked into a folder, where rows can be found by their place; null where it is not
    /// gzipped.</summary>
    public CsvSource? Unpacked(string folder)
    {
        using var opened = Peek(new() { MaxBytes = long.MaxValue });
        if (!opened.IsZipped) return null;
        string path = System.IO.Path.Combine(folder, $"{System.IO.Path.GetRandomFileName()}.csv");
        try
        {
            AtomicFile.Write("csv", path, opened.CopyTo);
        }
        catch (PeekedStream.RefusedException e)
        {
            e.Refuse(Asked);
        }
        return new(path, Asked);
    }
}
