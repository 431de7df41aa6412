#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 57: Inside a network. Three hidden units and one output learn XOR, and nothing of it is hidden: every neuron,
// every partial derivative, every step.
//
// What it is: the weights, the bias, the weighted sum and the output of each neuron on one example; the error that
// flows back to each; all thirteen partial derivatives, by the chain rule, by the engine and by nudging; one step of
// gradient descent; and pictures of the network while it learns. The same can be asked of any network of Linear
// layers: `Graph.ErrorFlow` draws it. Lesson 06 comes before it. A second or two.
using ChainRule;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Zoo.Lectures;

if (!new LessonOptions(args).Ok()) return Lecture.Misused;
var rng = new TorchRandom(6);
Linear first = new(2, 3, rng), second = new(3, 1, rng);
var network = new Sequential(first, new Tanh(), second, new Sigmoid());
network.To(DType.Float64);
double[] example = [1, 0];
Tensor x = Tensor.From(example, [1, 2]);
Console.WriteLine($"""
    1. The shape of it, layer by layer, for one example. The output of each layer is the input of the next: this is a
       feed-forward network. Its output is a probability; above 0.5 the answer is yes.

       {network.Summary(x).ReplaceLineEndings("\n   ")}

    2. Forward. Each neuron weighs its inputs, z = w · x + b, and its activation function makes the output of that,
       a = tanh z or a = σ(z). The example is (1, 0), for which XOR is 1.

       neuron               w                          b        z        a
    """);
string[] names = ["hidden 1", "hidden 2", "hidden 3", "output"];
double[] w1 = first.Weight.ToArray<double>(), b1 = first.Bias!.Value.ToArray<double>(),
    w2 = second.Weight.ToArray<double>(), b2 = second.Bias!.Value.ToArray<double>();
static double Dot(double[] w, double[] x) => w.Zip(x, (a, b) => a * b).Sum();
static double Sigma(double z) => 1 / (1 + Math.Exp(-z));
double[] z = [.. Enumerable.Range(0, 3).Select(i => Dot(w1[(2 * i)..(2 * i + 2)], example) + b1[i])],
    a = [.. z.Select(Math.Tanh)];
double zOut = Dot(w2, a) + b2[0], p = Sigma(zOut);
void Neuron(int i, double[] w, double b, double sum, double output) => Console.WriteLine(
    $"   {names[i],-10}{string.Join(" ", w.Select(one => $"{one,8:0.0000}")),-28}{b,9:0.0000}{sum,9:0.0000}"
    + $"{output,9:0.0000}");
for (int i = 0; i < 3; i++) Neuron(i, w1[(2 * i)..(2 * i + 2)], b1[i], z[i], a[i]);
Neuron(3, w2, b2[0], zOut, p);

// L = −ln p for an answer of 1: ∂L/∂z = p − 1 at the output; a hidden unit gets its weight times that, times 1 − a².
double delta = p - 1;
double[] deltas = [.. Enumerable.Range(0, 3).Select(i => delta * w2[i] * (1 - a[i] * a[i]))];
double Loss() => -Math.Log(network.Forward(x).Item());
Console.WriteLine($"""

    3. Backward. The loss is L = −ln p = {Loss():0.0000}. The error of a neuron is δ = ∂L/∂z: p − 1 at the output, and
       δ(output) · w · (1 − a²) at a hidden unit. Every partial derivative follows from these: by a weight, ∂L/∂w is
       the neuron's δ times the input that the weight multiplies; by a bias, ∂L/∂b is δ.

       by              value    δ · input             chain rule       backward        nudging
    """);
(-network.Forward(x).Log()).Sum().Backward();
List<(string Name, Tensor Of, int At, double Delta, double Input)> partials = [];
for (int i = 0; i < 3; i++)
{
    for (int j = 0; j < 2; j++)
        partials.Add(($"{names[i]}, w{j + 1}", first.Weight, 2 * i + j, deltas[i], example[j]));
    partials.Add(($"{names[i]}, b", first.Bias.Value, i, deltas[i], 1));
}
for (int i = 0; i < 3; i++) partials.Add(($"output, w{i + 1}", second.Weight, i, delta, a[i]));
partials.Add(("output, b", second.Bias.Value, 0, delta, 1));
double worst = 0;
foreach (var (name, of, at, d, input) in partials)
{
    double value = of.ToArray<double>()[at], byEngine = of.Grad.ToArray<double>()[at], byRule = d * input;
    double Moved(double h)
    {
        of.Write<double>()[at] = value + h;
        return Loss();
    }
    double byNudge = (Moved(1e-5) - Moved(-1e-5)) / 2e-5;
    of.Write<double>()[at] = value;
    worst = Math.Max(worst, Math.Max(Math.Abs(byRule - byEngine), Math.Abs(byNudge - byEngine)));
    Console.WriteLine($"   {name,-13}{value,8:0.0000}   {d,7:0.0000} · {input,7:0.0000}{Shown(byRule)}{Shown(byEngine)}"
        + Shown(byNudge));
}
Console.WriteLine($"   All {partials.Count} agree to 1e-9: {worst < 1e-9}. Where the input is 0, the derivative by its "
    + "weight is 0.");
