#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 09: SimpleGradient. One layer, one example, and a descent whose every step can be foretold.
//
// The smallest program that learns: random inputs X, a matrix W of zeros, outputs Y = W·X, a random target, squared
// error. Nothing real is encoded in it; it is there to be watched. It follows the program SimpleGradient of NN_Basics,
// and because it is so small, algebra foretells its end to the last digit. Every run draws anew; `-- --seed 7` repeats
// a run, `--x-size 16 --y-size 10 --learning-rate 0.001 --steps 100` change it, `--all` prints all rows of W1.
using ChainRule;
using ChainRule.Diagnostics;
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Zoo.Lectures;

var options = new LessonOptions(args);
bool quick = options.Quick, all = options.Flag("--all", "prints all rows of W"),
    colour = !quick && !Console.IsOutputRedirected;
uint seed = options.Seed("--seed", quick ? 42 : (uint)Random.Shared.Next(100000));
int xSize = options.Integer("--x-size", 16, least: 2, most: 1000, "the size of the input"),
    ySize = options.Integer("--y-size", 10, least: 1, most: 1000, "the size of the output");
int iterations = options.Integer("--steps", 100, least: 1, most: 1_000_000, "how many steps are made");
double rate = options.Positive("--learning-rate", 0.001, "the learning rate");
if (!options.Ok()) return Lecture.Misused;

// A label in its colour, where the console shows colours.
string Label(string text, int ansi) => colour ? $"\u001b[{ansi}m{text,-28}\u001b[0m" : $"{text,-28}";
// A column in one line; a matrix row by row, or its first row.
void Show(string name, int ansi, Tensor t)
{
    if (t.Shape[1] == 1) t = t.Reshape(1, -1);
    for (int i = 0; i < (all ? t.Shape[0] : 1); i++)
    {
        double[] row = t.Select(0, i).ToArray<double>();
        // Ten fit a line; of more, eight stand on each.
        Console.WriteLine(Label(name + (t.Shape[0] > 1 ? $", row {i}" : ""), ansi) + string.Join($"\n{"",28}",
            row.Chunk(row.Length > 10 ? 8 : 10).Select(part => string.Concat(part.Select(x => $"{Short(x),9}")))));
    }
}
static string Short(double x) => Math.Abs(x) < 1e5 ? $"{x:F2}" : $"{x:0.0e+0}";
static string Said(double x) => Math.Abs(x) is >= 1e-7 and < 1e5 ? $"{x:F7}" : $"{x:0.0e+0}";
static string Power(double x, int n) => x < 0 ? $"({x:F3})^{n}" : $"{x:F3}^{n}";

Console.WriteLine($"""
    1. The task (seed {seed}; --seed {seed} repeats it): make W·X hit a target.

    X is drawn between −100 and 100, then shifted and scaled to mean 0 and standard deviation 1, so that its squares add
    up to its size, {xSize}. The target is drawn between −100 and 100 and stays as it is. W begins with zeros, and so
    does Y: the first loss is the sum of the target's squares.
    """);
var random = new NumpyRandom(seed);
var (drawn, aim) = (new double[xSize], new double[ySize]);
random.Uniform(drawn, -100, 100);
random.Uniform(aim, -100, 100);
double mean = drawn.Average(), deviation = Math.Sqrt(drawn.Average(value => (value - mean) * (value - mean)));
Tensor x = Tensor.From([.. drawn.Select(value => (value - mean) / deviation)], [xSize, 1]),
    target = Tensor.From(aim, [ySize, 1]);
var w = Tensor.Zeros([ySize, xSize], DType.Float64).RequireGrad();
double normX = x.Square().Sum().Item(), first = target.Square().Sum().Item();

var (losses, outputs, weights) = (new List<double>(), new List<double[]>(), new List<double[]>());
for (int k = 0; k < iterations; k++)
{
    var y = w.MatMul(x);
    var loss = (y - target).Square().Sum();
    // Backward, by formula: Y moves the loss by 2 (Y − target), and W moves Y by X.
    var dy = 2 * (y.Detach() - target);
    var dw = dy.MatMul(x, transposeB: true);
    if (k % 25 == 0)
    {
        Console.WriteLine($"iteration {k}");
        foreach (var (name, ansi, values) in new[]
            { ("  X", 36, x), ("  W1", 33, w), ("  Output = W1·X", 32, y), ("  Target", 35, target),
            ("  Loss = Σ(Y − T)²", 31, loss.Detach().Reshape(1, 1)), ("  dL/dY = 2(Y − T)", 34, dy),
            ("  dL/dW1 = dL/dY ⊗ X", 34, dw) }) Show(name, ansi, values);
    }
    losses.Add(loss.Item());
    outputs.Add(y.ToArray<double>());
    weights.Add(w.ToArray<double>());
    if (k == iterations - 1) break;
    w.AddInPlace(dw, -rate);   // against the gradient
}

