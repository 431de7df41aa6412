#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 59: How fast gradient descent can be. The number of steps can be computed, before the first is made.
//
// What it is: the factor by which one step shrinks the distance from the minimum; the condition number of a bowl, and
// what momentum makes of it; the same for a linear regression on sizes and rooms, as they are and standardised; and
// noise, which a constant learning rate cannot get below. Theory stands beside what was measured. What it is not: true
// of deep networks, whose loss is no bowl; but near a minimum it is nearly one. Lessons 09 and 58 come before it. Some
// seconds.
using ChainRule;
using ChainRule.Data;
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Zoo.Lectures;

if (!new LessonOptions(args).Ok()) return Lecture.Misused;
var page = new Page("How fast gradient descent can be");
Console.WriteLine("""
    1. One weight, L = ½ c (w − w*)². A step of gradient descent multiplies the distance w − w* by 1 − η c, whatever w
       is: this is called linear convergence. Lesson 09 has c = 32. The distance that is left after 99 steps:

       learning rate η    factor 1 − η c    by the formula, factor⁹⁹       measured
    """);
foreach (double rate in (double[])[0.1, 0.0625, 0.05, 0.03125, 0.001, 0.00001])
{
    double w = 1, factor = 1 - rate * 32;
    for (int step = 0; step < 99; step++) w -= rate * 32 * w;
    string said = Math.Abs(factor) > 1 ? "it diverges" : rate == 0.0625 ? "it jumps to and fro" : factor == 0
        ? "there in one step" : "";
    Console.WriteLine($"   {rate,-15:0.#####}{factor,18:0.00000}{Math.Pow(factor, 99),24:0.0000e+0}{w,19:0.0000e+0}   "
        + said);
}

// L = ½ (a² + κ b²): the curvatures are 1 and κ.
Console.WriteLine("""

    2. Two weights, two curvatures. A bowl L = ½ (a² + κ b²): its curvature is 1 one way and κ the other; κ is its
       condition number. A step of gradient descent multiplies a by 1 − η and b by 1 − η κ, and diverges if η > 2 / κ.
       The best learning rate is 2 / (1 + κ): then the distance from the minimum is multiplied by (κ − 1) / (κ + 1) in
       every step. The best momentum, μ = ((√κ − 1) / (√κ + 1))² with η = 4 / (1 + √κ)², makes the factor about
       (√κ − 1) / (√κ + 1): a little more at first, and ever nearer.

                gradient descent                          momentum
         κ      by theory   measured   steps to 1e-6      by theory   measured   steps to 1e-6
    """);
List<Series> falls = [];
foreach (double kappa in (double[])[1.5, 10, 100, 1000])
{
    double root = Math.Sqrt(kappa), mu = Math.Pow((root - 1) / (root + 1), 2);
    double[] plain = Distances(kappa, 2 / (1 + kappa), 0), heavy = Distances(kappa, 4 / Math.Pow(1 + root, 2), mu);
    Console.WriteLine($"    {kappa,6}{(kappa - 1) / (kappa + 1),13:0.0000}{Factor(plain),11:0.0000}{Steps(plain),16:N0}"
        + $"{(root - 1) / (root + 1),15:0.0000}{Factor(heavy),11:0.0000}{Steps(heavy),16:N0}");
    if (kappa is not 100) continue;
    falls.AddRange([new("gradient descent", plain[..200]), new("momentum", heavy[..200])]);
}
Console.WriteLine("""
       The number of steps grows with κ for gradient descent, and with √κ for momentum.
    """);
page.Add("The distance from the minimum of a bowl with condition number 100. On a logarithmic axis a constant factor "
    + "is a straight line.").Add(Chart.Line("Convergence", "step", "distance", falls, new() { LogY = true }));

// 200 flats: square metres, rooms, and a price that is linear in both.
var rng = new TorchRandom(1);
double[] noise = new double[400];
rng.Normal(noise);
double[] flats = [.. Enumerable.Range(0, 200).SelectMany(i => new[] { 100 + 30 * noise[2 * i],
    4 + 0.8 * noise[2 * i] + 0.6 * noise[2 * i + 1] })];
var raw = Tensor.From(flats, [200, 2]);
Console.WriteLine("""

    3. The bowl of a linear regression. 200 flats, their size (about 100 m²) and rooms (about 4), a weight for each and
       a bias. The curvature of the mean squared error is 2 XᵀX / n, whatever the prices are; κ is the ratio of its
       largest and its smallest eigenvalue.

       inputs                       κ      steps to 1e-6, by theory      measured
    """);
