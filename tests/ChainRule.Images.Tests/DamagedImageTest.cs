using System.Globalization;
using ChainRule.Tests;
using ChainRule.Zoo.Images;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;
using SkiaSharp;

namespace ChainRule.Images.Tests;

/// <summary>
/// Files with a few bytes changed and an end cut off. CHAINRULE_FUZZ says how many of each kind; 1,000 by default.
/// </summary>
public sealed class DamagedImageTest
{
    static readonly int s_files = int.Parse(Environment.GetEnvironmentVariable("CHAINRULE_FUZZ") ?? "1000",
        CultureInfo.InvariantCulture);

    [Fact]
    public void Thousands_of_damaged_files_end_in_pictures_or_named_errors()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(7);
        byte[] sixteen = ImageModelTest.Png(9, 9, 16, 2, [.. Enumerable.Range(0, 9 * 55)
            .Select(i => (byte)(i % 55 == 0 ? i % 5 : i * i))]);
        foreach (var (name, whole) in ((string, byte[])[])[
            ("png", ImageModelTest.Encoded(24, 17, SKColors.Teal, SKEncodedImageFormat.Png)), ("16 bits", sixteen),
            ("jpeg", ImageModelTest.Encoded(24, 17, SKColors.Teal, SKEncodedImageFormat.Jpeg))])
        {
            for (int i = 0; i < s_files; i++)
            {
                byte[] damaged = [.. whole];
                for (int hits = random.Next(1, 6); hits > 0; hits--)
                    damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
                string path = folder.Write("x", damaged[..random.Next(damaged.Length / 2, damaged.Length + 1)]);
                var e = Record.Exception(() => ImageFiles.Read(path));
                Assert.True(e is null or InvalidDataException, $"{name} {i}: {e}");
                if (e is not null) Assert.True(e.Message.StartsWith($"image {path}: ", StringComparison.Ordinal)
                    && !e.Message.Contains('\n', StringComparison.Ordinal), $"{name} {i}: {e.Message}");
            }
        }
    }

    [Fact]
    public void A_header_that_promises_more_than_there_is_is_damage()
    {
        using var folder = new TemporaryFolder();
        ImageModelTest.Refuses(folder.Write("bomb.png", ImageModelTest.Png(8000, 8000, 8, 6, new byte[100])),
            "it is damaged, and cannot be decoded: copy or save it again");
    }

    [Fact]
    public void One_bad_file_of_a_folder_is_named_before_anything_is_trained()
    {
        using TemporaryFolder folder = new(), other = new();
        byte[] good = ImageModelTest.Encoded(8, 8, SKColors.Red, SKEncodedImageFormat.Png);
        foreach (string file in (string[])["a/1.png", "a/2.png", "b/1.png", "b/2.png"])
        {
            Directory.CreateDirectory(folder.PathOf(file[..1]));
            folder.Write(file, good);
        }
        ImageFiles.Install();
        folder.Write("b/2.png", good[..(good.Length / 2)]);
        Refuses($"image {folder.PathOf("b/2.png")}: it is damaged, and cannot be decoded: copy or save it again");
        folder.Write("b/2.png", ImageModelTest.Png(50_000, 1, 8, 0, new byte[50_001]));
        Refuses($"image {folder.PathOf("b/2.png")}: 50,000 × 1 pixels: sides of 16,384 and 64,000,000 pixels are the "
            + "most: make it smaller");
        folder.Write("b/2.png", ImageModelTest.Encoded(9, 70, SKColors.Red, SKEncodedImageFormat.Png));
        // Of other sizes: all are resized.
        Assert.Equal([3, 32, 32], TrainingTask.Of(TaskKind.Images).Open(folder.Path).Preprocessing.Shape.Input.Span
            .ToArray());
        Assert.Equal([1, 12, 12], TrainingTask.Of(TaskKind.Images).Open(folder.Path,
            new ImageOptions(Size: 12, Channels: 1)).Preprocessing.Shape.Input.Span.ToArray());

        void Refuses(string message) => Assert.Equal(message, Assert.Throws<InvalidDataException>(() =>
            TrainingRun.Start(other.PathOf("run"), RunConfig.For(TaskKind.Images, "mlp") with { Data = folder.Path }))
            .Message);
    }
}
