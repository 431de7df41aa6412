using System.Runtime.InteropServices;

namespace ChainRule.Distributed;

/// <summary>
/// What one worker receives from one other. A message that nobody asks for stays in the ring; where it stands before
/// one that is asked for, it is put aside.
/// </summary>
sealed unsafe class Inbox(Ring ring)
{
    readonly List<Message> _asked = [];
    readonly List<Aside> _aside = [];

    // What is being read: a message that was asked for, or one that is put aside.
    Message? _reading;
    Aside? _puttingAside;

    /// <summary>Asks for a message.</summary>
    public void Ask(Message message)
    {
        int at = _aside.FindIndex(aside => aside.Tag == message.Tag && aside.For is null);
        if (at < 0)
        {
            _asked.Add(message);
            return;
        }
        Check(message, _aside[at].Bytes);
        _aside[at].For = message;
        if (_aside[at].Moved == _aside[at].Bytes) Hand(_aside[at]);
    }

    /// <summary>Reads what is there and asked for; whether that was anything.</summary>
    public bool Move()
    {
        bool moved = false;
        while (_reading is not null || _puttingAside is not null || Begin())
        {
            int left = _reading is { } message ? message.Bytes - message.Moved
                : _puttingAside!.Bytes - _puttingAside.Moved;
            int bytes = Math.Min(Math.Min(ring.Filled, Ring.Piece), left);
            if (bytes == 0 && left > 0) break;
            moved = true;
            if (_reading is not null) Read(_reading, bytes);
            else Read(_puttingAside!, bytes);
        }
        return moved;
    }

    /// <summary>Forgets what was asked for and what was put aside, and passes what was sent before.</summary>
    public void BeginAnew()
    {
        Forget();
        ring.Drop();
    }

    /// <summary>Forgets what was asked for and what was put aside.</summary>
    public void Forget()
    {
        _asked.Clear();
        _aside.ForEach(aside => NativeMemory.Free(aside.Data));
        _aside.Clear();
        (_reading, _puttingAside) = (null, null);
    }

    // Reads the head of the next message, if there is one and something is asked for.
    bool Begin()
    {
        if (_asked.Count == 0 || ring.Filled < sizeof(MessageHead)) return false;
        MessageHead head;
        ring.Read((byte*)&head, sizeof(MessageHead));
        Begin(head);
        return true;
    }

    void Begin(MessageHead head)
    {
        int at = _asked.FindIndex(message => message.Tag == head.Tag);
        if (at >= 0)
        {
            _reading = _asked[at];
            Check(_reading, head.Bytes);
            _reading.IsBegun = true;
            _asked.RemoveAt(at);
        }
        else
        {
            _puttingAside = new(head);
            _aside.Add(_puttingAside);
        }
    }

    void Read(Message message, int bytes)
    {
        ring.Read(message.Data + message.Moved, bytes);
        message.Moved += bytes;
        if (message.IsDone) _reading = null;
    }

    void Read(Aside aside, int bytes)
    {
        ring.Read(aside.Data + aside.Moved, bytes);
        aside.Moved += bytes;
        if (aside.Moved < aside.Bytes) return;
        _puttingAside = null;
        if (aside.For is not null) Hand(aside);
    }

    void Hand(Aside aside)
    {
        var message = aside.For!;
        NativeMemory.Copy(aside.Data, message.Data, (nuint)aside.Bytes);
        (message.IsBegun, message.Moved) = (true, aside.Bytes);
        NativeMemory.Free(aside.Data);
        _aside.Remove(aside);
    }

    static void Check(Message message, int sent)
    {
        if (sent == message.Bytes) return;
        throw new InvalidOperationException($"receive: worker {message.Other} sent {sent} bytes with tag "
            + $"{message.Tag}, and {message.Bytes} were asked for: both sides must name the same number");
    }

    sealed class Aside(MessageHead head)
    {
        public int Tag { get; } = head.Tag;

        public int Bytes { get; } = head.Bytes;

        public byte* Data { get; } = (byte*)NativeMemory.Alloc((nuint)Math.Max(1, head.Bytes));

        public int Moved { get; set; }

        public Message? For { get; set; }
    }
}