foreach (var (name, inputs) in ((string, Tensor)[])[("as they are", raw),
    ("standardised", Scaler.ZScore(raw).Apply(raw))])
{
    var x = Tensor.Concat(1, inputs, Tensor.Ones([200, 1], DType.Float64));
    double[] h = (2.0 / 200 * x.MatMul(x, transposeA: true)).ToArray<double>();
    var (least, most) = Eigenvalues(h);
    double kappa = most / least;
    double theory = Math.Log(1e-6) / Math.Log((kappa - 1) / (kappa + 1));
    Console.WriteLine($"   {name,-15}{kappa,15:N1}{Digits(theory),30:N0}"
        + $"{Digits(Descent(h, 2 / (least + most))),14:N0}");
}
Console.WriteLine("""
       The same flats and the same model, and twenty thousand times fewer steps: no optimiser does as much. This is why
       inputs are normalised, and why batch norm normalises between layers.
    """);

Console.WriteLine("""

    4. Noise. The gradient of a mini-batch is the true one and noise. Here L = ½ w², and the noise has a standard
       deviation of 1: the mean of w² over 2,000 runs, whose minimum is 0.

       learning rate               after 10     100    1,000     10,000 steps
    """);
List<Series> noisy = [];
foreach (var (name, rate) in ((string, Func<int, double>)[])[("0.1", _ => 0.1), ("0.01", _ => 0.01),
    ("1 / (t + 10)", t => 1.0 / (t + 10))])
{
    double[] mean = Noisy(rate);
    Console.WriteLine($"   {name,-25}{mean[10],11:0.0000}{mean[100],9:0.0000}{mean[1000],9:0.0000}"
        + $"{mean[10000],11:0.0000}");
    noisy.Add(new(name, mean[1..]));
}
Console.WriteLine("""
       A constant learning rate gets to a level and stays there: η / (2 − η), 0.0526 and 0.0050. A smaller one gets
       lower, and later. A rate that falls goes on getting better: that is what learning-rate schedules are for.
    """);
page.Add("Noisy gradients: the mean of w², for two constant learning rates and one that falls.").Add(Chart.Line(
    "Noise", "step", "mean of w²", noisy, new() { LogX = true, LogY = true, Legend = "learning rate" }));
page.Save("pictures/59-how-fast.html");
Console.WriteLine("\npictures: pictures/59-how-fast.html");
return 0;

// ‖(a, b)‖ step by step, from (1, 1).
static double[] Distances(double kappa, double rate, double momentum)
{
    double[] distances = new double[20_001];
    double a = 1, b = 1, va = 0, vb = 0;
    for (int t = 0; t < distances.Length; t++)
    {
        distances[t] = Math.Sqrt(a * a + b * b);
        (va, vb) = (momentum * va + a, momentum * vb + kappa * b);
        (a, b) = (a - rate * va, b - rate * vb);
    }
    return distances;
}

static int Steps(double[] distances) => Array.FindIndex(distances, one => one < 1e-6 * distances[0]);

// The mean factor of a step, over the second half of the way to 1e-6.
static double Factor(double[] distances)
{
    int end = Steps(distances), half = end / 2;
    return Math.Pow(distances[end] / distances[half], 1.0 / (end - half));
}

// Of a symmetric matrix of 3 × 3, by repeated multiplication: the largest, and the largest of what is left of it.
static (double Least, double Most) Eigenvalues(double[] h)
{
    double most = Largest(h);
    // most · 1 − h has the eigenvalue most − least as its largest.
    return (most - Largest([.. h.Select((one, i) => (i % 4 == 0 ? most : 0) - one)]), most);
}

static double Largest(double[] h)
{
    double[] u = [1, 0.5, 0.25];
    double length = 0;
    for (int i = 0; i < 100_000; i++)
    {
        u = Times(h, u);
        length = Math.Sqrt(u.Sum(one => one * one));
        u = [.. u.Select(one => one / length)];
    }
    return length;
}

static double[] Times(double[] h, double[] u) => [.. Enumerable.Range(0, 3).Select(i =>
    h[3 * i] * u[0] + h[3 * i + 1] * u[1] + h[3 * i + 2] * u[2])];

