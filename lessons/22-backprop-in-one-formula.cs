#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 22: Backpropagation in one formula each. Cross-entropy and batch normalisation take one line backward, and a
// network trains without the engine's backward.
//
// What it is: makemore part 4, exercises two to four. What lesson 21 did step by step is simplified on paper
// (docs/derivations.md) to one formula each, held against the engine, and then used: no Backward is called while this
// network trains. What it is not: a way to write networks; the engine does the same by itself, and the losses show it.
//
// All 200,000 steps (--full) take about half a minute; without it, 20,000 steps are made, and 1,000 with --quick.
using ChainRule;
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Lectures;

if (!new LessonOptions(args).Ok()) return Lecture.Misused;
if (!Lecture.Has("names.txt", out string path)) return Lecture.DataMissing;
int steps = args.Contains("--quick") ? 1_000 : args.Contains("--full") ? 200_000 : 20_000;
const int Context = 3, Width = 10, V = 27, n = 32;
var names = Names.FromFile(path);
var examples = names.Examples(Context);

// The lecture drew two of these without a seed, so its losses are a band and not digits.
var g = new TorchRandom(2147483647);
Tensor[] Parameters(int hidden)
{
    var C = Tensor.Randn([V, Width], g);
    Tensor W1 = Tensor.Randn([Context * Width, hidden], g) * (5.0 / 3) / Math.Sqrt(Context * Width),
        b1 = Tensor.Randn([hidden], g) * 0.1;
    Tensor W2 = Tensor.Randn([hidden, V], g) * 0.1, b2 = Tensor.Randn([V], g) * 0.1;
    return [C, W1, b1, W2, b2, Tensor.Randn([1, hidden], g) * 0.1 + 1, Tensor.Randn([1, hidden], g) * 0.1];
}
var rows = new int[n];
var parameters = Parameters(64);
var (C, W1, b1, W2, b2, bngain, bnbias) =
    (parameters[0], parameters[1], parameters[2], parameters[3], parameters[4], parameters[5], parameters[6]);
foreach (var p in parameters) p.RequireGrad();
g.Integers(rows, 0, examples.Train.Count);
Ids X = examples.Train.Inputs.Rows(rows), Y = examples.Train.Targets.Rows(rows);
var hprebn = C.Rows(X).Reshape(n, -1).MatMul(W1) + b1;
var inv = (hprebn.Var(0, keepDim: true) + 1e-5).Pow(-0.5);
var bnraw = (hprebn - hprebn.Mean(0, keepDim: true)) * inv;
var hpreact = bngain * bnraw + bnbias;
var logits = hpreact.Tanh().MatMul(W2) + b2;
var loss = logits.CrossEntropy(Y);
loss.Backward();
using var noGraph = NoGrad.Begin();

Console.WriteLine("""
    1. Cross-entropy in one formula: what was said minus what is true, dlogits = (softmax - one-hot) / n. Nine lines
    become one.
    """);
var dlogits = (logits.Softmax() - Tensor.OneHot(Y, V)) / n;
double slow = -(logits.Softmax().Log() * Tensor.OneHot(Y, V)).Sum().Item() / n;
Console.WriteLine($"forward, largest difference below 1e-6: {Math.Abs(slow - loss.Item()) < 1e-6}; backward, below "
    + $"1e-8: {(dlogits - logits.Grad).Abs().Max().Item() < 1e-8}");
Console.WriteLine($"each row of dlogits sums to zero, below 1e-8: {dlogits.Sum(1).Abs().Max().Item() < 1e-8}.");
Console.WriteLine("At the target it pulls up, everywhere else it pushes down, equally hard in total.");

Console.WriteLine("""

    2. Batch normalisation in one formula. Where backward has to go through mean and variance, pen and paper leave one
    line.
    """);
Tensor OneLine(Tensor gain, Tensor inv, Tensor raw, Tensor d) =>
    gain * inv / n * (n * d - d.Sum(0, keepDim: true) - (double)n / (n - 1) * raw * (d * raw).Sum(0, keepDim: true));
Console.WriteLine("backward, largest difference below 1e-8: "
    + $"{(OneLine(bngain, inv, bnraw, hpreact.Grad) - hprebn.Grad).Abs().Max().Item() < 1e-8}");
Console.WriteLine("In it the batch's mean of the gradient and its part along the normalised numbers are taken away:");
Console.WriteLine("no step may move the mean or the standard deviation, which would be undone.");

// A character's row went into many places; what comes back from all of them is added up. A product
// with one-hot rows does that.
static Tensor Scattered(Ids x, Tensor d) =>
    Tensor.OneHot(x.Reshape([x.Count]), V).MatMul(d.Reshape(x.Count, Width), transposeA: true);

string rest = steps < 200_000 ? "; all 200,000 with --full, in about half a minute" : "";
Console.WriteLine($"\n3. Training without the engine's backward, {steps:N0} steps of 200 hidden units{rest}.");
g = new(2147483647);
parameters = Parameters(200);
(C, W1, b1, W2, b2, bngain, bnbias) =
    (parameters[0], parameters[1], parameters[2], parameters[3], parameters[4], parameters[5], parameters[6]);
