#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 50: Radial basis functions. A network whose hidden units each know one neighbourhood: bumps around centres.
//
// What it is: bumps that add up to a curve; then a network whose centres are found by k-means++, whose widths follow a
// rule, and whose output weights are solved for by least squares, after which gradient descent improves all of them; on
// the load of districts after power cuts, against the mean and a line; and as a classifier. What it is not: measured
// loads. Their formula is written down in PowerRestoration. `chainrule fit FILE.csv --model rbf` does the same for any
// table. A few seconds.
using ChainRule;
using ChainRule.Classical;
using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Metrics;
using ChainRule.Optim;
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Training;
using ChainRule.Zoo.Lectures;
using ChainRule.Zoo.Tables;

var options = new LessonOptions(args);
bool quick = options.Quick;
if (!options.Ok()) return Lecture.Misused;

// One input: five bumps at −2 … 2, and weights by least squares.
double[] xs = [.. Enumerable.Range(0, 61).Select(i => -3 + i / 10.0)];
Tensor x1 = Tensor.From(xs, [61, 1]), centres1 = Tensor.From([-2, -1, 0, 1, 2.0], [5, 1]);
var five = new RadialBasis(centres1, 0.8);
Tensor bumps1 = five.Forward(x1).Detach(), sine = Tensor.From(xs.Select(x => Math.Sin(2 * x)).ToArray());
var solved1 = LinearRegression.Fit(bumps1, sine);
double[] made = solved1.Predict(bumps1).ToArray<double>(), bumps = bumps1.ToArray<double>();
Console.WriteLine($"""
    1. A radial basis function is a bump: φₖ(x) = exp(−‖x − cₖ‖² / 2σₖ²), 1 at its centre cₖ and near 0 a few widths σₖ
       away. A network of them is Σ wₖ φₖ(x) + b. Five bumps at −2, −1, 0, 1, 2, of width 0.8, and sin 2x:

       weights by least squares: {string.Join(", ", solved1.Weights.Select(w => $"{w:0.00}"))}
       root mean squared error {Regression.RootMeanSquaredError(made, sine.ToArray<double>()):0.000}; always saying the
       mean has {sine.Std(unbiased: false).Item():0.000}
    """);

// Cuts 1 to 100 are learned from, 101 to 150 are new.
var table = PowerRestoration.Create();
int learned = 100 * PowerRestoration.Readings;
int[] train = [.. Enumerable.Range(0, learned)], test = [.. Enumerable.Range(learned, table.Rows - learned)];
string[] inputs = ["hours", "temperature", "minutes"];
var encoder = TableEncoder.Fit(table.Take(train), inputs);
Tensor x = encoder.Encode(table.Take(train), DType.Float64), tested = encoder.Encode(table.Take(test), DType.Float64);
double[] load = [.. table.Numbers(PowerRestoration.Target).Select(number => number!.Value)];
Tensor y = Tensor.From(load[..learned]);
double[] truth = load[learned..];
double Error(Tensor predicted) => Regression.RootMeanSquaredError(predicted.ToArray<double>(), truth);
Console.WriteLine("""

    2. When power comes back after a cut, everything starts at once: the load is above the usual one, and falls. It
       depends on how long the cut was, on the temperature, and on the minutes since, all three together. 100 cuts of 16
       readings to learn from, 50 to test with; the noise has a standard deviation of 0.050.

       model                                                        error on new cuts
    """);
List<(string Name, double Value)> errors = [];
void Say(string name, double error)
{
    errors.Add((name, error));
    Console.WriteLine($"   {name,-58}{error,20:0.0000}");
}
Say("the mean", Error(MeanBaseline.Fit(y).Predict(tested)));
Say("a line", Error(LinearRegression.Fit(x, y).Predict(tested)));
var network = (Sequential)null!;
foreach (int count in (int[])[5, 60, 20])
{
    network = Bumps(x, count);
    var features = network[0].Forward(x).Detach();
    Solved(network, LinearRegression.Fit(features, y, ridge: 1e-3).ToLayer());
    Say($"{count} bumps: k-means++, widths by the rule, least squares", Error(network.Forward(tested)));
}
int steps = quick ? 1000 : 5000;
new Trainer<Tensor, Tensor>(network, new Adam(network.Parameters(), 0.003),
    Batches.Shuffled(Dataset.From(x, y.Reshape(-1, 1)), 64, seed: 1), network.Forward, (said, t) => said.MseLoss(t))
    .Fit(steps);
Say($"the 20 bumps after {steps:N0} steps of gradient descent", Error(network.Forward(tested)));
double best = errors[3].Value;
Console.WriteLine($"""

       The rule of the widths: twice the mean distance between a centre and its nearest other one: bumps overlap.
       The network is better than the mean: {best < errors[0].Value}; than a line: {best < errors[1].Value}.
       Its error is {best / PowerRestoration.NoiseDeviation:0.0} times the noise, below which a model gets only by luck.
       Gradient descent moves the bumps to where they are needed, but slowly: more bumps cost less.
    """);

