#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 24: The bug that nobody notices. Batch normalisation over three axes, done wrong and done right, and how a log
// of experiments shows it.
//
// What it is: three networks of about 22,000 numbers from makemore part 5 (Karpathy), on the way to lesson 23's:
// eight characters at once; joined two by two, but with a batch norm that keeps statistics for every place apart;
// and with that mended. What it is not: spectacular. The wrong one trains, and is nearly as good. That is what
// makes such bugs expensive.
//
// Three times 200,000 steps (--full) take about a minute; without it 5,000 steps are made each, and 300 with --quick.
using ChainRule;
using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Lectures;

if (!new LessonOptions(args).Ok()) return Lecture.Misused;
if (!Lecture.Has("names.txt", out string path)) return Lecture.DataMissing;
bool full = args.Contains("--full");
int steps = args.Contains("--quick") ? 300 : full ? 200_000 : 5_000;
const int Context = 8, Width = 10;
var examples = Names.FromFile(path).Examples(Context);
var rng = new TorchRandom(42);

Console.WriteLine("""
    Batch norm was written for (B, C): a mean for each of C features, down the B examples. Then comes (B, T, C), T
    places side by side, and the same line of code, the mean over axis 0, still runs. It makes T x C means where there
    should be C, each of 32 numbers instead of 32 T: rougher statistics, and nothing complains.
    """);
var x = Tensor.Randn([32, 4, 68], rng);
Console.WriteLine($"mean of {x.Shape} over axis 0: {x.Mean(0, keepDim: true).Shape}, over axes 0 and 1: "
    + $"{x.Mean([0, 1], keepDim: true).Shape}");
double rough = x.Mean(0).Std().Item(), fine = x.Mean([0, 1]).Std().Item();
Console.WriteLine($"means of pure noise should be 0; they scatter by {rough:0.00} and by {fine:0.00}: half as much "
    + "with four times as many numbers\n");

List<Series> curves = [];
List<(string, double)> found = [];
foreach (var (what, parameters, training, validation, make) in new (string, string, string, string, Func<Module>)[]
{
    ("eight at once", "22097", "1.918", "2.027",
        () => Network(200, join: 8, _ => new BatchNorm(200, options: new() { Unbiased = true }))),
    ("two by two, statistics for each place", "22397", "1.941", "2.029",
        () => Network(68, join: 2, places => new PlaceNorm(68, places))),
    ("two by two, statistics for all places", "22397", "1.912", "2.022",
        () => Network(68, join: 2, _ => new BatchNorm(68, options: new() { Unbiased = true }))),
})
{
    rng.ManualSeed(42);
    var network = make();
    Lecture.Compare($"{what}; parameters", parameters,
        network.Parameters().Where(p => p.RequiresGrad).Sum(p => p.Count));
    double[] losses = Train(network);
    curves.Add(new(what, [.. losses.Chunk(steps / 100).Select(chunk => chunk.Average())]));
    double seen = Over(network, examples.Train), unseen = Over(network, examples.Validation);
    found.Add((what, unseen));
    if (full)
    {
        // The log's runs began at other random numbers than ours.
        Lecture.Compare($"{what}; training loss", training, seen, within: 0.01);
        Lecture.Compare($"{what}; validation loss", validation, unseen, within: 0.01);
    }
    else Console.WriteLine($"    loss on names not seen: {unseen:0.0}");
}

Console.WriteLine("""

    The lecture's author kept a log, a line for each idea with its two losses. Mending the bug is worth 0.007 there: no
    curve shows it to the eye, the log does. Write down what you change, one thing at a time, and what it did.
    """);
new Page("The bug that nobody notices")
    .Add("Three curves that look the same. Which network has the bug?")
    .Add(Chart.Line("Loss, averaged", "hundredth of the training", "loss", curves))
    .Add(Chart.Bar("Loss on names not seen", "network", "loss", found))
    .Save("pictures/24-norm-of-three-axes.html");
Console.WriteLine("pictures: pictures/24-norm-of-three-axes.html");
return 0;

