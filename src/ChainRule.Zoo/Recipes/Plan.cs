using ChainRule.Zoo.Models;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Recipes;

/// <summary>How a recipe trains its model for one task.</summary>
/// <param name="Sizes">The model's sizes.</param>
/// <param name="Steps">The number of steps.</param>
/// <param name="Training">How it is trained.</param>
/// <param name="Goal">The validation loss that it must reach: in nats a character on the published names or on
/// Shakespeare, in nats an image on the drawn digits, in nats a visit in the invented city, in nats a step of a delayed
/// copy; of a map the mean distance of a row from its unit; of
/// a memory the fraction of damaged letters that are not recalled.</param>
public sealed record Plan(ModelOptions Sizes, int Steps, TrainingSettings Training, double Goal)
{
    /// <summary>How the data is drawn that the recipe is checked on and that its goal is of, where what the task has
    /// without a file does not suit it; else null.</summary>
    public DataOptions? CheckedOn { get; init; }

    /// <summary>What runs were trained with that did not yet write it down: as today, where nothing else is said.
    /// </summary>
    internal TrainingSettings TrainingOfOld { get => field ?? Training; init; }
}
