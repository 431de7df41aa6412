#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 46: Linear algebra to look at. Length, dot product, angle, projection, and what a matrix does to the plane:
// all that a layer of a network computes.
//
// What it is: each of them by hand, by the library and as a picture; and matrix products by three loops against the
// library's, timed. What it is not: a course; it has what the next lessons use. A few seconds.
using System.Diagnostics;
using ChainRule;
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Zoo.Lectures;

var options = new LessonOptions(args);
bool quick = options.Quick;
if (!options.Ok()) return Lecture.Misused;

double[] a = [3, 4], b = [4, 1];
double Dot(double[] u, double[] v) => u.Zip(v, (x, y) => x * y).Sum();
double Length(double[] u) => Math.Sqrt(Dot(u, u));
double Degrees(double[] u, double[] v) => Math.Acos(Dot(u, v) / (Length(u) * Length(v))) * 180 / Math.PI;
Tensor ta = Tensor.From(a), tb = Tensor.From(b);
double[] projected = [.. b.Select(x => x * Dot(a, b) / Dot(b, b))];
double[] rest = [.. a.Zip(projected, (x, p) => x - p)];
Console.WriteLine($"""
    1. A vector has a direction and a length (its norm). a = (3, 4), b = (4, 1).

       norm of a        √(3² + 4²) = {Length(a):0.####}, by the library {ta.Norm().Item():0.####}
       dot product      3 · 4 + 4 · 1 = {Dot(a, b):0.####}, by the library {(ta * tb).Sum().Item():0.####}
       angle            a · b = ‖a‖ ‖b‖ cos θ, so θ = {Degrees(a, b):0.0000}°
       projection       of a on b: (a · b / b · b) b = ({projected[0]:0.0000}, {projected[1]:0.0000})
       what is left     a − projection = ({rest[0]:0.0000}, {rest[1]:0.0000})
                        It is at a right angle to b, dot product 0: {Math.Abs(Dot(rest, b)) < 1e-12}

       The dot product is above 0 where two vectors point the same way, 0 at a right angle, and below 0 otherwise. That
       is a neuron: its weights are a direction, and its weighted sum says how far the input goes that way.
    """);
var arrows = Chart.Line("Vectors, and the projection of a on b", "x", "y",
    [Arrow("a", a), Arrow("b", b), Arrow("projection of a on b", projected),
        new("a − projection", [projected[1], a[1]]) { X = [projected[0], a[0]] }],
    new() { Width = 420, Height = 420, XRange = (-0.5, 5), YRange = (-0.5, 5), EndNames = true });

// A matrix moves every point of the plane, straight lines to straight lines.
double turn = Math.PI / 6;
(string Name, double[,] M)[] matrices =
[
    ("turns by 30°", new[,] { { Math.Cos(turn), -Math.Sin(turn) }, { Math.Sin(turn), Math.Cos(turn) } }),
    ("stretches", new[,] { { 2, 0 }, { 0, 0.5 } }),
    ("shears", new[,] { { 1, 1.0 }, { 0, 1 } }),
    ("mirrors", new[,] { { 1, 0 }, { 0, -1.0 } }),
    ("flattens", new[,] { { 1, 0.5 }, { 0.5, 0.25 } }),
];
Console.WriteLine("""

    2. A matrix times a vector: y₁ = m₁₁ x₁ + m₁₂ x₂, y₂ = m₂₁ x₁ + m₂₂ x₂. (1, 0) and (0, 1) become its columns. The
       determinant says by how much areas grow.

       matrix          (1, 0) becomes      (0, 1) becomes    (3, 4) becomes   determinant
    """);
List<Chart> moved = [];
double[] squareX = [0, 1, 1, 0, 0], squareY = [0, 0, 1, 1, 0];
double[] ring = [.. Enumerable.Range(0, 61).Select(i => 2 * Math.PI * i / 60)];
foreach (var (name, m) in matrices)
{
    double[] Times(double x, double y) => Tensor.From(m).MatMul(Tensor.From([x, y], [2, 1])).ToArray<double>();
    string Shown(double x, double y) => $"({Times(x, y)[0],5:0.00}, {Times(x, y)[1],5:0.00})";
    double determinant = m[0, 0] * m[1, 1] - m[0, 1] * m[1, 0];
    Console.WriteLine($"   {name,-14}{Shown(1, 0),16}{Shown(0, 1),20}{Shown(3, 4),18}{determinant,14:0.00}");
    double[][] corners = [.. squareX.Zip(squareY, Times)],
        circle = [.. ring.Select(t => Times(Math.Cos(t), Math.Sin(t)))];
    moved.Add(Chart.Line(name, "x", "y",
        [new("the unit square", squareY) { X = squareX, Hue = Hue.Grey },
            new("becomes", [.. corners.Select(at => at[1])]) { X = [.. corners.Select(at => at[0])] },
            new("the unit circle becomes", [.. circle.Select(at => at[1])]) { X = [.. circle.Select(at => at[0])] }],
        new() { XRange = (-2.2, 2.2), YRange = (-2.2, 2.2), Width = 230, Height = 230 }));
}
Console.WriteLine("""

       The last has determinant 0: it puts the whole plane on a line, where different points become the same one.
       A layer without an activation function is a matrix, and two of them are one: (M N) x = M (N x).
    """);
