using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Recipes;

namespace ChainRule.Zoo.Runs;

/// <summary>What a run was started with: everything that decides its numbers.</summary>
/// <param name="Model">The recipe's name.</param>
/// <param name="Options">The model's sizes, as the recipe gave them.</param>
/// <param name="Data">The full path of the data; "embedded"; or a name in the run's folder, of what
/// came through a pipe.</param>
/// <param name="DataSha256">The hash of the data.</param>
/// <param name="Seed">The seed of parameters and batches.</param>
/// <param name="Steps">How many steps there are to make.</param>
/// <param name="Kind">What kind of data it is.</param>
/// <param name="LineFeeds">Whether every line end of a text was made a line feed; runs of earlier versions lack
/// it, and kept them.</param>
/// <param name="Training">How the model is trained; runs of earlier versions lack it, and were trained as
/// the recipe says.</param>
public sealed record RunSettings(
    string Model, string Options, string Data, string DataSha256, ulong Seed, int Steps,
    CorpusKind Kind = CorpusKind.Names, bool LineFeeds = false, TrainingSettings? Training = null);

/// <summary>
/// How a run ended: written when all steps are made. Losses are in nats a character, of the best model; perplexity and
/// bits are those of the validation loss, and the test loss is null where there is no test part.
/// </summary>
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
    double Perplexity,
    double BitsPerCharacter,
    int BestStep,
    double SecondsTraining,
    double StepsPerSecond,
    IReadOnlyList<string> Samples);
