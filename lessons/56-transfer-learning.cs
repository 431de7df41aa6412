#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 56: Transfer learning. A network that has learned some digits needs only a few examples of others.
//
// What it is: a small convolutional network learns the drawn digits 0 to 4 from thousands of images; then 5 to 9 are to
// be learned from a few of each, in four ways: from scratch, with a new output layer on frozen features, fine-tuned as
// a whole, and, as a control, with a new output layer on features that were never trained. Each with five seeds. What
// it is not: handwriting; drawn digits are easier. Lesson 32 does the same with a GPT, and
// experiments/transfer-learning.json with runs of the tool (chainrule experiment). A minute; --quick takes fewer
// steps and seconds.
using ChainRule;
using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Training;
using ChainRule.Zoo.Images;
using ChainRule.Zoo.Lectures;

var options = new LessonOptions(args);
bool quick = options.Quick;
if (!options.Ok()) return Lecture.Misused;
const int Side = 14, Seeds = 5, Half = 5, Maps = 16, Features = Maps * (Side / 4) * (Side / 4);
int pretraining = quick ? 500 : 1000, steps = 60;
int[] counts = quick ? [5, 10] : [2, 5, 10, 50];

var data = ImageData.Open(null, new ImageOptions(Size: Side));
var (oldX, oldY) = Part(data.Training(), 0);
var (oldTestX, oldTestY) = Part(data.Measured(), 0);
var (newX, newY) = Part(data.Training(), Half);
var (testX, testY) = Part(data.Measured(), Half);
string[] ways = ["from scratch", "untrained features, new output layer", "frozen features, new output layer",
    "fine-tuned"];
var right = new double[counts.Length, ways.Length, Seeds];
double oldRight = 0;
Sequential example = Network(1);
for (int seed = 0; seed < Seeds; seed++)
{
    // Each seed has a network of its own, pretrained by itself, and examples of its own.
    var pretrained = Network(100 + (ulong)seed);
    Train(pretrained, Dataset.From(oldX, oldY), pretraining, 0.003, 64, seed);
    oldRight += Right(pretrained, oldTestX, oldTestY) / Seeds;
    for (int c = 0; c < counts.Length; c++)
    {
        int[] few = Few(counts[c], seed);
        var examples = Dataset.From(newX.Rows(few), Ids.From([.. few.Select(i => newY[i])]));
        for (int way = 0; way < 3; way++)
        {
            var model = Network(200 + (ulong)seed);
            if (way == 2) model[0].LoadStateDict(pretrained[0].StateDict());
            if (way > 0) model[0].Freeze();
            // From scratch it has as many steps as fine-tuning has in all.
            Train(model, examples, way == 0 ? 2 * steps : steps, way == 0 ? 0.003 : 0.01, 32, seed);
            right[c, way, seed] = Right(model, testX, testY);
            if (way < 2) continue;
            // A new output layer sends wrong gradients at first: it is trained by itself before all of it is.
            model.Unfreeze();
            Train(model, examples, steps, 0.001, 32, seed);
            right[c, 3, seed] = Right(model, testX, testY);
            example = model;
        }
    }
}

Console.WriteLine($"""
    1. Pretraining. {oldX.Shape[0]:N0} images of the digits 0 to 4, {Side} × {Side}. Two convolutions make {Features}
       features of an image, and an output layer makes five classes of them: {example.ParameterCount:N0} parameters,
       {pretraining} steps. Right on new images of 0 to 4: {100 * oldRight:0} %.

    2. Now 5 to 9, from a few examples of each. The output layer is new; what differs is where the features come from,
       and whether they learn on. Fine-tuning trains the new output layer first, and then the whole network at a tenth
       of that learning rate.

       way                                       parameters that learn
       {ways[0],-45}{example.ParameterCount,10:N0}
       {ways[1],-45}{example[1].ParameterCount,10:N0}
       {ways[2],-45}{example[1].ParameterCount,10:N0}
       {ways[3],-45}{example.ParameterCount,10:N0}

       {testX.Shape[0]} test images of 5 to 9, {Seeds} seeds, % right, mean ± standard deviation; a guess has 20 %:

       examples     scratch   untrained      frozen  fine-tuned
    """);
for (int c = 0; c < counts.Length; c++)
{
    Console.WriteLine($"   {$"{counts[c]} of each",-11}" + string.Concat(ways.Select((_, way) =>
        $"{$"{Mean(c, way):0} ± {Deviation(c, way):0}",12}")));
    // What is claimed is claimed of few examples: the more there are, the less there is to gain.
    if (counts[c] > 10) continue;
    foreach (var (way, other) in ((int, int)[])[(2, 0), (3, 0), (2, 1)])
    {
        double gain = Mean(c, way) - Mean(c, other);
        if (gain <= Math.Max(Deviation(c, other), Deviation(c, way)))
            throw new InvalidOperationException($"lesson 56: {ways[way]}, {counts[c]} of each: {gain:0.0} points more "
                + $"than {ways[other]}, which is no more than the seeds make");
    }
}
if (Mean(counts.Length - 1, 2) - Mean(counts.Length - 1, 0) >= Mean(0, 2) - Mean(0, 0))
    throw new InvalidOperationException("lesson 56: with more examples there is no less to gain");
Console.WriteLine("""

       With 5 and with 10 examples of each, frozen and fine-tuned are better than from scratch by more than the standard
       deviation of either: edges and curves of 0 to 4 are edges and curves of 5 to 9. Untrained features are
       worse: what helps is what the features have learned, and not how many there are. With more examples there is
       less to gain.
    """);

