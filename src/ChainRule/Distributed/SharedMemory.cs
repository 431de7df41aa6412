using System.Diagnostics;
using System.Numerics;

namespace ChainRule.Distributed;

/// <summary>
/// Carries bytes between processes of one machine through a file that all of them map. It is made once, by
/// <see cref="Create(string, int)"/>; each worker joins by its path and a number of its own. A process that is killed
/// is noticed by the others within half a second, and they can go on without it (<see cref="Regroup"/>).
/// </summary>
/// <remarks>
/// The file takes one ring of bytes for each two workers and direction, of 1 MiB at most and 32 MiB all together, and a
/// longer message goes through it in pieces. A message that is sent before it is asked for waits in the ring, so that a
/// worker that only sends, to one that only sends, waits for ever: ask first, then send. Whoever made the file deletes
/// it at the end.
/// </remarks>
public sealed partial class SharedMemory : Transport
{
    // How often a worker that waits looks whether the others live.
    static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    readonly SharedFile _file;
    readonly MessageTable _messages = new();
    readonly int _seat;
    Patience _patience;
    int[] _seats;
    Outbox?[] _outboxes = [];
    Inbox?[] _inboxes = [];
    int _rank, _regroups, _seenAlarm = -1;
    long _looked;
    WorkerException? _broken;
    bool _isDisposed;

    SharedMemory(SharedFile file, int seat)
    {
        (_file, _seat, _rank) = (file, seat, seat);
        _seats = [.. Enumerable.Range(0, file.Workers)];
        _patience = new(file.Workers);
    }

    /// <inheritdoc/>
    public override int Rank => _rank;

    /// <inheritdoc/>
    public override int Size => _seats.Length;

    /// <inheritdoc/>
    public override string Name => "shared memory";

    /// <summary>Whether <see cref="RequestStop"/> was called.</summary>
    public bool IsStopRequested => Volatile.Read(ref Mapped.Stop) != 0;

    // Nothing of it may be touched when it is no longer mapped.
    SharedFile Mapped
    {
        get
        {
            if (_isDisposed)
                throw new InvalidOperationException("shared memory: this worker has left: it can send no more, nor "
                    + "receive");
            return _file;
        }
    }

    /// <inheritdoc/>
    public override unsafe int Send(int to, int tag, byte* data, int bytes)
    {
        CheckMessage("send", to, nameof(to), tag, bytes);
        Check();
        BytesSent += bytes;
        var message = _messages.Begin(to, tag, data, bytes);
        _outboxes[to]!.Add(message);
        _outboxes[to]!.Move();
        return message.Number;
    }

    /// <inheritdoc/>
    public override unsafe int Receive(int from, int tag, byte* data, int bytes)
    {
        CheckMessage("receive", from, nameof(from), tag, bytes);
        Check();
        var message = _messages.Begin(from, tag, data, bytes);
        _inboxes[from]!.Ask(message);
        return message.Number;
    }

    /// <inheritdoc/>
    public override bool IsDone(int request)
    {
        Check();
        var message = _messages.Of(request);
        if (!message.IsDone)
        {
            Move();
            if (!message.IsDone)
            {
                LookNowAndThen();
                return false;
            }
        }
        _messages.Forget(message);
        SayHeard();
        return true;
    }

    /// <inheritdoc/>
    public override void Pause(int times)
    {
        if (times <= 0) _patience.Renew();
        SayHeard();
        _patience.Wait();
    }

    /// <inheritdoc/>
    public override void Fail(string sentence)
    {
        if (_isDisposed) return;
        var seat = _file.Seat(_seat);
        if (seat.Failure is not null) return;
        seat.Failure = Printable.Message(string.IsNullOrEmpty(sentence) ? "it did not say why" : sentence);
        Interlocked.Increment(ref _file.Alarm);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _messages.ForgetAll();
        foreach (var inbox in _inboxes) inbox?.Forget();
        var seat = _file.Seat(_seat);
        if (seat.Presence == Presence.Working) seat.Presence = Presence.Left;
        _file.Dispose();
    }

