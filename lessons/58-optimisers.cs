#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 58: Optimisers by hand. What momentum, AdaGrad, RMSprop and Adam do with a gradient.
//
// What it is: three steps of each with every number, beside the library's; then all of them on one bowl that is steep
// one way and flat the other. What it is not: a contest on a real task; that is `chainrule experiment
// experiments/optimisers.json`. Lesson 08 comes before it, and lesson 59 computes how many steps such a bowl needs. A
// second or two.
using ChainRule;
using ChainRule.Optim;
using ChainRule.Pictures;
using ChainRule.Zoo.Lectures;

if (!new LessonOptions(args).Ok()) return Lecture.Misused;
var page = new Page("Optimisers");
const double Rate = 0.1;
double[] gradients = [2, -1, 0.5];
Console.WriteLine($"""
    1. By hand. One weight, w = 1, and a learning rate η = {Rate}. Three gradients come: 2, −1, 0.5. g is the gradient,
       v, m and s are running values that begin at 0, t is the number of the step. The last column is the library's w.

    """);
double worst = 0;
void ByHand(string name, string rule, Func<Tensor[], Optimizer> make,
    Func<int, double, (double Change, string Said)> move)
{
    Console.WriteLine($"   {name}: {rule}");
    var w = Tensor.From([1.0], [1]).RequireGrad();
    var optimizer = make([w]);
    double mine = 1;
    for (int t = 1; t <= gradients.Length; t++)
    {
        var (change, said) = move(t, gradients[t - 1]);
        double old = mine;
        mine -= change;
        optimizer.ZeroGrad();
        (w * gradients[t - 1]).Sum().Backward();
        optimizer.Step();
        worst = Math.Max(worst, Math.Abs(mine - w.Item()));
        Console.WriteLine($"      {said,-52} w = {old:0.0000} − {change,7:0.0000} = {mine:0.0000}   {w.Item():0.0000}");
    }
}
double v = 0, m = 0, s = 0;
ByHand("Plain gradient descent (SGD)", "w ← w − η g", w => new Sgd(w, Rate), (_, g) => (Rate * g, $"g = {g}"));
ByHand("Momentum", "v ← 0.9 v + g;  w ← w − η v", w => new Sgd(w, Rate, momentum: 0.9),
    (_, g) => (Rate * (v = 0.9 * v + g), $"v = {v:0.0000}"));
ByHand("AdaGrad", "s ← s + g²;  w ← w − η g / √s", w => new AdaGrad(w, Rate),
    (_, g) => (Rate * g / (Math.Sqrt(s += g * g) + 1e-10), $"s = {s:0.0000}, g / √s = {g / Math.Sqrt(s):0.0000}"));
s = 0;
ByHand("RMSprop", "s ← 0.99 s + 0.01 g²;  w ← w − η g / √s", w => new RmsProp(w, Rate),
    (_, g) => (Rate * g / (Math.Sqrt(s = 0.99 * s + 0.01 * g * g) + 1e-8),
        $"s = {s:0.0000}, g / √s = {g / Math.Sqrt(s):0.0000}"));
s = 0;
ByHand("Adam", "m ← 0.9 m + 0.1 g;  s ← 0.999 s + 0.001 g²;  m̂ = m / (1 − 0.9ᵗ);  ŝ = s / (1 − 0.999ᵗ);  "
    + "w ← w − η m̂ / √ŝ", w => new Adam(w, Rate), (t, g) =>
{
    (m, s) = (0.9 * m + 0.1 * g, 0.999 * s + 0.001 * g * g);
    double mHat = m / (1 - Math.Pow(0.9, t)), root = Math.Sqrt(s / (1 - Math.Pow(0.999, t)));
    return (Rate * mHat / (root + 1e-8), $"m̂ = {mHat:0.0000}, √ŝ = {root:0.0000}, m̂ / √ŝ = {mHat / root:0.0000}");
});
Console.WriteLine($"""
       By hand and by the library, to 1e-12: {worst < 1e-12}. (To each root a small ε is added, which keeps it from 0.)
       Momentum adds up gradients of one direction, and those that change sign cancel.
       The first step of AdaGrad and of Adam is η, however large the gradient: they divide it by its own size.
       RMSprop's s begins at 0 and is not corrected, as Adam's is: its first step is √100 = 10 times as long.
    """);

