using System.Diagnostics;
using System.Globalization;

namespace ChainRule.Distributed;

// How a group comes together, and how it goes on without some of its workers.
public sealed partial class SharedMemory
{
    const string InMemory = "/dev/shm", Prefix = "chainrule-";

    static readonly TimeSpan s_patient = TimeSpan.FromMinutes(1);

    /// <summary>Makes the file that workers map.</summary>
    /// <param name="path">The file; it must not be there yet.</param>
    /// <param name="workers">How many workers there will be: 1 to 64.</param>
    /// <exception cref="WorkerException">The file cannot be made.</exception>
    public static void Create(string path, int workers)
    {
        Throw.IfNull(path, "create shared memory");
        CheckWorkers(workers);
        SharedFile.Create(path, workers);
    }

    /// <summary>
    /// Makes the file that workers map, in memory (/dev/shm) where the system has such a place with room for it, else
    /// in its folder for temporary files.
    /// </summary>
    /// <param name="workers">How many workers there will be: 1 to 64.</param>
    /// <returns>The path of the file.</returns>
    /// <exception cref="WorkerException">The file cannot be made.</exception>
    public static string Create(int workers)
    {
        CheckWorkers(workers);
        string name = string.Create(CultureInfo.InvariantCulture,
            $"{Prefix}{Environment.ProcessId}-{Path.GetRandomFileName()}");
        if (Directory.Exists(InMemory))
        {
            Sweep(InMemory);
            try
            {
                SharedFile.Create(Path.Combine(InMemory, name), workers);
                return Path.Combine(InMemory, name);
            }
            catch (WorkerException)
            {
                // Containers often have little of it: the other folder may do.
                File.Delete(Path.Combine(InMemory, name));
            }
        }
        Sweep(Path.GetTempPath());
        string path = Path.Combine(Path.GetTempPath(), name);
        SharedFile.Create(path, workers);
        return path;
    }

