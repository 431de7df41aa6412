using System.Globalization;
using ChainRule.Tests;
using SkiaSharp;

namespace ChainRule.Cli.Tests.Commands;

public sealed class PredictImagesTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_drawing_of_ones_own_is_answered_light_on_dark_and_ink_on_paper()
    {
        Train("--positive", "9", "--model", "lenet", "--steps", "250");
        Draw("light.png", SKColors.Black, SKColors.White);
        Draw("ink.png", SKColors.White, SKColors.Black);
        string[] lines = Run("predict", "run", "light.png", "ink.png").Well().Lines;
        string[] light = lines[0].Split("  "), ink = lines[1].Split("  ");
        Assert.Equal(["light.png", "9"], light[..2]);
        Assert.Equal(["ink.png", "9"], ink[..2]);
        Assert.Equal("inverted: its border is not as dark, or as bright, as those trained on", ink[3]);
        // Rounding of grey apart they are the same image.
        Assert.Equal(double.Parse(light[2], CultureInfo.InvariantCulture),
            double.Parse(ink[2], CultureInfo.InvariantCulture), 0.02);

        string[] explained = Run("predict", "run", "ink.png", "--explain").Well().Lines;
        Assert.Equal("  why: ink.html", explained[1]);
        string page = File.ReadAllText(_folder.PathOf("ink.html"));
        Assert.Contains("Feature maps of features.0", page, StringComparison.Ordinal);
        Assert.Contains("saliency", page, StringComparison.Ordinal);
        Assert.Equal("  why: ink-2.html", Run("predict", "run", "ink.png", "--explain").Well().Lines[1]);
    }

    [Fact]
    public void A_run_writes_its_page_and_info_tells_of_the_test_part_and_of_how_data_is_read()
    {
        string[] trained = Train("--positive", "9", "--size", "16", "--augment", "--steps", "60", "--model", "mlp");
        Assert.Contains("A page with all of this: run/report.html", trained);
        string page = File.ReadAllText(_folder.PathOf("run/report.html"));
        foreach (string part in (string[])["Each class", "Confusion matrix", "The most confident errors", "filters",
            "Accuracy on validation data", "augment", "seed"])
            Assert.Contains(part, page, StringComparison.Ordinal);
        string[] lines = Run("info", "run").Well().Lines;
        Assert.Contains("data is read    size 16, augment true, positive 9", lines);
        Assert.Contains(lines, line => line.StartsWith("test            accuracy 0.", StringComparison.Ordinal)
            && line.Contains("balanced accuracy", StringComparison.Ordinal)
            && line.EndsWith(" on 1,000 images", StringComparison.Ordinal));
    }

    [Fact]
    public void The_folder_is_an_argument_and_there_is_one()
    {
        foreach (string image in (string[])["set/a/1.png", "set/a/2.png", "set/b/1.png", "set/b/2.png"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder.PathOf(image))!);
            Draw(image, SKColors.Black, SKColors.White);
        }
        Run("train", "images", "set", "--model", "mlp", "--steps", "2", "--out", "own").Well();
        Assert.Contains("2 paths are given as FOLDER|IDX|CSV: give one", Run("train", "images", "set", "set").Errors,
            StringComparison.Ordinal);
        Assert.Contains("--data does not go with FOLDER|IDX|CSV", Run("train", "images", "set", "--data", "set").Errors,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_measures_folders_of_classes_and_says_what_is_not_defined()
    {
        foreach (var (name, pen) in ((string, SKColor)[])[("red", SKColors.Red), ("green", SKColors.Green),
            ("blue", SKColors.Blue)])
        {
            foreach (string set in (string[])["set", name])
            {
                Directory.CreateDirectory(_folder.PathOf($"{set}/{name}"));
                for (int i = 0; i < 4; i++) Draw($"{set}/{name}/{i}.png", SKColors.Black, pen);
            }
        }
        Train("set", "--model", "mlp", "--steps", "60", "--size", "8");
        Assert.Matches("^rows +12\naccuracy +1.0000\n", Run("evaluate", "run", "set").Well().Output);
        string one = Run("evaluate", "run", "red").Well().Output;
        Assert.Matches("Matthews correlation +–\n", one);
        Assert.Matches("blue +– +– +– +0\n", one);
        Assert.EndsWith("– is not defined: no image is of 'blue', 'green'.", one.Trim(), StringComparison.Ordinal);

        Assert.Equal("images set: --positive rad: there is no such class: did you mean 'red'? There are blue, green, "
            + "red",
            Run("train", "images", "set", "--positive", "rad").Refused(1));
        Run("train", "images", "set", "--positive", "red", "--model", "mlp", "--steps", "60", "--size", "8", "--out",
            "against").Well();
        string rest = Run("evaluate", "against", "set").Well().Output;
        Assert.Matches("not red +1.0000 +1.0000 +1.0000 +8\n", rest);
        Assert.Contains("The positive class is 'red'", rest, StringComparison.Ordinal);
        Directory.CreateDirectory(_folder.PathOf("set/yellow"));
        Assert.StartsWith("evaluate: set/yellow: the model knows no class 'yellow': it knows blue, green, red",
            Run("evaluate", "run", "set").Refused(1), StringComparison.Ordinal);
    }

    [Fact]
    public void One_file_that_cannot_be_read_keeps_none_of_the_others_from_being_answered()
    {
        Train("--steps", "20", "--model", "mlp");
        _folder.Write("bad.png", "no picture");
        Draw("good.png", SKColors.Black, SKColors.White);
        var ended = Run("predict", "run", "bad.png", "none.png", "good.png");
        Assert.Equal(1, ended.Code);
        Assert.StartsWith("good.png  ", Assert.Single(ended.Lines), StringComparison.Ordinal);
        Assert.Equal("predict: --out is for tables, and run is a run on images, whose classes are said on the standard "
            + "output: leave it out", Run("predict", "run", "good.png", "--out", "x.csv").Refused(1));
        string[] errors = ended.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("chainrule: image bad.png: the file is neither PNG nor JPEG: give a PNG or a JPEG file",
            errors[0]);
        Assert.Equal(2, errors.Length);
    }

    [Fact]
    public void Threads_change_no_bit_though_images_are_varied()
    {
        foreach (int threads in (int[])[1, 2])
            Run("train", "images", "--model", "cnn", "--set", "width=4", "--augment", "--noise", "0.05", "--steps",
                "12", "--threads", $"{threads}", "--out", $"run{threads}").Well();
        foreach (string file in (string[])["model.safetensors", "last.safetensors"])
            Assert.Equal(File.ReadAllBytes(_folder.PathOf($"run1/{file}")),
                File.ReadAllBytes(_folder.PathOf($"run2/{file}")));
    }

    string[] Train(params string[] options) => Run(["train", "images", .. options, "--out", "run"]).Well().Lines;

    Ended Run(params string[] args) => CommandLine.Run(_folder.Path, args);

    /// <summary>A nine of 200 × 200 pixels: a ring and a stroke.</summary>
    void Draw(string file, SKColor paper, SKColor pen)
    {
        using var bitmap = new SKBitmap(200, 200);
        using var canvas = new SKCanvas(bitmap);
        using var paint = new SKPaint { Color = pen, StrokeWidth = 17, Style = SKPaintStyle.Stroke, IsAntialias = true,
            StrokeCap = SKStrokeCap.Round };
        canvas.Clear(paper);
        canvas.DrawOval(98, 70, 28, 30, paint);
        canvas.DrawLine(126, 70, 118, 160, paint);
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(_folder.PathOf(file), data.ToArray());
    }
}
