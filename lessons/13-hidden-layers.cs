#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 13: Hidden layers. Why a network needs a nonlinearity, random weights, width, and care with depth.
//
// Six experiments on what lies between input and output. It follows no lecture, but asks what everybody asks after one.
// A few seconds; where the data set optdigits is at hand (`chainrule data get optdigits`), the last experiment reads
// real digits, and else bars that it draws itself.
using ChainRule.Zoo.Lectures;
using ChainRule;
using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Zoo.Datasets;
if (!new LessonOptions(args).Ok()) return Lecture.Misused;
var page = new Page("Hidden layers");

// Float64 throughout, so that the printed digits are everybody's. A nonlinearity stands between any two layers.
static Sequential Stack(int[] sizes, Func<Module>? activation, ulong seed)
{
    var rng = new TorchRandom(seed);
    var layers = sizes.Zip(sizes.Skip(1), (inputs, outputs) => (Module)new Linear(inputs, outputs, rng)).ToList();
    for (int i = layers.Count - 1; activation is not null && i > 0; i--) layers.Insert(i, activation());
    var stack = new Sequential([.. layers]);
    stack.To(DType.Float64);
    return stack;
}
static double Train(Module model, Func<Tensor> loss, int steps, double rate)
{
    var adam = new Adam(model.Parameters(), rate);
    // shorter and shorter
    for (int step = 0; step < steps; step++, adam.LearningRate = rate * (1 - step / (double)steps))
    {
        adam.ZeroGrad();
        loss().Backward();
        adam.Step();
    }
    return loss().Item();
}
Console.WriteLine("""
    1. A nonlinearity is a function that is no straight line, such as tanh or ReLU, and stands after the weighted sum of
    each neuron. Layers without one are a single layer. W₃ (W₂ (W₁ x)) = (W₃ W₂ W₁) x: multiply the matrices, and three
    layers have become one.
    """);
var (straight, some) = (Stack([4, 16, 16, 3], null, 1), Tensor.Randn([100, 4], new TorchRandom(2), DType.Float64));
var (l1, l2, l3) = ((Linear)straight[0], (Linear)straight[1], (Linear)straight[2]);
Tensor one = l3.Weight.MatMul(l2.Weight).MatMul(l1.Weight), shift = l3.Forward(l2.Forward(l1.Bias!.Value));
double apart = (straight.Forward(some) - (some.MatMul(one, transposeB: true) + shift)).Abs().Max().Item();
Console.WriteLine($"    {straight.ParameterCount} parameters in three layers, {one.Count + shift.Count} in one. The "
    + $"same answers to 1e-12: {(apart < 1e-12 ? "yes" : "NO")}.");
Console.WriteLine("""

    2. And one layer cannot do "either, but not both" (XOR): no straight line parts 01 and 10 from 00 and 11. (ln
    2 = 0.6931 is the loss of a coin.)
    """);
Tensor corners = Tensor.From(new double[,] { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } }),
    xor = Tensor.From(new double[,] { { 0 }, { 1 }, { 1 }, { 0 } });
foreach (var (name, activation) in new (string, Func<Module>?)[] { ("linear", null), ("with tanh", () => new Tanh()) })
{
    var model = Stack([2, 8, 1], activation, 42);
    double loss = Train(model, () => model.Forward(corners).BinaryCrossEntropy(xor), 300, 0.05);
    Console.WriteLine($"    {name,-16}loss {loss:F4}     answers "
        + $"{string.Concat(model.Forward(corners).Sigmoid().ToArray<double>().Select(p => $"{p,7:F2}"))}");
    if (activation is null) continue;
    double Answer(double a, double b) => model.Forward(Tensor.From(new[,] { { a, b } })).Sigmoid().Item();
    page.Add(Chart.Contour("Exclusive or, by eight neurons", "first input", "second input", Answer, (-0.5, 1.5),
        (-0.5, 1.5), 40));
}
Console.WriteLine("""

    3. A layer between inputs and outputs is hidden: its neurons, the hidden units, are seen by nobody from outside. One
       hidden layer draws any curve, if it has enough units and training does not get stuck (universal approximation).
       The largest error anywhere after 2,000 steps:
        neurons      a sine     a corner
    """);
var grid = Tensor.Linspace(-3, 3, 121, DType.Float64).Reshape(121, 1);
(string Name, Func<double, double> F)[] curves = [("sine", x => Math.Sin(2 * x)), ("corner", Math.Abs)];
var fits = curves.Select(curve => new List<Series> { Series.Of(curve.Name, curve.F, -3, 3) }).ToArray();
foreach (int width in new[] { 1, 2, 8, 32 })
{
    Console.Write($"    {width,7}");
    foreach (var (i, (_, f)) in curves.Index())
    {
        var (aim, model) = (Tensor.From([.. grid.ToArray<double>().Select(f)], [121, 1]),
            Stack([1, width, 1], () => new Tanh(), 8));
        Train(model, () => model.Forward(grid).MseLoss(aim), 2000, 0.02);
        var fit = model.Forward(grid);
        fits[i].Add(new Series($"{width} neurons", fit.ToArray<double>()) { X = grid.ToArray<double>() });
        Console.Write($"{(fit - aim).Abs().Max().Item(),13:F2}");
    }
    Console.WriteLine();
}
foreach (var (i, (name, _)) in curves.Index())
    page.Add(Chart.Line($"A {name}, by ever more neurons", "x", "y", fits[i]));
