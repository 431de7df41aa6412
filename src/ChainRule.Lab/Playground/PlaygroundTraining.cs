using ChainRule.Data;
using ChainRule.Training;

namespace ChainRule.Lab.Playground;

/// <summary>A network of the playground with its data and its trainer: what settings make, before the first step.
/// </summary>
sealed class PlaygroundTraining
{
    readonly Func<Tensor, bool, Tensor> _loss;
    readonly Tensor _trainInputs, _testInputs;
    Tensor? _plane;

    public PlaygroundTraining(PlaygroundSettings settings)
    {
        settings.Check();
        Settings = settings;
        Points = PointShapes.Draw(settings);
        TrainCount = PointShapes.TrainCount(settings, Points.Count);
        Network = PlaygroundNetwork.Make(settings);
        Parameters = Network.Model.NamedParameters();
        var (train, test) = (Points.Take(TrainCount).ToArray(), Points.Skip(TrainCount).ToArray());
        (_trainInputs, _testInputs) = (Inputs(train), Inputs(test));
        if (settings is { Classes: > 2, Loss: "crossEntropy" })
        {
            var (y, other) = (Classes(train), Classes(test));
            _loss = (output, ofTest) => output.CrossEntropy(ofTest ? other : y);
            (Trainer, Stop) = Make(y, other, (output, targets) => output.CrossEntropy(targets));
        }
        else
        {
            var (y, other) = (Targets(train), Targets(test));
            var loss = Choices.Losses[settings.Loss].Make;
            _loss = (output, ofTest) => loss(output, ofTest ? other : y);
            (Trainer, Stop) = Make(y, other, loss);
        }
    }

    public PlaygroundSettings Settings { get; }

    public IReadOnlyList<PlanePoint> Points { get; }

    /// <summary>How many of the points, the first, are trained on.</summary>
    public int TrainCount { get; }

    public PlaygroundNetwork Network { get; }

    public IReadOnlyList<KeyValuePair<string, Tensor>> Parameters { get; }

    public ITrainer Trainer { get; }

    /// <summary>Ends the steps that the trainer is making.</summary>
    public Action Stop { get; }

    public int StepsPerEpoch => (TrainCount + Settings.BatchSize - 1) / Settings.BatchSize;

    /// <summary>The loss over all points to train on, or to test with, without what regularisation adds.</summary>
    public double Loss(bool ofTest)
    {
        using var scope = Scope.Begin("playground evaluation");
        return _loss(Network.Outputs(ofTest ? _testInputs : _trainInputs)[^1], ofTest).Item();
    }

    /// <summary>The class that the network gives each point of the test, beside the point's own: counts, row by row,
    /// a row a true class.</summary>
    public int[] Confusion()
    {
        int classes = Settings.Classes;
        int[] counts = new int[classes * classes];
        if (classes == 0) return counts;
        using var scope = Scope.Begin("playground evaluation");
        var output = Network.Outputs(_testInputs)[^1];
        for (int i = 0; i < Points.Count - TrainCount; i++)
            counts[(int)Points[TrainCount + i].Y * classes + Chosen(output, i)]++;
        return counts;
    }

    /// <summary>The features of a grid over the plane that is shown; made once for each size.</summary>
    public Tensor Plane(int grid)
    {
        if (_plane is not { } made || made.Shape[0] != grid * grid)
            _plane = made = PlaneFeatures.Of(Settings.Features, PlaneFeatures.Grid(grid)).Keep();
        return made;
    }

    int Chosen(Tensor output, int row)
    {
        if (Settings.Classes == 2) return output[row, 0] > 0 ? 1 : 0;
        int best = 0;
        for (int c = 1; c < Settings.Classes; c++)
            if (output[row, c] > output[row, best]) best = c;
        return best;
    }

    (ITrainer, Action) Make<T>(T targets, T testTargets, Func<Tensor, T, Tensor> loss) where T : IRows<T>
    {
        var s = Settings;
        var model = Network.Model;
        var optimizer = Choices.Optimizers[s.Optimizer].Make(model.Parameters(),
            Choices.Schedules[s.Schedule].Make(s.LearningRate, s.ScheduleSteps), s.L2);
        var batches = Batches.Shuffled(Dataset.From(_trainInputs, targets), s.BatchSize, (ulong)(uint)s.Seed);
        Tensor[] weights = [.. model.Parameters().Where(w => w.Rank > 1)];
        var trainer = new Trainer<Tensor, T>(model, optimizer, batches, model.Forward, s.L1 == 0 ? loss : Penalised)
        {
            EvaluateEvery = int.MaxValue, Validation = Dataset.From(_testInputs, testTargets),
        };
        return (trainer, trainer.Stop);

        Tensor Penalised(Tensor output, T y) =>
            weights.Aggregate(loss(output, y), (sum, w) => sum + s.L1 * w.Abs().Sum());
    }

    Tensor Inputs(PlanePoint[] points) => PlaneFeatures.Of(Settings.Features, [.. points.Select(p => (p.X1, p.X2))]);

    static Ids Classes(PlanePoint[] points) => Ids.From([.. points.Select(p => (int)p.Y)], [points.Length]);

    // 0 or 1 for probabilities, and −1 or 1 for what is compared with the output itself.
    Tensor Targets(PlanePoint[] points)
    {
        if (Settings.Classes > 2)
            return Tensor.OneHot(Classes(points), Settings.Classes);
        bool signs = Settings is { Classes: 2, Loss: not "crossEntropy" };
        return Tensor.From([.. points.Select(p => (float)(signs ? 2 * p.Y - 1 : p.Y))], [points.Length, 1]);
    }
}
