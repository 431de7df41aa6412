#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 06: Neuron, layer, network. Forty-one numbers learn four examples, and every one of them can be looked at.
//
// A neuron is a weighted sum and an activation function; a layer is neurons side by side; a network is layers in a row.
// It is the last quarter of Andrej Karpathy's lecture on micrograd, with ChainRule.Scalar in the place of his classes.
// (His network's weights were drawn without a seed.) Two seconds.
using ChainRule;
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Scalar;
using ChainRule.Zoo.Lectures;
if (!new LessonOptions(args).Ok()) return Lecture.Misused;
var page = new Page("Neuron, layer, network");
Console.WriteLine("""
    1. A neuron: inputs, weights, bias, activation, output. Two inputs, 1 and −2, Python's random numbers from seed
    1337, and ReLU:
    """);
var neuron = new Neuron(2, new PythonRandom(1337), Activation.Relu, drawBias: false);
Value[] seen = [new(1, "x1"), new(-2, "x2")];
var fired = neuron.Forward(seen);
fired.Backward();
foreach (var (i, lecture) in new[] { (0, "0.2355"), (1, "0.0665") })
    Lecture.Compare($"    weight {i + 1}", lecture, neuron.Weights[i].Data);
foreach (var (i, lecture) in new[] { (0, "0.2355"), (1, "-0.1331") })
    Lecture.Compare($"    input {i + 1} · weight {i + 1}", lecture, seen[i].Data * neuron.Weights[i].Data);
Lecture.Compare("    output", "0.1024", fired.Data);
foreach (var (value, name) in new[] { (neuron.Weights[0], "w1"), (neuron.Weights[1], "w2"), (neuron.Bias, "b"),
    (fired, "o"), (fired.Parents[0], "n") }) value.Named(name);
page.Add("A neuron multiplies each input by a weight, adds the products and a bias (here 0), and puts the sum through "
    + "an activation function.")
    .Add(Graph.Of(neuron, [1, -2], "A neuron with two inputs"))
        .Add(Graph.Of(fired, "The same neuron as an expression"));

Console.WriteLine("""

    2. An operation may be as large or as small as you like, if you know its slope.
    tanh n = (e²ⁿ − 1) / (e²ⁿ + 1). The neuron of lesson 02, with tanh taken to pieces: more boxes in between, the same
    slopes at the leaves.
    """);
Value x1 = new(2, "x1"), x2 = new(0, "x2"), w1 = new(-3, "w1"), w2 = new(1, "w2"), b = new(6.8813735870195432, "b");
var twoN = (2 * (x1 * w1 + x2 * w2 + b)).Named("2n");
Value e = twoN.Exp().Named("e"), above = (e - 1).Named("e−1"), below = (e + 1).Named("e+1"),
    inverse = below.Pow(-1).Named("1/(e+1)"), o = (above * inverse).Named("o");
o.Backward();
foreach (var (v, lecture) in new[] { (twoN, "1.7627 0.2500"), (e, "5.8284 0.0429"), (above, "4.8284 0.1464"),
    (below, "6.8284 -0.1036"), (inverse, "0.1464 4.8284") })
    Lecture.Compare($"    {v.Label} and its slope", lecture, $"{v.Data:F4} {v.Grad:F4}");
foreach (var (v, lecture) in new[] { (x1, "-1.5"), (w1, "1.0"), (x2, "0.5"), (w2, "0.0") })
    Lecture.Compare($"    do/d{v.Label}", lecture, v.Grad);
var (whole, numbers) = (new Neuron(2, new PythonRandom(0)), new[] { -3, 1, 6.8813735870195432 });
foreach (var (parameter, number) in whole.Parameters().Zip(numbers)) parameter.Data = number;
page.Add("The neuron of lesson 02 with tanh as one operation, and with tanh in pieces.")
    .Add(Graph.Of(whole, [2, 0], "A tanh neuron")).Add(Graph.Of(o, "tanh in pieces"));
Console.WriteLine("""

    The lecture repeats the neuron in PyTorch, where numbers written down are float32: the bias 6.8813735870195432
    becomes 6.881373405456543, and the slopes move in the seventh digit. ChainRule's Tensor does the same to the same
    digits:
    """);
