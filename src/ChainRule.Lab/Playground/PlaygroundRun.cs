using System.Text.Json;
using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Training;

namespace ChainRule.Lab.Playground;

/// <summary>
/// A training of the playground that was saved as the folder of a run: <c>run.json</c> (settings, and weights that were
/// changed by hand), <c>metrics.jsonl</c> (the losses of the curve), <c>summary.json</c> and <c>model.safetensors</c>
/// (the network after its last step). The board of runs lists it; it is trained on in the playground alone.
/// </summary>
public sealed class PlaygroundRun
{
    internal const string SettingsFile = "run.json", MetricsFile = "metrics.jsonl", SummaryFile = "summary.json",
        ModelFile = "model.safetensors", Kind = "playground";

    // More than a playground writes.
    const long Longest = 1 << 26;

    readonly PlaygroundTraining _training;

    PlaygroundRun(PlaygroundTraining training, SavedSettings saved, IReadOnlyList<CurvePoint> curve) =>
        (_training, Step, Changes, Curve) = (training, saved.Steps, saved.Changes, curve);

    /// <summary>What it was trained with.</summary>
    public PlaygroundSettings Settings => _training.Settings;

    /// <summary>How many steps were made.</summary>
    public int Step { get; }

    /// <summary>Weights that were changed by hand on the way.</summary>
    public IReadOnlyList<WeightChange> Changes { get; }

    /// <summary>The losses over all points to train on and to test with, as the page showed them.</summary>
    public IReadOnlyList<CurvePoint> Curve { get; }

    /// <summary>The network after the last step.</summary>
    public Sequential Model => _training.Network.Model;

    /// <summary>The loss of <see cref="Model"/> over the points to train on, computed now.</summary>
    public double TrainLoss => _training.Loss(ofTest: false);

    /// <summary>The same over the points to test with.</summary>
    public double TestLoss => _training.Loss(ofTest: true);

    /// <summary>Reads a run that the playground saved.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <exception cref="ArgumentException">It is no path.</exception>
    /// <exception cref="InvalidDataException">The folder holds no such run, or a file is damaged.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static PlaygroundRun Load(string folder)
    {
        Throw.IfNull(folder, "playground run");
        if (string.IsNullOrWhiteSpace(folder) || folder.Contains('\0'))
            Throw.Argument($"playground run: '{Printable.Path(folder)}' is no path: give the folder of a run that the "
                + "playground saved", nameof(folder));
        var saved = Parse(folder, SettingsFile, Bytes(folder, SettingsFile),
            PlaygroundRunJson.Default.SavedSettings);
        if (saved.Kind != Kind)
            throw new InvalidDataException($"{Printable.Path(folder)}: this run is of kind "
                + $"'{Printable.Of(saved.Kind, 40)}', and the playground did not save it: open it by RunFolder.Open");
        List<CurvePoint> curve = [];
        byte[] lines = Bytes(folder, MetricsFile);
        foreach (var line in lines.AsSpan().Split((byte)'\n'))
        {
            var json = lines.AsSpan(line);
            if (json.IsEmpty) continue;
            var metrics = Parse(folder, MetricsFile, json, PlaygroundRunJson.Default.SavedMetrics);
            curve.Add(new(metrics.Step, metrics.TrainLoss, metrics.ValLoss));
        }
        try
        {
            var settings = JsonSerializer.Deserialize(saved.Options, PlaygroundJson.Default.PlaygroundSettings)
                ?? throw new JsonException();
            var training = new PlaygroundTraining(settings);
            using var model = new MemoryStream(Bytes(folder, ModelFile));
            Checkpoint.LoadModel(training.Network.Model, model);
            return new(training, saved, curve);
        }
        catch (Exception e) when (e is ArgumentException or JsonException)
        {
            throw new InvalidDataException($"{Printable.Path(folder)}: the run's files were changed, and do not go "
                + "together: save it in the playground again", e);
        }
    }

    static byte[] Bytes(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        if (Files.WhyNotPlain(path) is { } why)
            throw new InvalidDataException($"{Printable.Path(path)}: this {why}: give the folder of a run that the "
                + "playground saved");
        if (new FileInfo(path).Length > Longest)
            throw new InvalidDataException($"{Printable.Path(path)}: this is longer than the {Longest:N0} bytes that "
                + "a playground writes: give the folder of a run that it saved");
        return File.ReadAllBytes(path);
    }

    static T Parse<T>(string folder, string name, ReadOnlySpan<byte> json,
        System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new JsonException();
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{Printable.Path(Path.Combine(folder, name))}: this is not the JSON that "
                + "the playground writes: save the run there again", e);
        }
    }
}
