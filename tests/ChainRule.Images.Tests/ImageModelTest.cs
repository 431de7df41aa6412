using System.Buffers.Binary;
using System.IO.Compression;
using ChainRule.Tests;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;
using SkiaSharp;

namespace ChainRule.Images.Tests;

public sealed class ImageModelTest
{
    [Fact]
    public void A_run_on_folders_of_files_predicts_them_and_sixteen_threads_agree()
    {
        using var folder = new TemporaryFolder();
        // Dark and bright, grey PNG and colour JPEG, of several sizes.
        foreach (string kind in (string[])["dark", "bright"])
        {
            Directory.CreateDirectory(folder.PathOf($"data/{kind}"));
            for (int i = 0; i < 12; i++)
                folder.Write($"data/{kind}/{i}.{(i % 2 == 0 ? "png" : "jpg")}", Encoded(20 + i, 18,
                    new SKColor((byte)((kind == "dark" ? 20 : 200) + i), 60, 70),
                    i % 2 == 0 ? SKEncodedImageFormat.Png : SKEncodedImageFormat.Jpeg));
        }
        ImageFiles.Install();
        var config = RunConfig.For(TaskKind.Images, "mlp");
        var run = TrainingRun.Start(folder.PathOf("run"), config with { Data = folder.PathOf("data"), Steps = 30,
            Training = config.Training with { BatchSize = 8 } });
        Assert.StartsWith("24 images (data) of 2 classes, colour, 32 × 32: 22 to train, 2 to validate",
            run.Data.Describe(run.Model), StringComparison.Ordinal);
        run.Train();
        Assert.Equal(1, run.Finish().Metrics["accuracy"]);

        var model = ImageModel.Load(folder.PathOf("run"));
        Assert.Equal(["bright", "dark"], model.Classes);
        string[] files = [.. Directory.GetFiles(folder.PathOf("data"), "*", SearchOption.AllDirectories)];
        var expected = files.Select(file => model.Predict(file)).ToArray();
        Assert.All(files.Zip(expected), one => Assert.Equal(Path.GetFileName(Path.GetDirectoryName(one.First)),
            one.Second.Class));
        var threads = Enumerable.Range(0, 16).Select(_ => new Thread(() =>
        {
            for (int turn = 0; turn < 5; turn++)
                foreach (var (file, found) in files.Zip(expected))
                    if (!model.Predict(file).Probabilities.SequenceEqual(found.Probabilities)) s_differ = true;
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        Assert.False(s_differ);
    }

    static volatile bool s_differ;

    [Fact]
    public void A_run_on_names_is_refused_with_what_it_is_for()
    {
        using var folder = new TemporaryFolder();
        TrainingRun.Start(folder.PathOf("run"), RunConfig.For(TaskKind.Names, "counts"));
        string message = Assert.Throws<ArgumentException>(() => ImageModel.Load(folder.PathOf("run"))).Message;
        Assert.StartsWith($"predict: {folder.PathOf("run")} is a run on names, and images are predicted by a run on "
            + "images: More names: ", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Grey_colour_and_transparent_pixels_are_read_as_they_look_on_white_or_on_black()
    {
        using var folder = new TemporaryFolder();
        byte[] seen = ImageFiles.Read(folder.Write("a.png",
            Encoded(2, 2, new SKColor(10, 20, 30), SKEncodedImageFormat.Png))).Bytes.ToArray();
        Assert.Equal([10, 20, 30, 10, 20, 30, 10, 20, 30, 10, 20, 30], seen);
        Assert.Equal([255, 255, 255], ImageFiles.Read(folder.Write("b.png",
            Encoded(1, 1, new SKColor(0, 0, 0, 0), SKEncodedImageFormat.Png))).Bytes.ToArray());
        // What would vanish on white is read as it looks on black: a white pixel beside a transparent one.
        byte[] White(byte left) => Png(2, 1, 8, 6, [0, left, left, left, 255, 255, 255, 255, 0]);
        Assert.Equal([255, 255, 255, 0, 0, 0], ImageFiles.Read(folder.Write("d.png", White(255))).Bytes.ToArray());
        Assert.Equal([200, 200, 200, 255, 255, 255],
            ImageFiles.Read(folder.Write("e.png", White(200))).Bytes.ToArray());
        // 16 bits of grey: 0x8000 is 128 of 255.
        var grey = ImageFiles.Read(folder.Write("c.png", Png(1, 1, 16, 0, [0, 0x80, 0x00])));
        Assert.Equal((1, 128), (grey.Channels, grey.Bytes[0]));
    }

    [Fact]
    public void What_is_no_picture_or_too_large_is_one_sentence()
    {
        using var folder = new TemporaryFolder();
        byte[] whole = Encoded(30, 30, SKColors.Red, SKEncodedImageFormat.Jpeg);
        Refuses(folder.Write("text.png", "no picture"), "the file is neither PNG nor JPEG: give a PNG or a JPEG file");
        Refuses(folder.Write("empty.png", ""), "the file is empty: give a PNG or a JPEG file");
        Refuses(folder.Write("gif.png", "GIF89a"), "the file is a GIF picture: give a PNG or a JPEG file");
        const string Damaged = "it is damaged, and cannot be decoded: copy or save it again";
        Refuses(folder.Write("half.jpg", whole[..(whole.Length / 2)]), Damaged);
        byte[] noise = Png(64, 64, 8, 0,
            [.. Enumerable.Range(0, 64 * 65).Select(i => (byte)(i % 65 == 0 ? 0 : i * i))]);
        Refuses(folder.Write("half.png", noise[..(noise.Length / 2)]), Damaged);
        Refuses(folder.Write("head.png", noise[..10]), Damaged);
        Refuses(folder.Write("long.png", Png(50_000, 1, 8, 0, new byte[50_001])), "50,000 × 1 pixels: sides of 16,384 "
            + "and 64,000,000 pixels are the most: make it smaller");
        // A few hundred bytes whose header says a gigabyte: refused before a pixel is decoded.
        Refuses(folder.Write("bomb.png", Png(16_000, 16_000, 8, 6, new byte[1000])), "16,000 × 16,000 pixels: sides of "
            + "16,384 and 64,000,000 pixels are the most: make it smaller");
        Assert.Contains("there is no file", Assert.ThrowsAny<IOException>(
            () => ImageFiles.Read(folder.PathOf("none.png"))).Message, StringComparison.Ordinal);
    }

    internal static void Refuses(string path, string message) => Assert.Equal($"image {path}: {message}",
        Assert.Throws<InvalidDataException>(() => ImageFiles.Read(path)).Message);

    internal static byte[] Encoded(int width, int height, SKColor colour, SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(width, height);
        bitmap.Erase(colour);
        using var data = bitmap.Encode(format, 95);
        return data.ToArray();
    }

    /// <summary>A PNG with any header: rows of bytes as they are, a filter byte before each.</summary>
    internal static byte[] Png(int width, int height, byte depth, byte colour, byte[] rows)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true)) zip.Write(rows);
        byte[] head = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(head, width);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), height);
        (head[8], head[9]) = (depth, colour);
        return [0x89, .. "PNG\r\n\x1a\n"u8, .. Chunk("IHDR", head), .. Chunk("IDAT", packed.ToArray()),
            .. Chunk("IEND", [])];
    }

    static byte[] Chunk(string name, byte[] content)
    {
        byte[] body = [.. System.Text.Encoding.ASCII.GetBytes(name), .. content], all = new byte[content.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(all, content.Length);
        body.CopyTo(all, 4);
        BinaryPrimitives.WriteUInt32BigEndian(all.AsSpan(all.Length - 4), Crc(body));
        return all;
    }

    static uint Crc(byte[] bytes)
    {
        uint crc = 0xffffffff;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xedb88320 & (uint)-(int)(crc & 1));
        }
        return ~crc;
    }
}