var check = GradCheck.Run("SimpleGradient", () => (w.MatMul(x) - target).Square().Sum(), [new("W1", w)]);
w.ZeroGrad();
(w.MatMul(x) - target).Square().Sum().Backward();
double apart = (w.Grad - (2 * (w.MatMul(x).Detach() - target)).MatMul(x, transposeB: true)).Abs().Max().Item();
double factor = 1 - 2 * rate * normX, errorLeft = Math.Pow(factor, iterations - 1);
int falls = losses.Zip(losses.Skip(1), (now, next) => next < now).Count(fell => fell);
string ofTheLoss = $"of the loss   {Power(factor, 2 * (iterations - 1))} = {Said(errorLeft * errorLeft)}";
Console.WriteLine($"""

    2. Is the gradient right? Nudging all {check.Numbers} weights agrees: {(check.Passed ? "yes" : "NO")}.
    Backward agrees to the last digits: {(apart < 1e-9 ? "yes" : "NO")}.
    The loss fell in {falls} of {losses.Count - 1} updates, from {Short(losses[0])} to {Short(losses[^1])}.

    3. The end, foretold. An update moves W by −learning rate · 2(Y − T) ⊗ X, and so Y = W·X by −learning
    rate · 2(Y − T) · ‖X‖². With ‖X‖² = {normX:F0}, what is missing to the target is multiplied in every update by the
    same factor, 1 − 2 · {rate} · {normX:F0} = {factor:F3}, for every output alike: it {(Math.Abs(factor) < 1
        ? "shrinks" : "GROWS")}. After {iterations - 1} updates
    there is left
        of the error   {Power(factor, iterations - 1)}  = {Said(errorLeft)}      {ofTheLoss}
    """);
if ((xSize, rate, iterations) == (16, 0.001, 100))
{
    double reached = outputs[^1][0] / aim[0];
    Lecture.Compare("    error factor of an update", "0.968", (outputs[2][0] - aim[0]) / (outputs[1][0] - aim[0]));
    Lecture.Compare("    last output / target", "0.9600368", reached);
    Lecture.Compare("    last loss / first loss", "0.0015971", losses[^1] / first);
    Lecture.Compare("    NN_Basics, README: the output aimed at −74.03 reaches", "-71.07", -74.03 * reached);
    Lecture.Compare("    NN_Basics, README: the output aimed at 8.51 reaches", "8.17", 8.51 * reached);
}
Console.WriteLine($"""

    So the right learning rate can be foretold too: above 1/‖X‖² = {1 / normX:F4} the factor passes −1, every update
    overshoots by more than it mends, and the loss explodes. Three learning rates, and what {iterations - 1} updates
    leave of the loss:
        learning rate    factor     is left of the loss
    """);
foreach (double r in new[] { 0.1, 0.001, 0.00001 })
{
    double left = Math.Pow(1 - 2 * r * normX, 2 * (iterations - 1));
    string verdict = left > 1 ? $"{left:0.0e+0} times as much: it explodes"
        : $"{100 * left:F2} %{(left > 0.5 ? ": it hardly moves" : "")}";
    Console.WriteLine($"    {r,-16:0.#####}{1 - 2 * r * normX,7:F4}     {verdict}");
}
Console.WriteLine("""

    4. A large language model is trained by this very loop. Lesson 27 has one; side by side:
        Y = W·X                                    logits = model.Forward(tokens)
        loss = Σ(Y − T)²                           loss = logits.CrossEntropy(next tokens)
        dW = 2(Y − T) ⊗ X                          loss.Backward()
        W ← W − learning rate · dW                 optimizer.Step()

    More layers, another loss, a cleverer step, millions of examples: but forward, loss, backward, step, and again.
    """);
Series[] Lines(List<double[]> history, Func<int, string> name, Func<int, string>? group = null) =>
    [.. history[0].Select((_, i) => new Series(name(i), [.. history.Select(at => at[i])])
        { Group = group?.Invoke(i) })];
