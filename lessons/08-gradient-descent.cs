#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 08: Gradient descent. The price of a house, three learning rates, three sizes of batch, two losses.
//
// Gradient descent is one line, w ← w − learning rate · gradient, and three choices: how long a step, how many examples
// for one gradient, and what to call wrong. This lesson makes each choice in turn on the price of a house, small enough
// that the whole landscape fits into one picture. It belongs to the reading that goes before the lectures: perceptrons,
// sigmoid neurons, cost functions. The houses are made up: nine typed in, 200 from a seed. Two seconds.
using ChainRule.Zoo.Lectures;
using ChainRule;
using ChainRule.Optim;
using ChainRule.Pictures;
using ChainRule.Randomness;

if (!new LessonOptions(args).Ok()) return Lecture.Misused;
var page = new Page("Gradient descent");

Console.WriteLine("""
    1. What does a house cost? It depends on its size, which is a number, and on its pincode, which is a name.

    A name cannot be multiplied. So each pincode gets an input of its own, 1 for the houses that lie there and 0 for the
    others ("one-hot"), and its weight becomes the price of the place. Prices are in millions, sizes in hundreds of
    square metres:
        pincode      size     price      inputs
    """);
string[] pincodes = ["560001", "560034", "560078"];
(int Place, double Size, double Price)[] houses =
    [(0, 1.0, 1.5), (0, 0.6, 1.2), (0, 1.4, 1.8), (1, 0.9, 0.9), (1, 1.3, 1.2), (1, 1.8, 1.6), (2, 1.1, 0.9),
        (2, 1.6, 1.3), (2, 2.0, 1.6)];
foreach (var (place, size, price) in houses[..3])
    Console.WriteLine($"    {pincodes[place],7}{size,10:F1}{price,10:F1}      "
        + $"[{string.Join(", ", pincodes.Select((_, i) => i == place ? 1 : 0))}, {size:F1}]");
var x = Tensor.From<double>(
    [.. houses.SelectMany(house => pincodes.Select((_, i) => i == house.Place ? 1.0 : 0).Append(house.Size))],
    [houses.Length, 4]);
var y = Tensor.From<double>([.. houses.Select(house => house.Price)], [houses.Length, 1]);
var w = Tensor.From<double>([1, 1, 1, 0], [4, 1]).RequireGrad();
Tensor Mse() => (x.MatMul(w) - y).Square().Mean();
double error = x.MatMul(w)[0, 0] - houses[0].Price;
Console.WriteLine($"""
        …

    Begin with weights that say one million for every house. The first costs 1.5: the error is {error}, its square
    {error * error}. A square counts errors to both sides alike and large ones most: an error of 2 would cost 4. The
    mean over all houses is the mean squared error, MSE. Descend, 2,000 times:
    """);
var descent = new Sgd([w], learningRate: 0.1);
for (int step = 0; step <= 2000; step++)
{
    var loss = Mse();
    if (step is 0 or 10 or 100 or 2000)
        Console.WriteLine($"    step {step,4}   MSE {loss.Item():F4}   the first house {x.MatMul(w)[0, 0]:F3}");
    descent.ZeroGrad();
    loss.Backward();
    descent.Step();
}
Console.WriteLine($"""
    What it found can be read: a hundred square metres cost {w[3, 0]:F2} million, and the places
    {string.Join(", ", pincodes.Select((pincode, i) => $"{pincode} {w[i, 0]:F2}"))}.

    2. How long a step? Two weights, price = a + b · size, and all of the loss in one picture: a valley, long and
    narrow.
    """);

// 200 houses of one place: 0.8 million for the ground, 0.5 for every hundred square metres, and a
// price is never quite that.
var rng = new TorchRandom(8);
var (sizes, noise) = (new double[200], new double[200]);
rng.Uniform(sizes, 0.5, 2.5);
rng.Normal(noise, 0, 0.2);
double[] prices = [.. sizes.Select((size, i) => 0.8 + 0.5 * size + noise[i])];
double Loss(double a, double b) =>
    sizes.Select((size, i) => a + b * size - prices[i]).Sum(error => error * error) / sizes.Length;

