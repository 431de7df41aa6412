using System.Globalization;
using ChainRule.Data;
using ChainRule.Randomness;
using ChainRule.Training;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Recipes;

namespace ChainRule.Zoo.Runs;

/// <summary>A recipe trained on names, in a folder of its own: started, stopped at any moment, taken up again, finished.</summary>
public sealed class NamesRun
{
    /// <summary>What stands for the path of the names that come with ChainRule.</summary>
    public const string Embedded = "embedded";

    /// <summary>At 1 a model also draws what it thinks hardly likely; a little below, most of what it invents could be a name.</summary>
    public const double InventingTemperature = 0.8;

    readonly Names _names;
    readonly Split<Dataset<Ids, Ids>> _examples;
    readonly Recipe _recipe;
    readonly Checkpoint _checkpoint;
    readonly List<RunMetrics> _metrics = [];
    double _secondsBefore;

    NamesRun(string folder, RunSettings settings, Names names)
    {
        _names = names;
        _recipe = Recipe.Find(settings.Model);
        Model = _recipe.Build(settings.Options, names.Vocabulary.Size, new TorchRandom(settings.Seed));
        _examples = names.Examples(Model.Context);
        _checkpoint = new(folder, SavedModel.Metadata(settings, names.Vocabulary));
        Trainer = new(Model, _recipe.Optimizer(Model), Batches.Shuffled(_examples.Train, _recipe.Batch, settings.Seed), (x, y) => Model.Forward(x).CrossEntropy(y))
        {
            Schedule = _recipe.Schedule(settings.Steps),
            Validate = () => Trainer!.Evaluate(_examples.Validation),
            EvaluateEvery = Math.Clamp(settings.Steps / 20, 1, 1000),
            Checkpoint = _checkpoint,
        };
    }

    /// <summary>Where the run is kept.</summary>
    public RunFolder Folder { get; private set; } = null!;

    /// <summary>What is trained.</summary>
    public LanguageModel Model { get; }

    /// <summary>What trains it.</summary>
    public Trainer<Ids, Ids> Trainer { get; }

    /// <summary>How many names are split into training, validation and test, and how many examples they make.</summary>
    public string DataLine => string.Create(CultureInfo.InvariantCulture,
        $"{_names.All.Count:N0} names ({_names.Source}): {_examples.Train.Count:N0} examples to train, "
        + $"{_examples.Validation.Count:N0} to validate, {_examples.Test.Count:N0} to test");

    /// <summary>Starts a run in a new folder.</summary>
    /// <param name="folder">The folder to make.</param>
    /// <param name="model">The recipe's name.</param>
    /// <param name="data">A file of names; null for those that come with ChainRule.</param>
    /// <param name="seed">The seed of parameters and batches.</param>
    /// <param name="steps">How many steps; null for the recipe's own number.</param>
    public static NamesRun Start(string folder, string model = "mlp", string? data = null, ulong seed = 42, int? steps = null)
    {
        var recipe = Recipe.Find(model);
        if (steps < 0) throw new ArgumentException($"train: {steps} steps: give 0 or more");
        var names = data is null ? Names.Embedded() : Names.FromFile(data);
        var settings = new RunSettings(model, recipe.Options, data is null ? Embedded : Path.GetFullPath(data), names.Sha256, seed, steps ?? recipe.Steps);
        var made = RunFolder.Create(folder, settings, beside =>
        {
            var first = new NamesRun(beside, settings, names);
            first._checkpoint.SaveLast(first.Trainer);
        });
        return Resume(made.FullPath);
    }

    /// <summary>Takes up a run where it was last saved.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="data">Where the names are now, if they were moved.</param>
    public static NamesRun Resume(string folder, string? data = null)
    {
        var made = RunFolder.Open(folder);
        string source = data ?? made.Settings.Data;
        if (data is null && source != Embedded && !File.Exists(source))
            throw new FileNotFoundException($"resume {folder}: the names are no longer at {source}: say where they are now by --data");
        var names = source == Embedded ? Names.Embedded() : Names.FromFile(source);
        if (names.Sha256 != made.Settings.DataSha256)
            throw new InvalidDataException($"resume {folder}: {source} is not the file that the run was started with (its SHA-256 differs): give that file by --data");
        var run = new NamesRun(made.FullPath, made.Settings, names) { Folder = made };
        made.Sweep();
        SavedModel.CheckOwn(made.Settings, made.LastPath, Safetensors.Read(made.LastPath));
        run._checkpoint.Resume(run.Trainer);
        // Before a step is made: a model that is damaged, or another's, would otherwise be found out after all of them, or be overwritten.
        if (run.Trainer.History.Best is not null) SavedModel.Load(folder);
        run.RestoreMetrics();
        run.Trainer.Evaluated += run.Note;
        return run;
    }

    /// <summary>Trains until all steps are made, or until it is told to stop; both leave the run saved.</summary>
    public TrainingEnd Train(IProgress<TrainingProgress>? progress = null, CancellationToken stop = default) => Trainer.Fit(Folder.Settings.Steps, progress, stop);

    /// <summary>Takes the best model, measures it, lets it invent names, and writes the summary.</summary>
    public RunSummary Finish(int samples = 20)
    {
        _checkpoint.LoadModel(Model);
        var settings = Folder.Settings;
        var best = Trainer.History.Best!.Value;
        double seconds = Math.Round(Seconds, 3);
        var summary = new RunSummary(
            settings.Model, settings.Data == Embedded ? Embedded : Path.GetFileName(settings.Data), settings.Seed, settings.Steps, Model.ParameterCount,
            Trainer.History.Points[0].ValidationLoss, Trainer.Evaluate(_examples.Train), Trainer.Evaluate(_examples.Validation), Trainer.Evaluate(_examples.Test),
            best.Step, seconds, seconds == 0 ? 0 : Math.Round(settings.Steps / seconds, 1), Invent(samples));
        Folder.WriteSummary(summary);
        return summary;
    }

    double Seconds => _secondsBefore + Trainer.TrainingTime.TotalSeconds;

    /// <summary>Names that the data does not hold: what is already there was not invented.</summary>
    string[] Invent(int count)
    {
        var known = _names.All.ToHashSet(StringComparer.Ordinal);
        var rng = new TorchRandom(Folder.Settings.Seed);
        List<string> invented = [];
        for (int tries = 0; invented.Count < count && tries < 50 * count; tries++)
        {
            string name = Model.Sample(_names.Vocabulary, rng, new(InventingTemperature));
            if (name.Length > 0 && known.Add(name)) invented.Add(name);
        }
        return [.. invented];
    }

    /// <summary>The checkpoint's history is what counts: a run killed between the two has written a line less, or one more. The file knows the time.</summary>
    void RestoreMetrics()
    {
        var written = Folder.ReadMetrics();
        foreach (var point in Trainer.History.Points)
        {
            _secondsBefore = written.FirstOrDefault(line => line.Step == point.Step)?.Seconds ?? _secondsBefore;
            _metrics.Add(RunMetrics.Of(point, _secondsBefore));
        }
        if (!_metrics.SequenceEqual(written)) Folder.WriteMetrics(_metrics);
    }

    void Note(HistoryPoint point)
    {
        _metrics.Add(RunMetrics.Of(point, Seconds));
        Folder.WriteMetrics(_metrics);
    }
}