new Page("SimpleGradient").Add("One layer learns one example.").Add(Chart.Grid("SimpleGradient", 2,
    Chart.Bar("Target Outputs", "output", "target", [.. aim.Select((value, i) => ($"[{i}] {value:F2}", value))]),
    Chart.Line("Outputs over Iterations", "iteration", "output", Lines(outputs, i => $"[{i}] {outputs[^1][i]:F2}"),
        new() { EndValues = true, Legend = "Final Outputs" }),
    Chart.Line("Loss over Iterations", "iteration", "loss", [new Series($"{rate}", losses) { Hue = Hue.Red }],
        new ChartOptions { EndValues = true, Legend = "learning rate" }),
    Chart.Line("Weights over Iterations", "iteration", "weight",
        Lines(weights, i => $"[{i / xSize},{i % xSize}]", i => $"[{i / xSize},·]"),
        new() { Legend = "[row, column]" })))
    .Add(Formula.Derivation("The gradient of one layer", (@"Y = W X", "forward"),
        (@"L = \sum_i (Y_i - T_i)^2", "squared error"),
        (@"\frac{\partial L}{\partial Y_i} = 2 (Y_i - T_i)", "u² has the derivative 2u"),
        (@"\frac{\partial Y_i}{\partial W_{ij}} = X_j", "a product has the other factor"),
        (@"\frac{\partial L}{\partial W_{ij}} = 2 (Y_i - T_i) X_j", "the chain rule")))
    .Save("pictures/09-simple-gradient.html");
Console.WriteLine("\npictures: pictures/09-simple-gradient.html");
return 0;

