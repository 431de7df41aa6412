using System.Globalization;
using System.Text.Json;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Settings;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Experiments;

/// <summary>
/// Reads an experiment from JSON: an object with <c>task</c>, <c>base</c> (settings as <c>--print-config</c> writes
/// them), <c>pretrain</c> (settings changed in what is trained first), <c>grid</c> (each setting with a list of values:
/// every combination is a variant), <c>changes</c> (a list of settings, each a variant), <c>seeds</c> (a list, or how
/// many), <c>metric</c>, <c>name</c> and <c>question</c>.
/// </summary>
static class ExperimentFile
{
    static readonly string[] s_known =
        ["name", "question", "task", "base", "pretrain", "grid", "changes", "seeds", "metric"];

    public static Experiment Read(string path)
    {
        // A config file is an object of settings too: what is wrong with a file is found there.
        var file = ConfigFile.Read(path, "experiment", "give a file of JSON with a task, a base and changes, as in "
            + "docs/experiments.md");
        string asked = $"experiment {Printable.Path(path)}";
        var parts = new Dictionary<string, JsonElement>();
        foreach (var (name, value) in file.Settings)
        {
            if (!s_known.Contains(name))
                throw new InvalidDataException($"{asked}: '{Printable.Of(name, 40)}' is not known here: "
                    + (Nearest.To(name, s_known) is { } near ? $"did you mean '{near}'? There are " : "there are ")
                    + string.Join(", ", s_known));
            parts.Add(name, value);
        }
        var task = Task(asked, parts);
        var settings = parts.TryGetValue("base", out var given) ? Settings(asked, "base", given) : [];
        string title = Text(asked, parts, "name") ?? Path.GetFileNameWithoutExtension(path);
        var config = Resolve(task, $"{asked}: base", settings, []);
        var experiment = new Experiment(title, config);
        if (parts.TryGetValue("pretrain", out var first))
            experiment = experiment.WithPretraining(Resolve(task, $"{asked}: pretrain", settings,
                Settings(asked, "pretrain", first)));
        foreach (var changed in Grid(asked, parts))
            experiment = experiment.With(new(Name(changed), Resolve(task, $"{asked}: {Name(changed)}", settings,
                changed)), mayBeBase: true);
        foreach (var (name, changed) in Changes(asked, parts))
            experiment = experiment.With(new(name, Resolve(task, $"{asked}: {name}", settings, changed)));
        if (Text(asked, parts, "metric") is { } metric) experiment = experiment.WithMetric(new(metric));
        return parts.TryGetValue("seeds", out var seeds) ? WithSeeds(asked, experiment, seeds) : experiment;
    }

    static TrainingTask Task(string asked, Dictionary<string, JsonElement> parts)
    {
        string names = string.Join(", ", TrainingTask.All.Select(task => task.Name));
        string name = Text(asked, parts, "task")
            ?? throw new InvalidDataException($"{asked}: there is no task: give \"task\" as one of {names}");
        return TrainingTask.All.FirstOrDefault(task => task.Name == name)
            ?? throw new InvalidDataException($"{asked}: task '{Printable.Of(name, 40)}': choose one of {names}");
    }

    static List<KeyValuePair<string, JsonElement>> Settings(string asked, string part, JsonElement given) =>
        given.ValueKind == JsonValueKind.Object
            ? [.. given.EnumerateObject().Select(one => KeyValuePair.Create(one.Name, one.Value))]
            : throw new InvalidDataException($"{asked}: {part} is no object of settings: give it as "
                + "{ \"learningRate\": 0.01 }");