Tensor m0 = Tensor.From(matrices[0].M), m1 = Tensor.From(matrices[1].M), v = Tensor.From(a).Reshape(2, 1);
double apart = (m1.MatMul(m0).MatMul(v) - m1.MatMul(m0.MatMul(v))).Abs().Max().Item();
Console.WriteLine($"   (stretch · turn) a and stretch (turn a) differ by less than 1e-12: {apart < 1e-12}");

int[] sizes = quick ? [16, 32, 64] : [32, 64, 128, 256, 512];
Console.WriteLine("""

    3. Loops against the library. C = A B of n × n matrices takes n³ multiplications either way. Three loops take them
       one by one; the library takes many at once (SIMD), keeps what it needs near, and divides rows among threads.

    """);
List<double> loops = [], library = [];
foreach (int n in sizes)
{
    Tensor x = Tensor.Randn([n, n], new TorchRandom(1)), y = Tensor.Randn([n, n], new TorchRandom(2));
    float[] xs = x.ToArray<float>(), ys = y.ToArray<float>(), made = new float[n * n];
    loops.Add(Time(() =>
    {
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                float sum = 0;
                for (int k = 0; k < n; k++) sum += xs[i * n + k] * ys[k * n + j];
                made[i * n + j] = sum;
            }
        }
    }));
    float[] found = [];
    library.Add(Time(() => found = x.MatMul(y).ToArray<float>()));
    double worst = made.Zip(found, (p, q) => Math.Abs(p - q)).Max() / found.Max(Math.Abs);
    string speed = quick ? "" : $": loops {Milli(loops[^1])}, library {Milli(library[^1])}, "
        + $"{loops[^1] / library[^1]:0} times as fast";
    Console.WriteLine($"   n = {n,3}: the same to 1e-5 of the largest: {worst < 1e-5}{speed}");
}
var page = new Page("Linear algebra to look at")
    .Add("The vectors a and b, the projection of a on b, and what is left of a, at a right angle to b.").Add(arrows)
    .Add("What five matrices make of the unit square and of the unit circle.")
    .Add(Chart.Grid("Matrices move the plane", 3, moved));
if (!quick)
    page.Add(Chart.Line("Time of a matrix product", "n", "milliseconds", [Timed("three loops", loops),
        Timed("library", library)], new() { LogX = true, LogY = true, Marks = true }));
page.Save("pictures/46-linear-algebra.html");
Console.WriteLine("\npictures: pictures/46-linear-algebra.html");
return 0;

static Series Arrow(string name, double[] to) => new(name, [0, to[1]]) { X = [0, to[0]] };

Series Timed(string name, List<double> seconds) =>
    new(name, [.. seconds.Select(s => 1000 * s)]) { X = [.. sizes.Select(n => (double)n)] };

static string Milli(double seconds) => $"{1000 * seconds:0.000} ms";

// The shortest of several: what else the machine does can only add to it.
static double Time(Action work)
{
    double least = double.PositiveInfinity;
    for (int i = 0; i < 7; i++)
    {
        var clock = Stopwatch.StartNew();
        work();
        least = Math.Min(least, clock.Elapsed.TotalSeconds);
    }
    return least;
}

// expected:
// 1. A vector has a direction and a length (its norm). a = (3, 4), b = (4, 1).
//
//    norm of a        √(3² + 4²) = 5, by the library 5
//    dot product      3 · 4 + 4 · 1 = 16, by the library 16
//    angle            a · b = ‖a‖ ‖b‖ cos θ, so θ = 39.0939°
//    projection       of a on b: (a · b / b · b) b = (3.7647, 0.9412)
//    what is left     a − projection = (-0.7647, 3.0588)
//                     It is at a right angle to b, dot product 0: True
//
//    The dot product is above 0 where two vectors point the same way, 0 at a right angle, and below 0 otherwise. That
//    is a neuron: its weights are a direction, and its weighted sum says how far the input goes that way.
//
// 2. A matrix times a vector: y₁ = m₁₁ x₁ + m₁₂ x₂, y₂ = m₂₁ x₁ + m₂₂ x₂. (1, 0) and (0, 1) become its columns. The
//    determinant says by how much areas grow.
//
//    matrix          (1, 0) becomes      (0, 1) becomes    (3, 4) becomes   determinant
//    turns by 30°    ( 0.87,  0.50)      (-0.50,  0.87)    ( 0.60,  4.96)          1.00
//    stretches       ( 2.00,  0.00)      ( 0.00,  0.50)    ( 6.00,  2.00)          1.00
//    shears          ( 1.00,  0.00)      ( 1.00,  1.00)    ( 7.00,  4.00)          1.00
//    mirrors         ( 1.00,  0.00)      ( 0.00, -1.00)    ( 3.00, -4.00)         -1.00
//    flattens        ( 1.00,  0.50)      ( 0.50,  0.25)    ( 5.00,  2.50)          0.00
//
//    The last has determinant 0: it puts the whole plane on a line, where different points become the same one.
//    A layer without an activation function is a matrix, and two of them are one: (M N) x = M (N x).
//    (stretch · turn) a and stretch (turn a) differ by less than 1e-12: True
//
// 3. Loops against the library. C = A B of n × n matrices takes n³ multiplications either way. Three loops take them
//    one by one; the library takes many at once (SIMD), keeps what it needs near, and divides rows among threads.
//
//    n =  16: the same to 1e-5 of the largest: True
//    n =  32: the same to 1e-5 of the largest: True
//    n =  64: the same to 1e-5 of the largest: True
//
// pictures: pictures/46-linear-algebra.html
