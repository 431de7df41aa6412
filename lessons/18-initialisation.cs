#:project ../src/ChainRule
#:project ../src/ChainRule.Pictures
#:project ../src/ChainRule.Zoo
// Lesson 18: Initialisation. How large the first random weights should be, and what a bad start looks like from inside.
//
// The network of lesson 17 learned, and yet it started badly in two ways: it was sure of wrong answers, and most of its
// hidden units were saturated. This lesson looks for both, repairs them by scaling the weights before the first step,
// and asks where the right scales come from, for a network of any depth. The lecture is the first half of makemore part
// 3, in its own random stream. 10 seconds; --full: five full runs, 3 minutes. Needs the names
// (`chainrule data get names`).

using ChainRule;
using ChainRule.Data;
using ChainRule.Diagnostics;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Lectures;
bool quick = args.Contains("--quick"), full = args.Contains("--full");
if (!new LessonOptions(args).Ok()) return Lecture.Misused;
if (!Lecture.Has("names.txt", out string path)) return Lecture.DataMissing;
var examples = Names.FromFile(path).Examples(3);
var (train, dev) = (examples.Train, examples.Validation);

// Nothing is known yet: each of 27 characters deserves 1/27, and the loss should be ln 27. A network that begins above
// that is confident before it has seen anything. What that costs is easiest to see with four
// classes: the third is right.
Console.WriteLine("1. The expected initial loss, and the cost of confident mistakes");
double Cost(params float[] logits) => Tensor.From(logits, [1, 4]).CrossEntropy(Ids.From(2)).Item();
Lecture.Compare("   four equal logits", "1.38", Cost(0, 0, 0, 0), within: 0.01);
Console.WriteLine($"   sure and right {Cost(0, 0, 5, 0):0.00}; sure and wrong {Cost(0, 5, 0, 0):0.00}; expected for 27 "
    + $"classes: ln 27 = {InitialLoss.Expected(27):0.0000}");

// All weights of the lecture's network are N(0, 1) at first. Its logits are then sums of 200 such numbers, far from
// equal: the loss begins at 27.9. Output weights a hundred times smaller, and an output bias of 0, make it begin near
// ln 27. (Weights of exactly 0 stop the gradient in the first step only, until they have moved: see "output weights
// 0".) Behind that hides the second flaw. Pre-activations reach ±19, and tanh of anything beyond ±2.647 is within 0.01
// of ±1, where its derivative 1 − h² is nearly 0: no gradient passes. 61 % of all h are there. A unit that is there for
// every example is dead; luckily, none is. Smaller W1 and b1 prevent that. The first steps of the original only squash
// its logits: its curve is a hockey stick, and that time is lost. In the end the better starts win by hundredths. (A
// bad start also magnifies rounding errors: the original meets the lecture to 0.005, the fixes to 0.0001.)
int steps = full ? 200_000 : quick ? 500 : 10_000;
DType precision = quick ? DType.Float64 : DType.Float32; // so that --quick prints the same everywhere
Console.WriteLine($"\n2. Five ways to start: the first batch, and the loss after {steps:N0} steps");
double kaiming = Init.Gain(Nonlinearity.Tanh) / Math.Sqrt(30); // (5/3) / √fan_in, of which below
int[][] shapes = [[27, 10], [30, 200], [200], [200, 27], [27]];
List<Series> curves = [], befores = [], hiddens = [];
(string, double[], string, string, string, string, double)[] starts =
[
    ("original", [1, 1, 1, 1, 1], "27.8817", "60.95 %", "2.1245", "2.1682", 0.005),
    ("fix softmax", [1, 1, 1, 0.01, 0], "3.3221", "60.95 %", "2.0696", "2.1311", 0.0001),
    ("fix tanh", [1, 0.2, 0.01, 0.01, 0], "3.3135", "0.98 %", "2.0356", "2.1027", 0.0001),
    ("kaiming", [1, kaiming, 0.01, 0.01, 0], "3.3179", "8.1 %", "", "", 0),
    ("output weights 0", [1, 0.2, 0.01, 0, 0], "", "", "", "", 0),
];
foreach (var (name, scales, first, beyond, onTrain, onDev, margin) in starts)
{
    var g = new TorchRandom(2147483647);
    Tensor Drawn(int[] shape, int i) => (Tensor.Randn(shape, g).To(precision) * scales[i]).Detach().RequireGrad();
    Tensor[] w = [.. shapes.Select(Drawn)];
    var losses = Train(w, g, steps, out var pre);
    var state = Saturation.Of("h", pre.Tanh(), bound: 0.99);
    string ours = first == "" ? "" : Comparison.Of(name, beyond, 100 * state.SaturatedFraction).Ours;
    if (first == "") Console.WriteLine($"   {name}, first loss {losses[0]:0.0000}");
    else Lecture.Compare($"   {name}, first loss and |h| > 0.99", $"{first}, {beyond}", $"{losses[0]:0.0000}, {ours}");
    if (name == "original")
        Lecture.Compare("   before tanh; dead units of 200", "-19.06 to 18.05; 0",
            $"{pre.Min().Item():0.00} to {pre.Max().Item():0.00}; {state.Dead}");
    if (!full || onTrain == "") Console.WriteLine($"   {name}, train {Loss(w, train):0.00}, dev {Loss(w, dev):0.00}");
    else
        foreach (var (part, data, theirs) in new[] { ("train", train, onTrain), ("dev", dev, onDev) })
            Lecture.Compare($"   {name}, {part}", theirs, Loss(w, data), margin);
    curves.Add(new(name, losses[..500]));
    (befores, hiddens) = ([.. befores, Series.Of(name, pre)], [.. hiddens, Series.Of(name, pre.Tanh())]);
}

