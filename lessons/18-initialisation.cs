#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
// Lesson 18: Initialisation. How large the first random weights should be, and what a bad start looks like from inside.
//
// The network of lesson 17 learned, and yet it started badly in two ways: it was sure of wrong answers, and most of its hidden units were asleep. No error
// message says so. This lesson looks for both, repairs them by multiplying the weights by the right constants before the first step, and asks where the right
// constants come from, for a network of any depth. The lecture is the first half of makemore part 3, in its own random stream. About 10 seconds; with
// --full 2 minutes, for the lecture's four runs of 200,000 steps. Needs the lecture's names (`chainrule data get names`).

using ChainRule;
using ChainRule.Data;
using ChainRule.Diagnostics;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Lectures;

bool full = args.Contains("--full");
if (!Lecture.Has("names.txt", out string path)) return Lecture.DataMissing;
var split = Names.FromFile(path).Examples(3);
var (train, dev) = (split.Train, split.Validation);

// Nothing is known yet, and so each of 27 characters deserves 1/27 and the loss should be ln 27. A network that begins above that has opinions before it has
// seen anything. What opinions cost is easiest to see with four classes, of which the third is right.
Console.WriteLine("1. What ignorance costs, and what opinions cost");
static double Of4(params float[] logits) => Tensor.From(logits, [1, 4]).CrossEntropy(Ids.From(2)).Item();
Lecture.Compare("   four equal logits", "1.38", Of4(0, 0, 0, 0), within: 0.01);
Console.WriteLine($"   sure and right {Of4(0, 0, 5, 0):0.00}; sure and wrong {Of4(0, 5, 0, 0):0.00}; 27 classes, not knowing: ln 27 = {InitialLoss.Expected(27):0.0000}");

// All weights of the lecture's network are N(0, 1) at first. Its logits are then sums of 200 such numbers, far from equal: the loss begins at 27.9. Output
// weights a hundred times smaller, and an output bias of 0, make it begin at ln 27 (not exactly 0: then W1 would get no gradient).
// Behind that hides the second flaw. Pre-activations reach ±19, and tanh of anything beyond ±2.6 is within 0.01 of ±1, where its slope 1 − h² is nearly 0: no
// gradient passes. 61 % of all h are there. A unit that is there for every example is dead; here, luckily, none is. Smaller W1 and b1 wake them up.
Console.WriteLine("\n2. Four ways to start, seen on the first batch");
double kaiming = Init.Gain(Nonlinearity.Tanh) / Math.Sqrt(30); // (5/3) / √fan_in, of which below
(string Name, double[] Scales, string Loss, string Asleep, string Train, string Dev, double Margin)[] starts =
[
    ("original", [1, 1, 1, 1, 1], "27.8817", "60.95 %", "2.1245", "2.1682", 0.002), ("fix softmax", [1, 1, 1, 0.01, 0], "3.3221", "60.95 %", "2.0696", "2.1311", 0.0002),
    ("fix tanh", [1, 0.2, 0.01, 0.01, 0], "3.3135", "0.98 %", "2.0356", "2.1027", 0.0002), ("kaiming", [1, kaiming, 0.01, 0.01, 0], "3.3179", "8.1 %", "2.05", "2.12", 0.02),
];
foreach (var start in starts)
{
    var net = new Net(start.Scales);
    var (x, y) = net.Batch(train);
    var (before, h, logits) = net.Layers(x);
    var asleep = Saturation.Of("h", h, bound: 0.99);
    Lecture.Compare($"   {start.Name}, first loss", start.Loss, logits.CrossEntropy(y).Item());
    Lecture.Compare($"   {start.Name}, |h| > 0.99", start.Asleep, 100 * asleep.Share);
    if (start.Name != "original") continue;
    Lecture.Compare("   original, pre-activations", "-19.06 to 18.05", $"{before.Min().Item():0.00} to {before.Max().Item():0.00}");
    Lecture.Compare("   original, dead units of 200", "0", asleep.Dead);
}

// Does it matter? The first steps of the original only squash its logits: its curve has the shape of a hockey stick, and that time is lost. In the end
// the better starts win by several hundredths. A network of one hidden layer forgives much; a deep one does not.
int steps = full ? 200_000 : args.Contains("--quick") ? 500 : 10_000;
Console.WriteLine($"\n3. The same four after {steps:N0} steps");
Dictionary<string, List<double>> losses = [];
foreach (var start in starts)
{
    var net = new Net(start.Scales);
    losses[start.Name] = net.Train(train, steps);
    if (!full) Console.WriteLine($"   {start.Name,-11} train {net.Loss(train):0.00}, dev {net.Loss(dev):0.00}");
    else
    {
        Lecture.Compare($"   {start.Name}, train", start.Train, net.Loss(train), start.Margin);
        Lecture.Compare($"   {start.Name}, dev", start.Dev, net.Loss(dev), start.Margin);
    }
}

