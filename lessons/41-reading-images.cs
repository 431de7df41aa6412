#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 41: Reading images. From edges that are found by hand to a network that finds its own.
//
// What it is: an image as numbers; edges by Sobel's filters; the convolution behind them written as four loops, and
// compared with the library's; pooling by hand; then LeNet (LeCun and others, 1998), which learns its filters, with
// those filters and what they make of a digit drawn on a page. What it is not: handwriting. The digits are drawn by the
// program, so that nothing is downloaded, and are easier than people's.
//
// It takes about ten seconds, and --quick, with fewer steps, a few.
using ChainRule;
using ChainRule.Data;
using ChainRule.Diagnostics;
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
int steps = quick ? 150 : 600;

var data = ImageData.Open(null, new ImageOptions());
var four = data.Measured(4);
int size = four.Width;
double[,] image = new double[size, size];
for (int y = 0; y < size; y++) for (int x = 0; x < size; x++) image[y, x] = four.Bytes[y * size + x] / 255.0;
Console.WriteLine($"1. An image is numbers: {size} × {size} of them, 0 black and 1 white. A part of a drawn 4:\n");
for (int y = 6; y < 14; y++)
    Console.WriteLine("    " + string.Join(" ", Enumerable.Range(6, 14).Select(x => $"{image[y, x]:0.0}")));

// The difference of what stands right and left of a pixel is a derivative across; of what is below and above, one down.
double[,] sobelX = { { -1, 0, 1 }, { -2, 0, 2 }, { -1, 0, 1 } }, sobelY = { { -1, -2, -1 }, { 0, 0, 0 }, { 1, 2, 1 } };
double[,] across = Convolve(image, sobelX), down = Convolve(image, sobelY);
int edge = across.GetLength(0);
double[,] strength = new double[edge, edge];
for (int y = 0; y < edge; y++)
    for (int x = 0; x < edge; x++)
        strength[y, x] = Math.Sqrt(across[y, x] * across[y, x] + down[y, x] * down[y, x]);
double[] flat = [.. strength.Cast<double>()];
Console.WriteLine($"\n2. Sobel's two filters, 3 × 3, give {edge} × {edge} numbers each: a filter fits "
    + $"{size} − 3 + 1 times.");
Console.WriteLine($"    the strongest edge is {flat.Max():0.00}; {flat.Count(x => x > 1)} of {flat.Length} places have "
    + "one above 1");

var x1 = Tensor.From(image).Reshape(1, 1, size, size);
var filters = Tensor.From([.. sobelX.Cast<double>(), .. sobelY.Cast<double>()], [2, 1, 3, 3]);
var both = x1.Conv2d(filters);
double apart = Enumerable.Range(0, edge * edge).Max(i => Math.Max(
    Math.Abs(both.Reshape(2, edge * edge).ToArray<double>()[i] - across[i / edge, i % edge]),
    Math.Abs(both.Reshape(2, edge * edge).ToArray<double>()[edge * edge + i] - down[i / edge, i % edge])));
Console.WriteLine($"    four loops by hand and the library's convolution differ by less than 1e-12: {apart < 1e-12}");

// Pooling keeps the largest of each square of 2 × 2: half the size, and a shift of a pixel changes little.
double[,] pooled = new double[edge / 2, edge / 2];
for (int y = 0; y < edge / 2; y++)
    for (int x = 0; x < edge / 2; x++)
        pooled[y, x] = Math.Max(Math.Max(strength[2 * y, 2 * x], strength[2 * y, 2 * x + 1]),
            Math.Max(strength[2 * y + 1, 2 * x], strength[2 * y + 1, 2 * x + 1]));
var library = Tensor.From(strength).Reshape(1, 1, edge, edge).MaxPool2d(2).ToArray<double>();
Console.WriteLine($"\n3. Pooling makes {edge / 2} × {edge / 2} of them. By hand and by the library it is the same: "
    + $"{library.SequenceEqual(pooled.Cast<double>())}");

// LeNet has such filters too, but begins with random ones, and learns which.
DType precision = quick ? DType.Float64 : DType.Float32; // so that --quick prints the same everywhere
Dataset<Tensor, Ids> train = In(data.Training()), test = In(data.Measured());
var rng = new TorchRandom(42);
var model = new LeNet(new LeNetOptions(), data.Encoding.Shape.Input, data.Encoding.Classes.Count, rng);
model.To(precision);
var before = FeatureMaps.FirstFilters(model, data.Encoding.Shape.Input);
Console.WriteLine($"\n4. LeNet: {model.ParameterCount:N0} parameters, of which its 6 first filters, 5 × 5, are "
    + $"{before.Count}.\n    A linear layer from {size * size} pixels to six maps of that size had "
    + $"{(long)size * size * (6 * size * size):N0}.");
Console.WriteLine($"    before training it is right on {Right():0.0} % of {test.Count:N0} test images");
new Trainer<Tensor, Ids>(model, new AdamW(model.Parameters(), 0.003), Batches.Shuffled(train, 32, seed: 1),
    model.Forward, (logits, y) => logits.CrossEntropy(y)).Fit(steps);