// expected:
// 1. The task (seed 42; --seed 42 repeats it): make W·X hit a target.
//
// X is drawn between −100 and 100, then shifted and scaled to mean 0 and standard deviation 1, so that its squares add
// up to its size, 16. The target is drawn between −100 and 100 and stays as it is. W begins with zeros, and so
// does Y: the first loss is the sum of the target's squares.
// iteration 0
//   X                             -0.31     1.44     0.78     0.37    -0.97    -0.97    -1.27     1.19
//                                  0.38     0.71    -1.38     1.50     1.08    -0.80    -0.89    -0.89
//   W1, row 0                      0.00     0.00     0.00     0.00     0.00     0.00     0.00     0.00
//                                  0.00     0.00     0.00     0.00     0.00     0.00     0.00     0.00
//   Output = W1·X                  0.00     0.00     0.00     0.00     0.00     0.00     0.00     0.00     0.00     0.00
//   Target                       -39.15     4.95   -13.61   -41.75    22.37   -72.10   -41.57   -26.73    -8.79    57.04
//   Loss = Σ(Y − T)²           14957.79
//   dL/dY = 2(Y − T)              78.30    -9.90    27.22    83.51   -44.74   144.20    83.14    53.46    17.57  -114.07
//   dL/dW1 = dL/dY ⊗ X, row 0    -23.90   113.01    61.04    29.36   -75.82   -75.83   -99.09    92.92
//                                 29.94    55.35  -108.01   117.57    84.91   -62.44   -69.69   -69.32
// iteration 25
//   X                             -0.31     1.44     0.78     0.37    -0.97    -0.97    -1.27     1.19
//                                  0.38     0.71    -1.38     1.50     1.08    -0.80    -0.89    -0.89
//   W1, row 0                      0.42    -1.97    -1.06    -0.51     1.32     1.32     1.72    -1.62
//                                 -0.52    -0.96     1.88    -2.04    -1.48     1.09     1.21     1.21
//   Output = W1·X                -21.79     2.76    -7.57   -23.24    12.45   -40.13   -23.13   -14.87    -4.89    31.74
//   Target                       -39.15     4.95   -13.61   -41.75    22.37   -72.10   -41.57   -26.73    -8.79    57.04
//   Loss = Σ(Y − T)²            2941.95
//   dL/dY = 2(Y − T)              34.73    -4.39    12.07    37.04   -19.84    63.95    36.87    23.71     7.79   -50.59
//   dL/dW1 = dL/dY ⊗ X, row 0    -10.60    50.12    27.07    13.02   -33.63   -33.63   -43.95    41.21
//                                 13.28    24.55   -47.90    52.14    37.66   -27.69   -30.91   -30.74
// iteration 50
//   X                             -0.31     1.44     0.78     0.37    -0.97    -0.97    -1.27     1.19
//                                  0.38     0.71    -1.38     1.50     1.08    -0.80    -0.89    -0.89
//   W1, row 0                      0.60    -2.84    -1.53    -0.74     1.90     1.90     2.49    -2.33
//                                 -0.75    -1.39     2.71    -2.95    -2.13     1.57     1.75     1.74
//   Output = W1·X                -31.45     3.98   -10.93   -33.54    17.97   -57.92   -33.39   -21.47    -7.06    45.82
//   Target                       -39.15     4.95   -13.61   -41.75    22.37   -72.10   -41.57   -26.73    -8.79    57.04
//   Loss = Σ(Y − T)²             578.63
//   dL/dY = 2(Y − T)              15.40    -1.95     5.35    16.42    -8.80    28.36    16.35    10.51     3.46   -22.44
//   dL/dW1 = dL/dY ⊗ X, row 0     -4.70    22.23    12.01     5.77   -14.91   -14.91   -19.49    18.28
//                                  5.89    10.89   -21.24    23.12    16.70   -12.28   -13.71   -13.63
// iteration 75
//   X                             -0.31     1.44     0.78     0.37    -0.97    -0.97    -1.27     1.19
//                                  0.38     0.71    -1.38     1.50     1.08    -0.80    -0.89    -0.89
//   W1, row 0                      0.68    -3.22    -1.74    -0.84     2.16     2.16     2.83    -2.65
//                                 -0.85    -1.58     3.08    -3.35    -2.42     1.78     1.99     1.98
//   Output = W1·X                -35.74     4.52   -12.42   -38.11    20.42   -65.81   -37.94   -24.40    -8.02    52.06
//   Target                       -39.15     4.95   -13.61   -41.75    22.37   -72.10   -41.57   -26.73    -8.79    57.04
//   Loss = Σ(Y − T)²             113.81
//   dL/dY = 2(Y − T)               6.83    -0.86     2.37     7.28    -3.90    12.58     7.25     4.66     1.53    -9.95
//   dL/dW1 = dL/dY ⊗ X, row 0     -2.08     9.86     5.32     2.56    -6.61    -6.61    -8.64     8.11
//                                  2.61     4.83    -9.42    10.26     7.41    -5.45    -6.08    -6.05
//
// 2. Is the gradient right? Nudging all 160 weights agrees: yes.
// Backward agrees to the last digits: yes.
// The loss fell in 99 of 99 updates, from 14957.79 to 23.89.
//
// 3. The end, foretold. An update moves W by −learning rate · 2(Y − T) ⊗ X, and so Y = W·X by −learning
// rate · 2(Y − T) · ‖X‖². With ‖X‖² = 16, what is missing to the target is multiplied in every update by the
// same factor, 1 − 2 · 0.001 · 16 = 0.968, for every output alike: it shrinks. After 99 updates
// there is left
//     of the error   0.968^99  = 0.0399632      of the loss   0.968^198 = 0.0015971
//     error factor of an update: 0.968 | lecture: 0.968 | agrees
//     last output / target: 0.9600368 | lecture: 0.9600368 | agrees
//     last loss / first loss: 0.0015971 | lecture: 0.0015971 | agrees
//     NN_Basics, README: the output aimed at −74.03 reaches: -71.07 | lecture: -71.07 | agrees
//     NN_Basics, README: the output aimed at 8.51 reaches: 8.17 | lecture: 8.17 | agrees
//
// So the right learning rate can be foretold too: above 1/‖X‖² = 0.0625 the factor passes −1, every update
// overshoots by more than it mends, and the loss explodes. Three learning rates, and what 99 updates
// leave of the loss:
//     learning rate    factor     is left of the loss
//     0.1             -2.2000     6.3e+67 times as much: it explodes
//     0.001            0.9680     0.16 %
//     0.00001          0.9997     93.86 %: it hardly moves
//
// 4. A large language model is trained by this very loop. Lesson 27 has one; side by side:
//     Y = W·X                                    logits = model.Forward(tokens)
//     loss = Σ(Y − T)²                           loss = logits.CrossEntropy(next tokens)
//     dW = 2(Y − T) ⊗ X                          loss.Backward()
//     W ← W − learning rate · dW                 optimizer.Step()
//
// More layers, another loss, a cleverer step, millions of examples: but forward, loss, backward, step, and again.
//
// pictures: pictures/09-simple-gradient.html
