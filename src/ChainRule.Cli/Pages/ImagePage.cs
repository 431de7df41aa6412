using System.Globalization;
using ChainRule.Diagnostics;
using ChainRule.Layers;
using ChainRule.Pictures;
using ChainRule.Zoo.Images;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Settings;

namespace ChainRule.Cli.Pages;

/// <summary>
/// The page of a run on images: how good the model is, where it errs and what it looked at there, what its layers see,
/// how it was trained, and the settings.
/// </summary>
static class ImagePage
{
    /// <summary>The name of its file in a run's folder.</summary>
    public const string FileName = "report.html";

    const int MostFilters = 64, MostMaps = 16, MostClasses = 30;

    /// <summary>Draws the page of a finished run and writes it into its folder.</summary>
    /// <returns>Where it stands, in full.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static string Write(TrainingRun run, RunSummary summary)
    {
        var (data, model) = ((ImageData)run.Data, run.Model);
        using var mode = model.InEvaluation();
        var report = ImageReport.Of(summary)!;
        var page = new Page($"{Cell(summary.Model)} on {Cell(data.Source)}");
        page.Add($"{data.Describe(model)}. The model {Cell(summary.Model)} has "
            + string.Create(CultureInfo.InvariantCulture, $"{Printable.Count(summary.Parameters, "parameter")}."));
        AddScores(page, report);
        if (DefectReport.Of(summary) is { } defects) AddDefects(page, defects);
        AddErrors(page, data, model, report);
        AddLayers(page, data, model);
        AddTraining(page, run.Folder.ReadMetrics(), summary);
        page.Section("Settings").Add("The same data, settings and seed give the same model, bit for bit.")
            .Table("Settings", ["setting", "value"], [.. RunConfig.Of(run.Folder).Flat().Select(one =>
                (string[])[one.Key.Name, Cell(Setting.Text(one.Value))])]);
        return page.Save(Path.Combine(run.Folder.FullPath, FileName));
    }

    /// <summary>The page of one picture: what the model takes it for, and why.</summary>
    public static Page Explain(string name, ImageExplanation found, IReadOnlyList<KeyValuePair<string, Tensor>> maps)
    {
        var page = new Page($"{Cell(name)}: {Cell(found.Class)}")
            .Add($"The model takes it for {Cell(found.Class)}, with a probability of {Score(found.Probability)}.")
            .Images("What was looked at", [.. Looked(found)]);
        AddMeaning(page);
        page.Section("What the layers make of it");
        foreach (var (layer, map) in maps) page.Images($"Feature maps of {Cell(layer)}", Channels(map));
        return page;
    }

    static void AddScores(Page page, ImageReport report)
    {
        var matrix = report.Matrix;
        page.Section("How good it is").Add(string.Create(CultureInfo.InvariantCulture,
            $"Of {report.Count:N0} {report.Part} images, which the model was not trained on: {report.Summary()}."));
        page.Table("Each class", ["class", "precision", "recall", "F1", "images"],
            [.. report.Classes.Select((name, c) => matrix.Of(c) is var of ? (string[])[Cell(name), Score(of.Precision),
                Score(of.Recall), Score(of.F1), $"{of.Support:0}"] : [])]);
        if (report.Classes.Count > MostClasses) return;
        int count = report.Classes.Count;
        double[,] cells = new double[count, count];
        for (int a = 0; a < count; a++) for (int p = 0; p < count; p++) cells[a, p] = matrix[a, p];
        string[] names = [.. report.Classes.Select(name => Cell(name, 20))];
        if (names.Distinct().Count() == count)
            page.Add(Chart.HeatMap("Confusion matrix", "predicted class", "true class", cells, names, names,
                (a, p) => $"{matrix[a, p]:0}", new() { Alt = $"Confusion matrix of {count} classes: "
                    + report.Summary() + "." }));
    }

    static void AddDefects(Page page, DefectReport report)
    {
        page.Section("Kinds of defect").Add(string.Create(CultureInfo.InvariantCulture,
            $"ROC-AUC {report.SeenRocAuc:0.0000} on the kinds that were trained on, {report.HeldOut.RocAuc:0.0000} on ")
            + $"the kind that was held out, {Word(report.HeldOut.Kind)}. IoU is the intersection over union of the "
            + "true pixels of the defect and those where a map is at least half its largest number; a hit is an image "
            + "whose most salient pixel belongs to the defect.")
            .Table("Each kind", ["kind", "images", "ROC-AUC", "recall", "IoU of saliency", "IoU of occlusion", "hits",
                "trained on"], [.. report.Kinds.Select(kind => (string[])[Word(kind.Kind), $"{kind.Count}",
                    Score(kind.RocAuc), Score(kind.Recall), Score(kind.SaliencyOverlap), Score(kind.OcclusionOverlap),
                    Score(kind.Hits), kind.HeldOut ? "no" : "yes"])]);
    }