// Where do 0.2 and (5/3)/√30 come from? A sum of n products of independent numbers of variance 1 has variance n. So
// x · w has √n times the standard deviation of x, and weights divided by √fan_in keep it. A nonlinearity shrinks it,
// and a gain makes up for that: √2 for ReLU, which cuts one half off (He and others, 2015), and 5/3 for tanh, as
// PyTorch has it. So weights are drawn from N(0, gain²/fan_in). Some texts write rand(0, √(2/n)); but positive numbers
// do not cancel, and layers explode.
Console.WriteLine("\n3. Keeping the standard deviation");
var rng = new TorchRandom(2147483647);
Tensor inputs = Tensor.Randn([1000, 10], rng), weights = Tensor.Randn([10, 200], rng),
    normal = Tensor.Randn([200, 100], rng), positive = normal, he = Tensor.Zeros([100, 100]);
Tensor wide = inputs.MatMul(weights), kept = inputs.MatMul(weights / Math.Sqrt(10));
Console.WriteLine($"   std of x {inputs.Std().Item():0.00}, of x · w {wide.Std().Item():0.00}, of x · w / √10 "
    + $"{kept.Std().Item():0.00}");
for (int layer = 0; layer < 10; layer++)
{
    Init.KaimingNormal(he, rng, Nonlinearity.Relu);
    normal = normal.MatMul(he).Relu();
    positive = positive.MatMul(Tensor.Uniform([100, 100], 0, Math.Sqrt(2 / 100.0), rng)).Relu();
}
Console.WriteLine(
    $"   after ten layers of ReLU: N(0, 2/n) {normal.Std().Item():0.0}, rand(0, √(2/n)) {positive.Std().Item():0e0}");

// On a deep network of names: five layers of 100 tanh units, and no batch norm to help. Gain 1 lets activations fade
// from layer to layer, 5/3 holds them, 3 drives them into saturation. With 0.5 gradients shrink in the backward pass.
// Without tanh the right gain is 1, and 5/3 explodes; but linear layers in a row are no more than one.
Console.WriteLine("\n4. The gain of a deep network, before its first step: layers 1 to 5");
var (deepLoss, five) = Deep(5.0 / 3, tanh: true);
Tensor[] one = Deep(1, true).Layers, half = Deep(0.5, true).Layers, three = Deep(3, true).Layers,
    linear = Deep(5.0 / 3, false).Layers, linearOne = Deep(1, false).Layers;
Lecture.Compare("   gain 5/3, loss and std", "3.2962, 0.7498 0.6864 0.6732 0.6569 0.6626",
    $"{deepLoss:0.0000}, {Stds(five)}");
Lecture.Compare("   gain 5/3, % beyond 0.97", "20.25 8.38 6.62 5.47 6.12", Saturated(five));
Lecture.Compare("   gain 5/3, std of gradients", "4.206e-4 3.991e-4 3.743e-4 3.290e-4 3.054e-4",
    Gradients(five, "0.000e-0"));
Lecture.Compare("   gain 1; 0.5", "0.6192 0.4784 0.4096 0.3514 0.3247, 0.4102 0.1953 0.0994 0.0478 0.0245",
    $"{Stds(one)}, {Stds(half)}");
Lecture.Compare("   gain 0.5, gradients of 1 and 5", "1.9e-5 3.1e-4", Gradients([half[0], half[4]]));
Lecture.Compare("   no tanh, gain 5/3, std and gradients of 1 and 5", "1.65 12.78, 2.6e-3 3.2e-4",
    $"{Stds([linear[0], linear[4]], "0.00")}, {Gradients([linear[0], linear[4]])}");
