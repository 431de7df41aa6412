using System.Globalization;

namespace ChainRule.Lab.Playground;

/// <summary>One point of the plane and its target: a class, counted from 0, or a number.</summary>
public sealed record PlanePoint(double X1, double X2, double Y);

/// <summary>
/// Everything that decides a training in the playground: the same settings give the same numbers to the bit, here, in
/// the exported program, and on every machine of the same kind.
/// </summary>
/// <remarks>Properties are set, not initialised: what generated JSON is not given would not keep its default.</remarks>
public sealed record PlaygroundSettings
{
    /// <summary>The most parameters of a network.</summary>
    public const int MostParameters = 4_000_000;

    /// <summary>The most points of a data set.</summary>
    public const int MostPoints = 10_000;

    /// <summary>A name of <see cref="PointShapes.Names"/>, or <c>own</c> for <see cref="Own"/>.</summary>
    public string Data { get; set; } = "circles";

    /// <summary>Classes to tell apart, 2 to 10; 0 where the target is a number.</summary>
    public int Classes { get; set; } = 2;

    /// <summary>Points, for training and test together.</summary>
    public int Points { get; set; } = 500;

    /// <summary>Noise, as the standard deviation of what is added to each coordinate, 0 to 3.</summary>
    public double Noise { get; set; } = 0.3;

    /// <summary>The fraction of the points to train on, 0.1 to 0.9.</summary>
    public double TrainFraction { get; set; } = 0.5;

    /// <summary>What data, first weights and the order of the batches are drawn from.</summary>
    public int Seed { get; set; } = 1;

    /// <summary>Points of the user's own.</summary>
    public IReadOnlyList<PlanePoint> Own { get; set; } = [];

    /// <summary>The inputs: names of <see cref="PlaneFeatures.Names"/>.</summary>
    public IReadOnlyList<string> Features { get; set; } = ["x1", "x2"];

    /// <summary>The widths of the hidden layers; empty for a linear model.</summary>
    public IReadOnlyList<int> Hidden { get; set; } = [8, 8];

    /// <summary>A name of <see cref="Choices.Activations"/>.</summary>
    public string Activation { get; set; } = "tanh";

    /// <summary>A name of <see cref="Choices.Initializations"/>.</summary>
    public string Initialization { get; set; } = "default";

    /// <summary>What all first weights are multiplied by.</summary>
    public double InitialScale { get; set; } = 1;

    /// <summary><c>none</c>, <c>batch</c> or <c>layer</c>.</summary>
    public string Normalization { get; set; } = "none";

    /// <summary>The probability with which a hidden unit is set to 0 in training.</summary>
    public double Dropout { get; set; }

    /// <summary>Whether a connection leads past each hidden layer.</summary>
    public bool Skip { get; set; }

    /// <summary>A name of <see cref="Choices.Losses"/>.</summary>
    public string Loss { get; set; } = "crossEntropy";

    /// <summary>A name of <see cref="Choices.Optimizers"/>.</summary>
    public string Optimizer { get; set; } = "sgd";

    /// <summary>The learning rate; schedules lower it.</summary>
    public double LearningRate { get; set; } = 0.03;

    /// <summary>A name of <see cref="Choices.Schedules"/>.</summary>
    public string Schedule { get; set; } = "constant";

    /// <summary>The steps that a schedule is made for.</summary>
    public int ScheduleSteps { get; set; } = 2000;

    /// <summary>Points of a batch.</summary>
    public int BatchSize { get; set; } = 10;

    /// <summary>λ of λ Σ |w| over the weights, biases left out.</summary>
    public double L1 { get; set; }

    /// <summary>Weight decay: λ of ½ λ Σ w² over the weights, biases left out.</summary>
    public double L2 { get; set; }

    /// <summary>Whether the target is a number.</summary>
    internal bool IsRegression => Classes == 0;

    /// <summary>Refuses what makes no training, in one sentence.</summary>
    /// <exception cref="ArgumentException">A setting is out of range, or two do not go together.</exception>
    public void Check()
    {
        Choices.Check("data", Data, [.. PointShapes.Names, "own"]);
        Between("classes", Classes, IsRegression ? 0 : 2, 10);
        Between("points", Points, 10, MostPoints);
        Between("noise", Noise, 0, 3);
        Between("train fraction", TrainFraction, 0.1, 0.9);
        Between("dropout", Dropout, 0, 0.9);
        Between("initial scale", InitialScale, 0, 100);
        Between("learning rate", LearningRate, 0, 1e6);
        Between("schedule steps", ScheduleSteps, 1, 10_000_000);
        Between("batch size", BatchSize, 1, MostPoints);
        Between("L1", L1, 0, 1000);
        Between("L2", L2, 0, 1000);
        Choices.Check("activation", Activation, [.. Choices.Activations.Keys]);
        Choices.Check("initialization", Initialization, [.. Choices.Initializations.Keys]);
        Choices.Check("normalization", Normalization, Choices.Normalizations);
        Choices.Check("loss", Loss, Choices.LossesOf(Classes));
        Choices.Check("optimizer", Optimizer, [.. Choices.Optimizers.Keys]);
        Choices.Check("schedule", Schedule, [.. Choices.Schedules.Keys]);
        if (Features.Count == 0) Throw.Argument("playground: there are no features: choose one or more");
        foreach (string feature in Features) Choices.Check("feature", feature, PlaneFeatures.Names);
        if (Data == "own") CheckOwn();
        else if (IsRegression != PointShapes.IsRegression(Data))
            Throw.Argument($"playground: the data '{Data}' "
                + $"{(IsRegression ? "have classes" : "have numbers as targets")}, and classes is {Classes}: "
                + $"choose {(IsRegression ? "2 to 10 classes" : "0 classes")}, or others");
        CheckSize();
    }

    void CheckOwn()
    {
        Between("own points", Own.Count, 4, MostPoints);
        foreach (var point in Own)
            if (!double.IsFinite(point.X1 + point.X2 + point.Y) || (!IsRegression && !IsClass(point.Y)))
                Throw.Argument(string.Create(CultureInfo.InvariantCulture,
                    $"playground: the point ({point.X1}, {point.X2}) of {point.Y}: give finite numbers")
                    + (IsRegression ? "" : $", and a class from 0 to {Classes - 1}"));
    }

    bool IsClass(double y) => y >= 0 && y < Classes && Math.Floor(y) == y;

    void CheckSize()
    {
        long parameters = 0, before = Features.Count;
        if (Hidden.Count > 1000)
            Throw.Argument($"playground: {Hidden.Count:N0} hidden layers: give 1,000 at most");
        foreach (int width in Hidden.Append(Choices.Outputs(this)))
        {
            if (width < 1) Throw.Argument($"playground: a layer of {width} neurons: give 1 or more");
            parameters += (before + 1) * width;
            before = width;
            if (parameters > MostParameters)
                Throw.Argument(string.Create(CultureInfo.InvariantCulture,
                    $"playground: the network has more than {MostParameters:N0} parameters: give fewer or smaller "
                        + $"layers"));
        }
    }

    static void Between(string name, double value, double least, double most)
    {
        if (!(value >= least && value <= most))
            Throw.Argument(string.Create(CultureInfo.InvariantCulture,
                $"playground: {name} {value}: give a number from {least} to {most}"));
    }
}