// Two moons: classes that no line separates.
var rng = new TorchRandom(3);
double[] points = new double[800];
rng.Normal(points, 0, 0.15);
int[] classes = [.. Enumerable.Range(0, 400).Select(i => i % 2)];
for (int i = 0; i < 400; i++)
{
    double turn = Math.PI * rng.NextDouble();
    points[2 * i] += classes[i] == 0 ? Math.Cos(turn) : 1 - Math.Cos(turn);
    points[2 * i + 1] += classes[i] == 0 ? Math.Sin(turn) : 0.5 - Math.Sin(turn);
}
Tensor moons = Tensor.From(points, [400, 2]);
var (learn, judge) = (moons.Slice(0, 0, 300), moons.Slice(0, 300, 400));
Ids labels = Ids.From(classes[..300]), judged = Ids.From(classes[300..]);
var classifier = Bumps(learn, 12, outputs: 2);
Solved(classifier, LogisticRegression.Fit(classifier[0].Forward(learn).Detach(), labels, regularization: 0.1,
    classes: 2).ToLayer());
double line = Right(LogisticRegression.Fit(learn, labels, classes: 2).ToLayer().Forward(judge.To(DType.Float32)));
Console.WriteLine($"""

    3. As a classifier: two moons, 12 bumps, output weights by logistic regression. Right on 100 new points:
       a line {100 * line:0} %, the bumps {100 * Right(classifier.Forward(judge)):0} %.
    """);

double[] minutes = [.. Enumerable.Range(0, PowerRestoration.Readings).Select(i => 15.0 * i)];
new Page("Radial basis functions")
    .Add("Five bumps, each times its weight; their sum, and what it should be.")
    .Add(Chart.Line("Bumps add up to a curve", "x", "y", [.. Enumerable.Range(0, 5).Select(k =>
        new Series($"bump {k}", [.. xs.Select((_, i) => solved1.Weights[k] * bumps[5 * i + k])])
            { X = xs, Group = "bumps" }),
        new("their sum", made) { X = xs, Bold = true }, Series.Of("sin 2x", a => Math.Sin(2 * a), -3, 3)]))
    .Add("Three cuts that were not learned from: what was read, and what the network says.")
    .Add(Chart.Grid("Load after a cut", 3, [.. Enumerable.Range(0, 3).Select(cut =>
    {
        var predicted = network.Forward(tested).ToArray<double>()[(16 * cut)..(16 * cut + 16)];
        return Chart.Layer($"cut {101 + cut}", Chart.Line("network", "minutes", "load", [new("network", predicted)
            { X = minutes }]), Chart.Scatter("read", "minutes", "load", [new("read", truth[(16 * cut)..(16 * cut + 16)])
            { X = minutes }]));
    })]))
    .Add(Chart.Bar("Error on new cuts", "model", "error", errors))
    .Add(Chart.Layer("Two moons", Chart.Contour("Probability of moon 0", "x₁", "x₂", (a, b) =>
        classifier.Forward(Tensor.From([a, b], [1, 2])).Softmax().ToArray<double>()[0], (-1.6, 2.6), (-1.1, 1.6),
        options: new() { Levels = [0.1, 0.3, 0.5, 0.7, 0.9] }),
        Chart.Scatter("Points", "x₁", "x₂", [Moon(0), Moon(1)])))
    .Save("pictures/50-radial-basis-functions.html");
Console.WriteLine("\npictures: pictures/50-radial-basis-functions.html");
return 0;

static Sequential Bumps(Tensor x, int count, int outputs = 1)
{
    var layer = RadialBasis.Around(KMeans.Fit(x, count, seed: 1).Centres);
    layer.Width.Write<double>().Fill(2 * layer.Width.ToArray<double>()[0]);
    var network = new Sequential(layer, new Linear(count, outputs, new TorchRandom(1)));
    network.To(DType.Float64);
    return network;
}

static void Solved(Sequential network, Linear output)
{
    output.To(DType.Float64);
    ((Linear)network[1]).LoadStateDict(output.StateDict());
}

double Right(Tensor logits) => logits.Accuracy(judged);

Series Moon(int which)
{
    int[] own = [.. Enumerable.Range(0, 400).Where(i => classes[i] == which)];
    return new($"moon {which}", [.. own.Select(i => points[2 * i + 1])]) { X = [.. own.Select(i => points[2 * i])] };
}

// expected:
// 1. A radial basis function is a bump: φₖ(x) = exp(−‖x − cₖ‖² / 2σₖ²), 1 at its centre cₖ and near 0 a few widths σₖ
//    away. A network of them is Σ wₖ φₖ(x) + b. Five bumps at −2, −1, 0, 1, 2, of width 0.8, and sin 2x:
//
//    weights by least squares: 1.46, -1.64, -0.00, 1.64, -1.46
//    root mean squared error 0.078; always saying the
//    mean has 0.717
//
// 2. When power comes back after a cut, everything starts at once: the load is above the usual one, and falls. It
//    depends on how long the cut was, on the temperature, and on the minutes since, all three together. 100 cuts of 16
//    readings to learn from, 50 to test with; the noise has a standard deviation of 0.050.
//
//    model                                                        error on new cuts
//    the mean                                                                0.4149
//    a line                                                                  0.2726
//    5 bumps: k-means++, widths by the rule, least squares                   0.2437
//    60 bumps: k-means++, widths by the rule, least squares                  0.0673
//    20 bumps: k-means++, widths by the rule, least squares                  0.1121
//    the 20 bumps after 1,000 steps of gradient descent                      0.1042
//
//    The rule of the widths: twice the mean distance between a centre and its nearest other one: bumps overlap.
//    The network is better than the mean: True; than a line: True.
//    Its error is 1.3 times the noise, below which a model gets only by luck.
//    Gradient descent moves the bumps to where they are needed, but slowly: more bumps cost less.
//
// 3. As a classifier: two moons, 12 bumps, output weights by logistic regression. Right on 100 new points:
//    a line 90 %, the bumps 97 %.
//
// pictures: pictures/50-radial-basis-functions.html
