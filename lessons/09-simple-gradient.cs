#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 09: SimpleGradient. One layer, one example, and a descent whose every step can be foretold.
//
// The smallest program that learns: random inputs X, a matrix W of zeros, outputs Y = W·X, a random target, squared error. Nothing real is encoded in
// it; it is there to be watched. It follows the program SimpleGradient of NN_Basics, and because it is so small, algebra foretells its end to the last
// digit. Every run draws anew; `-- --seed 7` repeats a run, and `--x-size 16 --y-size 10 --rate 0.001 --steps 100` change it. Two seconds.
using ChainRule;
using ChainRule.Diagnostics;
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Zoo.Lectures;

var options = new LessonOptions(args);
bool quick = options.Quick, colour = !quick && !Console.IsOutputRedirected;
uint seed = options.Seed("--seed", quick ? 42 : (uint)Random.Shared.Next(100000));
int xSize = options.Integer("--x-size", 16, least: 2, most: 1000), ySize = options.Integer("--y-size", 10, least: 1, most: 1000);
int iterations = options.Integer("--steps", 100, least: 1, most: 1_000_000); double rate = options.Positive("--rate", 0.001);
if (!options.Ok()) return Lecture.Misused;

// A label in its colour, where the console shows colours.
string Label(string text, int ansi) => colour ? $"\u001b[{ansi}m{text,-24}\u001b[0m" : $"{text,-24}";
string Row(Tensor t) => string.Concat(t.ToArray<double>().Take(9).Select(number => $"{number,9:F3}")) + (t.Count > 9 ? " …" : "");

Console.WriteLine($"""
    1. The task (seed {seed}; --seed {seed} repeats it): make W·X hit a target.

    X is drawn between −100 and 100, then shifted and stretched to mean 0 and standard deviation 1, so that its squares add up to its size, {xSize}.
    The target is drawn between −100 and 100 and stays as it is. W begins with zeros, and so does Y: the first loss is the sum of the target's squares.

    """);
var random = new NumpyRandom(seed);
var (drawn, aim) = (new double[xSize], new double[ySize]);
random.Uniform(drawn, -100, 100);
random.Uniform(aim, -100, 100);
double mean = drawn.Average(), deviation = Math.Sqrt(drawn.Average(value => (value - mean) * (value - mean)));
Tensor x = Tensor.From([.. drawn.Select(value => (value - mean) / deviation)], [xSize, 1]), target = Tensor.From(aim, [ySize, 1]);
var w = Tensor.Zeros([ySize, xSize], DType.Float64).RequireGrad();
double normX = x.Square().Sum().Item(), first = target.Square().Sum().Item();

