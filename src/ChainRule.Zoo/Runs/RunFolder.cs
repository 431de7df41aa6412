using System.Text;
using System.Text.Json;
using ChainRule.Training;

namespace ChainRule.Zoo.Runs;

/// <summary>
/// The folder of a run: <c>run.json</c> (its settings), <c>model.safetensors</c> (the best model), <c>last.safetensors</c> (where training stands),
/// <c>metrics.jsonl</c> (a line for each evaluation) and, at the end, <c>summary.json</c>. It appears whole, with a first checkpoint in it, and each of its
/// files is replaced whole: at whatever moment a run is killed, it can be resumed.
/// </summary>
public sealed class RunFolder
{
    static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    static readonly JsonSerializerOptions s_line = new(s_json) { WriteIndented = false };

    RunFolder(string path, RunSettings settings) => (FullPath, Settings) = (Path.GetFullPath(path), settings);

    /// <summary>Where it is.</summary>
    public string FullPath { get; }

    /// <summary>What the run was started with.</summary>
    public RunSettings Settings { get; }

    /// <summary>Makes the folder of a new run, filled before it takes its name.</summary>
    /// <param name="path">Where; nothing may be there yet but an empty folder.</param>
    /// <param name="settings">What the run is started with.</param>
    /// <param name="fill">Writes the first checkpoint into the folder it is given.</param>
    /// <exception cref="IOException">Something is there already, or nothing can be written there.</exception>
    public static RunFolder Create(string path, RunSettings settings, Action<string> fill)
    {
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (File.Exists(Path.Combine(path, "run.json"))) throw new IOException($"train: {path} already holds a run: go on with it by --resume {path}, or choose another --out");
        if (File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any()))
            throw new IOException($"train: {path} is already there and is not an empty folder: choose another --out, and nothing in it is touched");

        string beside = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            Directory.CreateDirectory(beside);
            fill(beside);
            Replace(Path.Combine(beside, "run.json"), JsonSerializer.Serialize(settings, s_json) + "\n");
            if (Directory.Exists(path)) Directory.Delete(path);
            Directory.Move(beside, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (Directory.Exists(beside)) Directory.Delete(beside, recursive: true);
            throw new IOException($"train: nothing can be written at {path} ({e.Message.TrimEnd('.')}): choose another --out", e);
        }
        return new(path, settings);
    }

    /// <summary>Opens the folder of a run that was started before.</summary>
    /// <exception cref="InvalidDataException">There is no run in it, or its settings cannot be read.</exception>
    public static RunFolder Open(string path)
    {
        string file = Path.Combine(path, "run.json");
        if (!Directory.Exists(path)) throw new InvalidDataException($"{path}: there is no such folder: give one that 'chainrule train' wrote");
        if (!File.Exists(file)) throw new InvalidDataException($"{path}: this folder holds no run (no run.json): give one that 'chainrule train' wrote");
        var settings = Parse<RunSettings>(file, File.ReadAllText(file));
        if (settings.Model is null || settings.Options is null || settings.Data is null || settings.DataSha256 is null || settings.Steps < 0)
            throw new InvalidDataException($"{file}: settings are missing: the file was changed, and the run cannot be taken up");
        return new(path, settings);
    }

    /// <summary>A folder name that is free: runs/names-mlp, runs/names-mlp-2, …</summary>
    public static string Free(string path)
    {
        string free = path;
        for (int i = 2; Directory.Exists(free) || File.Exists(free); i++) free = $"{path}-{i}";
        return free;
    }

    /// <summary>Writes a line for each evaluation, all of them anew: after a resume none is double and none is cut.</summary>
    public void WriteMetrics(IEnumerable<RunMetrics> metrics)
    {
        var text = new StringBuilder();
        foreach (var line in metrics) text.Append(JsonSerializer.Serialize(line, s_line)).Append('\n');
        Replace(Path.Combine(FullPath, "metrics.jsonl"), text.ToString());
    }

    /// <summary>The evaluations written so far.</summary>
    public IReadOnlyList<RunMetrics> ReadMetrics()
    {
        string file = Path.Combine(FullPath, "metrics.jsonl");
        return File.Exists(file) ? [.. File.ReadLines(file).Where(line => line.Length > 0).Select(line => Parse<RunMetrics>(file, line))] : [];
    }

    /// <summary>Writes how the run ended.</summary>
    public void WriteSummary(RunSummary summary) => Replace(Path.Combine(FullPath, "summary.json"), JsonSerializer.Serialize(summary, s_json) + "\n");

    /// <summary>How the run ended; null while it has not.</summary>
    public RunSummary? ReadSummary()
    {
        string file = Path.Combine(FullPath, "summary.json");
        return File.Exists(file) ? Parse<RunSummary>(file, File.ReadAllText(file)) : null;
    }

    static T Parse<T>(string file, string json)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, s_json) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new InvalidDataException($"{file}: this is not the JSON that a run writes: the file was changed or damaged");
        }
    }

    static void Replace(string path, string text)
    {
        string beside = path + ".tmp";
        using (var stream = File.Create(beside))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }
        File.Move(beside, path, overwrite: true);
    }
}

/// <summary>A line of metrics.jsonl.</summary>
/// <param name="Step">How many steps had been made.</param>
/// <param name="TrainLoss">The mean loss of the batches since the line before; null in the first.</param>
/// <param name="ValLoss">The validation loss.</param>
/// <param name="Rate">The learning rate.</param>
/// <param name="Seconds">How long all steps so far took, evaluations not counted.</param>
public sealed record RunMetrics(int Step, double? TrainLoss, double ValLoss, double Rate, double Seconds)
{
    internal static RunMetrics Of(HistoryPoint point, double seconds) =>
        new(point.Step, double.IsNaN(point.TrainLoss) ? null : point.TrainLoss, point.ValidationLoss, point.Rate, Math.Round(seconds, 3));
}