Console.WriteLine($"   gain 3, % beyond 0.97: {Saturated(three)}; no tanh, gain 1, std: {Stds(linearOne, "0.00")}");

// Exercise 1: why random at all? With every weight 0, h is 0, so W2 gets no gradient; W2 is 0, so nothing before it
// gets one. Only the output bias learns how often each character occurs: the loss stops at the entropy of that.
Console.WriteLine("\n5. All zeros");
Tensor[] zeros = [.. shapes.Select(shape => Tensor.Zeros(shape).RequireGrad())];
Train(zeros, rng, 100, out _);
var still = zeros.Zip(["C", "W1", "b1", "W2", "b2"]).Where(w => w.First.Abs().Max().Item() == 0);
Console.WriteLine($"   after 100 steps still 0: {string.Join(", ", still.Select(w => w.Second))}");
Tensor often = Tensor.OneHot(train.Targets, 27, DType.Float64).Mean(0),
    bias = Tensor.Zeros([27], DType.Float64).RequireGrad();
var sgd = new Sgd([bias], learningRate: 8);
var plateau = Overfit.Run(() => -(often * bias.LogSoftmax()).Sum(), sgd, steps: 4000, tolerance: 0);
double onOthers = bias.Unsqueeze(0).Expand([dev.Count, 27]).CrossEntropy(dev.Targets).Item();
Lecture.Compare("   the bias alone, to the end, train and dev", "2.8226025554 2.8210191374",
    $"{plateau.Last:0.0000000000} {onOthers:0.0000000000}");
var saturated = new double[32, 200];
for (int i = 0; i < 32 * 200; i++) saturated[i / 200, i % 200] = Math.Abs(hiddens[0].Y[i]) > 0.99 ? 1 : 0;
Series[] Of(Tensor[] all, Func<Tensor, Tensor> what) => [.. all.Select((h, i) => Series.Of($"layer {i + 1}", what(h)))];
new Page("Lesson 18: Initialisation")
    .Add(Chart.Line("The first steps: the hockey stick, three without", "step", "loss", curves, new() { LogY = true }))
    .Add(Chart.HeatMap("Original: which h are beyond 0.99 (dark), so that no gradient passes", "unit", "example",
        saturated, options: new() { Scheme = "greys" }))
    .Add(Chart.Histogram("Before tanh", "pre-activation", befores)).Add(Chart.Histogram("After tanh", "h", hiddens))
    .Add(Chart.Histogram("What a product does to the standard deviation", "value",
        [Series.Of("x", inputs), Series.Of("x · w", wide), Series.Of("x · w / √10", kept)]))
    .Add(Chart.Histogram("Deep, gain 5/3: activations", "h", Of(five, h => h)))
    .Add(Chart.Histogram("Deep, gain 5/3: gradients", "gradient", Of(five, h => h.Grad)))
    .Add(Chart.Histogram("Deep, gain 1: activations", "h", Of(one, h => h)))
    .Add(Chart.Histogram("Deep, gain 0.5: activations", "h", Of(half, h => h)))
    .Save("pictures/18-initialisation.html");
Console.WriteLine("pictures: pictures/18-initialisation.html");
return 0;
// Three characters → 30 numbers → 200 pre-activations; the lecture's network, all by hand.
static Tensor Before(Tensor[] w, Ids x) => w[0].Rows(x).Reshape(-1, 30).MatMul(w[1]) + w[2];
static Tensor Logits(Tensor[] w, Tensor pre) => pre.Tanh().MatMul(w[3]) + w[4];
static double Loss(Tensor[] w, Dataset<Ids, Ids> data)
{
    using var quiet = NoGrad.Begin();
    return Logits(w, Before(w, data.Inputs)).CrossEntropy(data.Targets).Item();
}
List<double> Train(Tensor[] w, TorchRandom g, int steps, out Tensor first)
{
    var (sgd, rows) = (new Sgd(w), new int[32]);
    List<double> losses = [];
    first = default;
    for (int step = 0; step < steps; step++)
    {
        using var scope = Scope.Begin();
        g.Integers(rows, 0, train.Count);
        var pre = Before(w, train.Inputs.Rows(rows));
        if (step == 0) first = pre.Clone().Keep();
        var loss = Logits(w, pre).CrossEntropy(train.Targets.Rows(rows));
        losses.Add(loss.Item());
        sgd.LearningRate = step < 100_000 ? 0.1 : 0.01;
        sgd.ZeroGrad();
        loss.Backward();
        sgd.Step();
    }
    return losses;
}
(double Loss, Tensor[] Layers) Deep(double gain, bool tanh)
{
    var g = new TorchRandom(2147483647);
    var c = Tensor.Randn([27, 10], g).RequireGrad();
    int[] sizes = [30, 100, 100, 100, 100, 100, 27], rows = new int[32];
    var w = Enumerable.Range(0, 6).Select(i =>
        Tensor.Randn([sizes[i], sizes[i + 1]], g) / Math.Sqrt(sizes[i]) * (i < 5 ? gain : 0.1)).ToArray();
    var layers = new Tensor[5];
    g.Integers(rows, 0, train.Count);
    var h = c.Rows(train.Inputs.Rows(rows)).Reshape(-1, 30);
    for (int i = 0; i < 5; i++) layers[i] = h = tanh ? h.MatMul(w[i]).Tanh() : h.MatMul(w[i]);
    var loss = h.MatMul(w[5]).CrossEntropy(train.Targets.Rows(rows));
    loss.Backward();
    return (loss.Item(), layers);
}
static string Stds(Tensor[] layers, string format = "0.0000") =>
    string.Join(' ', layers.Select(h => h.Std().Item().ToString(format)));
