using System.CommandLine;
using System.CommandLine.Parsing;
using ChainRule.Distributed;
using ChainRule.Kernels;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Settings;
using ChainRule.Zoo.Tables;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Cli.Commands;

/// <summary>
/// The options of <c>chainrule train</c> that say what a run is started with; what each may be is said by the
/// records of the settings.
/// </summary>
sealed class TrainOptions
{
    readonly TrainingTask _task;
    readonly Option<string> _model;
    readonly Option<string?> _config;
    readonly Option<string[]> _set;
    readonly (Option<string> Option, string Name)[] _named;

    /// <param name="task">What is trained for.</param>
    /// <param name="another">What may be given in a model's place, and what it is; it is then the default.</param>
    /// <param name="byRule">Whether the model learns by a rule of its own: its sizes are options then, and of the
    /// settings of training only those that the rule knows.</param>
    public TrainOptions(TrainingTask task, (string Name, string Summary)? another = null, bool byRule = false)
    {
        _task = task;
        (string Name, string Summary)[] choices = [.. another is { } one ? [one] : Array.Empty<(string, string)>(),
            .. task.Recipes.Values.Select(recipe => (recipe.Name, recipe.Summary))];
        string models = string.Concat(choices.Select(choice => $"\n  {choice.Name,-9} {choice.Summary}"));
        string usual = another?.Name ?? task.UsualModel;
        _model = new Option<string>("--model") { Description = $"What to train [default: {usual}]:{models}",
            HelpName = "NAME" }.Among([.. choices.Select(choice => choice.Name)]);
        (Option<string> Option, string Name)[] training =
        [
            Named("--steps", "N", "steps", "Number of training steps"),
            Named("--learning-rate", "RATE", "learningRate", "Greatest learning rate; the schedule lowers it"),
            Named("--batch-size", "N", "batchSize", "Examples in a batch"),
            Named("--optimizer", "NAME", "optimizer",
                $"Optimizer: {string.Join(", ", Enum.GetValues<OptimizerKind>().Select(kind => Setting.Text(kind)))}"),
            Named("--weight-decay", "DECAY", "weightDecay", "Weight decay: how strongly weights are pulled towards 0"),
            Named("--dropout", "P", "dropout",
                "Probability with which a unit is set to 0 in training; not for bigram and counts"),
            Named("--eval-every", "N", "evalEvery",
                "Steps between two evaluations [default: a twentieth of the steps, at most "
                    + $"{(task.Kind == TaskKind.Table ? 100 : 1000)}]"),
            Named("--seed", "N", "seed", "Seed of parameters and batches: the same seed gives the same model, bit for "
                + $"bit [default: {RunConfig.UsualSeed}]"),
        ];
        _named =
        [
            .. byRule ? Setting.Of(Sizes).Select(OfData) : [],
            .. training.Where(one => !byRule || one.Name == "seed"
                || one.Name == "learningRate" && task.Kind == TaskKind.Map),
            .. byRule || task.Kind is TaskKind.Table or TaskKind.Places ? Array.Empty<(Option<string>, string)>() :
            [
                Named("--from", "DIR|FILE", "from", "Begin with the weights of a trained run, or of a file of "
                    + "safetensors, where they fit"),
                OfData(Setting.Of(typeof(TrainingSettings)).First(setting => setting.Name == "freeze")),
            ],
            .. Setting.Of(task.UsualOptions).Select(OfData),
        ];
        _set = new("--set")
        {
            Description = $"Any other setting, such as {Example}: a size of the model, or another setting that "
                + "--print-config shows; may be repeated",
            HelpName = "NAME=VALUE",
        };
        _config = new("--config")
            { Description = "File of settings in JSON, whole or in part, as --print-config writes them",
                HelpName = "FILE.json" };
        Output = new("--out")
            { Description = "The run's folder, which must be new [default: "
                + $"runs/{task.Name}{(task.Kind == TaskKind.Map ? "" : "-MODEL")}, numbered]",
                HelpName = "DIR" };
        PrintConfig = new("--print-config")
            { Description = "Print all settings that the run would use as JSON, and train nothing" };
    }

    /// <summary>How many threads there are; decides no result.</summary>
    public Option<int> Threads { get; } = CreateThreads();

    /// <summary>The option of how many threads there are.</summary>
    public static Option<int> CreateThreads() => new Option<int>("--threads")
        { Description = "Number of threads [default: all cores]; the results do not depend on it",
            HelpName = "N" }.AtLeast(1);

