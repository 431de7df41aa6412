using System.Text.Json.Serialization;

namespace ChainRule.Lab.Runs;

/// <summary>How a run stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunStatus>))]
public enum RunStatus
{
    /// <summary>A process trains in its folder.</summary>
    Running,

    /// <summary>It can be gone on with.</summary>
    Stopped,

    /// <summary>All steps are made, and it was measured.</summary>
    Finished,

    /// <summary>Its loss became NaN or infinite.</summary>
    Diverged,

    /// <summary>Its files cannot be read.</summary>
    Broken,
}

/// <summary>By which a change of a file is seen: its length and the time of the last write; −1 where there is none.
/// </summary>
readonly record struct FileStamp(long Length, long Ticks)
{
    /// <summary>There is no file.</summary>
    public static FileStamp None => new(-1, 0);

    /// <summary>Whether there is one.</summary>
    public bool Exists => Length >= 0;
}

/// <summary>What one look at a run's folder finds, before any file is read.</summary>
/// <param name="Id">The path below the root, with <c>/</c> between folders; <c>.</c> is the root itself.</param>
/// <param name="Settings">Of run.json.</param>
/// <param name="Metrics">Of metrics.jsonl.</param>
/// <param name="Summary">Of summary.json.</param>
/// <param name="HasLock">Whether there is a run.lock: a process trains there, or was killed there.</param>
/// <param name="Diverged">Whether an experiment wrote down why it diverged.</param>
/// <param name="Link">The name of a file that is a link, which is not followed; null if there is none.</param>
sealed record FoundRun(string Id, FileStamp Settings, FileStamp Metrics, FileStamp Summary, bool HasLock,
    bool Diverged, string? Link);

/// <summary>What is known of a run; never changed, but replaced as a whole.</summary>
/// <param name="Found">Where it is, and what its files were when they were read.</param>
/// <param name="Settings">Its settings, by name.</param>
/// <param name="Totals">What its metrics came to so far.</param>
/// <param name="Final">The numbers of its summary, by name.</param>
/// <param name="Status">How it stands.</param>
/// <param name="Problem">What is wrong with its files, in one sentence; null if nothing is.</param>
sealed record RunEntry(FoundRun Found, Cells Settings, MetricTotals Totals, Cells Final, RunStatus Status,
    string? Problem)
{
    /// <summary>The path below the root, by which it is asked for.</summary>
    public string Id => Found.Id;

    /// <summary>The path as it may be shown.</summary>
    public string Name { get; } = Printable.Of(Found.Id, 300);

    /// <summary>The number of the change of the index that it came with.</summary>
    public long Version { get; init; }

    /// <summary>When its metrics or settings were last written.</summary>
    public DateTime Changed => new(Math.Max(Found.Metrics.Ticks, Math.Max(Found.Settings.Ticks, Found.Summary.Ticks)),
        DateTimeKind.Utc);

    /// <summary>A value of the table, by the name of its column; see <see cref="RunColumns"/>.</summary>
    public Cell this[string column] => RunColumns.Value(this, column);
}
