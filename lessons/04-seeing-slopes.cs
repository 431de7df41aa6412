#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 04: Seeing slopes. Tangents, secants, the S of the sigmoid, and three ways to one gradient.
//
// Slopes as pictures, then the exercises of Andrej Karpathy's lecture on micrograd: the gradient of a crooked function
// by formula, by nudging and by backpropagation, and that of every classifier's loss. From here on lessons use
// ChainRule's own Value, the class of lesson 03 grown up. A second or two.
using ChainRule;
using ChainRule.Pictures;
using ChainRule.Scalar;
using ChainRule.Zoo.Lectures;
if (!new LessonOptions(args).Ok()) return Lecture.Misused;
var page = new Page("Seeing slopes");

Console.WriteLine("""
    1. A tangent is the line that has the slope of a curve where it touches it.
    On the parabola y = x² the slope at x is 2x. Each tangent below is the line through (x, x²) with that slope:
        x      x²     slope     tangent
    """);
foreach (int x in new[] { 0, 1, 2, 3 })
    Console.WriteLine($"    {x,5}{x * x,8}{2 * x,10}     y = {(x == 0 ? "0" : $"{2 * x}x − {x * x}")}");
Series[] tangents =
    [.. new[] { 0, 1, 2, 3 }.Select(
        at => Series.Of($"tangent at {at}", x => 2 * at * x - at * at, at - 1.2, at + 1.2, 2))];
page.Add("A tangent has the slope of the curve where it touches it: 0, 2, 4, 6 on the parabola at 0, 1, 2, 3.")
    .Add(Chart.Line("The parabola x² and four tangents", "x", "y", [Series.Of("x²", x => x * x, -2, 4), .. tangents]));

Console.WriteLine("""

    A secant goes through two points of the curve. Bring the second nearer to the first, and the secant turns into the
    tangent. At x = 1:

         h      slope of the secant through 1 and 1 + h
    """);
double[] steps = [2, 1, 0.5, 0.1, 0.01];
foreach (double h in steps) Console.WriteLine($"    {h,6}{((1 + h) * (1 + h) - 1) / h,9:F2}");
page.Add("Secants through 1 and 1 + h: as h shrinks they turn into the tangent, h = 0, whose slope is 2.")
    .Add(Chart.Line("Secants of x² turn into the tangent", "x", "y",
        [Series.Of("x²", x => x * x, -1, 3.2),
            .. steps.Append(0).Select(h => Series.Of($"h = {h}", x => 1 + (2 + h) * (x - 1), -0.5, 3.2, 2))]));
// The lecture's own first plot: 40 points from −5 on, in steps of a quarter.
double[] grid = [.. Enumerable.Range(0, 40).Select(i => -5 + 0.25 * i)];
page.Add(Chart.Line("The lecture's parabola 3x² − 4x + 5, level at 2/3", "x", "y",
    [new Series("3x² − 4x + 5", [.. grid.Select(x => 3 * x * x - 4 * x + 5)]) { X = grid },
        Series.Of("tangent at 2/3", _ => 11.0 / 3, -2, 3, 2)]));

Console.WriteLine("""

    2. The sigmoid σ(z) = 1 / (1 + e⁻ᶻ) takes any number and gives one between 0 and 1.

    A perceptron says 0 or 1 and nothing between: a step. Move one of its weights a little, and nothing happens, or
    everything. The sigmoid is that step made smooth: far to the left it is 0, far to the right 1, and in the middle it
    moves a little when z moves a little. So it has a slope to descend by. (A perceptron learns without one, by a rule
    for a single layer; through a step no slope comes back to the layers before it.)
    """);
static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));
double[] places = [-10, -1, 0, 1, 2, 5, 10];
Console.WriteLine($"        z{string.Concat(places.Select(z => $"{z,11}"))}\n     "
    + $"σ(z){string.Concat(places.Select(z => $"{Sigmoid(z),11:F6}"))}");
