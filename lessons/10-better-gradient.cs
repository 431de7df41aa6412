#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 10: BetterGradient. Two layers, ReLU and softmax: the chain rule through a whole classifier, every
// partial with its formula.
//
// To the one layer of lesson 09 come a hidden layer with ReLU, and softmax with cross-entropy, on one example. It
// follows BetterGradient of NN_Basics. Every run draws anew; `-- --seed 7` repeats a run, and `--all` prints whole
// matrices, not their first rows. Some seconds, for sixty runs.
using ChainRule;
using ChainRule.Diagnostics;
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Zoo.Lectures;
// Tiny keeps the logarithm away from 0
const int Inputs = 16, Hidden = 10, Classes = 10, Iterations = 500; const double Rate = 0.01, Tiny = 1e-12;
var options = new LessonOptions(args);
uint seed = options.Seed("--seed", options.Quick ? 12 : (uint)Random.Shared.Next(100000));
bool all = options.Flag("--all", "prints all rows");
if (!options.Ok()) return Lecture.Misused;
// Ten numbers fit a line; of more, eight stand on each.
static string Row(Tensor t) => string.Join("\n    ", t.ToArray<double>().Chunk(t.Count > 10 ? 8 : 10)
    .Select(part => string.Concat(part.Select(number => $"{Math.Round(number, 4) + 0.0,9:F4}"))));
string Rows(Tensor t) =>
    t.Shape[1] == 1 ? Row(t)
        : string.Join("\n    ", Enumerable.Range(0, all ? t.Shape[0] : 1).Select(i => Row(t.Select(0, i))))
            + (all ? "" : " …");
// Forward, in five lines: Z1 = W1·X, A1 = relu(Z1), Z2 = W2·A1, Y = softmax(Z2), L = −Σ T·ln Y.
static Tensor LossOfY(Tensor y, Tensor t) => -(t * (y + Tiny).Log()).Sum();
static Tensor LossOfZ2(Tensor z2, Tensor t) => LossOfY(z2.Softmax(0), t);
static Tensor LossOfA1(Tensor a1, Tensor w2, Tensor t) => LossOfZ2(w2.MatMul(a1), t);
static Tensor LossOfZ1(Tensor z1, Tensor w2, Tensor t) => LossOfA1(z1.Relu(), w2, t);
static (Tensor X, Tensor T, Tensor W1, Tensor W2, int Target) Draw(uint seed)
{
    var random = new NumpyRandom(seed);
    var (x, w1, w2) = (new double[Inputs], new double[Hidden * Inputs], new double[Classes * Hidden]);
    random.Uniform(x, -100, 100);
    random.Normal(w1, 0, 0.01);
    random.Normal(w2, 0, 0.01);
    int target = random.RandInt(0, Classes);
    var drawn = Tensor.From(x, [Inputs, 1]);
    return ((drawn - drawn.Mean()) / drawn.Std(unbiased: false),
        Tensor.OneHot(Ids.From(target), Classes, DType.Float64).Reshape(Classes, 1),
        Tensor.From(w1, [Hidden, Inputs]), Tensor.From(w2, [Classes, Hidden]), target);
}
// Each iteration is shown to whoever looks, before its update.
static (List<double> Losses, List<double[]> Outputs, List<double[]> Hidden1, List<double[]> Weights1,
    List<double[]> Weights2) Train(uint seed)
{
    var (x, t, w1, w2, _) = Draw(seed);
    var (losses, outputs, hidden, weights1, weights2) =
        (new List<double>(), new List<double[]>(), new List<double[]>(), new List<double[]>(), new List<double[]>());
    for (int k = 0; k < Iterations; k++)
    {
        Tensor z1 = w1.MatMul(x), a1 = z1.Relu(), y = w2.MatMul(a1).Softmax(0);
        losses.Add(LossOfY(y, t).Item());
        outputs.Add(y.ToArray<double>());
        hidden.Add(a1.ToArray<double>());
        weights1.Add(w1.ToArray<double>());
        weights2.Add(w2.ToArray<double>());
        Tensor dz2 = y - t, dw2 = dz2.MatMul(a1, transposeB: true),
            dz1 = w2.MatMul(dz2, transposeA: true) * z1.Greater(0), dw1 = dz1.MatMul(x, transposeB: true);
        w1.AddInPlace(dw1, -Rate);
        w2.AddInPlace(dw2, -Rate);
    }
    return (losses, outputs, hidden, weights1, weights2);
}
var (x, t, w1, w2, target) = Draw(seed);
Tensor z1 = w1.MatMul(x), a1 = z1.Relu(), z2 = w2.MatMul(a1), y = z2.Softmax(0);
Console.WriteLine($"""
    1. Forward (seed {seed}; --seed {seed} repeats it). The target is class {target}: a one-hot column, 1 there and 0
    elsewhere.
    Z1 = W1·X    {Row(z1)}
    A1 = relu Z1 {Row(a1)}
    Z2 = W2·A1   {Row(z2)}
    Y = softmax  {Row(y)}
    L = −Σ T·ln Y = {LossOfY(y, t).Item():F4}

    All classes have about the same probability, since all weights are small, and the loss is nearly
    −ln(1/10) = {Math.Log(10):F6}: the expected initial loss.

    2. Backward, from right to left: each partial is the one before it times one local derivative. The check nudges
    every number of that place to both sides.
    """);
