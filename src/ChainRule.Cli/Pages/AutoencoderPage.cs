using System.Globalization;
using ChainRule.Images;
using ChainRule.Pictures;
using ChainRule.Zoo.Images;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Runs;

namespace ChainRule.Cli.Pages;

/// <summary>The page of an autoencoder: how much it gives back, images and what became of them, where the codes of the
/// classes lie, and how it was trained.</summary>
static class AutoencoderPage
{
    const int Shown = 12, MostDots = 2000, MostImages = 100;

    /// <summary>Draws the page of a finished run and writes it into its folder.</summary>
    /// <returns>Where it stands, in full.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static string Write(TrainingRun run, RunSummary summary)
    {
        var (data, model) = ((AutoencoderData)run.Data, (ImageAutoencoder)run.Model);
        var page = new Page($"Autoencoder of {TablePage.Cell(data.Source)}");
        foreach (string line in data.Report(summary)) page.Add($"{char.ToUpperInvariant(line[0])}{line[1..]}.");
        int count = Math.Min(Shown, data.Test.Shape[0]);
        var images = data.Test.Slice(0, 0, count);
        var shape = images.Shape;
        var back = AutoencoderData.Reconstruct(model, images).Reshape(shape[0], shape[1], shape[2], shape[3]);
        // Both on one scale, that of what went in.
        double low = images.Min().Item(), high = Math.Max(images.Max().Item(), low + 1e-9);
        Tensor Seen(Tensor all, int i)
        {
            var one = ((all.Select(0, i) - low) / (high - low)).Clamp(0, 1);
            return one.Shape[0] == 1 ? one.Select(0, 0) : one;
        }
        page.Section("Given back").Images("Images that were not learned from, and what comes back of them",
            [.. Enumerable.Range(0, count).SelectMany(i => (Raster[])[
                Raster.Picture(TablePage.Cell(data.Classes[data.TestClasses[i]]), Seen(images, i)),
                Raster.Picture("given back", Seen(back, i))])], together: 2);
        AddCodes(page, data, model);
        var history = run.Folder.ReadMetrics().Where(line => double.IsFinite(line.ValLoss)).ToArray();
        double[] steps = [.. history.Select(line => (double)line.Step)];
        return page.Section("Training").Add(string.Create(CultureInfo.InvariantCulture,
            $"The best model is that of step {summary.BestStep:N0}."))
            .Add(Chart.Line("Loss", "step", "loss", [new Series("validation", [.. history.Select(line => line.ValLoss)])
                { X = steps }], new() { LogY = true }))
            .Save(Path.Combine(run.Folder.FullPath, ImagePage.FileName));
    }

    /// <summary>A page of images, what came back of them, and where their codes lie.</summary>
    public static Page Of(IReadOnlyList<(string Name, Reconstruction Made)> images)
    {
        var page = new Page("Images given back").Images("Each image as the model saw it, and what came back",
            [.. images.Take(MostImages).SelectMany(one => (Raster[])[
                Raster.Picture(TablePage.Cell(Path.GetFileName(one.Name)), Numbers(one.Made.Image)),
                Raster.Picture(string.Create(CultureInfo.InvariantCulture, $"error {one.Made.Error:0.0000}"),
                    Numbers(one.Made.Restored))])], together: 2);
        if (images.Count > 1 && images[0].Made.Code.Count > 1)
            page.Section("Codes").Add("Each dot is an image, at the first two numbers of its code.")
                .Add(Chart.Scatter("Codes", "first number", "second number", [new Series("images",
                    [.. images.Select(one => one.Made.Code[1])]) { X = [.. images.Select(one => one.Made.Code[0])] }],
                    new() { Width = 520, Height = 460 }));
        return page;
    }

    /// <summary>[height, width], or [3, height, width]; 1 is full intensity.</summary>
    static Tensor Numbers(Pixels picture)
    {
        var x = Tensor.From([.. picture.Bytes.ToArray().Select(one => one / 255f)],
            [picture.Height, picture.Width, picture.Channels]);
        return picture.Channels == 1 ? x.Reshape(picture.Height, picture.Width)
            : Tensor.Stack(0, [.. Enumerable.Range(0, 3).Select(c => x.Select(2, c))]);
    }

    static void AddCodes(Page page, AutoencoderData data, ImageAutoencoder model)
    {
        int count = Math.Min(MostDots, data.Test.Shape[0]);
        var codes = AutoencoderData.Encode(model, data.Test.Slice(0, 0, count)).To(DType.Float64);
        int width = codes.Shape[1];
        if (width < 2 || data.Classes.Distinct().Count() < data.Classes.Count || data.Classes.Count > 20) return;
        double[] numbers = codes.ToArray<double>();
        page.Section("Codes").Add("Each dot is an image, at the first two numbers of its code. The model was not told "
            + "the classes: the colours were laid on afterwards.")
            .Add(Chart.Scatter("Codes", "first number", "second number", [.. data.Classes.Select((name, label) =>
            {
                int[] own = [.. Enumerable.Range(0, count).Where(i => data.TestClasses[i] == label)];
                return new Series(TablePage.Cell(name), [.. own.Select(i => numbers[i * width + 1])])
                    { X = [.. own.Select(i => numbers[i * width])] };
            }).Where(series => series.Y.Count > 0)], new() { Width = 520, Height = 460 }));
    }
}
