using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using System.Security.Cryptography;
using ChainRule.Data;

namespace ChainRule.Tests.Data;

public sealed class IdxTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    static byte[] File(byte[] magic, uint[] sizes, params byte[] data)
    {
        byte[] bytes = new byte[4 + 4 * sizes.Length + data.Length];
        magic.CopyTo(bytes, 0);
        for (int i = 0; i < sizes.Length; i++) BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4 + 4 * i), sizes[i]);
        data.CopyTo(bytes, 4 + 4 * sizes.Length);
        return bytes;
    }

    static byte[] Zip(byte[] bytes)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest)) gzip.Write(bytes);
        return zipped.ToArray();
    }

    static readonly byte[] s_small = File([0, 0, 8, 2], [2, 3], 0, 51, 255, 1, 2, 3);

    [Fact]
    public void A_file_is_read_plain_or_gzipped_whatever_its_name()
    {
        foreach (string path in (string[])[_folder.Write("a.gz", s_small), _folder.Write("a", Zip(s_small))])
        {
            var idx = Idx.Read(path);
            Assert.Equal([2, 3], idx.Shape.Span.ToArray());
            Assert.Equal([0, 51, 255, 1, 2, 3], idx.Bytes.ToArray());
            Assert.Equal([0, 0.2f, 1, 1 / 255f, 2 / 255f, 3 / 255f], idx.Tensor().ToArray<float>());
            Assert.Equal([0, 51, 255, 1, 2, 3], idx.Ids().Span.ToArray());
            Assert.Equal([2, 3], idx.Ids().Shape.Span.ToArray());
        }
    }

    public static TheoryData<IdxType, byte[], double[]> Numbers => new()
    {
        { IdxType.Int8, [0x80, 0xff, 0x7f], [-128, -1, 127] },
        { IdxType.Int16, [0x80, 0x00, 0xff, 0xff, 0x01, 0x02], [-32768, -1, 258] },
        { IdxType.Int32, [0x80, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 5], [int.MinValue, 256, 5] },
        { IdxType.Float32, [0x3f, 0xc0, 0, 0, 0xc1, 0x20, 0, 0, 0x7f, 0x80, 0, 0],
            [1.5, -10, double.PositiveInfinity] },
        { IdxType.Float64, [0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0xbf, 0xe0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            [1.5, -0.5, 0] },
    };

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Numbers_of_every_type_are_taken_as_they_are(IdxType type, byte[] data, double[] numbers)
    {
        byte[] bytes = File([0, 0, (byte)type, 1], [3], data);
        foreach (byte[] content in (byte[][])[bytes, Zip(bytes)])
        {
            var idx = Idx.Read(_folder.Write("n", content));
            Assert.Equal((type, $"idx [3] {type}"), (idx.Type, idx.ToString()));
            Assert.Equal(numbers, idx.Tensor(DType.Float64).ToArray<double>());
            Assert.Equal(numbers.Select(x => (float)x), idx.Tensor().ToArray<float>());
            Assert.Equal(data, idx.Bytes.ToArray());
            if (type is not (IdxType.Float32 or IdxType.Float64))
                Assert.Equal(numbers.Select(x => (int)x), idx.Ids().Span.ToArray());
            else
                Assert.Equal($"idx 'n': it holds {type}, and ids are integers: take it by Tensor",
                    Assert.Throws<InvalidDataException>(() => idx.Ids()).Message);
        }
    }

    [Fact]
    public void An_integer_that_float32_cannot_hold_is_refused()
    {
        var idx = Idx.Read(_folder.Write("n", File([0, 0, 12, 1], [2], 0, 0, 0, 1, 1, 0, 0, 1)));
        Assert.Equal([1, 16777217], idx.Ids().Span.ToArray());
        Assert.Equal([1, 16777217], idx.Tensor(DType.Float64).ToArray<double>());
        Assert.Equal(
            "idx 'n': 16777217 at place 1 is an integer that float32 cannot hold: take Tensor(DType.Float64), or Ids()",
            Assert.Throws<InvalidDataException>(() => idx.Tensor()).Message);
    }

    [Fact]
    public void An_axis_may_be_empty() =>
        Assert.Equal([0, 28, 28], Idx.Read(_folder.Write("e", File([0, 0, 8, 3], [0, 28,
        28]))).Shape.Span.ToArray());

    public static TheoryData<string, byte[], string> Damaged => new()
    {
        { "empty", [], "it holds 0 bytes, and the header alone takes 4 and more: fetch the file again" },
        { "short", [0, 0, 8], "it holds 3 bytes, and the header alone takes 4 and more: fetch the file again" },
        { "magic", [0x89, 0x50, 8, 1, 0],
            "it begins with the bytes 89 50, and an IDX file with 00 00: give an IDX file" },
        { "type", File([0, 0, 99, 1], [1], 1),
            "its number type is 99, which the format does not know: it knows 8, 9, 11, 12, 13, 14" },
        { "picture", [0x89, .. "PNG"u8, 0x0d],
            "it begins with the bytes 89 50, and an IDX file with 00 00; the file is a PNG picture" },
        {
            "wide", File([0, 0, 14, 1], [300_000_000], 1, 2),
            "axis 0 is 300000000, and the numbers up to it pass 268,435,448, the most that can be held: the header is "
                + "damaged, or the file too large"
        },
        { "rank", [0, 0, 8, 200, 1], "its header says 200 axes: from 1 to 16 can be read" },
        { "no axis", [0, 0, 8, 0, 1], "its header says 0 axes: from 1 to 16 can be read" },
        { "sizes", [0, 0, 8, 3, 0, 0, 0, 1], "it ends within the sizes of its 3 axes: fetch the file again" },
        { "truncated", s_small[..^1], "its header says [2, 3], 6 bytes, and 5 follow: fetch the file again" },
        { "trailing", [.. s_small, 9], "its header says [2, 3], 6 bytes, and more follow: fetch the file again" },
        {
            "huge", File([0, 0, 8, 4], [1 << 15, 1 << 15, 1 << 15, 1 << 15], 1),
            "axis 2 is 32768, and the numbers up to it pass 2,147,483,591, the most that can be held: the header is "
                + "damaged, or the file too large"
        },
        {
            "axis", File([0, 0, 8, 2], [0, uint.MaxValue]),
            "axis 1 is 4294967295, and the numbers up to it pass 2,147,483,591, the most that can be held: the header "
                + "is damaged, or the file too large"
        },
        {
            "lying", File([0, 0, 8, 1], [2_000_000_000], 1, 2),
            "its header says [2000000000], 2,000,000,000 bytes, which a file of that length cannot hold: fetch the "
                + "file again"
        },
    };

    [Theory]
    [MemberData(nameof(Damaged))]
    public void What_is_no_sound_file_is_refused_before_memory_is_taken(string name, byte[] bytes, string says)
    {
        foreach (byte[] content in (byte[][])[bytes, Zip(bytes)])
        {
            if (content.Length > bytes.Length && name == "empty") continue; // nothing, gzipped, is nothing at all
            string path = _folder.Write(name, content);
            long before = GC.GetAllocatedBytesForCurrentThread();
            string message = Assert.Throws<InvalidDataException>(() => Idx.Read(path)).Message;
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
            // Gzipped or plain, but for how a plain file's length tells at once that it is too short.
            if (name == "truncated") Assert.EndsWith(": fetch the file again", message, StringComparison.Ordinal);
            else Assert.Equal($"idx '{name}': {says}", message);
        }
    }

    [Fact]
    public void A_gzip_bomb_is_left_once_it_has_given_what_it_announced()
    {
        byte[] bomb = Zip([.. s_small, .. new byte[20_000_000]]);
        string path = _folder.Write("bomb", bomb);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal("idx 'bomb': its header says [2, 3], 6 bytes, and more follow: fetch the file again",
            Assert.Throws<InvalidDataException>(() => Idx.Read(path)).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void A_gzip_that_announces_more_than_it_holds_takes_memory_only_as_it_gives()
    {
        // A gigabyte could just be in a file of this length, and is not.
        byte[] noise = new byte[1 << 20];
        new Random(1).NextBytes(noise);
        string path = _folder.Write("liar", Zip(File([0, 0, 8, 1], [1_000_000_000], noise)));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(
            "idx 'liar': its header says [1000000000], 1,000,000,000 bytes, and 1,048,576 follow: fetch the file again",
            Assert.Throws<InvalidDataException>(() => Idx.Read(path)).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    [Fact]
    public void A_damaged_gzip_gives_the_very_numbers_or_one_sentence_at_every_length_and_byte()
    {
        // Some bytes of a gzip say nothing about its content, such as the time in its header.
        byte[] whole = Zip(s_small);
        int refused = 0;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int length = 0; length < whole.Length; length++) Try(whole[..length]);
        for (int at = 0; at < whole.Length; at++)
        {
            foreach (byte flip in (byte[])[1, 0x80, 0xff])
            {
                byte[] changed = [.. whole];
                changed[at] ^= flip;
                Try(changed);
            }
        }
        Assert.InRange(refused, 3 * whole.Length, 4 * whole.Length - 1);
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / (4 * whole.Length), 0, 100_000);

        void Try(byte[] bytes)
        {
            try
            {
                Assert.Equal([0, 51, 255, 1, 2, 3], Idx.Parse(new MemoryStream(bytes), "z").Bytes.ToArray());
            }
            catch (InvalidDataException e)
            {
                Assert.StartsWith("idx 'z': ", e.Message, StringComparison.Ordinal);
                refused++;
            }
        }
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        string path = _folder.PathOf("none");
        Assert.StartsWith($"idx: there is no file '{path}'",
            Assert.Throws<FileNotFoundException>(() => Idx.Read(path)).Message, StringComparison.Ordinal);
    }

    [RealDataFact("train-labels-idx1-ubyte.gz")]
    public void The_labels_of_mnist_are_counted()
    {
        var labels = Idx.Read(RealData.PathOf("train-labels-idx1-ubyte.gz")).Ids();
        Assert.Equal([60_000], labels.Shape.Span.ToArray());
        int[] counts = new int[10];
        foreach (int label in labels.Span) counts[label]++;
        Assert.Equal([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949], counts);
        Assert.Equal([5, 0, 4, 1, 9], labels.Span[..5].ToArray());
    }

    [RealDataFact("train-images-idx3-ubyte.gz")]
    public void The_images_of_mnist_are_the_published_bytes()
    {
        var images = Idx.Read(RealData.PathOf("train-images-idx3-ubyte.gz"));
        Assert.Equal([60_000, 28, 28], images.Shape.Span.ToArray());
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([0, 0, 8, 3, 0, 0, 0xea, 0x60, 0, 0, 0, 28, 0, 0, 0, 28]);
        hash.AppendData(images.Bytes);
        Assert.Equal("BA891046E6505D7AADCBBE25680A0738AD16AEC93BDE7F9B65E87A2FC25776DB",
            Convert.ToHexString(hash.GetHashAndReset()));
    }

    [RealDataFact("t10k-images-idx3-ubyte.gz")]
    public void The_test_images_of_mnist_become_a_tensor_from_0_to_1()
    {
        var images = Idx.Read(RealData.PathOf("t10k-images-idx3-ubyte.gz")).Tensor();
        Assert.Equal([10_000, 28, 28], images.Shape.Span.ToArray());
        Assert.Equal((0, 1), (images.Read<float>().ToArray().Min(), images.Read<float>().ToArray().Max()));
    }
}