Console.WriteLine("""

    4. Neurons that begin alike stay alike: they say the same, get the same gradient and take the same step. So weights
       begin at random. (Biases may begin at 0. What a bias does is in lesson 34.)
    """);
foreach (var (name, fill) in new (string, double?)[] { ("all 0.5", 0.5), ("all 0", 0), ("random", null) })
{
    var model = Stack([2, 8, 1], () => new Tanh(), 42);
    if (fill is not null) foreach (var p in model.Parameters()) p.FillInPlace(fill.Value);
    double loss = Train(model, () => model.Forward(corners).BinaryCrossEntropy(xor), 300, 0.05);
    Tensor first = ((Linear)model[0]).Weight;
    int kinds = Enumerable.Range(0, 8).Select(i => $"{first[i, 0]:F9} {first[i, 1]:F9}").Distinct().Count();
    Console.WriteLine($"    {name,-10}XOR after 300 steps: loss {loss:F4}, {kinds} different "
        + $"{(kinds == 1 ? "neuron" : "neurons")} of 8");
}
Console.WriteLine("""

    5. Gradients vanish with depth. Ten layers of 64; the norm of the gradient of a layer's weights, backward:
        layer                       10         7         4         1         1 over 10
    """);
var norms = new List<Series>();
Module Activation(Nonlinearity name) =>
    name switch { Nonlinearity.Sigmoid => new Sigmoid(), Nonlinearity.Tanh => new Tanh(), _ => new Relu() };
foreach (var name in new[] { Nonlinearity.Sigmoid, Nonlinearity.Tanh, Nonlinearity.Relu })
{
    var deep = Stack([.. Enumerable.Repeat(64, 11)], () => Activation(name), 3);
    var (rng, linears) = (new TorchRandom(4),
        Enumerable.Range(0, deep.Count).Select(i => deep[i]).OfType<Linear>().ToList());
    linears.ForEach(linear => Init.KaimingNormal(linear.Weight, rng, name));
    deep.Forward(Tensor.Randn([32, 64], rng, DType.Float64)).Square().Mean().Backward();
    double[] norm = [.. linears.Select(linear => Math.Sqrt(linear.Weight.Grad.Square().Sum().Item()))];
    Console.WriteLine($"    {name,-18}{string.Concat(new[] { 9, 6, 3, 0 }.Select(i => $"{norm[i],10:0.0e+0}"))}"
        + $"{norm[0] / norm[^1],14:0.0e+0}");
    norms.Add(new Series($"{name}", norm) { X = [.. Enumerable.Range(1, 10).Select(i => (double)i)] });
}
Console.WriteLine("""
        A sigmoid's derivative is a quarter at best, and nine of them leave 4⁻⁹ = 0.000004 of it if the weights do not
        help: the first layers hardly learn. tanh and ReLU, with weights drawn as wide as each needs, pass gradients on
        nearly whole.
    """);
page.Add(Chart.Line("The norm of the gradient, layer by layer", "layer", "norm", norms,
    new ChartOptions { LogY = true }));
// Bars in four directions, or, where they are at hand, the ten digits of optdigits; both 8 × 8.
string? digits = args.Contains("--quick") ? null : DataFolders.Here().Find("optdigits.tra.csv");
static (Tensor Images, Ids Labels) Digits(Table csv) =>
    (csv.Tensor([.. csv.Columns.Take(64)]).To(DType.Float64) / 16,
        csv.Labels(csv.Columns[64], [.. "0123456789".Select(c => $"{c}")]).Ids);
static (Tensor Images, Ids Labels) Bars()
{
    var (rng, pixels) = (new NumpyRandom(5), new double[400 * 64]);
    rng.Normal(pixels, 0, 0.2);
    for (int n = 0; n < 400; n++)
        for (int i = 0, at = rng.RandInt(1, 7); i < 64; i++)
            if ((n % 4) switch { 0 => i / 8 == at, 1 => i % 8 == at, 2 => i / 8 - i % 8 == 4 - at,
                _ => i / 8 + i % 8 == at + 3 }) pixels[n * 64 + i] += 1;
    return (Tensor.From(pixels, [400, 64]), Ids.From([.. Enumerable.Range(0, 400).Select(n => n % 4)]));
}
var (images, classes) = digits is null ? Bars() : Digits(Csv.Read(digits, new CsvOptions { Header = false }));
var reader = Stack([64, 12, digits is null ? 4 : 10], () => new Relu(), 6);
Train(reader, () => reader.Forward(images).CrossEntropy(classes), 300, 0.02);
var (guesses, filters) = (reader.Forward(images).ArgMax(), ((Linear)reader[0]).Weight);
string what = digits is null ? "bars in four directions" : "the ten digits";
int right = Enumerable.Range(0, classes.Count).Count(i => guesses[i] == classes[i]);
Console.WriteLine($"""

    6. What a first layer looks for. Twelve ReLU neurons read {images.Shape[0]:N0} pictures of 8 × 8, {what}; their
    training accuracy, on these very pictures, is {100.0 * right / classes.Count:F0} %. Each neuron has a weight for
    every pixel, so its weights are a picture too. Six of them (# wants ink, · wants none):
    """);