    /// <summary>
    /// Deletes the files in a folder whose processes were killed, workers among them. One that is just being made
    /// says nothing yet of who makes it, and is left.
    /// </summary>
    internal static void Sweep(string folder)
    {
        foreach (string path in Directory.EnumerateFiles(folder, Prefix + "*"))
        {
            try
            {
                using (var file = new SharedFile(path, "sweep")) if (file.IsUsed) continue;
                File.Delete(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Another user's, or deleted meanwhile.
            }
        }
    }

    /// <summary>Takes a worker's place, and waits until all others have taken theirs.</summary>
    /// <param name="path">The file that <see cref="Create(string, int)"/> made.</param>
    /// <param name="rank">The number of this worker, which no other may have.</param>
    /// <param name="limit">How long to wait for the others; a minute if nothing is said.</param>
    /// <exception cref="WorkerException">There is no such file; another worker is gone, or did not come.</exception>
    /// <exception cref="InvalidOperationException">Another worker has taken this place.</exception>
    public static SharedMemory Join(string path, int rank, TimeSpan? limit = null)
    {
        Throw.IfNull(path, "join");
        if (rank is < 0 or >= SharedFile.MostWorkers)
            Throw.OutOfRange($"join: worker {rank}: workers are numbered from 0, to 63 at most", nameof(rank));
        var file = new SharedFile(path, "join");
        try
        {
            if (rank >= file.Workers)
                Throw.OutOfRange($"join: worker {rank} of {file.Workers}: give a number from 0 to {file.Workers - 1}",
                    nameof(rank));
            var seat = file.Seat(rank);
            int other = Interlocked.CompareExchange(ref seat.Process, ProcessLife.Own.Number, 0);
            if (other != 0)
                throw new InvalidOperationException($"join: worker {rank} is there already (process {other}): each "
                    + "worker has a number of its own, and a group is joined once");
            seat.Began = ProcessLife.Own.Began;
            seat.Heard = Environment.TickCount64;
            seat.Presence = Presence.Working;
            var joined = new SharedMemory(file, rank);
            joined.AwaitOthers(path, limit ?? s_patient);
            return joined;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Goes on without those who are gone. Each worker that lives must call it, after the
    /// <see cref="WorkerException"/> that said so, and waits until all have; from then on they are numbered without
    /// gaps, in their old order. All that was sent before is dropped, and what was begun is forgotten.
    /// </summary>
    /// <returns>This transport, whose <see cref="Rank"/> and <see cref="Size"/> may be others now.</returns>
    /// <exception cref="WorkerException">A worker failed by <see cref="Fail"/>: there is no going on.</exception>
    public override SharedMemory Regroup()
    {
        int regroups = _regroups + 1;
        if (regroups > SharedFile.MostWorkers)
            throw new InvalidOperationException($"regroup: these workers have regrouped {_regroups} times: "
                + "start a new group");
        ref long members = ref Mapped.Members(regroups);
        _messages.ForgetAll();
        for (int other = 0; other < Size; other++)
        {
            if (other == Rank) continue;
            _inboxes[other]!.Forget();
            _outboxes[other]!.BeginAnew();
        }
        Volatile.Write(ref _file.Seat(_seat).Regroups, regroups);
        // Whoever sees that all who live have asked writes down who they are, and the first word holds for all: who
        // dies afterwards is one of the new group, and is missed there.
        while (Volatile.Read(ref members) == 0)
        {
            long living = Asking(regroups);
            if (living != 0) Interlocked.CompareExchange(ref members, living, 0);
            else Pause(1);
        }
        _regroups = regroups;
        if ((members >> _seat & 1) == 0)
            throw new WorkerException(Rank, $"regroup: the others took worker {Rank} for gone, and went on without it",
                isGone: true);
        TakePlace(members);
        return this;
    }

    /// <summary>Says how far this worker is, to whoever calls <see cref="ReadStatus"/>.</summary>
    public override void WriteStatus(in WorkerStatus status)
    {
        var seat = Mapped.Seat(_seat);
        seat.Status = status;
        SayHeard();
    }

    /// <summary>How far each worker is, by the numbers that they joined with. Any process may ask.</summary>
    /// <param name="path">The file that <see cref="Create(string, int)"/> made.</param>
    /// <exception cref="WorkerException">There is no such file.</exception>
    public static IReadOnlyList<WorkerStatus> ReadStatus(string path)
    {
        using var file = new SharedFile(path, "read status");
        return [.. Enumerable.Range(0, file.Workers).Select(worker => file.Seat(worker).Status)];
    }

    /// <summary>
    /// How long ago each worker last sent, received, waited, or ended a step, by the numbers that they joined with;
    /// null for one that has not come or is no longer there. One that computes long is not heard of meanwhile, nor one
    /// that the system has stopped. Any process may ask.
    /// </summary>
    /// <param name="path">The file that <see cref="Create(string, int)"/> made.</param>
    /// <exception cref="WorkerException">There is no such file.</exception>
    public static IReadOnlyList<TimeSpan?> ReadSilence(string path)
    {
        using var file = new SharedFile(path, "read silence");
        long now = Environment.TickCount64;
        return [.. Enumerable.Range(0, file.Workers).Select(worker => file.Seat(worker) is { IsAlive: true } seat
            ? TimeSpan.FromMilliseconds(Math.Max(0, now - Volatile.Read(ref seat.Heard))) : (TimeSpan?)null)];
    }

    /// <summary>What the first of the workers that failed has said by <see cref="Fail"/>; null where none has. Any
    /// process may ask.</summary>
    /// <param name="path">The file that <see cref="Create(string, int)"/> made.</param>
    /// <exception cref="WorkerException">There is no such file.</exception>
    public static string? ReadFailure(string path)
    {
        using var file = new SharedFile(path, "read failure");
        return Enumerable.Range(0, file.Workers).Select(worker => file.Seat(worker).Failure)
            .FirstOrDefault(sentence => sentence is not null);
    }

    /// <summary>Asks the workers to stop (<see cref="IsStopRequested"/>). Any process may do so.</summary>
    /// <param name="path">The file that <see cref="Create(string, int)"/> made.</param>
    /// <exception cref="WorkerException">There is no such file.</exception>
    public static void RequestStop(string path)
    {
        using var file = new SharedFile(path, "request stop");
        Volatile.Write(ref file.Stop, 1);
    }

    static void CheckWorkers(int workers)
    {
        if (workers is < 1 or > SharedFile.MostWorkers)
            Throw.OutOfRange($"create shared memory: {workers} workers: give 1 to {SharedFile.MostWorkers}",
                nameof(workers));
    }

    void AwaitOthers(string path, TimeSpan limit)
    {
        long began = Stopwatch.GetTimestamp();
        for (; ; _patience.Wait())
        {
            int[] missing = [.. _seats.Where(seat => _file.Seat(seat).Presence == Presence.Awaited)];
            if (missing.Length == 0) break;
            LookNowAndThen();
            if (Stopwatch.GetElapsedTime(began) < limit) continue;
            throw new WorkerException(missing[0], $"join: {Named(missing)} of {Size} did not join '{path}' within "
                + $"{limit.TotalSeconds:0.###} s: start {(missing.Length == 1 ? "it" : "them")}, or give a longer "
                + "limit", isGone: false);
        }
        TakePlace(Size == SharedFile.MostWorkers ? -1 : (1L << Size) - 1);
    }

    static string Named(int[] workers) => workers.Length == 1 ? $"worker {workers[0]}"
        : $"workers {string.Join(", ", workers[..^1])} and {workers[^1]}";

    // A bit for each worker that lives, where all of these have asked to regroup; 0 where one has not.
    long Asking(int regroups)
    {
        bool isTime = Stopwatch.GetElapsedTime(_looked) >= s_look;
        if (isTime) _looked = Stopwatch.GetTimestamp();
        long living = 1L << _seat;
        for (int rank = 0; rank < Size; rank++)
        {
            var seat = _file.Seat(_seats[rank]);
            if (rank != Rank && seat.Failure is { } sentence) throw new WorkerException(rank, sentence, isGone: false);
            if (rank == Rank || (isTime ? !IsStillWorking(seat) : seat.Presence != Presence.Working)) continue;
            if (Volatile.Read(ref seat.Regroups) < regroups) living = 0;
            else if (living != 0) living |= 1L << _seats[rank];
        }
        return living;
    }
}