double[] at = [.. counts.Select(count => (double)count)];
new Page("Transfer learning")
    .Add("Some of the digits that were learned first, and of those that are learned from a few.")
    .Images("First", [.. Enumerable.Range(0, 10).Select(i => Shown(oldX, oldY[i], i))], together: 5)
    .Images("Then", [.. Enumerable.Range(0, 10).Select(i => Shown(newX, Half + newY[i], i))], together: 5)
    .Add($"The mean of {Seeds} seeds.")
    .Add(Chart.Line("Accuracy by number of examples", "examples of each digit", "% right", [.. ways.Select(
        (name, way) => new Series(Short(name), [.. counts.Select((_, c) => Mean(c, way))]) { X = at })],
        new() { LogX = true, Marks = true }))
    .Add(Chart.Grid("Mean ± standard deviation", 2, [.. counts.Select((count, c) => Chart.Intervals($"{count} of each",
        "% right", "", [.. ways.Select((name, way) => (Short(name), Mean(c, way) - Deviation(c, way), Mean(c, way),
            Mean(c, way) + Deviation(c, way)))]))]))
    .Save("pictures/56-transfer-learning.html");
Console.WriteLine("\npictures: pictures/56-transfer-learning.html");
return 0;

// Features first, the output layer last.
static Sequential Network(ulong seed)
{
    var rng = new TorchRandom(seed);
    var features = new Sequential(new Conv2d(1, Maps / 2, 3, rng, padding: 1), new Relu(), new MaxPool2d(2),
        new Conv2d(Maps / 2, Maps, 3, rng, padding: 1), new Relu(), new MaxPool2d(2), new Flatten(),
        new Dropout(0.6, rng));
    var network = new Sequential(features, new Linear(Features, Half, rng));
    network.To(DType.Float64);
    return network;
}

static void Train(Sequential model, Dataset<Tensor, Ids> examples, int steps, double rate, int batch, int seed) =>
    new Trainer<Tensor, Ids>(model, new Adam(model.Parameters().Where(one => one.RequiresGrad), rate),
        Batches.Shuffled(examples, Math.Min(batch, examples.Targets.Count), seed: (ulong)seed), model.Forward,
        (logits, y) => logits.CrossEntropy(y)).Fit(steps);

static double Right(Sequential model, Tensor x, Ids y)
{
    using var quiet = NoGrad.Begin();
    using var still = model.InEvaluation();
    return model.Forward(x).Accuracy(y);
}

// The images of five digits, told as 0 to 4.
static (Tensor X, Ids Y) Part(Dataset<Tensor, Ids> all, int from)
{
    int[] own = [.. Enumerable.Range(0, all.Targets.Count).Where(i => all.Targets[i] - from is >= 0 and < Half)];
    return (all.Inputs.To(DType.Float64).Rows(own), Ids.From([.. own.Select(i => all.Targets[i] - from)]));
}

// As many of each class, drawn by the seed.
int[] Few(int count, int seed)
{
    var rng = new TorchRandom(300 + (ulong)seed);
    var order = Enumerable.Range(0, newY.Count).OrderBy(_ => rng.NextDouble()).ToList();
    return [.. Enumerable.Range(0, Half).SelectMany(digit => order.Where(i => newY[i] == digit).Take(count))];
}

static string Short(string way) => way.Split(',')[0];

double Mean(int c, int way) => Enumerable.Range(0, Seeds).Average(seed => 100 * right[c, way, seed]);

double Deviation(int c, int way) => Math.Sqrt(Enumerable.Range(0, Seeds)
    .Sum(seed => Math.Pow(100 * right[c, way, seed] - Mean(c, way), 2)) / (Seeds - 1));

static Raster Shown(Tensor images, int digit, int i)
{
    var image = images.Select(0, i).Reshape(Side, Side);
    return Raster.Picture($"{digit}", (image - image.Min().Item()) / (image.Max().Item() - image.Min().Item()));
}

// expected:
// 1. Pretraining. 2,250 images of the digits 0 to 4, 14 × 14. Two convolutions make 144
//    features of an image, and an output layer makes five classes of them: 1,973 parameters,
//    500 steps. Right on new images of 0 to 4: 100 %.
//
// 2. Now 5 to 9, from a few examples of each. The output layer is new; what differs is where the features come from,
//    and whether they learn on. Fine-tuning trains the new output layer first, and then the whole network at a tenth
//    of that learning rate.
//
//    way                                       parameters that learn
//    from scratch                                      1,973
//    untrained features, new output layer                725
//    frozen features, new output layer                   725
//    fine-tuned                                        1,973
//
//    500 test images of 5 to 9, 5 seeds, % right, mean ± standard deviation; a guess has 20 %:
//
//    examples     scratch   untrained      frozen  fine-tuned
//    5 of each        81 ± 6      67 ± 7      90 ± 6      91 ± 7
//    10 of each       92 ± 2      75 ± 2      97 ± 1      97 ± 1
//
//    With 5 and with 10 examples of each, frozen and fine-tuned are better than from scratch by more than the standard
//    deviation of either: edges and curves of 0 to 4 are edges and curves of 5 to 9. Untrained features are
//    worse: what helps is what the features have learned, and not how many there are. With more examples there is
//    less to gain.
//
// pictures: pictures/56-transfer-learning.html
