#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 52: Modular networks. Several networks that work together: one after the other, or side by side.
//
// What it is: a pipeline, of which the first network finds a digit in a picture and the second says which it is; and a
// mixture of experts, whose gate says how much each of them counts. Both are trained part by part, and then
// together, and compared with their parts. What it is not: large. A minute; --quick takes fewer steps and seconds.
using ChainRule;
using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Training;
using ChainRule.Zoo.Images;
using ChainRule.Zoo.Lectures;
using ChainRule.Zoo.Models;

var options = new LessonOptions(args);
bool quick = options.Quick;
if (!options.Ok()) return Lecture.Misused;
int steps = quick ? 250 : 1500;
const int Small = 12, Side = 24, Places = Side - Small + 1;

// A digit of 12 × 12 somewhere in a noisy picture of 24 × 24.
var data = ImageData.Open(null, new ImageOptions(Size: Small));
var rng = new TorchRandom(8);
var (train, trainPlaces, trainClasses) = Canvases(data.Training(), quick ? 600 : 3000);
var (test, testPlaces, testClasses) = Canvases(data.Measured(), 400);
Console.WriteLine($"""
    1. A pipeline. In a noisy picture of {Side} × {Side} lies a digit of {Small} × {Small}: which one? The detector says
       how well a digit fits each of {Places} × {Places} places; what lies at the best of them goes to the classifier.
       Each is trained by itself: the detector on places, the classifier on digits cut out where they are.

    """);
var detector = new Sequential(new Conv2d(1, 8, 5, rng, padding: 2), new Relu(), new Conv2d(8, 1, Small, rng),
    new Flatten());
var classifier = new Sequential(new Linear(Small * Small, 48, rng), new Relu(), new Linear(48, 10, rng));
Fit(detector, train.Reshape(-1, 1, Side, Side), trainPlaces, steps);
Fit(classifier, Cut(train, trainPlaces), trainClasses, steps);
var whole = new Sequential(new Linear(Side * Side, 48, rng), new Relu(), new Linear(48, 10, rng));
Fit(whole, train, trainClasses, steps);
Ids found = Of(detector, test.Reshape(-1, 1, Side, Side)).ArgMax(1), middle = Ids.From([.. Enumerable.Repeat(
    Places / 2 * Places + Places / 2, test.Shape[0])]);
double apart = Right(classifier, Cut(test, found)), blind = Right(classifier, Cut(test, middle));
Percent("places that the detector finds, to two pixels", Near(found));
Percent("digits right: the classifier alone, looking at the middle", blind);
Percent("one network of as many hidden units over the whole picture", Right(whole, test));
Percent("the pipeline, trained apart", apart);
// Together: the place becomes a mean over all places, of which the gradient reaches the detector.
int[] everywhere = [.. Enumerable.Range(0, Places * Places)];
var pipeline = new Pipeline(detector, classifier, x => Windows(x, _ => everywhere));
Fit(pipeline, train, trainClasses, steps / 5);
double together = Right(classifier, Cut(test, Of(detector, test.Reshape(-1, 1, Side, Side)).ArgMax(1)));
Percent("the pipeline, trained on together", together);
bool gains = Math.Min(apart, together) > Math.Max(blind, Right(whole, test));
Console.WriteLine($"   both pipelines are better than the classifier alone, and than one network: {gains}");

Console.WriteLine("""

    2. A mixture of experts. A curve that is a wave on the left and a staircase on the right. Two experts, and a gate
       that looks at x: g = softmax(W x + b), y = Σ gₖ fₖ(x).

       root mean squared error on new points
    """);
