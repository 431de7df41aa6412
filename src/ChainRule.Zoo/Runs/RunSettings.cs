namespace ChainRule.Zoo.Runs;

/// <summary>What a run was started with: everything that decides its numbers.</summary>
/// <param name="Model">The recipe's name.</param>
/// <param name="Options">The model's sizes, as the recipe gave them.</param>
/// <param name="Data">The full path of the names, or "embedded".</param>
/// <param name="DataSha256">The hash of the names.</param>
/// <param name="Seed">The seed of parameters and batches.</param>
/// <param name="Steps">How many steps there are to make.</param>
public sealed record RunSettings(string Model, string Options, string Data, string DataSha256, ulong Seed, int Steps);

/// <summary>How a run ended: written when all steps are made. Losses are in nats a character, of the best model.</summary>
public sealed record RunSummary(
    string Model,
    string Data,
    ulong Seed,
    int Steps,
    long Parameters,
    double InitialLoss,
    double TrainLoss,
    double ValLoss,
    double TestLoss,
    int BestStep,
    double SecondsTraining,
    double StepsPerSecond,
    IReadOnlyList<string> Samples);