    /// <summary>How many processes of this machine train together.</summary>
    public Option<int?> Workers { get; } = new Option<int?>("--workers")
        { Description = "Train with N processes of this machine, which share the shards of each batch (--set shards=S, "
            + "16 if nothing is said): the model is the same, bit for bit, for any N", HelpName = "N" }.Between(1, 64);

    /// <summary>How much its earlier states may take.</summary>
    public Option<long?> History { get; } = new("--history")
    {
        Description = "Disk space for earlier states of the run, such as 64MB or 1GB, so that 'chainrule rewind' and "
            + "'chainrule explain' are soon at any of its steps; 0 keeps none [default: 16MB]",
        HelpName = "SIZE",
        CustomParser = r =>
        {
            if (ByteSize.Parse(r.Tokens[0].Value) is { } size) return size;
            r.AddError($"--history {Printable.Of(r.Tokens[0].Value)}: {ByteSize.Wanted}"
                + NumberOptions.CommaRemark(r.Tokens[0].Value.TrimEnd([.. "KMGTBIkmgtbi "])));
            return null;
        },
    };

    /// <summary>Where a new run is kept.</summary>
    public Option<string?> Output { get; }

    /// <summary>Which run is gone on with.</summary>
    public Option<string?> Resume { get; } = new("--resume")
        { Description = "Resume the run of a folder, with the settings it was started with", HelpName = "DIR" };

    /// <summary>Whether the settings are to be printed.</summary>
    public Option<bool> PrintConfig { get; }

    /// <summary>All that is refused together with a run that was started before.</summary>
    public IReadOnlyList<Option> OfNewRuns => [_model, .. _named.Select(one => one.Option), _set, _config,
        History];

    /// <summary>Every option, in the order of the help.</summary>
    public IReadOnlyList<Option> All => [.. OfNewRuns, PrintConfig, Threads, Workers, Output, Resume];

    /// <summary>Refuses options that do not go together.</summary>
    public void Check(CommandResult result)
    {
        if (result.GetValue(PrintConfig) && result.GetResult(Output) is not null)
            result.AddError("--out does not go with --print-config, which makes no folder: leave one of them out");
        if (Mpi.IsLaunched && result.GetResult(Workers) is not null)
            result.AddError("--workers does not go with mpirun, which has started workers: leave it out");
        if (result.GetResult(Resume) is null) return;
        foreach (var option in (IEnumerable<Option>)[.. OfNewRuns, Output])
            if (result.GetResult(option) is { Implicit: false })
                result.AddError($"{option.Name} does not go with --resume: a run goes on with the settings it was "
                    + "started with");
    }

    /// <summary>Refuses more workers than the shards of a new run, before anything is made.</summary>
    public static void CheckShards(int? workers, RunConfig config)
    {
        if (workers is { } count)
            LocalWorkers.Check(Mpi.IsLaunched ? $"mpirun started {Printable.Count(count, "worker")}"
                : $"--workers {count}", count, config.Training.Shards ?? 0);
    }

    /// <summary>What is asked for, by name, so that several workers can compare it: all settings of a new run but where
    /// its data lies, or the run that is resumed.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="model">The model, where it is chosen by trials.</param>
    public IReadOnlyList<KeyValuePair<string, string>> Asked(ParseResult parsed, string? model = null) =>
        parsed.GetValue(Resume) is { } run ? [new("command", _task.Command), new("--resume", run)]
            : [new("command", _task.Command), .. Resolve(parsed, null, model).Flat()
                .Where(one => one.Key.Name != "data")
                .Select(one => new KeyValuePair<string, string>(one.Key.Name, Setting.Text(one.Value))),
                new("--history", $"{parsed.GetValue(History)}"), new("--out", parsed.GetValue(Output) ?? "")];

    /// <summary>Takes as many threads as are asked for.</summary>
    public void SetThreads(ParseResult parsed)
    {
        if (parsed.GetResult(Threads) is not null) Compute.Threads = parsed.GetValue(Threads);
    }

