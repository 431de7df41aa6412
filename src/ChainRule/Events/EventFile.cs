using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using ChainRule.Data;

namespace ChainRule.Events;

/// <summary>
/// A file of records as TensorFlow writes them: the length of the record (8 bytes, the lowest first), its checksum, the
/// record, and its checksum. A record goes to the system in one piece, so that a reader sees at most the last one half.
/// The file is open only while one is written: there is nothing to be disposed of.
/// </summary>
/// <remarks>Nothing is ever changed in a file that is there: a second writer in a folder makes a second file.</remarks>
sealed class EventFile
{
    // What a checksum of bytes that hold checksums would otherwise come to is well known: it is turned and moved.
    const uint Mask = 0xa282ead8;

    const int Head = 12, Tail = 4;

    static int s_made;

    /// <param name="folder">Where to; made if it is not there.</param>
    /// <param name="time">When it begins, which its name says.</param>
    /// <exception cref="IOException">Nothing can be written there.</exception>
    public EventFile(string folder, DateTimeOffset time)
    {
        string host = string.Concat(Environment.MachineName.Where(c => char.IsAsciiLetterOrDigit(c) || c == '-'));
        for (;;)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{time.ToUnixTimeSeconds()}"
                + $".{host}.{Environment.ProcessId}.{Interlocked.Increment(ref s_made) - 1}");
            FullPath = Path.GetFullPath(Path.Combine(folder, name));
            if (!File.Exists(FullPath)) break;
        }
        try
        {
            Directory.CreateDirectory(folder);
            using var made = File.OpenHandle(FullPath, FileMode.CreateNew, FileAccess.Write);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Files.Refuse($"tensorboard: nothing can be written into '{Printable.Path(folder)}'", FullPath, e);
            throw;
        }
    }

    public string FullPath { get; }

    /// <summary>How many bytes it has.</summary>
    public long Length { get; private set; }

    /// <summary>Appends a record.</summary>
    /// <exception cref="IOException">The disk is full, or gone.</exception>
    public void Append(ReadOnlySpan<byte> record)
    {
        byte[] all = new byte[Head + record.Length + Tail];
        BinaryPrimitives.WriteUInt64LittleEndian(all, (ulong)record.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(all.AsSpan(8), Masked(all.AsSpan(0, 8)));
        record.CopyTo(all.AsSpan(Head));
        BinaryPrimitives.WriteUInt32LittleEndian(all.AsSpan(Head + record.Length), Masked(record));
        try
        {
            // It is read while it is written.
            using var file = File.OpenHandle(FullPath, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            RandomAccess.Write(file, all, Length);
            Length += all.Length;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Files.Refuse($"tensorboard: '{Printable.Path(FullPath)}' cannot be written", FullPath, e);
        }
    }

    /// <summary>CRC-32C (Castagnoli), as in RFC 3720, appendix B.4.</summary>
    public static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        uint crc = ~0u;
        foreach (ulong eight in MemoryMarshal.Cast<byte, ulong>(bytes))
            crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? eight
                : BinaryPrimitives.ReverseEndianness(eight));
        foreach (byte one in bytes[(bytes.Length & ~7)..]) crc = BitOperations.Crc32C(crc, one);
        return ~crc;
    }

    /// <summary>The checksum of a record: crc turned right by 15 bits, plus a constant.</summary>
    public static uint Masked(ReadOnlySpan<byte> bytes) =>
        unchecked(BitOperations.RotateRight(Crc32C(bytes), 15) + Mask);
}