Tensor dy = -t / (y + Tiny), dz2 = y - t, dw2 = dz2.MatMul(a1, transposeB: true);
Tensor da1 = w2.MatMul(dz2, transposeA: true), dz1 = da1 * z1.Greater(0), dw1 = dz1.MatMul(x, transposeB: true);
void Show(string name, string formula, Tensor ours, Tensor place, Func<Tensor, Tensor> loss)
{
    var leaf = place.Clone().RequireGrad();
    bool passed = GradCheck.Run(name, () => loss(leaf), [new(name, leaf)]).Passed;
    leaf.ZeroGrad();
    loss(leaf).Backward();
    bool same = (leaf.Grad - ours).Abs().Max().Item() < 1e-9 * (1 + ours.Abs().Max().Item());
    Console.WriteLine(
        $"    {name,-7} = {formula,-28} {ours.Shape,-9} {(passed && same ? "checked" : "WRONG")}\n    {Rows(ours)}");
}
// A partial of many numbers by many: every input is nudged by itself, and every output looked at.
void ShowLocal(string name, string formula, Tensor ours, Tensor at, Func<Tensor, Tensor> f, Tensor? row = null)
{
    Tensor Nudge(int j, double h) =>
        f(at + h * Tensor.OneHot(Ids.From(j), at.Count, DType.Float64).Reshape(at.Count, 1));
    bool same = Enumerable.Range(0, at.Count)
        .All(j => ((Nudge(j, 1e-6) - Nudge(j, -1e-6)) / 2e-6 - ours.Slice(1, j, j + 1)).Abs().Max().Item() < 1e-7);
    Console.WriteLine($"    {name,-7} = {formula,-28} {ours.Shape,-9} {(same ? "checked" : "WRONG")}\n    "
        + $"{(all ? Rows(ours) : Rows(row ?? ours))}");
}
Show("dL/dY", "−T / Y", dy, y, v => LossOfY(v, t));
Show("dL/dZ2", "Y − T", dz2, z2, v => LossOfZ2(v, t));
Show("dL/dW2", "(Y − T) ⊗ A1", dw2, w2, v => LossOfZ2(v.MatMul(a1), t));
ShowLocal("dZ2/dA1", "W2, the other factor", w2, a1, v => w2.MatMul(v));
Show("dL/dA1", "W2ᵀ · dL/dZ2", da1, a1, v => LossOfA1(v, w2, t));
var eye = Tensor.OneHot(Ids.From([.. Enumerable.Range(0, Hidden)]), Hidden, DType.Float64);
ShowLocal("dA1/dZ1", "1 where Z1 > 0, on a diagonal", eye * z1.Greater(0), z1, v => v.Relu(), z1.Greater(0));
Show("dL/dZ1", "dL/dA1 · dA1/dZ1", dz1, z1, v => LossOfZ1(v, w2, t));
Show("dL/dW1", "dL/dZ1 ⊗ X", dw1, w1, v => LossOfZ1(v.MatMul(x), w2, t));
Console.WriteLine("""
    Mind the first two, which are often mixed up: by Y the derivative is −T / Y; Y − T is the derivative by Z2, before
    the softmax. Lesson 11 looks at what lies between.

    3. Training: 500 times forward, backward, W ← W − 0.01 · dL/dW.
        iteration       loss    Y[target]
    """);
var run = Train(seed);
foreach (int k in new[] { 0, 50, 100, 125, 499 })
    Console.WriteLine($"    {k,9}{run.Losses[k],15:F4}{run.Outputs[k][target],13:F4}");
