using System.Text;

namespace ChainRule.Data;

/// <summary>
/// Reads text from outside: of a bounded length, from a file or a pipe, in UTF-8, or in UTF-16 and UTF-32 by their
/// marks; what it is that is no text is said. Line ends are those that the writer's system has, and
/// <see cref="WithLineFeeds"/> makes them one.
/// </summary>
static class TextFile
{
    /// <summary>
    /// The most bytes that are read unless somebody says otherwise: 256 MiB. What never ends, such as a
    /// device, ends there.
    /// </summary>
    public const long MostBytes = 1L << 28;

    /// <summary>This many bytes tell what a file is.</summary>
    internal const int HeadBytes = 1 << 16;

    /// <summary>The bytes of a text, from a file or a pipe.</summary>
    /// <param name="asked">Who asks, such as "names": the error's sentence begins with it.</param>
    /// <param name="path">The file; a pipe, such as /dev/stdin, is read to its end.</param>
    /// <param name="most">The most bytes that are read.</param>
    /// <param name="raise">How to allow more: the end of the sentence about a longer one.</param>
    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is longer, or its beginning shows that it is no text.</exception>
    public static byte[] Bytes(string asked, string path, long most = MostBytes, string raise = "give a shorter one")
    {
        using var stream = Files.OpenAny(asked, path);
        return Bytes(asked, path, stream, most, raise);
    }

    /// <summary>
    /// The same of a stream, such as the standard input; <paramref name="name"/> is what sentences call it.
    /// </summary>
    /// <inheritdoc cref="Bytes(string, string, long, string)"/>
    public static byte[] Bytes(string asked, string name, Stream stream, long most = MostBytes,
        string raise = "give a shorter one")
    {
        Throw.IfNull(asked, "text file");
        Throw.IfNull(name, asked);
        Throw.IfNull(stream, asked);
        Throw.IfNull(raise, asked);
        long room = Math.Min(most, Array.MaxLength);
        try
        {
            if (stream.CanSeek && stream.Length > room) TooLong(asked, name, room, raise);
            using var bytes = new MemoryStream();
            byte[] chunk = new byte[HeadBytes];
            while (stream.ReadAtLeast(chunk, chunk.Length, throwOnEndOfStream: false) is var count and > 0)
            {
                if (bytes.Length + count > room) TooLong(asked, name, room, raise);
                // What is no text is not read to an end that it may not have.
                if (bytes.Length == 0) CheckText($"{asked} '{Printable.Path(name)}'", chunk.AsSpan(0, count));
                bytes.Write(chunk, 0, count);
            }
            return bytes.ToArray();
        }
        catch (IOException e)
        {
            Files.Refuse($"{asked}: '{Printable.Path(name)}' cannot be read", name, e);
            return [];
        }
    }