Console.WriteLine($"Even z = −1000 and z = 1000 are no trouble: σ = {Sigmoid(-1000)} and {Sigmoid(1000)}. (e¹⁰⁰⁰ is "
    + "too large for a number, but 1/∞ is 0.)");
page.Add("The sigmoid is a step made smooth; away from 0 the two agree.")
    .Add(Chart.Line("Sigmoid and step", "z = wx + b", "output",
        [Series.Of("sigmoid", Sigmoid, -8, 8), new Series("step", [0, 0, 1, 1]) { X = [-8, 0, 0, 8] }]));

Console.WriteLine("""

    3. Three activation functions, each with its slope; lesson 34 has all ten. Backpropagation multiplies by the slope:
    where it is 0, nothing comes back.

                          at −2            at 0             at 2        steepest
                       y     slope     y     slope     y     slope
    """);
(string Name, Func<Value, Value> F)[] gallery = [("ReLU", x => x.Relu()), ("sigmoid", x => x.Sigmoid()),
    ("tanh", x => x.Tanh())];
foreach (var (name, f) in gallery)
{
    (double Y, double Slope) At(double x)
    {
        Value leaf = x;
        var y = f(leaf);
        y.Backward();
        return (y.Data, leaf.Grad);
    }
    // Two places next to 0: a jump of the slope is drawn as a jump.
    double[] around = [.. Enumerable.Range(-40, 81).Select(i => i / 10.0).Append(1e-9).Order()];
    Series Curve(string name, Func<double, double> f) => new(name, Array.ConvertAll(around, x => f(x))) { X = around };
    string cells = string.Concat(new[] { -2.0, 0, 2 }.Select(x => $"{At(x).Y,9:F3}{At(x).Slope,8:F3}"));
    Console.WriteLine($"    {name,-10}{cells}{Curve("", x => At(x).Slope).Y.Max(),12:F2}");
    page.Add(Chart.Line($"{name} and its slope", "x", "y",
        [Curve(name, x => At(x).Y), Curve("slope", x => At(x).Slope)]));
}
Console.WriteLine("""
    ReLU passes slopes on whole or not at all (at 0 we say: not at all). The sigmoid passes on a quarter at best, so ten
    of them in a row pass on less than a millionth. tanh is centred on 0 and passes on up to 1. Lesson 13 watches what
    that does to deep networks.
    """);

Console.WriteLine("""

    4. Exercise: f(a, b, c) = −a³ + sin 3b − 1/c + b^2.5 − √a at (2, 3, 4). Three ways to its gradient.
    """);
static double F(double a, double b, double c) => -a * a * a + Math.Sin(3 * b) - 1 / c + Math.Pow(b, 2.5) - Math.Sqrt(a);
Lecture.Compare("    f(2, 3, 4)", "6.336362190989", F(2, 3, 4));
Value va = 2, vb = 3, vc = 4;
(-va.Pow(3) + (3 * vb).Sin() - 1.0 / vc + vb.Pow(2.5) - va.Pow(0.5)).Backward();
double[] formula = [-3 * 4 - 0.5 / Math.Sqrt(2), 3 * Math.Cos(9) + 2.5 * Math.Pow(3, 1.5), 1.0 / 16],
    engine = [va.Grad, vb.Grad, vc.Grad];
string[] lecture = ["-12.353553390593", "10.256990271113", "0.062500000000"];
for (int i = 0; i < 3; i++) Lecture.Compare($"    df/d{"abc"[i]} by formula", lecture[i], formula[i]);
Console.WriteLine("\n    How far the other ways are from the formula:\n\n                  step          df/da       "
    + "df/db       df/dc");
