namespace ChainRule.Lab.Playground;

/// <summary>Settings that teach something, and what to look for.</summary>
/// <param name="Name">Its name in addresses.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Look">What to do, and what will be seen.</param>
/// <param name="Steps">Steps after which it is seen.</param>
/// <param name="Settings">The settings.</param>
public sealed record Preset(string Name, string Title, string Look, int Steps, PlaygroundSettings Settings)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Preset> All { get; } =
    [
        new("dead-relus", "Dead ReLUs",
            "First weights 8 times as large as usual and a high learning rate: neurons end up at 0 for every point, "
                + "and a ReLU that is 0 everywhere has no gradient to come back by. Look at the empty maps.",
            300, new() { Data = "circles", Hidden = [8, 8], Activation = "relu", InitialScale = 8, LearningRate = 1,
                Seed = 2 }),
        new("symmetric-zeros", "All weights 0",
            "Gradients go back through the weights, which are 0: at first the last bias alone learns, and the biases "
                + "alone tell the neurons of a layer apart.",
            300, new() { Data = "circles", Hidden = [8, 8], Initialization = "zeros", LearningRate = 0.3 }),
        new("exploding-rate", "Learning rate too high",
            "Each step overshoots the minimum by more than the last: the loss grows until it is no number.",
            100, new() { Data = "plane", Classes = 0, Loss = "mse", Hidden = [8, 8], Activation = "relu",
                LearningRate = 3 }),
        new("vanishing-sigmoid", "Vanishing gradients",
            "A sigmoid's derivative is at most 1/4: through eight layers almost nothing is left for the first. "
                + "Compare the gradients of the first and the last weights.",
            500, new() { Data = "circles", Hidden = [8, 8, 8, 8, 8, 8, 8, 8], Activation = "sigmoid",
                LearningRate = 0.1 }),
        new("xor-linear", "XOR without a hidden layer",
            "A linear model divides the plane by one line, and no line divides XOR: the loss stays near ln 2. Add the "
                + "feature x₁x₂, or a hidden layer.",
            1000, new() { Data = "xor", Noise = 0, Hidden = [], LearningRate = 0.1 }),
        new("overfitting", "Overfitting",
            "A large network, few noisy points: the training loss falls to 0 while the test loss rises.",
            4000, new() { Data = "moons", Points = 60, Noise = 1.8, Hidden = [32, 32], Optimizer = "adam",
                LearningRate = 0.01 }),
    ];
}