// Where do 0.2 and (5/3)/√30 come from? A sum of n products of independent numbers of variance 1 has variance n. So x · w spreads √n times as wide as x, and
// weights divided by √fan_in keep the spread. A nonlinearity shrinks it again, and a gain makes up for that: √2 for ReLU, which cuts one half off, and 5/3
// for tanh (Kaiming He and others, 2015). The weights are N(0, gain²/fan_in). Some notes write "rand(0, √(2/n))" for it; but numbers that are all positive
// do not cancel, and the layers explode.
Console.WriteLine("\n4. Keeping the spread");
var g = new TorchRandom(2147483647);
Tensor inputs = Tensor.Randn([1000, 10], g), weights = Tensor.Randn([10, 200], g);
Console.WriteLine($"   std of x {inputs.Std().Item():0.00}, of x · w {inputs.MatMul(weights).Std().Item():0.00} (√10 = {Math.Sqrt(10):0.00}), of x · w / √10 {inputs.MatMul(weights / Math.Sqrt(10)).Std().Item():0.00}");
Tensor normal = Tensor.Randn([200, 100], g), positive = normal;
for (int layer = 0; layer < 10; layer++)
{
    var he = Tensor.Zeros([100, 100]); // [out, in], as the library keeps them
    Init.KaimingNormal(he, g, Nonlinearity.Relu);
    normal = normal.MatMul(he, transposeB: true).Relu();
    positive = positive.MatMul(Tensor.Uniform([100, 100], 0, Math.Sqrt(2 / 100.0), g)).Relu();
}
Console.WriteLine($"   after ten layers of ReLU: N(0, 2/n) {normal.Std().Item():0.0}, rand(0, √(2/n)) {positive.Std().Item():0e0}");

// The same on a deep network of names: five layers of 100 tanh units, and no batch norm to help. Gain 1 lets the activations fade from layer to layer, 5/3
// holds them, 3 drives them into saturation. Gradients tell the other half: with 0.5 they shrink on the way back. Without tanh the right gain is 1 exactly.
// A stack of linear layers can only ever be one linear layer, and the 5/3 that tanh needs makes it explode. (Exact halves are rounded to even, as torch does.)
Console.WriteLine("\n5. The gain of a deep network, before its first step: layers 1 to 5");
Deep[] study = [new(5.0 / 3, true, train), new(1, true, train), new(0.5, true, train), new(3, true, train), new(5.0 / 3, false, train), new(1, false, train)];
Lecture.Compare("   gain 5/3, loss", "3.2962", study[0].Loss);
Lecture.Compare("   gain 5/3, std", "0.7498 0.6864 0.6732 0.6569 0.6626", study[0].Stds());
Lecture.Compare("   gain 5/3, % beyond 0.97", "20.25 8.38 6.62 5.47 6.12", study[0].Asleep("0.00"));
Lecture.Compare("   gain 5/3, std of gradients", "4.206e-4 3.991e-4 3.743e-4 3.290e-4 3.054e-4", study[0].Gradients("0.000e-0"));
Lecture.Compare("   gain 1, std", "0.6192 0.4784 0.4096 0.3514 0.3247", study[1].Stds());
Lecture.Compare("   gain 0.5, std", "0.4102 0.1953 0.0994 0.0478 0.0245", study[2].Stds());
Lecture.Compare("   gain 0.5, gradients", "1.9e-5 to 3.1e-4", study[2].Ends(study[2].Gradients("0.0e-0")));
Console.WriteLine($"   gain 3, % beyond 0.97: {study[3].Asleep("0.0")}");
Lecture.Compare("   no tanh, gain 5/3, std", "1.65 to 12.78", study[4].Ends(study[4].Stds("0.00")));
Lecture.Compare("   no tanh, gain 5/3, gradients", "2.6e-3 to 3.2e-4", study[4].Ends(study[4].Gradients("0.0e-0")));
Console.WriteLine($"   no tanh, gain 1: std {study[5].Stds("0.00")}, gradients {study[5].Gradients("0.0e-0")}");

