using System.Text;
using System.Text.Json;
using ChainRule.Data;
using ChainRule.Training;

namespace ChainRule.Zoo.Runs;

/// <summary>
/// The folder of a run: <c>run.json</c> (its settings), <c>model.safetensors</c> (the best model), <c>last.safetensors</c> (where training stands),
/// <c>metrics.jsonl</c> (a line for each evaluation) and, at the end, <c>summary.json</c>. It appears whole, with a first checkpoint in it, and each of its
/// files is replaced whole: at whatever moment a run is killed, it can be resumed.
/// </summary>
public sealed class RunFolder
{
    const string SettingsFile = "run.json";
    const string MetricsFile = "metrics.jsonl";
    const string SummaryFile = "summary.json";
    const string Anew = "delete it, and --resume writes it anew";

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

    /// <summary>The best model.</summary>
    public string ModelPath => Path.Combine(FullPath, "model.safetensors");

    /// <summary>Where training stands.</summary>
    public string LastPath => Path.Combine(FullPath, "last.safetensors");

    /// <summary>What the run was started with.</summary>
    public RunSettings Settings { get; }

    /// <summary>Makes the folder of a new run, filled before it takes its name.</summary>
    /// <param name="path">Where; nothing may be there yet but an empty folder.</param>
    /// <param name="settings">What the run is started with.</param>
    /// <param name="fill">Writes the first checkpoint into the folder it is given.</param>
    /// <exception cref="IOException">Something is there already, or nothing can be written there.</exception>
    public static RunFolder Create(string path, RunSettings settings, Action<string> fill)
    {
        if (string.IsNullOrWhiteSpace(path)) throw new ArgumentException($"train: '{path}' is no path: give that of a new folder by --out");
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (File.Exists(Path.Combine(path, SettingsFile))) throw new IOException($"train: {path} already holds a run: go on with it by --resume {path}, or choose another --out");
        if (File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any()))
            throw new IOException($"train: {path} is already there and is not an empty folder: choose another --out, and nothing in it is touched");
        for (string? above = Path.GetDirectoryName(path); above is not null; above = Path.GetDirectoryName(above))
            if (File.Exists(above)) throw new IOException($"train: {path} cannot be made, because {above} is a file: choose another --out");

        string beside = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            Directory.CreateDirectory(beside);
            fill(beside);
            if (Directory.Exists(path))
            {
                // Somebody's own empty folder, perhaps the one he is in, is kept; it holds a run when run.json is there.
                foreach (string file in Directory.GetFiles(beside)) File.Move(file, Path.Combine(path, Path.GetFileName(file)));
                Write(Path.Combine(path, SettingsFile), settings);
            }
            else
            {
                Write(Path.Combine(beside, SettingsFile), settings);
                Directory.Move(beside, path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string why = e.GetBaseException().Message.Replace(beside, path, StringComparison.Ordinal).TrimEnd('.');
            throw new IOException($"train: nothing can be written at {path} ({why}): choose another --out", e);
        }
        finally
        {
            if (Directory.Exists(beside)) Directory.Delete(beside, recursive: true);
        }
        return new(path, settings);
    }

    /// <summary>Opens the folder of a run that was started before.</summary>
    /// <exception cref="InvalidDataException">There is no run in it, or its settings cannot be read.</exception>
    public static RunFolder Open(string path)
    {
        string file = Path.Combine(path, SettingsFile);
        if (string.IsNullOrWhiteSpace(path)) throw new ArgumentException($"run: '{path}' is no path: give the folder that 'chainrule train' wrote");
        if (File.Exists(path)) throw new InvalidDataException($"{path}: this is a file: give the folder that 'chainrule train' wrote");
        if (!Directory.Exists(path)) throw new InvalidDataException($"{path}: there is no such folder: give one that 'chainrule train' wrote");
        if (!File.Exists(file)) throw new InvalidDataException($"{path}: this folder holds no run (no run.json): give one that 'chainrule train' wrote");
        var settings = Parse<RunSettings>(file, File.ReadAllText(file), "start a new run");
        if (settings.Model is null || settings.Options is null || settings.Data is null || settings.DataSha256 is null || settings.Steps < 0)
            throw new InvalidDataException($"{file}: settings are missing, because the file was changed: start a new run");
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
        Write(Path.Combine(FullPath, MetricsFile), text.ToString());
    }

    /// <summary>The evaluations written so far.</summary>
    public IReadOnlyList<RunMetrics> ReadMetrics()
    {
        string file = Path.Combine(FullPath, MetricsFile);
        return File.Exists(file) ? [.. File.ReadLines(file).Where(line => line.Length > 0).Select(line => Parse<RunMetrics>(file, line, Anew))] : [];
    }

    /// <summary>Writes how the run ended.</summary>
    public void WriteSummary(RunSummary summary) => Write(Path.Combine(FullPath, SummaryFile), summary);

    /// <summary>How the run ended; null while it has not.</summary>
    public RunSummary? ReadSummary()
    {
        string file = Path.Combine(FullPath, SummaryFile);
        return File.Exists(file) ? Parse<RunSummary>(file, File.ReadAllText(file), Anew) : null;
    }

    /// <summary>Deletes what a killed process left half written.</summary>
    internal void Sweep()
    {
        foreach (string left in Directory.GetFiles(FullPath, "*.tmp")) File.Delete(left);
    }

    static T Parse<T>(string file, string json, string remedy)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, s_json) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new InvalidDataException($"{file}: this is not the JSON that a run writes: {remedy}");
        }
    }

    static void Write<T>(string path, T content) => Write(path, JsonSerializer.Serialize(content, s_json) + "\n");

    static void Write(string path, string text) => AtomicFile.Write("run", path, to => to.Write(Encoding.UTF8.GetBytes(text)));
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
