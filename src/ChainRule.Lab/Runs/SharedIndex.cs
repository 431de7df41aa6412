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