Tensor Leaf(float number) => Tensor.From(number).To(DType.Float64).RequireGrad();
Tensor tx1 = Leaf(2), tx2 = Leaf(0), tw1 = Leaf(-3), tw2 = Leaf(1),
    to = (tx1 * tw1 + tx2 * tw2 + Leaf(6.8813735870195432f)).Tanh();
to.Backward();
Lecture.Compare("    o", "0.70710669040504", to.Item());
foreach (var (name, t, lecture) in new[] { ("x2", tx2, "0.50000012838444"), ("w2", tw2, "0.0"),
    ("x1", tx1, "-1.50000038515331"), ("w1", tw1, "1.00000025676887") })
    Lecture.Compare($"    do/d{name}", lecture, t.Grad.Item());

Console.WriteLine(
    "\n3. Two expressions crooked enough to trust an engine that gets them right: micrograd's README, and its test.");
Value ra = -4, rb = 2, c = ra + rb, d = ra * rb + rb.Pow(3);
c += c + 1;
c += 1 + c + -ra;
d += d * 2 + (rb + ra).Relu();
d += 3 * d + (rb - ra).Relu();
Value f = (c - d).Pow(2), g = f / 2 + 10.0 / f;
g.Backward();
Lecture.Compare("    g", "24.7041", g.Data);
Lecture.Compare("    dg/da", "138.8338", ra.Grad);
Lecture.Compare("    dg/db", "645.5773", rb.Grad);
Value x = -4, z = 2 * x + 2 + x, q = z.Relu() + z * x, y = (z * z).Relu() + q + q * x;
y.Backward();
foreach (var (name, lecture, ours) in new[] { ("y", "-20", y.Data), ("dy/dx", "46", x.Grad) })
    Lecture.Compare($"    {name}", lecture, ours);
Console.WriteLine("\n4. A network: three inputs, two layers of four neurons, one output.");
var network = new Mlp(3, [4, 4, 1], new PythonRandom(42));
Value[][] inputs = [[2, 3, -1], [3, -1, 0.5], [0.5, 1, 1], [1, 1, -1]];
double[] targets = [1, -1, -1, 1];
Lecture.Compare("    parameters", "41", network.Parameters().Count);
Console.WriteLine("""
    That is (3 + 1) · 4 + (4 + 1) · 4 + (4 + 1) · 1: each neuron has a weight for every input, and a bias. Weights and
    biases are the parameters of the network: the numbers that training changes.

    Learning takes six steps:  1 initialise   2 forward   3 loss   4 backward   5 update   6 repeat from 2.
    The first example, [2, 3, −1] → 1: forward, each layer feeds the next; backward, the error comes the other way:
    """);
Value[] signal = inputs[0];
var layers = new List<Value[]> { signal };
foreach (var layer in network.Layers) layers.Add(signal = layer.Forward(signal));
var error = (signal[0] - 1).Pow(2);
error.Backward();
string[] stages = ["inputs", "layer 1", "layer 2", "output"];
foreach (var (name, values) in stages.Zip(layers))
    Console.WriteLine($"    {name,-9}{string.Concat(values.Select(v => $"{v.Data,8:F3}"))}");
Console.WriteLine($"    loss     {error.Data,8:F3}      (output − 1)²");
foreach (var (name, values) in stages.Zip(layers).Reverse())
    Console.WriteLine($"    error at {name,-9}{string.Concat(values.Select(v => $"{v.Grad,8:F3}"))}");
var first = network.Layers[0].Neurons[0];
double rate = 0.05, weight = first.Weights[0].Data, slope = first.Weights[0].Grad,
    flat = 1 - layers[1][0].Data * layers[1][0].Data;
Console.WriteLine($"""

    The first weight of all is {weight:F4} and its slope {slope:F4}: the error of its neuron, times the slope of tanh
    there, 1 − ({layers[1][0].Data:F5})² = {flat:F5}, times its input:
    {layers[1][0].Grad:F5} · {flat:F5} · 2 = {layers[1][0].Grad * flat * 2:F4}. The update goes against the slope: w ←
    w − learning rate · slope = {weight:F4} − {rate} · {slope:F4} = {weight - rate * slope:F4}. So for all 41. The first
    20 losses, at learning rate {rate}:
    """);
