#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 34: Activation functions, and what a bias is for. Ten functions with their derivatives, and networks
// with and without biases.
//
// What it is: every activation function of this library in numbers and pictures, the step of a perceptron among them;
// what a bias does to one neuron and to a network; and why weights are drawn at random. It belongs to the reading
// before the lectures, and looks back at lessons 04 and 13. A few seconds.
using ChainRule.Zoo.Lectures;
using ChainRule;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Pictures;
using ChainRule.Randomness;

if (!new LessonOptions(args).Ok()) return Lecture.Misused;
var page = new Page("Activation functions");

Console.WriteLine("""
    1. Ten activation functions. Each is followed by its derivative, which is what a backward pass multiplies by. The
       last column says of how many inputs from a normal distribution (mean 0, standard deviation 1) the derivative is
       below 0.01: for these hardly any gradient comes back.

                           at −2              at 0               at 2          largest     below
                       y  derivative      y  derivative      y  derivative  derivative      0.01
    """);
(string Name, Func<Tensor, Tensor> F)[] functions =
[
    ("step", x => x.Step()), ("sigmoid", x => x.Sigmoid()), ("tanh", x => x.Tanh()), ("ReLU", x => x.Relu()),
    ("leaky ReLU", x => x.LeakyRelu()), ("ELU", x => x.Elu()),
    ("softplus", x => x.Softplus()), ("SiLU", x => x.Silu()), ("GELU", x => x.Gelu()),
    ("GELU (tanh)", x => x.GeluTanh()),
];
var normal = Tensor.Randn([10_000], new TorchRandom(1), DType.Float64);
// Two places next to 0: a jump is drawn as a jump.
double[] places = [.. Enumerable.Range(-40, 81).Select(i => i / 10.0).Append(-1e-9).Append(1e-9).Order()];
(double[] Y, double[] Derivative) Measure(Func<Tensor, Tensor> f, Tensor x)
{
    var leaf = x.Clone().RequireGrad();
    var y = f(leaf);
    y.Sum().Backward();
    return (y.ToArray<double>(), leaf.Grad.ToArray<double>());
}
var charts = new List<Chart>();
foreach (var (name, f) in functions)
{
    var (y, derivative) = Measure(f, Tensor.From(places));
    double flat = Measure(f, normal).Derivative.Average(s => Math.Abs(s) < 0.01 ? 1.0 : 0);
    string cells = string.Concat(new[] { -2.0, 0, 2 }.Select(at => Array.IndexOf(places, at))
        .Select(i => $"{y[i],9:F3}{derivative[i],10:F3}"));
    Console.WriteLine($"    {name,-12}{cells}{derivative.Max(),12:F3}{100 * flat,9:F0} %");
    charts.Add(Chart.Line(name, "x", "",
        [new Series("value", y) { X = places }, new Series("derivative", derivative) { X = places }],
        new ChartOptions { YRange = (-1.2, 2.2) }));
}
page.Add("Each function and its derivative.").Add(Chart.Grid("Ten activation functions", 4, charts));

Console.WriteLine("""

    2. The step is the perceptron's: 1 where the weighted sum reaches the threshold, 0 where it is below. A sum equal to
       the threshold reaches it. This one computes NAND, from which every logical circuit can be built: −2·x₁ − 2·x₂
       with threshold −3, or, which is the same, with a bias of 3 and threshold 0.
        x₁  x₂    sum    threshold −3    sum + 3, threshold 0
    """);
foreach (var (a, b) in new[] { (0, 0), (0, 1), (1, 0), (1, 1) })
{
    var sum = Tensor.From(0.0 - 2 * a - 2 * b);
    Console.WriteLine($"        {a}   {b}{sum.Item() + 0,7:0}{sum.Step(-3).Item(),16:0}{(sum + 3).Step().Item(),24:0}");
}
var (answer, atThreshold) = Measure(x => x.Step(2), Tensor.From(2.0));
Console.WriteLine($"    The sum exactly at the threshold, 1 · 1 + 1 · 1 with threshold 2: {answer[0]:0}. The "
    + $"derivative there is taken to be {atThreshold[0]:0}, as everywhere.");

