using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;

namespace ChainRule.Lab.Playground;

/// <summary>Something to choose, and how the exported programs write it.</summary>
/// <param name="Make">Makes it.</param>
/// <param name="CSharp">The same in C#.</param>
/// <param name="PyTorch">The same in PyTorch.</param>
public sealed record Choice<T>(T Make, string CSharp, string PyTorch);

/// <summary>
/// What can be chosen by name. One table makes the network and writes the programs that make it again.
/// </summary>
public static class Choices
{
    /// <summary>Activation functions.</summary>
    public static IReadOnlyDictionary<string, Choice<Func<Module>>> Activations { get; } =
        new Dictionary<string, Choice<Func<Module>>>
        {
            ["tanh"] = new(() => new Tanh(), "new Tanh()", "nn.Tanh()"),
            ["relu"] = new(() => new Relu(), "new Relu()", "nn.ReLU()"),
            ["sigmoid"] = new(() => new Sigmoid(), "new Sigmoid()", "nn.Sigmoid()"),
            ["leakyRelu"] = new(() => new LeakyRelu(), "new LeakyRelu()", "nn.LeakyReLU()"),
            ["elu"] = new(() => new Elu(), "new Elu()", "nn.ELU()"),
            ["gelu"] = new(() => new Gelu(), "new Gelu()", "nn.GELU()"),
            ["silu"] = new(() => new Silu(), "new Silu()", "nn.SiLU()"),
            ["linear"] = new(() => new Sequential(), "new Sequential()", "nn.Identity()"),
        };

    /// <summary>First weights, over those that the layers begin with.</summary>
    public static IReadOnlyDictionary<string, Choice<Action<Tensor, RandomSource>>> Initializations { get; } =
        new Dictionary<string, Choice<Action<Tensor, RandomSource>>>
        {
            ["default"] = new((_, _) => { }, "", ""),
            ["xavierUniform"] = new((w, rng) => Init.XavierUniform(w, rng), "Init.XavierUniform(w, rng);",
                "nn.init.xavier_uniform_(w, generator=rng)"),
            ["xavierNormal"] = new((w, rng) => Init.XavierNormal(w, rng), "Init.XavierNormal(w, rng);",
                "nn.init.xavier_normal_(w, generator=rng)"),
            ["heUniform"] = new((w, rng) => Init.KaimingUniform(w, rng, Nonlinearity.Relu),
                "Init.KaimingUniform(w, rng, Nonlinearity.Relu);",
                "nn.init.kaiming_uniform_(w, nonlinearity='relu', generator=rng)"),
            ["heNormal"] = new((w, rng) => Init.KaimingNormal(w, rng, Nonlinearity.Relu),
                "Init.KaimingNormal(w, rng, Nonlinearity.Relu);",
                "nn.init.kaiming_normal_(w, nonlinearity='relu', generator=rng)"),
            ["normal"] = new((w, rng) => Init.Normal(w, 0, 1, rng), "Init.Normal(w, 0, 1, rng);",
                "nn.init.normal_(w, 0, 1, generator=rng)"),
            ["orthogonal"] = new((w, rng) => Init.Orthogonal(w, rng), "Init.Orthogonal(w, rng);",
                "nn.init.orthogonal_(w, generator=rng)"),
            ["zeros"] = new((w, _) => Init.Zeros(w), "Init.Zeros(w);", "nn.init.zeros_(w)"),
        };

    /// <summary>Losses of an output and its targets, which are 0 or 1 for cross-entropy, and −1 or 1 for the others.
    /// </summary>
    public static IReadOnlyDictionary<string, Choice<Func<Tensor, Tensor, Tensor>>> Losses { get; } =
        new Dictionary<string, Choice<Func<Tensor, Tensor, Tensor>>>
        {
            ["crossEntropy"] = new((output, y) => output.BinaryCrossEntropy(y), "output.BinaryCrossEntropy(y)",
                "F.binary_cross_entropy_with_logits(output, y)"),
            ["mse"] = new((output, y) => output.MseLoss(y), "output.MseLoss(y)", "F.mse_loss(output, y)"),
            ["mae"] = new((output, y) => output.L1Loss(y), "output.L1Loss(y)", "F.l1_loss(output, y)"),
            ["huber"] = new((output, y) => output.HuberLoss(y), "output.HuberLoss(y)", "F.huber_loss(output, y)"),
            ["hinge"] = new((output, y) => output.HingeLoss(y), "output.HingeLoss(y)",
                "F.relu(1 - output * y).mean()"),
        };

