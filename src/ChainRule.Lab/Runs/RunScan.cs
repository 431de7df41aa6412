using System.IO.Enumeration;

namespace ChainRule.Lab.Runs;

/// <summary>
/// Finds the folders of runs below a root. Links are not followed, so that nothing outside of the root is read and no
/// walk goes in a circle. Names that begin with a dot and what a start has not finished yet are left out.
/// </summary>
static class RunScan
{
    public const string SettingsFile = "run.json", MetricsFile = "metrics.jsonl", SummaryFile = "summary.json",
        LockFile = "run.lock", DivergedFile = "diverged.txt";

    /// <summary>More folders are not looked into.</summary>
    public const int MostFolders = 200_000;

    const int Deepest = 16;

    static readonly EnumerationOptions s_all = new()
        { IgnoreInaccessible = true, AttributesToSkip = 0, ReturnSpecialDirectories = false };

    /// <summary>All runs below a folder of the root, itself included.</summary>
    /// <param name="root">The root, in full.</param>
    /// <param name="id">The folder below it; <c>.</c> is the root.</param>
    public static IEnumerable<FoundRun> Below(string root, string id = ".")
    {
        var left = new Stack<(string Id, int Depth)>();
        left.Push((id, 0));
        for (int folders = 0; left.Count > 0 && folders < MostFolders; folders++)
        {
            var (now, depth) = left.Pop();
            List<string> below = [];
            if (Look(root, now, below) is { } found) yield return found;
            else if (depth < Deepest) foreach (string name in below) left.Push((Join(now, name), depth + 1));
        }
    }

    /// <summary>The run of a folder; null where there is none.</summary>
    public static FoundRun? Look(string root, string id) => Look(root, id, null);

    /// <summary>A folder of the root in full.</summary>
    public static string PathOf(string root, string id) =>
        id == "." ? root : Path.Combine(root, Path.DirectorySeparatorChar == '/' ? id
            : id.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>A path as an id; null where it is not below the root.</summary>
    public static string? IdOf(string root, string path)
    {
        string id = Path.GetRelativePath(root, path);
        if (id == ".." || id.StartsWith($"..{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            || Path.IsPathRooted(id)) return null;
        return Path.DirectorySeparatorChar == '/' ? id : id.Replace(Path.DirectorySeparatorChar, '/');
    }

    /// <summary>Whether a folder's name is one to be looked into.</summary>
    public static bool IsName(ReadOnlySpan<char> name) =>
        !name.StartsWith('.') && !name.EndsWith(".tmp", StringComparison.Ordinal);

    static string Join(string id, string name) => id == "." ? name : $"{id}/{name}";

    static FoundRun? Look(string root, string id, List<string>? below)
    {
        FileStamp settings = FileStamp.None, metrics = FileStamp.None, summary = FileStamp.None;
        bool hasLock = false, diverged = false;
        string? link = null;
        try
        {
            // Of most entries the name is enough: what a folder holds is asked for in one call, and a file by one more.
            var entries = new FileSystemEnumerable<(string, bool, bool, FileStamp)>(PathOf(root, id),
                (ref FileSystemEntry entry) => (entry.FileName.ToString(), entry.IsDirectory,
                    (entry.Attributes & FileAttributes.ReparsePoint) != 0, entry.IsDirectory ? FileStamp.None
                        : new(entry.Length, entry.LastWriteTimeUtc.UtcTicks)), s_all)
            {
                ShouldIncludePredicate = (ref FileSystemEntry entry) =>
                    entry.IsDirectory ? below is not null && IsName(entry.FileName) : IsOfRun(entry.FileName),
            };
            foreach (var (name, isFolder, isLink, stamp) in entries)
            {
                if (isFolder)
                {
                    if (!isLink) below!.Add(name);
                    continue;
                }
                if (isLink) link = name;
                switch (name)
                {
                    case SettingsFile: settings = stamp; break;
                    case MetricsFile: metrics = stamp; break;
                    case SummaryFile: summary = stamp; break;
                    case LockFile: hasLock = true; break;
                    default: diverged = true; break;
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It vanished, or may not be looked into: then there is no run in it.
            return null;
        }
        return settings.Exists ? new(id, settings, metrics, summary, hasLock, diverged, link) : null;
    }

    /// <summary>Whether a file's name is one that decides how a run is shown.</summary>
    public static bool IsOfRun(ReadOnlySpan<char> name) =>
        name is SettingsFile or MetricsFile or SummaryFile or LockFile or DivergedFile;
}
