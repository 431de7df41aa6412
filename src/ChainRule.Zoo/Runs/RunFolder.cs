using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using ChainRule.Data;
using ChainRule.Training;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Runs;

/// <summary>
/// The folder of a run: <c>run.json</c> (its settings), <c>model.safetensors</c> (the best model),
/// <c>last.safetensors</c> (where training stands), <c>metrics.jsonl</c> and <c>layers.jsonl</c> (a line for each
/// evaluation: losses, and the sizes of parameters, gradients and updates), at the end <c>summary.json</c>,
/// <c>data.txt</c> where the data came through a pipe, <c>first.safetensors</c> of a branch, where it began, a folder
/// <c>history</c> of earlier states, <c>run.lock</c> while a process trains in it, and <c>stop.request</c> where
/// somebody asked that process to stop. It appears whole, with a first checkpoint in it, and each of its
/// files is replaced whole: at whatever moment a run is killed, it can be resumed.
/// </summary>
public sealed partial class RunFolder
{
    internal const string ModelFile = "model.safetensors", DataFile = "data.txt", SettingsFile = "run.json",
        FirstFile = "first.safetensors", TokenizerFile = "tokenizer.json";
    const string LastFile = "last.safetensors";
    const string MetricsFile = "metrics.jsonl";
    const string SummaryFile = "summary.json";
    const string LayersFile = "layers.jsonl";
    const string WorkersFile = "workers.jsonl";

    // More than a run writes: what is longer is another kind of file, or has no end.
    const long LongestSettings = 1 << 20, LongestMetrics = 1 << 28;


    const string Restart = "start a new run";

    const string Writers = "that 'chainrule train', 'fit', 'map' or 'recommend fit' wrote",
        Wanted = "give one " + Writers;

    RunFolder(string path, RunSettings settings) => (FullPath, Settings) = (Path.GetFullPath(path), settings);