// The gradient of the loss over a batch: d(error²) = 2 · error · d(error), and an error moves by 1 with
// a and by the size with b.
List<(double A, double B)> Descend(double rate, int batch, int steps)
{
    var (draws, order, path) = (new TorchRandom(1), new int[sizes.Length], new List<(double A, double B)> { (0, 0) });
    for (int at = 0, k = 0; k < steps; k++, at = (at + batch) % order.Length)
    {
        if (at == 0) draws.Permutation(order);
        var (a, b) = path[^1];
        double Gradient(Func<int, double> factor) =>
            order[at..(at + batch)].Average(i => 2 * (a + b * sizes[i] - prices[i]) * factor(i));
        path.Add((a - rate * Gradient(_ => 1), b - rate * Gradient(i => sizes[i])));
    }
    return path;
}
double mean = sizes.Average(), square = sizes.Average(size => size * size);
double steepest = 1 + square + Math.Sqrt((1 - square) * (1 - square) + 4 * mean * mean);
var rates = new[] { ("too small", 0.004), ("good", 0.2), ("too large", 2.02 / steepest) };
var paths = rates.Select(rate => (rate.Item1, Path: Descend(rate.Item2, 200, 40))).ToList();
Console.WriteLine($"    step {string.Concat(rates.Select(rate => $"{rate.Item1 + $" {rate.Item2:F3}",18}"))}");
foreach (int k in new[] { 0, 1, 2, 10, 40 })
    Console.WriteLine(
        $"    {k,4} {string.Concat(paths.Select(path => $"{Loss(path.Path[k].A, path.Path[k].B),18:F4}"))}");
Console.WriteLine($"""

    Too small: right in every step, and hardly under way after forty. Too large: each step overshoots the bottom and
    lands a little higher on the other side than it stood. Where that begins can be computed: the valley is bent by
    {steepest:F2} across, and from 2 / {steepest:F2} = {2 / steepest:F3} on steps lead away. There is no learning rate
    that is typical of everything: it hangs on the valley, and lectures use 0.1 where others use 0.0001.
    """);
Series Way(string name, IEnumerable<(double A, double B)> path) =>
    new(name, [.. path.Select(at => at.B)]) { X = [.. path.Select(at => at.A)] };
page.Add("The mean squared error over two weights, and three descents from (0, 0), a mark for every step: forty, and "
    + "of the one that is too large the first six.")
    .Add(Chart.Layer("Three learning rates",
        Chart.Contour("MSE", "a", "b", Loss, (-0.5, 2), (-0.5, 1.7), 60,
            new ChartOptions { Levels = [0.05, 0.1, 0.2, 0.5, 1, 2, 4], Scheme = "greys" }),
        Chart.Line("paths", "a", "b",
            [.. Enumerable.Reverse(paths).Select(
                path => Way(path.Item1, path.Path.Take(path.Item1 == "too large" ? 7 : 41)) with
            { Bold = path.Item1 == "too small", Hue = path.Item1 == "too small" ? Hue.Orange
                : path.Item1 == "good" ? Hue.Cyan : Hue.Pink })], new ChartOptions { Marks = true })))
    .Add(Chart.Line("Loss with three learning rates", "step", "MSE",
        [.. paths.Select(path => new Series(path.Item1, [.. path.Path.Select(at => Loss(at.A, at.B))]))],
        new ChartOptions { LogY = true }));

Console.WriteLine("""

    3. How many houses for one gradient? All 200 give the true gradient of the loss. Twenty, or one, give a rough one,
       for a tenth or less of the work. The loss after looking at 200, 1,000 and 4,000 houses, at learning rate 0.05;
       and how much the loss of one batch varies where training ends, as a standard deviation:

                              200     1,000     4,000     loss of one batch
    """);
var falls = new List<Series>();
foreach (var (name, batch) in new[] { ("batch, all 200", 200), ("mini-batch, 20", 20), ("stochastic, 1", 1) })
{
    var path = Descend(0.05, batch, 4000 / batch);
    var (a, b) = path[^1];
    double[] squares = [.. sizes.Select((size, i) => Math.Pow(a + b * size - prices[i], 2))],
        parts = [.. squares.Chunk(batch).Select(part => part.Average())];
    double middle = parts.Average(), deviation = Math.Sqrt(parts.Average(one => Math.Pow(one - middle, 2)));
    string losses = string.Concat(new[] { 200, 1000, 4000 }.Select(seen => path[seen / batch])
        .Select(at => $"{Loss(at.A, at.B),10:F4}"));
    Console.WriteLine($"    {name,-16}{losses}{deviation,16:F4}");
    falls.Add(new(name, [.. path.Select(at => Loss(at.A, at.B))])
        { X = [.. path.Select((_, k) => (double)k * batch)] });
    page.Add(Chart.Line($"The way of {name}", "a", "b", [Way(name, path)]));
}
page.Add("The loss by how many houses were looked at.").Add(Chart.Line("Batch, mini-batch, stochastic", "houses", "MSE",
    [.. Enumerable.Reverse(falls)], new() { LogY = true }));
Console.WriteLine($"""

    For the same work, the rough gradients get there first, because they step more often. But the fewer houses, the more
    the loss of a batch depends on which they are, and a single house never settles. The mini-batch is the compromise
    that everybody uses. (What cannot be learnt: the noise in the prices, {noise.Average(n => n * n):F4}.)

    4. What to call wrong? One neuron says 0.98 where 0 is right. Squared error against cross-entropy, −ln(1 − output),
    both at learning rate 0.5:

        step      squared error      cross-entropy
    """);
