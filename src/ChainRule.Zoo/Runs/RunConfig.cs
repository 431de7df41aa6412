using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Settings;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Runs;

/// <summary>A setting as it was given on the command line.</summary>
/// <param name="Asked">What a refusal begins with: <c>--set width=abc</c>.</param>
/// <param name="Name">The setting's name.</param>
/// <param name="Text">Its value.</param>
public sealed record GivenSetting(string Asked, string Name, string Text);

/// <summary>
/// All that a run is started with. An option of the command line stands over a config file, and a config file
/// over the recipe of the model. Written as JSON it is one flat object, whose names are those of <c>--set</c>;
/// the same JSON is taken back.
/// </summary>
/// <param name="Kind">What it is trained for.</param>
/// <param name="Model">The recipe's name.</param>
/// <param name="Data">A file; null for the names that come with ChainRule, or the Shakespeare that was fetched;
/// <c>-</c> for the standard input.</param>
/// <param name="Seed">The seed of parameters and batches.</param>
/// <param name="Steps">The number of steps.</param>
/// <param name="Training">How the model is trained.</param>
/// <param name="Sizes">The model's sizes.</param>
/// <param name="Options">How the data is read.</param>
/// <param name="From">The folder of a run, or a file of safetensors, whose weights the model begins with where they
/// fit; if null, they are drawn by the seed.</param>
public sealed record RunConfig(TaskKind Kind, string Model, [DefaultValue(null)] string? Data, ulong Seed,
    [Limits(0)] int Steps, TrainingSettings Training, ModelOptions Sizes, DataOptions Options, string? From = null)
    : ISettings
{
    /// <summary>The seed of a run for which none is given.</summary>
    public const ulong UsualSeed = 42;

    /// <summary>The bytes that earlier states of a run may take, if nothing is said.</summary>
    public const long UsualHistory = 16_000_000;

    /// <summary>How many bytes the states may take that a run keeps to be rewound to; 0 keeps none, and every step
    /// is then made again from the first. Decides no result, and is no part of a config file.</summary>
    public long History { get; init; } = UsualHistory;

    /// <summary>What a recipe says.</summary>
    /// <exception cref="ArgumentException">There is no such model.</exception>
    public static RunConfig For(TaskKind kind, string model)
    {
        var plan = Recipe.Find(kind, model).For(kind);
        return new(kind, model, null, UsualSeed, plan.Steps, plan.Training, plan.Sizes,
            TrainingTask.Of(kind).UsualOptions);
    }

    /// <summary>
    /// What a run was started with; what a run of an earlier version did not write down is its recipe's.
    /// </summary>
    /// <exception cref="InvalidDataException">The sizes that it saved cannot be read.</exception>
    public static RunConfig Of(RunFolder run)
    {
        var settings = run.Settings;
        var recipe = Recipe.Find(settings.Kind, settings.Model);
        string? data = run.DataPath == TrainingRun.Embedded ? null : run.DataPath;
        return new RunConfig(settings.Kind, settings.Model, data, settings.Seed, settings.Steps,
            settings.Training ?? recipe.For(settings.Kind).TrainingOfOld, recipe.Read(settings.Options),
            TrainingTask.Of(settings.Kind).OptionsOf(settings).In(run.FullPath), settings.From)
            { History = settings.History ?? UsualHistory }.Complete();
    }

    /// <summary>What a run is to use: the recipe, changed by a config file, changed by options.</summary>
    /// <param name="kind">The kind of data.</param>
    /// <param name="model">The model if none is named.</param>
    /// <param name="file">The config file, if there is one.</param>
    /// <param name="given">The options.</param>
    /// <exception cref="ArgumentException">A name is none, a value is none or outside of its limits, or settings do not
    /// go together.</exception>
    public static RunConfig Resolve(TaskKind kind, string model, ConfigFile? file, IReadOnlyList<GivenSetting> given)
    {
        var twice = given.GroupBy(one => Nearest.Plain(one.Name)).FirstOrDefault(same => same.Count() > 1);
        if (twice is not null)
            throw new ArgumentException($"{twice.Last().Asked}: {twice.First().Asked} sets the same: give one of them");
        var config = For(kind, given.FirstOrDefault(one => one.Name == "model")?.Text ?? ModelOf(kind, file) ?? model);
        if (file is not null)
        {
            config = config.With(file.Asked, file.Settings.Where(setting => Nearest.Plain(setting.Key) != "model"));
            var task = TrainingTask.Of(config.Kind);
            if (config.Kind != kind)
                throw new ArgumentException($"{file.Asked}: kind {task.Name}: this is the config of a run on "
                    + $"{task.Name}: take '{task.Command}'");
        }
        config = config.With(given.Where(one => one.Name != "model")).Complete();
        config.Check();
        return config;
    }

    /// <summary>Whether its models may begin with the weights of others, and parts of them be frozen.</summary>
    internal bool CanTransfer => Kind is not (TaskKind.Table or TaskKind.Places);

    /// <summary>Whether a batch of it can be cut into shards, which several workers share out; what learns by a rule of
    /// its own has no such batch.</summary>
    public bool CanShare => Kind is not (TaskKind.Patterns or TaskKind.Map);

    /// <summary>Refuses settings outside of their limits, and those that do not go together.</summary>
    /// <param name="asked">What a refusal begins with.</param>
    /// <exception cref="ArgumentException">There is one.</exception>
    public void Check(string asked = "train")
    {
        if (Steps < 0) throw new ArgumentException($"{asked}: {Steps} steps: give 0 or more");
        Training.Check(asked);
        Sizes.Check(Model);
        Options.Check(TrainingTask.Of(Kind).Command);
        if (Training.Shards is { } shards && !CanShare)
            throw new ArgumentException($"{TrainingTask.Of(Kind).Command}: shards {shards}: it learns by a rule of its "
                + "own, without batches to be cut: leave shards out");
        if ((From ?? Training.Freeze) is { } named && !CanTransfer)
            throw new ArgumentException($"{TrainingTask.Of(Kind).Command}: {(From is null ? "freeze" : "from")} "
                + $"{Printable.Path(named)}: models of {TrainingTask.Of(Kind).Name} are trained from the beginning, "
                + "and as a whole: leave it out");
    }

    /// <summary>Every setting and its value.</summary>
    public IReadOnlyList<KeyValuePair<Setting, object?>> Flat() =>
        [.. Parts().SelectMany(
            part => Setting.Of(part).Select(setting => KeyValuePair.Create(setting, setting.ValueIn(part))))];

    /// <summary>As JSON, which a config file may hold.</summary>
    public string ToJson()
    {
        var json = new JsonObject();
        foreach (var (setting, value) in Flat()) json[setting.Name] = Setting.Json(value);
        return json.ToJsonString(RunFile.Json);
    }

    /// <summary>With everything said that was left to a default.</summary>
    internal RunConfig Complete() => this with { Training = Training.Complete(Steps,
        Kind == TaskKind.Table ? TrainingSettings.MostBetweenTables : TrainingSettings.MostBetween) };

    static string? ModelOf(TaskKind kind, ConfigFile? file)
    {
        foreach (var (name, value) in file?.Settings ?? [])
        {
            if (Nearest.Plain(name) != "model") continue;
            if (value.ValueKind == JsonValueKind.String
                && Recipe.Of(kind).ContainsKey(value.GetString()!))
                return value.GetString();
            throw new ArgumentException($"{file!.Asked}: model {Printable.Of(value.GetRawText(), 40)}: give one of "
                + $"{string.Join(", ", Recipe.Of(kind).Keys)}");
        }
        return null;
    }

    /// <summary>With some settings changed.</summary>
    /// <param name="asked">What a refusal begins with.</param>
    /// <param name="settings">Names and values, as in a config file.</param>
    /// <exception cref="ArgumentException">A name is none, a value is none or outside of its limits.</exception>
    internal RunConfig With(string asked, IEnumerable<KeyValuePair<string, JsonElement>> settings) =>
        With([.. settings.Select(setting => new Change(asked, setting.Key, known => known.Read(
            $"{asked}: {known.Name} {Printable.Of(setting.Value.GetRawText(), 40)}", setting.Value)))]);

    /// <inheritdoc cref="With(string, IEnumerable{KeyValuePair{string, JsonElement}})"/>
    internal RunConfig With(IEnumerable<GivenSetting> given) => With([.. given.Select(
        one => new Change(one.Asked, one.Name, known => known.Read(one.Asked, one.Text)))]);

    ISettings[] Parts() => [this, Training, Sizes, Options];

    RunConfig With(IReadOnlyList<Change> changes)
    {
        var known = Flat().Select(setting => setting.Key).ToDictionary(setting => Nearest.Plain(setting.Name));
        var values = changes.ToDictionary(
            change => known.TryGetValue(Nearest.Plain(change.Name), out var setting) ? setting.Name
                : throw Unknown(change, known.Values),
            change => change.Read(known[Nearest.Plain(change.Name)]));
        // Another optimiser first forgets what only the one before had; what is given beside it is then checked.
        var training = values.TryGetValue("optimizer", out object? optimizer)
            ? Training.For((OptimizerKind)optimizer!) : Training;
        return Setting.With(this, values) with
            { History = History, Training = Setting.With(training, values), Sizes = Setting.With(Sizes, values),
                Options = Setting.With(Options, values) };
    }

    ArgumentException Unknown(Change change, IEnumerable<Setting> known)
    {
        string[] names = [.. known.Select(setting => setting.Name).Where(name => name is not "kind" and not "model"
            && (CanTransfer || name is not "from" and not "freeze"))];
        string meant = Nearest.To(change.Name, names) is { } near ? $"did you mean {near}? There are " : "there are ";
        bool Has(Recipe recipe) =>
            Setting.Of(recipe.Tiny).Any(size => Nearest.Plain(size.Name) == Nearest.Plain(change.Name));
        string[] others = [.. Recipe.Of(Kind).Values.Where(Has).Select(recipe => recipe.Name)];
        string elsewhere = others.Length == 0 ? ""
            : $" ({string.Join(", ", others)} {(others.Length == 1 ? "has" : "have")} it)";
        return new ArgumentException($"{change.Asked}: model {Model} has no setting "
            + $"'{Printable.Of(change.Name, 40)}'{elsewhere}: {meant}{string.Join(", ", names)}");
    }

    sealed record Change(string Asked, string Name, Func<Setting, object?> Read);
}
