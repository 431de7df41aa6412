using System.Text.Json;
using System.Text.Json.Nodes;
using ChainRule.Randomness;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Settings;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Experiments;

/// <summary>
/// One base and what is changed of it, each trained with the same seeds: what does a change do, beyond chance?
/// <code>
/// var names = ChainRule.Zoo.Runs.RunConfig.For(ChainRule.Zoo.Tasks.TaskKind.Names, "bigram");
/// var rates = new ChainRule.Zoo.Experiments.Experiment("learning rates", names with { Steps = 300 })
///     .Vary("learningRate", 0.1, 0.001, 0.00001)
///     .WithSeeds(5);
/// Console.WriteLine(rates.Run("runs/rates"));
/// </code>
/// </summary>
public sealed class Experiment
{
    /// <summary>More runs than these are a mistake.</summary>
    public const int MostRuns = 100_000;

    const int MostSeeds = 10_000;

    /// <param name="name">What it is called.</param>
    /// <param name="of">The base, which changes are compared with.</param>
    /// <exception cref="ArgumentException">The name is empty, or a setting of the base is outside
    /// of its limits.</exception>
    public Experiment(string name, RunConfig of)
        : this(name, [new(BaseName, Checked(of))], [RunConfig.UsualSeed], ExperimentMetric.ValidationLoss)
    {
        if (string.IsNullOrWhiteSpace(name)) throw new ArgumentException("experiment: it has no name: give it one");
    }

    internal Experiment(string name, IReadOnlyList<ExperimentVariant> variants, IReadOnlyList<ulong> seeds,
        ExperimentMetric metric, RunConfig? pretraining = null) =>
        (Name, Variants, Seeds, Metric, Pretraining) = (name, variants, seeds, metric, pretraining);

    /// <summary>What the base is called among the variants.</summary>
    public const string BaseName = "base";

    /// <summary>What the setting <c>from</c> of a variant is that begins with the weights of
    /// <see cref="Pretraining"/>.</summary>
    public const string Pretrained = "pretrained";

    /// <summary>What it is called.</summary>
    public string Name { get; }

    /// <summary>The base, and each change of it.</summary>
    public IReadOnlyList<ExperimentVariant> Variants { get; }

    /// <summary>The seeds that each is trained with.</summary>
    public IReadOnlyList<ulong> Seeds { get; }

    /// <summary>What its folder is called by default: <c>experiment-</c> and its name, in letters that any
    /// file system takes.</summary>
    public string FolderName => $"experiment-{PlainName(Name)}";

    /// <summary>What is compared.</summary>
    public ExperimentMetric Metric { get; }

    /// <summary>What is trained first, once with each seed, for variants to begin with; null if nothing is.</summary>
    public RunConfig? Pretraining { get; }

    /// <summary>The runs that are made before all others: one for each seed; none without
    /// <see cref="Pretraining"/>.</summary>
    public IReadOnlyList<ExperimentRun> PretrainingRuns => Pretraining is not { } config ? []
        : [.. Seeds.Select(seed => new ExperimentRun(ExperimentRun.IsPretraining, seed, config with { Seed = seed },
            PretrainedFolder(seed)))];

    /// <summary>Every run, seed by seed: what is seen first is one of each.</summary>
    public IReadOnlyList<ExperimentRun> Runs => [.. Seeds.SelectMany(seed => Variants.Select((variant, i) =>
        new ExperimentRun(i, seed, variant.Config with { Seed = seed }, Folder(i, seed))))];

    /// <summary>Reads a file of JSON: see docs/experiments.md.</summary>
    /// <exception cref="IOException">There is none, or it cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is no JSON of an experiment.</exception>
    /// <exception cref="ArgumentException">A setting is none, or its value is outside of its limits.</exception>
    public static Experiment Read(string path) => ExperimentFile.Read(path);

    /// <summary>
    /// With values of one setting, each changed by itself. A value that is the base's own is the base.
    /// </summary>
    /// <param name="setting">Its name, as in a config file: <c>learningRate</c>.</param>
    /// <param name="values">Numbers, words, true or false, or null where a setting may be none.</param>
    /// <exception cref="ArgumentException">There is no such setting, a value is outside of its limits, or is given
    /// twice.</exception>
    public Experiment Vary(string setting, params object?[] values)
    {
        var changed = this;
        foreach (object? value in values)
        {
            string name = $"{setting}={Setting.Text(value)}";
            changed = changed.With(new(name, Changed(name, [(setting, value)])), mayBeBase: true);
        }
        return changed;
    }