    /// <summary>What the run is to use.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="data">The data; null if none is given.</param>
    /// <param name="model">The model in the place of the one that is given.</param>
    /// <exception cref="UsageException">A name is none, or a value is none or outside of its limits.</exception>
    public RunConfig Resolve(ParseResult parsed, string? data, string? model = null)
    {
        try
        {
            var file = parsed.GetValue(_config) is { } path ? ConfigFile.Read(path) : null;
            var config = RunConfig.Resolve(_task.Kind, _task.UsualModel, file, [.. Given(parsed, data, model)]);
            if (parsed.GetValue(Workers) is not null || Mpi.IsLaunched) config = Shared(parsed, config);
            return parsed.GetValue(History) is { } history ? config with { History = history } : config;
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message, e);
        }
    }

    // With shards for the workers, or refused where there is nothing to share.
    RunConfig Shared(ParseResult parsed, RunConfig config)
    {
        string asked = parsed.GetValue(Workers) is { } workers ? $"--workers {workers}" : "mpirun",
            remedy = asked == "mpirun" ? "start it without mpirun" : "leave --workers out";
        if (!config.CanShare)
            throw new ArgumentException($"{asked}: '{_task.Command}' is trained by one process, by a rule of its own: "
                + remedy);
        if (_task.Kind == TaskKind.Table && Recipe.Find(_task.Kind, config.Model).IsSolved(_task.Kind))
            return Model(parsed) != config.Model ? config
                : throw new ArgumentException($"{asked}: the model {config.Model} is solved at once, by one process: "
                    + remedy);
        return config with { Training = config.Training with
            { Shards = config.Training.Shards ?? TrainingSettings.UsualShards } };
    }

    /// <summary>The model that is named; null if none is, here and in the config file.</summary>
    public string? Model(ParseResult parsed) => parsed.GetValue(_model) ?? (parsed.GetValue(_config) is { } path
        && ConfigFile.Read(path).Settings.Any(setting => Nearest.Plain(setting.Key) == "model")
            ? Resolve(parsed, null).Model : null);

    ModelOptions Sizes => Recipe.Find(_task.Kind, _task.UsualModel).For(_task.Kind).Sizes;

    /// <summary>A size of the usual model.</summary>
    string Example => Setting.Of(Sizes) is [var first, ..]
        ? $"{first.Name}={Setting.Text(first.ValueIn(Sizes))}" : "evalEvery=1";

    IEnumerable<GivenSetting> Given(ParseResult parsed, string? data, string? instead)
    {
        if ((instead ?? parsed.GetValue(_model)) is { } model) yield return new("--model", "model", model);
        if (data is not null) yield return new("--data", "data", data);
        foreach (var (option, name) in _named)
            if (parsed.GetValue(option) is { } text)
                yield return new($"{option.Name} {Printable.Of(text)}", name, text);
        foreach (string set in parsed.GetValue(_set) ?? [])
        {
            string[] parts = set.Split('=', 2);
            string asked = $"--set {Printable.Of(set)}", name = parts[0].Trim();
            if (parts.Length < 2 || name.Length == 0)
                throw new ArgumentException($"{asked}: give NAME=VALUE, such as {Example}");
            if (Nearest.Plain(name) is "model" or "data")
                throw new ArgumentException($"{asked}: give it by --{Nearest.Plain(name)}");
            if (Nearest.Plain(name) == "kind")
                throw new ArgumentException(
                    $"{asked}: the kind of data is that of the command, '{_task.Command}'");
            yield return new(asked, name, parts[1].Trim());
        }
    }

    /// <summary>What says how the data is read; of a choice of yes or no the name alone is yes.</summary>
    public static (Option<string> Option, string Name) OfData(Setting setting)
    {
        string option = "--" + Setting.Words(setting.Name).Replace(' ', '-');
        var (named, name) = Named(option, setting.IsSwitch ? "true|false" : "VALUE", setting.Name, setting.Description);
        if (setting.IsNames)
        {
            (named.HelpName, named.Arity, named.AllowMultipleArgumentsPerToken) = (setting.NamesOf,
                ArgumentArity.OneOrMore, true);
            // A column's name may hold a comma, which its table then tells; what else is named holds none, or stands
            // between quotes.
            named.CustomParser = r => setting.NamesOf == NamesAttribute.Column
                ? TableOptions.ListOf([.. r.Tokens.Select(token => token.Value)])
                : string.Join(',', r.Tokens.Select(token => token.Value));
        }
        if (setting.IsSwitch)
        {
            named.Arity = ArgumentArity.ZeroOrOne;
            named.CustomParser = r => r.Tokens is [var token, ..] ? token.Value : "true";
        }
        return (named, name);
    }

    static (Option<string>, string) Named(string option, string value, string setting, string description) =>
        (new(option) { Description = description, HelpName = value }, setting);
}
