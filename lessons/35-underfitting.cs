#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 35: Underfitting, and what deeper layers see. A network too small, too shallow and trained too short, mended
// in three ways; then a look inside.
//
// What it is: two spirals that a small network cannot part. Its loss is high on what it was trained on and on what it
// was not: underfitting. Wider, deeper and longer each help, by how much is measured. Then the trained network is
// opened: its weights, its hidden activations, and whether deeper layers are more complex than the first, in numbers.
// What it is not: a law; on other data another of the three may help most. Some seconds.
using ChainRule.Zoo.Lectures;
using ChainRule;
using ChainRule.Diagnostics;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Pictures;
using ChainRule.Randomness;
if (!new LessonOptions(args).Ok()) return Lecture.Misused;
var page = new Page("Underfitting");
// Two arms of a spiral, one and a half turns each, with a little noise; half to train on, half to test.
(Tensor X, Tensor Y) Spirals(int seed)
{
    var random = new NumpyRandom((uint)seed);
    var (x, y, turns) = (new double[400], new double[200], new double[200]);
    random.Uniform(turns, 0.1, 1);
    for (int i = 0; i < 200; i++)
    {
        double turn = turns[i], angle = 3 * Math.PI * turn + Math.PI * (i % 2);
        (x[2 * i], x[2 * i + 1], y[i]) = (2 * turn * Math.Cos(angle) + random.Normal(0, 0.03),
            2 * turn * Math.Sin(angle) + random.Normal(0, 0.03), i % 2);
    }
    return (Tensor.From(x, [200, 2]), Tensor.From(y, [200, 1]));
}
var (train, test) = (Spirals(1), Spirals(2));

Sequential Network(int width, int depth, ulong seed = 3)
{
    var rng = new TorchRandom(seed);
    var layers = Enumerable.Range(0, depth)
        .SelectMany(l => new Module[] { new Linear(l == 0 ? 2 : width, width, rng), new Tanh() })
            .Append(new Linear(width, 1, rng));
    var network = new Sequential([.. layers]);
    network.To(DType.Float64);
    foreach (var weight in network.Parameters().Where(p => p.Rank == 2))
        Init.XavierNormal(weight, rng, Init.Gain(Nonlinearity.Tanh));
    return network;
}
List<double> Fit(Sequential network, int steps)
{
    var (adam, losses) = (new Adam(network.Parameters(), 0.01), new List<double>());
    for (int step = 0; step < steps; step++)
    {
        var loss = network.Forward(train.X).BinaryCrossEntropy(train.Y);
        losses.Add(loss.Item());
        adam.ZeroGrad();
        loss.Backward();
        adam.Step();
    }
    return losses;
}
(double Loss, double Right) On(Sequential network, (Tensor X, Tensor Y) data)
{
    using var quiet = NoGrad.Begin();
    var logits = network.Forward(data.X);
    return (logits.BinaryCrossEntropy(data.Y).Item(), 100 * (logits.Step() - data.Y).Abs().Mean().Item() is var wrong
        ? 100 - wrong : 0);
}

Console.WriteLine("""
    1. A small network is high on both: it underfits. (ln 2 = 0.6931 is the expected initial loss.) More of one thing at
    a time, from the same random draw:

                                       train                 test
                                    loss    right        loss    right    parameters
    """);
(string Name, int Width, int Depth, int Steps)[] trials =
[
    ("small: 1 layer of 3", 3, 1, 300), ("longer: 3,000 steps", 3, 1, 3000), ("wider: 1 layer of 32", 32, 1, 300),
    ("deeper: 3 layers of 3", 3, 3, 300),
    ("wider and longer", 32, 1, 3000), ("wider and deeper", 32, 3, 300), ("all three", 32, 3, 3000),
];
var curves = new List<Series>();
var results = new List<double>();
foreach (var (name, width, depth, steps) in trials)
{
    var network = Network(width, depth);
    var losses = Fit(network, steps);
    var (seen, unseen) = (On(network, train), On(network, test));
    Console.WriteLine($"    {name,-24}{seen.Loss,12:F3}{seen.Right,7:F0} %{unseen.Loss,12:F3}{unseen.Right,7:F0} "
        + $"%{network.ParameterCount,12:N0}");
    if (steps == 300) curves.Add(new Series(name, losses));
    results.Add(unseen.Loss);
}
var better = trials.Skip(1).Where((_, i) => results[i + 1] < results[0]).Select(trial => trial.Name.Split(':')[0]);
Console.WriteLine($"""

    Below the small network's test loss:
    {string.Join(", ", better)}.
    The best on the test spirals: {trials[results.IndexOf(results.Min())].Name}.
    """);