var page = new Page("Inside a network")
    .Add("The network before training. Every arrow ends at its weight.")
    .Add(Graph.Of(network, "2 inputs, 3 hidden units, 1 output"))
    .Add("The error flows back: at each neuron its output and ∂L/∂a. In the table under it, each neuron has its "
        + "weights w, bias b, sum z, output a and both errors.")
    .Add(Graph.ErrorFlow(network, x, y => -y.Log().Sum(), "Error flow on the example (1, 0)"));

const double Rate = 0.5;
double before = Loss(), foretold = -Rate * partials.Sum(one => Math.Pow(one.Of.Grad.ToArray<double>()[one.At], 2));
double length = Math.Sqrt(-foretold / Rate);
new Sgd(network.Parameters(), Rate).Step();
Console.WriteLine($"""

    4. One step of gradient descent: each parameter moves by −{Rate} times its derivative. The loss should change by
       −{Rate} · Σ (∂L/∂w)² = {foretold:0.0000} if the gradient stayed the same all the way; it changes by
       {Loss() - before:0.0000}, from {before:0.0000} to {Loss():0.0000}. The length of the gradient is {length:0.0000}.
    """);

Tensor pairs = Tensor.From(new double[,] { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } }),
    xor = Tensor.From(new double[,] { { 0 }, { 1 }, { 1 }, { 0 } });
Console.WriteLine("""

    5. Frames. Now all four examples at every step. What the network answers, the mean loss, and the length of the
       gradient (ln 2 = 0.6931 is the loss of a network that knows nothing):

         step     (0, 0)  (0, 1)  (1, 0)  (1, 1)       loss   gradient
    """);
var optimizer = new Sgd(network.Parameters(), Rate);
List<Chart> frames = [];
List<double> losses = [], lengths = [];
List<double[]> paths = [];
int[] kept = [0, 20, 100, 200, 500, 2000];
for (int step = 0; step <= kept[^1]; step++)
{
    using var scope = Scope.Begin();
    var answers = network.Forward(pairs);
    var loss = -(xor * answers.Log() + (1 - xor) * (1 - answers).Log()).Mean();
    optimizer.ZeroGrad();
    loss.Backward();
    losses.Add(loss.Item());
    lengths.Add(Math.Sqrt(network.Parameters().Sum(one => one.Grad.Square().Sum().Item())));
    paths.Add([.. network.Parameters().SelectMany(one => one.ToArray<double>())]);
    if (kept.Contains(step))
    {
        Console.WriteLine($"     {step,4}   {string.Concat(answers.ToArray<double>().Select(one => $"{one,8:0.000}"))}"
            + $"{losses[^1],11:0.0000}{lengths[^1],11:0.0000}");
        frames.Add(Chart.Contour($"step {step}", "x₁", "x₂", (u, v) => network.Forward(Tensor.From([u, v], [1, 2]))
            .Item(), (-0.5, 1.5), (-0.5, 1.5), 30, new() { Levels = [0.1, 0.3, 0.5, 0.7, 0.9], Width = 260,
                Height = 240 }));
        if (step is 20 or 200 or 2000) page.Add(Graph.Of(network, $"The network at step {step}"));
    }
    optimizer.Step();
}
double[] right = network.Forward(pairs).ToArray<double>();
bool all = right.Zip(xor.ToArray<double>()).All(one => one.First >= 0.5 == (one.Second == 1));
Console.WriteLine($"""
       Right on all four, at a probability of 0.5: {all}. At first hardly anything moves: the four examples pull in
       different directions, and their gradients cancel. Then the hidden units become different from each other.
    """);
page.Add("What it answers for every point of the plane, at six steps.").Add(Chart.Grid("Frames", 3, frames))
    .Add(Chart.Line("Loss and length of the gradient", "step", "", [new("loss", losses), new("gradient", lengths)]))
    .Add("All thirteen parameters, step by step.")
    .Add(Chart.Line("Parameters", "step", "value", [.. partials.Select((one, i) =>
        new Series(one.Name, [.. paths.Select(at => at[i])]))]))
    .Save("pictures/57-inside-a-network.html");
