#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 42: Is it a 9? An image of 64 × 64 pixels, 4,096 inputs, and one output: yes or no.
//
// What it is: a network of 4096-32-1 with a sigmoid; binary cross-entropy; what happens where nine of ten images are no
// nine; and the answer for an image of one's own, ink on paper. What it is not: handwriting. On MNIST, made 64 × 64, it
// is `chainrule train images mnist --positive 9 --size 64`.
//
// It takes about half a minute, and --quick, with fewer steps, a few seconds.
using ChainRule;
using ChainRule.Data;
using ChainRule.Diagnostics;
using ChainRule.Layers;
using ChainRule.Metrics;
using ChainRule.Optim;
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Training;
using ChainRule.Zoo.Images;
using ChainRule.Zoo.Lectures;

var options = new LessonOptions(args);
bool quick = options.Quick;
if (!options.Ok()) return Lecture.Misused;
int steps = quick ? 120 : 1000;
DType precision = quick ? DType.Float64 : DType.Float32; // so that --quick prints the same everywhere

var data = ImageData.Open(null, new ImageOptions(Size: 64, Positive: "9"));
Dataset<Tensor, Ids> train = data.Training(), test = data.Measured();
int[] actual = test.Targets.Span.ToArray();
int nines = actual.Sum();
Console.WriteLine($"{train.Count:N0} images to learn from, {test.Count:N0} to test with, of which {nines} are nines.");
Console.WriteLine($"Who always says no is right on {100.0 * (test.Count - nines) / test.Count:0.0} % of them, "
    + "and finds no nine.\n");

// Each image is 64 rows of 64 pixels, one after the other: 4,096 inputs.
var x = train.Inputs.Reshape(-1, 64 * 64).To(precision);
var y = Tensor.From([.. train.Targets.Span.ToArray().Select(label => (double)label)], [train.Count, 1]).To(precision);
var unseen = test.Inputs.Reshape(-1, 64 * 64).To(precision);

// A loss of −ln p where it is a nine, and of −ln (1 − p) where it is none. Nines are rare: a weight makes up for it.
double[] weights = ClassWeights.Balanced(train.Targets.Span, 2);
Console.WriteLine($"One nine counts as much as {weights[1] / weights[0]:0.0} others: both classes weigh alike.");
Console.WriteLine("\n                        loss   accuracy   balanced   nines found   false nines   ROC-AUC");
var plain = Train("every image alike", null);
var model = Train("both classes alike", Tensor.From(weights).To(precision));

// The answer is one number: how probable a nine is. Above 0.5 it is one.
double[] found = Probabilities(model, unseen);
Console.WriteLine("\nThe first test image of each digit: "
    + string.Join(" ", Enumerable.Range(0, 10).Select(i => $"{found[i]:0.00}")));

// Ink on paper: the same drawing with its colours inverted. It has a bright border, and all that was trained on a dark
// one: so it is inverted back before the network sees it.
int nine = Enumerable.Range(0, test.Count).Where(i => actual[i] == 1 && found[i] > 0.5).First();
var own = data.Measured(nine);
var paper = new Pixels(64, 64, 1, [.. own.Bytes.ToArray().Select(pixel => (byte)(255 - pixel))]);
double asIs = Probabilities(model, ((255 - Numbers(own)) / 255 - data.Encoding.Mean[0]) / data.Encoding.Std[0])[0];
double turned = Probabilities(model, data.Encoding.Encode(paper).Reshape(1, -1).To(precision))[0];
Console.WriteLine($"\nA nine in white ink is one with p above 0.5: {found[nine] > 0.5}.\n"
    + $"In dark ink on white paper, taken as it is: {asIs > 0.5}; inverted by its border: {turned > 0.5}.");

var roc = RocCurve.Of(found, actual);
var shown = new Sequential(new Flatten(), model);
int[] examples = [nine, .. Enumerable.Range(0, 5)];
new Page("Is it a 9?")
    .Add("Beside each image stands its saliency: how strongly a small change of each pixel moves the answer.")
    .Images("Images, answers and what they rest on", [.. examples.SelectMany(i => (Raster[])[
        Raster.Picture($"is it a nine? {found[i]:0.00}", Numbers(data.Measured(i)).Reshape(64, 64) / 255),
        Raster.Map("saliency", Saliency.Of(shown, test.Inputs.Slice(0, i, i + 1).To(precision)).Reshape(64, 64))])],
        together: 2)
    .Images("The weights of the first twelve hidden neurons, pixel by pixel", [.. Enumerable.Range(0, 12).Select(i =>
        Raster.Signed($"{i}", ((Linear)model[0]).Weight.Detach().Select(0, i).Reshape(64, 64)))])
    .Add(Chart.Line("ROC curve", "false positive rate", "true positive rate",
        [new Series("network", [.. roc.TruePositiveRates]) { X = [.. roc.FalsePositiveRates] }]))
    .Save("pictures/42-is-it-a-nine.html");
Console.WriteLine("\npictures: pictures/42-is-it-a-nine.html");
return 0;

Sequential Train(string name, Tensor? classes)
{
    var rng = new TorchRandom(3);
    var made = new Sequential(new Linear(64 * 64, 32, rng), new Relu(), new Linear(32, 1, rng));
    made.To(precision);
    new Trainer<Tensor, Tensor>(made, new AdamW(made.Parameters(), 0.001), Batches.Shuffled(Dataset.From(x, y), 32,
        seed: 1), (images, target) => made.Forward(images).BinaryCrossEntropy(target, weight: classes is { } w
            ? target * w.Slice(0, 1, 2) + (1 - target) * w.Slice(0, 0, 1) : null)).Fit(steps);
    double[] p = Probabilities(made, unseen);
    var matrix = ConfusionMatrix.Of([.. p.Select(one => one > 0.5 ? 1 : 0)], actual, ["no nine", "nine"]);
    Console.WriteLine($"    {name,-18}{Classification.LogLoss(p, actual),6:0.000}   {matrix.Accuracy,8:0.000}   "
        + $"{matrix.BalancedAccuracy,8:0.000}   {matrix[1, 1],5} of {nines}   {matrix[0, 1],11}   "
        + $"{Classification.RocAuc(p, actual),7:0.000}");
    return made;
}

static double[] Probabilities(Module network, Tensor images)
{
    using var quiet = NoGrad.Begin();
    return network.Forward(images).Sigmoid().To(DType.Float64).ToArray<double>();
}

Tensor Numbers(Pixels picture) =>
    Tensor.From([.. picture.Bytes.ToArray().Select(pixel => (double)pixel)], [1, 64 * 64]).To(precision);

// expected:
// 4,500 images to learn from, 1,000 to test with, of which 100 are nines.
// Who always says no is right on 90.0 % of them, and finds no nine.
//
// One nine counts as much as 9.0 others: both classes weigh alike.
//
//                         loss   accuracy   balanced   nines found   false nines   ROC-AUC
//     every image alike  0.105      0.961      0.818      64 of 100             3     0.993
//     both classes alike 0.128      0.953      0.965      98 of 100            45     0.993
//
// The first test image of each digit: 0.00 0.01 0.05 0.10 0.01 0.26 0.00 0.00 0.03 1.00
//
// A nine in white ink is one with p above 0.5: True.
// In dark ink on white paper, taken as it is: False; inverted by its border: True.
//
// pictures: pictures/42-is-it-a-nine.html
