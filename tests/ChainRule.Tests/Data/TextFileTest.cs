using System.Text;
using ChainRule.Data;

namespace ChainRule.Tests.Data;

public sealed class TextFileTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_encoding_with_a_mark_gives_the_same_text()
    {
        foreach (var encoding in (Encoding[])[Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode,
            Encoding.UTF32])
            Assert.Equal("Zoë 🦊", TextFile.Decode("test", [.. encoding.Preamble, .. encoding.GetBytes("Zoë 🦊")]));
        Assert.Equal("Zoë and all the others",
            TextFile.Decode("test", Encoding.Unicode.GetBytes("Zoë and all the others")));
        Assert.Equal("", TextFile.Decode("test", []));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_named()
    {
        string Refused(byte[] bytes) =>
            Assert.Throws<InvalidDataException>(() => TextFile.Decode("test 'x'", bytes)).Message;
        Assert.Equal("test 'x': line 2 holds bytes that are no UTF-8 (in Windows-1252 they read 'Zoë'): save the file "
            + "as UTF-8, such as with iconv -f WINDOWS-1252 -t UTF-8",
            Refused(Encoding.Latin1.GetBytes("Ann\nthe Zoë of")));
        Assert.Equal("test 'x': the file is a PDF document: save its table or text as plain text",
            Refused([.. "%PDF-1.4\n"u8]));
        Assert.Equal("test 'x': byte 1 of the file is 0, which no text holds: it is binary data: give a text file",
            Refused([65, 0, 66, 67, 68, 69, 70, 71, 72, 73, 74, 0, 1]));
        Assert.Equal("test 'x': it is no sound utf-16, as its beginning says: save it as UTF-8",
            Refused([0xff, 0xfe, 0x00, 0xd8, 0x41, 0x00]));
    }

    [Fact]
    public void What_has_no_end_is_left_at_its_beginning_or_at_the_limit()
    {
        if (OperatingSystem.IsLinux())
        {
            Assert.StartsWith("test '/dev/zero': byte 0 of the file is "
                + "0", Assert.Throws<InvalidDataException>(() => TextFile.Bytes("test", "/dev/zero")).Message,
                    StringComparison.Ordinal);
            Assert.Throws<InvalidDataException>(() => TextFile.Bytes("test", "/dev/urandom"));
        }
        string path = _folder.Write("long", new string('a', 200_000));
        Assert.Equal($"test: '{path}' is longer than 199,999 bytes, the most that is read: give "
            + $"less", Assert.Throws<InvalidDataException>(() => TextFile.Bytes("test", path, 199_999, "give less"))
                .Message);
        Assert.Equal(200_000, TextFile.Bytes("test", path, 200_000).Length);
        using var endless = new MemoryStream([65, .. new byte[300_000].Select(_ => (byte)66)]);
        Assert.Equal("test: 'in' is longer than 100,000 bytes, the most that is read: give a shorter one",
            Assert.Throws<InvalidDataException>(() => TextFile.Bytes("test", "in", endless, 100_000)).Message);
    }

    [Fact]
    public void Line_ends_become_line_feeds() =>
        Assert.Equal("a\nb\nc\n\nd", TextFile.WithLineFeeds("a\r\nb\rc\n\r\nd"));
}
