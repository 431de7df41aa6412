#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 45: The perceptron and the sigmoid neuron. A neuron that says yes or no, how it learns, what it cannot learn,
// and why its step was made smooth.
//
// What it is: a decision with weights and a threshold, which --threshold changes; Rosenblatt's rule of 1958 with its
// bound on mistakes; AND, OR, NAND, and why not XOR; then the same small change of a weight in a perceptron and in a
// sigmoid neuron, alone and in a network that tells the letters d and b apart. A few seconds.
using ChainRule;
using ChainRule.Classical;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Scalar;
using ChainRule.Zoo.Lectures;

var options = new LessonOptions(args);
double threshold = options.Number("--threshold", 5, "where the thresholded cost is reached");
if (!options.Ok()) return Lecture.Misused;
var page = new Page("The perceptron and the sigmoid neuron");

// Shall I eat this sweet? Three inputs of 0 or 1, each with a weight: how much it counts.
double[] weights = [2, 6, 2];
var decides = Perceptron.WithThreshold(weights, threshold);
var biased = new Perceptron(weights, -threshold);
Console.WriteLine($"""
    1. A perceptron weighs evidence. It fires, 1, where the weighted sum of its inputs reaches a threshold: Σ wⱼ xⱼ ≥
       {threshold}. A bias b = −threshold says the same: Σ wⱼ xⱼ + b ≥ 0. Shall I eat this sweet? Weights 2, 6 and 2.

       calories left   favourite   low in calories   weighted sum   threshold form   bias form
    """);
var rows = Enumerable.Range(0, 8).Select(i => new double[] { i >> 2, i >> 1 & 1, i & 1 }).ToArray();
double Sum(double[] x) => x.Zip(weights, (a, w) => a * w).Sum();
foreach (double[] x in rows)
    Console.WriteLine($"    {x[0],16}{x[1],12}{x[2],18}{Sum(x),15}{decides.Output(x),17}{biased.Output(x),12}");
Console.WriteLine($"    yes to {rows.Count(x => decides.Output(x) == 1)} of 8; the same as the second input: "
    + $"{rows.All(x => decides.Output(x) == x[1])}; both forms agree: "
    + $"{rows.All(x => decides.Output(x) == biased.Output(x))}");
Console.WriteLine("""
       Other thresholds, other decisions: --threshold changes it. How many sweets are eaten with each of these?
    """);
int[] thresholds = [.. Enumerable.Range(0, 12)], eaten = [.. thresholds.Select(t => rows.Count(x => Sum(x) >= t))];
string Line(int[] numbers) => string.Concat(numbers.Select(number => $"{number,4}"));
Console.WriteLine($"   threshold {Line(thresholds)}\n   eaten     {Line(eaten)}");
page.Add("The decision as a perceptron: three inputs, a weight for each, and a threshold.")
    .Add(Graph.FromDot($$"""
        digraph { rankdir=LR; node [shape=box, style=rounded]; p [shape=circle, label="Σ wⱼ xⱼ ≥ {{threshold}} ?"];
        x1 [label="x₁: calories left"]; x2 [label="x₂: favourite"]; x3 [label="x₃: low in calories"];
        x1 -> p [label="w₁ = 2"]; x2 -> p [label="w₂ = 6"]; x3 -> p [label="w₃ = 2"]; p -> y;
        y [label="1: eat it\n0: leave it"]; }
        """, "A perceptron", "Diagram of a perceptron: three inputs, their weights, the threshold, the output."))
    .Add("How many of the eight sweets are eaten, for each threshold: the lower it is, the easier the neuron fires.")
    .Add(Chart.Bar("Sweets that are eaten, by threshold", "threshold", "sweets",
        [.. thresholds.Select(t => ($"{t}", (double)eaten[t]))], new() { RuleY = 4 }))
    .Add("The bias moves the boundary. With the inputs x₂ and x₃ alone, the neuron fires above the line 6 x₂ + 2 x₃ + "
        + "b = 0; a larger bias moves the line down, past one corner after another.")
    .Add(Chart.Layer("Boundaries for five biases", Chart.Line("boundary", "x₂", "x₃", [.. new[] { -9, -7, -5, -3, -1 }
        .Select(b => new Series($"b = {b}", [(-b + 1.2) / 2, (-b - 7.2) / 2]) { X = [-0.2, 1.2] })],
        new() { XRange = (-0.2, 1.2), YRange = (-0.2, 1.2), Width = 380, Height = 340 }),
        Chart.Scatter("corners", "x₂", "x₃", [new("inputs", [0, 1, 0, 1]) { X = [0, 0, 1, 1], Hue = Hue.Grey }])));