static string Saturated(Tensor[] layers) =>
    string.Join(' ', layers.Select(h => $"{Math.Round(100 * Saturation.Of("h", h).SaturatedFraction, 2):0.00}"));
static string Gradients(Tensor[] layers, string format = "0.0e-0") =>
    string.Join(' ', layers.Select(h => h.Grad.Std().Item().ToString(format)));

// expected:
// 1. The expected initial loss, and the cost of confident mistakes
//    four equal logits: 1.39 | lecture: 1.38 | agrees within 0.01
//    sure and right 0.02; sure and wrong 5.02; expected for 27 classes: ln 27 = 3.2958
//
// 2. Five ways to start: the first batch, and the loss after 500 steps
//    original, first loss and |h| > 0.99: 27.8817, 60.95 % | lecture: 27.8817, 60.95 % | agrees
//    before tanh; dead units of 200: -19.06 to 18.05; 0 | lecture: -19.06 to 18.05; 0 | agrees
//    original, train 4.96, dev 4.92
//    fix softmax, first loss and |h| > 0.99: 3.3221, 60.95 % | lecture: 3.3221, 60.95 % | agrees
//    fix softmax, train 2.50, dev 2.50
//    fix tanh, first loss and |h| > 0.99: 3.3135, 0.98 % | lecture: 3.3135, 0.98 % | agrees
//    fix tanh, train 2.49, dev 2.49
//    kaiming, first loss and |h| > 0.99: 3.3179, 8.1 % | lecture: 3.3179, 8.1 % | agrees
//    kaiming, train 2.49, dev 2.49
//    output weights 0, first loss 3.2958
//    output weights 0, train 2.49, dev 2.49
//
// 3. Keeping the standard deviation
//    std of x 1.01, of x · w 3.16, of x · w / √10 1.00
//    after ten layers of ReLU: N(0, 2/n) 0.4, rand(0, √(2/n)) 2e7
//
// 4. The gain of a deep network, before its first step: layers 1 to 5
//    gain 5/3, loss and std: 3.2962, 0.7498 0.6864 0.6732 0.6569 0.6626 | lecture: 3.2962, 0.7498 0.6864 0.6732 0.6569 0.6626 | agrees
//    gain 5/3, % beyond 0.97: 20.25 8.38 6.62 5.47 6.12 | lecture: 20.25 8.38 6.62 5.47 6.12 | agrees
//    gain 5/3, std of gradients: 4.206e-4 3.991e-4 3.743e-4 3.290e-4 3.054e-4 | lecture: 4.206e-4 3.991e-4 3.743e-4 3.290e-4 3.054e-4 | agrees
//    gain 1; 0.5: 0.6192 0.4784 0.4096 0.3514 0.3247, 0.4102 0.1953 0.0994 0.0478 0.0245 | lecture: 0.6192 0.4784 0.4096 0.3514 0.3247, 0.4102 0.1953 0.0994 0.0478 0.0245 | agrees
//    gain 0.5, gradients of 1 and 5: 1.9e-5 3.1e-4 | lecture: 1.9e-5 3.1e-4 | agrees
//    no tanh, gain 5/3, std and gradients of 1 and 5: 1.65 12.78, 2.6e-3 3.2e-4 | lecture: 1.65 12.78, 2.6e-3 3.2e-4 | agrees
//    gain 3, % beyond 0.97: 47.66 40.47 42.38 42.00 42.41; no tanh, gain 1, std: 0.99 0.98 1.01 0.97 0.99
//
// 5. All zeros
//    after 100 steps still 0: C, W1, b1, W2
//    the bias alone, to the end, train and dev: 2.8226025554 2.8210191374 | lecture: 2.8226025554 2.8210191374 | agrees
// pictures: pictures/18-initialisation.html
