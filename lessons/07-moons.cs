#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 07: Two moons. A network of 337 numbers finds the border between two half circles.
//
// This is the demo of Andrej Karpathy's micrograd, number for number: a hundred points from scikit-learn's make_moons
// with numpy's seed 1337, a network with Python's seed 1337, a loss that wants a margin, a hundred steps. It is a whole
// training run in one screen: data, network, loss, loop, and a look at what was learnt. Everything is made of single
// numbers, so one step builds and walks a graph of some 65,000 of them. A few seconds.
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Scalar;
using ChainRule.Zoo.Lectures;

if (!new LessonOptions(args).Ok()) return Lecture.Misused;
Console.WriteLine("""
    1. The data: two half circles that reach into each other, fifty points each, blurred a little. No straight line
    parts them.
    """);
const int Count = 100, Half = Count / 2;
var random = new NumpyRandom(1337);
static double Angle(int i) => i % Half * (Math.PI / (Half - 1));
(double X, double Y)[] arcs = [.. Enumerable.Range(0, Count)
    .Select(i => (X: Math.Cos(Angle(i)), Y: Math.Sin(Angle(i)), Upper: i < Half))
        .Select(at => at.Upper ? (at.X, at.Y) : (1 - at.X, 1 - at.Y - 0.5))];
int[] order = random.Permutation(Count);
(double X, double Y)[] points =
    [.. order.Select(i => (arcs[i].X + random.Normal(0, 0.1), arcs[i].Y + random.Normal(0, 0.1)))];
int[] side = [.. order.Select(i => i < Half ? -1 : 1)];   // the upper moon is −1, the lower one +1
var page = new Page("Two moons");
Chart Cloud() => Chart.Scatter("Two moons", "x", "y", [.. new[] { -1, 1 }.Select(label =>
{
    var own = points.Where((_, i) => side[i] == label).ToArray();
    return new Series(label < 0 ? "−1" : "+1", [.. own.Select(point => point.Y)])
        { X = [.. own.Select(point => point.X)] };
})]);
page.Add("A hundred points in two half circles.").Add(Cloud());

Console.WriteLine("""

    2. The network: two inputs, two layers of 16 neurons with ReLU, and one linear output. Its sign is the answer.
    """);
var network = new Mlp(2, [16, 16, 1], new PythonRandom(1337), MlpStyle.Library);
Lecture.Compare("    parameters", "337", network.Parameters().Count);

Console.WriteLine("""

    3. The loss. It is not enough to be on the right side: it should be by a margin of 1. A point with answer s whose
    score is y costs max(0, 1 − y·s): nothing once y·s is above 1. To that comes a ten-thousandth of the sum of all
    squared weights: of two networks that do equally well, the one with the smaller weights curves less between the
    points. (Statisticians say: it was more likely to begin with, if weights come from a bell curve.)

    4. The loop. The steps begin at 1 and shrink to a tenth, learning rate = 1 − 0.9 k / 100: first far, then careful.
    """);
(Value Loss, double Accuracy) Cost()
{
    Value[] scores = [.. points.Select(point => network.Call(point.X, point.Y))];
    Value[] margins = [.. scores.Select((score, i) => (1 + -side[i] * score).Relu())];
    Value[] squares = [.. network.Parameters().Select(p => p * p)];
    var loss = Value.Sum(margins) * (1.0 / Count) + 1e-4 * Value.Sum(squares);
    return (loss, scores.Where((score, i) => score.Data > 0 == side[i] > 0).Count() / (double)Count);
}
var (losses, accuracies) = (new List<double>(), new List<double>());
for (int k = 0; k < 100; k++)
{
    var (loss, accuracy) = Cost();
    network.ZeroGrad();
    loss.Backward();
    double rate = 1.0 - 0.9 * k / 100;
    foreach (var p in network.Parameters()) p.Data -= rate * p.Grad;
    losses.Add(loss.Data);
    accuracies.Add(100 * accuracy);
}

// The comparison stops at twelve digits: after them, the order of a sum and the last bit of a cosine decide.
(int Step, string Loss)[] printed = [(0, "0.895844102868"), (1, "1.723590533697"), (2, "0.742900631385"),
    (3, "0.770564126058"), (10, "0.245070238537"), (20, "0.189775228561")];
foreach (var (step, loss) in printed) Lecture.Compare($"    loss of step {step}", loss, losses[step]);
foreach (var (step, accuracy) in new[] { (0, "50 %"), (1, "81 %"), (10, "91 %"), (99, "100 %") })
    Lecture.Compare($"    accuracy of step {step}", accuracy, accuracies[step]);
int solved = accuracies.FindLastIndex(accuracy => accuracy < 100) + 1;
Console.WriteLine($"""

    Loss and accuracy are two things. Step 1 jumped so far that the loss nearly doubled, and yet more points came to lie
    on their right side. The loss is what has a gradient; the accuracy is what you want. All hundred points are right
    from step {solved} on; the last loss is {losses[^1]:F4}.
    """);
page.Add("The loss falls with hiccups while steps are long, then smoothly.")
    .Add(Chart.Line("Loss", "step", "loss", [new Series("loss", losses)]))
    .Add(Chart.Line("Accuracy", "step", "%", [new Series("points on their right side", accuracies)]));

Console.WriteLine("\n5. What was learnt: ask the network for every place of a grid. # is +1, · is −1, 0 and 1 are "
    + "points of the upper and the lower moon.\n");
