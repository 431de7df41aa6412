#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 47: Kohonen's map. A sheet of units that unfolds over data of any number of columns, so that rows that
// are alike come to lie close together: without classes, and without a loss to differentiate.
//
// What it is: the rule, a square that unfolds, and a map of patients: invented measurements of which three illnesses
// and the healthy are made, and which the map does not know. `chainrule map FILE.csv` draws such a map of any table.
// What it is not: a diagnosis. The patients are drawn by the program. A few seconds.
using ChainRule;
using ChainRule.Classical;
using ChainRule.Data;
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Zoo.Lectures;

var options = new LessonOptions(args);
if (!options.Ok()) return Lecture.Misused;

Console.WriteLine("""
    1. The rule. The unit whose weights are nearest to a row is its best unit. It moves towards the row, and its
       neighbours on the sheet with it, the less the further away they are: hₖ = exp(−distance² / 2σ²). At first σ is
       wide, so that the sheet unfolds as a whole; as it shrinks, each unit finds its own place.

       A sheet of 8 × 8 units in the unit square, 1,000 points:

       passes   quantisation error   topographic error
    """);
double[] points = new double[2000];
new TorchRandom(1).Uniform(points);
var square = Tensor.From(points, [1000, 2]);
List<Chart> sheets = [];
foreach (int passes in (int[])[1, 5, 15, 40])
{
    // A run of fewer passes has the same first weights; σ falls to its end in each.
    var sheet = SelfOrganizingMap.Fit(square, Sheet(passes));
    if (passes == 1) Console.WriteLine($"   {0,6}   {sheet.QuantizationErrors[0],18:0.0000}   "
        + $"{sheet.TopographicErrors[0],17:0.000}");
    Console.WriteLine($"   {passes,6}   {sheet.QuantizationErrors[^1],18:0.0000}   "
        + $"{sheet.TopographicErrors[^1],17:0.000}");
    sheets.Add(Drawn($"after {passes} passes", sheet));
}
Console.WriteLine("""

       The quantisation error is the mean distance of a point from its best unit. The topographic error is the fraction
       of points whose two best units are no neighbours: how often the sheet is torn. A sheet whose edges are joined
       cannot lie flat in a square: it has to tear.
    """);
var batch = SelfOrganizingMap.Fit(square, Sheet(40));
var online = SelfOrganizingMap.Fit(square, Sheet(40) with { Batch = false });
var torus = SelfOrganizingMap.Fit(square, Sheet(40) with { Toroidal = true });
var bees = SelfOrganizingMap.Fit(square, Sheet(40) with { Grid = GridShape.Hexagonal });
foreach (var (name, map) in ((string, SelfOrganizingMap)[])[("batch", batch), ("online, row by row", online),
    ("edges joined (toroidal)", torus), ("hexagonal", bees)])
    Console.WriteLine($"   {name,-24} {map.QuantizationErrors[^1]:0.0000}   {map.TopographicErrors[^1]:0.000}");

string[] measures = ["temperature", "pulse", "white cells", "oxygen", "sugar"];
string[] kinds = ["healthy", "infection", "lung", "diabetes"];
// Means of a healthy person, standard deviations, and by how many of them an illness shifts each measure.
double[] means = [36.8, 70, 7, 97, 5.2], stds = [0.3, 8, 1.5, 1, 0.6];
double[][] shifts = [[0, 0, 0, 0, 0], [5, 3, 4, -1, 0], [1, 3, 1, -6, 0], [0, 0.5, 0, 0, 7]];
var rng = new TorchRandom(11);
int[] truth = [.. Enumerable.Range(0, 400).Select(i => i % 4)];
double[] noise = new double[400 * 5];
rng.Normal(noise);
var patients = Tensor.From([.. Enumerable.Range(0, 2000).Select(i => means[i % 5]
    + stds[i % 5] * (noise[i] + shifts[truth[i / 5]][i % 5]))], [400, 5]);
// The map goes by distances: a pulse of 70 may not count more than an oxygen of 0.97.
var scaled = Scaler.ZScore(patients).Apply(patients);
var made = SelfOrganizingMap.Fit(scaled, new() { Rows = 10, Columns = 12, Seed = 3 });
int[] best = made.BestUnits(scaled).Span.ToArray();
int[] classes = made.ClassMap(scaled, Ids.From(truth)).Span.ToArray();
double Pure(int kind) => Enumerable.Range(0, 400).Where(i => truth[i] == kind).Average(i =>
    classes[best[i]] == kind ? 1.0 : 0);
Console.WriteLine($"""

    2. 400 invented patients with five measurements each; a hexagonal map of 10 × 12 units sees these, and no illness.

       quantisation error: {made.QuantizationErrors[0]:0.000} before, {made.QuantizationErrors[^1]:0.000} after
       topographic error:  {made.TopographicErrors[0]:0.000} before, {made.TopographicErrors[^1]:0.000} after
    """);