string Shade(double weight) => weight > 0.25 ? "#" : weight < -0.25 ? "·" : " ";
for (int row = 0; row < 8; row++)
    Console.WriteLine(
        string.Concat(Enumerable.Range(0, 6)
            .Select(n => "        " + string.Concat(Enumerable.Range(8 * row, 8).Select(at => Shade(filters[n, at])))))
                .TrimEnd());
Console.WriteLine(
    "    Where there is never ink, weights stay as drawn. What layers behind the first add is measured in lesson 35.");
page.Add(Chart.Grid("Six neurons of the first layer", 3, [.. Enumerable.Range(0, 6).Select(n =>
{
    double[,] cells = new double[8, 8];
    for (int i = 0; i < 64; i++) cells[i / 8, i % 8] = filters[n, i];
    return Chart.HeatMap($"Neuron {n}", "", "", cells, options: new ChartOptions { Scheme = "redblue" });
})]));
page.Save("pictures/13-hidden-layers.html");
Console.WriteLine("\npictures: pictures/13-hidden-layers.html");
return 0;

// expected:
// 1. A nonlinearity is a function that is no straight line, such as tanh or ReLU, and stands after the weighted sum of
// each neuron. Layers without one are a single layer. W₃ (W₂ (W₁ x)) = (W₃ W₂ W₁) x: multiply the matrices, and three
// layers have become one.
//     403 parameters in three layers, 15 in one. The same answers to 1e-12: yes.
//
// 2. And one layer cannot do "either, but not both" (XOR): no straight line parts 01 and 10 from 00 and 11. (ln
// 2 = 0.6931 is the loss of a coin.)
//     linear          loss 0.6931     answers    0.50   0.50   0.50   0.50
//     with tanh       loss 0.0014     answers    0.00   1.00   1.00   0.00
//
// 3. A layer between inputs and outputs is hidden: its neurons, the hidden units, are seen by nobody from outside. One
//    hidden layer draws any curve, if it has enough units and training does not get stuck (universal approximation).
//    The largest error anywhere after 2,000 steps:
//     neurons      a sine     a corner
//           1         1.22         1.51
//           2         1.00         0.30
//           8         0.08         0.12
//          32         0.02         0.08
//
// 4. Neurons that begin alike stay alike: they say the same, get the same gradient and take the same step. So weights
//    begin at random. (Biases may begin at 0. What a bias does is in lesson 34.)
//     all 0.5   XOR after 300 steps: loss 0.4971, 1 different neuron of 8
//     all 0     XOR after 300 steps: loss 0.6931, 1 different neuron of 8
//     random    XOR after 300 steps: loss 0.0014, 8 different neurons of 8
//
// 5. Gradients vanish with depth. Ten layers of 64; the norm of the gradient of a layer's weights, backward:
//     layer                       10         7         4         1         1 over 10
//     Sigmoid               4.4e-1    7.2e-3    8.7e-5    2.5e-7        5.7e-7
//     Tanh                  4.7e-1    4.5e-1    5.4e-1    7.6e-1        1.6e+0
//     Relu                  5.3e+0    1.0e+1    1.4e+1    4.5e+0        8.5e-1
//     A sigmoid's derivative is a quarter at best, and nine of them leave 4⁻⁹ = 0.000004 of it if the weights do not
//     help: the first layers hardly learn. tanh and ReLU, with weights drawn as wide as each needs, pass gradients on
//     nearly whole.
//
// 6. What a first layer looks for. Twelve ReLU neurons read 400 pictures of 8 × 8, bars in four directions; their
// training accuracy, on these very pictures, is 100 %. Each neuron has a weight for
// every pixel, so its weights are a picture too. Six of them (# wants ink, · wants none):
//          ##·····        ·## #··          ·######        ###·## ·         ······         ####   ·
//         ####  #          ##·#···        ··###·#·        ··##···#        ########         ## ·· ·
//         ##### ##        ·##·#···        ··###·#·        ··###·#·         ·······        ##    ··
//         ········        ·##·#···        ··###·#·        ·# # #··        ########        ·# # #··
//           ##  ##        ·##·#··#        #  ##· ·        ##··#  ·        ······ ·        ·· # # ·
//          · # ###        ·##·#··#        #·## ·#·        #·· ··          # ######        ···# ##·
//         #·  ####        ·##·#··         ·· ##·#·        #·#··· #        #  #####        ····###
//          ···#           ·##·#···         · ##·#·        ·#·····#         ···#··         ·   ####
//     Where there is never ink, weights stay as drawn. What layers behind the first add is measured in lesson 35.
//
// pictures: pictures/13-hidden-layers.html
