using System.Text.Json;
using System.Text.Json.Serialization;
using ChainRule.Randomness;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Models;

namespace ChainRule.Zoo.Recipes;

/// <summary>
/// How a model is trained well, on names and on a text: its sizes, its training, and the loss that it must reach. All
/// recipes are rows of <see cref="RecipeTable"/>.
/// </summary>
public sealed class Recipe
{
    // A size that nobody knows is an error: taking the default in its place would build another model.
    static readonly JsonSerializerOptions s_json = new()
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };

    readonly Type _sizes;
    readonly Func<ModelOptions, int, TorchRandom, LanguageModel> _build;
    readonly Action<LanguageModel, Corpus>? _begin;

    Recipe(string name, string summary, Plan names, Plan text, ModelOptions tiny, Type sizes,
        Func<ModelOptions, int, TorchRandom, LanguageModel> build, Action<LanguageModel, Corpus>? begin) =>
        (Name, Summary, Names, Text, Tiny, _sizes, _build, _begin) =
        (name, summary, names, text, tiny, sizes, build, begin);

    /// <summary>Every recipe there is, by name.</summary>
    public static IReadOnlyDictionary<string, Recipe> All { get; } =
        RecipeTable.Rows.OrderBy(recipe => recipe.Name, StringComparer.Ordinal).ToDictionary(recipe => recipe.Name);

    /// <summary>What it is called on the command line.</summary>
    public string Name { get; }

    /// <summary>What it is, in a line.</summary>
    public string Summary { get; }

    /// <summary>How it trains on names.</summary>
    public Plan Names { get; }

    /// <summary>How it trains on a text.</summary>
    public Plan Text { get; }

    /// <summary>Sizes so small that every gradient can be checked.</summary>
    public ModelOptions Tiny { get; }

    /// <summary>How it trains on data of that kind.</summary>
    public Plan For(CorpusKind kind) => kind == CorpusKind.Names ? Names : Text;

    /// <summary>Builds the model.</summary>
    /// <exception cref="ArgumentException">A size is outside of its limits, or sizes do not go together.</exception>
    public LanguageModel Build(ModelOptions sizes, int vocabulary, TorchRandom rng) => _build(sizes, vocabulary, rng);

    /// <summary>What a new model takes from the data before the first step; most take nothing.</summary>
    public void Begin(LanguageModel model, Corpus corpus) => _begin?.Invoke(model, corpus);

    /// <summary>
    /// Sizes as JSON, which are saved with a model, so that it can be built again whatever the defaults become.
    /// </summary>
    public string Write(ModelOptions sizes) => JsonSerializer.Serialize(sizes, _sizes, s_json);

    /// <summary>Reads sizes that were saved, now or by an earlier version.</summary>
    /// <exception cref="InvalidDataException">They are not such JSON.</exception>
    public ModelOptions Read(string sizes)
    {
        try
        {
            return (ModelOptions?)JsonSerializer.Deserialize(sizes, _sizes, s_json) ?? throw new JsonException();
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"model {Name}: its sizes cannot be read from {Printable.Of(sizes, 200)}: "
                + $"give JSON such as {Write(Names.Sizes)}", e);
        }
    }

    /// <summary>The recipe of a name.</summary>
    /// <exception cref="ArgumentException">There is none: the message lists those there are.</exception>
    public static Recipe Find(string name) =>
        All.TryGetValue(name, out var recipe) ? recipe
        : throw new ArgumentException($"model '{Printable.Of(name)}': there is no such model: choose one of "
            + $"{string.Join(", ", All.Keys)}");

    /// <summary>A row of the table: a model that is built from a record of sizes.</summary>
    internal static Recipe Of<TSizes>(string name, string summary, Plan names, Plan text, TSizes tiny,
        Func<TSizes, int, TorchRandom, LanguageModel> build, Action<LanguageModel, Corpus>? begin = null)
        where TSizes : ModelOptions =>
        new(name, summary, names, text, tiny, typeof(TSizes),
            (sizes, vocabulary, rng) => build((TSizes)sizes, vocabulary, rng), begin);
}
