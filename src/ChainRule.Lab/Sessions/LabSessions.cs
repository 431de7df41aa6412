using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace ChainRule.Lab.Sessions;

/// <summary>How much the sessions of one host may take.</summary>
public sealed record LabLimits
{
    /// <summary>Sessions at once.</summary>
    public int Sessions { get; init; } = 500;

    /// <summary>Bytes that all sessions hold together.</summary>
    public long Memory { get; init; } = 1L << 30;

    /// <summary>Bytes of one request.</summary>
    public int Request { get; init; } = 16 << 20;

    /// <summary>How long a session lives that nobody asks anything.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long an event waits for who asked for events and takes none: then they stopped to read. A page that wakes up
    /// asks for events anew.
    /// </summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>
/// The sessions of one host: made, found by their names, limited in number and memory, ended when idle. Requests of
/// one session are answered one after another, those of several at once.
/// </summary>
public sealed class LabSessions(IReadOnlyList<LabRoom> rooms, LabPlace place, LabLimits limits, TimeProvider clock)
    : IDisposable
{
    readonly ConcurrentDictionary<string, Held> _held = new();
    readonly Lock _making = new();

    /// <summary>How many there are.</summary>
    public int Count => _held.Count;

    /// <summary>How many readers of events there are.</summary>
    internal int Readers => _held.Values.Sum(held => held.Readers);

    /// <summary>The rooms that sessions can be made of.</summary>
    public IReadOnlyList<LabRoom> Rooms { get; } = rooms;

    /// <summary>What sessions may take.</summary>
    public LabLimits Limits { get; } = limits;

    /// <summary>Makes a session: the answer is an <see cref="OpenAnswer"/> or a <see cref="RefusedAnswer"/>.</summary>
    public byte[] Open(ReadOnlySpan<byte> request)
    {
        string? name;
        try
        {
            name = JsonSerializer.Deserialize(request, LabJson.Default.OpenRequest)?.Room;
        }
        catch (JsonException)
        {
            name = null;
        }
        var room = Rooms.FirstOrDefault(one => one.Name == name);
        if (room is null)
            return LabReply.Refused($"open: there is no room '{Printable.Of(name)}': choose one of "
                + $"{string.Join(", ", Rooms.Select(one => one.Name))}");
        EndIdle();
        lock (_making)
        {
            if (_held.Count >= Limits.Sessions)
                return LabReply.Refused($"open: the lab has {Limits.Sessions} sessions, which are all that it may "
                    + "have: close other tabs, or wait until idle ones end");
            if (Full() is { } full) return LabReply.Refused(full);
            string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            _held[id] = new(room.Open(place), clock.GetUtcNow());
            return LabReply.Of(new OpenAnswer(id, room.Name), LabJson.Default.OpenAnswer);
        }
    }

    /// <summary>A session's answer; null where there is no such session, or no more.</summary>
    public byte[]? Answer(string id, ReadOnlySpan<byte> request)
    {
        if (!_held.TryGetValue(id, out var held)) return null;
        held.Seen = clock.GetUtcNow();
        try
        {
            lock (held.Session) return held.Session.Answer(request);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or InvalidDataException
            or IOException or UnauthorizedAccessException)
        {
            return LabReply.Refused(e.Message);
        }
        catch (OutOfMemoryException)
        {
            return LabReply.Refused("there is not enough memory for this: ask for a smaller network, or smaller data");
        }
    }

    /// <summary>A session's events; null where there is no such session. They keep it from being idle.</summary>
    public IAsyncEnumerable<string>? Events(string id, CancellationToken stop) =>
        _held.TryGetValue(id, out var held) ? Watched(held, stop) : null;

    /// <summary>A file that a session shows; null where there is no such session, or no such file.</summary>
    public LabFile? OpenFile(string id, string name)
    {
        if (!_held.TryGetValue(id, out var held)) return null;
        held.Seen = clock.GetUtcNow();
        try
        {
            lock (held.Session) return held.Session.Open(name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>
    /// Where there are no threads: every session works for a few milliseconds. When the first has more to do; null if
    /// none has.
    /// </summary>
    public TimeSpan? Work() => _held.Values.Select(held => held.Session.Work()).Min();

    /// <summary>The rooms and what computes, as JSON of a <see cref="LabRoomsAnswer"/>.</summary>
    public byte[] Describe(string engine) => JsonSerializer.SerializeToUtf8Bytes(
        new LabRoomsAnswer([.. Rooms.Select(room => new LabRoomName(room.Name, room.Title))], engine),
        LabJson.Default.LabRoomsAnswer);

    /// <summary>Ends one session. That there is none is no fault.</summary>
    public void Close(string id)
    {
        if (_held.TryRemove(id, out var held)) held.Session.Dispose();
    }

    /// <summary>Ends the sessions that nobody has asked anything for <see cref="LabLimits.Idle"/>.</summary>
    public void EndIdle()
    {
        var now = clock.GetUtcNow();
        foreach (var (id, held) in _held)
            if (held.Readers == 0 && now - held.Seen > Limits.Idle) Close(id);
    }

    /// <summary>Ends all.</summary>
    public void Dispose()
    {
        foreach (string id in _held.Keys) Close(id);
    }

    async IAsyncEnumerable<string> Watched(Held held,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        held.Enter();
        try
        {
            await foreach (string text in held.Session.Events(stop).ConfigureAwait(false)) yield return text;
        }
        finally
        {
            held.Seen = clock.GetUtcNow();
            held.Leave();
        }
    }

    string? Full()
    {
        long memory = _held.Values.Sum(held => held.Session.Memory);
        return memory < Limits.Memory ? null : string.Create(CultureInfo.InvariantCulture,
            $"open: the lab's sessions hold {memory >> 20} MiB, and may hold {Limits.Memory >> 20}: close other tabs");
    }

    sealed class Held(LabSession session, DateTimeOffset seen)
    {
        int _readers;

        public LabSession Session { get; } = session;

        public DateTimeOffset Seen { get; set; } = seen;

        public int Readers => _readers;

        public void Enter() => Interlocked.Increment(ref _readers);

        public void Leave() => Interlocked.Decrement(ref _readers);
    }
}