var (losses, outputs, weights) = (new List<double>(), new List<double[]>(), new List<double[]>());
for (int k = 0; k < iterations; k++)
{
    // Forward.
    var y = w.MatMul(x);
    var loss = (y - target).Square().Sum();

    // Backward, by formula: Y moves the loss by 2 (Y − target), and W moves Y by X.
    var dy = 2 * (y.Detach() - target);
    var dw = dy.MatMul(x, transposeB: true);
    if (k % 25 == 0)
    {
        Console.WriteLine($"iteration {k}");
        foreach (var (name, ansi, values) in new[] { ("  X", 36, x), ("  W1, row 0", 33, w.Select(0, 0)), ("  Output = W1·X", 32, y), ("  Target", 35, target) })
            Console.WriteLine(Label(name, ansi) + Row(values));
        Console.WriteLine(Label("  Loss = Σ(Y − T)²", 31) + $"{loss.Item(),9:F3}");
        foreach (var (name, values) in new[] { ("  dL/dY = 2(Y − T)", dy), ("  dL/dW1 = dL/dY ⊗ X, 0", dw.Select(0, 0)) }) Console.WriteLine(Label(name, 34) + Row(values));
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
Console.WriteLine($"""

    2. Is the gradient right? Nudging all {check.Numbers} weights agrees: {(check.Passed ? "yes" : "NO")}. Backward agrees to the last digits: {(apart < 1e-9 ? "yes" : "NO")}.
    The loss fell in {falls} of {losses.Count - 1} updates, from {losses[0]:F2} to {losses[^1]:F2}.

    3. The end, foretold. An update moves W by −rate · 2(Y − T) ⊗ X, and so Y = W·X by −rate · 2(Y − T) · ‖X‖². With ‖X‖² = {normX:F0}, what is missing to
    the target shrinks in every update by the same factor, 1 − 2 · {rate} · {normX:F0} = {factor:F3}, for every output alike. After {iterations - 1} updates there is left

        of the error   {factor:F3}^{iterations - 1}  = {errorLeft:F7}      of the loss   {factor:F3}^{2 * (iterations - 1)} = {errorLeft * errorLeft:F7}
    """);
if ((xSize, rate, iterations) == (16, 0.001, 100))
{
    double reached = outputs[^1][0] / aim[0];
    Lecture.Compare("    error factor of an update", "0.968", (outputs[2][0] - aim[0]) / (outputs[1][0] - aim[0]));
    Lecture.Compare("    last output / target", "0.9600368", reached);
    Lecture.Compare("    last loss / first loss", "0.0015971", losses[^1] / first);
    Lecture.Compare("    README: the output aimed at −74.03 reaches", "-71.07", -74.03 * reached);
    Lecture.Compare("    README: the output aimed at 8.51 reaches", "8.17", 8.51 * reached);
}
Console.WriteLine($"""

    So the right rate can be foretold too: above 1/‖X‖² = {1 / normX:F4} the factor passes −1, every update overshoots by more than it mends, and the loss
    explodes. Three rates, and what {iterations - 1} updates leave of the loss:

        rate       factor     is left of the loss
    """);
foreach (double r in new[] { 0.1, 0.001, 0.00001 })
{
    double left = Math.Pow(1 - 2 * r * normX, 2 * (iterations - 1));
    string verdict = left > 1 ? $"{left:0.0e+0} times as much: it explodes" : $"{100 * left:F2} %{(left > 0.5 ? ": it hardly moves" : "")}";
    Console.WriteLine($"    {r,-10:0.#####}{1 - 2 * r * normX,7:F4}     {verdict}");
}
Console.WriteLine("""

    4. A large language model is trained by this very loop. Lesson 27 has one; side by side:

        Y = W·X                                    logits = model.Forward(tokens)
        loss = Σ(Y − T)²                           loss = logits.CrossEntropy(next tokens)
        dW = 2(Y − T) ⊗ X                          loss.Backward()
        W ← W − rate · dW                          optimizer.Step()

    More layers, another loss, a cleverer step, millions of examples: but forward, loss, backward, step, and again.
    """);

Series[] Lines(List<double[]> history, Func<int, string> name) => [.. history[0].Select((_, i) => new Series(name(i), [.. history.Select(at => at[i])]))];
new Page("SimpleGradient").Add("One layer learns one example.").Add(Chart.Grid("SimpleGradient", 2,
    Chart.Bar("Target Outputs", "output", "target", [.. aim.Select((value, i) => ($"[{i}] {value:F2}", value))]),
    Chart.Line("Outputs over Iterations", "iteration", "output", Lines(outputs, i => $"[{i}] {outputs[^1][i]:F2}"), new ChartOptions { EndValues = true }),
    Chart.Line("Loss over Iterations", "iteration", "loss", [new Series($"rate {rate}", losses)], new ChartOptions { EndValues = true }),
    Chart.Line("Weights over Iterations", "iteration", "weight", Lines(weights, i => $"[{i / xSize},{i % xSize}]"))))
    .Add(Formula.Derivation("The gradient of one layer", (@"Y = W X", "forward"), (@"L = \sum_i (Y_i - T_i)^2", "squared error"),
        (@"\frac{\partial L}{\partial Y_i} = 2 (Y_i - T_i)", "a square has slope 2"), (@"\frac{\partial Y_i}{\partial W_{ij}} = X_j", "a product has the other factor"),
        (@"\frac{\partial L}{\partial W_{ij}} = 2 (Y_i - T_i) X_j", "the chain rule")))
    .Save("pictures/09-simple-gradient.html");
Console.WriteLine("\npictures: pictures/09-simple-gradient.html");
return 0;

// expected:
// 1. The task (seed 42; --seed 42 repeats it): make W·X hit a target.
//
// X is drawn between −100 and 100, then shifted and stretched to mean 0 and standard deviation 1, so that its squares add up to its size, 16.
// The target is drawn between −100 and 100 and stays as it is. W begins with zeros, and so does Y: the first loss is the sum of the target's squares.
//
// iteration 0
//   X                        -0.305    1.443    0.780    0.375   -0.968   -0.968   -1.266    1.187    0.382 …
//   W1, row 0                 0.000    0.000    0.000    0.000    0.000    0.000    0.000    0.000    0.000 …
//   Output = W1·X             0.000    0.000    0.000    0.000    0.000    0.000    0.000    0.000    0.000 …
//   Target                  -39.152    4.951  -13.611  -41.754   22.371  -72.101  -41.571  -26.728   -8.786 …
//   Loss = Σ(Y − T)²      14957.786
//   dL/dY = 2(Y − T)         78.303   -9.903   27.222   83.508  -44.741  144.202   83.142   53.455   17.572 …
//   dL/dW1 = dL/dY ⊗ X, 0   -23.899  113.010   61.039   29.356  -75.824  -75.829  -99.095   92.923   29.939 …
// iteration 25
//   X                        -0.305    1.443    0.780    0.375   -0.968   -0.968   -1.266    1.187    0.382 …
//   W1, row 0                 0.416   -1.965   -1.062   -0.511    1.319    1.319    1.723   -1.616   -0.521 …
//   Output = W1·X           -21.788    2.755   -7.575  -23.237   12.449  -40.125  -23.135  -14.874   -4.889 …
//   Target                  -39.152    4.951  -13.611  -41.754   22.371  -72.101  -41.571  -26.728   -8.786 …
//   Loss = Σ(Y − T)²       2941.949
//   dL/dY = 2(Y − T)         34.727   -4.392   12.073   37.035  -19.842   63.952   36.873   23.707    7.793 …
//   dL/dW1 = dL/dY ⊗ X, 0   -10.599   50.119   27.070   13.019  -33.627  -33.630  -43.948   41.210   13.278 …
// iteration 50
//   X                        -0.305    1.443    0.780    0.375   -0.968   -0.968   -1.266    1.187    0.382 …
//   W1, row 0                 0.600   -2.837   -1.532   -0.737    1.903    1.904    2.488   -2.333   -0.752 …
//   Output = W1·X           -31.451    3.977  -10.934  -33.542   17.971  -57.920  -33.395  -21.471   -7.058 …
//   Target                  -39.152    4.951  -13.611  -41.754   22.371  -72.101  -41.571  -26.728   -8.786 …
//   Loss = Σ(Y − T)²        578.633
//   dL/dY = 2(Y − T)         15.401   -1.948    5.354   16.425   -8.800   28.362   16.353   10.514    3.456 …
//   dL/dW1 = dL/dY ⊗ X, 0    -4.701   22.227   12.005    5.774  -14.913  -14.914  -19.490   18.276    5.889 …
// iteration 75
//   X                        -0.305    1.443    0.780    0.375   -0.968   -0.968   -1.266    1.187    0.382 …
//   W1, row 0                 0.682   -3.224   -1.741   -0.837    2.163    2.163    2.827   -2.651   -0.854 …
//   Output = W1·X           -35.736    4.519  -12.424  -38.112   20.419  -65.812  -37.945  -24.396   -8.020 …
//   Target                  -39.152    4.951  -13.611  -41.754   22.371  -72.101  -41.571  -26.728   -8.786 …
//   Loss = Σ(Y − T)²        113.808
//   dL/dY = 2(Y − T)          6.830   -0.864    2.374    7.284   -3.903   12.578    7.252    4.663    1.533 …
//   dL/dW1 = dL/dY ⊗ X, 0    -2.085    9.858    5.324    2.561   -6.614   -6.614   -8.644    8.105    2.612 …
//
// 2. Is the gradient right? Nudging all 160 weights agrees: yes. Backward agrees to the last digits: yes.
// The loss fell in 99 of 99 updates, from 14957.79 to 23.89.
//
// 3. The end, foretold. An update moves W by −rate · 2(Y − T) ⊗ X, and so Y = W·X by −rate · 2(Y − T) · ‖X‖². With ‖X‖² = 16, what is missing to
// the target shrinks in every update by the same factor, 1 − 2 · 0.001 · 16 = 0.968, for every output alike. After 99 updates there is left
//
//     of the error   0.968^99  = 0.0399632      of the loss   0.968^198 = 0.0015971
//     error factor of an update: 0.968 | lecture: 0.968 | agrees
//     last output / target: 0.9600368 | lecture: 0.9600368 | agrees
//     last loss / first loss: 0.0015971 | lecture: 0.0015971 | agrees
//     README: the output aimed at −74.03 reaches: -71.07 | lecture: -71.07 | agrees
//     README: the output aimed at 8.51 reaches: 8.17 | lecture: 8.17 | agrees
//
// So the right rate can be foretold too: above 1/‖X‖² = 0.0625 the factor passes −1, every update overshoots by more than it mends, and the loss
// explodes. Three rates, and what 99 updates leave of the loss:
//
//     rate       factor     is left of the loss
//     0.1       -2.2000     6.3e+67 times as much: it explodes
//     0.001      0.9680     0.16 %
//     0.00001    0.9997     93.86 %: it hardly moves
//
// 4. A large language model is trained by this very loop. Lesson 27 has one; side by side:
//
//     Y = W·X                                    logits = model.Forward(tokens)
//     loss = Σ(Y − T)²                           loss = logits.CrossEntropy(next tokens)
//     dW = 2(Y − T) ⊗ X                          loss.Backward()
//     W ← W − rate · dW                          optimizer.Step()
//
// More layers, another loss, a cleverer step, millions of examples: but forward, loss, backward, step, and again.
//
// pictures: pictures/09-simple-gradient.html
