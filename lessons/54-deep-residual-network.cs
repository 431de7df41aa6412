#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 54: A deep residual network. Why twenty layers do not learn, and why they do once each adds to what it is
// given.
//
// What it is: networks of 4 to 26 layers on two spirals, with and without skip connections: how large the gradient is
// in each layer at first, and what they learn. What it is not: an image classifier; `chainrule train images --model
// resnet` is one, and `chainrule fit --model residual` trains this one on a table. A minute; --quick takes fewer steps.
using ChainRule;
using ChainRule.Data;
using ChainRule.Optim;
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Training;
using ChainRule.Zoo.Lectures;
using ChainRule.Zoo.Models;

var options = new LessonOptions(args);
bool quick = options.Quick;
if (!options.Ok()) return Lecture.Misused;
int steps = quick ? 400 : 2000;

var rng = new TorchRandom(2);
var (x, y) = Spirals(400);
var (testX, testY) = Spirals(400);
Console.WriteLine($"""
    Two spirals that wind around each other, 400 points to learn from, 400 to test with. A block is two linear layers,
    each after a ReLU. Without a skip connection it gives f(h); with one, h + f(h): if f gives nothing yet, h passes,
    and so does its gradient: ∂(h + f)/∂h = 1 + ∂f/∂h.

    The length of the loss's gradient by the weights of the first block, as a fraction of the last block's, at first;
    and, after {steps:N0} steps, the loss and the fraction of test points that are right:

    layers   skips   first / last      loss     right
    """);
List<Series> flows = [], curves = [];
var results = new Dictionary<(int, bool), double>();
ResidualMlp deepest = null!;
foreach (int blocks in (int[])[1, 4, 12])
{
    foreach (bool skips in (bool[])[false, true])
    {
        var sizes = new ResidualMlpOptions(Hidden: 32, Blocks: blocks, Skips: skips, Dropout: 0);
        var model = new ResidualMlp(sizes, 2, 2, new TorchRandom(5));
        model.To(DType.Float64);
        double[] flow = Flow(model);
        var (loss, right, curve) = Train(model);
        string layers = $"{2 * blocks + 2} layers, {(skips ? "skips" : "no skips")}";
        if (blocks > 1) flows.Add(new(layers, flow));
        if (blocks > 1) curves.Add(new(layers, curve) { X = [.. curve.Select((_, i) => i * steps / 40.0)] });
        results[(blocks, skips)] = right;
        if (skips) deepest = model;
        Console.WriteLine($"{2 * blocks + 2,6}   {(skips ? "yes" : "no"),5}   {flow[0] / flow[^1],12:0.0e+0}   "
            + $"{loss,7:0.000}   {100 * right,5:0} %");
    }
}
Console.WriteLine($"""

    With 26 layers: with skip connections {100 * results[(12, true)]:0} %, without {100 * results[(12, false)]:0} %;
    a guess has 50 %. A deep network could learn as much without them; but hardly any gradient
    reaches its first layers.
    """);

new Page("A deep residual network")
    .Add("How large the gradient of the loss is by the weights of each block, in new networks.")
    .Add(Chart.Line("Gradient by block", "block", "length of the gradient", flows, new() { LogY = true, Marks = true,
        EndNames = true }))
    .Add(Chart.Line("Loss", "step", "loss", curves, new() { RuleY = Math.Log(2) }))
    .Add("What 26 layers with skip connections have learned.")
    .Add(Chart.Layer("Two spirals", Chart.Contour("Probability of spiral 0", "x₁", "x₂", (a, b) =>
    {
        using var quiet = NoGrad.Begin();
        return deepest.Forward(Tensor.From([a, b], [1, 2])).Softmax().ToArray<double>()[0];
    }, (-1.3, 1.3), (-1.3, 1.3), steps: 50, options: new() { Levels = [0.1, 0.3, 0.5, 0.7, 0.9] }),
        Chart.Scatter("Points", "x₁", "x₂", [Spiral(0), Spiral(1)])))
    .Save("pictures/54-deep-residual-network.html");
Console.WriteLine("\npictures: pictures/54-deep-residual-network.html");
return 0;

double[] Flow(ResidualMlp model)
{
    model.Forward(x).CrossEntropy(y).Backward();
    double[] lengths = [.. model.Blocks.Select(block => Math.Sqrt(block.Parameters().Where(one => one.Rank == 2)
        .Sum(one => one.Grad.Square().Sum().Item())))];
    model.ZeroGrad();
    return lengths;
}

(double Loss, double Right, List<double> Curve) Train(ResidualMlp model)
{
    List<double> curve = [];
    var trainer = new Trainer<Tensor, Ids>(model, new Adam(model.Parameters(), 0.003),
        Batches.Shuffled(Dataset.From(x, y), 64, 1), model.Forward, (logits, target) => logits.CrossEntropy(target))
        { ClipNorm = 1 };
    for (int part = 1; part <= 40; part++)
    {
        trainer.Fit(steps * part / 40);
        using var quiet = NoGrad.Begin();
        curve.Add(model.Forward(x).CrossEntropy(y).Item());
    }
    using var done = NoGrad.Begin();
    return (curve[^1], model.Forward(testX).Accuracy(testY), curve);
}

(Tensor X, Ids Y) Spirals(int count)
{
    double[] at = new double[2 * count], noise = new double[2 * count];
    rng.Normal(noise, 0, 0.02);
    int[] label = [.. Enumerable.Range(0, count).Select(i => i % 2)];
    for (int i = 0; i < count; i++)
    {
        double r = 0.1 + 0.9 * rng.NextDouble(), turn = 3 * Math.PI * r + Math.PI * label[i];
        (at[2 * i], at[2 * i + 1]) = (r * Math.Cos(turn) + noise[2 * i], r * Math.Sin(turn) + noise[2 * i + 1]);
    }
    return (Tensor.From(at, [count, 2]), Ids.From(label));
}

Series Spiral(int which)
{
    double[] all = testX.ToArray<double>();
    int[] own = [.. Enumerable.Range(0, testY.Count).Where(i => testY[i] == which)];
    return new($"spiral {which}", [.. own.Select(i => all[2 * i + 1])]) { X = [.. own.Select(i => all[2 * i])] };
}

// expected:
// Two spirals that wind around each other, 400 points to learn from, 400 to test with. A block is two linear layers,
// each after a ReLU. Without a skip connection it gives f(h); with one, h + f(h): if f gives nothing yet, h passes,
// and so does its gradient: ∂(h + f)/∂h = 1 + ∂f/∂h.
//
// The length of the loss's gradient by the weights of the first block, as a fraction of the last block's, at first;
// and, after 400 steps, the loss and the fraction of test points that are right:
//
// layers   skips   first / last      loss     right
//      4      no         1.0e+0     0.003     100 %
//      4     yes         1.0e+0     0.004     100 %
//     10      no         2.2e-1     0.000     100 %
//     10     yes         1.1e+0     0.000     100 %
//     26      no         7.7e-8     0.693      50 %
//     26     yes         1.1e+0     0.000     100 %
//
// With 26 layers: with skip connections 100 %, without 50 %;
// a guess has 50 %. A deep network could learn as much without them; but hardly any gradient
// reaches its first layers.
//
// pictures: pictures/54-deep-residual-network.html
