namespace ChainRule.Tests.Diagnosing;

using System.Numerics;
using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;
using ChainRule.Training;

/// <summary>A training that is about to be diagnosed, healthy until a sabotage changes it.</summary>
sealed class CorpusCase
{
    public static readonly string[] Models =
        ["mlp", "tanh", "conv", "batch norm", "layer norm", "table", "regression", "names", "sigmoid"];

    readonly ulong _seed;

    public CorpusCase(string model, ulong seed)
    {
        (Model, _seed, Rng) = (model, seed, new TorchRandom(seed));
        if (IsNames) (Contexts, Labels) = CorpusData.Names(seed);
        else if (model == "regression") (X, Numbers) = CorpusData.Numbers(seed);
        else if (model is "table" or "layer norm") (X, Labels) = CorpusData.Classes(seed);
        else (X, Labels) = CorpusData.Digits(seed);
        Network = Make();
        int rows = IsNames ? Contexts.Length : X.Length;
        (Train, Held) = ([.. Enumerable.Range(0, rows * 3 / 4)],
            [.. Enumerable.Range(rows * 3 / 4, rows - rows * 3 / 4)]);
        LearningRate = model is "names" or "conv" ? 1e-2 : model == "sigmoid" ? 3e-2 : 3e-3;
    }

    public string Model { get; }

    public TorchRandom Rng { get; }

    public double[][] X { get; set; } = [];

    public int[][] Contexts { get; } = [];

    public int[] Labels { get; set; } = [];

    public double[] Numbers { get; set; } = [];

    public Sequential Network { get; set; }

    public int[] Train { get; set; }

    public int[] Held { get; set; }

    public double LearningRate { get; set; }

    public int BatchSize { get; set; } = 32;

    public double WeightDecay { get; set; }

    public double? ClipNorm { get; set; }

    /// <summary>Steps made before the diagnosis.</summary>
    public int Steps { get; set; }

    /// <summary>The learning rate after a third of the steps.</summary>
    public double? LowersTo { get; set; }

    public string Optimizer { get; set; } = "Adam";

    public bool InOrder { get; set; }

    /// <summary>Which parameters the optimiser is given.</summary>
    public Func<IReadOnlyList<Tensor>, IEnumerable<Tensor>> Given { get; set; } = static all => all;

    public Action<Optimizer>? Grouped { get; set; }

    public Func<Tensor, Tensor> Output { get; set; } = static y => y;

    /// <summary>The loss in the place of the task's own.</summary>
    public Func<Tensor, Ids, Tensor>? LabelLoss { get; set; }

    /// <summary>The loss of numbers in the place of the squared error; targets have one axis where it is given.
    /// </summary>
    public Func<Tensor, Tensor, Tensor>? NumberLoss { get; set; }

    /// <summary>What is done to a task's own loss.</summary>
    public Func<Tensor, Tensor> Whole { get; set; } = static loss => loss;

    /// <summary>The schedule that the optimiser follows; null if its learning rate is a number.</summary>
    public Schedule? Schedule { get; set; }

    public Func<double>? Validate { get; set; }

    public bool IsNames => Model == "names";

    /// <summary>The layers that have weights, in order.</summary>
    public IReadOnlyList<Tensor> Weights =>
        [.. Network.NamedModules().Select(m => (m.Value as Linear)?.Weight ?? (m.Value as Conv2d)?.Weight)
            .OfType<Tensor>()];

    public IReadOnlyList<Tensor> Biases =>
        [.. Network.NamedModules().Select(m => (m.Value as Linear)?.Bias ?? (m.Value as Conv2d)?.Bias)
            .OfType<Tensor>()];

    public ITrainer Trainer()
    {
        if (IsNames)
        {
            Dataset<Ids, Ids> Of(int[] rows) => new(
                Ids.From([.. rows.SelectMany(i => Contexts[i])], [rows.Length, CorpusData.Context]), LabelsOf(rows));
            return Trained(Of(Train), Of(Held), x => Output(Network.Forward(x)), ByLabels);
        }
        if (Model == "regression")
        {
            Dataset<Tensor, Tensor> Of(int[] rows)
            {
                var y = CorpusData.Matrix([.. rows.Select(i => new[] { Numbers[i] })]);
                return new(CorpusData.Matrix([.. rows.Select(i => X[i])]),
                    NumberLoss is null ? y : y.Reshape(rows.Length).Detach());
            }
            return Trained(Of(Train), Of(Held), x => Output(Network.Forward(x)),
                (y, t) => Whole(NumberLoss is { } own ? own(y, t) : y.MseLoss(t)));
        }
        Dataset<Tensor, Ids> Labelled(int[] rows) =>
            new(CorpusData.Matrix([.. rows.Select(i => X[i])]), LabelsOf(rows));
        return Trained(Labelled(Train), Labelled(Held), x => Output(Network.Forward(x)), ByLabels);
    }

    Tensor ByLabels(Tensor y, Ids labels) => 
        Whole(LabelLoss is { } own ? own(y, labels) : y.CrossEntropy(labels));

