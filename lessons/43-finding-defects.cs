#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 43: Finding defects. Cloth, metal, wood and paper under a camera: good, or with a scratch, a hole, a blob, a
// missing thread?
//
// What it is: a small convolutional network with one output, trained on drawn surfaces; how well it finds each kind of
// defect, and one kind that it never saw; and whether it looks at the defect, which we know, since we drew it. What it
// is not: a factory. The surfaces are drawn by the program, and none of the numbers says how a camera would do.
//
// It takes about a minute, and --quick, with fewer steps, a few seconds.
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
int steps = quick ? 150 : 1500, maps = quick ? 8 : 60;
DType precision = quick ? DType.Float64 : DType.Float32; // so that --quick prints the same everywhere

var data = ImageData.Open(null, new ImageOptions(Drawn: ImageDrawing.Surfaces));
Dataset<Tensor, Ids> train = data.Training(), test = data.Measured();
DefectKind?[] kinds = [.. Enumerable.Range(0, test.Count).Select(i => data.DefectOf(i)?.Kind)];
int size = data.Encoding.Size;
Console.WriteLine($"{train.Count:N0} surfaces of {size} × {size} to learn from, {test.Count:N0} to test with, half of "
    + $"them with a defect.\n{data.HeldOut().Count} more have a stain, which is in neither.\n");

// Convolutions look for the same mark everywhere; the largest answer of each channel says whether it is anywhere.
var rng = new TorchRandom(4);
var model = new Sequential(
    new Conv2d(1, 8, 3, rng, padding: 1), new Relu(), new Conv2d(8, 8, 3, rng, padding: 1), new Relu(),
    new MaxPool2d(2), new Conv2d(8, 16, 3, rng, padding: 1), new Relu(), new GlobalMaxPool(), new Linear(16, 1, rng));
model.To(precision);
var x = train.Inputs.To(precision);
var y = Tensor.From([.. train.Targets.Span.ToArray().Select(label => (double)label)], [train.Count, 1]).To(precision);
var trainer = new Trainer<Tensor, Tensor>(model, new AdamW(model.Parameters(), 0.004),
    Batches.Shuffled(Dataset.From(x, y), 32, seed: 1), (images, t) => model.Forward(images).BinaryCrossEntropy(t));
List<double> areas = [];
for (int part = 1; part <= 5; part++)
{
    trainer.Fit(steps * part / 5);
    areas.Add(Classification.RocAuc(Probabilities(test.Inputs), test.Targets.Span));
}
Console.WriteLine($"{model.ParameterCount:N0} parameters, {steps} steps. ROC-AUC on the test surfaces: "
    + string.Join(", ", areas.Select(area => $"{area:0.000}")) + ".\n");

double[] found = Probabilities(test.Inputs);
double[] good = [.. found.Where((_, i) => kinds[i] is null)];
Console.WriteLine($"{good.Count(p => p > 0.5)} of {good.Length} good surfaces are taken for defective. "
    + "Each kind against the good ones:");
Console.WriteLine("    kind       surfaces   found   ROC-AUC   overlap   hits");
double sum = 0;
foreach (var kind in Enum.GetValues<DefectKind>().Where(kind => kinds.Contains(kind)))
{
    int[] own = [.. Enumerable.Range(0, test.Count).Where(i => kinds[i] == kind)];
    double[] p = [.. own.Select(i => found[i])];
    var (overlap, hits) = Looks([.. own.Take(maps)]);
    sum += overlap;
    Console.WriteLine($"    {kind.ToString().ToLowerInvariant(),-8}   {own.Length,8}   {Found(p),3:0} %   "
        + $"{Area(p),7:0.000}   {overlap,7:0.00}   {hits,3:0} %");
}
double[] stains = Probabilities(data.HeldOut().Inputs);
Console.WriteLine($"    stain      {stains.Length,8}   {Found(stains),3:0} %   {Area(stains),7:0.000}   "
    + "                never seen");
Console.WriteLine("\nOverlap: the pixels of the defect and those whose saliency is at least half the largest:\n"
    + "those in both by those in either (IoU).\nHits: the most salient pixel is one of the defect's.");