page.Add("The whole network before training: every arrow ends at its weight.")
    .Add(Graph.Of(network, "41 numbers: 3 inputs, layers of 4, 4 and 1"))
    .Add("Backward, on the first example: each neuron's output and its error, which comes along the arrows from the "
        + "loss.")
    .Add(Graph.ErrorFlow(network, [2, 3, -1], y => (y[0] - 1).Pow(2), "The error in the backward pass"));
List<(double Loss, double[] Answers)> Train(Mlp network, double rate, int steps)
{
    var path = new List<(double, double[])>();
    for (int k = 0; k <= steps; k++)
    {
        Value[] answers = [.. inputs.Select(input => network.Call(input))];
        var loss = Value.Sum([.. answers.Zip(targets, (answer, target) => (answer - target).Pow(2))]);
        network.ZeroGrad();
        loss.Backward();
        foreach (var parameter in network.Parameters()) parameter.Data -= rate * parameter.Grad;
        path.Add((loss.Data, [.. answers.Select(answer => answer.Data)]));
    }
    return path;
}
var run = Train(network, rate, 600);
double[] losses = [.. run.Select(at => at.Loss)],
    far = [.. Train(new Mlp(3, [4, 4, 1], new PythonRandom(42)), 0.1, 20).Select(at => at.Loss)];
for (int k = 0; k < 20; k += 5)
    Console.WriteLine($"    {k,6} to {k + 4,2}{string.Concat(losses[k..(k + 5)].Select(l => $"{l,10:F4}"))}");
Console.WriteLine("        step     loss     the four answers, which should be 1, −1, −1, 1");
foreach (int k in new[] { 20, 100, 600 })
    Console.WriteLine(
        $"    {k,8}{losses[k],9:F4}     {string.Concat(run[k].Answers.Select(answer => $"{answer,8:F3}"))}");
int falls = losses.Zip(losses.Skip(1), (now, next) => next < now).Count(fell => fell);
int rise = Enumerable.Range(0, 20).First(k => far[k + 1] > far[k]);
Console.WriteLine($"""

    The loss fell in {falls} of 600 steps. (At learning rate 0.1, the lecture's, this draw overshoots in step {rise}:
    from {far[rise]:F4} to {far[rise + 1]:F4}.) The answers creep towards ±1 and never get there: tanh reaches 1 only at
    infinity, and the nearer it comes, the flatter it is.
    """);
page.Add($"From {losses[0]:F2} to {losses[20]:F2} in twenty steps, to {losses[600]:F4} in six hundred.")
    .Add(Chart.Line("Training", "step", "loss (logarithmic)", [new Series("loss", losses)],
        new ChartOptions { LogY = true }));
page.Save("pictures/06-neuron-layer-mlp.html");
Console.WriteLine("\npictures: pictures/06-neuron-layer-mlp.html");
return 0;