Console.WriteLine("""

    3. A bias shifts the function along the axis. Where does σ(2x + b) cross ½, and where is it steepest? Found by
       looking at every hundredth:
        bias b      crosses ½ at    steepest at    −b / 2
    """);
double[] fine = [.. Enumerable.Range(-600, 1201).Select(i => i / 100.0)];
var shifted = new List<Series>();
foreach (double b in new[] { -4.0, -1, 0, 3 })
{
    var (y, derivative) = Measure(x => (2 * x + b).Sigmoid(), Tensor.From(fine));
    Console.WriteLine($"    {b,10:0}{fine[Array.FindIndex(y, v => v >= 0.5)],16:F2}"
        + $"{fine[Array.IndexOf(derivative, derivative.Max())],15:F2}{0 - b / 2,10:F2}");
    shifted.Add(new Series($"b = {b:0}", y) { X = fine });
}
page.Add("The same weight, four biases: each moves the curve.")
    .Add(Chart.Line("σ(2x + b)", "x", "output", shifted, new ChartOptions { RuleY = 0.5 }));

Console.WriteLine("""

    4. Without biases a network cannot shift anything. With tanh it is odd: f(−x) = −f(x), whatever its weights, and
       through 0 it always goes. The loss of 1-16-1 networks after 1,000 steps, without biases and with them:
        to be learnt      without      with
    """);
var grid = Tensor.Linspace(-2, 2, 81, DType.Float64).Reshape(81, 1);
foreach (var (name, f) in new (string, Func<double, double>)[]
    { ("x³ / 4", x => x * x * x / 4), ("x²", x => x * x), ("1 + x", x => 1 + x) })
{
    var target = Tensor.From([.. grid.ToArray<double>().Select(f)], [81, 1]);
    double[] losses = [.. new[] { false, true }.Select(bias =>
    {
        var rng = new TorchRandom(5);
        var network = new Sequential(new Linear(1, 16, rng, bias), new Tanh(), new Linear(16, 1, rng, bias));
        network.To(DType.Float64);
        return Train(network, () => network.Forward(grid).MseLoss(target), 1000);
    })];
    Console.WriteLine($"    {name,-14}{losses[0],13:F4}{losses[1],10:F4}");
}

Console.WriteLine("""

    5. Neurons that begin alike stay alike: the same output, the same gradient, the same step. Only chance breaks this
       symmetry, in the weights or in the biases. The exclusive or by eight neurons, after 300 steps (ln 2 = 0.6931 is
       the loss of a coin):
        start                                    loss     different neurons of 8
    """);
Tensor corners = Tensor.From(new double[,] { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } }),
    xor = Tensor.From(new double[,] { { 0 }, { 1 }, { 1 }, { 0 } });
foreach (var (name, weights, biases) in new (string, double?, double?)[]
{
    ("all weights and biases 0", 0, 0), ("all weights 0.5, biases 0", 0.5, 0),
    ("all weights 0, biases random", 0, null), ("weights random, biases 0", null, 0),
    ("all random", null, null),
})
{
    var rng = new TorchRandom(42);
    var network = new Sequential(new Linear(2, 8, rng), new Tanh(), new Linear(8, 1, rng));
    network.To(DType.Float64);
    foreach (var parameter in network.Parameters())
        if ((parameter.Rank == 2 ? weights : biases) is { } number) parameter.FillInPlace(number);
    double loss = Train(network, () => network.Forward(corners).BinaryCrossEntropy(xor), 300);
    Tensor first = ((Linear)network[0]).Weight, shift = ((Linear)network[0]).Bias!.Value;
    int kinds = Enumerable.Range(0, 8).Select(i => $"{first[i, 0]:F9} {first[i, 1]:F9} {shift[i]:F9}")
        .Distinct().Count();
    Console.WriteLine($"    {name,-34}{loss,11:F4}{kinds,10}");
}
page.Save("pictures/34-activation-functions.html");
Console.WriteLine("\npictures: pictures/34-activation-functions.html");
return 0;