page.Add("The loss on the training spirals, in the trials of 300 steps.")
    .Add(Chart.Line("More of one thing at a time", "step", "loss", curves));

Console.WriteLine("""

    2. Weights before and after training, and activations, layer by layer: three layers of 32, 300 steps.
                         weights                      activations
                   before      after        standard deviation    beyond ±0.97
    """);
var deep = Network(32, 3);
Linear[] linears = [.. Enumerable.Range(0, deep.Count).Select(i => deep[i]).OfType<Linear>()];
Series[] before = [.. linears.Select((linear, l) => Series.Of($"layer {l + 1}", linear.Weight))];
double[] widths = [.. linears.Select(linear => linear.Weight.Std().Item())];
Fit(deep, 300);
Tensor[] hidden = Hidden(deep, train.X); var saturated = (Tensor h) => Saturation.Of("", h).SaturatedFraction;
for (int l = 0; l < 3; l++)
    Console.WriteLine($"    layer {l + 1}{widths[l],14:F3}{linears[l].Weight.Std().Item(),11:F3}"
        + $"{hidden[l].Std().Item(),20:F3}{100 * saturated(hidden[l]),17:F0} %");
page.Add("Three pictures to look at in every training run: the loss above, and the distributions of weights and of "
    + "activations.")
    .Add(Chart.Histogram("Weights before training", "weight", before))
    .Add(Chart.Histogram("Weights after training", "weight",
        [.. linears.Select((linear, l) => Series.Of($"layer {l + 1}", linear.Weight))]))
    .Add(Chart.Histogram("Activations after training", "activation",
        [.. hidden.Select((h, l) => Series.Of($"layer {l + 1}", h))]));

Console.WriteLine("""

    3. Are deeper layers more complex? Two measures. How often does a neuron change its sign along a straight line
       through the plane, at most? A neuron of the first layer has a straight border, and another line crosses it once.
       And how well does a straight border through a layer's activations part the two spirals? (A linear classifier is
       trained on them, and judged on the test spirals.)

              sign changes, mean and most of 32      right, by a straight border
    """);
const int Lines = 60, Places = 120;
static double Place(int i, int of) => -2.2 + 4.4 * i / of;
Tensor plane =
    Tensor.From(
        [.. Enumerable.Range(0, Lines * Places)
            .SelectMany(i => new[] { Place(i % Places, Places), Place(i / Places, Lines) })], [Lines * Places, 2]);