Console.WriteLine($"Does the network look at what is wrong? A map that marked all pixels would overlap by "
    + $"{Enumerable.Range(0, test.Count).Where(i => kinds[i] is not null).Average(i =>
        data.DefectOf(i)!.Mask.Count(one => one)) / (size * size):0.00}; its maps do by {sum / 4:0.00}.");

int[] shown = [.. Enum.GetValues<DefectKind>().Where(kind => kinds.Contains(kind)).SelectMany(kind =>
    Enumerable.Range(0, test.Count).Where(i => kinds[i] == kind).Take(2))];
new Page("Finding defects")
    .Add("Surfaces with a defect; the pixels that it changed; what the network looked at; and how much its answer "
        + "falls where the surface is covered.")
    .Images("Surfaces, defects and maps", [.. shown.SelectMany(i => (Raster[])[
        Raster.Picture($"{kinds[i]}: {found[i]:0.00}", Picture(i)),
        Raster.Picture("the defect", Tensor.From([.. data.DefectOf(i)!.Mask.Select(one => one ? 1.0 : 0)],
            [size, size])),
        Raster.Map("saliency", Salient(i)),
        Raster.Signed("occlusion", Occlusion.Of(model, One(i)).Reshape(size, size))])], together: 4)
    .Images("The first filters", [.. Enumerable.Range(0, 8).Select(i =>
        Raster.Signed($"{i}", FeatureMaps.FirstFilters(model, data.Encoding.Shape.Input).Select(0, i).Select(0, 0)))])
    .Add(Chart.Line("ROC-AUC on the test surfaces", "fifth of training", "ROC-AUC", [new Series("network", areas)]))
    .Save("pictures/43-finding-defects.html");
Console.WriteLine("\npictures: pictures/43-finding-defects.html");
return 0;

double[] Probabilities(Tensor images)
{
    using var quiet = NoGrad.Begin();
    return model.Forward(images.To(precision)).Sigmoid().To(DType.Float64).ToArray<double>();
}

double Area(double[] defective) => Classification.RocAuc([.. good, .. defective],
    [.. good.Select(_ => 0), .. defective.Select(_ => 1)]);

static double Found(double[] p) => 100.0 * p.Count(one => one > 0.5) / p.Length;

Tensor One(int i) => test.Inputs.Slice(0, i, i + 1).To(precision);

Tensor Picture(int i) =>
    Tensor.From([.. data.Measured(i).Bytes.ToArray().Select(pixel => pixel / 255.0)], [size, size]);

// SmoothGrad, and then the mean of 3 × 3 pixels.
Tensor Salient(int i) => Saliency.Smooth(model, One(i), new TorchRandom(1), samples: 8).Reshape(1, 1, size, size)
    .AveragePool2d(3, 1, 1).Reshape(size, size);

(double Overlap, double Hits) Looks(int[] some)
{
    double overlap = 0, hits = 0;
    foreach (int i in some)
    {
        double[] map = Salient(i).To(DType.Float64).ToArray<double>();
        var mask = data.DefectOf(i)!.Mask;
        double half = map.Max() / 2;
        overlap += (double)map.Index().Count(one => one.Item >= half && mask[one.Index])
            / map.Index().Count(one => one.Item >= half || mask[one.Index]);
        if (mask[Array.IndexOf(map, map.Max())]) hits++;
    }
    return (overlap / some.Length, 100 * hits / some.Length);
}

// expected:
// 3,600 surfaces of 32 × 32 to learn from, 1,000 to test with, half of them with a defect.
// 200 more have a stain, which is in neither.
//
// 1,849 parameters, 150 steps. ROC-AUC on the test surfaces: 0.791, 0.904, 0.938, 0.948, 0.952.
//
// 78 of 500 good surfaces are taken for defective. Each kind against the good ones:
//     kind       surfaces   found   ROC-AUC   overlap   hits
//     scratch         125    92 %     0.955      0.26    63 %
//     blob            125    90 %     0.958      0.28    75 %
//     hole            125   100 %     1.000      0.44   100 %
//     thread          125    79 %     0.894      0.16    50 %
//     stain           200    90 %     0.954                   never seen
//
// Overlap: the pixels of the defect and those whose saliency is at least half the largest:
// those in both by those in either (IoU).
// Hits: the most salient pixel is one of the defect's.
// Does the network look at what is wrong? A map that marked all pixels would overlap by 0.04; its maps do by 0.29.
//
// pictures: pictures/43-finding-defects.html
