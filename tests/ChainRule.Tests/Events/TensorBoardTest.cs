using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using ChainRule.Events;
using ChainRule.Randomness;
using ChainRule.Tests.Training;

namespace ChainRule.Tests.Events;

public sealed class TensorBoardTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    static readonly DateTimeOffset s_noon = new(2024, 5, 6, 12, 0, 0, 250, TimeSpan.Zero);

    public void Dispose() => _folder.Dispose();

    ReadEvent Only(string tag) => Assert.Single(EventReader.Folder(_folder.Path), one => one.Tag == tag);

    [Theory]
    [InlineData("", 0u)]
    [InlineData("123456789", 0xE3069283)]
    [InlineData("a", 0xC1D04330)]
    public void The_checksum_is_that_of_Castagnoli(string text, uint crc)
    {
        Assert.Equal(crc, EventFile.Crc32C(Encoding.ASCII.GetBytes(text)));
        Assert.Equal(crc, EventReader.Crc32C(Encoding.ASCII.GetBytes(text)));
    }

    [Fact]
    public void The_checksums_of_the_examples_of_RFC_3720_come_out()
    {
        byte[] Bytes(Func<int, int> of) => [.. Enumerable.Range(0, 32).Select(i => (byte)of(i))];
        Assert.Equal(0x8A9136AAu, EventFile.Crc32C(Bytes(_ => 0)));
        Assert.Equal(0x62A8AB43u, EventFile.Crc32C(Bytes(_ => 255)));
        Assert.Equal(0x46DD794Eu, EventFile.Crc32C(Bytes(i => i)));
        Assert.Equal(0x113FDB5Cu, EventFile.Crc32C(Bytes(i => 31 - i)));
    }

    [Fact]
    public void Numbers_come_back_with_their_steps_and_times()
    {
        var board = new TensorBoard(_folder.Path, s_noon);
        board.Scalar("loss/training", 0.1, 7, s_noon.AddSeconds(1.5));
        board.Scalar("loss/training", double.NaN, long.MaxValue);
        board.Scalar("größe", -0.0, 0);
        Assert.Equal(new FileInfo(board.FilePath).Length, board.Length);
        Assert.Matches(@"^events\.out\.tfevents\.1714996800\.[A-Za-z0-9-]*\.[0-9]+\.[0-9]+$",
            Path.GetFileName(board.FilePath));
        var read = EventReader.Folder(_folder.Path);
        Assert.Equal(4, read.Count);
        Assert.Equal(("brain.Event:2", 1714996800.25), (read[0].Version, read[0].Time));
        Assert.Equal((7L, "loss/training", 0.1f, 1714996801.75),
            (read[1].Step, read[1].Tag, read[1].Number, read[1].Time));
        Assert.Equal((long.MaxValue, float.NaN), (read[2].Step, read[2].Number));
        Assert.Equal(("größe", 0L, true), (read[3].Tag, read[3].Step, float.IsNegative(read[3].Number)));
        Assert.True(Math.Abs(read[3].Time - (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).TotalSeconds) < 3600);
    }

    [Fact]
    public void A_histogram_counts_every_finite_number_in_its_bin()
    {
        var board = new TensorBoard(_folder.Path);
        board.Histogram("w", Tensor.From([0f, 64, 63.5f, 1, 1.5f, float.NaN, float.PositiveInfinity], [7]), 3);
        board.Histogram("same", Tensor.Full([5], 2), 3);
        board.Histogram("none", Tensor.Full([5], double.NaN), 3);
        board.Histogram("wide", Tensor.From([-1.7e308, 1.7e308], [2]), 3);
        var w = Only("w").Value!.In(5);
        Assert.Equal([0, 64, 5, 130, 64 * 64.0 + 63.5 * 63.5 + 1 + 2.25],
            Enumerable.Range(1, 5).Select(w.Real));
        Assert.Equal(Enumerable.Range(1, 64).Select(i => (double)i), w.Reals(6));
        double[] counts = w.Reals(7);
        Assert.Equal((1, 2, 2, 5), (counts[0], counts[1], counts[63], counts.Sum()));
        var same = Only("same").Value!.In(5);
        Assert.Equal([2], same.Reals(6));
        Assert.Equal([5], same.Reals(7));
        Assert.Equal([0], Only("none").Value!.In(5).Reals(7));
        double[] wide = Only("wide").Value!.In(5).Reals(7);
        Assert.Equal((1, 1, 2), (wide[0], wide[^1], wide.Sum()));
    }

    [Fact]
    public void A_picture_is_a_PNG_of_its_pixels()
    {
        var board = new TensorBoard(_folder.Path);
        board.Image("grey", Tensor.From([0f, 0.5f, 1, 2, -1, float.NaN], [2, 3]), 1);
        board.Image("colour", Tensor.From([1f, 0, 0.2f], [3, 1, 1]), 1);
        var (height, width, rgb) = Pixels(Only("grey"));
        Assert.Equal((2, 3), (height, width));
        Assert.Equal([0, 0, 0, 128, 128, 128, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0], rgb);
        Assert.Equal([255, 0, 51], Pixels(Only("colour")).Rgb);
    }

    static (int Height, int Width, byte[] Rgb) Pixels(ReadEvent read)
    {
        var image = read.Value!.In(4);
        Assert.Equal(3, image.Whole(3));
        byte[] png = image.Bytes(4);
        Assert.Equal([0x89, .. "PNG\r\n\u001a\n"u8], png[..8]);
        int width = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)),
            height = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)),
            length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(33));
        Assert.Equal((height, width), (image.Whole(1), image.Whole(2)));
        using var zip = new ZLibStream(new MemoryStream(png, 41, length), CompressionMode.Decompress);
        using var rows = new MemoryStream();
        zip.CopyTo(rows);
        return (height, width, [.. rows.ToArray().Chunk(1 + 3 * width).SelectMany(row => row[1..])]);
    }

    [Fact]
    public void A_text_is_a_tensor_of_one_string_for_the_plugin_of_texts()
    {
        new TensorBoard(_folder.Path).Text("remark", "**Füße** 🦶", 2);
        var value = Only("remark").Value!;
        Assert.Equal((7L, "**Füße** 🦶"), (value.In(8).Whole(1), value.In(8).Text(8)));
        Assert.Empty(value.In(8).Bytes(2));
        Assert.Equal(("text", 2L), (value.In(9).In(1).Text(1), value.In(9).Whole(4)));
    }

    [Fact]
    public void Hyperparameters_are_declared_and_given_and_the_end_is_said_once()
    {
        var board = new TensorBoard(_folder.Path, s_noon);
        board.Hyperparameters(new Dictionary<string, object> { ["lr"] = 0.5f, ["name"] = "", ["fast"] = false },
            "loss/validation");
        board.End(completed: false, s_noon.AddMinutes(1));
        board.End();
        FieldTree Content(string tag, int field)
        {
            var value = Only($"_hparams_/{tag}").Value!;
            Assert.Equal("hparams", value.In(9).In(1).Text(1));
            Assert.Equal(1, value.In(8).Whole(1));
            return value.In(9).In(1).In(2).In(field);
        }
        var experiment = Content("experiment", 2);
        Assert.Equal([("lr", 3L), ("name", 1L), ("fast", 2L)], experiment.All(4).Select(one => new FieldTree(one))
            .Select(info => (info.Text(1), info.Whole(4))));
        Assert.Equal("loss/validation", experiment.In(5).In(1).Text(2));
        var start = Content("session_start_info", 3);
        var given = start.All(1).Select(one => new FieldTree(one)).ToDictionary(one => one.Text(1), one => one.In(2));
        Assert.Equal((0.5, "", 0L), (given["lr"].Real(2), given["name"].Text(3), given["fast"].Whole(4)));
        Assert.Equal(1714996800.25, start.Real(5));
        var end = Content("session_end_info", 4);
        Assert.Equal((2L, 1714996860.25), (end.Whole(1), end.Real(2)));
    }

    [Fact]
    public void A_trainer_is_watched_and_left_as_it_is()
    {
        var plain = SmallTraining.Make();
        plain.Fit(14);
        var watched = SmallTraining.Make();
        var board = new TensorBoard(_folder.Path);
        using (board.Watch(watched, everyStep: true)) watched.Fit(14);
        watched.Fit(21);
        Assert.Equal(SmallTraining.Bits(plain.Model).Length, SmallTraining.Bits(watched.Model).Length);
        var read = EventReader.Folder(_folder.Path);
        var points = watched.History.Points;
        float[] Values(string tag) => [.. read.Where(one => one.Tag == tag).Select(one => one.Number)];
        Assert.Equal(Enumerable.Range(1, 14).Select(step => (long)step),
            read.Where(one => one.Tag == "loss/batch").Select(one => one.Step));
        Assert.Equal(points.Take(3).Select(point => (float)point.ValidationLoss), Values("loss/validation"));
        Assert.Equal(points.Skip(1).Take(2).Select(point => (float)point.TrainLoss), Values("loss/training"));
        Assert.Equal(points.Take(3).Select(point => (float)point.LearningRate), Values("learning rate"));
        Assert.Equal(points.Take(3).Select(point => (float)point.Metrics["accuracy"]), Values("metrics/accuracy"));
        Assert.Equal([0L, 7, 14], read.Where(one => one.Tag == "weights/0.weight").Select(one => one.Step));
        Assert.Equal([7L, 14], read.Where(one => one.Tag == "gradients/4.bias").Select(one => one.Step));
        Assert.All(read.Where(one => one.Tag == "weights/0.weight"), one => Assert.Equal(24, one.Value!.In(5).Real(3)));
        var again = SmallTraining.Make();
        again.Fit(21);
        Assert.Equal(SmallTraining.Bits(again.Model), SmallTraining.Bits(watched.Model));
    }

    [Fact]
    public void A_second_writer_goes_on_in_a_second_file_and_a_last_record_that_is_half_is_passed_over()
    {
        var board = new TensorBoard(_folder.Path, s_noon);
        board.Scalar("a", 1, 1);
        board.Scalar("a", 2, 2);
        string first = board.FilePath;
        using (var file = new FileStream(first, FileMode.Open)) file.SetLength(file.Length - 3);
        byte[] before = File.ReadAllBytes(first);
        var second = new TensorBoard(_folder.Path, s_noon);
        Assert.NotEqual(first, second.FilePath);
        second.Scalar("a", 2, 2);
        Assert.Equal(before, File.ReadAllBytes(first));
        Assert.Equal([(1L, 1f), (2L, 2f)],
            EventReader.Folder(_folder.Path).Where(one => one.Tag == "a").Select(one => (one.Step, one.Number)));
    }

    [Fact]
    public void Threads_may_write_at_once()
    {
        var board = new TensorBoard(_folder.Path);
        Parallel.For(0, 200, i => board.Scalar($"t{i}", i, i));
        Assert.Equal(Enumerable.Range(0, 200), EventReader.Folder(_folder.Path).Skip(1)
            .Select(one => (int)one.Number).Order());
    }

    [Fact]
    public void What_cannot_be_written_is_refused_by_a_sentence()
    {
        var board = new TensorBoard(_folder.PathOf("new/folder"));
        Refused.With<ArgumentException>("tensorboard: the tag is empty: give a name", () => board.Scalar("", 1, 1));
        Refused.With<ArgumentException>("tensorboard: image 'a': [2, 2, 2]: give grey pixels, [height, width], or "
            + "three planes of colour, [3, height, width]", () => board.Image("a", Tensor.Ones([2, 2, 2]), 1));
        Refused.With<ArgumentException>("tensorboard: hyper-parameter 'a' is a Int32[]: give a number, a bool or a "
            + "text", () => board.Hyperparameters(new Dictionary<string, object> { ["a"] = new int[] { 1 } }));
        Refused.With<ArgumentException>("tensorboard: ' ' is no path: give that of a folder",
            () => _ = new TensorBoard(" "));
        string file = _folder.Write("file", "text");
        var refused = Assert.ThrowsAny<IOException>(() => _ = new TensorBoard(file));
        Assert.StartsWith($"tensorboard: nothing can be written into '{file}': ", refused.Message,
            StringComparison.Ordinal);
        File.Delete(board.FilePath);
        Assert.StartsWith($"tensorboard: '{board.FilePath}' cannot be written",
            Assert.ThrowsAny<IOException>(() => board.Scalar("a", 1, 1)).Message, StringComparison.Ordinal);
        Assert.Matches($"^tensorboard events in .*: [0-9]+ bytes$", board.ToString());
    }
}