    /// <summary>Optimisers, over parameters of which matrices decay.</summary>
    public static IReadOnlyDictionary<string, Choice<Func<IEnumerable<Tensor>, Schedule, double, Optimizer>>>
        Optimizers { get; } =
        new Dictionary<string, Choice<Func<IEnumerable<Tensor>, Schedule, double, Optimizer>>>
        {
            ["sgd"] = new((ws, rate, decay) => new Sgd(ws, rate, new() { WeightDecay = decay, Decays = IsMatrix }),
                "new Sgd(parameters, rate, new() { WeightDecay = L2, Decays = w => w.Rank > 1 })",
                "torch.optim.SGD(groups, lr=LR)"),
            ["momentum"] = new((ws, rate, decay) =>
                new Sgd(ws, rate, new() { Momentum = 0.9, WeightDecay = decay, Decays = IsMatrix }),
                "new Sgd(parameters, rate, new() { Momentum = 0.9, WeightDecay = L2, Decays = w => w.Rank > 1 })",
                "torch.optim.SGD(groups, lr=LR, momentum=0.9)"),
            ["nesterov"] = new((ws, rate, decay) =>
                new Sgd(ws, rate, new() { Momentum = 0.9, Nesterov = true, WeightDecay = decay, Decays = IsMatrix }),
                "new Sgd(parameters, rate,\n    new() { Momentum = 0.9, Nesterov = true, WeightDecay = L2, "
                    + "Decays = w => w.Rank > 1 })",
                "torch.optim.SGD(groups, lr=LR, momentum=0.9, nesterov=True)"),
            ["adam"] = new((ws, rate, decay) => new Adam(ws, rate, new() { WeightDecay = decay, Decays = IsMatrix }),
                "new Adam(parameters, rate, new() { WeightDecay = L2, Decays = w => w.Rank > 1 })",
                "torch.optim.Adam(groups, lr=LR)"),
            ["adamW"] = new((ws, rate, decay) => new AdamW(ws, rate, new() { WeightDecay = decay, Decays = IsMatrix }),
                "new AdamW(parameters, rate, new() { WeightDecay = L2, Decays = w => w.Rank > 1 })",
                "torch.optim.AdamW(groups, lr=LR)"),
            ["rmsProp"] = new((ws, rate, decay) =>
                new RmsProp(ws, rate, new() { WeightDecay = decay, Decays = IsMatrix }),
                "new RmsProp(parameters, rate, new() { WeightDecay = L2, Decays = w => w.Rank > 1 })",
                "torch.optim.RMSprop(groups, lr=LR)"),
        };

    /// <summary>Schedules of a learning rate over a number of steps.</summary>
    public static IReadOnlyDictionary<string, Choice<Func<double, int, Schedule>>> Schedules { get; } =
        new Dictionary<string, Choice<Func<double, int, Schedule>>>
        {
            ["constant"] = new((rate, _) => Schedule.Constant(rate), "Schedule.Constant(LearningRate)",
                "lambda step: 1.0"),
            ["step"] = new((rate, steps) => Schedule.Step(rate, steps, 0.5), "Schedule.Step(LearningRate, Steps, 0.5)",
                "lambda step: 0.5 ** (step // STEPS)"),
            ["cosine"] = new((rate, steps) => Schedule.CosineAnnealing(rate, steps),
                "Schedule.CosineAnnealing(LearningRate, Steps)",
                "lambda step: (1 + math.cos(math.pi * min(step, STEPS) / STEPS)) / 2"),
            ["exponential"] = new((rate, steps) => Schedule.Exponential(rate, Math.Pow(0.01, 1.0 / steps)),
                "Schedule.Exponential(LearningRate, Math.Pow(0.01, 1.0 / Steps))",
                "lambda step: 0.01 ** (step / STEPS)"),
        };

    /// <summary>What may stand between a layer and its activation function.</summary>
    public static IReadOnlyList<string> Normalizations { get; } = ["none", "batch", "layer"];

    /// <summary>All names, for a page to offer.</summary>
    internal static PlaygroundNames Names => new(
        [.. PointShapes.Names.Where(name => !PointShapes.IsRegression(name))],
        [.. PointShapes.Names.Where(PointShapes.IsRegression)], PlaneFeatures.Names, [.. Activations.Keys],
        [.. Initializations.Keys], Normalizations, LossesOf(0), LossesOf(2), LossesOf(3), [.. Optimizers.Keys],
        [.. Schedules.Keys]);

    /// <summary>How many numbers the network gives.</summary>
    internal static int Outputs(PlaygroundSettings settings) => settings.Classes > 2 ? settings.Classes : 1;

    /// <summary>The losses that go with a number of classes.</summary>
    internal static string[] LossesOf(int classes) => classes switch
    {
        0 => ["mse", "mae", "huber"],
        2 => ["crossEntropy", "mse", "hinge"],
        _ => ["crossEntropy", "mse"],
    };

    internal static void Check(string what, string name, IReadOnlyList<string> names)
    {
        if (!names.Contains(name))
            Throw.Argument($"playground: {what} '{Printable.Of(name)}': choose one of {string.Join(", ", names)}");
    }

    static bool IsMatrix(Tensor w) => w.Rank > 1;
}
