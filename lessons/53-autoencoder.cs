#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 53: The autoencoder. A network that must give back its input through a bottleneck, and so has to find out what
// matters.
//
// What it is: drawn digits squeezed into two numbers and given back, without any class being told; the map of digits
// that comes of it; and a denoising autoencoder, which takes noise away. Compared with the mean and with a linear
// bottleneck. What it is not: a generator of digits. A minute; --quick takes fewer steps and seconds.
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
int steps = quick ? 600 : 5000;
const int Side = 14, Pixels = Side * Side;

var data = ImageData.Open(null, new ImageOptions(Size: Side));
Tensor train = Grey(data.Training().Inputs), test = Grey(data.Measured().Inputs);
Ids classes = data.Measured().Targets;
double[] mean = train.Mean(0).ToArray<double>();
Console.WriteLine($"""
    1. The bottleneck. Drawn digits of {Side} × {Side}, {Pixels} numbers each. An encoder makes 2 numbers of them, a
       decoder makes {Pixels} again, and the loss is the mean squared error between both. No class is told.

       mean squared error on {test.Shape[0]:N0} test images
    """);
var rng = new TorchRandom(6);
var linear = Exact(new Sequential(new Linear(Pixels, 2, rng), new Linear(2, Pixels, rng)));
var encoder = new Sequential(new Linear(Pixels, 96, rng), new Gelu(), new Linear(96, 48, rng), new Gelu(),
    new Linear(48, 2, rng));
var decoder = new Sequential(new Linear(2, 48, rng), new Gelu(), new Linear(48, 96, rng), new Gelu(),
    new Linear(96, Pixels, rng));
var network = Exact(new Sequential(encoder, decoder));
Fit(linear, train, train, steps);
Fit(network, train, train, steps);
double ofMean = (test - Tensor.From(mean)).Square().Mean().Item(), ofLinear = Error(linear, test, test),
    ofNetwork = Error(network, test, test);
Say("the mean image for all", ofMean);
Say("a linear bottleneck of 2 (no better than two principal components)", ofLinear);
Say($"the autoencoder, {network.ParameterCount:N0} parameters", ofNetwork);
Console.WriteLine($"   better than the linear one: {ofNetwork < ofLinear}; than the mean: {ofNetwork < ofMean}");

double[] codes = Of(encoder, test).ToArray<double>();
(double X, double Y) Code(int i) => (codes[2 * i], codes[2 * i + 1]);
double Distance(int i, int j) => Math.Pow(Code(i).X - Code(j).X, 2) + Math.Pow(Code(i).Y - Code(j).Y, 2);
int asked = 300;
double alike = Enumerable.Range(0, asked).Average(i =>
    classes[Enumerable.Range(0, test.Shape[0]).Where(j => j != i).MinBy(j => Distance(i, j))] == classes[i] ? 1.0 : 0);
Console.WriteLine($"""

       Where a digit lies in the two numbers says which it is: the nearest other digit is of the same class in
       {100 * alike:0} % of {asked} cases; by chance it would be in 10 %.
    """);

Console.WriteLine("""

    2. Denoising. A bottleneck of 24; the input is a digit under noise, the target the digit without it. Noise is
       different in every image: it cannot be learned, and does not pass the bottleneck.

    """);
var denoiser = Exact(new Sequential(new Linear(Pixels, 128, rng), new Gelu(), new Linear(128, 24, rng), new Gelu(),
    new Linear(24, 128, rng), new Gelu(), new Linear(128, Pixels, rng)));
Tensor Noisy(Tensor x) => x + Tensor.Randn(x.Shape, rng, DType.Float64) * 0.4;
Tensor noisyTest = Noisy(test);
Fit(denoiser, Tensor.Concat(0, Noisy(train), Noisy(train)), Tensor.Concat(0, train, train), steps);
double ofNoise = (noisyTest - test).Square().Mean().Item(), ofClean = Error(denoiser, noisyTest, test);
Say("the noisy images as they are", ofNoise);
Say("smoothed: the mean of 3 × 3 pixels", (noisyTest.Reshape(-1, 1, Side, Side).AveragePool2d(3, 1, 1)
    .Reshape(-1, Pixels) - test).Square().Mean().Item());
Say("the denoising autoencoder", ofClean);
Console.WriteLine($"   {ofNoise / ofClean:0} times less noise is left");

