#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 19: Batch normalisation. Keep every layer's numbers in shape, and the lecture's twenty losses and final
// figures come out digit for digit.
//
// What it is: the makemore network with batch normalisation written out by hand, from one column of numbers to 200,000
// steps of training, statistics for use, and a normalisation that is folded away into the layer before it. It follows
// makemore part 3 (Karpathy). What it is not: the layer that you would use (that is ChainRule.Layers.BatchNorm); here
// every mean is written where it is taken.
//
// It trains in full in about 10 seconds; --quick stops after 20,000 steps.
using ChainRule;
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Lectures;

bool quick = args.Contains("--quick");
if (!new LessonOptions(args).Ok()) return Lecture.Misused;
if (!Lecture.Has("names.txt", out string path)) return Lecture.DataMissing;

Console.WriteLine("""
    1. What goes wrong without it

    A layer multiplies a thousand numbers of standard deviation 1 by a thousand such weights and adds them up. The sums
    have a standard deviation of about the square root of a thousand, 31.6. The next layer would see that, and the next;
    forward the numbers explode, or, with smaller weights, die away.
    """);
var g = new TorchRandom(2147483647);
Tensor a = Tensor.Randn([1000, 1], g).RequireGrad(), b = Tensor.Randn([1000, 1000], g).RequireGrad();
var c = b.MatMul(a);
Tensor.Randn([1, 1000], g).MatMul(c).Sum().Backward();
Lecture.Compare("standard deviation of the inputs", "0.98760", a.Std().Item());
Lecture.Compare("standard deviation of the weights", "1.00067", b.Std().Item());
Lecture.Compare("standard deviation of the outputs", "31.01242", c.Std().Item());
Lecture.Compare("standard deviation of the gradient at the outputs", "0.97826", c.Grad.Std().Item());
Lecture.Compare("standard deviation of the gradient at the inputs", "30.88183", a.Grad.Std().Item());
Lecture.Compare("standard deviation of the gradient at the weights", "0.96666", b.Grad.Std().Item());

Console.WriteLine("""

    Now normalise: subtract the mean, divide by the standard deviation. Forward that becomes 1 whatever the weights are.
    Backward the gradient is divided by the same 31.
    """);
g = new(2147483647);
Tensor input = Tensor.Randn([1000, 1], g).RequireGrad(), w = Tensor.Randn([1000, 1000], g).RequireGrad();
var x = w.MatMul(input);
var normal = (x - x.Mean()) / (x.Var() + 1e-5).Sqrt();
Tensor.Randn([1, 1000], g).MatMul(normal).Sum().Backward();
Lecture.Compare("standard deviation before", "31.01242", x.Std().Item());
Lecture.Compare("standard deviation after", "1.00000", normal.Std().Item());
Lecture.Compare("standard deviation of the gradient after", "0.97826", normal.Grad.Std().Item());
Lecture.Compare("standard deviation of the gradient before", "0.03154", x.Grad.Std().Item());
Lecture.Compare("standard deviation of the gradient at the weights", "0.03117", w.Grad.Std().Item());
Lecture.Compare("standard deviation of the gradient at the inputs", "0.99531", input.Grad.Std().Item());

Console.WriteLine("""

    2. In the network

    The statistics go down the rows of the batch (axis 0): a mean and a standard deviation for each of the 200 hidden
    units over 32 examples, never over the units of one example. A learned gain and bias follow, so that the network may
    choose another standard deviation. They start at 1 and 0: a Gaussian at the beginning is fitted, and not forced
    forever. The layer before loses its bias, since subtracting the mean would undo it.
    """);
const int Context = 3, Width = 10, Hidden = 200;
var examples = Names.FromFile(path).Examples(Context);
g = new(2147483647);
var C = Tensor.Randn([27, Width], g);
var W1 = Tensor.Randn([Context * Width, Hidden], g) * (5.0 / 3) / Math.Sqrt(Context * Width);
var W2 = Tensor.Randn([Hidden, 27], g) * 0.01;
var b2 = Tensor.Randn([27], g) * 0;
Tensor gain = Tensor.Ones([1, Hidden]), bias = Tensor.Zeros([1, Hidden]);
Tensor[] parameters = [C, W1, W2, gain, bias, b2];
foreach (var p in parameters) p.RequireGrad();
Lecture.Compare("parameters", "12097", parameters.Sum(p => p.Count));

