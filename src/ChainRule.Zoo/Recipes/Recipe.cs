using System.Text.Json;
using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Settings;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Recipes;

/// <summary>
/// How a model is trained well, for each task that it can be trained for: its sizes, its training, and the loss that it
/// must reach. All recipes are rows of <see cref="RecipeTable"/>.
/// </summary>
public sealed class Recipe
{
    readonly Type _sizes;
    readonly IReadOnlyDictionary<TaskKind, Plan> _plans;
    readonly Func<ModelOptions, DataShape, RandomSource, Module> _build;
    readonly Action<ModelOptions, Module, TaskData>? _begin;

    Recipe(string name, string summary, IReadOnlyDictionary<TaskKind, Plan> plans, ModelOptions tiny, Type sizes,
        Func<ModelOptions, DataShape, RandomSource, Module> build, Action<ModelOptions, Module, TaskData>? begin) =>
        (Name, Summary, _plans, Tiny, _sizes, _build, _begin) = (name, summary, plans, tiny, sizes, build, begin);

    /// <summary>Every recipe there is, in the order of their names.</summary>
    public static IReadOnlyList<Recipe> All { get; } =
        [.. RecipeTable.Rows.OrderBy(recipe => recipe.Name, StringComparer.Ordinal)];

    /// <summary>What it is called on the command line.</summary>
    public string Name { get; }

    /// <summary>What it is, in a line.</summary>
    public string Summary { get; }

    /// <summary>The tasks that it can be trained for.</summary>
    public IEnumerable<TaskKind> Tasks => _plans.Keys;

    /// <summary>Sizes so small that every gradient can be checked.</summary>
    public ModelOptions Tiny { get; }

    /// <summary>How it is trained for a task.</summary>
    /// <exception cref="ArgumentException">It cannot be.</exception>
    public Plan For(TaskKind task) => _plans.TryGetValue(task, out var plan) ? plan : throw NoSuch(task, Name);

    /// <summary>Whether it is complete before the first step, and makes none unless asked to.</summary>
    public bool IsSolved(TaskKind task) => For(task).Steps == 0;

    /// <summary>Builds the model.</summary>
    /// <exception cref="ArgumentException">A size is outside of its limits, or sizes do not go together.</exception>
    public Module Build(ModelOptions sizes, DataShape shape, RandomSource rng) => _build(sizes, shape, rng);

    /// <summary>What a new model takes from the data before the first step; most take nothing.</summary>
    /// <param name="sizes">The model's sizes.</param>
    /// <param name="model">The model.</param>
    /// <param name="data">What it is trained on.</param>
    public void Begin(ModelOptions sizes, Module model, TaskData data) => _begin?.Invoke(sizes, model, data);

    /// <summary>
    /// Sizes as JSON, which are saved with a model, so that it can be built again whatever the defaults become.
    /// </summary>
    public string Write(ModelOptions sizes) => SavedOptions.Write(sizes, _sizes);

    /// <summary>Reads sizes that were saved, now or by an earlier version.</summary>
    /// <exception cref="InvalidDataException">They are not such JSON.</exception>
    public ModelOptions Read(string sizes)
    {
        try
        {
            return (ModelOptions)SavedOptions.Read(sizes, _sizes);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"model {Name}: its sizes cannot be read from {Printable.Of(sizes, 200)}: "
                + $"give JSON such as {Write(_plans.Values.First().Sizes)}", e);
        }
    }

    /// <summary>The recipes of a task, by name.</summary>
    public static IReadOnlyDictionary<string, Recipe> Of(TaskKind task) =>
        All.Where(recipe => recipe._plans.ContainsKey(task)).ToDictionary(recipe => recipe.Name);

    /// <summary>The recipe of a name.</summary>
    /// <exception cref="ArgumentException">The task has none: the message lists those it has.</exception>
    public static Recipe Find(TaskKind task, string name) =>
        Of(task).TryGetValue(name, out var recipe) ? recipe : throw NoSuch(task, name);

    static ArgumentException NoSuch(TaskKind task, string name) =>
        new($"model '{Printable.Of(name)}': there is no such model: choose one of {string.Join(", ", Of(task).Keys)}");

    /// <summary>A row of the table: a model that is built from a record of sizes.</summary>
    internal static Recipe Row<TSizes>(string name, string summary, IReadOnlyDictionary<TaskKind, Plan> plans,
        TSizes tiny, Func<TSizes, DataShape, RandomSource, Module> build,
        Action<TSizes, Module, TaskData>? begin = null) where TSizes : ModelOptions =>
        new(name, summary, plans, tiny, typeof(TSizes), (sizes, shape, rng) => build((TSizes)sizes, shape, rng),
            begin is null ? null : (sizes, model, data) => begin((TSizes)sizes, model, data));

    /// <summary>A row of the table: a model of characters, on names and on a text.</summary>
    internal static Recipe Row<TSizes>(string name, string summary, Plan names, Plan text, TSizes tiny,
        Func<TSizes, int, RandomSource, LanguageModel> build, Action<TSizes, Module, TaskData>? begin = null)
        where TSizes : ModelOptions =>
        Row(name, summary, new Dictionary<TaskKind, Plan> { [TaskKind.Names] = names, [TaskKind.Text] = text }, tiny,
            (sizes, shape, rng) => build(sizes, shape.Outputs, rng), begin);

    /// <summary>A row of the table: a model of images.</summary>
    internal static Recipe Row<TSizes>(string name, string summary, Plan images, TSizes tiny,
        Func<TSizes, DataShape, RandomSource, Module> build) where TSizes : ModelOptions =>
        Row(name, summary, new Dictionary<TaskKind, Plan> { [TaskKind.Images] = images }, tiny, build);

    /// <summary>A row of the table: a model of sequences.</summary>
    internal static Recipe SequenceRow(string name, string summary, Plan sequences,
        Func<SequenceModelOptions, int, int, RandomSource, SequenceModel> build) =>
        Row(name, summary, new Dictionary<TaskKind, Plan> { [TaskKind.Sequences] = sequences },
            new SequenceModelOptions(Hidden: 4),
            (sizes, shape, rng) => build(sizes, shape.Input[0], shape.Outputs, rng));

    /// <summary>A row of the table: a model of tables.</summary>
    internal static Recipe TableRow<TSizes>(string name, string summary, Plan table, TSizes tiny,
        Func<TSizes, DataShape, RandomSource, Module> build, Action<TSizes, Module, TaskData>? begin = null)
        where TSizes : ModelOptions =>
        Row(name, summary, new Dictionary<TaskKind, Plan> { [TaskKind.Table] = table }, tiny, build, begin);
}
