using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace ChainRule.Data;

/// <summary>One file of a <see cref="TokenFile"/>. Only what is asked for is read, and nothing is kept.</summary>
sealed class TokenShard : IDisposable
{
    // What NumPy's header has room in, with the longest that it writes.
    const int HeadBytes = 1 << 12;

    readonly SafeFileHandle _file;
    readonly string _what;
    readonly TokenFormat _format;
    readonly long _first;

    TokenShard(SafeFileHandle file, string what, TokenFormat format, long first, long count) =>
        (_file, _what, _format, _first, Count) = (file, what, format, first, count);

    /// <summary>How many tokens there are.</summary>
    public long Count { get; }

    public TokenFormat Format => _format;

    int Width => WidthOf(_format);

    public static int WidthOf(TokenFormat format) => format == TokenFormat.TwoBytes ? 2 : 4;

    /// <summary>Opens plain numbers, or those of a .npy file, whose header says what they are.</summary>
    public static TokenShard Open(string path, TokenFormat format)
    {
        string what = $"tokens '{Printable.Of(Path.GetFileName(path) ?? "", 80)}'";
        using var checkedFile = Files.OpenRead("tokens", path);
        // Its places are read in any order: without this hint the system would read on behind each of them.
        var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.RandomAccess);
        try
        {
            long bytes = RandomAccess.GetLength(file), first = 0, count;
            if (bytes == 0) Throw.Data($"{what}: it is empty: take it away, or write it again");
            byte[] head = new byte[(int)Math.Min(HeadBytes, bytes)];
            int had = RandomAccess.Read(file, head, 0);
            if (path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase))
                (format, first, count) = Numpy(head.AsSpan(0, had), bytes, what);
            else
            {
                int width = WidthOf(format);
                count = bytes / width;
                if (bytes % width != 0)
                    Throw.Data($"{what}: its {bytes:N0} bytes are no whole number of tokens of {width} bytes: it was "
                        + "cut off, or is of another format: write it again, or say the format");
            }
            return new(file, what, format, first, count);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads tokens from a place on, as many as fit; all of them are there.</summary>
    /// <param name="vocabularySize">Above the greatest id that is allowed.</param>
    public void Read(long from, Span<int> to, int vocabularySize)
    {
        Span<byte> buffer = stackalloc byte[4096];
        int width = Width;
        while (!to.IsEmpty)
        {
            int count = Math.Min(to.Length, buffer.Length / width);
            var bytes = buffer[..(count * width)];
            Fill(bytes, _first + from * width);
            var ids = to[..count];
            bool sound = width == 2 ? TwoBytes(bytes, ids, vocabularySize) : FourBytes(bytes, ids, vocabularySize);
            if (!sound) Refuse(ids, from, vocabularySize);
            to = to[count..];
            from += count;
        }
    }

    public void Dispose() => _file.Dispose();

    static bool TwoBytes(ReadOnlySpan<byte> bytes, Span<int> ids, int vocabularySize)
    {
        int greatest = 0;
        for (int i = 0; i < ids.Length; i++)
            greatest = Math.Max(greatest, ids[i] = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]));
        return greatest < vocabularySize;
    }

    static bool FourBytes(ReadOnlySpan<byte> bytes, Span<int> ids, int vocabularySize)
    {
        uint greatest = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            uint id = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 * i)..]);
            greatest = Math.Max(greatest, id);
            ids[i] = (int)id;
        }
        return greatest < (uint)vocabularySize;
    }

    void Refuse(ReadOnlySpan<int> ids, long from, int vocabularySize)
    {
        int at = 0;
        while ((uint)ids[at] < (uint)vocabularySize) at++;
        Throw.Data($"{_what}: token {(uint)ids[at]} at place {from + at:N0} is none of {vocabularySize:N0}: the file "
            + "belongs to another vocabulary, is of another format, or is damaged: write it again");
    }

    void Fill(Span<byte> bytes, long at)
    {
        if (_file.IsClosed) Throw.Invalid($"{_what}: the file was closed: open it again, and close it after training");
        try
        {
            while (!bytes.IsEmpty)
            {
                int count = RandomAccess.Read(_file, bytes, at);
                if (count == 0)
                    Throw.Data($"{_what}: it ends at byte {at:N0}, and was longer when it was opened: leave it alone "
                        + "while it is read, and write it again");
                bytes = bytes[count..];
                at += count;
            }
        }
        catch (IOException e)
        {
            throw new IOException($"{_what}: it cannot be read: {Files.Why(e)}: see to that, and start again", e);
        }
    }

    static (TokenFormat Format, long First, long Count) Numpy(ReadOnlySpan<byte> head, long bytes, string what)
    {
        var (type, count, first) = NumpyHeader.ParseVector(head, what);
        TokenFormat? format = type switch { "<u2" => TokenFormat.TwoBytes, "<u4" => TokenFormat.FourBytes, _ => null };
        if (format is not { } known)
            Throw.Data($"{what}: it holds numbers of type {Printable.Of(type, 20)}: save tokens as uint16 or uint32");
        else if (count < 1 || bytes - first != count * WidthOf(known))
            Throw.Data($"{what}: its header says {count:N0} tokens, and {bytes - first:N0} bytes follow: save it again "
                + "with numpy.save");
        else return (known, first, count);
        return default;
    }
}
