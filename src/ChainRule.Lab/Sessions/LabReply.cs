using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ChainRule.Lab.Sessions;

/// <summary>
/// One answer as bytes: the length of the JSON (int32, little endian), the JSON, zeros up to a multiple of 8, and the
/// arrays, each at a multiple of 8 from where the first begins.
/// </summary>
public sealed class LabReply
{
    const int Align = 8, Head = sizeof(int);

    readonly List<(int At, byte[] Bytes)> _blocks = [];
    int _end;

    /// <summary>An array that goes beside the JSON; the block says where it will stand.</summary>
    public NumberBlock Add(ReadOnlySpan<float> numbers) => Add(numbers, "float32");

    /// <inheritdoc cref="Add(ReadOnlySpan{float})"/>
    public NumberBlock Add(ReadOnlySpan<double> numbers) => Add(numbers, "float64");

    /// <inheritdoc cref="Add(ReadOnlySpan{float})"/>
    public NumberBlock Add(ReadOnlySpan<int> numbers) => Add(numbers, "int32");

    /// <inheritdoc cref="Add(ReadOnlySpan{float})"/>
    public NumberBlock Add(ReadOnlySpan<byte> bytes) => Add(bytes, "uint8");

    /// <summary>The whole answer.</summary>
    public byte[] ToBytes<T>(T answer, JsonTypeInfo<T> type)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(answer, type);
        int start = Aligned(Head + json.Length);
        byte[] all = new byte[start + _end];
        BinaryPrimitives.WriteInt32LittleEndian(all, json.Length);
        json.CopyTo(all, Head);
        foreach (var (at, bytes) in _blocks) bytes.CopyTo(all, start + at);
        return all;
    }

    /// <summary>An answer without arrays.</summary>
    public static byte[] Of<T>(T answer, JsonTypeInfo<T> type) => new LabReply().ToBytes(answer, type);

    /// <summary>An answer without arrays that is JSON already.</summary>
    internal static byte[] Of(ReadOnlySpan<byte> json)
    {
        byte[] all = new byte[Aligned(Head + json.Length)];
        BinaryPrimitives.WriteInt32LittleEndian(all, json.Length);
        json.CopyTo(all.AsSpan(Head));
        return all;
    }

    /// <summary>Why something was refused.</summary>
    public static byte[] Refused(string sentence) =>
        Of(new RefusedAnswer(Printable.Message(sentence)), LabJson.Default.RefusedAnswer);

    /// <summary>The JSON of an answer, and where its binary part begins.</summary>
    public static (ReadOnlyMemory<byte> Json, int Start) Read(ReadOnlyMemory<byte> reply)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(reply.Span);
        return (reply.Slice(Head, length), Aligned(Head + length));
    }

    // Every machine that .NET runs on is little endian, but a few, which have no browser.
    NumberBlock Add<T>(ReadOnlySpan<T> numbers, string kind) where T : unmanaged
    {
        byte[] bytes = MemoryMarshal.AsBytes(numbers).ToArray();
        var block = new NumberBlock(_end, numbers.Length, kind);
        _blocks.Add((_end, bytes));
        _end = Aligned(_end + bytes.Length);
        return block;
    }

    static int Aligned(int at) => (at + Align - 1) / Align * Align;
}