Console.WriteLine("\npictures: pictures/57-inside-a-network.html");
return 0;

static string Shown(double derivative) => $"{derivative + 0,15:0.000000000}";

// expected:
// 1. The shape of it, layer by layer, for one example. The output of each layer is the input of the next: this is a
//    feed-forward network. Its output is a probability; above 0.5 the answer is yes.
//
//    layer             output  parameters
//    Sequential        [1, 1]           –
//      0 Linear(2, 3)  [1, 3]           9
//      1 Tanh          [1, 3]           –
//      2 Linear(3, 1)  [1, 1]           4
//      3 Sigmoid       [1, 1]           –
//    total                             13
//
// 2. Forward. Each neuron weighs its inputs, z = w · x + b, and its activation function makes the output of that,
//    a = tanh z or a = σ(z). The example is (1, 0), for which XOR is 1.
//
//    neuron               w                          b        z        a
//    hidden 1    0.1021   0.0762              0.2465   0.3487   0.3352
//    hidden 2    0.6885   0.1528              0.3507   1.0392   0.7776
//    hidden 3   -0.3753  -0.0719              0.0850  -0.2902  -0.2824
//    output     -0.3841  -0.1925  -0.0407     0.1539  -0.1130   0.4718
//
// 3. Backward. The loss is L = −ln p = 0.7513. The error of a neuron is δ = ∂L/∂z: p − 1 at the output, and
//    δ(output) · w · (1 − a²) at a hidden unit. Every partial derivative follows from these: by a weight, ∂L/∂w is
//    the neuron's δ times the input that the weight multiplies; by a bias, ∂L/∂b is δ.
//
//    by              value    δ · input             chain rule       backward        nudging
//    hidden 1, w1   0.1021    0.1801 ·  1.0000    0.180089004    0.180089004    0.180089004
//    hidden 1, w2   0.0762    0.1801 ·  0.0000    0.000000000    0.000000000    0.000000000
//    hidden 1, b    0.2465    0.1801 ·  1.0000    0.180089004    0.180089004    0.180089004
//    hidden 2, w1   0.6885    0.0402 ·  1.0000    0.040193387    0.040193387    0.040193387
//    hidden 2, w2   0.1528    0.0402 ·  0.0000    0.000000000    0.000000000    0.000000000
//    hidden 2, b    0.3507    0.0402 ·  1.0000    0.040193387    0.040193387    0.040193387
//    hidden 3, w1  -0.3753    0.0198 ·  1.0000    0.019785127    0.019785127    0.019785127
//    hidden 3, w2  -0.0719    0.0198 ·  0.0000    0.000000000    0.000000000    0.000000000
//    hidden 3, b    0.0850    0.0198 ·  1.0000    0.019785127    0.019785127    0.019785127
//    output, w1    -0.3841   -0.5282 ·  0.3352   -0.177051215   -0.177051215   -0.177051215
//    output, w2    -0.1925   -0.5282 ·  0.7776   -0.410739240   -0.410739240   -0.410739240
//    output, w3    -0.0407   -0.5282 · -0.2824    0.149151227    0.149151227    0.149151227
//    output, b      0.1539   -0.5282 ·  1.0000   -0.528228536   -0.528228536   -0.528228536
//    All 13 agree to 1e-9: True. Where the input is 0, the derivative by its weight is 0.
//
// 4. One step of gradient descent: each parameter moves by −0.5 times its derivative. The loss should change by
//    −0.5 · Σ (∂L/∂w)² = -0.2851 if the gradient stayed the same all the way; it changes by
//    -0.2435, from 0.7513 to 0.5078. The length of the gradient is 0.7551.
//
// 5. Frames. Now all four examples at every step. What the network answers, the mean loss, and the length of the
//    gradient (ln 2 = 0.6931 is the loss of a network that knows nothing):
//
//      step     (0, 0)  (0, 1)  (1, 0)  (1, 1)       loss   gradient
//         0      0.591   0.588   0.602   0.599     0.7113     0.1139
//        20      0.509   0.501   0.508   0.501     0.6937     0.0080
//       100      0.493   0.492   0.515   0.511     0.6921     0.0096
//       200      0.353   0.543   0.572   0.581     0.6184     0.0718
//       500      0.023   0.962   0.990   0.036     0.0271     0.0170
//      2000      0.003   0.996   0.999   0.004     0.0029     0.0019
//    Right on all four, at a probability of 0.5: True. At first hardly anything moves: the four examples pull in
//    different directions, and their gradients cancel. Then the hidden units become different from each other.
//
// pictures: pictures/57-inside-a-network.html