static double Train(Module network, Func<Tensor> loss, int steps)
{
    var adam = new Adam(network.Parameters(), 0.05);
    for (int step = 0; step < steps; step++, adam.LearningRate = 0.05 * (1 - step / (double)steps))
    {
        adam.ZeroGrad();
        loss().Backward();
        adam.Step();
    }
    return loss().Item();
}

// expected:
// 1. Ten activation functions. Each is followed by its derivative, which is what a backward pass multiplies by. The
//    last column says of how many inputs from a normal distribution (mean 0, standard deviation 1) the derivative is
//    below 0.01: for these hardly any gradient comes back.
//
//                        at −2              at 0               at 2          largest     below
//                    y  derivative      y  derivative      y  derivative  derivative      0.01
//     step            0.000     0.000    1.000     0.000    1.000     0.000       0.000      100 %
//     sigmoid         0.119     0.105    0.500     0.250    0.881     0.105       0.250        0 %
//     tanh           -0.964     0.071    0.000     1.000    0.964     0.071       1.000        0 %
//     ReLU            0.000     0.000    0.000     0.000    2.000     1.000       1.000       50 %
//     leaky ReLU     -0.020     0.010    0.000     0.010    2.000     1.000       1.000        0 %
//     ELU            -0.865     0.135    0.000     1.000    2.000     1.000       1.000        0 %
//     softplus        0.127     0.119    0.693     0.500    2.127     0.881       0.982        0 %
//     SiLU           -0.238    -0.091    0.000     0.500    1.762     1.091       1.100        2 %
//     GELU           -0.046    -0.085    0.000     0.500    1.954     1.085       1.129        1 %
//     GELU (tanh)    -0.045    -0.086    0.000     0.500    1.955     1.086       1.129        1 %
//
// 2. The step is the perceptron's: 1 where the weighted sum reaches the threshold, 0 where it is below. A sum equal to
//    the threshold reaches it. This one computes NAND, from which every logical circuit can be built: −2·x₁ − 2·x₂
//    with threshold −3, or, which is the same, with a bias of 3 and threshold 0.
//     x₁  x₂    sum    threshold −3    sum + 3, threshold 0
//         0   0      0               1                       1
//         0   1     -2               1                       1
//         1   0     -2               1                       1
//         1   1     -4               0                       0
//     The sum exactly at the threshold, 1 · 1 + 1 · 1 with threshold 2: 1. The derivative there is taken to be 0, as everywhere.
//
// 3. A bias shifts the function along the axis. Where does σ(2x + b) cross ½, and where is it steepest? Found by
//    looking at every hundredth:
//     bias b      crosses ½ at    steepest at    −b / 2
//             -4            2.00           2.00      2.00
//             -1            0.50           0.50      0.50
//              0            0.00           0.00      0.00
//              3           -1.50          -1.50     -1.50
//
// 4. Without biases a network cannot shift anything. With tanh it is odd: f(−x) = −f(x), whatever its weights, and
//    through 0 it always goes. The loss of 1-16-1 networks after 1,000 steps, without biases and with them:
//     to be learnt      without      with
//     x³ / 4               0.0049    0.0000
//     x²                   3.3613    0.0002
//     1 + x                1.0000    0.0000
//
// 5. Neurons that begin alike stay alike: the same output, the same gradient, the same step. Only chance breaks this
//    symmetry, in the weights or in the biases. The exclusive or by eight neurons, after 300 steps (ln 2 = 0.6931 is
//    the loss of a coin):
//     start                                    loss     different neurons of 8
//     all weights and biases 0               0.6931         1
//     all weights 0.5, biases 0              0.6931         1
//     all weights 0, biases random           0.0020         8
//     weights random, biases 0               0.0013         8
//     all random                             0.0014         8
//
// pictures: pictures/34-activation-functions.html
