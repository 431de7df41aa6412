namespace ChainRule.Zoo.Recipes;

/// <summary>How a recipe trains its model on one kind of data.</summary>
/// <param name="Options">The model's sizes, as JSON: saved with a model, so that it can be built again whatever the defaults become.</param>
/// <param name="Steps">How many steps, unless somebody says otherwise.</param>
/// <param name="Batch">How many examples make a batch.</param>
/// <param name="LearningRate">The greatest learning rate.</param>
/// <param name="Goal">The validation loss, in nats a character, that it must reach on the published names or on Shakespeare.</param>
public sealed record Plan(string Options, int Steps, int Batch, double LearningRate, double Goal);