    Ids LabelsOf(int[] rows) => Ids.From([.. rows.Select(i => Labels[i])]);

    Trainer<TX, TY> Trained<TX, TY>(Dataset<TX, TY> train, Dataset<TX, TY> held, Func<TX, Tensor> forward,
        Func<Tensor, TY, Tensor> loss) where TX : IRows<TX> where TY : IRows<TY>
    {
        Tensor[] given = [.. Given(Network.Parameters())];
        Optimizer optimizer = Optimizer switch
        {
            _ when Schedule is { } schedule => new AdamW(given, schedule, new() { WeightDecay = WeightDecay }),
            "Adam" => new Adam(given, LearningRate, weightDecay: WeightDecay),
            "AdamW" => new AdamW(given, LearningRate, new() { WeightDecay = WeightDecay }),
            "Sgd" => new Sgd(given, LearningRate, momentum: 0.9, weightDecay: WeightDecay),
            _ => new Uphill(given, LearningRate),
        };
        Grouped?.Invoke(optimizer);
        var trainer = new Trainer<TX, TY>(Network, optimizer,
            InOrder ? new InOrder<TX, TY>(train, BatchSize) : Batches.Shuffled(train, BatchSize, _seed), forward, loss)
        {
            Validation = held, EvaluateEvery = Math.Max(1, Steps / 20), ClipNorm = ClipNorm, Validate = Validate,
        };
        if (Steps > 0) trainer.Fit(LowersTo is null ? Steps : Steps / 3);
        if (LowersTo is not { } low) return trainer;
        optimizer.LearningRate = low;
        trainer.Fit(Steps);
        return trainer;
    }

    Sequential Make() => Model switch
    {
        "mlp" => new(L(64, 48), new Relu(), L(48, 48), new Relu(), L(48, 10)),
        "tanh" => new(L(64, 48), new Tanh(), L(48, 48), new Tanh(), L(48, 10)),
        "sigmoid" => new(L(64, 32), new Sigmoid(), L(32, 10)),
        "conv" => new(new Reshaped(1, CorpusData.Pixels, CorpusData.Pixels), new Conv2d(1, 8, 3, Rng), new Relu(),
            new MaxPool2d(2), new Flatten(), L(72, 10)),
        "batch norm" => new(L(64, 48), new BatchNorm(48), new Relu(), new Dropout(0.2, Rng), L(48, 48),
            new BatchNorm(48), new Relu(), L(48, 10)),
        "layer norm" => new(L(8, 32), new Residual(new Sequential(new LayerNorm(32), L(32, 32), new Relu(), L(32, 32))),
            new LayerNorm(32), L(32, 3)),
        "table" => new(L(8, 32), new Relu(), L(32, 32), new Relu(), L(32, 3)),
        "regression" => new(L(8, 32), new Relu(), L(32, 32), new Relu(), L(32, 1)),
        _ => new(new Embedding(CorpusData.Letters, 8, Rng), new Flatten(), L(24, 64), new Tanh(),
            L(64, CorpusData.Letters)),
    };

    public Linear L(int inputs, int outputs) => new(inputs, outputs, Rng);
}

/// <summary>A row of pixels as an image.</summary>
sealed class Reshaped(params int[] sizes) : Module
{
    protected override Tensor Compute(Tensor x) => x.Reshape([x.Shape[0], .. sizes]);
}

/// <summary>A layer that cuts the graph.</summary>
sealed class Cut : Module
{
    protected override Tensor Compute(Tensor x) => x.Detach();
}

/// <summary>Dropout that does not look at the mode.</summary>
sealed class AlwaysDropout(double p, RandomSource rng) : Module
{
    protected override Tensor Compute(Tensor x) =>
        x * Tensor.Rand(x.Shape, rng).Less(1 - p) / (1 - p);
}

/// <summary>Gradient ascent.</summary>
sealed class Uphill(IEnumerable<Tensor> parameters, double learningRate)
    : Optimizer(parameters, learningRate, 0, null)
{
    protected override void Update<T>(Parameter<T> p)
    {
        for (int i = 0; i < p.W.Length; i++) p.W[i] += T.CreateChecked(p.LearningRate) * p.G[i];
    }
}

/// <summary>Batches in the order of the rows.</summary>
sealed class InOrder<TX, TY>(Dataset<TX, TY> data, int size) : Batches<TX, TY> where TX : IRows<TX>
    where TY : IRows<TY>
{
    int _at;

    public override int PerEpoch => data.Count / size;

    public override int Epoch => _at / PerEpoch;

    public override Batch<TX, TY> Next()
    {
        int from = _at++ % PerEpoch * size;
        var rows = data.Take(Enumerable.Range(from, size).ToArray());
        return new(rows.Inputs, rows.Targets);
    }

    public override byte[] SaveState() => BitConverter.GetBytes(_at);

    public override void RestoreState(ReadOnlySpan<byte> state) => _at = BitConverter.ToInt32(state);
}
