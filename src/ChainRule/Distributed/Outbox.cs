using System.Runtime.InteropServices;

namespace ChainRule.Distributed;

/// <summary>
/// What one worker sends to one other: message after message, each in pieces for which there is room.
/// </summary>
sealed unsafe class Outbox(Ring ring)
{
    readonly Queue<Message> _waiting = new();

    public void Add(Message message) => _waiting.Enqueue(message);

    /// <summary>Writes what there is room for; whether that was anything.</summary>
    public bool Move()
    {
        bool moved = false;
        while (_waiting.TryPeek(out var message))
        {
            int room = ring.Room;
            if (!message.IsBegun)
            {
                if (room < sizeof(MessageHead)) break;
                MessageHead head = new(message.Tag, message.Bytes);
                ring.Write((byte*)&head, sizeof(MessageHead));
                message.IsBegun = moved = true;
                room -= sizeof(MessageHead);
            }
            int bytes = Math.Min(Math.Min(room, Ring.Piece), message.Bytes - message.Moved);
            if (bytes > 0)
            {
                ring.Write(message.Data + message.Moved, bytes);
                message.Moved += bytes;
                moved = true;
            }
            if (message.IsDone) _waiting.Dequeue();
            else if (bytes == 0) break;
        }
        return moved;
    }

    /// <summary>Forgets what was not sent; who reads passes what was.</summary>
    public void BeginAnew()
    {
        _waiting.Clear();
        ring.Begin();
    }
}

/// <summary>What stands in a ring before the bytes of a message: 16 bytes, as all that stands there.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
readonly record struct MessageHead(int Tag, int Bytes);
