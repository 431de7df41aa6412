using System.Text;
using System.Text.Json;
using ChainRule.Data;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Settings;

namespace ChainRule.Zoo.Experiments;

/// <summary>
/// The folder of an experiment: <c>experiment.json</c>, what was asked, beside the folders of its runs.
/// </summary>
static partial class ExperimentFolder
{
    const string AskedFile = "experiment.json";

    const long LongestAsked = 1 << 26;

    const string Another = "choose another --out, and nothing in it is touched";

    /// <summary>
    /// Makes the folder this experiment's, or sees that it is, and keeps it for this process. Seeds and variants may be
    /// added to the experiment that was there, and the metric be another: what was trained stays what it is.
    /// </summary>
    /// <exception cref="IOException">It holds an experiment with other settings or something else, or another process
    /// works in it.</exception>
    /// <exception cref="InvalidDataException">What was asked before cannot be read.</exception>
    public static IDisposable Claim(Experiment experiment, string folder)
    {
        string shown = Printable.Path(folder), file = Path.Combine(folder, AskedFile);
        if (File.Exists(folder)) throw new IOException($"experiment: {shown} is a file: choose another --out");
        CheckFree();
        Directory.CreateDirectory(folder);
        var claim = RunLock.Take(folder) ?? throw new IOException($"experiment: {shown}: another process works on this "
            + "experiment now: wait for its end, or stop it; or choose another --out");
        try
        {
            CheckFree();
            byte[] asked = Encoding.UTF8.GetBytes(experiment.ToJson());
            if (File.Exists(file))
            {
                byte[] before = RunFile.Bytes(file, LongestAsked, Remedy);
                if (before.AsSpan().SequenceEqual(asked)) return claim;
                if (Difference(Parsed(file, before), Parsed(file, asked)) is { } differs)
                    throw new IOException($"experiment: {shown} holds an experiment with other settings: {differs}: "
                        + Another);
            }
            AtomicFile.Write("experiment", file, to => to.Write(asked));
            return claim;
        }
        catch
        {
            claim.Dispose();
            throw;
        }

        void CheckFree()
        {
            if (!File.Exists(file) && Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder)
                .Any(entry => Path.GetFileName(entry) != RunLock.FileName))
                throw new IOException($"experiment: {shown} is already there and is not an empty folder: {Another}");
        }
    }

    const string Remedy = "put back a copy of it, or choose another --out";

    static JsonElement Parsed(string file, byte[] json)
    {
        var asked = RunFile.Parse<JsonElement>(file, json, Remedy);
        return asked.ValueKind == JsonValueKind.Object && asked.TryGetProperty("variants", out var variants)
            && variants.ValueKind == JsonValueKind.Array && variants.EnumerateArray().All(one =>
                one.ValueKind == JsonValueKind.Object && one.TryGetProperty("name", out var name)
                && name.ValueKind == JsonValueKind.String && one.TryGetProperty("settings", out var settings)
                && settings.ValueKind == JsonValueKind.Object) ? asked
            : throw new InvalidDataException($"{Printable.Path(file)}: this is not the JSON that an experiment writes: "
                + Remedy);
    }

    /// <summary>What makes runs of one experiment useless for another; null if nothing does.</summary>
    static string? Difference(JsonElement there, JsonElement here)
    {
        if (Of(there, "task") is var task && task != Of(here, "task"))
            return $"the task is {task} there and {Of(here, "task")} here";
        if (OfSettings("pretrain", Property(there, Experiment.Pretrained), Property(here, Experiment.Pretrained)) is
            { } pretraining) return pretraining;
        JsonElement[] before = [.. there.GetProperty("variants").EnumerateArray()],
            now = [.. here.GetProperty("variants").EnumerateArray()];
        foreach (var (one, other) in before.Zip(now))
        {
            string name = one.GetProperty("name").GetString()!, another = other.GetProperty("name").GetString()!;
            if (name != another)
                return $"a variant is '{Printable.Of(name, 60)}' there and '{Printable.Of(another, 60)}' here (new "
                    + "ones can be added at the end)";
            if (OfSettings(name, one.GetProperty("settings"), other.GetProperty("settings")) is { } differs)
                return differs;
        }
        return before.Length <= now.Length ? null
            : $"the variant '{Printable.Of(before[now.Length].GetProperty("name").GetString()!, 60)}' is there and not "
                + "here";
    }

    static string? OfSettings(string name, JsonElement? there, JsonElement? here)
    {
        if (there is not { ValueKind: JsonValueKind.Object } one)
            return here is null ? null : $"there is no {name} there";
        if (here is not { } other) return $"there is no {name} here";
        foreach (string setting in other.EnumerateObject().Concat(one.EnumerateObject()).Select(each => each.Name)
            .Distinct())
            if (Of(one, setting) is var value && value != Of(other, setting))
                return $"{setting} of {Printable.Of(name, 60)} is {value} there and {Of(other, setting)} here";
        return null;
    }

    static JsonElement? Property(JsonElement of, string name) =>
        of.TryGetProperty(name, out var value) ? value : null;

    /// <summary>A value as it is shown.</summary>
    static string Of(JsonElement of, string name) => Property(of, name) is not { } value ? "not said"
        : value.ValueKind == JsonValueKind.Null ? "none" : Printable.Of($"{value}", 60);
}