double[] Misses(Func<int, double> slope) => [.. Enumerable.Range(0, 3).Select(i => Math.Abs(slope(i) - formula[i]))];
double Nudge(int i, double h) => F(2 + (i == 0 ? h : 0), 3 + (i == 1 ? h : 0), 4 + (i == 2 ? h : 0));
foreach (double h in new[] { 0.1, 0.001 })
{
    Console.WriteLine($"    forward       {h,-10}"
        + $"{string.Concat(Misses(i => (Nudge(i, h) - Nudge(i, 0)) / h).Select(miss => $"{miss,12:0.0e+0}"))}");
    Console.WriteLine($"    symmetric     {h,-10}"
        + $"{string.Concat(Misses(i => (Nudge(i, h) - Nudge(i, -h)) / (2 * h)).Select(miss => $"{miss,12:0.0e+0}"))}");
}
var exact = Misses(i => engine[i]).Select(miss => $"{(miss < 1e-12 ? "< 1e-12" : miss.ToString("0.0e+0")),12}");
Console.WriteLine($"    Backward      none      {string.Concat(exact)}");
Console.WriteLine("""

    Nudging to both sides and halving, (f(x + h) − f(x − h)) / 2h, cancels the curvature: with a hundredth of the step,
    the forward difference gets 100 times better and the symmetric one 10,000 times. Backward takes no steps at all: it
    is exact, to the last digits of a double.

    5. Exercise: the loss of a classifier. Softmax turns scores into probabilities; the loss is minus the logarithm of
    the right one's.
    """);
Value[] scores = [0, 3, -2, 1];
Value[] counts = [.. scores.Select(score => score.Exp())];
var loss = -(counts[3] / Value.Sum(counts)).Log();
loss.Backward();
Lecture.Compare("    loss of [0, 3, −2, 1] where 3 is right", "2.175515362617", loss.Data);
string[] printed = ["0.041772570515", "0.839024507463", "0.005653302662", "-0.886450380640"];
for (int i = 0; i < 4; i++) Lecture.Compare($"    slope by score {i}", printed[i], scores[i].Grad);
// Whole arrays at once: a Tensor does to all numbers of a row what Value did to one. The lecture
// checks itself so with PyTorch.
var tensor = Tensor.From(0.0, 3, -2, 1).Reshape(1, 4).RequireGrad();
var same = tensor.CrossEntropy(Ids.From(3));
same.Backward();
double apart = scores.Select((score, i) => Math.Abs(score.Grad - tensor.Grad[0, i]))
    .Append(Math.Abs(loss.Data - same.Item())).Max();
Console.WriteLine($"""
    The slopes are the probabilities, with 1 taken from the right one: raise it, lower the others, most of all the one
    that was believed most. A Tensor does it in one call, CrossEntropy, and agrees to
    {(apart < 1e-12 ? "within 1e-12" : $"{apart:0e+0}")}.
    """);
page.Add("The graph behind the loss: four scores, softmax, and minus the logarithm.")
    .Add(Graph.Of(loss, "The softmax loss of four scores"));
Value fa = new(2, "a"), fb = new(-3, "b"), fc = new(10, "c"), ff = new(-2, "f"),
    result = (((fa * fb).Named("e") + fc).Named("d") * ff).Named("L");
result.Backward();
page.Add("The expression of lesson 02. Move one input by h, and compare what happens with what its slope promised.")
    .Add(Graph.WhatIf(result, "What if? L = (a·b + c)·f"));
page.Save("pictures/04-seeing-slopes.html");
Console.WriteLine("\npictures: pictures/04-seeing-slopes.html");
return 0;