    /// <summary>Says that a worker is gone, though its process may live.</summary>
    internal void MarkGone(int rank)
    {
        Mapped.Seat(_seats[rank]).Presence = Presence.Gone;
        Interlocked.Increment(ref _file.Alarm);
    }

    void SayHeard() => Volatile.Write(ref Mapped.Seat(_seat).Heard, Environment.TickCount64);

    // What was said, or seen, once holds until the workers regroup.
    void Check()
    {
        int alarm = Volatile.Read(ref Mapped.Alarm);
        if (alarm != _seenAlarm)
        {
            for (int rank = 0; rank < Size && _broken is null; rank++)
            {
                if (rank != Rank && _file.Seat(_seats[rank]).Failure is { } sentence)
                    Break(new(rank, sentence, isGone: false));
            }
            for (int rank = 0; rank < Size && _broken is null; rank++)
            {
                if (rank != Rank && _file.Seat(_seats[rank]).Presence == Presence.Gone) Break(Gone(rank));
            }
            _seenAlarm = alarm;
        }
        if (_broken is not null) throw new WorkerException(_broken.Rank, _broken.Message, _broken.IsGone);
    }

    void Break(WorkerException why)
    {
        _broken = why;
        // Memory that was given to send from and to receive into is left alone from now on.
        _messages.ForgetAll();
    }

    WorkerException Gone(int rank) =>
        new(rank, $"worker {rank} (process {_file.Seat(_seats[rank]).Process}) is gone: its process ended while others "
            + "still worked with it", isGone: true);

    void Move()
    {
        bool moved = false;
        for (int other = 0; other < Size; other++)
        {
            if (other == Rank) continue;
            moved |= _outboxes[other]!.Move();
            moved |= _inboxes[other]!.Move();
        }
        if (moved) _patience.Renew();
    }

    void LookNowAndThen()
    {
        if (Stopwatch.GetElapsedTime(_looked) < s_look) return;
        Look();
        _looked = Stopwatch.GetTimestamp();
        Check();
    }

    // Who is gone is marked so for all; who left is missed only where something of it is awaited that it did not send.
    void Look()
    {
        int left = -1;
        for (int rank = 0; rank < Size; rank++)
        {
            var seat = _file.Seat(_seats[rank]);
            if (rank == Rank || IsStillWorking(seat)) continue;
            if (seat.Presence == Presence.Left && _messages.Used.Any(one => one.Other == rank && !one.IsDone))
                left = rank;
        }
        if (left < 0) return;
        // It may have said why before it left, or have sent all that is awaited.
        Check();
        Move();
        if (_messages.Used.Any(one => one.Other == left && !one.IsDone))
            Break(new(left, $"worker {left} has left: it ended its part while worker {Rank} still waits for it",
                isGone: true));
    }

    bool IsStillWorking(Seat seat)
    {
        if (seat.Presence == Presence.Working && !ProcessLife.IsAlive(seat.Process, seat.Began)
            && seat.Presence == Presence.Working)
        {
            seat.Presence = Presence.Gone;
            Interlocked.Increment(ref _file.Alarm);
        }
        return seat.Presence == Presence.Working;
    }

    // The rings to and from all others, and who they are by now.
    void TakePlace(long members)
    {
        int size = BitOperations.PopCount((ulong)members);
        _seats = [.. Enumerable.Range(0, _file.Workers).Where(seat => (members >> seat & 1) != 0)];
        _rank = Array.IndexOf(_seats, _seat);
        _patience = new(size);
        _outboxes = new Outbox?[size];
        _inboxes = new Inbox?[size];
        for (int other = 0; other < size; other++)
        {
            if (other == Rank) continue;
            _outboxes[other] = new(_file.Ring(_seat, _seats[other]));
            _inboxes[other] = new(_file.Ring(_seats[other], _seat));
            _inboxes[other]!.BeginAnew();
        }
        (_broken, _seenAlarm) = (null, -1);
    }
}