Console.WriteLine("""

    2. Rosenblatt's rule: after a mistake, w ← w + (y − ŷ) x and b ← b + (y − ŷ). No order of the rows can lead to more
       mistakes than (R / γ)²: R is the length of the longest row, γ the distance of the nearest row from the line.

    """);
var pairs = Tensor.From(new double[,] { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } });
foreach (var (name, truth) in ((string, int[])[])[("AND", [0, 0, 0, 1]), ("OR", [0, 1, 1, 1]), ("NAND", [1, 1, 1, 0])])
{
    var fit = Perceptron.Fit(pairs, Ids.From(truth));
    Console.WriteLine($"    {name,-5} {fit.Perceptron}: {fit}");
}
Console.WriteLine($"    XOR   {Perceptron.Fit(pairs, Ids.From([0, 1, 1, 0]))}");
var (or, nand, and) = (new Perceptron([1, 1], -1), new Perceptron([-1, -1], 1.5), new Perceptron([1, 1], -1.5));
int Xor(double a, double b) => and.Output(or.Output(a, b), nand.Output(a, b));
Console.WriteLine($"    Two layers can: AND of OR and NAND gives {Xor(0, 0)}, {Xor(0, 1)}, {Xor(1, 0)}, {Xor(1, 1)}.");
page.Add("XOR. The middle of the two ones is the middle of the two zeros, and a point cannot lie on both sides of a "
    + "line.").Add(Chart.Scatter("XOR", "x₁", "x₂", [new("1", [0, 1]) { X = [1, 0] }, new("0", [0, 1]) { X = [0, 1] },
        new("the middle of both", [0.5]) { X = [0.5] }], new() { Width = 320, Height = 300 }));

Console.WriteLine("""

    3. A sigmoid neuron: σ(z) = 1 / (1 + e⁻ᶻ) in the place of the step. Its output is a probability, any input will do,
       such as 0.138, and far from z = 0 it is a perceptron.

    """);
foreach (double z in (double[])[-10, -1, 0, 0.138, 1, 2, 5, 10])
    Console.WriteLine($"    z = {z,6}   σ(z) = {new SigmoidNeuron([z], 0).Output(1):0.000000}   step "
        + $"{new Perceptron([z], 0).Output(1)}");
page.Add("The step and the sigmoid function; with larger weights σ comes to be the step.").Add(Chart.Line(
    "Step and sigmoid", "z", "output", [Series.Of("step", z => z >= 0 ? 1 : 0, -8, 8, 801), Series.Of("σ(z)", z =>
        1 / (1 + Math.Exp(-z)), -8, 8), Series.Of("σ(5 z)", z => 1 / (1 + Math.Exp(-5 * z)), -8, 8)],
    new() { RuleX = 0, RuleY = 0.5 }));

Console.WriteLine("""

    4. The same small change of a weight flips the one and moves the other smoothly, as far as the derivatives say:
       Δo ≈ Σ ∂o/∂wⱼ Δwⱼ + ∂o/∂b Δb. Both have weights 2 and 3 and a bias of −5; the inputs are 1 and 1, so z = 0.

          Δw₁      Δb   perceptron   sigmoid neuron       Δo   Σ ∂o/∂w Δw + ∂o/∂b Δb
    """);
