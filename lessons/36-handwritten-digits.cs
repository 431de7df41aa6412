#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 36: Handwritten digits. The network that opens Michael Nielsen's book: 784 inputs, 30
// sigmoid neurons, 10 outputs.
//
// What it is: chapter 1 of "Neural Networks and Deep Learning" (Nielsen) with its own settings: weights and biases from
// N(0, 1), sigmoids, the quadratic cost C = |a − y|² / 2, batches of 10, a learning rate of 3, 30 epochs of 50,000
// images (an epoch is one pass through all training images). What it is not: his random numbers; his book reports
// 95.42 % at best for its draw, and says that others differ. What it is good for: a network of two layers, and nothing
// else, reads nineteen of twenty digits.
//
// It takes about half a minute, and --quick, which makes 2 epochs of 5,000 images, a second. Needs MNIST
// (`chainrule data get mnist`).
using ChainRule;
using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Training;
using ChainRule.Zoo.Lectures;

if (!new LessonOptions(args).Ok()) return Lecture.Misused;
if (!Lecture.Has("train-images-idx3-ubyte.gz", out string images)
    || !Lecture.Has("train-labels-idx1-ubyte.gz", out string labels)) return Lecture.DataMissing;
if (!Lecture.Has("t10k-images-idx3-ubyte.gz", out string testImages)
    || !Lecture.Has("t10k-labels-idx1-ubyte.gz", out string testLabels)) return Lecture.DataMissing;
bool quick = args.Contains("--quick");
int count = quick ? 5_000 : 50_000, epochs = quick ? 2 : 30;
DType precision = quick ? DType.Float64 : DType.Float32; // so that --quick prints the same everywhere

Tensor train = Idx.Read(images).Tensor().Reshape(-1, 784).Slice(0, 0, count).To(precision),
    test = Idx.Read(testImages).Tensor().Reshape(-1, 784).To(precision);
Ids answers = Ids.From(Idx.Read(labels).Ids().Span[..count].ToArray()), testAnswers = Idx.Read(testLabels).Ids();
Tensor targets = Tensor.OneHot(answers, 10, precision);
Console.WriteLine(
    $"{count:N0} images to learn from, {test.Shape[0]:N0} to test with; 28 × 28 pixels are {train.Shape[1]} inputs.");

var rng = new TorchRandom(1);
var network = new Sequential(new Linear(784, 30, rng), new Sigmoid(), new Linear(30, 10, rng), new Sigmoid());
foreach (var parameter in network.Parameters()) Init.Normal(parameter, 0, 1, rng);
network.To(precision);
Console.WriteLine($"784-30-10: {network.ParameterCount:N0} parameters, from N(0, 1).\n");

var sgd = new Sgd(network.Parameters(), learningRate: 3);
var batches = Batches.Shuffled(Dataset.From(train, targets), 10, seed: 1);
// The mean over the batch of half the squared distance: its gradient by an output is (a − y) / 10.
var trainer = new Trainer<Tensor, Tensor>(network, sgd, batches,
    (x, y) => (network.Forward(x) - y).Square().Sum() * (0.5 / 10)) { EvaluateEvery = int.MaxValue };
List<double> right = [];
var confused = new double[10, 10];
for (int epoch = 0; epoch < epochs; epoch++)
{
    trainer.FitEpochs(epoch + 1);
    using var quiet = NoGrad.Begin();
    Ids guesses = network.Forward(test).ArgMax(1);
    confused = new double[10, 10];
    for (int i = 0; i < guesses.Count; i++) confused[testAnswers[i], guesses[i]]++;
    right.Add(Enumerable.Range(0, 10).Sum(d => confused[d, d]) * 100 / guesses.Count);
    if (epoch < 2 || epoch % 10 == 9)
        Console.WriteLine($"    epoch {epoch + 1,2}: {right[^1]:0.0} % of the test images are read right");
}
if (!quick) Console.WriteLine($"    the best epoch: {right.Max():0.00} %; the book's best: 95.42 %");
var (was, taken) =
    (from t in Enumerable.Range(0, 10) from g in Enumerable.Range(0,
        10) where t != g orderby confused[t, g] descending select (t, g)).First();
Console.WriteLine($"\nMost often {was} was taken for {taken}: {confused[was, taken]} times of "
    + $"{Enumerable.Range(0, 10).Sum(g => confused[was, g])}.");

var first = ((Linear)network[0]).Weight;
string[] digits = [.. "0123456789".Select(c => $"{c}")];
new Page("Handwritten digits")
    .Add("Of each layer the first and the last neurons.").Add(Graph.Of(network, "784-30-10, after training"))
    .Add(Chart.Line("Test images read right", "epoch", "%", [new Series("3", right)],
        new ChartOptions { EndValues = true, Legend = "learning rate" }))
    .Add("What was taken for what: a row is what the digit was, a column what it was taken for.")
    .Add(Chart.HeatMap("Taken for", "taken for", "was", confused, digits, digits, (r, c) => $"{confused[r, c]}"))
    .Add("The weights of six hidden neurons, pixel by pixel. Where there is never ink they stay as drawn.")
    .Add(Chart.Grid("Six hidden neurons", 3, [.. Enumerable.Range(0, 6).Select(n =>
    {
        var cells = new double[28, 28];
        for (int i = 0; i < 784; i++) cells[i / 28, i % 28] = first[n, i];
        return Chart.HeatMap($"Neuron {n + 1}", "", "", cells, options: new ChartOptions { Scheme = "redblue" });
    })]))
    .Save("pictures/36-handwritten-digits.html");
Console.WriteLine("\npictures: pictures/36-handwritten-digits.html");
return 0;

// expected:
// 5,000 images to learn from, 10,000 to test with; 28 × 28 pixels are 784 inputs.
// 784-30-10: 23,860 parameters, from N(0, 1).
//
//     epoch  1: 70.5 % of the test images are read right
//     epoch  2: 80.6 % of the test images are read right
//
// Most often 8 was taken for 9: 145 times of 974.
//
// pictures: pictures/36-handwritten-digits.html