// expected:
// 1. A tangent is the line that has the slope of a curve where it touches it.
// On the parabola y = x² the slope at x is 2x. Each tangent below is the line through (x, x²) with that slope:
//     x      x²     slope     tangent
//         0       0         0     y = 0
//         1       1         2     y = 2x − 1
//         2       4         4     y = 4x − 4
//         3       9         6     y = 6x − 9
//
// A secant goes through two points of the curve. Bring the second nearer to the first, and the secant turns into the
// tangent. At x = 1:
//
//      h      slope of the secant through 1 and 1 + h
//          2     4.00
//          1     3.00
//        0.5     2.50
//        0.1     2.10
//       0.01     2.01
//
// 2. The sigmoid σ(z) = 1 / (1 + e⁻ᶻ) takes any number and gives one between 0 and 1.
//
// A perceptron says 0 or 1 and nothing between: a step. Move one of its weights a little, and nothing happens, or
// everything. The sigmoid is that step made smooth: far to the left it is 0, far to the right 1, and in the middle it
// moves a little when z moves a little. So it has a slope to descend by. (A perceptron learns without one, by a rule
// for a single layer; through a step no slope comes back to the layers before it.)
//         z        -10         -1          0          1          2          5         10
//      σ(z)   0.000045   0.268941   0.500000   0.731059   0.880797   0.993307   0.999955
// Even z = −1000 and z = 1000 are no trouble: σ = 0 and 1. (e¹⁰⁰⁰ is too large for a number, but 1/∞ is 0.)
//
// 3. Three activation functions, each with its slope; lesson 34 has all ten. Backpropagation multiplies by the slope:
// where it is 0, nothing comes back.
//
//                       at −2            at 0             at 2        steepest
//                    y     slope     y     slope     y     slope
//     ReLU          0.000   0.000    0.000   0.000    2.000   1.000        1.00
//     sigmoid       0.119   0.105    0.500   0.250    0.881   0.105        0.25
//     tanh         -0.964   0.071    0.000   1.000    0.964   0.071        1.00
// ReLU passes slopes on whole or not at all (at 0 we say: not at all). The sigmoid passes on a quarter at best, so ten
// of them in a row pass on less than a millionth. tanh is centred on 0 and passes on up to 1. Lesson 13 watches what
// that does to deep networks.
//
// 4. Exercise: f(a, b, c) = −a³ + sin 3b − 1/c + b^2.5 − √a at (2, 3, 4). Three ways to its gradient.
//     f(2, 3, 4): 6.336362190989 | lecture: 6.336362190989 | agrees
//     df/da by formula: -12.353553390593 | lecture: -12.353553390593 | agrees
//     df/db by formula: 10.256990271113 | lecture: 10.256990271113 | agrees
//     df/dc by formula: 0.062500000000 | lecture: 0.062500000000 | agrees
//
//     How far the other ways are from the formula:
//
//                   step          df/da       df/db       df/dc
//     forward       0.1             6.1e-1      1.8e-1      1.5e-3
//     symmetric     0.1             1.0e-2      4.3e-2      3.9e-5
//     forward       0.001           6.0e-3      1.4e-3      1.6e-5
//     symmetric     0.001           1.0e-6      4.3e-6      3.9e-9
//     Backward      none           < 1e-12     < 1e-12     < 1e-12
//
// Nudging to both sides and halving, (f(x + h) − f(x − h)) / 2h, cancels the curvature: with a hundredth of the step,
// the forward difference gets 100 times better and the symmetric one 10,000 times. Backward takes no steps at all: it
// is exact, to the last digits of a double.
//
// 5. Exercise: the loss of a classifier. Softmax turns scores into probabilities; the loss is minus the logarithm of
// the right one's.
//     loss of [0, 3, −2, 1] where 3 is right: 2.175515362617 | lecture: 2.175515362617 | agrees
//     slope by score 0: 0.041772570515 | lecture: 0.041772570515 | agrees
//     slope by score 1: 0.839024507463 | lecture: 0.839024507463 | agrees
//     slope by score 2: 0.005653302662 | lecture: 0.005653302662 | agrees
//     slope by score 3: -0.886450380640 | lecture: -0.886450380640 | agrees
// The slopes are the probabilities, with 1 taken from the right one: raise it, lower the others, most of all the one
// that was believed most. A Tensor does it in one call, CrossEntropy, and agrees to
// within 1e-12.
//
// pictures: pictures/04-seeing-slopes.html
