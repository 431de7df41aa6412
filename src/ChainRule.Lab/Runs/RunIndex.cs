using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace ChainRule.Lab.Runs;

/// <summary>What changed in an index since a version of it.</summary>
/// <param name="Version">The version that this leads to.</param>
/// <param name="Changed">The runs that are new or changed.</param>
/// <param name="Removed">The ids of those that are gone.</param>
/// <param name="IsWhole">Whether these are all runs, because the version was too old: all others are gone.</param>
sealed record RunChanges(long Version, IReadOnlyList<RunEntry> Changed, IReadOnlyList<string> Removed,
    bool IsWhole);

/// <summary>
/// All runs below a folder, kept up to date: by the system's notices of changes, and by looking, since notices are
/// lost and limited. Runs in which a process trains are looked at ten times a second, all of them from time to time.
/// Only totals are held in memory. Nothing is written into the folder.
/// </summary>
sealed class RunIndex : IDisposable
{
    const int MostChanges = 4096, MostTrees = 200;

    static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(100), s_saveEvery = TimeSpan.FromSeconds(30),
        s_recent = TimeSpan.FromSeconds(10);

    readonly ConcurrentDictionary<string, RunEntry> _runs = new(StringComparer.Ordinal);
    readonly Queue<(long Version, string Id)> _log = new();
    readonly Lock _lock = new();
    readonly RunCache _cache;
    readonly RunWatcher _watcher;
    readonly Thread _thread;
    readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    volatile bool _stops;
    TaskCompletionSource? _waiting;
    long _version, _saved, _forgotten;

    /// <summary>Begins to index a folder, which may appear later.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="cacheFolder">Where the index is kept between starts; null for the platform's cache.</param>
    public RunIndex(string root, string? cacheFolder = null)
    {
        Throw.IfNull(root, "runs");
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        Root = Directory.Exists(full) ? new DirectoryInfo(full).ResolveLinkTarget(true)?.FullName ?? full : full;
        _cache = new(Root, cacheFolder);
        foreach (var run in _cache.Read()) Publish(run);
        _saved = _version;
        _watcher = new(Root);
        _thread = new(Work) { IsBackground = true, Name = "runs" };
        _thread.Start();
    }

    /// <summary>The folder, in full.</summary>
    public string Root { get; }

    /// <summary>How many runs there are.</summary>
    public int Count => _runs.Count;

    /// <summary>All runs as they are known now, in no order.</summary>
    public ICollection<RunEntry> Runs => _runs.Values;

    /// <summary>Rises with every change.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>Whether every folder was looked into since the start; before, runs are those of the cache.</summary>
    public bool IsComplete => _ready.Task.IsCompleted;

    /// <summary>Ends when every folder was looked into.</summary>
    public Task Ready => _ready.Task;

    /// <summary>How long the last look at all folders took.</summary>
    public TimeSpan LastScan { get; private set; }

    /// <summary>The file in which the index is kept; null where this machine has no place for it.</summary>
    public string? CacheFile => _cache.File;

    /// <summary>A run by its id.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public RunEntry this[string id] => id is not null && _runs.TryGetValue(id, out var run) ? run
        : throw new ArgumentException($"runs: there is no run '{Printable.Path(id)}' (any more): look at the list");

    /// <summary>Whether there is a run of this id now.</summary>
    public bool Knows(string id) => id is not null && _runs.ContainsKey(id);

    /// <summary>The folder of a run that is known, in full.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public string PathOf(string id) => RunScan.PathOf(Root, this[id].Id);

    /// <summary>What changed since a version; everything for a version of another index.</summary>
    public RunChanges Since(long version)
    {
        lock (_lock)
        {
            if (version < _forgotten || version > _version) return new(_version, [.. _runs.Values], [], true);
            string[] ids = [.. _log.Where(one => one.Version > version).Select(one => one.Id).Distinct()];
            return new(_version, [.. ids.Select(id => _runs.GetValueOrDefault(id)).OfType<RunEntry>()],
                [.. ids.Where(id => !_runs.ContainsKey(id))], false);
        }
    }

