using System.Text;
using ChainRule.Diagnostics;
using ChainRule.Events;
using ChainRule.Lab.Playground;
using ChainRule.Layers;
using ChainRule.Training;
using ChainRule.Zoo.Images;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Settings;

namespace ChainRule.Cli.Exporting;

/// <summary>
/// A run as TensorBoard's events: its curves, the sizes of parameters, gradients and updates, how the weights of all
/// kept states are distributed, the first filters of a model of images, samples, and the settings.
/// </summary>
static class TensorBoardExport
{
    // More pictures in one are too small to see.
    const int MostFilters = 64;

    const int SamplesShown = 20;

    /// <summary>Writes the events.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="to">The folder to write into.</param>
    /// <returns>The file, its size, and what was left out, if anything.</returns>
    /// <exception cref="IOException">It cannot be written, or there are events in the folder already.</exception>
    public static (string Path, long Bytes, string? LeftOut) Write(string folder, string to)
    {
        if (Directory.Exists(to) && Directory.EnumerateFiles(to, "events.out.tfevents.*").Any())
            throw new IOException($"export: {Printable.Path(to)} holds events already, and TensorBoard would show both "
                + "over each other: delete them, or give another folder by --out");
        // A run keeps no clock: it began when its settings were written, and its steps took the time that it kept.
        var began = new DateTimeOffset(File.GetLastWriteTimeUtc(Path.Combine(folder, "run.json")));
        if (SavedPlayground.In(folder) is { } played) return Playground(played, folder, new(to, began));
        var run = RunFolder.Open(folder);
        var metrics = run.ReadMetrics();
        var summary = run.ReadSummary();
        var seconds = metrics.ToDictionary(line => line.Step, line => line.Seconds);
        DateTimeOffset At(int step) => began.AddSeconds(seconds.GetValueOrDefault(step));
        string? leftOut = null;
        var board = new TensorBoard(to, began);
        Settings(board, run, metrics);
        foreach (var line in metrics)
            board.Evaluation(new(line.Step, line.TrainLoss ?? double.NaN, line.ValLoss, line.LearningRate)
                { Validated = !double.IsNaN(line.ValLoss) || line.TrainLoss is null, Metrics = line.Metrics },
                At(line.Step));
        foreach (var line in run.ReadLayers()) Sizes(board, line, At(line.Step));
        if (run.HasModel)
        {
            var saved = SavedModel.Load(folder);
            Weights(board, run, saved, At, summary?.BestStep ?? Best(metrics));
            if (saved.Model is Zoo.Models.LanguageModel) leftOut = Samples(board, run, At);
        }
        if (summary is not null)
        {
            if (summary.Samples.Count > 0)
                board.Text("samples/best model", Quoted(summary.Samples), summary.BestStep, At(summary.BestStep));
            board.End(completed: true, began.AddSeconds(summary.SecondsTraining));
        }
        return (board.FilePath, board.Length, leftOut);
    }

    static (string Path, long Bytes, string? LeftOut) Playground(PlaygroundRun run, string folder, TensorBoard board)
    {
        board.Text("settings", Table(SavedPlayground.Settings(run, folder)), 0);
        foreach (var point in run.Curve)
        {
            board.Scalar("loss/training", point.Train, point.Step);
            board.Scalar("loss/validation", point.Test, point.Step);
        }
        foreach (var (name, parameter) in run.Model.NamedParameters())
            board.Histogram($"weights/{name}", parameter, run.Step);
        return (board.FilePath, board.Length, null);
    }

    static string Table(IEnumerable<KeyValuePair<string, string>> settings) => string.Concat(settings
        .Select(one => $"| {Escaped(one.Key)} | {Escaped(one.Value)} |\n")
        .Prepend("| setting | value |\n|---|---|\n"));

    static int Best(IReadOnlyList<RunMetrics> metrics) =>
        metrics.Where(line => double.IsFinite(line.ValLoss)).MinBy(line => line.ValLoss)?.Step ?? 0;

    static void Settings(TensorBoard board, RunFolder run, IReadOnlyList<RunMetrics> metrics)
    {
        var all = RunConfig.Of(run).Flat();
        Dictionary<string, object> values = [];
        foreach (var (setting, value) in all)
        {
            string text = Setting.Text(value);
            values[setting.Name] = value is bool or int or long or float or double or ulong ? value : text;
        }
        board.Text("settings", Table(all.Select(one => new KeyValuePair<string, string>(one.Key.Name,
            Setting.Text(one.Value)))), 0);
        board.Hyperparameters(values, ["loss/validation", "loss/training",
            .. metrics.SelectMany(line => line.Metrics.Keys).Distinct().Select(name => $"metrics/{name}")]);
    }

