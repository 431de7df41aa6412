using ChainRule.Data;
using ChainRule.Zoo.Runs;

namespace ChainRule.Lab.Runs;

/// <summary>One index and one store of curves for all sessions that look at a folder; ended with the last of them.
/// </summary>
sealed class SharedIndex : IDisposable
{
    static readonly Dictionary<string, SharedIndex> s_open = new(StringComparer.Ordinal);
    static readonly Lock s_lock = new();

    readonly string _root;
    int _users;

    SharedIndex(string root, string? cache)
    {
        _root = root;
        Index = new(root, cache);
        Curves = new(Index);
    }

    public RunIndex Index { get; }

    public CurveStore Curves { get; }

    /// <summary>The index of a folder, for one user more.</summary>
    public static SharedIndex Open(string root, string? cache)
    {
        root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        lock (s_lock)
        {
            if (!s_open.TryGetValue(root, out var shared)) shared = s_open[root] = new(root, cache);
            shared._users++;
            return shared;
        }
    }

    /// <summary>A run's folder, and in it no file that is a link.</summary>
    public RunFolder Folder(string id)
    {
        string path = Index.PathOf(id);
        try
        {
            foreach (var file in new DirectoryInfo(path).EnumerateFileSystemInfos())
                if (file.LinkTarget is not null)
                    throw new InvalidDataException($"{Printable.Path(file.FullName)}: this is a link, and links are "
                        + "not followed: put the file itself there");
        }
        catch (Exception e) when (e is DirectoryNotFoundException or UnauthorizedAccessException)
        {
            Index.Refresh(id);
            throw new InvalidDataException($"{Printable.Path(path)}: this folder cannot be looked into "
                + $"({Files.Why(e)}): look at the list again", e);
        }
        return RunFolder.Open(path);
    }

    /// <summary>One user less.</summary>
    public void Dispose()
    {
        lock (s_lock)
        {
            if (--_users > 0) return;
            s_open.Remove(_root);
        }
        Index.Dispose();
    }
}
