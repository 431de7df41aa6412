using System.Globalization;
using ChainRule.Data;
using ChainRule.Randomness;
using ChainRule.Training;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Recipes;

namespace ChainRule.Zoo.Runs;

/// <summary>A trained model read back from its file, which says what it is: recipe, sizes and vocabulary.</summary>
public sealed class SavedModel
{
    SavedModel(CorpusKind kind, Recipe recipe, LanguageModel model, Vocabulary vocabulary) =>
        (Kind, Recipe, Model, Vocabulary) = (kind, recipe, model, vocabulary);

    /// <summary>What it was trained on: whether its texts have an end.</summary>
    public CorpusKind Kind { get; }

    /// <summary>The recipe that made it.</summary>
    public Recipe Recipe { get; }

    /// <summary>The model, in evaluation mode.</summary>
    public LanguageModel Model { get; }

    /// <summary>The characters of its ids.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>Reads the best model of a run's folder.</summary>
    /// <exception cref="InvalidDataException">There is none yet, or the file is damaged, or is not one of this run.</exception>
    public static SavedModel Load(string folder)
    {
        var run = RunFolder.Open(folder);
        string path = run.ModelPath;
        if (!File.Exists(path)) throw new InvalidDataException($"{Printable.Path(folder)}: no model is saved yet: go on with: {run.ResumeCommand(folder)}");
        var file = Safetensors.Read(path);
        var recipe = Recipe.Find(run.Settings.Model);
        CheckOwn(run.Settings, path, file);
        var vocabulary = new Vocabulary(Said(path, file, "vocabulary"));
        var model = recipe.Build(run.Settings.Options, vocabulary.Size, new TorchRandom(0));
        model.LoadStateDict(file.Tensors(), strict: true);
        model.Eval();
        return new(run.Settings.Kind, recipe, model, vocabulary);
    }

    /// <summary>Refuses a file that was copied from another run.</summary>
    internal static void CheckOwn(RunSettings settings, string path, SafetensorsFile file)
    {
        var own = Metadata(settings, new(Said(path, file, "vocabulary")));
        foreach (string key in (string[])["model", "options", "data_sha256", "seed"])
        {
            if (Said(path, file, key) is var says && says != own[key])
                throw new InvalidDataException($"{Printable.Path(path)}: it is another run's: its {key} is {Printable.Of(says)}, and this run's is "
                    + $"{Printable.Of(own[key])}: put this run's own file back, or start a new run");
        }
    }

    static string Said(string path, SafetensorsFile file, string key) => file.Metadata.TryGetValue(key, out string? value) ? value
        : throw new InvalidDataException($"{Printable.Path(path)}: its metadata lacks '{key}', because no run wrote it: put this run's own file back, or start a new run");

    /// <summary>What goes into a model's file beside its numbers; nothing that two equal runs do not share.</summary>
    internal static IReadOnlyDictionary<string, string> Metadata(RunSettings settings, Vocabulary vocabulary) => new Dictionary<string, string>
    {
        ["format"] = "chainrule 1",
        ["kind"] = Corpus.Word(settings.Kind),
        ["model"] = settings.Model,
        ["options"] = settings.Options,
        ["vocabulary"] = vocabulary.Characters,
        ["data"] = Path.GetFileName(settings.Data),
        ["data_sha256"] = settings.DataSha256,
        ["seed"] = settings.Seed.ToString(CultureInfo.InvariantCulture),
        ["steps"] = settings.Steps.ToString(CultureInfo.InvariantCulture),
    };
}