    /// <summary>With one more variant, in which several settings of the base are changed together.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="settings">Names of settings and their values.</param>
    /// <exception cref="ArgumentException">There is no such setting, a value is outside of its limits, or the settings
    /// are those of the base or of another variant.</exception>
    public Experiment Change(string name, params (string Setting, object? Value)[] settings) =>
        With(new(name, Changed(name, settings)));

    /// <summary>With as many seeds: 42, 43, …</summary>
    /// <exception cref="ArgumentException">There are none, or too many.</exception>
    public Experiment WithSeeds(int count) => count is >= 1 and <= MostSeeds
        ? WithSeeds([.. Enumerable.Range(0, count).Select(i => RunConfig.UsualSeed + (ulong)i)])
        : throw new ArgumentException($"experiment {Name}: {count} seeds: give 1 to {MostSeeds:N0}");

    /// <summary>With these seeds.</summary>
    /// <exception cref="ArgumentException">There are none, or one stands twice.</exception>
    public Experiment WithSeeds(params ulong[] seeds)
    {
        if (seeds.Length == 0) throw new ArgumentException($"experiment {Name}: there are no seeds: give 1 or more");
        if (seeds.Distinct().Count() < seeds.Length)
            throw new ArgumentException($"experiment {Name}: seed {seeds.GroupBy(one => one)
                .First(same => same.Count() > 1).Key} is given twice: give each once");
        return new(Name, Variants, seeds, Metric, Pretraining);
    }

    /// <summary>With another metric to compare by.</summary>
    public Experiment WithMetric(ExperimentMetric metric) => new(Name, Variants, Seeds, metric, Pretraining);

    /// <summary>
    /// With a run that is made first, once with each seed: the base, changed. Variants whose setting <c>from</c> is
    /// <c>pretrained</c> begin with the weights of the run with their seed.
    /// </summary>
    /// <param name="settings">Names of settings and their values.</param>
    /// <exception cref="ArgumentException">There is no such setting, or a value is outside of its limits.</exception>
    public Experiment Pretrain(params (string Setting, object? Value)[] settings) => WithPretraining(
        Changed("pretrain", settings));

    internal Experiment WithPretraining(RunConfig config) =>
        new(Name, Variants, Seeds, Metric, config.From == Pretrained ? config with { From = null } : config);

    /// <summary>
    /// Refuses what would stop a run before its first step: settings that do not go together, data that cannot be read.
    /// Every variant's model is built once.
    /// </summary>
    /// <exception cref="ArgumentException">A setting is outside of its limits, or settings do not go
    /// together: the message names the variant.</exception>
    public void Check() => Checked();

    /// <summary>The same; what was found of the data is in what it gives.</summary>
    internal ExperimentCheck Checked()
    {
        if ((long)Variants.Count * Seeds.Count > MostRuns)
            throw new ArgumentException($"experiment {Name}: {Variants.Count:N0} variants with {Seeds.Count:N0} seeds "
                + $"are {(long)Variants.Count * Seeds.Count:N0} runs: give at most {MostRuns:N0}");
        if (Pretraining is { CanTransfer: false } whole)
            throw new ArgumentException($"experiment {Name}: pretrain: models of {TrainingTask.Of(whole.Kind).Name} "
                + "are trained from the beginning, and as a whole: leave it out");
        if (Pretraining is not null && Variants.All(one => one.Config.From != Pretrained))
            throw new ArgumentException($"experiment {Name}: nothing begins with what is pretrained: give a variant "
                + $"\"from\": \"{Pretrained}\", or leave the pretraining out");
        var check = new ExperimentCheck(this);
        check.Run();
        return check;
    }

