using System.IO.Compression;
using System.Text;
using ChainRule.Data;
using ChainRule.Training;
using ChainRule.Tests.Training;

namespace ChainRule.Tests.Data;

/// <summary>
/// What is read from a path is read from any stream: one that cannot seek, one that hands out a byte at a time,
/// one that is cut off.
/// </summary>
public sealed class StreamsTest
{
    const string Text = "size;kind\n1,5;a\n-3;b\n";

    static readonly byte[] s_idx = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 0, 51, 255, 1, 2, 3];

    [Fact]
    public void A_table_is_read_from_a_stream_of_any_kind()
    {
        byte[] plain = Encoding.UTF8.GetBytes(Text);
        foreach (var stream in (Stream[])[new MemoryStream(plain), new Trickle(plain), new Trickle(Zipped(plain))])
        {
            var table = Csv.Read(stream);
            Assert.Equal([1.5f, -3], table.Tensor("size").ToArray<float>());
            Assert.Equal("table 'stream' of 2 rows, separated by ';', decimal mark ',': size, kind", table.ToString());
            Assert.True(stream.CanRead);
            Assert.Equal(0, stream.Read(new byte[1]));
        }
    }

    [Fact]
    public void To_look_at_a_stream_leaves_it_where_it_stood()
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes("xx" + Text)) { Position = 2 };
        var found = Csv.Sniff(stream);
        Assert.Equal((';', ',', 2), (found.Separator, found.DecimalMark, stream.Position));
        Assert.Equal(2, Csv.Read(stream, found).Rows);
        Assert.Equal(';', Csv.Sniff(new Trickle(Encoding.UTF8.GetBytes(Text))).Separator);
    }

    [Fact]
    public void A_table_that_is_cut_off_says_so()
    {
        byte[] zipped = Zipped(Encoding.UTF8.GetBytes(Text));
        Refused.With<InvalidDataException>("csv 'stream': the gzip around it is damaged: fetch the file again",
            () => Csv.Read(new Trickle(zipped[..^9])));
        Refused.With<InvalidDataException>("csv 'stream': the file is empty: there is no line to read",
            () => Csv.Read(new MemoryStream()));
        Refused.With<InvalidDataException>(
            "csv 'stream': line 3 has 1 field, and 2 are expected: correct the line, or check the separator ','",
            () => Csv.Read(new MemoryStream("a,b\n1,2\n3"u8.ToArray())));
    }

    [Fact]
    public void An_idx_file_is_read_from_a_stream_of_any_kind()
    {
        foreach (var stream in (Stream[])[new MemoryStream(s_idx), new Trickle(s_idx), new Trickle(Zipped(s_idx))])
        {
            var idx = Idx.Read(stream);
            Assert.Equal([2, 3], idx.Shape.Span.ToArray());
            Assert.Equal([0, 51, 255, 1, 2, 3], idx.Bytes.ToArray());
            Assert.True(stream.CanRead);
        }
        for (int cut = 0; cut < s_idx.Length; cut++)
            Assert.StartsWith("idx 'stream': ",
                Assert.Throws<InvalidDataException>(() => Idx.Read(new Trickle(s_idx[..cut]))).Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public void A_training_goes_on_from_a_stream_to_the_same_bits()
    {
        var unbroken = SmallTraining.Make();
        unbroken.Fit(30);

        var first = SmallTraining.Make();
        first.Fit(13);
        using var last = new MemoryStream();
        using var model = new MemoryStream();
        Checkpoint.SaveLast(first, last, new Dictionary<string, string> { ["note"] = "x" });
        Checkpoint.SaveModel(first.Model, model);

        var second = SmallTraining.Make();
        Checkpoint.Resume(second, new Trickle(last.ToArray()));
        Assert.Equal(13, second.Step);
        second.Fit(30);
        Assert.Equal(SmallTraining.Bits(unbroken.Model), SmallTraining.Bits(second.Model));
        Assert.Equal("x", Safetensors.Read(new MemoryStream(last.ToArray())).Metadata["note"]);

        var third = SmallTraining.Make();
        Checkpoint.LoadModel(third.Model, new Trickle(model.ToArray()));
        Assert.Equal(SmallTraining.Bits(first.Model), SmallTraining.Bits(third.Model));
    }

    [Fact]
    public void A_checkpoint_that_is_cut_off_changes_nothing()
    {
        var trainer = SmallTraining.Make();
        trainer.Fit(5);
        using var saved = new MemoryStream();
        Checkpoint.SaveLast(trainer, saved);
        byte[] bytes = saved.ToArray();
        float[] before = SmallTraining.Bits(trainer.Model);
        foreach (int cut in (int[])[0, 7, 8, 100, bytes.Length - 1])
        {
            Assert.Throws<InvalidDataException>(() => Checkpoint.Resume(trainer, new Trickle(bytes[..cut])));
            Assert.Throws<InvalidDataException>(() => Checkpoint.LoadModel(trainer.Model, new Trickle(bytes[..cut])));
        }
        Assert.Equal(before, SmallTraining.Bits(trainer.Model));
        Assert.Equal(5, trainer.Step);
    }

    [Fact]
    public void A_stream_that_cannot_be_read_or_written_is_refused()
    {
        var closed = new MemoryStream();
        closed.Dispose();
        foreach (var (asked, use) in new (string, Action)[]
        {
            ("csv 'stream'", () => Csv.Read(closed)), ("csv 'stream'", () => Csv.Sniff(closed)),
            ("idx", () => Idx.Read(closed)),
            ("safetensors", () => Safetensors.Read(closed)),
            ("checkpoint", () => Checkpoint.LoadModel(SmallTraining.Make().Model, closed)),
            ("checkpoint", () => Checkpoint.Resume(SmallTraining.Make(), closed)),
        })
        {
            var refused = Assert.ThrowsAny<ArgumentException>(use);
            Assert.Equal(($"{asked}: the stream is closed or only for writing: give one that can be read", "stream"),
                (refused.Message, refused.ParamName));
        }
        Refused.With<ArgumentException>(
            "checkpoint: the stream is closed or only for reading: give one that can be written to",
            () => Checkpoint.SaveModel(SmallTraining.Make().Model, new Trickle([])));
    }

    static byte[] Zipped(byte[] bytes)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest)) gzip.Write(bytes);
        return zipped.ToArray();
    }

    /// <summary>As a network hands bytes out: forwards only, and a byte at a time.</summary>
    sealed class Trickle(byte[] bytes) : Stream
    {
        int _at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set =>
            throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (count == 0 || _at == bytes.Length) return 0;
            buffer[offset] = bytes[_at++];
            return 1;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
