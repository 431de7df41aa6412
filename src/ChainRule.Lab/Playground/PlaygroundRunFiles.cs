using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using ChainRule.Data;
using ChainRule.Training;
using ChainRule.Zoo.Runs;

namespace ChainRule.Lab.Playground;

/// <summary>run.json of a run of the playground: the names are those of the runs that commands write.</summary>
/// <param name="Kind"><c>playground</c>.</param>
/// <param name="Model">The widths of all layers.</param>
/// <param name="Options">The settings, as JSON.</param>
/// <param name="Data">The name of the data.</param>
/// <param name="DataSha256">The hash of the points.</param>
/// <param name="Seed">The seed of data, first weights and batches.</param>
/// <param name="Steps">How many steps were made.</param>
/// <param name="Changes">Weights that were changed by hand.</param>
sealed record SavedSettings(string Kind, string Model, string Options, string Data, string DataSha256, int Seed,
    int Steps, IReadOnlyList<WeightChange> Changes);

/// <summary>A line of metrics.jsonl.</summary>
sealed record SavedMetrics(int Step, double TrainLoss, double ValLoss, double LearningRate);

/// <summary>summary.json.</summary>
sealed record SavedSummary(string Model, string Data, int Seed, int Steps, long Parameters, double InitialLoss,
    double TrainLoss, double ValLoss, IReadOnlyList<string> Samples);

/// <summary>Writes what <see cref="PlaygroundRun"/> reads: a folder, or one file that holds it.</summary>
static class PlaygroundRunFiles
{
    // More widths than these do not fit into a name.
    const int MostWidths = 8;

    static readonly Lock s_naming = new();

    /// <summary>A name that says what was trained.</summary>
    public static string NameOf(PlaygroundSettings settings) =>
        $"playground-{settings.Data}-{Widths(settings)}".ToLowerInvariant();

    /// <summary>Saves it in a new folder below that of the runs, which appears whole; the folder's name.</summary>
    /// <exception cref="IOException">Nothing can be written there.</exception>
    public static string Save(Timeline line, string runs)
    {
        var files = Of(line);
        // Two sessions of one lab do not take the same free name.
        lock (s_naming)
        {
            string path = RunFolder.Free(Path.Combine(Path.GetFullPath(runs), NameOf(line.Training.Settings)));
            string beside = $"{path}.{Environment.ProcessId}.tmp";
            try
            {
                Directory.CreateDirectory(beside);
                foreach (var (name, bytes) in files)
                    AtomicFile.Write("save", Path.Combine(beside, name), to => to.Write(bytes));
                Directory.Move(beside, path);
                return Path.GetFileName(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new IOException($"save: nothing can be written at {Printable.Path(path)} "
                    + $"({Files.Why(e.GetBaseException())}): change the permissions of the folder of runs, or start "
                    + "the lab with another one", e);
            }
            finally
            {
                if (Directory.Exists(beside)) Directory.Delete(beside, recursive: true);
            }
        }
    }

    /// <summary>The same folder as one file.</summary>
    public static byte[] Zip(Timeline line)
    {
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, bytes) in Of(line))
            {
                using var to = archive.CreateEntry($"{NameOf(line.Training.Settings)}/{name}").Open();
                to.Write(bytes);
            }
        return zip.ToArray();
    }

    static (string Name, byte[] Bytes)[] Of(Timeline line)
    {
        var training = line.Training;
        var settings = training.Settings;
        // What came after a step that was gone back to is no part of this training.
        List<CurvePoint> curve = [.. line.Curve.Where(point => point.Step <= line.Step)];
        if (curve.Count == 0 || curve[^1].Step != line.Step)
            curve.Add(new(line.Step, training.Loss(ofTest: false), training.Loss(ofTest: true)));
        var schedule = Choices.Schedules[settings.Schedule].Make(settings.LearningRate, settings.ScheduleSteps);
        var model = new MemoryStream();
        Checkpoint.SaveModel(training.Network.Model, model, new Dictionary<string, string>
            { ["format"] = "chainrule 1", ["kind"] = PlaygroundRun.Kind });
        byte[] options = JsonSerializer.SerializeToUtf8Bytes(settings, PlaygroundJson.Default.PlaygroundSettings);
        double[] points = [.. training.Points.SelectMany(p => (double[])[p.X1, p.X2, p.Y])];
        string hash = Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(points.AsSpan())));
        string widths = Widths(settings);
        var saved = new SavedSettings(PlaygroundRun.Kind, widths, System.Text.Encoding.UTF8.GetString(options),
            settings.Data, hash, settings.Seed, line.Step,
            [.. line.Changes.Where(change => change.Step <= line.Step)]);
        var summary = new SavedSummary(widths, settings.Data, settings.Seed, line.Step,
            training.Parameters.Sum(one => (long)one.Value.Count), curve[0].Test, curve[^1].Train, curve[^1].Test, []);
        using var lines = new MemoryStream();
        foreach (var point in curve)
        {
            JsonSerializer.Serialize(lines, new(point.Step, point.Train, point.Test,
                schedule.LearningRate(Math.Max(0, point.Step - 1))), PlaygroundRunJson.Default.SavedMetrics);
            lines.WriteByte((byte)'\n');
        }
        return
        [
            (PlaygroundRun.ModelFile, model.ToArray()), (PlaygroundRun.MetricsFile, lines.ToArray()),
            (PlaygroundRun.SummaryFile, JsonSerializer.SerializeToUtf8Bytes(summary,
                PlaygroundRunJson.Default.SavedSummary)),
            (PlaygroundRun.SettingsFile, JsonSerializer.SerializeToUtf8Bytes(saved,
                PlaygroundRunJson.Default.SavedSettings)),
        ];
    }

    static string Widths(PlaygroundSettings settings)
    {
        int[] widths = [settings.Features.Count, .. settings.Hidden, Choices.Outputs(settings)];
        return widths.Length > MostWidths ? $"{widths.Length - 1}-layers" : string.Join('-', widths);
    }
}