Lecture.Compare("parameters", "12297", parameters.Sum(p => p.Count));
var curve = new List<double>();
double mean = 0;
for (int step = 0; step < steps; step++)
{
    using var scope = Scope.Begin();
    g.Integers(rows, 0, examples.Train.Count);
    (X, Y) = (examples.Train.Inputs.Rows(rows), examples.Train.Targets.Rows(rows));
    var flat = C.Rows(X).Reshape(n, -1);
    var before = flat.MatMul(W1) + b1;
    var inverse = (before.Var(0, keepDim: true) + 1e-5).Pow(-0.5);
    var raw = (before - before.Mean(0, keepDim: true)) * inverse;
    var hidden = (bngain * raw + bnbias).Tanh();
    var output = hidden.MatMul(W2) + b2;
    curve.Add(output.CrossEntropy(Y).Item());
    mean += curve[^1];

    var dOutput = (output.Softmax() - Tensor.OneHot(Y, V)) / n;
    var dPreact = (1 - hidden.Square()) * dOutput.MatMul(W2, transposeB: true);
    var dBefore = OneLine(bngain, inverse, raw, dPreact);
    Tensor[] gradients = [Scattered(X, dBefore.MatMul(W1, transposeB: true)), flat.MatMul(dBefore, transposeA: true),
        dBefore.Sum(0),
        hidden.MatMul(dOutput, transposeA: true), dOutput.Sum(0), (raw * dPreact).Sum(0, keepDim: true),
        dPreact.Sum(0, keepDim: true)];
    for (int i = 0; i < parameters.Length; i++) parameters[i].AddInPlace(gradients[i], step < 100_000 ? -0.1 : -0.01);
    if ((step + 1) % (steps / 4) == 0) 
    {
        Console.WriteLine($"mean loss of the last {steps / 4:N0} steps {mean / (steps / 4):0.00}");
        mean = 0;
    }
}

// The statistics for use are measured once, over all examples.
Tensor Before(Ids x) => C.Rows(x).Reshape(-1, Context * Width).MatMul(W1) + b1;
var all = Before(examples.Train.Inputs);
Tensor allMean = all.Mean(0, keepDim: true), allStd = (all.Var(0, keepDim: true) + 1e-5).Sqrt();
double Over(ChainRule.Data.Dataset<Ids, Ids> part) =>
    ((bngain * (Before(part.Inputs) - allMean) / allStd + bnbias).Tanh().MatMul(W2) + b2).CrossEntropy(part.Targets)
        .Item();
if (steps == 200_000)
{
    Lecture.Compare("training loss, whole", "2.0705", Over(examples.Train), within: 0.01);
    Lecture.Compare("validation loss", "2.1099", Over(examples.Validation), within: 0.01);
}
else Console.WriteLine($"validation loss {Over(examples.Validation):0.0}");

var smooth = curve.Chunk(steps / 100).Select(chunk => chunk.Average()).ToArray();
new Page("Backpropagation in one formula each")
    .Add(Formula.Derivation("Cross-entropy",
        (@"L = -\frac1n\sum_i \log p_{i,y_i},\quad p = \mathrm{softmax}(z)", "the loss"),
        (@"\frac{\partial L}{\partial z} = \frac1n\,(p - \text{one-hot})",
            "the fraction of the logarithm cancels in softmax's derivative")))
    .Add(Formula.Derivation("Batch normalisation", (@"\hat x = (x-\mu)\,s,\quad y = \gamma\hat x+\beta", "forward"),
        (@"dx = \frac{\gamma s}{n}\Big(n\,dy - \sum dy - \tfrac{n}{n-1}\,\hat x\sum dy\,\hat x\Big)",
            "three paths back: directly, through the mean, through std")))
    .Add("Trained by these formulas alone; each point is the mean of a hundredth of the steps.")
    .Add(Chart.Line("Loss, without the engine's backward", "hundredth of the training", "loss", [new("loss", smooth)]))
    .Save("pictures/22-backprop-in-one-formula.html");
Console.WriteLine("\npictures: pictures/22-backprop-in-one-formula.html");
return 0;

// expected:
// 1. Cross-entropy in one formula: what was said minus what is true, dlogits = (softmax - one-hot) / n. Nine lines
// become one.
// forward, largest difference below 1e-6: True; backward, below 1e-8: True
// each row of dlogits sums to zero, below 1e-8: True.
// At the target it pulls up, everywhere else it pushes down, equally hard in total.
//
// 2. Batch normalisation in one formula. Where backward has to go through mean and variance, pen and paper leave one
// line.
// backward, largest difference below 1e-8: True
// In it the batch's mean of the gradient and its part along the normalised numbers are taken away:
// no step may move the mean or the standard deviation, which would be undone.
//
// 3. Training without the engine's backward, 1,000 steps of 200 hidden units; all 200,000 with --full, in about half a minute.
// parameters: 12297 | lecture: 12297 | agrees
// mean loss of the last 250 steps 2.75
// mean loss of the last 250 steps 2.53
// mean loss of the last 250 steps 2.47
// mean loss of the last 250 steps 2.44
// validation loss 2.4
//
// pictures: pictures/22-backprop-in-one-formula.html
