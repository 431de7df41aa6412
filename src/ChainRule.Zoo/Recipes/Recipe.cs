using System.Text.Json;
using System.Text.Json.Serialization;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Models;

namespace ChainRule.Zoo.Recipes;

/// <summary>
/// How a model is trained well, on names and on a text: its sizes, the optimiser, the schedule, and the loss that it must reach. A recipe is found by
/// its being here: a new one is a new file. Unless it says otherwise it is nanoGPT's: AdamW, whose decay is for matrices alone, a short warm-up, then
/// half a cosine down to a tenth of the learning rate, and gradients of a norm of 1 at most.
/// </summary>
public abstract class Recipe
{
    private protected Recipe() { }

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

    /// <summary>How it trains on names.</summary>
    public abstract Plan Names { get; }

    /// <summary>How it trains on a text.</summary>
    public abstract Plan Text { get; }

    /// <summary>Sizes so small that every gradient can be checked, as JSON.</summary>
    public abstract string Tiny { get; }

    /// <summary>How it trains on data of that kind.</summary>
    public Plan For(CorpusKind kind) => kind == CorpusKind.Names ? Names : Text;

    /// <summary>Builds the model from sizes that a plan gave, now or in an earlier version.</summary>
    /// <exception cref="InvalidDataException">They are not such JSON.</exception>
    public abstract LanguageModel Build(string options, int vocabulary, TorchRandom rng);

    /// <summary>Refuses sizes that cannot be read, before anything is built from them.</summary>
    /// <exception cref="InvalidDataException">They are not such JSON.</exception>
    internal abstract void CheckSizes(string options);

    /// <summary>What a new model takes from the data before the first step; most take nothing.</summary>
    public virtual void Begin(LanguageModel model, Corpus corpus) { }

    /// <summary>The optimiser over a model's parameters, with its learning rate for a training of that length.</summary>
    public Optimizer Optimizer(Module model, Plan plan, int steps) => Optimizer(model, Schedule(plan, steps));

    /// <summary>The optimiser over a model's parameters, with that learning rate.</summary>
    public virtual Optimizer Optimizer(Module model, Schedule learningRate) =>
        new AdamW(model.Parameters(), learningRate, beta2: 0.99, weightDecay: 0.1, decays: p => p.Rank >= 2);

    /// <summary>The learning rate over so many steps.</summary>
    public virtual Schedule Schedule(Plan plan, int steps) =>
        Optim.Schedule.Cosine(plan.LearningRate, plan.LearningRate / 10, warmup: Math.Min(100, steps / 20), total: Math.Max(1, steps));

    /// <summary>The greatest norm of all gradients together; null for any.</summary>
    public virtual double? ClipNorm => 1;

    /// <summary>The recipe of a name.</summary>
    /// <exception cref="ArgumentException">There is none: the message lists those there are.</exception>
    public static Recipe Find(string name) =>
        All.TryGetValue(name, out var recipe) ? recipe : throw new ArgumentException($"model '{Printable.Of(name)}': there is no such model: choose one of "
            + $"{string.Join(", ", All.Keys)}");
}

/// <summary>A recipe of a model that is built from a record of sizes.</summary>
public abstract class Recipe<TSizes> : Recipe where TSizes : class
{
    // A size that nobody knows is an error: taking the default in its place would build another model.
    static readonly JsonSerializerOptions s_json = new()
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <inheritdoc/>
    public sealed override LanguageModel Build(string options, int vocabulary, TorchRandom rng) => Build(Read(options), vocabulary, rng);

    internal sealed override void CheckSizes(string options) => Read(options);

    /// <summary>Builds the model from its sizes.</summary>
    protected abstract LanguageModel Build(TSizes sizes, int vocabulary, TorchRandom rng);

    /// <summary>Sizes as JSON.</summary>
    protected static string Json(TSizes sizes) => JsonSerializer.Serialize(sizes, s_json);

    TSizes Read(string options)
    {
        try
        {
            return JsonSerializer.Deserialize<TSizes>(options, s_json) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new InvalidDataException($"model {Name}: its sizes cannot be read from {Printable.Of(options, 200)}: give JSON such as {Names.Options}");
        }
    }
}