    /// <summary>Ends when the index is newer than a version.</summary>
    public Task ChangedSince(long version)
    {
        lock (_lock)
        {
            if (version != _version) return Task.CompletedTask;
            return (_waiting ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Looks at one run now.</summary>
    public void Refresh(string id)
    {
        _runs.TryGetValue(id, out var before);
        Update(id, before, RunScan.Look(Root, id));
    }

    /// <summary>Ends watching, and keeps what is known for the next start.</summary>
    public void Dispose()
    {
        if (_stops) return;
        _stops = true;
        _watcher.Wake();
        _thread.Join();
        _watcher.Dispose();
        _ready.TrySetResult();
    }

    [SuppressMessage("Design", "CA1031", Justification = "A fault of one look must not end the watch over all runs.")]
    void Work()
    {
        long lastSave = Stopwatch.GetTimestamp(), lastScan = 0;
        bool isFirst = true;
        while (!_stops)
        {
            try
            {
                var (folders, trees, isLost) = _watcher.Take();
                bool isDue = isFirst || isLost || trees.Count > MostTrees
                    || Stopwatch.GetElapsedTime(lastScan) > _watcher.Pause(LastScan);
                if (isDue)
                {
                    _watcher.Restart();
                    long began = Stopwatch.GetTimestamp();
                    Scan(".");
                    LastScan = Stopwatch.GetElapsedTime(began);
                    lastScan = Stopwatch.GetTimestamp();
                    if (isFirst) _ready.TrySetResult();
                }
                else foreach (string id in trees) Scan(id);
                foreach (string id in folders) Refresh(id);
                string[] live = [.. _runs.Values.Where(IsLive).Select(run => run.Id)];
                foreach (string id in live) Refresh(id);
                if (isFirst && _version != _saved || Stopwatch.GetElapsedTime(lastSave) > s_saveEvery) Save();
                if (isFirst) lastSave = Stopwatch.GetTimestamp();
                isFirst = false;
                _watcher.Wait(live.Length > 0 ? s_tick : 10 * s_tick);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Folders vanish under one's hands; the next look sees what there is.
                _watcher.Wait(s_tick);
            }
            if (Stopwatch.GetElapsedTime(lastSave) > s_saveEvery) lastSave = Stopwatch.GetTimestamp();
        }
        Save();
    }

    static bool IsLive(RunEntry run) => run.Status == RunStatus.Running || DateTime.UtcNow - run.Changed < s_recent;

    void Save()
    {
        long version = Version;
        if (version == _saved) return;
        _saved = version;
        _cache.Write([.. _runs.Values]);
    }

    /// <summary>Looks at all folders below one, and forgets the runs that are no longer there.</summary>
    void Scan(string id)
    {
        var seen = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        Parallel.ForEach(Partitioner.Create(RunScan.Below(Root, id), EnumerablePartitionerOptions.NoBuffering),
            (found, state) =>
            {
                if (_stops) state.Stop();
                seen[found.Id] = true;
                Update(found.Id, _runs.GetValueOrDefault(found.Id), found);
            });
        if (_stops) return;
        foreach (string known in _runs.Keys)
            if (!seen.ContainsKey(known) && (id == "." || known == id
                || known.StartsWith(id, StringComparison.Ordinal) && known[id.Length] == '/')) Remove(known);
    }

    void Update(string id, RunEntry? before, FoundRun? found)
    {
        if (found is null)
        {
            if (before is not null) Remove(id);
            return;
        }
        // Whether a process holds the lock is seen in no file.
        if (before is not null && before.Found == found && !found.HasLock) return;
        var now = RunReader.Read(Root, found, before);
        if (now is null) Remove(id);
        else if (before is null || before with { Version = 0 } != now) Publish(now);
    }

    void Publish(RunEntry run)
    {
        lock (_lock)
        {
            run = run with { Version = ++_version };
            _runs[run.Id] = run;
            Log(run.Id);
        }
    }

    void Remove(string id)
    {
        lock (_lock)
        {
            if (!_runs.TryRemove(id, out _)) return;
            _version++;
            Log(id);
        }
    }

    void Log(string id)
    {
        _log.Enqueue((_version, id));
        if (_log.Count > MostChanges) _forgotten = _log.Dequeue().Version;
        _waiting?.TrySetResult();
        _waiting = null;
    }
}