const double Steep = 30;
(double A, double B) start = (-2, 1);
Console.WriteLine($"""

    2. All on one bowl, L = ½ (a² + {Steep} b²), and on the same bowl turned by 30°: the loss after 60 steps from
       ({start.A}, {start.B}), with the best of the learning rates 0.001, 0.002, 0.005, 0.01 … 1.

       optimiser       learning rate         loss      turned: learning rate         loss
    """);
double[] rates = [.. new[] { 0.001, 0.01, 0.1 }.SelectMany(one => new[] { one, 2 * one, 5 * one }).Append(1)];
List<Series> paths = [];
foreach (var (name, make) in ((string, Func<Tensor[], double, Optimizer>)[])[("SGD", (w, rate) => new Sgd(w, rate)),
    ("momentum", (w, rate) => new Sgd(w, rate, momentum: 0.9)), ("AdaGrad", (w, rate) => new AdaGrad(w, rate)),
    ("RMSprop", (w, rate) => new RmsProp(w, rate)), ("Adam", (w, rate) => new Adam(w, rate))])
{
    string line = $"   {name,-13}";
    foreach (double turn in (double[])[0, Math.PI / 6])
    {
        var (rate, path) = rates.Select(rate => (rate, Path: Descend(w => make(w, rate), turn)))
            .MinBy(one => one.Path[^1].Loss);
        double last = path[^1].Loss;
        line += $"{rate,16}{(last < 1e-9 ? "below 1e-9" : $"{last:0.0e+0}"),13}{(turn == 0 ? "       " : "")}";
        if (turn > 0) paths.Add(new(name, [.. path.Select(at => at.B)]) { X = [.. path.Select(at => at.A)] });
    }
    Console.WriteLine(line);
}
Console.WriteLine("""
       AdaGrad, RMSprop and Adam give each weight a learning rate of its own. That helps where the bowl lies along
       the weights, and less where it is turned. No optimiser is best at everything: try, with several seeds.
    """);
page.Add("The turned bowl, dark where the loss is high, and the path of each, with a mark for each of 60 steps.")
    .Add(Chart.Grid("Five optimisers", 2, [.. paths.Select(path => Chart.Layer(path.Name,
        Chart.Contour("loss", "a", "b", (a, b) => Bowl(a, b, Math.PI / 6), (-2.5, 1), (-2, 1.5), 60,
            new() { Levels = [0.2, 1, 5, 10, 20, 40, 80], Scheme = "greys", Width = 300, Height = 260 }),
        Chart.Line("path", "a", "b", [path with { Hue = Hue.Orange }], new() { Marks = true })))]))
    .Save("pictures/58-optimisers.html");
Console.WriteLine("\npictures: pictures/58-optimisers.html");
return 0;

static double Bowl(double a, double b, double turn)
{
    var (sin, cos) = Math.SinCos(turn);
    return (Math.Pow(cos * a + sin * b, 2) + Steep * Math.Pow(cos * b - sin * a, 2)) / 2;
}

List<(double A, double B, double Loss)> Descend(Func<Tensor[], Optimizer> make, double turn)
{
    Tensor a = Tensor.From([start.A], [1]).RequireGrad(), b = Tensor.From([start.B], [1]).RequireGrad();
    var (sin, cos) = Math.SinCos(turn);
    var optimizer = make([a, b]);
    List<(double, double, double Loss)> path = [(start.A, start.B, Bowl(start.A, start.B, turn))];
    while (path.Count <= 60 && path[^1].Loss < 1e6)
    {
        optimizer.ZeroGrad();
        (0.5 * ((cos * a + sin * b).Square() + Steep * (cos * b - sin * a).Square())).Sum().Backward();
        optimizer.Step();
        path.Add((a.Item(), b.Item(), Bowl(a.Item(), b.Item(), turn)));
    }
    return path;
}

