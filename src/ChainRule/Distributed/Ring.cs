using System.Runtime.InteropServices;

namespace ChainRule.Distributed;

/// <summary>
/// Bytes on their way from one worker to another, in memory that both map. One writes and moves the head, the other
/// reads and moves the tail; both count all bytes that ever went through, and nobody locks anything, so that a process
/// that is killed leaves nothing behind that another would wait for. Head and tail are multiples of 16.
/// </summary>
readonly unsafe struct Ring(byte* at, int capacity)
{
    /// <summary>Head, tail and beginning, each in cache lines of its own.</summary>
    public const int HeaderBytes = 384;

    /// <summary>What is moved at once: the other may begin to read while the rest is written.</summary>
    public const int Piece = 1 << 16;

    readonly byte* _data = at + HeaderBytes;

    ref long Head => ref *(long*)at;

    ref long Tail => ref *(long*)(at + 128);

    // Where the writer was when it began anew: what stands before is dropped.
    ref long Beginning => ref *(long*)(at + 256);

    /// <summary>How many bytes may be written: a multiple of 16.</summary>
    public int Room => capacity - (int)(Head - Volatile.Read(ref Tail));

    /// <summary>How many bytes may be read: a multiple of 16.</summary>
    public int Filled => (int)(Volatile.Read(ref Head) - Tail);

    /// <summary>Writes what there is room for, and the gap up to the next multiple of 16.</summary>
    public void Write(byte* from, int bytes)
    {
        Copy(from, Head, bytes, isWriting: true);
        Volatile.Write(ref Head, Head + Padded(bytes));
    }

    /// <summary>Reads what is there, and passes the gap up to the next multiple of 16.</summary>
    public void Read(byte* to, int bytes)
    {
        Copy(to, Tail, bytes, isWriting: false);
        Volatile.Write(ref Tail, Tail + Padded(bytes));
    }

    /// <summary>Says that what was written so far counts no more: called by the writer.</summary>
    public void Begin() => Volatile.Write(ref Beginning, Head);

    /// <summary>Passes what counts no more: called by the reader.</summary>
    public void Drop() => Volatile.Write(ref Tail, Volatile.Read(ref Beginning));

    static int Padded(int bytes) => (bytes + 15) & ~15;

    void Copy(byte* other, long position, int bytes, bool isWriting)
    {
        int at = (int)(position & (capacity - 1)), first = Math.Min(bytes, capacity - at);
        if (isWriting)
        {
            NativeMemory.Copy(other, _data + at, (nuint)first);
            NativeMemory.Copy(other + first, _data, (nuint)(bytes - first));
        }
        else
        {
            NativeMemory.Copy(_data + at, other, (nuint)first);
            NativeMemory.Copy(_data, other + first, (nuint)(bytes - first));
        }
    }
}
