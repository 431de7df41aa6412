using ChainRule.Layers;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Tables;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Recipes;

/// <summary>
/// Every recipe, a row each. A new model is a row: its name, what it is, its sizes and its training on names and on a
/// text, sizes for the gradient check, and its constructor. What is not said here has the defaults of the records:
/// those of the model's sizes and of <see cref="TrainingSettings"/>.
/// </summary>
static class RecipeTable
{
    public static IReadOnlyList<Recipe> Rows { get; } =
    [
        // The bigram table counted, not trained: where gradient descent would lead, at once. Steps
        // asked for go on from there.
        Recipe.Row("counts", "bigram counts with add-one smoothing: no training",
            names: new(new BigramOptions(), Steps: 0, Adam(256, 0.05), Goal: 2.4533),
            text: new(new BigramOptions(), Steps: 0, Adam(1024, 0.05), Goal: 2.482),
            tiny: new BigramOptions(), (_, vocabulary, rng) => new Bigram(vocabulary, rng), begin: Count),

        Recipe.Row("bigram", "bigram table of logits, learned: looks 1 character back",
            names: new(new BigramOptions(), Steps: 5_000,
                Adam(256, 0.05) with { Schedule = ScheduleKind.Linear, ClipNorm = null }, Goal: 2.46),
            text: new(new BigramOptions(), Steps: 5_000,
                Adam(1024, 0.05) with { Schedule = ScheduleKind.Linear, ClipNorm = null }, Goal: 2.49),
            tiny: new BigramOptions(), (_, vocabulary, rng) => new Bigram(vocabulary, rng)),

        Recipe.Row("mlp", "n-gram multi-layer perceptron: embedding, one hidden layer, batch norm, tanh",
            names: new(new NgramMlpOptions(), Steps: 15_000, Mlp(128), Goal: 2.05)
                { TrainingOfOld = Mlp(128) with { WeightDecayOn = DecayedParameters.All } },
            text: new(new NgramMlpOptions(Context: 8, Width: 24, Hidden: 300), Steps: 10_000, Mlp(256), Goal: 1.75)
                { TrainingOfOld = Mlp(256) with { WeightDecayOn = DecayedParameters.All } },
            tiny: new NgramMlpOptions(Context: 3, Width: 2, Hidden: 8),
            (sizes, vocabulary, rng) => new NgramMlp(sizes, vocabulary, rng)),

        Recipe.Row("wavenet", "WaveNet: characters joined in pairs, pairs in pairs, as a tree",
            names: new(new WaveNetOptions(), Steps: 15_000, new(128, 3e-3), Goal: 2.00),
            text: new(new WaveNetOptions(Context: 16), Steps: 10_000, new(128, 3e-3), Goal: 1.75),
            tiny: new WaveNetOptions(Context: 4, Width: 2, Hidden: 6),
            (sizes, vocabulary, rng) => new WaveNet(sizes, vocabulary, rng)),

        Recipe.Row("bow", "bag of words: each character and the mean of all before it",
            names: new(new BagOfWordsOptions(), Steps: 10_000, new(32, 5e-3), Goal: 2.19),
            text: new(new BagOfWordsOptions(Context: 16, Width: 64, Hidden: 128), Steps: 10_000,
                new(64, 5e-3), Goal: 2.30),
            tiny: new BagOfWordsOptions(Context: 8, Width: 2, Hidden: 4),
            (sizes, vocabulary, rng) => new BagOfWords(sizes, vocabulary, rng)),

        Recipe.Row("rnn", "simple recurrent network (Elman 1990)",
            names: new(new RecurrentModelOptions(), Steps: 10_000, new(32, 5e-3), Goal: 2.08),
            text: new(new RecurrentModelOptions(Context: 64, Width: 64, Hidden: 256), Steps: 2_000,
                new(32, 5e-3), Goal: 1.68),
            tiny: new RecurrentModelOptions(Context: 8, Width: 2, Hidden: 4),
            (sizes, vocabulary, rng) => new RnnModel(sizes, vocabulary, rng)),

        Recipe.Row("gru", "gated recurrent unit (Cho 2014)",
            names: new(new RecurrentModelOptions(), Steps: 10_000, new(32, 5e-3), Goal: 2.02),
            text: new(new RecurrentModelOptions(Context: 64, Width: 64, Hidden: 256), Steps: 2_000,
                new(32, 5e-3), Goal: 1.57),
            tiny: new RecurrentModelOptions(Context: 8, Width: 2, Hidden: 4),
            (sizes, vocabulary, rng) => new GruModel(sizes, vocabulary, rng)),

        Recipe.Row("lstm", "long short-term memory (Hochreiter 1997)",
            names: new(new RecurrentModelOptions(), Steps: 10_000, new(32, 5e-3), Goal: 2.02),
            text: new(new RecurrentModelOptions(Context: 64, Width: 64, Hidden: 256), Steps: 2_000,
                new(32, 5e-3), Goal: 1.59),
            tiny: new RecurrentModelOptions(Context: 8, Width: 2, Hidden: 4),
            (sizes, vocabulary, rng) => new LstmModel(sizes, vocabulary, rng)),

        // On names of the size of makemore.py's, on a text nanoGPT's for a processor without a graphics card.
        Recipe.Row("gpt", "transformer: attention in blocks; looks 16 characters back, 64 on a text",
            names: new(GptOptions.Makemore with { Start = GptStart.Gpt2 }, Steps: 10_000, new(32, 3e-3), Goal: 2.01),
            text: new(new GptOptions(), Steps: 2_000, new(12, 1e-3), Goal: 1.90),
            tiny: new GptOptions(Context: 8, Width: 4, Layers: 2, Heads: 2, Start: GptStart.Torch),
            (sizes, vocabulary, rng) => new Gpt(sizes, vocabulary, rng)),

        Recipe.Row("mlp", "multi-layer perceptron over pixels",
            new(new ImageMlpOptions(), Steps: 6_000, Images(128, 0.002), Goal: 0.20),
            tiny: new ImageMlpOptions(Hidden: 4, Layers: 2, Dropout: 0, ImageActivation.Gelu),
            (sizes, shape, rng) => new ImageMlp(sizes, shape.Input, shape.Outputs, rng)),

        Recipe.Row("lenet", "LeNet-5 (LeCun 1998): two convolutions, two pools, two linear layers",
            new(new LeNetOptions(), Steps: 2_000, Images(64, 0.003), Goal: 0.10),
            tiny: new LeNetOptions(Width: 2, Width2: 2, Hidden: 4, Hidden2: 3),
            (sizes, shape, rng) => new LeNet(sizes, shape.Input, shape.Outputs, rng)),

        Recipe.Row("cnn", "convolutional network, a small VGG: blocks of two convolutions with batch norm, and a pool",
            new(new CnnOptions(), Steps: 3_000, Images(64, 0.003), Goal: 0.05),
            tiny: new CnnOptions(Width: 2, Blocks: 2, Dropout: 0, ImageActivation.Gelu, ImagePooling.Average),
            (sizes, shape, rng) => new Cnn(sizes, shape.Input, shape.Outputs, rng)),

        Recipe.Row("resnet", "small residual network (He 2015)",
            new(new ResNetOptions(), Steps: 3_000, Images(64, 0.003), Goal: 0.05),
            tiny: new ResNetOptions(Width: 2, Stages: 2, Activation: ImageActivation.Gelu),
            (sizes, shape, rng) => new ResNet(sizes, shape.Input, shape.Outputs, rng)),
        Recipe.TableRow("linear",
            "ridge regression, or logistic regression of classes, both with penalty 1: solved at once",
            new(new LinearOptions(), Steps: 0, Table(256, 0.003), Goal: 0.25),
            tiny: new LinearOptions(),
            (_, shape, rng) => SolvedModels.CreateLinear(shape.Input.Elements, shape.Outputs, rng),
            (sizes, model, data) => SolvedModels.Solve((Linear)model, (TableData)data, sizes)),

        Recipe.TableRow("perceptron", "perceptron of two classes, learned by Rosenblatt's rule: solved at once",
            new(new PerceptronOptions(), Steps: 0, Table(64, 0.02), Goal: 0.3) { CheckedOn = s_moons },
            tiny: new PerceptronOptions(),
            (_, shape, rng) => new OneNeuron(shape.Input.Elements, rng),
            (sizes, model, data) => SolvedModels.Learn((OneNeuron)model, (TableData)data, sizes)),

        Recipe.TableRow("neuron", "one sigmoid neuron, trained by gradient descent to tell two classes apart",
            new(new NeuronOptions(), Steps: 2_000, Table(64, 0.02), Goal: 0.3) { CheckedOn = s_moons },
            tiny: new NeuronOptions(), (_, shape, rng) => new OneNeuron(shape.Input.Elements, rng)),

        Recipe.TableRow("svr", "support vector regression with RBF kernel: solved at once, for numbers",
            new(new SvrOptions(), Steps: 0, Table(256, 0.003), Goal: 0.08),
            tiny: new SvrOptions(Vectors: 5),
            (sizes, shape, rng) => SolvedModels.CreateBumps(sizes.Vectors, shape.Input.Elements, shape.Outputs, rng),
            (sizes, model, data) => SolvedModels.Support((Sequential)model, (TableData)data, sizes)),

        Recipe.TableRow("mlp", "multi-layer perceptron over columns, with early stopping",
            new(new TableMlpOptions(), Steps: 2_000, Table(256, 0.004), Goal: 0.06),
            tiny: new TableMlpOptions(Hidden: 4, Dropout: 0, Members: 1, Frequencies: 1),
            (sizes, shape, rng) => new TableMlp(sizes, shape.Input.Elements, shape.Outputs, rng)),

        Recipe.TableRow("rbf", "network of radial bumps around clusters of rows, with early stopping",
            new(new RbfOptions(), Steps: 6_000, Table(256, 0.003), Goal: 0.10),
            tiny: new RbfOptions(Centres: 5),
            (sizes, shape, rng) => SolvedModels.CreateBumps(sizes.Centres, shape.Input.Elements, shape.Outputs, rng),
            (_, model, data) => SolvedModels.Centre((Sequential)model, (TableData)data)),

        Recipe.Row("dense",
            "dense layers alone, every choice open: depth, width, activation, initialisation, norm, skips",
            new Dictionary<TaskKind, Plan>
            {
                [TaskKind.Images] = new(new DenseOptions(Hidden: 128), Steps: 2_000, Images(64, 0.003), Goal: 0.25),
                [TaskKind.Table] = new(new DenseOptions(), Steps: 2_000, Table(64, 0.003), Goal: 0.08),
            },
            tiny: new DenseOptions(Hidden: 4, Layers: 2, DenseActivation.Gelu, DenseStart.Xavier, DenseNorm.Layer,
                Skips: true),
            (sizes, shape, rng) => new Dense(sizes, shape.Input.Elements, shape.Outputs, rng)),

        Recipe.TableRow("residual", "deep residual network over columns: 26 layers with skip connections",
            new(new ResidualMlpOptions(), Steps: 2_000, Table(256, 0.002), Goal: 0.06),
            tiny: new ResidualMlpOptions(Hidden: 3, Blocks: 2, Dropout: 0),
            (sizes, shape, rng) => new ResidualMlp(sizes, shape.Input.Elements, shape.Outputs, rng)),

        Recipe.TableRow("experts", "mixture of experts: small networks, weighed by a gate that looks at the row",
            new(new MixtureOfExpertsOptions(), Steps: 2_000, Table(256, 0.004), Goal: 0.045),
            tiny: new MixtureOfExpertsOptions(Experts: 2, Hidden: 3, Dropout: 0),
            (sizes, shape, rng) => new MixtureOfExperts(sizes, shape.Input.Elements, shape.Outputs, rng)),

        Recipe.Row("towers", "two towers, of users and of places, and weights for distance, shared tags, popularity",
            new Dictionary<TaskKind, Plan> { [TaskKind.Places] =
                new(new PlaceTowersOptions(), Steps: 1_000, Images(256, 0.01) with { WeightDecay = 0.3 }, Goal: 4.42) },
            tiny: new PlaceTowersOptions(Hidden: 3, Factors: 2, IdDropout: 0, Dropout: 0),
            (sizes, shape, rng) => new PlaceTowers(sizes, shape.Input[0], shape.Outputs, shape.Input[1], rng)),

        Recipe.Row("dense", "dense autoencoder: images squeezed into a few numbers, and given back",
            new Dictionary<TaskKind, Plan> { [TaskKind.Autoencoder] =
                new(new ImageAutoencoderOptions(), Steps: 2_000, Images(64, 0.003), Goal: 0.55) },
            tiny: new ImageAutoencoderOptions(Hidden: 4),
            (sizes, shape, rng) => new ImageAutoencoder(sizes, shape.Input, rng)),

        // How often all rows are gone through is one of its sizes: the steps follow from it.
        Recipe.Row("kohonen", "Kohonen's self-organising map: a sheet of units that lays itself into the data",
            new Dictionary<TaskKind, Plan> { [TaskKind.Map] = new(new KohonenMapOptions(), Steps: 50,
                new(1, 0.5, ScheduleKind.Constant, OptimizerKind.Sgd, WeightDecay: 0, Beta2: null, ClipNorm: null,
                    EvalEvery: 1), Goal: 3) },
            tiny: new KohonenMapOptions(Rows: 2, Columns: 3),
            (sizes, shape, rng) => new KohonenMap(sizes, shape.Input.Elements, rng),
            (_, model, data) => ((KohonenMap)model).Begin(((MapData)data).Inputs)),

        Recipe.Row("hopfield", "Hopfield's memory: recalls stored patterns from damaged ones (Hopfield 1982)",
            new Dictionary<TaskKind, Plan> { [TaskKind.Patterns] = new(new HopfieldOptions(), Steps: 4,
                new(1, Hopfield.Rate, ScheduleKind.Constant, OptimizerKind.Sgd, WeightDecay: 0, Beta2: null,
                    ClipNorm: null, EvalEvery: 1), Goal: 0.05) },
            tiny: new HopfieldOptions(), (_, shape, _) => new Hopfield(shape.Input.Elements)),

        Recipe.SequenceRow("rnn", "simple recurrent network (Elman 1990)", Sequences(goal: 0.01), SequenceModel.Rnn),
        Recipe.SequenceRow("gru", "gated recurrent unit (Cho 2014)", Sequences(goal: 0.01), SequenceModel.Gru),
        Recipe.SequenceRow("lstm", "long short-term memory (Hochreiter 1997)", Sequences(goal: 0.01),
            SequenceModel.Lstm),
        Recipe.SequenceRow("conv", "causal convolutions with growing dilation: looks 31 steps back",
            Sequences(goal: 0.01), SequenceModel.Convolutional),
        Recipe.SequenceRow("context-1", "a perceptron of each step by itself: no memory, to compare with",
            Sequences(goal: 1.39), SequenceModel.ContextOne),
    ];