// expected:
// 1. A neuron: inputs, weights, bias, activation, output. Two inputs, 1 and −2, Python's random numbers from seed
// 1337, and ReLU:
//     weight 1: 0.2355 | lecture: 0.2355 | agrees
//     weight 2: 0.0665 | lecture: 0.0665 | agrees
//     input 1 · weight 1: 0.2355 | lecture: 0.2355 | agrees
//     input 2 · weight 2: -0.1331 | lecture: -0.1331 | agrees
//     output: 0.1024 | lecture: 0.1024 | agrees
//
// 2. An operation may be as large or as small as you like, if you know its slope.
// tanh n = (e²ⁿ − 1) / (e²ⁿ + 1). The neuron of lesson 02, with tanh taken to pieces: more boxes in between, the same
// slopes at the leaves.
//     2n and its slope: 1.7627 0.2500 | lecture: 1.7627 0.2500 | agrees
//     e and its slope: 5.8284 0.0429 | lecture: 5.8284 0.0429 | agrees
//     e−1 and its slope: 4.8284 0.1464 | lecture: 4.8284 0.1464 | agrees
//     e+1 and its slope: 6.8284 -0.1036 | lecture: 6.8284 -0.1036 | agrees
//     1/(e+1) and its slope: 0.1464 4.8284 | lecture: 0.1464 4.8284 | agrees
//     do/dx1: -1.5 | lecture: -1.5 | agrees
//     do/dw1: 1.0 | lecture: 1.0 | agrees
//     do/dx2: 0.5 | lecture: 0.5 | agrees
//     do/dw2: 0.0 | lecture: 0.0 | agrees
//
// The lecture repeats the neuron in PyTorch, where numbers written down are float32: the bias 6.8813735870195432
// becomes 6.881373405456543, and the slopes move in the seventh digit. ChainRule's Tensor does the same to the same
// digits:
//     o: 0.70710669040504 | lecture: 0.70710669040504 | agrees
//     do/dx2: 0.50000012838444 | lecture: 0.50000012838444 | agrees
//     do/dw2: 0.0 | lecture: 0.0 | agrees
//     do/dx1: -1.50000038515331 | lecture: -1.50000038515331 | agrees
//     do/dw1: 1.00000025676887 | lecture: 1.00000025676887 | agrees
//
// 3. Two expressions crooked enough to trust an engine that gets them right: micrograd's README, and its test.
//     g: 24.7041 | lecture: 24.7041 | agrees
//     dg/da: 138.8338 | lecture: 138.8338 | agrees
//     dg/db: 645.5773 | lecture: 645.5773 | agrees
//     y: -20 | lecture: -20 | agrees
//     dy/dx: 46 | lecture: 46 | agrees
//
// 4. A network: three inputs, two layers of four neurons, one output.
//     parameters: 41 | lecture: 41 | agrees
// That is (3 + 1) · 4 + (4 + 1) · 4 + (4 + 1) · 1: each neuron has a weight for every input, and a bias. Weights and
// biases are the parameters of the network: the numbers that training changes.
//
// Learning takes six steps:  1 initialise   2 forward   3 loss   4 backward   5 update   6 repeat from 2.
// The first example, [2, 3, −1] → 1: forward, each layer feeds the next; backward, the error comes the other way:
//     inputs      2.000   3.000  -1.000
//     layer 1    -0.984   0.376  -0.988  -0.999
//     layer 2     0.922  -0.789   0.215  -0.767
//     output      0.699
//     loss        0.090      (output − 1)²
//     error at output     -0.601
//     error at layer 2    -0.202  -0.073  -0.222  -0.048
//     error at layer 1     0.170   0.173  -0.166  -0.034
//     error at inputs      0.072   0.051   0.116
//
// The first weight of all is 0.2789 and its slope 0.0111: the error of its neuron, times the slope of tanh
// there, 1 − (-0.98354)² = 0.03265, times its input:
// 0.16968 · 0.03265 · 2 = 0.0111. The update goes against the slope: w ←
// w − learning rate · slope = 0.2789 − 0.05 · 0.0111 = 0.2783. So for all 41. The first
// 20 losses, at learning rate 0.05:
//          0 to  4    5.2305    2.7047    1.8460    1.1775    0.8217
//          5 to  9    0.5957    0.4312    0.3468    0.2890    0.2461
//         10 to 14    0.2131    0.1872    0.1664    0.1494    0.1353
//         15 to 19    0.1234    0.1132    0.1045    0.0969    0.0903
//         step     loss     the four answers, which should be 1, −1, −1, 1
//           20   0.0845        0.842  -0.909  -0.814   0.872
//          100   0.0114        0.946  -0.965  -0.930   0.951
//          600   0.0014        0.982  -0.988  -0.975   0.982
//
// The loss fell in 600 of 600 steps. (At learning rate 0.1, the lecture's, this draw overshoots in step 1:
// from 3.1241 to 3.2660.) The answers creep towards ±1 and never get there: tanh reaches 1 only at
// infinity, and the nearer it comes, the flatter it is.
//
// pictures: pictures/06-neuron-layer-mlp.html