for (int kind = 0; kind < 4; kind++)
    Console.WriteLine($"   {kinds[kind],-10} lies on {classes.Count(c => c == kind),2} units; "
        + $"{100 * Pure(kind):0} % of its patients are on them");
double[] ridges = made.DistancesToNeighbours().ToArray<double>();
int highest = Array.IndexOf(ridges, ridges.Max());
double inside = ridges.Where((_, k) => classes[k] >= 0).Average(), outside = ridges.Where((_, k) =>
    classes[k] < 0).DefaultIfEmpty(double.NaN).Average();
Console.WriteLine($"""

       U-matrix, the mean distance of a unit from its neighbours: {inside:0.00} where patients are, {outside:0.00} on
       the {classes.Count(c => c < 0)} units between the groups, where none is.
    """);

new Page("Kohonen's map")
    .Add("The sheet in the square. Each line joins neighbours on the sheet; dots are units.")
    .Add(Chart.Grid("A sheet unfolds", 2, sheets))
    .Add("The map of the patients. It saw no illness: the colours were laid on it afterwards. A blank unit has no "
        + "patient.")
    .Add(Chart.Tiles("Class map", made.Places, [.. classes.Select(c => c < 0 ? null : kinds[c])], hexagonal: true))
    .Add("The U-matrix: light valleys are groups of patients who are alike, dark ridges divide them.")
    .Add(Chart.Tiles("U-matrix", made.Places, ridges, hexagonal: true))
    .Add("Component planes: one measurement at a time, in standard deviations from the mean.")
    .Add(Chart.Grid("Component planes", 3, [.. measures.Select((name, j) => Chart.Tiles(name, made.Places,
        made.ComponentPlane(j).ToArray<double>(), true, new() { Width = 190, Scheme = "viridis" }))]))
    .Add(Chart.Line("Quantisation error", "pass", "error", [new("batch", batch.QuantizationErrors),
        new("online", online.QuantizationErrors), new("toroidal", torus.QuantizationErrors)]))
    .Save("pictures/47-kohonen-map.html");
Console.WriteLine("\npictures: pictures/47-kohonen-map.html");
return 0;

static SelfOrganizingMapOptions Sheet(int passes) =>
    new() { Rows = 8, Columns = 8, Grid = GridShape.Rectangular, Passes = passes };

// The rows of the sheet one after another, then its columns.
static Chart Drawn(string title, SelfOrganizingMap map)
{
    double[] w = map.Weights.ToArray<double>();
    Series Thread(string name, int from, int step) => new(name, [.. Enumerable.Range(0, 8).Select(i =>
        w[2 * (from + i * step) + 1])]) { X = [.. Enumerable.Range(0, 8).Select(i => w[2 * (from + i * step)])],
            Group = "sheet" };
    return Chart.Line(title, "x₁", "x₂", [.. Enumerable.Range(0, 8).Select(r => Thread($"row {r}", 8 * r, 1)),
        .. Enumerable.Range(0, 8).Select(c => Thread($"column {c}", c, 8))],
        new() { XRange = (0, 1), YRange = (0, 1), Marks = true, Width = 300, Height = 300 });
}

// expected:
// 1. The rule. The unit whose weights are nearest to a row is its best unit. It moves towards the row, and its
//    neighbours on the sheet with it, the less the further away they are: hₖ = exp(−distance² / 2σ²). At first σ is
//    wide, so that the sheet unfolds as a whole; as it shrinks, each unit finds its own place.
//
//    A sheet of 8 × 8 units in the unit square, 1,000 points:
//
//    passes   quantisation error   topographic error
//         0               0.0637               0.895
//         1               0.0964               0.935
//         5               0.0508               0.000
//        15               0.0465               0.000
//        40               0.0461               0.000
//
//    The quantisation error is the mean distance of a point from its best unit. The topographic error is the fraction
//    of points whose two best units are no neighbours: how often the sheet is torn. A sheet whose edges are joined
//    cannot lie flat in a square: it has to tear.
//    batch                    0.0461   0.000
//    online, row by row       0.0503   0.000
//    edges joined (toroidal)  0.0528   0.364
//    hexagonal                0.0476   0.000
//
// 2. 400 invented patients with five measurements each; a hexagonal map of 10 × 12 units sees these, and no illness.
//
//    quantisation error: 1.125 before, 0.486 after
//    topographic error:  0.903 before, 0.088 after
//    healthy    lies on 28 units; 100 % of its patients are on them
//    infection  lies on 26 units; 100 % of its patients are on them
//    lung       lies on 27 units; 100 % of its patients are on them
//    diabetes   lies on 27 units; 100 % of its patients are on them
//
//    U-matrix, the mean distance of a unit from its neighbours: 0.67 where patients are, 1.06 on
//    the 12 units between the groups, where none is.
//
// pictures: pictures/47-kohonen-map.html
