using System.Text;

namespace ChainRule.Distributed;

/// <summary>What is known of a worker's process.</summary>
enum Presence
{
    /// <summary>It has not come yet.</summary>
    Awaited,

    /// <summary>It is one of the group.</summary>
    Working,

    /// <summary>It gave up its place.</summary>
    Left,

    /// <summary>It ended without a word.</summary>
    Gone,
}

/// <summary>A worker's own words in the memory that all map: it writes them, and all others read.</summary>
readonly unsafe struct Seat(byte* at)
{
    public const int Bytes = 2048;

    const int Sentence = 256;

    /// <summary>The number of its process; 0 where nobody has come.</summary>
    public ref int Process => ref *(int*)at;

    public Presence Presence
    {
        get => (Presence)Volatile.Read(ref *(int*)(at + 4));
        set => Volatile.Write(ref *(int*)(at + 4), (int)value);
    }

    /// <summary>When its process began.</summary>
    public ref long Began => ref *(long*)(at + 8);

    /// <summary>How often it has asked to regroup.</summary>
    public ref long Regroups => ref *(long*)(at + 16);

    /// <summary>When it last sent, received or waited, by the clock of the machine in milliseconds.</summary>
    public ref long Heard => ref *(long*)(at + 32);

    /// <summary>Why it cannot go on; null where it has said nothing.</summary>
    public string? Failure
    {
        get
        {
            int length = Volatile.Read(ref *(int*)(at + 24));
            return length == 0 ? null : Encoding.UTF8.GetString(at + Sentence, length);
        }

        set
        {
            var text = new Span<byte>(at + Sentence, Bytes - Sentence);
            Encoding.UTF8.TryGetBytes(value, text, out int length);
            Volatile.Write(ref *(int*)(at + 24), length);
        }
    }

    /// <summary>
    /// A version beside the numbers is odd while they are written: who reads does so again. A worker that was killed in
    /// between leaves it odd for good, and the numbers are taken as they are.
    /// </summary>
    public WorkerStatus Status
    {
        get
        {
            WorkerStatus status = default;
            for (int i = 0; i < 1000; i++)
            {
                long before = Volatile.Read(ref Version);
                status = *(WorkerStatus*)(at + 136);
                Interlocked.MemoryBarrier();
                if (before % 2 == 0 && Volatile.Read(ref Version) == before) break;
            }
            return status;
        }

        set
        {
            Interlocked.Increment(ref Version);
            *(WorkerStatus*)(at + 136) = value;
            Interlocked.Increment(ref Version);
        }
    }

    ref long Version => ref *(long*)(at + 128);

    /// <summary>Whether it is one of the living, as far as its process tells.</summary>
    public bool IsAlive => Presence == Presence.Working && ProcessLife.IsAlive(Process, Began);
}
