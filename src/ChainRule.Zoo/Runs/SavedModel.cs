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
    SavedModel(Recipe recipe, LanguageModel model, Vocabulary vocabulary) => (Recipe, Model, Vocabulary) = (recipe, model, vocabulary);

    /// <summary>The recipe that made it.</summary>
    public Recipe Recipe { get; }

    /// <summary>The model, in evaluation mode.</summary>
    public LanguageModel Model { get; }

    /// <summary>The characters of its ids.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>Reads the best model of a run's folder.</summary>
    /// <exception cref="InvalidDataException">There is none yet, or the file is not one of a ChainRule model.</exception>
    public static SavedModel Load(string folder)
    {
        string path = Path.Combine(RunFolder.Open(folder).FullPath, "model.safetensors");
        if (!File.Exists(path)) throw new InvalidDataException($"{folder}: no model is saved yet: go on with 'chainrule train names --resume {folder}'");
        var file = Safetensors.Read(path);
        string Setting(string key) => file.Metadata.TryGetValue(key, out string? value) ? value
            : throw new InvalidDataException($"{path}: its metadata lacks '{key}': it was not written by 'chainrule train'");
        var recipe = Recipe.Find(Setting("model"));
        var vocabulary = new Vocabulary(Setting("vocabulary"));
        var model = recipe.Build(Setting("options"), vocabulary.Size, new TorchRandom(0));
        model.LoadStateDict(file.Names.Select(name => KeyValuePair.Create(name, file.Tensor(name))));
        model.Eval();
        return new(recipe, model, vocabulary);
    }

    /// <summary>What goes into a model's file beside its numbers; nothing that two equal runs do not share.</summary>
    internal static IReadOnlyDictionary<string, string> Metadata(RunSettings settings, Names names) => new Dictionary<string, string>
    {
        ["format"] = "chainrule 1",
        ["model"] = settings.Model,
        ["options"] = settings.Options,
        ["vocabulary"] = names.Vocabulary.Characters,
        ["data"] = names.Source,
        ["data_sha256"] = names.Sha256,
        ["seed"] = settings.Seed.ToString(CultureInfo.InvariantCulture),
        ["steps"] = settings.Steps.ToString(CultureInfo.InvariantCulture),
    };
}