double[] Train(Module network)
{
    var losses = new double[steps];
    var optimizer = new Sgd(network.Parameters().Where(p => p.RequiresGrad), learningRate: 0.1);
    var batch = new int[32];
    for (int step = 0; step < steps; step++)
    {
        using var scope = Scope.Begin();
        if (step == 150_000) optimizer.LearningRate = 0.01;
        rng.Integers(batch, 0, examples.Train.Count);
        var loss = network.Forward(examples.Train.Inputs.Rows(batch)).CrossEntropy(examples.Train.Targets.Rows(batch));
        optimizer.ZeroGrad();
        loss.Backward();
        optimizer.Step();
        losses[step] = loss.Item();
    }
    network.Eval();
    return losses;
}

double Over(Module network, Dataset<Ids, Ids> part)
{
    using var noGraph = NoGrad.Begin();
    double sum = 0;
    foreach (var (contexts, next) in Batches.InOrder(part, 4096))
    {
        using var scope = Scope.Begin("measuring");
        sum += network.Forward(contexts).CrossEntropy(next).Item() * next.Count;
    }
    return sum / part.Count;
}

// Embedding, then layers that each join a given number of neighbours until one place is left, then logits, a
// tenth as large at first.
Module Network(int hidden, int join, Func<int, Module> norm)
{
    List<Module> layers = [new Embedding(27, Width, rng)];
    for (int places = Context / join, inputs = Width; places >= 1; places /= join, inputs = hidden)
        layers.AddRange([new FlattenConsecutive(join), Drawn(join * inputs, hidden, bias: false),
            norm(places), new Tanh()]);
    return new Sequential([.. layers, Drawn(hidden, 27, bias: true, scale: 0.1)]);
}

// As the lecture draws a layer: weights with a row for each input, divided by the root of their
// number, and biases of 0.
Linear Drawn(int inputs, int outputs, bool bias, double scale = 1)
{
    var layer = new Linear(inputs, outputs, new TorchRandom(0), bias);
    layer.Weight.CopyInPlace((Tensor.Randn([inputs, outputs], rng) / Math.Sqrt(inputs)).T * scale);
    layer.Bias?.FillInPlace(0);
    return layer;
}

// The bug. Each place of (B, T, C) has its own statistics; gain and bias are shared, as they should be.
sealed class PlaceNorm : Module
{
    readonly int _places;
    readonly BatchNorm _norm;
    readonly Tensor _gain, _bias;

    public PlaceNorm(int features, int places)
    {
        (_places, _norm) = (places, new BatchNorm(places * features, options: new() { Unbiased = true }));
        _norm.Freeze();
        (_gain, _bias) = (Parameter([features], 1), Parameter([features]));
    }

    protected override Tensor Compute(Tensor x)
    {
        var flat = _norm.Forward(x.Reshape(x.Shape[0], -1));
        return _gain * (_places == 1 ? flat : flat.Reshape(x.Shape[0], _places, -1)) + _bias;
    }
}

// expected:
// Batch norm was written for (B, C): a mean for each of C features, down the B examples. Then comes (B, T, C), T
// places side by side, and the same line of code, the mean over axis 0, still runs. It makes T x C means where there
// should be C, each of 32 numbers instead of 32 T: rougher statistics, and nothing complains.
// mean of [32, 4, 68] over axis 0: [1, 4, 68], over axes 0 and 1: [1, 1, 68]
// means of pure noise should be 0; they scatter by 0.19 and by 0.09: half as much with four times as many numbers
//
// eight at once; parameters: 22097 | lecture: 22097 | agrees
//     loss on names not seen: 2.5
// two by two, statistics for each place; parameters: 22397 | lecture: 22397 | agrees
//     loss on names not seen: 2.5
// two by two, statistics for all places; parameters: 22397 | lecture: 22397 | agrees
//     loss on names not seen: 2.5
//
// The lecture's author kept a log, a line for each idea with its two losses. Mending the bug is worth 0.007 there: no
// curve shows it to the eye, the log does. Write down what you change, one thing at a time, and what it did.
// pictures: pictures/24-norm-of-three-axes.html