    static void AddErrors(Page page, ImageData data, Module model, ImageReport report)
    {
        page.Section("Where it errs");
        if (report.Errors.Count == 0)
        {
            page.Add("No image was classified wrong.");
            return;
        }
        page.Add("The most confident errors. Beside each image stands what moved the score of the wrong class.");
        var classes = data.Encoding.Classes;
        page.Images("The most confident errors", [.. report.Errors.SelectMany(error =>
        {
            var found = ImageExplanation.Of(model, data.Encoding, data.Measured(error.Index),
                classes.ToList().IndexOf(error.Predicted));
            string caption = $"{Cell(error.Image)}: {Cell(error.Class)}, predicted {Cell(error.Predicted)} with "
                + Score(error.Probability);
            return (Raster[])[Raster.Picture(caption, Seen(found.Seen)), .. Looked(found).Skip(1)];
        })], 3);
        AddMeaning(page);
    }

    static void AddMeaning(Page page) => page.Add("Saliency: how strongly a small change of each pixel moves the score "
        + "(bright: strongly). Occlusion: how much the score falls where a square covers the image (red: the score "
        + "rests on what is there; blue: what is there speaks against the class).");

    static void AddLayers(Page page, ImageData data, Module model)
    {
        page.Section("What its layers see");
        var filters = FeatureMaps.FirstFilters(model, data.Encoding.Shape.Input);
        int count = Math.Min(MostFilters, filters.Shape[0]);
        page.Add("The weights of the first layer as images: red is above 0, blue below. Of colour images the mean over "
            + "the channels is shown.");
        page.Images(count < filters.Shape[0] ? $"The first {count} of {filters.Shape[0]} filters" : "Filters",
            [.. Enumerable.Range(0, count).Select(i =>
                Raster.Signed($"{i}", filters.Select(0, i).Mean(0)))]);
        var picture = data.Measured(0);
        var maps = ImageExplanation.Maps(model, data.Encoding, picture);
        if (maps.Count == 0) return;
        page.Images("An image", [Raster.Picture("as the model sees it", Seen(data.Encoding.Fitted(picture)))]);
        foreach (var (layer, map) in maps.Where((_, i) => i == 0 || i == maps.Count / 2 || i == maps.Count - 1))
            page.Images($"What layer {layer} makes of it", Channels(map));
    }

    static void AddTraining(Page page, IReadOnlyList<RunMetrics> history, RunSummary summary)
    {
        page.Section("Training").Add(string.Create(CultureInfo.InvariantCulture,
            $"The best model is that of step {summary.BestStep:N0}. Training took {summary.SecondsTraining:0.0} "
            + $"seconds."));
        Series Of(string name, Func<RunMetrics, double?> value)
        {
            var points = history.Where(line => value(line) is { } y && double.IsFinite(y)).ToArray();
            return new(name, [.. points.Select(line => value(line)!.Value)]) { X = [.. points.Select(line =>
                (double)line.Step)] };
        }
        Series[] losses = [Of("training", line => line.TrainLoss), Of("validation", line => line.ValLoss)];
        if (losses.Any(one => one.Y.Count > 0))
            page.Add(Chart.Line("Loss", "step", "loss", [.. losses.Where(one => one.Y.Count > 0)],
                new() { LogY = true }));
        var accuracy = Of("validation", line => line.Metrics.TryGetValue("accuracy", out double x) ? x : null);
        if (accuracy.Y.Count > 0) page.Add(Chart.Line("Accuracy on validation data", "step", "accuracy", [accuracy]));
    }

    static IEnumerable<Raster> Looked(ImageExplanation found) =>
        [Raster.Picture("as the model sees it", Seen(found.Seen)), Raster.Map("saliency", found.Saliency),
            Raster.Signed("occlusion", found.Occlusion)];

    static Raster[] Channels(Tensor map) => [.. Enumerable.Range(0, Math.Min(MostMaps, map.Shape[0])).Select(c =>
        Raster.Map($"channel {c}", map.Select(0, c)))];

    /// <summary>[height, width] of grey, [3, height, width] of colour, from 0 to 1.</summary>
    static Tensor Seen(Pixels picture)
    {
        float[] pixels = [.. picture.Bytes.ToArray().Select(x => x / 255f)];
        var x = Tensor.From(pixels, [picture.Height, picture.Width, picture.Channels]);
        return picture.Channels == 1 ? x.Reshape(picture.Height, picture.Width) : x.Permute(2, 0, 1);
    }

    static string Word(DefectKind kind) => kind.ToString().ToLowerInvariant();

    static string Score(double number) => number.ToString("0.0000", CultureInfo.InvariantCulture);

    static string Cell(string text, int most = 80) => Printable.Of(text, most);
}