// At inference a name comes alone and has no batch to be compared with, so a running mean and standard deviation follow
// training by a thousandth of the way each step.
Tensor runningMean = Tensor.Zeros([1, Hidden]), runningStd = Tensor.Ones([1, Hidden]);

Tensor Before(Ids contexts) => C.Rows(contexts).Reshape(-1, Context * Width).MatMul(W1);
Tensor After(Tensor hidden, Tensor mean, Tensor std) => (gain * (hidden - mean) / std + bias).Tanh().MatMul(W2) + b2;

string[] lectures = ["3.3239", "2.0322", "2.5675", "2.0125", "2.2446", "1.8897", "2.0785", "2.3681", "2.2918", "2.0238",
    "2.3673", "2.3132", "1.6414", "1.9311", "2.2231", "2.0027", "2.0997", "2.4949", "2.0199", "2.1707"];
int steps = quick ? 20_001 : 200_000;
var losses = new double[steps];
var batch = new int[32];
for (int step = 0; step < steps; step++)
{
    using var scope = Scope.Begin();
    g.Integers(batch, 0, examples.Train.Count);
    var hidden = Before(examples.Train.Inputs.Rows(batch));
    Tensor mean = hidden.Mean(0, keepDim: true), std = hidden.Std(0, keepDim: true);
    var loss = After(hidden, mean, std).CrossEntropy(examples.Train.Targets.Rows(batch));
    using (NoGrad.Begin())
    {
        runningMean.CopyInPlace(0.999 * runningMean + 0.001 * mean);
        runningStd.CopyInPlace(0.999 * runningStd + 0.001 * std);
    }
    foreach (var p in parameters) p.ZeroGrad();
    loss.Backward();
    foreach (var p in parameters) p.AddInPlace(p.Grad, step < 100_000 ? -0.1 : -0.01);
    losses[step] = loss.Item();
    if (step % 10_000 == 0) Lecture.Compare($"loss at step {step:N0}", lectures[step / 10_000], losses[step]);
}

using var quiet = NoGrad.Begin();
double Over(ChainRule.Data.Dataset<Ids, Ids> part, Tensor mean, Tensor std) =>
    After(Before(part.Inputs), mean, std).CrossEntropy(part.Targets).Item();
if (!quick)
{
    Lecture.Compare("training loss, whole", "2.0674", Over(examples.Train, runningMean, runningStd));
    Lecture.Compare("validation loss", "2.1057", Over(examples.Validation, runningMean, runningStd));
}

Console.WriteLine("""

    The running statistics are a habit picked up on the way. They can also be measured once, at the end, over all
    examples; the two agree closely, and so do the losses.
    """);
var all = Before(examples.Train.Inputs);
Tensor trueMean = all.Mean(0, keepDim: true), trueStd = all.Std(0, keepDim: true);
double habit = Over(examples.Validation, runningMean, runningStd),
    measured = Over(examples.Validation, trueMean, trueStd);
Console.WriteLine($"validation loss with running statistics {habit:0.00}, with measured ones {measured:0.00}, apart by "
    + $"less than 0.01: {Math.Abs(habit - measured) < 0.01}");

Console.WriteLine("""

    3. Folding it away

    At inference the mean and the standard deviation are constants, so normalising is linear, and two linear steps are
    one: W' = W gain / std, b' = bias - mean gain / std.
    """);
Tensor folded = W1 * (gain / runningStd), shift = bias - runningMean * gain / runningStd;
var some = C.Rows(examples.Validation.Inputs).Reshape(-1, Context * Width);
double apart = ((some.MatMul(folded) + shift) - (gain * (some.MatMul(W1) - runningMean) / runningStd + bias)).Abs()
    .Max().Item();
Console.WriteLine($"largest difference over {examples.Validation.Count:N0} examples below 1e-5: {apart < 1e-5}");

