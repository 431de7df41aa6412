using System.Buffers.Binary;
using ChainRule.Data;

namespace ChainRule.Tests.Data;

public sealed class TokenFileTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    string Written(string name, int[] ids, TokenFormat format = TokenFormat.TwoBytes)
    {
        Assert.Equal(ids.Length, TokenFile.Write(_folder.PathOf(name), [ids], format));
        return _folder.PathOf(name);
    }

    [Theory]
    [InlineData(TokenFormat.TwoBytes, 65_535)]
    [InlineData(TokenFormat.FourBytes, int.MaxValue - 1)]
    public void Ids_come_back_as_they_were_written_in_either_format(TokenFormat format, int greatest)
    {
        int[] ids = [.. Enumerable.Range(0, 10_000).Select(i => i * 7 % 50_000), greatest];
        using var text = TokenFile.Open(Written("a.bin", ids, format), format);
        Assert.Equal(ids.Length, text.Count);
        Assert.Equal(ids, text.Read(0, ids.Length).Span.ToArray());
        Assert.Equal(ids[5000..5003], text.Read(5000, 3).Span.ToArray());
        Assert.Equal(format == TokenFormat.TwoBytes ? 65_536 : int.MaxValue, text.VocabularySize);
    }

    [Fact]
    public void The_bytes_are_those_of_nanoGPT_with_the_smallest_first()
    {
        Assert.Equal([1, 0, 2, 1], File.ReadAllBytes(Written("a.bin", [1, 258])));
        Assert.Equal([1, 0, 0, 0, 2, 1, 0, 0], File.ReadAllBytes(Written("b.bin", [1, 258], TokenFormat.FourBytes)));
    }

    [Fact]
    public void Shards_are_one_text_and_windows_reach_over_their_ends()
    {
        int[] ids = [.. Enumerable.Range(0, 1000)];
        Assert.Equal(1000, TokenFile.WriteShards(_folder.PathOf("shards"), [ids[..10], [], ids[10..]],
            shardTokens: 130));
        using var text = TokenFile.Open(_folder.PathOf("shards"));
        Assert.Equal("1,000 tokens in 8 files", text.ToString());
        Assert.Equal(["tokens-00000.bin", "tokens-00007.bin"], Directory.GetFiles(_folder.PathOf("shards"))
            .Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal).Where((_, i) => i % 7 == 0));
        for (int from = 0; from <= 600; from++)
            Assert.Equal(ids[from..(from + 400)], text.Read(from, 400).Span.ToArray());
        Assert.Equal(ids, text.Read(0, 1000).Span.ToArray());
        using var named = TokenFile.Open([.. Directory.GetFiles(_folder.PathOf("shards")).Order().Reverse()]);
        Assert.Equal(910, named.Read(0, 1)[0]);
    }

    [Fact]
    public void A_part_is_a_text_by_itself_and_leaves_the_files_open()
    {
        using var text = TokenFile.Open(Written("a.bin", [.. Enumerable.Range(0, 100)]));
        using (var part = text.Part(90, 10))
        {
            Assert.Equal([92, 93], part.Read(2, 2).Span.ToArray());
            Assert.Equal("tokens: read 2 from place 9: there are 10: ask for some of these",
                Assert.ThrowsAny<ArgumentException>(() => part.Read(9, 2)).Message);
            Assert.Equal([95], part.Part(5, 1).Read(0, 1).Span.ToArray());
        }
        Assert.Equal(0, text.Read(0, 1)[0]);
        Assert.Equal("tokens: part 2 from place 99: there are 100: ask for some of these",
            Assert.ThrowsAny<ArgumentException>(() => text.Part(99, 2)).Message);
    }

    [Fact]
    public void A_vector_of_NumPy_says_its_format_itself()
    {
        byte[] Npy(string type, string shape, int bytes)
        {
            byte[] header = new byte[128];
            header.AsSpan(10).Fill((byte)' ');
            header[0] = 0x93;
            "NUMPY"u8.CopyTo(header.AsSpan(1));
            (header[6], header[7], header[8], header[9]) = (1, 0, 118, 0);
            System.Text.Encoding.ASCII.GetBytes(
                $"{{'descr': '{type}', 'fortran_order': False, 'shape': {shape}, }}", header.AsSpan(10));
            header[^1] = (byte)'\n';
            byte[] numbers = new byte[bytes];
            for (int i = 0; i < bytes / 4; i++) BinaryPrimitives.WriteUInt32LittleEndian(numbers.AsSpan(4 * i), 70_000);
            return [.. header, .. numbers];
        }

        using (var text = TokenFile.Open(_folder.Write("a.npy", Npy("<u4", "(3,)", 12))))
            Assert.Equal([70_000, 70_000, 70_000], text.Read(0, 3).Span.ToArray());
        string Refused(byte[] file) =>
            Assert.Throws<InvalidDataException>(() => TokenFile.Open(_folder.Write("b.npy", file))).Message;
        Assert.Equal("tokens 'b.npy': it holds numbers of type <i8: save tokens as uint16 or uint32",
            Refused(Npy("<i8", "(3,)", 24)));
        Assert.Equal("tokens 'b.npy': it has 2 axes, and a vector has one: save it again with numpy.save",
            Refused(Npy("<u2", "(3, 1)", 6)));
        Assert.Equal("tokens 'b.npy': its header says 5,000,000,000 tokens, and 6 bytes follow: save it again with "
            + "numpy.save", Refused(Npy("<u2", "(5000000000,)", 6)));
        Assert.Equal("tokens 'b.npy': it does not begin as a file of NumPy does: save it again with numpy.save",
            Refused([1, 0, 2, 0]));
    }

    [Fact]
    public void Damaged_files_are_refused_when_they_are_opened()
    {
        string Refused(byte[] file) =>
            Assert.Throws<InvalidDataException>(() => TokenFile.Open(_folder.Write("a.bin", file))).Message;
        Assert.Equal("tokens 'a.bin': it is empty: take it away, or write it again", Refused([]));
        Assert.Equal("tokens 'a.bin': its 3 bytes are no whole number of tokens of 2 bytes: it was cut off, or is of "
            + "another format: write it again, or say the format", Refused([1, 2, 3]));
        Directory.CreateDirectory(_folder.PathOf("none"));
        Assert.Equal($"tokens: the folder '{_folder.PathOf("none")}' holds no files that end in .bin or .npy: give a "
            + "folder of token files, or name them",
            Assert.Throws<InvalidDataException>(() => TokenFile.Open(_folder.PathOf("none"))).Message);
        Assert.StartsWith("tokens: there is no file",
            Assert.Throws<FileNotFoundException>(() => TokenFile.Open(_folder.PathOf("gone"))).Message,
            StringComparison.Ordinal);
        Assert.Equal("tokens: no file is named: give one or more",
            Assert.ThrowsAny<ArgumentException>(() => TokenFile.Open([])).Message);
    }

    [Fact]
    public void An_id_above_the_vocabulary_is_named_with_its_shard_and_place_when_it_is_read()
    {
        int[] ids = new int[20_000];
        ids[12_345] = 27;
        Written("a.bin", new int[10]);
        Written("b.bin", ids);
        using var text = TokenFile.Open([_folder.PathOf("a.bin"), _folder.PathOf("b.bin")], vocabularySize: 27);
        Assert.Equal(0, text.Read(0, 10_000)[9_999]);
        Assert.Equal("tokens 'b.bin': token 27 at place 12,345 is none of 27: the file belongs to another "
            + "vocabulary, is "
            + "of another format, or is damaged: write it again",
            Assert.Throws<InvalidDataException>(() => text.Read(10_010, 10_000)).Message);
        // Ids of two bytes, read as four, and one that no int holds.
        _folder.Write("c.bin", [1, 0, 2, 0, 0xff, 0xff, 0xff, 0xff]);
        using var four = TokenFile.Open(_folder.PathOf("c.bin"), TokenFormat.FourBytes, 27);
        Assert.StartsWith("tokens 'c.bin': token 131073 at place 0 is none of 27",
            Assert.Throws<InvalidDataException>(() => four.Read(0, 2)).Message, StringComparison.Ordinal);
        Assert.StartsWith("tokens 'c.bin': token 4294967295 at place 1 is none of 27",
            Assert.Throws<InvalidDataException>(() => four.Read(1, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_cut_off_while_it_is_open_ends_in_a_sentence()
    {
        // Windows does not let a file be cut off that somebody reads.
        if (OperatingSystem.IsWindows()) return;
        string path = Written("a.bin", new int[10_000]);
        using var text = TokenFile.Open(path);
        System.Diagnostics.Process.Start("truncate", ["-s", "100", path]).WaitForExit();
        Assert.Equal(0, text.Read(0, 50)[49]);
        Assert.Equal("tokens 'a.bin': it ends at byte 100, and was longer when it was opened: leave it alone "
            + "while it is "
            + "read, and write it again", Assert.Throws<InvalidDataException>(() => text.Read(0, 51)).Message);
    }

    [Fact]
    public void A_closed_file_says_so()
    {
        var text = TokenFile.Open(Written("a.bin", [1]));
        text.Dispose();
        Assert.Equal("tokens 'a.bin': the file was closed: open it again, and close it after training",
            Assert.Throws<InvalidOperationException>(() => text.Read(0, 1)).Message);
    }

    [Fact]
    public void What_cannot_be_written_leaves_nothing_behind()
    {
        string path = _folder.PathOf("a.bin");
        Assert.Equal("tokens: id 65536 at place 2: two bytes hold ids of at most 65,535: give TokenFormat.FourBytes",
            Assert.ThrowsAny<ArgumentException>(() => TokenFile.Write(path, [[1], [2, 65_536]])).Message);
        Assert.Equal("tokens: id -1 at place 0: give ids of 0 and more",
            Assert.ThrowsAny<ArgumentException>(() => TokenFile.Write(path, [[-1]])).Message);
        Assert.Equal("tokens: there are no tokens to write: give one or more",
            Assert.ThrowsAny<ArgumentException>(() => TokenFile.Write(path, [[]])).Message);
        Assert.ThrowsAny<ArgumentException>(() => TokenFile.WriteShards(path, [[1, 2, 3, -1]], shardTokens: 2));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
        Directory.CreateDirectory(path);
        Assert.Equal($"tokens: '{path}' is there already: give another folder, or take it away first",
            Assert.Throws<IOException>(() => TokenFile.WriteShards(path, [[1]])).Message);
    }
}
