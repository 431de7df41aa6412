using System.Globalization;
using ChainRule.Data;
using ChainRule.Randomness;
using ChainRule.Training;
using ChainRule.Layers;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Runs;

/// <summary>A trained model read back from its file, which says what it is: recipe, sizes and preprocessing.</summary>
public sealed class SavedModel
{
    SavedModel(TaskKind kind, Recipe recipe, Module model, Preprocessing preprocessing) =>
        (Kind, Recipe, Model, Preprocessing) = (kind, recipe, model, preprocessing);

    /// <summary>What it was trained for.</summary>
    public TaskKind Kind { get; }

    /// <summary>The recipe that made it.</summary>
    public Recipe Recipe { get; }

    /// <summary>The model, in evaluation mode.</summary>
    public Module Model { get; }

    /// <summary>What turns data into its numbers, and its answers back.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>Reads the best model of a run's folder.</summary>
    /// <exception cref="InvalidDataException">There is none yet, or the file is damaged, or is not one
    /// of this run.</exception>
    public static SavedModel Load(string folder)
    {
        var run = RunFolder.Open(folder);
        string path = run.ModelPath;
        if (!run.HasModel)
        {
            const string Gone = "the best model is gone (no model.safetensors): put back a copy of it, or";
            var metrics = run.ReadMetrics();
            // Where training stands at its best, the checkpoint holds that model too.
            bool standsAtBest = metrics.Where(line => !double.IsNaN(line.ValLoss)).MinBy(line => line.ValLoss)
                is { } best && best.Step == metrics[^1].Step;
            string remedy = metrics.Count == 0 ? $"no model is saved yet: go on with: {run.ResumeCommand(folder)}"
                : standsAtBest ? $"{Gone} make it anew by: {run.ResumeCommand(folder)}" : $"{Gone} start a new run";
            throw new InvalidDataException($"{Printable.Path(folder)}: {remedy}");
        }
        var file = RunFile.Tensors(path, RunFile.PutBack);
        var (kind, recipe) = (run.Settings.Kind, Recipe.Find(run.Settings.Kind, run.Settings.Model));
        CheckOwn(run.Settings, path, file);
        var preprocessing = TrainingTask.Of(kind).ReadPreprocessing(name => Said(path, file, name));
        var model = recipe.Build(recipe.Read(run.Settings.Options), preprocessing.Shape, new TorchRandom(0));
        model.LoadStateDict(file.Tensors(), strict: true);
        model.Eval();
        return new(kind, recipe, model, preprocessing);
    }

    /// <summary>Refuses a file that was copied from another run, or settings that were changed.</summary>
    internal static void CheckOwn(RunSettings settings, string path, SafetensorsFile file)
    {
        var own = Metadata(settings, TrainingTask.Of(settings.Kind).ReadPreprocessing(name => Said(path, file, name)));
        foreach (string key in (string[])["kind", "model", "options", "data_sha256", "seed", "steps"])
        {
            if (Said(path, file, key) is var says && says != own[key])
                throw new InvalidDataException($"{Printable.Path(path)}: it and run.json are not of one run: its {key} "
                    + $"is {Printable.Of(says)}, and run.json's is {Printable.Of(own[key])}: put this run's own files "
                    + "back, or start a new run");
        }
        foreach (var (key, what) in ((string, string)[])[("training", "the model is trained"),
            ("data_options", "the data is read"),
            ("from_sha256", "the weights began")])
        {
            if (file.Metadata.GetValueOrDefault(key) != own.GetValueOrDefault(key))
                throw new InvalidDataException($"{Printable.Path(path)}: it and run.json are not of one run: they "
                    + $"differ in how {what}: put this run's own files back, or start a new run");
        }
    }

    /// <summary>What a file's metadata say of it.</summary>
    internal static string Said(string path, SafetensorsFile file, string key) =>
        file.Metadata.TryGetValue(key, out string? value) ? value
        : throw new InvalidDataException($"{Printable.Path(path)}: its metadata lacks '{key}', because no run wrote "
            + "it: put this run's own file back, or start a new run");

    /// <summary>What goes into a model's file beside its numbers; nothing that two equal runs do not share.</summary>
    internal static IReadOnlyDictionary<string, string> Metadata(RunSettings settings, Preprocessing preprocessing)
    {
        var metadata = new Dictionary<string, string>
        {
            ["format"] = "chainrule 1",
            ["kind"] = TrainingTask.Of(settings.Kind).Name,
            ["model"] = settings.Model,
            ["options"] = settings.Options,
            ["data"] = Path.GetFileName(settings.Data),
            ["data_sha256"] = settings.DataSha256,
            ["seed"] = settings.Seed.ToString(CultureInfo.InvariantCulture),
            ["steps"] = settings.Steps.ToString(CultureInfo.InvariantCulture),
        };
        foreach (var (name, value) in preprocessing.Metadata) metadata[name] = value;
        // Runs of earlier versions lack it.
        if (settings.Training is { } training) metadata["training"] = RunFile.Line(training);
        if (settings.DataOptions is { } reading) metadata["data_options"] = reading;
        if (settings.FromSha256 is { } from) metadata["from_sha256"] = from;
        return metadata;
    }
}