double[] one = [1, 1];
var smooth = new SigmoidNeuron([2, 3], -5);
double[] derivatives = smooth.Derivatives(one);
foreach (var (dw, db) in ((double, double)[])[(0, 0), (0.01, 0), (-0.01, 0), (-0.1, 0.02), (-0.4, -0.1)])
{
    double moved = smooth.Changed(dw, 0, db).Output(one);
    Console.WriteLine($"    {dw,6:0.00}  {db,6:0.00}   {new Perceptron([2 + dw, 3], -5 + db).Output(one),10}   "
        + $"{moved,14:0.000000}  {moved - smooth.Output(one),7:0.0000}   "
        + $"{derivatives[0] * dw + derivatives[2] * db,7:0.0000}");
}

// The same neuron as an expression, with a panel on the page that moves a weight or the bias.
Value weight1 = new(2, "w₁"), weight2 = new(3, "w₂"), bias = new(-5, "b");
var output = (weight1 * 1 + weight2 * 1 + bias).Named("z").Sigmoid().Named("o");
output.Backward();
page.Add("A sigmoid neuron at work. Move a weight or the bias by a little: the output moves as its derivative says. "
    + "With a large move, it does not.").Add(Graph.WhatIf(output, "What if? o = σ(w₁ + w₂ + b)"));

// Letters of 5 × 7 pixels: the stem of b stands left of its bowl, that of d right of it.
string[] b = ["1....", "1....", "1.11.", "11..1", "1...1", "11..1", "1.11."];
double[] Draw(bool isD, TorchRandom rng)
{
    double[] noise = new double[35];
    rng.Uniform(noise, -0.35, 0.35);
    return [.. Enumerable.Range(0, 35).Select(i => noise[i] + (b[i / 5][isD ? 4 - i % 5 : i % 5] == '1' ? 1 : 0))];
}
var draws = new TorchRandom(7);
double[][] letters = [.. Enumerable.Range(0, 400).Select(i => Draw(i % 2 == 1, draws))];
Tensor X(int from, int to) => Tensor.From([.. letters[from..to].SelectMany(x => x)], [to - from, 35]);
Tensor Y(int count) => Tensor.From([.. Enumerable.Range(0, count).Select(i => (double)(i % 2))], [count, 1]);
var network = new Sequential(new Linear(35, 6, draws), new Sigmoid(), new Linear(6, 1, draws));
network.To(DType.Float64);
var sgd = new Sgd(network.Parameters(), 2.0);
for (int step = 0; step < 300; step++)
{
    using var scope = Scope.Begin();
    var loss = network.Forward(X(0, 200)).BinaryCrossEntropy(Y(200));
    sgd.ZeroGrad();
    loss.Backward();
    sgd.Step();
}
var (first, last) = ((Linear)network[0], (Linear)network[2]);
double[] w1 = first.Weight.ToArray<double>(), b1 = first.Bias!.Value.ToArray<double>(),
    w2 = last.Weight.ToArray<double>(), b2 = last.Bias!.Value.ToArray<double>();
// A layer of neurons: for each the weights of its inputs, and its bias.
static double[] Layer(double[] x, double[] w, bool steps) => [.. w.Chunk(x.Length + 1).Select(row =>
{
    double z = row[^1] + x.Zip(row, (a, b) => a * b).Sum();
    return steps ? z >= 0 ? 1 : 0 : 1 / (1 + Math.Exp(-z));
})];
double[] trained = [.. Enumerable.Range(0, 6).SelectMany(h => w1[(35 * h)..(35 * h + 35)].Append(b1[h]))];
double Right(bool steps) => Enumerable.Range(200, 200).Average(i =>
    Layer(Layer(letters[i], trained, steps), [.. w2, b2[0]], steps)[0] >= 0.5 == (i % 2 == 1) ? 1.0 : 0);
