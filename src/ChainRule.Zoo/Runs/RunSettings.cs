using System.Text.Json;
using System.Text.Json.Serialization;
using ChainRule.Randomness;
using ChainRule.Training;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Runs;

/// <summary>What a run was started with: everything that decides its numbers.</summary>
/// <param name="Model">The recipe's name.</param>
/// <param name="Options">The model's sizes, as the recipe gave them.</param>
/// <param name="Data">The full path of the data; "embedded"; or a name in the run's folder, of what
/// came through a pipe.</param>
/// <param name="DataSha256">The hash of the data.</param>
/// <param name="Seed">The seed of parameters and batches.</param>
/// <param name="Steps">How many steps there are to make.</param>
/// <param name="Kind">What it is trained for.</param>
/// <param name="LineFeeds">Whether every line end of a text was made a line feed; runs of earlier versions lack
/// it, and kept them.</param>
/// <param name="Training">How the model is trained; runs of earlier versions lack it, and were trained as
/// the recipe says.</param>
/// <param name="DataOptions">How the data is read, as JSON; null where there is nothing to choose.</param>
/// <param name="From">The file whose weights the model began with; null where they were drawn.</param>
/// <param name="FromSha256">The hash of that file.</param>
/// <param name="History">How many bytes its earlier states may take; runs of earlier versions lack it.</param>
/// <param name="BranchOf">The folder of the run that it was branched from; null if it began at step 0.</param>
/// <param name="FirstStep">The step that it was branched at.</param>
public sealed record RunSettings(
    string Model, string Options, string Data, string DataSha256, ulong Seed, int Steps,
    TaskKind Kind = TaskKind.Names, bool LineFeeds = false, TrainingSettings? Training = null,
    string? DataOptions = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? From = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? FromSha256 = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? History = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? BranchOf = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int FirstStep = 0)
{
    /// <summary>What trains a model on the data of the run, before the first step.</summary>
    /// <param name="data">The data.</param>
    /// <param name="checkpoint">Where it is saved; null if nowhere.</param>
    internal ITrainer CreateTrainer(TaskData data, Checkpoint? checkpoint)
    {
        var recipe = Recipe.Find(Kind, Model);
        var training = CompleteTraining;
        var rng = new TorchRandom(Seed);
        var model = recipe.Build(recipe.Read(Options), data.Preprocessing.Shape, rng);
        Freezing.Apply(model, training.Freeze);
        Recomputing.Apply(model, training.Recompute, recipe, Kind, data.Preprocessing.Shape);
        return data.CreateTrainer(new(model, training.CreateOptimizer(model, Steps), training, Seed, checkpoint, rng));
    }

    /// <summary>How the model is trained, with everything said.</summary>
    internal TrainingSettings CompleteTraining =>
        (Training ?? Recipe.Find(Kind, Model).For(Kind).TrainingOfOld).Complete(Steps);
}

/// <summary>
/// How a run ended: written when all steps are made. Losses are those of the best model, of a language model in nats a
/// character; the test loss is null where there is no test part.
/// </summary>
/// <param name="Model">The recipe's name.</param>
/// <param name="Data">What the data is called.</param>
/// <param name="Seed">The seed of parameters and batches.</param>
/// <param name="Steps">How many steps there were to make.</param>
/// <param name="Parameters">How many numbers were trained.</param>
/// <param name="InitialLoss">The validation loss before the first step.</param>
/// <param name="TrainLoss">The loss on the training part.</param>
/// <param name="ValLoss">The loss on the validation part.</param>
/// <param name="TestLoss">The loss on the test part; null where there is none.</param>
/// <param name="BestStep">The step of the best model.</param>
/// <param name="SecondsTraining">How long all steps took, evaluations not counted.</param>
/// <param name="StepsPerSecond">How many steps were made in a second.</param>
/// <param name="Samples">What the model makes up, if it does.</param>
public sealed record RunSummary(
    string Model,
    string Data,
    ulong Seed,
    int Steps,
    long Parameters,
    double InitialLoss,
    double TrainLoss,
    double ValLoss,
    double? TestLoss,
    int BestStep,
    double SecondsTraining,
    double StepsPerSecond,
    IReadOnlyList<string> Samples)
{
    /// <summary>What else was measured on the validation part, by name.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, double> Metrics
    {
        get => Others.Where(other => other.Value.ValueKind == JsonValueKind.Number)
            .ToDictionary(other => other.Key, other => other.Value.GetDouble());
        init
        {
            foreach (var (name, number) in value)
                Others[name] = RunFile.Element(number);
        }
    }

    /// <summary>What else was found, by name, and is no number.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, JsonElement> Details
    {
        get => Others.Where(other => other.Value.ValueKind != JsonValueKind.Number).ToDictionary();
        init
        {
            foreach (var (name, found) in value) Others[name] = found;
        }
    }

    // In the file they stand beside the losses, each under its own name.
    [JsonExtensionData, JsonInclude]
    internal Dictionary<string, JsonElement> Others { get; set; } = [];
}
