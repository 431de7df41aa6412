using System.Globalization;
using ChainRule.Cli.Pages;
using ChainRule.Images;

namespace ChainRule.Cli.Commands;

/// <summary>What an autoencoder makes of images, and how much of them it gives back.</summary>
static class AutoencoderCommands
{
    const int MostOfCode = 8, Worst = 5;

    static readonly string[] s_images = [".png", ".jpg", ".jpeg"];

    /// <summary>The error and the code of each image; with a folder, what came back as PNG files.</summary>
    public static int Predict(string folder, IReadOnlyList<string> images, string? output, bool explain)
    {
        var model = AutoencoderModel.Load(folder);
        if (output is not null) Directory.CreateDirectory(output);
        List<(string Name, Reconstruction Made)> all = [];
        bool whole = true;
        foreach (string path in images)
        {
            try
            {
                var made = model.Reconstruct(path);
                all.Add((path, made));
                string code = made.Code.Count > MostOfCode ? $"{made.Code.Count} numbers"
                    : string.Join(' ', made.Code.Select(one => one.ToString("0.0000", CultureInfo.InvariantCulture)));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{Printable.Path(path)}  error {made.Error:0.0000}  code {code}"));
                if (output is null) continue;
                string file = Path.Combine(output, Path.GetFileNameWithoutExtension(path) + ".png");
                if (File.Exists(file))
                    throw new IOException($"predict: {Printable.Path(file)} is already there: choose another --out");
                ImageFiles.Write(file, made.Restored);
            }
            catch (Exception e) when (e is IOException or InvalidDataException or ArgumentException)
            {
                // One that cannot be read keeps none of the others from being answered.
                Console.Error.WriteLine(Printable.Message($"chainrule: {e.Message}"));
                whole = false;
            }
        }
        if (explain && all.Count > 0)
        {
            string page = "reconstructed.html";
            for (int i = 2; File.Exists(page); i++) page = $"reconstructed-{i}.html";
            AutoencoderPage.Of(all).Save(page);
            Console.WriteLine($"page: {page}");
        }
        return whole ? Tool.Done : Tool.Failed;
    }

    /// <summary>The error on every image of a folder and of those in it, and the images that are given back
    /// worst.</summary>
    public static string Evaluate(string folder, string path)
    {
        var model = AutoencoderModel.Load(folder);
        if (!Directory.Exists(path))
            throw new InvalidDataException($"evaluate: {Printable.Path(path)} is no folder: give one of PNG or JPEG "
                + "files");
        string[] images = [.. Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
            .Where(file => s_images.Contains(Path.GetExtension(file).ToLowerInvariant()))
            .Order(StringComparer.Ordinal)];
        if (images.Length == 0)
            throw new InvalidDataException($"evaluate: {Printable.Path(path)} holds no images: give a folder of PNG or "
                + "JPEG files");
        var made = images.Select(image => (Name: image, Made: model.Reconstruct(image))).ToList();
        string worst = string.Join('\n', made.OrderByDescending(one => one.Made.Error).Take(Worst).Select(one =>
            string.Create(CultureInfo.InvariantCulture, $"  {one.Made.Error:0.0000}  {Printable.Path(one.Name)}")));
        return string.Create(CultureInfo.InvariantCulture, $"{Printable.Count(made.Count, "image")}: mean squared "
            + $"error "
            + $"{made.Average(one => one.Made.Error):0.0000} in variances of the pixels trained on, ")
            + $"{Explained([.. made.Select(one => one.Made)])}\nthe largest errors:\n{worst}";
    }

    /// <summary>In the pixels themselves, so that both errors are of the same.</summary>
    static string Explained(IReadOnlyList<Reconstruction> made)
    {
        int numbers = made[0].Image.Bytes.Length;
        double[] mean = new double[numbers];
        foreach (var one in made) for (int i = 0; i < numbers; i++) mean[i] += one.Image.Bytes[i] / (double)made.Count;
        (double error, double variance) = (0, 0);
        foreach (var one in made)
        {
            for (int i = 0; i < numbers; i++)
            {
                error += Math.Pow(one.Image.Bytes[i] - one.Restored.Bytes[i], 2);
                variance += Math.Pow(one.Image.Bytes[i] - mean[i], 2);
            }
        }
        return variance == 0 ? "of images that do not vary" : string.Create(CultureInfo.InvariantCulture,
            $"{100 * (1 - error / variance):0.0} % of the variance around their mean image explained");
    }
}
