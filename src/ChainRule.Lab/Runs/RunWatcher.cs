using System.Diagnostics.CodeAnalysis;

namespace ChainRule.Lab.Runs;

/// <summary>
/// The system's notices of changes below a folder, gathered until they are taken. They may be lost, or be refused where
/// there are more folders than the system watches; then looking alone has to do.
/// </summary>
sealed class RunWatcher(string root) : IDisposable
{
    const int Most = 10_000;

    static readonly TimeSpan s_rarely = TimeSpan.FromSeconds(30), s_often = TimeSpan.FromSeconds(3);

    // Files that training writes beside those that the list is made of.
    static readonly string[] s_others =
        [".tmp", ".safetensors", ".jsonl", ".txt", ".html", ".json", ".request", ".lock"];

    readonly Lock _lock = new();
    readonly SemaphoreSlim _changed = new(0, 1);
    HashSet<string> _folders = [], _trees = [];
    bool _isLost;
    FileSystemWatcher? _watcher;

    /// <summary>Whether notices come.</summary>
    public bool IsOn => _watcher is not null;

    /// <summary>How long may pass between two looks at all folders, of which the last took so long.</summary>
    public TimeSpan Pause(TimeSpan took)
    {
        var usual = IsOn ? s_rarely : s_often;
        return usual > 20 * took ? usual : 20 * took;
    }

    /// <summary>Begins to watch, or begins anew where notices were lost or the folder was not there.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "It is disposed of with this, or when it fails.")]
    public void Restart()
    {
        if (_watcher is not null) return;
        FileSystemWatcher? watcher = null;
        try
        {
            if (!Directory.Exists(root)) return;
            watcher = new(root)
            {
                IncludeSubdirectories = true, InternalBufferSize = 1 << 16,
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite
                    | NotifyFilters.Size,
            };
            watcher.Created += (_, e) => See(e.FullPath, isNew: true);
            watcher.Deleted += (_, e) => See(e.FullPath, isNew: true);
            watcher.Changed += (_, e) => See(e.FullPath, isNew: false);
            watcher.Renamed += (_, e) =>
            {
                See(e.OldFullPath, isNew: true);
                See(e.FullPath, isNew: true);
            };
            watcher.Error += (_, _) => Lose();
            watcher.EnableRaisingEvents = true;
            _watcher = watcher;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // More folders than the system watches, or gone again.
            watcher?.Dispose();
        }
    }

    /// <summary>What changed: folders of runs, folders below which runs came or went, and whether notices were lost.
    /// </summary>
    public (IReadOnlyCollection<string> Folders, IReadOnlyCollection<string> Trees, bool IsLost) Take()
    {
        lock (_lock)
        {
            var taken = (_folders, _trees, _isLost);
            (_folders, _trees, _isLost) = ([], [], false);
            return taken;
        }
    }

    /// <summary>Waits for a notice, but not longer than so long.</summary>
    public void Wait(TimeSpan most) => _changed.Wait(most);

    /// <summary>Ends a wait.</summary>
    public void Wake()
    {
        lock (_lock)
            if (_changed.CurrentCount == 0) _changed.Release();
    }

    public void Dispose()
    {
        _watcher?.Dispose();
        _changed.Dispose();
    }

    void See(string path, bool isNew)
    {
        string name = Path.GetFileName(path);
        bool isOfRun = RunScan.IsOfRun(name);
        if (!isOfRun && (!isNew || !RunScan.IsName(name) || s_others.Any(name.EndsWith))) return;
        if (RunScan.IdOf(root, isOfRun ? Path.GetDirectoryName(path)! : path) is not { } id) return;
        if (!id.Split('/').All(part => part == "." || RunScan.IsName(part))) return;
        lock (_lock)
        {
            if (_folders.Count + _trees.Count >= Most) _isLost = true;
            else (isOfRun ? _folders : _trees).Add(id);
        }
        Wake();
    }

    void Lose()
    {
        lock (_lock) _isLost = true;
        _watcher?.Dispose();
        _watcher = null;
        Wake();
    }
}
