using ChainRule.Data;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;

namespace ChainRule.Zoo.Tasks;

/// <summary>
/// What a run is trained for: what data it takes, and what turns that into numbers. A new task is a class of this kind,
/// one of <see cref="TaskData"/>, and rows of recipes; runs, their folders and the tool's commands know no more.
/// </summary>
public abstract class TrainingTask
{
    /// <summary>Every task there is, in the order of <see cref="TaskKind"/>.</summary>
    public static IReadOnlyList<TrainingTask> All { get; } = [new NamesTask(), new TextTask(), new ImagesTask(),
        new TablesTask(), new PlacesTask(), new SequencesTask(),
        new AutoencoderTask(), new MapTask(), new PatternsTask()];

    /// <summary>The task of a kind.</summary>
    public static TrainingTask Of(TaskKind kind) => All[(int)kind];

    /// <summary>Which it is.</summary>
    public abstract TaskKind Kind { get; }

    /// <summary>What it is called on the command line.</summary>
    public string Name => Kind.ToString().ToLowerInvariant();

    /// <summary>The command that trains it, without the tool's name.</summary>
    public virtual string Command => $"train {Name}";

    /// <summary>What the command does, in a line.</summary>
    public abstract string Summary { get; }

    /// <summary>What the data is, as a subject and its verb: <c>the names are</c>.</summary>
    public abstract string DataAre { get; }

    /// <summary>What may be given as data.</summary>
    public abstract string DataSummary { get; }

    /// <summary>What the data is called as an argument of the command; null if it is given by --data alone.</summary>
    public virtual string? DataArgument => null;

    /// <summary>Whether data may be given; else it is made.</summary>
    public virtual bool TakesData => true;

    /// <summary>
    /// How many files the data may be. Where it is more than one, a source names them with
    /// <see cref="Path.PathSeparator"/> between them.
    /// </summary>
    public virtual int DataFiles => 1;

    /// <summary>What the validation loss of a run is called: of data that are all learned from it is what is measured
    /// on them.</summary>
    public virtual string ValidationName => UsualValidation;

    /// <summary>What it is called where some of the data are held back to validate with.</summary>
    internal const string UsualValidation = "validation";

    /// <summary>Whether some of the data are held back to validate with.</summary>
    public bool HoldsBack => ValidationName == UsualValidation;

    /// <summary>The name of the model that is trained if none is named.</summary>
    public abstract string UsualModel { get; }

    /// <summary>How data is read if nothing is said.</summary>
    public virtual DataOptions UsualOptions => new NoDataOptions();

    /// <summary>The models that can be trained for it, by name.</summary>
    public IReadOnlyDictionary<string, Recipe> Recipes => Recipe.Of(Kind);

    /// <summary>
    /// Where the data is if none is named; null for what comes with ChainRule.
    /// </summary>
    /// <exception cref="FileNotFoundException">It is not on this machine: says how to get it.</exception>
    public virtual string? FindData() => null;

    /// <summary>Opens data.</summary>
    /// <param name="source">A file or a folder; <c>-</c> is the standard input; null for what there is without
    /// one.</param>
    /// <param name="options">How it is read.</param>
    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is not such data.</exception>
    public abstract TaskData Open(string? source, DataOptions? options = null);

    /// <summary>How the data of a run was read, from its settings.</summary>
    /// <exception cref="InvalidDataException">What was saved of it cannot be read.</exception>
    internal virtual DataOptions OptionsOf(RunSettings settings) =>
        settings.DataOptions is { } saved ? UsualOptions.Read(saved) : UsualOptions;

    /// <summary>Why data is no longer where it was: the rest of a sentence; null where it is.</summary>
    internal virtual string? WhyGone(string source) => Files.WhyNotPlain(source);

    /// <summary>A source by full paths, so that it can be opened from any folder.</summary>
    internal string FullPath(string source) => string.Join(Path.PathSeparator,
        (DataFiles == 1 ? [source] : source.Split(Path.PathSeparator))
            .Select(path => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))));

    /// <summary>Reads what was saved with a model.</summary>
    /// <param name="said">What the metadata say by name; refuses a name that is missing.</param>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public abstract Preprocessing ReadPreprocessing(Func<string, string> said);

    /// <summary>The command that uses a trained model, to be pasted into a shell, and what it does.</summary>
    public abstract string NextCommand(string folder);
}
