using System.Text.Json;
using System.Text.Json.Serialization;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;
using ChainRule.Zoo.Models;

namespace ChainRule.Zoo.Recipes;

/// <summary>
/// How a model is trained well: its sizes, the optimiser, the schedule, and the loss that it must reach on the published names. A recipe is found by
/// its being here: a new one is a new file.
/// </summary>
public abstract class Recipe
{
    // A size that nobody knows is an error: taking the default in its place would build another model.
    static readonly JsonSerializerOptions s_sizes = new() { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <summary>Every recipe there is, by name.</summary>
    public static IReadOnlyDictionary<string, Recipe> All { get; } = typeof(Recipe).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(Recipe)) && !type.IsAbstract)
        .Select(type => (Recipe)Activator.CreateInstance(type)!)
        .OrderBy(recipe => recipe.Name, StringComparer.Ordinal)
        .ToDictionary(recipe => recipe.Name);

    /// <summary>What it is called on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>What it is, in a line.</summary>
    public abstract string Summary { get; }

    /// <summary>How many steps, unless somebody says otherwise.</summary>
    public abstract int Steps { get; }

    /// <summary>How many examples make a batch.</summary>
    public abstract int Batch { get; }

    /// <summary>The validation loss, in nats a character, that it must reach on the published names.</summary>
    public abstract double Goal { get; }

    /// <summary>The model's sizes, as JSON: saved with a model, so that it can be built again whatever the defaults become.</summary>
    public abstract string Options { get; }

    /// <summary>Builds the model from sizes that <see cref="Options"/> gave, now or in an earlier version.</summary>
    public abstract LanguageModel Build(string options, int vocabulary, TorchRandom rng);

    /// <summary>The optimiser over a model's parameters.</summary>
    public abstract Optimizer Optimizer(Module model);

    /// <summary>The learning rate over so many steps.</summary>
    public abstract Schedule Schedule(int steps);

    /// <summary>Sizes from the JSON that <see cref="Options"/> gave; one that it does not name keeps its default.</summary>
    /// <exception cref="InvalidDataException">They are not such JSON.</exception>
    protected T Sizes<T>(string options)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(options, s_sizes) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new InvalidDataException($"model {Name}: its sizes cannot be read from {options}: give JSON such as {Options}");
        }
    }

    /// <summary>The recipe of a name.</summary>
    /// <exception cref="ArgumentException">There is none: the message lists those there are.</exception>
    public static Recipe Find(string name) =>
        All.TryGetValue(name, out var recipe) ? recipe : throw new ArgumentException($"model '{name}': there is no such model: choose one of {string.Join(", ", All.Keys)}");
}