    static void Sizes(TensorBoard board, LayerMetrics line, DateTimeOffset at)
    {
        foreach (var (name, size) in line.Weights) board.Scalar($"weight size/{name}", size, line.Step, at);
        foreach (var (name, size) in line.Gradients) board.Scalar($"gradient size/{name}", size, line.Step, at);
        foreach (var (name, size) in line.Updates) board.Scalar($"update ratio/{name}", size, line.Step, at);
    }

    static void Weights(TensorBoard board, RunFolder run, SavedModel saved, Func<int, DateTimeOffset> at, int best)
    {
        const string OfModel = "model.";
        List<(int Step, IReadOnlyList<KeyValuePair<string, Tensor>>? State)> states = [(best, null)];
        foreach (int step in run.KeptSteps)
            if (step != best && run.KeptPath(step) is { } path)
                states.Add((step, [.. Safetensors.Read(path).Tensors()
                    .Where(one => one.Key.StartsWith(OfModel, StringComparison.Ordinal))
                    .Select(one => new KeyValuePair<string, Tensor>(one.Key[OfModel.Length..], one.Value))]));
        var own = saved.Model.StateDict().ToDictionary(one => one.Key, one => one.Value.Clone());
        foreach (var (step, state) in states.OrderBy(one => one.Step))
        {
            saved.Model.LoadStateDict(state ?? [.. own], strict: true);
            foreach (var (name, parameter) in saved.Model.NamedParameters())
                board.Histogram($"weights/{name}", parameter, step, at(step));
            var images = saved.Preprocessing as ImageEncoding
                ?? (saved.Preprocessing as AutoencoderEncoding)?.Images;
            if (images is not null && Filters(saved.Model, images.Shape.Input) is { } picture)
                board.Image("first filters", picture, step, at(step));
        }
    }

    /// <summary>The first filters side by side, each from its least number, black, to its greatest, white.</summary>
    static Tensor? Filters(Module model, Shape image)
    {
        if (!model.NamedModules().Any(one => one.Value is Conv2d or Linear)) return null;
        var filters = FeatureMaps.FirstFilters(model, image);
        bool colour = filters.Shape[1] == 3;
        int planes = colour ? 3 : 1, height = filters.Shape[2], width = filters.Shape[3], size = height * width;
        float[] numbers = filters.To(DType.Float32).ToArray<float>();
        int count = Math.Min(MostFilters, numbers.Length / (planes * size));
        int across = (int)Math.Ceiling(Math.Sqrt(count)), down = (count + across - 1) / across;
        int wide = across * (width + 1) - 1, high = down * (height + 1) - 1;
        float[] pixels = new float[planes * high * wide];
        for (int filter = 0; filter < count; filter++)
        {
            var own = numbers.AsSpan(filter * planes * size, planes * size);
            float least = own[0], most = own[0];
            foreach (float x in own) (least, most) = (Math.Min(least, x), Math.Max(most, x));
            for (int i = 0; i < own.Length; i++)
            {
                int plane = i / size, y = filter / across * (height + 1) + i % size / width;
                int x = filter % across * (width + 1) + i % width;
                pixels[(plane * high + y) * wide + x] = most > least ? (own[i] - least) / (most - least) : 0.5f;
            }
        }
        return Tensor.From(pixels, [planes, high, wide]);
    }

    // What the model makes up at states that were kept needs the data, which may have been moved since.
    static string? Samples(TensorBoard board, RunFolder run, Func<int, DateTimeOffset> at)
    {
        try
        {
            foreach (var (step, samples) in Zoo.Runs.Samples.Improving(run, SamplesShown))
                board.Text("samples/kept states", Quoted(samples), step, at(step));
            return null;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or ArgumentException)
        {
            return $"samples of earlier states are left out ({Printable.Of(e.Message, 300)})";
        }
    }

    // As they are: indented by four, Markdown takes no mark in them for its own.
    static string Quoted(IReadOnlyList<string> samples) =>
        string.Concat(samples.SelectMany(sample => sample.Split('\n')).Select(line => $"    {line}\n"));

    static string Escaped(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
