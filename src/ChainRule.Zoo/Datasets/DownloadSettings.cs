namespace ChainRule.Zoo.Datasets;

/// <summary>How to fetch a published file.</summary>
public sealed record DownloadSettings
{
    /// <summary>
    /// Where to fetch from in place of the published original: a base URL, to which the file's name is appended, or a
    /// folder. Default: null, the original.
    /// </summary>
    public string? Mirror { get; init; }

    /// <summary>
    /// How long a silent server is waited for, before the first byte and between any two. Default: 30 seconds.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The client to ask with; default: null, one shared client with the machine's proxy settings.</summary>
    public HttpClient? Client { get; init; }
}

/// <summary>How far a download has come.</summary>
/// <param name="Done">Bytes that lie in the part, the resumed ones included.</param>
/// <param name="Total">Bytes that there will be, or null where nobody has said.</param>
public readonly record struct DownloadProgress(long Done, long? Total);

/// <summary>A file that is there and has the published hash.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="WasThere">It was there already; nothing was fetched.</param>
/// <param name="ResumedFrom">The bytes of an earlier, broken download that did not have to come again.</param>
public sealed record Fetched(string Path, bool WasThere, long ResumedFrom);