Console.WriteLine($"""

    First nothing seems to happen: each layer's gradient has the other layer's weights in it, and those are small. They
    grow together, faster and faster, and then the class is learnt within some dozen steps: an S.

    4. Sixty runs, seeds 0 to 59:
    """);
var runs = Enumerable.Range(0, 60).Select(s => Train((uint)s)).ToList();
double[] firsts = [.. runs.Select(r => r.Losses[0])], lasts = [.. runs.Select(r => r.Losses[^1]).Order()];
int[] risen = [.. runs.Select(r => r.Losses.FindIndex(l => l < 1)).Order()];
bool Dies(uint seed) => Draw(seed) is var d && d.W1.MatMul(d.X).Max().Item() <= 0;
uint deadSeed = (uint)Enumerable.Range(0, int.MaxValue).First(s => Dies((uint)s));
var dead = Train(deadSeed);
double moved = dead.Weights1[0].Zip(dead.Weights1[^1], (from, to) => Math.Abs(to - from)).Max();
double median = (lasts[29] + lasts[30]) / 2;
Console.WriteLine($"""
        first loss      {firsts.Min():F4} to {firsts.Max():F4}
        last loss       {median:F4} in the median, {lasts[^1]:F4} at worst (the figure in the README of NN_Basics ends
                        near 0.005)
        below 1 after   {risen[0]} iterations at the earliest, {risen[30]} in the median

    Not every draw ends well. A ReLU whose sum is below 0 is inactive, and in about one draw of 2¹⁰ = 1,024 all ten are;
    seed {deadSeed} is the first. Trained, it begins with a loss of {dead.Losses[0]:F4} and ends with
    {dead.Losses[^1]:F4}; its first layer has moved by {moved}. These ReLUs are dead: nothing comes through forward, so
    nothing comes back, and no weight ever moves. LeakyReLU, which lets a hundredth through, does not die like this.
    """);
// The weights of one neuron share a colour; the target's class is drawn wide, and red.
Series[] Lines(List<double[]> history, Func<int, string> name, Func<int, string>? group = null) =>
    [.. history[0].Select((_, i) => new Series(name(i), [.. history.Select(h => h[i])]) { Group = group?.Invoke(i) })];
Series[] classes = Lines(run.Outputs, i => $"class {i}");
classes[target] = classes[target] with { Name = $"class {target}, the target", Bold = true, Hue = Hue.Red };
var byRow = new ChartOptions { Legend = "[row, column]" };
double[,] strip = new double[1, Classes];
strip[0, target] = 1;
new Page("BetterGradient").Add("Gradient descent on one example through two layers.")
    .Add(Chart.Grid("Gradient Descent Visualization", 2,
    Chart.Line("W1 Weights Trajectory", "iteration", "weight",
        Lines(run.Weights1, i => $"[{i / Inputs},{i % Inputs}]", i => $"[{i / Inputs},·]"), byRow),
    Chart.Line("W2 Weights Trajectory", "iteration", "weight",
        Lines(run.Weights2, i => $"[{i / Hidden},{i % Hidden}]", i => $"[{i / Hidden},·]"), byRow),
    Chart.Line("Outputs over Iterations", "iteration", "probability", classes),
    Chart.Line("Loss over Iterations", "iteration", "loss", [new Series($"{Rate}", run.Losses) { Hue = Hue.Red }],
        new ChartOptions { EndValues = true, Legend = "learning rate" }),
    Chart.Line("Hidden activations A1", "iteration", "activation", Lines(run.Hidden1, i => $"neuron {i}"),
        new ChartOptions { EndNames = true }),
    Chart.HeatMap("Target Distribution", "class", "", strip, [""],
        [.. Enumerable.Range(0, Classes).Select(i => $"[{i}]")])))
    .Add(Formula.Derivation("Through two layers",
        (@"L = -\sum_i T_i \ln Y_i,\; Y = \mathrm{softmax}(Z_2)", "cross-entropy"), (@"\frac{\partial L}{\partial Z_2} "
            + @"= Y - T", "not by Y: by the scores"),
            (@"\frac{\partial L}{\partial W_2} = (Y - T)\, A_1^\top", "the other factor"),
        (@"\frac{\partial L}{\partial Z_1} = W_2^\top (Y - T) \odot [Z_1 > 0]", "through ReLU"),
        (@"\frac{\partial L}{\partial W_1} = \frac{\partial L}{\partial Z_1}\, X^\top", "the chain rule")))
    .Save("pictures/10-better-gradient.html");
