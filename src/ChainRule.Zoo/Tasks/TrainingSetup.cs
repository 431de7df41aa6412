using System.Text.Json;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;
using ChainRule.Training;
using ChainRule.Zoo.Recipes;

namespace ChainRule.Zoo.Tasks;

/// <summary>What a trainer is made of, whatever the task.</summary>
/// <param name="Model">What is trained.</param>
/// <param name="Optimizer">What updates its parameters.</param>
/// <param name="Training">How it is trained, complete.</param>
/// <param name="Seed">Where batches are drawn from.</param>
/// <param name="Checkpoint">Where training is saved; null if nowhere.</param>
/// <param name="Generator">Where the model drew its parameters from; dropout draws on.</param>
public sealed record TrainingSetup(Module Model, Optimizer Optimizer, TrainingSettings Training, ulong Seed,
    Checkpoint? Checkpoint, TorchRandom Generator)
{
    /// <summary>The generators that a checkpoint saves.</summary>
    public IReadOnlyDictionary<string, RandomSource> Generators { get; } =
        new Dictionary<string, RandomSource> { ["model"] = Generator };
}

/// <summary>
/// What a recipe is checked with: its model and a batch, for the first loss and to overfit; and a tiny model with a few
/// examples, of which every gradient is checked.
/// </summary>
/// <param name="Model">The model at its full size.</param>
/// <param name="FirstLoss">The loss of a batch.</param>
/// <param name="Classes">The number of classes, for the expected initial loss; null for a regression.</param>
/// <param name="FewLoss">The loss of a batch that is small enough to be memorised.</param>
/// <param name="Floor">The least loss that it can have.</param>
/// <param name="Tiny">The tiny model, in float64.</param>
/// <param name="TinyLoss">Its loss of a few examples.</param>
public sealed record TrialSetup(Module Model, Func<Tensor> FirstLoss, int? Classes, Func<Tensor> FewLoss, double Floor,
    Module Tiny, Func<Tensor> TinyLoss);

/// <summary>What was measured of a trained model.</summary>
/// <param name="TrainLoss">The loss on the training part.</param>
/// <param name="ValLoss">The loss on the validation part.</param>
/// <param name="TestLoss">The loss on the test part; null where there is none.</param>
/// <param name="Metrics">What else was measured on the validation part, by name.</param>
/// <param name="Samples">What the model makes up, if it does.</param>
public sealed record Evaluation(double TrainLoss, double ValLoss, double? TestLoss,
    IReadOnlyDictionary<string, double> Metrics, IReadOnlyList<string> Samples)
{
    /// <summary>What else was found, by name: what does not fit into a number, such as a confusion matrix.</summary>
    public IReadOnlyDictionary<string, JsonElement> Details { get; init; } = new Dictionary<string, JsonElement>();
}