List<double> Unlearn(Func<double, double> derivative)
{
    // weight 2 and bias 2, at an input of 1: a step moves both, and so the sum by twice as much
    var (sum, outputs) = (4.0, new List<double>());
    for (int k = 0; k <= 100; k++, sum -= 2 * 0.5 * derivative(outputs[^1])) outputs.Add(1 / (1 + Math.Exp(-sum)));
    return outputs;
}
Series[] curves = [new("squared error", Unlearn(output => 2 * output * output * (1 - output))),
    new("cross-entropy", Unlearn(output => output))];
foreach (int k in new[] { 0, 1, 10, 20, 100 })
    Console.WriteLine($"    {k,4}{curves[0].Y[k],19:F3}{curves[1].Y[k],19:F3}");
Console.WriteLine("""

    The derivative of the squared error has the sigmoid's own derivative in it, output · (1 − output), which is nearly 0
    where the neuron is sure of itself: the more wrong, the slower it learns. In the cross-entropy that factor cancels,
    and what is left is output − target: the more wrong, the faster. Hence squared errors for amounts, such as prices,
    and cross-entropy for choices.
    """);
page.Add("One neuron unlearns a confident mistake.")
    .Add(Chart.Line("Squared error and cross-entropy", "step", "output, which should be 0", curves));
page.Save("pictures/08-gradient-descent.html");
Console.WriteLine("\npictures: pictures/08-gradient-descent.html");
return 0;

// expected:
// 1. What does a house cost? It depends on its size, which is a number, and on its pincode, which is a name.
//
// A name cannot be multiplied. So each pincode gets an input of its own, 1 for the houses that lie there and 0 for the
// others ("one-hot"), and its weight becomes the price of the place. Prices are in millions, sizes in hundreds of
// square metres:
//     pincode      size     price      inputs
//      560001       1.0       1.5      [1, 0, 0, 1.0]
//      560001       0.6       1.2      [1, 0, 0, 0.6]
//      560001       1.4       1.8      [1, 0, 0, 1.4]
//     …
//
// Begin with weights that say one million for every house. The first costs 1.5: the error is -0.5, its square
// 0.25. A square counts errors to both sides alike and large ones most: an error of 2 would cost 4. The
// mean over all houses is the mean squared error, MSE. Descend, 2,000 times:
//     step    0   MSE 0.2000   the first house 1.000
//     step   10   MSE 0.0435   the first house 1.398
//     step  100   MSE 0.0181   the first house 1.522
//     step 2000   MSE 0.0000   the first house 1.500
// What it found can be read: a hundred square metres cost 0.77 million, and the places
// 560001 0.73, 560034 0.21, 560078 0.06.
//
// 2. How long a step? Two weights, price = a + b · size, and all of the loss in one picture: a valley, long and
// narrow.
//     step    too small 0.004        good 0.200   too large 0.285
//        0             2.5593            2.5593            2.5593
//        1             2.4194            0.4875            2.6586
//        2             2.2873            0.1272            2.7621
//       10             1.4641            0.0444            3.7639
//       40             0.3048            0.0359           12.2474
//
// Too small: right in every step, and hardly under way after forty. Too large: each step overshoots the bottom and
// lands a little higher on the other side than it stood. Where that begins can be computed: the valley is bent by
// 7.08 across, and from 2 / 7.08 = 0.282 on steps lead away. There is no learning rate
// that is typical of everything: it hangs on the valley, and lectures use 0.1 where others use 0.0001.
//
// 3. How many houses for one gradient? All 200 give the true gradient of the loss. Twenty, or one, give a rough one,
//    for a tenth or less of the work. The loss after looking at 200, 1,000 and 4,000 houses, at learning rate 0.05;
//    and how much the loss of one batch varies where training ends, as a standard deviation:
//
//                           200     1,000     4,000     loss of one batch
//     batch, all 200      1.0991    0.0845    0.0486          0.0000
//     mini-batch, 20      0.0529    0.0438    0.0354          0.0116
//     stochastic, 1       0.0468    0.0447    0.0395          0.0523
//
// For the same work, the rough gradients get there first, because they step more often. But the fewer houses, the more
// the loss of a batch depends on which they are, and a single house never settles. The mini-batch is the compromise
// that everybody uses. (What cannot be learnt: the noise in the prices, 0.0350.)
//
// 4. What to call wrong? One neuron says 0.98 where 0 is right. Squared error against cross-entropy, −ln(1 − output),
// both at learning rate 0.5:
//
//     step      squared error      cross-entropy
//        0              0.982              0.982
//        1              0.981              0.953
//       10              0.973              0.159
//       20              0.950              0.064
//      100              0.070              0.011
//
// The derivative of the squared error has the sigmoid's own derivative in it, output · (1 − output), which is nearly 0
// where the neuron is sure of itself: the more wrong, the slower it learns. In the cross-entropy that factor cancels,
// and what is left is output − target: the more wrong, the faster. Hence squared errors for amounts, such as prices,
// and cross-entropy for choices.
//
// pictures: pictures/08-gradient-descent.html
