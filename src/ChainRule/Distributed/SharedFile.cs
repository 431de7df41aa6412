using System.IO.MemoryMappedFiles;

namespace ChainRule.Distributed;

/// <summary>
/// The file that workers of one machine map: a head, a seat for each worker, and a ring for each two.
/// </summary>
sealed unsafe class SharedFile : IDisposable
{
    /// <summary>As many as a set of them, in one word, can name.</summary>
    public const int MostWorkers = 64;

    const long Magic = 0x31304B524F574352; // "RCWORK01"
    const int HeaderBytes = 4096, LargestRing = 1 << 20, SmallestRing = 1 << 14;
    const long AllRings = 1 << 25;

    readonly MemoryMappedFile _file;
    readonly MemoryMappedViewAccessor _view;
    readonly byte* _at;

    /// <summary>Maps a file that <see cref="Create"/> made.</summary>
    public SharedFile(string path, string asked)
    {
        Throw.IfNull(path, asked);
        try
        {
            var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite,
                FileShare.ReadWrite | FileShare.Delete, 0);
            if (stream.Length < HeaderBytes)
            {
                stream.Dispose();
                throw Foreign(path, asked);
            }
            _file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.ReadWrite,
                HandleInheritability.None, leaveOpen: false);
            _view = _file.CreateViewAccessor();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new WorkerException($"{asked}: there is no '{path}': it is made by SharedMemory.Create, once, before "
                + "the workers start", e);
        }
        byte* at = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref at);
        _at = at;
        if (*(long*)at == Magic && _view.Capacity >= Size(Workers, RingBytes)) return;
        Dispose();
        throw Foreign(path, asked);
    }

    /// <summary>How many workers it was made for.</summary>
    public int Workers => *(int*)(_at + 8);

    /// <summary>Whether somebody asked the workers to stop.</summary>
    public ref int Stop => ref *(int*)(_at + 64);

    /// <summary>Counts failures and deaths: who sees the number that it saw before has missed none.</summary>
    public ref int Alarm => ref *(int*)(_at + 128);

    /// <summary>Whether the process that made it, or a worker, may still use it, as far as one can tell.</summary>
    public bool IsUsed => Space != ProcessLife.Space || ProcessLife.IsAlive(*(int*)(_at + 16), *(long*)(_at + 24))
        || Enumerable.Range(0, Workers).Any(worker => Seat(worker) is var seat && seat.IsAlive);

    // In which numbering of processes the one that made it is.
    long Space => *(long*)(_at + 32);

    int RingBytes => *(int*)(_at + 12);

    /// <summary>Writes a new file: no worker has come, and all rings are empty.</summary>
    public static void Create(string path, int workers)
    {
        long rings = Math.Max(1, workers * (workers - 1L));
        int ring = LargestRing;
        while (ring > SmallestRing && ring * rings > AllRings) ring /= 2;
        long size = Size(workers, ring);
        try
        {
            // The bytes are there from now on: a file system that is full says so here, and ends no worker later.
            using var stream = new FileStream(path, new FileStreamOptions
                { Mode = FileMode.CreateNew, Access = FileAccess.Write, PreallocationSize = size });
            stream.SetLength(size);
            byte[] head = new byte[40];
            BitConverter.TryWriteBytes(head.AsSpan(8), workers);
            BitConverter.TryWriteBytes(head.AsSpan(12), ring);
            BitConverter.TryWriteBytes(head.AsSpan(16), ProcessLife.Own.Number);
            BitConverter.TryWriteBytes(head.AsSpan(24), ProcessLife.Own.Began);
            BitConverter.TryWriteBytes(head.AsSpan(32), ProcessLife.Space);
            BitConverter.TryWriteBytes(head.AsSpan(0), Magic);
            stream.Write(head);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkerException($"create shared memory: '{path}' of {size / 1024:N0} KiB cannot be made "
                + $"({e.Message}): give the path of a new file in a folder with as much room", e);
        }
    }

    public Seat Seat(int worker) => new(_at + HeaderBytes + (long)worker * Distributed.Seat.Bytes);

    public Ring Ring(int from, int to)
    {
        long index = (long)from * (Workers - 1) + (to < from ? to : to - 1);
        return new(_at + Rings(Workers) + index * (Distributed.Ring.HeaderBytes + RingBytes), RingBytes);
    }

    /// <summary>
    /// Who the workers are after this many regroups, a bit for each seat; 0 while it is not decided.
    /// </summary>
    public ref long Members(int regroups) => ref *(long*)(_at + 256 + regroups * sizeof(long));

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    static long Rings(int workers) => HeaderBytes + ((long)workers * Distributed.Seat.Bytes + 4095 & ~4095L);

    static long Size(int workers, int ring) =>
        Rings(workers) + workers * (workers - 1L) * (Distributed.Ring.HeaderBytes + ring);

    static WorkerException Foreign(string path, string asked) =>
        new($"{asked}: '{path}' is no file that workers share: it is made by SharedMemory.Create");
}