double[] Grid(Func<(double X, double Y), double> axis)
{
    double low = points.Min(axis) - 1, high = points.Max(axis) + 1;
    return [.. Enumerable.Range(0, (int)Math.Ceiling((high - low) / 0.25)).Select(i => low + 0.25 * i)];
}
double[] xs = Grid(point => point.X), ys = Grid(point => point.Y);
foreach (double y in ys.Reverse())
{
    string row = string.Concat(xs.Select(x =>
    {
        int near = Array.FindIndex(points, point => Math.Abs(point.X - x) < 0.125 && Math.Abs(point.Y - y) < 0.125);
        return (near >= 0 ? side[near] < 0 ? "0" : "1" : network.Call(x, y).Data > 0 ? "#" : "·") + " ";
    }));
    Console.WriteLine("    " + row.TrimEnd());
}
Console.WriteLine();
Lecture.Compare("    lowest place of the grid", "-1.5486392982686", ys[0]);
Lecture.Compare("    highest place of the grid", "1.9513607017314", ys[^1]);
Console.WriteLine("""

    The border is made of straight pieces. Each of the 16 neurons of the first layer folds the plane along a straight
    line. The 16 of the second layer fold what the first made of it: on the plane their folds are lines with a corner
    wherever they cross one of the first. Together they make a good curve.
    """);
page.Add("Where the network says −1 and where +1. The border is made of straight pieces, with a corner where it "
    + "crosses the fold of a ReLU.")
    .Add(Chart.Layer("The border that was learnt",
        Chart.Contour("score", "x", "y", (x, y) => network.Call(x, y).Data, (xs[0], xs[^1]), (ys[0], ys[^1]), 60,
        new ChartOptions { Levels = [0], Scheme = "blueorange" }), Cloud()));
page.Save("pictures/07-moons.html");
Console.WriteLine("\npictures: pictures/07-moons.html");
return 0;

// expected:
// 1. The data: two half circles that reach into each other, fifty points each, blurred a little. No straight line
// parts them.
//
// 2. The network: two inputs, two layers of 16 neurons with ReLU, and one linear output. Its sign is the answer.
//     parameters: 337 | lecture: 337 | agrees
//
// 3. The loss. It is not enough to be on the right side: it should be by a margin of 1. A point with answer s whose
// score is y costs max(0, 1 − y·s): nothing once y·s is above 1. To that comes a ten-thousandth of the sum of all
// squared weights: of two networks that do equally well, the one with the smaller weights curves less between the
// points. (Statisticians say: it was more likely to begin with, if weights come from a bell curve.)
//
// 4. The loop. The steps begin at 1 and shrink to a tenth, learning rate = 1 − 0.9 k / 100: first far, then careful.
//     loss of step 0: 0.895844102868 | lecture: 0.895844102868 | agrees
//     loss of step 1: 1.723590533697 | lecture: 1.723590533697 | agrees
//     loss of step 2: 0.742900631385 | lecture: 0.742900631385 | agrees
//     loss of step 3: 0.770564126058 | lecture: 0.770564126058 | agrees
//     loss of step 10: 0.245070238537 | lecture: 0.245070238537 | agrees
//     loss of step 20: 0.189775228561 | lecture: 0.189775228561 | agrees
//     accuracy of step 0: 50 % | lecture: 50 % | agrees
//     accuracy of step 1: 81 % | lecture: 81 % | agrees
//     accuracy of step 10: 91 % | lecture: 91 % | agrees
//     accuracy of step 99: 100 % | lecture: 100 % | agrees
//
// Loss and accuracy are two things. Step 1 jumped so far that the loss nearly doubled, and yet more points came to lie
// on their right side. The loss is what has a gradient; the accuracy is what you want. All hundred points are right
// from step 70 on; the last loss is 0.0110.
//
// 5. What was learnt: ask the network for every place of a grid. # is +1, · is −1, 0 and 1 are points of the upper and the lower moon.
//
//     · · · · · · · · · · · · · · · · · · · · ·
//     · · · · · · · · · · · · · · · · · · · · ·
//     · · · · · · · · · · · · · · · · · · · · ·
//     · · · · · · · · 0 · · · · · · · · · · · #
//     · · · · · 0 0 0 0 0 0 · · · · · · · # # #
//     · · · · · 0 0 · · · 0 0 · · · · · # # # #
//     · · · · 0 0 · # 1 1 · 0 0 · · · 1 1 # # #
//     · · · · 0 0 · # 1 1 # · 0 0 · 1 1 1 # # #
//     · · · · 0 0 # # 1 1 1 # · 0 # 1 1 # # # #
//     · · · · · · # # # 1 1 1 1 1 1 1 1 # # # #
//     · · · · · · # # # # # # 1 1 1 # # # # # #
//     · · · · · · # # # # # # # # # # # # # # #
//     · · · · · · · # # # # # # # # # # # # # #
//     · · · · · · · # # # # # # # # # # # # # #
//     · · · · · · · # # # # # # # # # # # # # #
//
//     lowest place of the grid: -1.5486392982686 | lecture: -1.5486392982686 | agrees
//     highest place of the grid: 1.9513607017314 | lecture: 1.9513607017314 | agrees
//
// The border is made of straight pieces. Each of the 16 neurons of the first layer folds the plane along a straight
// line. The 16 of the second layer fold what the first made of it: on the plane their folds are lines with a corner
// wherever they cross one of the first. Together they make a good curve.
//
// pictures: pictures/07-moons.html