// Of a large number three digits: the others are rounding.
static double Digits(double steps) => steps < 1000 ? steps : Math.Round(steps / 10_000) * 10_000;

// Steps until the distance from the best weights is a millionth.
static int Descent(double[] h, double rate)
{
    double[] e = [1, 1, 1];
    int steps = 0;
    for (; e.Sum(one => one * one) > 3e-12; steps++) e = [.. e.Zip(Times(h, e), (one, g) => one - rate * g)];
    return steps;
}

static double[] Noisy(Func<int, double> rate)
{
    const int Runs = 2000, Steps = 10_000;
    var rng = new TorchRandom(1);
    double[] w = new double[Runs], noise = new double[Runs], mean = new double[Steps + 1];
    Array.Fill(w, 1);
    for (int t = 0; t <= Steps; t++)
    {
        mean[t] = w.Average(one => one * one);
        rng.Normal(noise);
        for (int i = 0; i < Runs; i++) w[i] -= rate(t) * (w[i] + noise[i]);
    }
    return mean;
}

// expected:
// 1. One weight, L = ½ c (w − w*)². A step of gradient descent multiplies the distance w − w* by 1 − η c, whatever w
//    is: this is called linear convergence. Lesson 09 has c = 32. The distance that is left after 99 steps:
//
//    learning rate η    factor 1 − η c    by the formula, factor⁹⁹       measured
//    0.1                      -2.20000             -7.9405e+33        -7.9405e+33   it diverges
//    0.0625                   -1.00000              -1.0000e+0         -1.0000e+0   it jumps to and fro
//    0.05                     -0.60000             -1.0889e-22        -1.0889e-22
//    0.03125                   0.00000               0.0000e+0          0.0000e+0   there in one step
//    0.001                     0.96800               3.9963e-2          3.9963e-2
//    0.00001                   0.99968               9.6881e-1          9.6881e-1
//
// 2. Two weights, two curvatures. A bowl L = ½ (a² + κ b²): its curvature is 1 one way and κ the other; κ is its
//    condition number. A step of gradient descent multiplies a by 1 − η and b by 1 − η κ, and diverges if η > 2 / κ.
//    The best learning rate is 2 / (1 + κ): then the distance from the minimum is multiplied by (κ − 1) / (κ + 1) in
//    every step. The best momentum, μ = ((√κ − 1) / (√κ + 1))² with η = 4 / (1 + √κ)², makes the factor about
//    (√κ − 1) / (√κ + 1): a little more at first, and ever nearer.
//
//             gradient descent                          momentum
//      κ      by theory   measured   steps to 1e-6      by theory   measured   steps to 1e-6
//        1.5       0.2000     0.2000               9         0.1010     0.1202               7
//         10       0.8182     0.8182              69         0.5195     0.5461              27
//        100       0.9802     0.9802             691         0.8182     0.8304              93
//       1000       0.9980     0.9980           6,908         0.9387     0.9428             315
//    The number of steps grows with κ for gradient descent, and with √κ for momentum.
//
// 3. The bowl of a linear regression. 200 flats, their size (about 100 m²) and rooms (about 4), a weight for each and
//    a bias. The curvature of the mean squared error is 2 XᵀX / n, whatever the prices are; κ is the ratio of its
//    largest and its smallest eigenvalue.
//
//    inputs                       κ      steps to 1e-6, by theory      measured
//    as they are          197,800.8                     1,370,000     1,350,000
//    standardised               8.5                            59            58
//    The same flats and the same model, and twenty thousand times fewer steps: no optimiser does as much. This is why
//    inputs are normalised, and why batch norm normalises between layers.
//
// 4. Noise. The gradient of a mini-batch is the true one and noise. Here L = ½ w², and the noise has a standard
//    deviation of 1: the mean of w² over 2,000 runs, whose minimum is 0.
//
//    learning rate               after 10     100    1,000     10,000 steps
//    0.1                           0.1689   0.0525   0.0517     0.0532
//    0.01                          0.8188   0.1392   0.0050     0.0049
//    1 / (t + 10)                  0.2518   0.0153   0.0011     0.0001
//    A constant learning rate gets to a level and stays there: η / (2 − η), 0.0526 and 0.0050. A smaller one gets
//    lower, and later. A rate that falls goes on getting better: that is what learning-rate schedules are for.
//
// pictures: pictures/59-how-fast.html