// expected:
// 1. By hand. One weight, w = 1, and a learning rate η = 0.1. Three gradients come: 2, −1, 0.5. g is the gradient,
//    v, m and s are running values that begin at 0, t is the number of the step. The last column is the library's w.
//
//    Plain gradient descent (SGD): w ← w − η g
//       g = 2                                                w = 1.0000 −  0.2000 = 0.8000   0.8000
//       g = -1                                               w = 0.8000 − -0.1000 = 0.9000   0.9000
//       g = 0.5                                              w = 0.9000 −  0.0500 = 0.8500   0.8500
//    Momentum: v ← 0.9 v + g;  w ← w − η v
//       v = 2.0000                                           w = 1.0000 −  0.2000 = 0.8000   0.8000
//       v = 0.8000                                           w = 0.8000 −  0.0800 = 0.7200   0.7200
//       v = 1.2200                                           w = 0.7200 −  0.1220 = 0.5980   0.5980
//    AdaGrad: s ← s + g²;  w ← w − η g / √s
//       s = 4.0000, g / √s = 1.0000                          w = 1.0000 −  0.1000 = 0.9000   0.9000
//       s = 5.0000, g / √s = -0.4472                         w = 0.9000 − -0.0447 = 0.9447   0.9447
//       s = 5.2500, g / √s = 0.2182                          w = 0.9447 −  0.0218 = 0.9229   0.9229
//    RMSprop: s ← 0.99 s + 0.01 g²;  w ← w − η g / √s
//       s = 0.0400, g / √s = 10.0000                         w = 1.0000 −  1.0000 = 0.0000   0.0000
//       s = 0.0496, g / √s = -4.4901                         w = 0.0000 − -0.4490 = 0.4490   0.4490
//       s = 0.0516, g / √s = 2.2010                          w = 0.4490 −  0.2201 = 0.2289   0.2289
//    Adam: m ← 0.9 m + 0.1 g;  s ← 0.999 s + 0.001 g²;  m̂ = m / (1 − 0.9ᵗ);  ŝ = s / (1 − 0.999ᵗ);  w ← w − η m̂ / √ŝ
//       m̂ = 2.0000, √ŝ = 2.0000, m̂ / √ŝ = 1.0000           w = 1.0000 −  0.1000 = 0.9000   0.9000
//       m̂ = 0.4211, √ŝ = 1.5809, m̂ / √ŝ = 0.2663           w = 0.9000 −  0.0266 = 0.8734   0.8734
//       m̂ = 0.4502, √ŝ = 1.3224, m̂ / √ŝ = 0.3404           w = 0.8734 −  0.0340 = 0.8393   0.8393
//    By hand and by the library, to 1e-12: True. (To each root a small ε is added, which keeps it from 0.)
//    Momentum adds up gradients of one direction, and those that change sign cancel.
//    The first step of AdaGrad and of Adam is η, however large the gradient: they divide it by its own size.
//    RMSprop's s begins at 0 and is not corrected, as Adam's is: its first step is √100 = 10 times as long.
//
// 2. All on one bowl, L = ½ (a² + 30 b²), and on the same bowl turned by 30°: the loss after 60 steps from
//    (-2, 1), with the best of the learning rates 0.001, 0.002, 0.005, 0.01 … 1.
//
//    optimiser       learning rate         loss      turned: learning rate         loss
//    SGD                      0.05       4.2e-3                   0.05       1.6e-3
//    momentum                0.005       5.1e-3                  0.005       9.7e-3
//    AdaGrad                     1   below 1e-9                      1       9.2e-3
//    RMSprop                     1   below 1e-9                    0.2       1.4e-4
//    Adam                      0.5       2.9e-3                    0.5       5.5e-2
//    AdaGrad, RMSprop and Adam give each weight a learning rate of its own. That helps where the bowl lies along
//    the weights, and less where it is turned. No optimiser is best at everything: try, with several seeds.
//
// pictures: pictures/58-optimisers.html