double Truth(double x) => x < 0 ? Math.Sin(6 * x) : Math.Floor(4 * x) / 2;
double[] Drawn(int count)
{
    double[] x = new double[count];
    rng.Uniform(x, -1.5, 1.5);
    return x;
}
double[] xs = Drawn(600), newXs = [.. Drawn(300).Order()];
Tensor Column(double[] all) => Tensor.From(all, [all.Length, 1]);
Tensor True(double[] all) => Column([.. all.Select(Truth)]);
Tensor ys = True(xs) + Tensor.Randn([xs.Length, 1], rng, DType.Float64) * 0.05, newYs = True(newXs);
double Error(Func<Tensor, Tensor> model)
{
    using var quiet = NoGrad.Begin();
    return (model(Column(newXs)) - newYs).Square().Mean().Sqrt().Item();
}
var sizes = new MixtureOfExpertsOptions(Experts: 2, Hidden: 24, Dropout: 0);
MixtureOfExperts New() => Exact(new MixtureOfExperts(sizes, 1, 1, new TorchRandom(3)));
var single = Exact(new Sequential(new Linear(1, 48, rng), new Gelu(), new Linear(48, 1, rng)));
var byParts = New();
int[] left = [.. Enumerable.Range(0, 600).Where(i => xs[i] < 0)], right = [.. Enumerable.Range(0, 600).Except(left)];
int more = 4 * steps;
Curve(byParts.Experts[0], left, more);
Curve(byParts.Experts[1], right, more);
double first = Error(byParts.Experts[0].Forward), second = Error(byParts.Experts[1].Forward);
// The gate learns whose part a point belongs to.
new Trainer<Tensor, Ids>(byParts.Gate, new Adam(byParts.Gate.Parameters(), 0.05), Batches.Shuffled(Dataset.From(
    Column(xs), Ids.From([.. xs.Select(x => x < 0 ? 0 : 1)])), 32, 1), byParts.Gate.Forward,
    (logits, y) => logits.CrossEntropy(y)).Fit(steps);
double parts = Error(byParts.Forward);
var joined = New();
Curve(joined, [.. Enumerable.Range(0, 600)], more);
Curve(single, [.. Enumerable.Range(0, 600)], more);
double all = Error(joined.Forward);
Curve(byParts, [.. Enumerable.Range(0, 600)], steps);
double tuned = Error(byParts.Forward);
foreach (var (name, error) in ((string, double)[])[("the expert of the left alone", first),
    ("the expert of the right alone", second), ("one network of as many hidden units", Error(single.Forward)),
    ("the mixture, trained apart", parts), ("the mixture, trained apart and then together", tuned),
    ("the mixture, trained together from the beginning", all)])
    Console.WriteLine($"   {name,-50}{error,8:0.000}");
bool mixes = Math.Max(parts, Math.Max(tuned, all)) < Math.Min(first, second);
Console.WriteLine($"   all three mixtures are better than the best of their parts: {mixes}");

double[] Said(Module model) => model.Forward(Column(newXs)).ToArray<double>();
double[] gate = byParts.Weigh(Column(newXs)).Select(1, 0).ToArray<double>();
new Page("Modular networks")
    .Add("Pictures, how well the detector thinks that the digit fits each place, and what was cut out.")
    .Images("A pipeline", [.. Enumerable.Range(0, 6).SelectMany(i => (Raster[])[
        Raster.Map($"{testClasses[i]}", test.Select(0, i).Reshape(Side, Side)),
        Raster.Map("place", Of(detector, test.Slice(0, i, i + 1).Reshape(1, 1, Side, Side)).Softmax()
            .Reshape(Places, Places)),
        Raster.Map("cut out", Cut(test, found).Select(0, i).Reshape(Small, Small))])], together: 3)
    .Add("The curve, and what each expert and the mixture say.")
    .Add(Chart.Line("A mixture of experts", "x", "y", [Line("truth", [.. newXs.Select(Truth)]), Line("expert 0",
        Said(byParts.Experts[0])), Line("expert 1", Said(byParts.Experts[1])), Line("mixture", Said(byParts)) with
            { Bold = true }], new() { YRange = (-2, 4) }))
    .Add(Chart.Line("How much expert 0 counts", "x", "weight", [Line("gate", gate)], new() { YRange = (0, 1) }))
    .Save("pictures/52-modular-networks.html");
Console.WriteLine("\npictures: pictures/52-modular-networks.html");
return gains && mixes ? 0 : 1;

Series Line(string name, double[] y) => new(name, y) { X = newXs };

static T Exact<T>(T model) where T : Module
{
    model.To(DType.Float64);
    return model;
}

static void Percent(string name, double right) => Console.WriteLine($"   {name,-60}{100 * right,6:0.0} %");

void Curve(Module model, int[] rows, int count) => new Trainer<Tensor, Tensor>(model,
    new Adam(model.Parameters(), 0.005), Batches.Shuffled(Dataset.From(Column(xs).Rows(rows), ys.Rows(rows)), 32, 1),
    model.Forward, (said, y) => said.MseLoss(y)).Fit(count);