Tensor back = Of(network, test), flat = Of(linear, test), cleaned = Of(denoiser, noisyTest);
double reach = codes.Select(Math.Abs).Order().ElementAt(codes.Length * 9 / 10);
new Page("The autoencoder")
    .Add("Each dot is a digit that was not learned from, at the two numbers that the encoder makes of it. The colours "
        + "were laid on afterwards.")
    .Add(Chart.Scatter("Two numbers for a digit", "first", "second", [.. Enumerable.Range(0, 10).Select(digit =>
    {
        int[] own = [.. Enumerable.Range(0, test.Shape[0]).Where(i => classes[i] == digit)];
        return new Series($"{digit}", [.. own.Select(i => Code(i).Y)]) { X = [.. own.Select(i => Code(i).X)] };
    })], new() { Width = 520, Height = 480 }))
    .Add("Digits, what the autoencoder gives back, and what the linear bottleneck does.")
    .Images("Given back", [.. Enumerable.Range(0, 8).SelectMany(i => (Raster[])[Shown($"{classes[i]}", test, i),
        Shown("autoencoder", back, i), Shown("linear", flat, i)])], together: 3)
    .Add("What the decoder makes of places between the digits.")
    .Images("The plane, decoded", [.. Enumerable.Range(0, 25).Select(i => Shown("", Of(decoder, Tensor.From(
        [reach * (i % 5 - 2) / 2, reach * (2 - i / 5) / 2], [1, 2])), 0))], together: 5)
    .Add("Digits under noise, and without it again.")
    .Images("Denoised", [.. Enumerable.Range(0, 8).SelectMany(i => (Raster[])[Shown("noisy", noisyTest, i),
        Shown("denoised", cleaned, i), Shown("the digit", test, i)])], together: 3)
    .Save("pictures/53-autoencoder.html");
Console.WriteLine("\npictures: pictures/53-autoencoder.html");
return 0;

static void Say(string name, double error) => Console.WriteLine($"   {name,-70}{error:0.0000}");

static Sequential Exact(Sequential model)
{
    model.To(DType.Float64);
    return model;
}

// Pixels from 0 to 1.
static Tensor Grey(Tensor images)
{
    var x = images.To(DType.Float64).Reshape(images.Shape[0], -1);
    double low = x.Min().Item();
    return (x - low) / (x.Max().Item() - low);
}

void Fit(Sequential model, Tensor x, Tensor y, int count) => new Trainer<Tensor, Tensor>(model,
    new AdamW(model.Parameters(), Schedule.OneCycle(0.004, count), weightDecay: 0.01),
    Batches.Shuffled(Dataset.From(x, y), 64, 1), model.Forward, (said, target) => said.MseLoss(target)).Fit(count);

static Tensor Of(Sequential model, Tensor x)
{
    using var quiet = NoGrad.Begin();
    return model.Forward(x);
}

static double Error(Sequential model, Tensor x, Tensor y) => (Of(model, x) - y).Square().Mean().Item();

static Raster Shown(string caption, Tensor images, int i) =>
    Raster.Picture(caption.Length == 0 ? " " : caption, images.Select(0, i).Reshape(Side, Side).Clamp(0, 1));

// expected:
// 1. The bottleneck. Drawn digits of 14 × 14, 196 numbers each. An encoder makes 2 numbers of them, a
//    decoder makes 196 again, and the loss is the mean squared error between both. No class is told.
//
//    mean squared error on 1,000 test images
//    the mean image for all                                                0.0314
//    a linear bottleneck of 2 (no better than two principal components)    0.0296
//    the autoencoder, 47,526 parameters                                    0.0216
//    better than the linear one: True; than the mean: True
//
//    Where a digit lies in the two numbers says which it is: the nearest other digit is of the same class in
//    33 % of 300 cases; by chance it would be in 10 %.
//
// 2. Denoising. A bottleneck of 24; the input is a digit under noise, the target the digit without it. Noise is
//    different in every image: it cannot be learned, and does not pass the bottleneck.
//
//    the noisy images as they are                                          0.1601
//    smoothed: the mean of 3 × 3 pixels                                    0.0277
//    the denoising autoencoder                                             0.0140
//    11 times less noise is left
//
// pictures: pictures/53-autoencoder.html