// Exercise 1: why random at all? With every weight 0, h is 0, so W2 gets no gradient; W2 is 0, so nothing before it gets one. Only the output bias learns, and
// all it can learn is how often each character occurs. The loss stops at the entropy of that, for ever. The bias is trained here to the very end.
Console.WriteLine("\n6. All zeros");
var zero = new Net([0, 0, 0, 0, 0]);
zero.Train(train, 100);
Console.WriteLine($"   parameters that a gradient reaches, after 100 steps: {string.Join(", ", GradientFlow.Of(zero.Named).Lines.Where(line => line.Reached).Select(line => line.Parameter))}");
var often = Tensor.OneHot(train.Targets, 27, DType.Float64).Mean(0);
var bias = Tensor.Zeros([27], DType.Float64).RequireGrad();
var sgd = new Sgd([bias], rate: 5);
Overfit.Run(() => -(often * bias.LogSoftmax()).Sum(), sgd, steps: 2000, tolerance: 0);
Lecture.Compare("   plateau, train", "2.8226025554", -(often * bias.LogSoftmax()).Sum().Item());
Lecture.Compare("   plateau, dev", "2.8210191374", bias.Unsqueeze(0).Expand([dev.Count, 27]).CrossEntropy(dev.Targets).Item());
return 0;

/// <summary>Lesson 17's network with 12 thousand parameters, each drawn as N(0, 1) in the lecture's order and then scaled.</summary>
sealed class Net(double[] scales)
{
    readonly TorchRandom _g = new(2147483647);
    Tensor[]? _all;

    Tensor[] All => _all ??= [.. new int[][] { [27, 10], [30, 200], [200], [200, 27], [27] }.Select((shape, i) => (Tensor.Randn(shape, _g) * scales[i]).Detach().RequireGrad())];

    public IEnumerable<KeyValuePair<string, Tensor>> Named => All.Select((w, i) => KeyValuePair.Create(new[] { "C", "W1", "b1", "W2", "b2" }[i], w));

    public (Ids X, Ids Y) Batch(Dataset<Ids, Ids> data)
    {
        var rows = new int[32];
        _ = All; // the weights are drawn before the batches
        _g.Integers(rows, 0, data.Count);
        return (data.Inputs.Rows(rows), data.Targets.Rows(rows));
    }

    public (Tensor Before, Tensor H, Tensor Logits) Layers(Ids x)
    {
        var before = All[0].Rows(x).Reshape(-1, 30).MatMul(All[1]) + All[2];
        var h = before.Tanh();
        return (before, h, h.MatMul(All[3]) + All[4]);
    }

    public double Loss(Dataset<Ids, Ids> data)
    {
        using var quiet = NoGrad.Begin();
        using var scope = Scope.Begin();
        return Layers(data.Inputs).Logits.CrossEntropy(data.Targets).Item();
    }

    public List<double> Train(Dataset<Ids, Ids> data, int steps)
    {
        var sgd = new Sgd(All);
        List<double> losses = [];
        for (int step = 0; step < steps; step++)
        {
            using var scope = Scope.Begin();
            var (x, y) = Batch(data);
            var loss = Layers(x).Logits.CrossEntropy(y);
            losses.Add(loss.Item());
            sgd.Rate = step < 100_000 ? 0.1 : 0.01;
            sgd.ZeroGrad();
            loss.Backward();
            sgd.Step();
        }
        return losses;
    }
}

/// <summary>Five layers of 100 units and an output layer, with one batch gone through and back.</summary>
sealed class Deep
{
    public List<Tensor> Layers { get; } = [];

    public Deep(double gain, bool tanh, Dataset<Ids, Ids> data)
    {
        var g = new TorchRandom(2147483647);
        var c = Tensor.Randn([27, 10], g).RequireGrad();
        int[] sizes = [30, 100, 100, 100, 100, 100, 27], rows = new int[32];
        Tensor[] w = [.. Enumerable.Range(0, 6).Select(i => Tensor.Randn([sizes[i], sizes[i + 1]], g) / Math.Sqrt(sizes[i]) * (i < 5 ? gain : 0.1))];
        g.Integers(rows, 0, data.Count);
        var h = c.Rows(data.Inputs.Rows(rows)).Reshape(-1, 30);
        for (int i = 0; i < 5; i++) Layers.Add(h = tanh ? h.MatMul(w[i]).Tanh() : h.MatMul(w[i]));
        var loss = h.MatMul(w[5]).CrossEntropy(data.Targets.Rows(rows));
        loss.Backward();
        Loss = loss.Item();
    }

    public double Loss { get; }

    public string Stds(string format = "0.0000") => string.Join(' ', Layers.Select(h => h.Std().Item().ToString(format)));

    public string Asleep(string format) => string.Join(' ', Layers.Select(h => Math.Round(100 * Saturation.Of("h", h).Share, 2).ToString(format)));

    public string Gradients(string format) => string.Join(' ', Layers.Select(h => h.Grad.Std().Item().ToString(format)));

    public string Ends(string all) => $"{all.Split(' ')[0]} to {all.Split(' ')[^1]}";
}