Console.WriteLine($"    inputs{Probe(train.X, test.X),58:F0} %");
Tensor[] everywhere = Hidden(deep, plane), others = Hidden(deep, test.X);
for (int l = 0; l < 3; l++)
{
    int[] changes = [.. Enumerable.Range(0, 32).Select(n => Enumerable.Range(0, Lines).Max(line =>
        Enumerable.Range(line * Places, Places - 1)
            .Count(i => everywhere[l][i, n] > 0 != everywhere[l][i + 1, n] > 0)))];
    Console.WriteLine(
        $"    layer {l + 1}{changes.Average(),22:F1}{changes.Max(),9}{Probe(hidden[l], others[l]),26:F0} %");
    int layer = l;
    page.Add(Chart.Grid($"Four neurons of layer {l + 1}", 4,
        [.. Enumerable.Range(0, 4).Select(n => Chart.Contour($"neuron {n + 1}", "x₁", "x₂",
        (a, b) => Hidden(deep, Tensor.From(new[,] { { a, b } }))[layer][0, n], (-2.2, 2.2), (-2.2, 2.2), 30,
        new ChartOptions { Levels = [-0.5, 0, 0.5], Scheme = "redblue" }))]));
}
double[] xs = train.X.ToArray<double>(), ys = train.Y.ToArray<double>();
page.Add("And what they add up to.")
    .Add(Chart.Layer("Two spirals and the border", Chart.Contour("probability", "x₁", "x₂",
    (a, b) => deep.Forward(Tensor.From(new[,] { { a, b } })).Sigmoid().Item(), (-2.2, 2.2), (-2.2, 2.2), 40,
    new ChartOptions { Levels = [0.5], Scheme = "blueorange" }),
    Chart.Scatter("spirals", "x₁", "x₂", [.. Enumerable.Range(0, 200).GroupBy(i => ys[i]).Select(arm =>
        new Series($"spiral {arm.Key}", [.. arm.Select(i => xs[2 * i + 1])])
            { X = [.. arm.Select(i => xs[2 * i])] })])));
page.Save("pictures/35-underfitting.html");
Console.WriteLine("\npictures: pictures/35-underfitting.html");
return 0;

// What every tanh layer gives.
static Tensor[] Hidden(Sequential network, Tensor x)
{
    using var quiet = NoGrad.Begin();
    var outputs = new List<Tensor>();
    using (network.Observe((module, _, y) => { if (module is Tanh) outputs.Add(y); })) network.Forward(x);
    return [.. outputs];
}
// A linear classifier on activations: how many of the test spirals' points it gets right, in per cent.
double Probe(Tensor seen, Tensor unseen)
{
    var linear = new Sequential(new Linear(seen.Shape[1], 1, new TorchRandom(1)));
    linear.To(DType.Float64);
    var adam = new Adam(linear.Parameters(), 0.05);
    for (int step = 0; step < 500; step++)
    {
        adam.ZeroGrad();
        linear.Forward(seen.Detach()).BinaryCrossEntropy(train.Y).Backward();
        adam.Step();
    }
    return On(linear, (unseen, test.Y)).Right;
}

// expected:
// 1. A small network is high on both: it underfits. (ln 2 = 0.6931 is the expected initial loss.) More of one thing at
// a time, from the same random draw:
//
//                                    train                 test
//                                 loss    right        loss    right    parameters
//     small: 1 layer of 3            0.593     71 %       0.697     56 %          13
//     longer: 3,000 steps            0.518     66 %       0.613     52 %          13
//     wider: 1 layer of 32           0.428     83 %       0.505     79 %         129
//     deeper: 3 layers of 3          0.382     82 %       0.572     68 %          37
//     wider and longer               0.001    100 %       0.004    100 %         129
//     wider and deeper               0.001    100 %       0.035     98 %       2,241
//     all three                      0.000    100 %       0.076     98 %       2,241
//
// Below the small network's test loss:
// longer, wider, deeper, wider and longer, wider and deeper, all three.
// The best on the test spirals: wider and longer.
//
// 2. Weights before and after training, and activations, layer by layer: three layers of 32, 300 steps.
//                      weights                      activations
//                before      after        standard deviation    beyond ±0.97
//     layer 1         0.443      0.695               0.598                6 %
//     layer 2         0.299      0.424               0.845               47 %
//     layer 3         0.279      0.408               0.853               42 %
//
// 3. Are deeper layers more complex? Two measures. How often does a neuron change its sign along a straight line
//    through the plane, at most? A neuron of the first layer has a straight border, and another line crosses it once.
//    And how well does a straight border through a layer's activations part the two spirals? (A linear classifier is
//    trained on them, and judged on the test spirals.)
//
//           sign changes, mean and most of 32      right, by a straight border
//     inputs                                                        57 %
//     layer 1                   1.0        1                        70 %
//     layer 2                   1.6        3                       100 %
//     layer 3                   2.7        5                        98 %
//
// pictures: pictures/35-underfitting.html