Console.WriteLine("\npictures: pictures/10-better-gradient.html");
return 0;

// expected:
// 1. Forward (seed 12; --seed 12 repeats it). The target is class 5: a one-hot column, 1 there and 0
// elsewhere.
// Z1 = W1·X       0.0520   0.0080  -0.0890  -0.0312   0.0157   0.0426  -0.0091   0.0325  -0.0436  -0.0131
// A1 = relu Z1    0.0520   0.0080   0.0000   0.0000   0.0157   0.0426   0.0000   0.0325   0.0000   0.0000
// Z2 = W2·A1     -0.0005  -0.0008  -0.0010  -0.0013   0.0004  -0.0005   0.0004  -0.0008  -0.0012   0.0001
// Y = softmax     0.1000   0.1000   0.0999   0.0999   0.1001   0.1000   0.1001   0.1000   0.0999   0.1001
// L = −Σ T·ln Y = 2.3025
//
// All classes have about the same probability, since all weights are small, and the loss is nearly
// −ln(1/10) = 2.302585: the expected initial loss.
//
// 2. Backward, from right to left: each partial is the one before it times one local derivative. The check nudges
// every number of that place to both sides.
//     dL/dY   = −T / Y                       [10, 1]   checked
//        0.0000   0.0000   0.0000   0.0000   0.0000  -9.9993   0.0000   0.0000   0.0000   0.0000
//     dL/dZ2  = Y − T                        [10, 1]   checked
//        0.1000   0.1000   0.0999   0.0999   0.1001  -0.9000   0.1001   0.1000   0.0999   0.1001
//     dL/dW2  = (Y − T) ⊗ A1                 [10, 10]  checked
//        0.0052   0.0008   0.0000   0.0000   0.0016   0.0043   0.0000   0.0033   0.0000   0.0000 …
//     dZ2/dA1 = W2, the other factor         [10, 10]  checked
//       -0.0088   0.0035  -0.0180   0.0041  -0.0029   0.0073  -0.0013  -0.0109   0.0020  -0.0035 …
//     dL/dA1  = W2ᵀ · dL/dZ2                 [10, 1]   checked
//       -0.0023  -0.0003  -0.0008   0.0119  -0.0059   0.0080  -0.0141  -0.0060   0.0069   0.0075
//     dA1/dZ1 = 1 where Z1 > 0, on a diagonal [10, 10]  checked
//        1.0000   1.0000   0.0000   0.0000   1.0000   1.0000   0.0000   1.0000   0.0000   0.0000
//     dL/dZ1  = dL/dA1 · dA1/dZ1             [10, 1]   checked
//       -0.0023  -0.0003   0.0000   0.0000  -0.0059   0.0080   0.0000  -0.0060   0.0000   0.0000
//     dL/dW1  = dL/dZ1 ⊗ X                   [10, 16]  checked
//        0.0022  -0.0016   0.0015  -0.0003   0.0032  -0.0028  -0.0027   0.0030
//       -0.0031   0.0023   0.0014  -0.0008  -0.0030  -0.0024   0.0032  -0.0002 …
// Mind the first two, which are often mixed up: by Y the derivative is −T / Y; Y − T is the derivative by Z2, before
// the softmax. Lesson 11 looks at what lies between.
//
// 3. Training: 500 times forward, backward, W ← W − 0.01 · dL/dW.
//     iteration       loss    Y[target]
//             0         2.3025       0.1000
//            50         2.2806       0.1022
//           100         1.5307       0.2164
//           125         0.3677       0.6923
//           499         0.0050       0.9950
//
// First nothing seems to happen: each layer's gradient has the other layer's weights in it, and those are small. They
// grow together, faster and faster, and then the class is learnt within some dozen steps: an S.
//
// 4. Sixty runs, seeds 0 to 59:
//     first loss      2.3009 to 2.3051
//     last loss       0.0050 in the median, 0.0058 at worst (the figure in the README of NN_Basics ends
//                     near 0.005)
//     below 1 after   91 iterations at the earliest, 109 in the median
//
// Not every draw ends well. A ReLU whose sum is below 0 is inactive, and in about one draw of 2¹⁰ = 1,024 all ten are;
// seed 3815 is the first. Trained, it begins with a loss of 2.3026 and ends with
// 2.3026; its first layer has moved by 0. These ReLUs are dead: nothing comes through forward, so
// nothing comes back, and no weight ever moves. LeakyReLU, which lets a hundredth through, does not die like this.
//
// pictures: pictures/10-better-gradient.html