// Three layers of random weights, biased so as to fire half of the time; and two directions to move the first in.
double[][] random = [.. new[] { 20 * 36, 20 * 21, 21, 20 * 36, 20 * 36 }.Select(count =>
{
    double[] drawn = new double[count];
    draws.Normal(drawn);
    return drawn;
})];
foreach (double[] w in random[1..3])
    for (int i = 20; i < w.Length; i += 21) w[i] = -w[(i - 20)..i].Sum() / 2;
double Answer(double u, double v, bool steps) => Layer(Layer(Layer(letters[201], [.. random[0].Select((w, i) =>
    w + u * random[3][i] + v * random[4][i])], steps), random[1], steps), random[2], steps)[0];
Console.WriteLine($"""

    5. The letters b and d, 5 × 7 noisy pixels; six hidden neurons, trained by gradient descent, which needs σ: the step
       has a derivative of 0. Right on 200 letters it has not seen: {100 * Right(false):0.0} %, at a probability of 0.5.
       The same weights with steps in the place of σ: {100 * Right(true):0.0} %.
       Before training, the weights are random. Here a network of three layers is asked for one letter d, while the
       weights of its first layer are moved in one direction, a little at a time. With steps, the answer jumps to and
       fro, and between two jumps nothing says which way to go.

       change   with steps   with σ
    """);
double[] changes = [.. Enumerable.Range(-30, 61).Select(i => i / 20.0)];
double[] hard = [.. changes.Select(u => Answer(u, 0, true))], soft = [.. changes.Select(u => Answer(u, 0, false))];
for (int i = 0; i < changes.Length; i += 6) Console.WriteLine($"    {changes[i],8:0.0}{hard[i],12}{soft[i],11:0.0000}");
Console.WriteLine($"    The network of steps flips {hard.Zip(hard.Skip(1)).Count(p => p.First != p.Second)} times; "
    + $"σ moves by at most {soft.Zip(soft.Skip(1)).Max(p => Math.Abs(p.First - p.Second)):0.00} at a time.");
Raster Grid(string name, bool steps) => Raster.Map(name, Tensor.From([.. changes.SelectMany(v =>
    changes.Select(u => Answer(u, v, steps)))], [changes.Length, changes.Length]));
page.Add("The letters, and what each hidden neuron looks for.")
    .Images("b and d", [.. Enumerable.Range(0, 6).Select(i => Raster.Map(i % 2 == 0 ? "b" : "d",
        Tensor.From(letters[i], [7, 5])))])
    .Images("Weights of the hidden neurons", [.. Enumerable.Range(0, 6).Select(h => Raster.Signed($"neuron {h}",
        Tensor.From(w1[(35 * h)..(35 * h + 35)], [7, 5])))])
    .Add("The answer to one letter, while the weights of a random network move in one direction, and in two.")
    .Add(Chart.Line("One letter, while the weights move", "change", "output", [new("steps", hard) { X = changes },
        new("σ", soft) { X = changes }], new() { RuleY = 0.5 }))
    .Images("The answer by two changes, from 0 (dark) to 1", [Grid("steps", true), Grid("σ", false)])
    .Save("pictures/45-perceptron-and-sigmoid.html");
Console.WriteLine("\npictures: pictures/45-perceptron-and-sigmoid.html");
return 0;