    /// <summary>The text of bytes, without a mark of byte order.</summary>
    /// <param name="asked">What they are, such as "names 'few.txt'": the error's sentence begins with it.</param>
    /// <param name="bytes">The whole of them.</param>
    /// <exception cref="InvalidDataException">They are no text in UTF-8, UTF-16 or UTF-32; says
    /// what they are.</exception>
    public static string Decode(string asked, ReadOnlySpan<byte> bytes)
    {
        CheckText(asked, bytes[..Math.Min(bytes.Length, HeadBytes)]);
        var encoding = Detect(bytes[..Math.Min(bytes.Length, HeadBytes)]);
        string text = "";
        try
        {
            text = encoding.GetString(bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            Throw.Data(encoding is UTF8Encoding ? $"{asked}: {NotUtf8(bytes)}"
                : $"{asked}: it is no sound {encoding.WebName}, as its beginning says: save it as UTF-8");
        }
        int zero = text.IndexOf('\0', StringComparison.Ordinal);
        if (zero >= 0) Throw.Data($"{asked}: character {zero} is U+0000, which no text holds: give a text file");
        return text;
    }

    /// <summary>
    /// The text with every line end (CR LF, as Windows writes; CR alone, as old Macs did) as one line feed, as Python's
    /// <c>open</c> gives it.
    /// </summary>
    public static string WithLineFeeds(string text)
    {
        Throw.IfNull(text, "line feeds");
        return text.Contains('\r', StringComparison.Ordinal)
            ? text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n') : text;
    }

    /// <summary>
    /// The encoding that a file of this beginning has: by its mark, or by the zeros of UTF-16; UTF-8 where neither
    /// tells. Refuses what does not fit.
    /// </summary>
    internal static Encoding Detect(ReadOnlySpan<byte> head)
    {
        bool Marked(ReadOnlySpan<byte> head, Encoding encoding) => head.StartsWith(encoding.Preamble);
        // The mark of UTF-32 begins as that of UTF-16 does.
        foreach (var encoding in s_marked) if (Marked(head, encoding)) return encoding;
        int even = 0, odd = 0;
        for (int i = 0; i < head.Length; i++)
        {
            if (head[i] != 0) continue;
            if (i % 2 == 0) even++;
            else odd++;
        }
        // Of letters of Europe in UTF-16, every other byte is 0.
        int many = Math.Max(2, head.Length / 4);
        return odd > many && even == 0 ? s_utf16 : even > many && odd == 0 ? s_utf16BigEnd : s_utf8;
    }

    /// <summary>
    /// What is wrong with bytes that should be UTF-8, with the word that they would be in Western Europe's encoding.
    /// </summary>
    internal static string NotUtf8(ReadOnlySpan<byte> bytes)
    {
        int at = FirstInvalid(bytes), from = at, to = at;
        while (from > 0 && at - from < 20 && bytes[from - 1] > ' ') from--;
        while (to < bytes.Length && to - at < 20 && bytes[to] > ' ') to++;
        int line = 1 + bytes[..at].Count((byte)'\n');
        string word = Printable.Of(Windows1252.GetString(bytes[from..to]), 40);
        return $"line {line} holds bytes that are no UTF-8 (in Windows-1252 they read '{word}'): save the file as "
            + "UTF-8, such as with iconv -f WINDOWS-1252 -t UTF-8";
    }

    /// <summary>Western Europe's eight-bit encoding, of which Latin-1 is a part.</summary>
    // A browser has no files, and spares the tables of all encodings, which would be a fifth of what it is sent.
    internal static Encoding Windows1252 { get; } = OperatingSystem.IsBrowser() ? Encoding.Latin1
        : CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    /// <summary>Refuses a beginning that is known to be no text.</summary>
    internal static void CheckText(string asked, ReadOnlySpan<byte> head)
    {
        if (FileKind.Of(head) is { } says) Throw.Data($"{asked}: the file {says}");
        if (Detect(head) is UTF8Encoding && head.IndexOf((byte)0) is >= 0 and var zero)
            Throw.Data($"{asked}: byte {zero} of the file is 0, which no text holds: it is binary data: give a text "
                + "file");
    }

    static readonly Encoding s_utf8 = new UTF8Encoding(true, true), s_utf16 = new UnicodeEncoding(false, true, true),
        s_utf16BigEnd = new UnicodeEncoding(true, true, true);

    static readonly Encoding[] s_marked = [new UTF32Encoding(false, true, true), new UTF32Encoding(true, true, true),
        s_utf16, s_utf16BigEnd, s_utf8];

    static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < bytes.Length;)
        {
            if (Rune.DecodeFromUtf8(bytes[i..], out _, out int used) != System.Buffers.OperationStatus.Done) return i;
            i += used;
        }
        return 0;
    }

    static void TooLong(string asked, string path, long most, string raise) =>
        Throw.Data($"{asked}: '{Printable.Path(path)}' is longer than {most:N0} bytes, the most that is read: {raise}");
}