void Fit(Module model, Tensor x, Ids y, int count) => new Trainer<Tensor, Ids>(Exact(model),
    new AdamW(model.Parameters(), 0.003), Batches.Shuffled(Dataset.From(x, y), 32, 1), model.Forward,
    (logits, target) => logits.CrossEntropy(target)).Fit(count);

static Tensor Of(Module model, Tensor x)
{
    using var quiet = NoGrad.Begin();
    return model.Forward(x);
}

double Right(Module model, Tensor x) => Of(model, x).Accuracy(testClasses);

double Near(Ids said) => Enumerable.Range(0, said.Count).Average(i =>
    Math.Abs(said[i] / Places - testPlaces[i] / Places) <= 2 && Math.Abs(said[i] % Places - testPlaces[i] % Places) <= 2
        ? 1.0 : 0);

(Tensor X, Ids Places, Ids Classes) Canvases(Dataset<Tensor, Ids> digits, int count)
{
    double[] x = new double[count * Side * Side], own = digits.Inputs.To(DType.Float64).ToArray<double>();
    double low = own.Min();
    rng.Normal(x, 0, 0.3);
    int[] places = new int[count], order = new int[digits.Count];
    rng.Permutation(order);
    rng.Integers(places, 0, Places * Places);
    for (int i = 0; i < count; i++)
        for (int p = 0; p < Small * Small; p++)
            x[i * Side * Side + (places[i] / Places + p / Small) * Side + places[i] % Places + p % Small] +=
                own[order[i] * Small * Small + p] - low;
    return (Tensor.From(x, [count, Side * Side]), Ids.From(places), digits.Targets.Rows(order.AsSpan(0, count)));
}

// What lies at some places of each picture: [pictures, places, pixels of a digit].
static Tensor Windows(Tensor pictures, Func<int, int[]> places)
{
    double[] all = pictures.ToArray<double>();
    return Tensor.From([.. Enumerable.Range(0, pictures.Shape[0]).SelectMany(i => places(i).SelectMany(place =>
        Enumerable.Range(0, Small * Small).Select(p =>
            all[i * Side * Side + (place / Places + p / Small) * Side + place % Places + p % Small])))],
        [pictures.Shape[0], places(0).Length, Small * Small]);
}

static Tensor Cut(Tensor pictures, Ids places) => Windows(pictures, i => [places[i]]).Select(1, 0);

/// <summary>The mean of what lies at all places, weighed by the detector, for the classifier.</summary>
sealed class Pipeline(Sequential detector, Sequential classifier, Func<Tensor, Tensor> windows) : Module
{
    public Sequential Detector { get; } = detector;

    public Sequential Classifier { get; } = classifier;

    protected override Tensor Compute(Tensor x)
    {
        var weights = Detector.Forward(x.Reshape(-1, 1, 24, 24)).Softmax();
        return Classifier.Forward((weights.Reshape(x.Shape[0], -1, 1) * windows(x)).Sum(1));
    }
}

// expected:
// 1. A pipeline. In a noisy picture of 24 × 24 lies a digit of 12 × 12: which one? The detector says
//    how well a digit fits each of 13 × 13 places; what lies at the best of them goes to the classifier.
//    Each is trained by itself: the detector on places, the classifier on digits cut out where they are.
//
//    places that the detector finds, to two pixels                100.0 %
//    digits right: the classifier alone, looking at the middle     12.0 %
//    one network of as many hidden units over the whole picture    15.0 %
//    the pipeline, trained apart                                   81.5 %
//    the pipeline, trained on together                             86.5 %
//    both pipelines are better than the classifier alone, and than one network: True
//
// 2. A mixture of experts. A curve that is a wave on the left and a staircase on the right. Two experts, and a gate
//    that looks at x: g = softmax(W x + b), y = Σ gₖ fₖ(x).
//
//    root mean squared error on new points
//    the expert of the left alone                         3.810
//    the expert of the right alone                        0.964
//    one network of as many hidden units                  0.319
//    the mixture, trained apart                           0.356
//    the mixture, trained apart and then together         0.273
//    the mixture, trained together from the beginning     0.288
//    all three mixtures are better than the best of their parts: True
//
// pictures: pictures/52-modular-networks.html