// expected:
// 1. A perceptron weighs evidence. It fires, 1, where the weighted sum of its inputs reaches a threshold: Σ wⱼ xⱼ ≥
//    5. A bias b = −threshold says the same: Σ wⱼ xⱼ + b ≥ 0. Shall I eat this sweet? Weights 2, 6 and 2.
//
//    calories left   favourite   low in calories   weighted sum   threshold form   bias form
//                    0           0                 0              0                0           0
//                    0           0                 1              2                0           0
//                    0           1                 0              6                1           1
//                    0           1                 1              8                1           1
//                    1           0                 0              2                0           0
//                    1           0                 1              4                0           0
//                    1           1                 0              8                1           1
//                    1           1                 1             10                1           1
//     yes to 4 of 8; the same as the second input: True; both forms agree: True
//    Other thresholds, other decisions: --threshold changes it. How many sweets are eaten with each of these?
//    threshold    0   1   2   3   4   5   6   7   8   9  10  11
//    eaten        8   7   7   5   5   4   4   3   3   1   1   0
//
// 2. Rosenblatt's rule: after a mistake, w ← w + (y − ŷ) x and b ← b + (y − ŷ). No order of the rows can lead to more
//    mistakes than (R / γ)²: R is the length of the longest row, γ the distance of the nearest row from the line.
//
//     AND   perceptron: 1 if 2 x1 + 1 x2 ≥ 3: all rows are right after 11 mistakes in 6 passes (bound: 135)
//     OR    perceptron: 1 if 1 x1 + 1 x2 ≥ 1: all rows are right after 5 mistakes in 4 passes (bound: 27)
//     NAND  perceptron: 1 if -2 x1 + -1 x2 ≥ -2: all rows are right after 10 mistakes in 6 passes (bound: 135)
//     XOR   no line separates the classes: the point (0.5, 0.5) lies between rows 1, 2 of class 1, and also between rows 0, 3 of class 0, so it would be on both sides
//     Two layers can: AND of OR and NAND gives 0, 1, 1, 0.
//
// 3. A sigmoid neuron: σ(z) = 1 / (1 + e⁻ᶻ) in the place of the step. Its output is a probability, any input will do,
//    such as 0.138, and far from z = 0 it is a perceptron.
//
//     z =    -10   σ(z) = 0.000045   step 0
//     z =     -1   σ(z) = 0.268941   step 0
//     z =      0   σ(z) = 0.500000   step 1
//     z =  0.138   σ(z) = 0.534445   step 1
//     z =      1   σ(z) = 0.731059   step 1
//     z =      2   σ(z) = 0.880797   step 1
//     z =      5   σ(z) = 0.993307   step 1
//     z =     10   σ(z) = 0.999955   step 1
//
// 4. The same small change of a weight flips the one and moves the other smoothly, as far as the derivatives say:
//    Δo ≈ Σ ∂o/∂wⱼ Δwⱼ + ∂o/∂b Δb. Both have weights 2 and 3 and a bias of −5; the inputs are 1 and 1, so z = 0.
//
//       Δw₁      Δb   perceptron   sigmoid neuron       Δo   Σ ∂o/∂w Δw + ∂o/∂b Δb
//       0.00    0.00            1         0.500000   0.0000    0.0000
//       0.01    0.00            1         0.502500   0.0025    0.0025
//      -0.01    0.00            0         0.497500  -0.0025   -0.0025
//      -0.10    0.02            0         0.480011  -0.0200   -0.0200
//      -0.40   -0.10            0         0.377541  -0.1225   -0.1250
//
// 5. The letters b and d, 5 × 7 noisy pixels; six hidden neurons, trained by gradient descent, which needs σ: the step
//    has a derivative of 0. Right on 200 letters it has not seen: 100.0 %, at a probability of 0.5.
//    The same weights with steps in the place of σ: 100.0 %.
//    Before training, the weights are random. Here a network of three layers is asked for one letter d, while the
//    weights of its first layer are moved in one direction, a little at a time. With steps, the answer jumps to and
//    fro, and between two jumps nothing says which way to go.
//
//    change   with steps   with σ
//         -1.5           0     0.3737
//         -1.2           0     0.3593
//         -0.9           1     0.3478
//         -0.6           1     0.3748
//         -0.3           0     0.4191
//          0.0           1     0.4737
//          0.3           1     0.5403
//          0.6           0     0.4880
//          0.9           0     0.4149
//          1.2           0     0.3646
//          1.5           0     0.3199
//     The network of steps flips 4 times; σ moves by at most 0.02 at a time.
//
// pictures: pictures/45-perceptron-and-sigmoid.html