var after = FeatureMaps.FirstFilters(model, data.Encoding.Shape.Input);
Console.WriteLine($"    after {steps} steps of 32 images, on {Right():0.0} %");
Console.WriteLine($"    the filters moved by {(after - before).Square().Mean().Sqrt().Item():0.00}, their standard "
    + $"deviation was {before.Std().Item():0.00}");
var maps = FeatureMaps.All(model, In(data.Measured()).Inputs.Slice(0, 4, 5));
Console.WriteLine("    what a digit becomes on its way: " + string.Join(", ", maps.Where((_, i) => i % 3 != 1)
    .Select(one => $"{one.Value.Shape[1]} × {one.Value.Shape[2]} × {one.Value.Shape[3]}")));

new Page("Reading images")
    .Add("The image, and its edges by Sobel's two filters: red where it grows brighter to the right or downwards.")
    .Images("Edges by hand", [Raster.Picture("the image", Tensor.From(image)),
        Raster.Signed("derivative across", Tensor.From(across)), Raster.Signed("derivative down", Tensor.From(down)),
        Raster.Map("strength", Tensor.From(strength)), Raster.Map("pooled", Tensor.From(pooled))])
    .Add("LeNet's first filters, as they were drawn and as they were learned.")
    .Images("Filters before", Filters(before)).Images("Filters after", Filters(after))
    .Images("What the first filters make of the image", Channels(maps[0].Value))
    .Images("What the second convolution makes of it", Channels(maps[3].Value))
    .Save("pictures/41-reading-images.html");
Console.WriteLine("\npictures: pictures/41-reading-images.html");
return 0;

static double[,] Convolve(double[,] image, double[,] filter)
{
    int side = image.GetLength(0), reach = filter.GetLength(0);
    double[,] made = new double[side - reach + 1, side - reach + 1];
    for (int y = 0; y <= side - reach; y++)
        for (int x = 0; x <= side - reach; x++)
            for (int v = 0; v < reach; v++)
                for (int u = 0; u < reach; u++)
                    made[y, x] += image[y + v, x + u] * filter[v, u];
    return made;
}

Dataset<Tensor, Ids> In(Dataset<Tensor, Ids> set) => Dataset.From(set.Inputs.To(precision), set.Targets);

double Right()
{
    using var quiet = NoGrad.Begin();
    return 100 * model.Forward(test.Inputs).Accuracy(test.Targets);
}

static Raster[] Filters(Tensor filters) => [.. Enumerable.Range(0, filters.Shape[0]).Select(i =>
    Raster.Signed($"filter {i}", filters.Select(0, i).Select(0, 0)))];

static Raster[] Channels(Tensor map) => [.. Enumerable.Range(0, map.Shape[1]).Select(c =>
    Raster.Map($"channel {c}", map.Select(0, 0).Select(0, c)))];

// expected:
// 1. An image is numbers: 28 × 28 of them, 0 black and 1 white. A part of a drawn 4:
//
//     0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0
//     0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.7 0.8 0.1 0.0 0.0 0.0 0.0
//     0.0 0.0 0.0 0.0 0.0 0.0 0.7 1.0 1.0 0.3 0.0 0.0 0.0 0.0
//     0.0 0.0 0.0 0.0 0.1 0.8 1.0 1.0 0.4 0.0 0.0 0.0 0.0 0.0
//     0.0 0.0 0.0 0.2 0.9 1.0 1.0 0.3 0.0 0.0 0.0 0.0 0.0 0.0
//     0.0 0.0 0.3 1.0 1.0 0.9 0.2 0.0 0.4 0.5 0.0 0.0 0.0 0.0
//     0.0 0.3 1.0 1.0 0.8 0.2 0.0 0.1 1.0 1.0 0.2 0.0 0.0 0.0
//     0.5 1.0 1.0 0.8 0.1 0.0 0.0 0.0 1.0 1.0 0.2 0.0 0.0 0.0
//
// 2. Sobel's two filters, 3 × 3, give 26 × 26 numbers each: a filter fits 28 − 3 + 1 times.
//     the strongest edge is 4.22; 153 of 676 places have one above 1
//     four loops by hand and the library's convolution differ by less than 1e-12: True
//
// 3. Pooling makes 13 × 13 of them. By hand and by the library it is the same: True
//
// 4. LeNet: 61,706 parameters, of which its 6 first filters, 5 × 5, are 150.
//     A linear layer from 784 pixels to six maps of that size had 3,687,936.
//     before training it is right on 10.8 % of 1,000 test images
//     after 150 steps of 32 images, on 94.5 %
//     the filters moved by 0.07, their standard deviation was 0.12
//     what a digit becomes on its way: 6 × 28 × 28, 6 × 14 × 14, 16 × 10 × 10, 16 × 5 × 5
//
// pictures: pictures/41-reading-images.html