    // Two classes, which the table that comes with ChainRule does not have.
    static TableOptions s_moons => new(Drawn: TableDrawing.Moons);

    static Plan Sequences(double goal) => new(new SequenceModelOptions(), Steps: 1_500,
        new(32, 5e-3, ScheduleKind.OneCycle, WeightDecay: 0, Beta2: 0.999), goal);

    static TrainingSettings Table(int batch, double learningRate) =>
        new(batch, learningRate, ScheduleKind.OneCycle, WeightDecay: null, Beta2: 0.999, Patience: 20);

    static TrainingSettings Images(int batch, double learningRate) =>
        new(batch, learningRate, ScheduleKind.OneCycle, WeightDecay: 0.05, Beta2: 0.999, ClipNorm: null);

    static TrainingSettings Adam(int batch, double learningRate) =>
        new(batch, learningRate, Optimizer: OptimizerKind.Adam, WeightDecay: 0, WeightDecayOn: DecayedParameters.All,
            Beta2: 0.999);

    static TrainingSettings Mlp(int batch) =>
        new(batch, 0.004, ScheduleKind.OneCycle, WeightDecay: 0.05, Beta2: 0.999, ClipNorm: null);

    static void Count(BigramOptions sizes, Module model, TaskData data)
    {
        var train = ((Corpus)data).Pairs();
        ((Bigram)model).Count(train.Inputs.Reshape([train.Count]), train.Targets);
    }
}