    /// <summary>Every combination of the grid's values, the last setting changing fastest.</summary>
    static List<List<KeyValuePair<string, JsonElement>>> Grid(string asked, Dictionary<string, JsonElement> parts)
    {
        if (!parts.TryGetValue("grid", out var grid)) return [];
        List<List<KeyValuePair<string, JsonElement>>> combinations = [[]];
        foreach (var (name, values) in Settings(asked, "grid", grid))
        {
            if (values.ValueKind != JsonValueKind.Array || values.GetArrayLength() == 0)
                throw new InvalidDataException($"{asked}: grid: {Printable.Of(name, 40)} has no list of values: give "
                    + "one such as [0.1, 0.01]");
            if (values.EnumerateArray().GroupBy(value => value.ValueKind == JsonValueKind.Number
                ? $"{value.GetDouble():R}" : value.GetRawText()).FirstOrDefault(same => same.Count() > 1) is { } twice)
                throw new InvalidDataException($"{asked}: grid: {Printable.Of(name, 40)} has {Printable.Of(
                    twice.First().GetRawText(), 40)} twice: give each value once");
            if ((long)combinations.Count * values.GetArrayLength() > Experiment.MostRuns)
                throw new InvalidDataException($"{asked}: grid: there are more than {Experiment.MostRuns:N0} "
                    + "combinations: give fewer values");
            combinations = [.. combinations.SelectMany(before => values.EnumerateArray().Select(value =>
                (List<KeyValuePair<string, JsonElement>>)[.. before, KeyValuePair.Create(name, value)]))];
        }
        return combinations;
    }

    static IEnumerable<(string Name, List<KeyValuePair<string, JsonElement>> Settings)> Changes(string asked,
        Dictionary<string, JsonElement> parts)
    {
        if (!parts.TryGetValue("changes", out var changes)) yield break;
        if (changes.ValueKind != JsonValueKind.Array)
            throw new InvalidDataException($"{asked}: changes is no list: give it as [{{ \"dropout\": 0.2 }}]");
        foreach (var (i, change) in changes.EnumerateArray().Index())
        {
            var settings = Settings(asked, $"change {i + 1}", change);
            string? name = settings.FirstOrDefault(one => one.Key == "name") is { Key: not null } named
                ? named.Value.ValueKind == JsonValueKind.String ? named.Value.GetString()
                    : throw new InvalidDataException($"{asked}: change {i + 1}: its name is no text: give one")
                : null;
            settings.RemoveAll(one => one.Key == "name");
            if (settings.Count == 0)
                throw new InvalidDataException($"{asked}: change {i + 1} changes nothing: give it a setting");
            yield return (name ?? Name(settings), settings);
        }
    }

    static string Name(List<KeyValuePair<string, JsonElement>> settings) => string.Join(" ", settings.Select(one =>
        $"{one.Key}={(one.Value.ValueKind == JsonValueKind.Null ? "none" : Printable.Of($"{one.Value}", 40))}"));

    /// <summary>The base, changed: as a config file that holds both would be resolved.</summary>
    static RunConfig Resolve(TrainingTask task, string asked, List<KeyValuePair<string, JsonElement>> settings,
        List<KeyValuePair<string, JsonElement>> changed)
    {
        var known = settings.Where(one => changed.TrueForAll(other => Nearest.Plain(other.Key)
            != Nearest.Plain(one.Key)));
        if (changed.Concat(settings).FirstOrDefault(one => Nearest.Plain(one.Key) == "seed") is { Key: not null })
            throw new InvalidDataException($"{asked}: a seed is no setting to compare: give \"seeds\" beside it");
        return RunConfig.Resolve(task.Kind, task.UsualModel, ConfigFile.Of(asked, [.. known, .. changed]), []);
    }

    static string? Text(string asked, Dictionary<string, JsonElement> parts, string name) =>
        !parts.TryGetValue(name, out var value) ? null
        : value.ValueKind == JsonValueKind.String && !string.IsNullOrWhiteSpace(value.GetString()) ? value.GetString()
        : throw new InvalidDataException($"{asked}: {name} {Printable.Of(value.GetRawText(), 40)}: give a text");

    static Experiment WithSeeds(string asked, Experiment experiment, JsonElement seeds)
    {
        if (seeds.ValueKind == JsonValueKind.Number && seeds.TryGetInt32(out int count))
            return experiment.WithSeeds(count);
        if (seeds.ValueKind == JsonValueKind.Array && seeds.EnumerateArray().All(one =>
            one.ValueKind == JsonValueKind.Number && one.TryGetUInt64(out _)))
            return experiment.WithSeeds([.. seeds.EnumerateArray().Select(one => one.GetUInt64())]);
        throw new InvalidDataException($"{asked}: seeds {Printable.Of(seeds.GetRawText(), 40)}: give how many, or a "
            + "list of whole numbers");
    }
}