    /// <summary>
    /// Makes every run that is not finished yet, several side by side, and compares them. Stopped or killed at any
    /// moment, it goes on where it was when it is run again.
    /// </summary>
    /// <param name="folder">Where the runs are kept, each an ordinary run folder.</param>
    /// <param name="parallel">How many runs are made at once; if null, as many as there are threads.</param>
    /// <param name="progress">Told of every run that ends.</param>
    /// <param name="cancellationToken">Stops it, with everything saved.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="IOException">The folder holds another experiment, or cannot be written.</exception>
    public ExperimentResult Run(string folder, int? parallel = null, IProgress<ExperimentProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        ExperimentRunner.Run(this, folder, parallel, progress, cancellationToken);

    /// <summary>
    /// As <see cref="Run"/>, together with any number of processes that do the same with the same folder, on any
    /// machines that share it. Each claims runs that no other has; what a dead one held is taken over and resumed.
    /// Each returns when all runs are finished, with the same result.
    /// </summary>
    /// <param name="folder">The shared folder.</param>
    /// <param name="parallel">How many runs this process makes at once; if null, as many as there are threads.</param>
    /// <param name="patience">After which time without a sign of life a claim is taken over; if null, 60 s.</param>
    /// <param name="progress">Told of every run that ends, whoever made it.</param>
    /// <param name="cancellationToken">Stops it, with everything saved.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="IOException">The folder holds another experiment, or cannot be written.</exception>
    public ExperimentResult RunShared(string folder, int? parallel = null, TimeSpan? patience = null,
        IProgress<ExperimentProgress>? progress = null, CancellationToken cancellationToken = default) =>
        SharedRunner.Run(this, folder, parallel, patience ?? TimeSpan.FromSeconds(60), progress, cancellationToken);

    /// <summary>
    /// How long a run of each variant will take: each is begun for a moment, in a folder that is deleted again.
    /// </summary>
    public IReadOnlyList<TimeSpan> Estimate(CancellationToken cancellationToken = default) =>
        ExperimentEstimate.Of(this, cancellationToken);

    /// <summary>How long a run that is made first will take; nothing without <see cref="Pretraining"/>.</summary>
    public TimeSpan EstimatePretraining() =>
        Pretraining is { } config ? ExperimentEstimate.Of(config) : TimeSpan.Zero;

    /// <summary>What a run is called: its variant's name, or <see cref="Pretrained"/>.</summary>
    public string NameOf(ExperimentRun run) =>
        run.Variant == ExperimentRun.IsPretraining ? Pretrained : Variants[run.Variant].Name;

    /// <summary>Whether a run is finished in a folder.</summary>
    public bool IsFinished(ExperimentRun run, string folder) => ExperimentRunner.Known(this, run, folder) is not null;

    /// <summary>What was asked, as JSON: runs of it are the same if the settings in it are.</summary>
    internal string ToJson()
    {
        var variants = new JsonArray();
        foreach (var variant in Variants)
            variants.Add((JsonNode)new JsonObject { ["name"] = variant.Name,
                ["settings"] = JsonNode.Parse((variant.Config with { Seed = 0 }).ToJson()) });
        var json = new JsonObject { ["name"] = Name, ["task"] = TrainingTask.Of(Variants[0].Config.Kind).Name,
            ["metric"] = Metric.Name, ["seeds"] = new JsonArray([.. Seeds.Select(seed => (JsonNode)seed)]),
            ["variants"] = variants };
        if (Pretraining is { } first) json[Pretrained] = JsonNode.Parse((first with { Seed = 0 }).ToJson());
        return json.ToJsonString(RunFile.Json) + "\n";
    }

    /// <summary>With one more variant.</summary>
    /// <param name="variant">It.</param>
    /// <param name="mayBeBase">Whether one that is the base is passed over: a grid may hold the base's own values.
    /// If false, it is refused.</param>
    /// <exception cref="ArgumentException">It is another variant, or its name is.</exception>
    internal Experiment With(ExperimentVariant variant, bool mayBeBase = false)
    {
        if (Variants.FirstOrDefault(one => one.Config == variant.Config) is { } same)
        {
            bool isBase = same == Variants[0];
            if (isBase && mayBeBase) return this;
            throw new ArgumentException($"experiment {Name}: {Printable.Of(variant.Name, 60)}: its settings are those "
                + $"of {(isBase ? "the base" : $"the variant '{Printable.Of(same.Name, 60)}'")}: leave it out, or "
                + "change another setting");
        }
        if (Variants.Any(one => one.Name == variant.Name))
            throw new ArgumentException($"experiment {Name}: '{Printable.Of(variant.Name)}' is the name of two "
                + "variants: give each its own");
        return new(Name, [.. Variants, variant], Seeds, Metric, Pretraining);
    }

    /// <summary>Where the run is kept that a run with this seed may begin with, below the experiment's
    /// folder.</summary>
    internal static string PretrainedFolder(ulong seed) => Path.Combine(Pretrained, $"seed-{seed}");

    RunConfig Changed(string name, (string Setting, object? Value)[] settings) =>
        Variants[0].Config.With($"experiment {Name}: {name}", settings.Select(one =>
            KeyValuePair.Create(one.Setting, JsonElement.Parse(Setting.Json(one.Value)?.ToJsonString() ?? "null"))));

    static RunConfig Checked(RunConfig config)
    {
        config.Check();
        return config.Complete();
    }

    /// <summary>
    /// A run's folder below that of the experiment: readable, and of letters that any file system takes.
    /// </summary>
    string Folder(int variant, ulong seed) =>
        Path.Combine($"{variant:000}-{PlainName(Variants[variant].Name)}", $"seed-{seed}");

    static string PlainName(string name) => string.Concat(name.Take(60).Select(c => char.IsAsciiLetterOrDigit(c)
        || c is '.' or '=' or '-' ? c : '_'));
}