    /// <summary>Whether a file is one that a run keeps in its folder, which nothing else may write over.</summary>
    public static bool IsOwnFile(string folder, string file) =>
        Path.GetDirectoryName(Path.GetFullPath(file)) == Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))
        && Path.GetFileName(file) is ModelFile or LastFile or FirstFile or DataFile or SettingsFile or MetricsFile
            or SummaryFile or LayersFile or WorkersFile or TokenizerFile;

    /// <summary>Where it is.</summary>
    public string FullPath { get; }

    /// <summary>The best model.</summary>
    public string ModelPath => Path.Combine(FullPath, ModelFile);

    /// <summary>Where training stands.</summary>
    public string LastPath => Path.Combine(FullPath, LastFile);

    /// <summary>Where training of a branch began.</summary>
    internal string FirstPath => Path.Combine(FullPath, FirstFile);

    /// <summary>Whether a best model is saved.</summary>
    /// <exception cref="InvalidDataException">What has its name is no plain file.</exception>
    public bool HasModel => RunFile.Exists(ModelPath, RunFile.PutBack);

    /// <summary>What the run was started with.</summary>
    public RunSettings Settings { get; }

    /// <summary>Where the data was when the run was started.</summary>
    internal string DataPath =>
        Settings.Data == TrainingRun.Embedded ? Settings.Data : Path.Combine(FullPath, Settings.Data);

    /// <summary>What a summary calls the data.</summary>
    internal string DataName => Settings.Data == TrainingRun.Embedded ? Settings.Data : Path.GetFileName(Settings.Data);

    /// <summary>Opens the folder of a run that was started before.</summary>
    /// <exception cref="InvalidDataException">There is no run in it, or its settings cannot be read.</exception>
    public static RunFolder Open(string path)
    {
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0'))
            throw new ArgumentException(
                $"run: '{Printable.Path(path)}' is no path: give the folder {Writers}");
        string shown = Printable.Path(path), file = Path.Combine(path, SettingsFile);
        byte[] json;
        try
        {
            if ((File.GetAttributes(path) & FileAttributes.Directory) == 0)
                throw new InvalidDataException(
                    $"{shown}: this is a file: give the folder {Writers}");
            json = RunFile.Bytes(file, LongestSettings, Restart);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            string lacks = !Directory.Exists(path) ? "there is no such folder"
                : $"this folder holds no run (no {SettingsFile})";
            throw new InvalidDataException($"{shown}: {lacks}: {RunsBelow.Say(path) ?? Wanted}", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(
                $"{shown}: permission is denied: change the folder's permissions, or run this as its owner", e);
        }
        if (IsOfPlayground(json))
            throw new InvalidDataException($"{shown}: this run was saved in the lab's playground, and is no run of a "
                + "command: the lab's board shows it, 'chainrule diagnose', 'compare' and 'export' read it, as "
                + "PlaygroundRun.Load does, and its model.safetensors is read as any other");
        var settings = RunFile.Parse<RunSettings>(file, json, Restart);
        if (settings.Model is null || settings.Options is null || settings.Data is null || settings.DataSha256 is null
            || settings.Steps < 0 || !Enum.IsDefined(settings.Kind))
            throw new InvalidDataException(
                $"{Printable.Path(file)}: settings are missing, because the file was changed: {Restart}");
        try
        {
            settings.Training?.Check("training");
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException(
                $"{Printable.Path(file)}: the file was changed, and cannot be used ({e.Message}): {Restart}", e);
        }
        return new(path, settings);
    }

    static bool IsOfPlayground(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("kind", out var kind) && kind.ValueKind == JsonValueKind.String
                && kind.ValueEquals("playground");
        }
        catch (JsonException)
        {
            // What is no JSON is said of any run alike.
            return false;
        }
    }

    /// <summary>A folder name that is free: runs/names-mlp, runs/names-mlp-2, …</summary>
    public static string Free(string path)
    {
        string free = path;
        for (int i = 2; Directory.Exists(free) || File.Exists(free); i++) free = $"{path}-{i}";
        return free;
    }

    static string Verb(TaskKind kind) => TrainingTask.Of(kind).Command.Split(' ')[0];

    /// <summary>
    /// Writes a line for each evaluation, all of them anew: after a resume none is double and none is cut.
    /// </summary>
    public void WriteMetrics(IEnumerable<RunMetrics> metrics) => WriteLines(MetricsFile, metrics);

    /// <summary>The evaluations written so far.</summary>
    public IReadOnlyList<RunMetrics> ReadMetrics() => ReadLines<RunMetrics>(MetricsFile);

    /// <summary>Writes the sizes of parameters, gradients and updates, all lines anew.</summary>
    internal void WriteLayers(IEnumerable<LayerMetrics> layers) => WriteLines(LayersFile, layers);

    /// <summary>
    /// Adds a line to them: there are many long ones. A run that is killed then leaves one that is cut, which is not
    /// read.
    /// </summary>
    internal void AddLayers(LayerMetrics line) =>
        File.AppendAllText(Path.Combine(FullPath, LayersFile), RunFile.Line(line) + "\n");

    /// <summary>The sizes of parameters, gradients and updates written so far; none in a run of an earlier
    /// version.</summary>
    public IReadOnlyList<LayerMetrics> ReadLayers() => ReadLines<LayerMetrics>(LayersFile, mayBeCut: true);

    /// <summary>Adds what the workers' time went into.</summary>
    internal void AddWorkers(WorkerTimes line) =>
        File.AppendAllText(Path.Combine(FullPath, WorkersFile), RunFile.Line(line) + "\n");

    /// <summary>What the workers' time went into, up to each evaluation; none where one process trained.</summary>
    public IReadOnlyList<WorkerTimes> ReadWorkers() =>
        [.. ReadLines<WorkerTimes>(WorkersFile, mayBeCut: true).Where(line => line.Workers is { Count: > 0 })];

    /// <summary>Copies the lines of the steps up to one into the folder of a branch.</summary>
    internal void CopyLines(string folder, int step)
    {
        var branch = new RunFolder(folder, Settings);
        branch.WriteMetrics(ReadMetrics().Where(line => line.Step <= step));
        branch.WriteLayers(ReadLayers().Where(line => line.Step <= step));
        if (ReadWorkers() is { Count: > 0 } workers)
            branch.WriteLines(WorkersFile, workers.Where(line => line.Step <= step));
    }

    /// <summary>Refuses evaluations that are another run's.</summary>
    internal void RefuseMetrics(int step) => throw new InvalidDataException(
        $"{Printable.Path(Path.Combine(FullPath, MetricsFile))}: it and last.safetensors are not of one run: they "
        + $"differ in the losses of step {step:N0}: put this run's own file back; or, if last.safetensors is right, "
        + $"{RunFile.Anew}");

    /// <summary>Writes how the run ended.</summary>
    public void WriteSummary(RunSummary summary) => Write(Path.Combine(FullPath, SummaryFile), summary);

    /// <summary>How the run ended; null while it has not.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or is another run's.</exception>
    public RunSummary? ReadSummary()
    {
        string file = Path.Combine(FullPath, SummaryFile);
        if (!RunFile.Exists(file, RunFile.Anew)) return null;
        var summary = RunFile.Parse<RunSummary>(file, RunFile.Bytes(file, LongestMetrics, RunFile.Anew), RunFile.Anew);
        if (summary.Samples is null)
            throw new InvalidDataException(
                $"{Printable.Path(file)}: this is not the JSON that a run writes: {RunFile.Anew}");
        if ((summary.Model, summary.Seed, summary.Data) != (Settings.Model, Settings.Seed, DataName))
            throw new InvalidDataException($"{Printable.Path(file)}: it and run.json are not of one run: put this "
                + $"run's own files back; or, if run.json is right, {RunFile.Anew}");
        return summary;
    }

    /// <summary>The steps whose states are kept, in their order; see <see cref="RunHistory"/>.</summary>
    public IReadOnlyList<int> KeptSteps => [.. RunHistory.Of(this).Select(one => one.Step)];

    /// <summary>The file of a state that is kept; null where there is none of that step.</summary>
    public string? KeptPath(int step) => RunHistory.Of(this).FirstOrDefault(one => one.Step == step).Path;

    /// <summary>Whether a process trains in it now.</summary>
    public bool IsTraining => RunLock.IsHeld(FullPath);

    /// <summary>Whether a process trains in a folder now, which may be that of no run.</summary>
    public static bool IsTrainedIn(string folder) => RunLock.IsHeld(folder);

    /// <summary>
    /// Asks the process that trains in it to stop after its step: it saves, and ends as with Ctrl-C.
    /// </summary>
    /// <exception cref="InvalidOperationException">None trains in it.</exception>
    /// <exception cref="IOException">Nothing can be written there.</exception>
    public void RequestStop()
    {
        string asked = $"stop {Printable.Path(FullPath)}";
        if (!IsTraining) Throw.Invalid($"{asked}: no process trains in this folder now: there is nothing to stop");
        try
        {
            StopRequest.Write(FullPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{asked}: nothing can be written there ({Files.Why(e)}): change its permissions, or "
                + "end the process by Ctrl-C where it runs", e);
        }
    }

    /// <summary>The command that goes on with the run, to be pasted into a shell.</summary>
    /// <param name="path">The folder, as the user names it.</param>
    public string ResumeCommand(string path) =>
        $"{Shell.Tool} {TrainingTask.Of(Settings.Kind).Command} --resume {Shell.Path(path)}";

    /// <summary>
    /// Refuses a folder in which something that is no plain file has the name of a file that training writes.
    /// </summary>
    /// <exception cref="InvalidDataException">There is one.</exception>
    internal void CheckPlain()
    {
        foreach (string name in (string[])[MetricsFile, LayersFile, SummaryFile, RunLock.FileName,
            StopRequest.FileName])
            RunFile.Exists(Path.Combine(FullPath, name), RunFile.Anew);
        RunHistory.CheckPlain(this);
    }

    /// <summary>Deletes what a killed process left half written.</summary>
    internal void Sweep()
    {
        foreach (string left in Directory.GetFiles(FullPath, "*.tmp")) File.Delete(left);
        RunHistory.Sweep(this);
    }

    void WriteLines<T>(string name, IEnumerable<T> lines)
    {
        var text = new StringBuilder();
        foreach (var line in lines) text.Append(RunFile.Line(line)).Append('\n');
        Write(Path.Combine(FullPath, name), text.ToString());
    }

    List<T> ReadLines<T>(string name, bool mayBeCut = false)
    {
        string file = Path.Combine(FullPath, name);
        if (!RunFile.Exists(file, RunFile.Anew)) return [];
        byte[] bytes = RunFile.Bytes(file, LongestMetrics, RunFile.Anew);
        List<T> lines = [];
        foreach (var line in bytes.AsSpan().Split((byte)'\n'))
            if (bytes.AsSpan(line) is { IsEmpty: false } json && !(mayBeCut && line.End.Value == bytes.Length))
                lines.Add(RunFile.Parse<T>(file, json, RunFile.Anew));
        return lines;
    }

    static void Write<T>(string path, T content) => Write(path, RunFile.Text(content) + "\n");

    static void Write(string path, string text) =>
        AtomicFile.Write("run", path, to => to.Write(Encoding.UTF8.GetBytes(text)));
}