// The lecture's toy: five numbers, the first of which is dragged from -30 to 30 while the other four stay.
var five = Tensor.Randn([5], new TorchRandom(2147483647ul + 1)) * 5;
double[] dragged = [.. Enumerable.Range(0, 121).Select(i => -30 + 0.5 * i)];
double[][] outputs = [.. dragged.Select(first =>
{
    var values = Tensor.From([(float)first, .. five.ToArray<float>()[1..]]);
    return ((values - values.Mean()) / values.Std()).To(DType.Float64).ToArray<double>();
})];
double[] smooth = [.. losses.Chunk(1000).Where(chunk => chunk.Length == 1000).Select(chunk => chunk.Average())];
var page = new Page("Batch normalisation")
    .Add("The batch's loss is rough, because each batch is another one; the mean over a thousand steps shows the way "
        + "down.")
    .Add(Chart.Line("Loss, averaged over 1,000 steps", "thousands of steps", "loss", [new("loss", smooth)]))
    .Add("Five numbers are normalised together. Only the first is moved, and all five outputs answer: mean and "
        + "standard deviation tie the examples of a batch together.")
    .Add(Chart.Line("Five numbers, normalised, while the first is dragged", "the first number", "output",
        [.. Enumerable.Range(0, 5).Select(
            i => new Series(i == 0 ? "the first" : $"number {i + 1}", [.. outputs.Select(o => o[i])])
                { X = dragged })]))
    .Add(Chart.Histogram("Before normalisation: the hidden units over the training set", "sum",
        [Series.Of("sums", all.Slice(0, 0, 500))]))
    .Add(Chart.Histogram("After: mean and standard deviation as gain and bias ask", "sum",
        [Series.Of("normalised", (gain * (all.Slice(0, 0, 500) - trueMean) / trueStd + bias))]));
page.Save("pictures/19-batch-norm.html");
Console.WriteLine("\npictures: pictures/19-batch-norm.html");
return 0;

// expected:
// 1. What goes wrong without it
//
// A layer multiplies a thousand numbers of standard deviation 1 by a thousand such weights and adds them up. The sums
// have a standard deviation of about the square root of a thousand, 31.6. The next layer would see that, and the next;
// forward the numbers explode, or, with smaller weights, die away.
// standard deviation of the inputs: 0.98760 | lecture: 0.98760 | agrees
// standard deviation of the weights: 1.00067 | lecture: 1.00067 | agrees
// standard deviation of the outputs: 31.01242 | lecture: 31.01242 | agrees
// standard deviation of the gradient at the outputs: 0.97826 | lecture: 0.97826 | agrees
// standard deviation of the gradient at the inputs: 30.88183 | lecture: 30.88183 | agrees
// standard deviation of the gradient at the weights: 0.96666 | lecture: 0.96666 | agrees
//
// Now normalise: subtract the mean, divide by the standard deviation. Forward that becomes 1 whatever the weights are.
// Backward the gradient is divided by the same 31.
// standard deviation before: 31.01242 | lecture: 31.01242 | agrees
// standard deviation after: 1.00000 | lecture: 1.00000 | agrees
// standard deviation of the gradient after: 0.97826 | lecture: 0.97826 | agrees
// standard deviation of the gradient before: 0.03154 | lecture: 0.03154 | agrees
// standard deviation of the gradient at the weights: 0.03117 | lecture: 0.03117 | agrees
// standard deviation of the gradient at the inputs: 0.99531 | lecture: 0.99531 | agrees
//
// 2. In the network
//
// The statistics go down the rows of the batch (axis 0): a mean and a standard deviation for each of the 200 hidden
// units over 32 examples, never over the units of one example. A learned gain and bias follow, so that the network may
// choose another standard deviation. They start at 1 and 0: a Gaussian at the beginning is fitted, and not forced
// forever. The layer before loses its bias, since subtracting the mean would undo it.
// parameters: 12097 | lecture: 12097 | agrees
// loss at step 0: 3.3239 | lecture: 3.3239 | agrees
// loss at step 10,000: 2.0322 | lecture: 2.0322 | agrees
// loss at step 20,000: 2.5675 | lecture: 2.5675 | agrees
//
// The running statistics are a habit picked up on the way. They can also be measured once, at the end, over all
// examples; the two agree closely, and so do the losses.
// validation loss with running statistics 2.22, with measured ones 2.22, apart by less than 0.01: True
//
// 3. Folding it away
//
// At inference the mean and the standard deviation are constants, so normalising is linear, and two linear steps are
// one: W' = W gain / std, b' = bias - mean gain / std.
// largest difference over 22,655 examples below 1e-5: True
//
// pictures: pictures/19-batch-norm.html
