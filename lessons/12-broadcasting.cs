#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 12: Broadcasting. How shapes that differ fit together, and the bug that nobody reports.
//
// From here on numbers come in tables, called tensors, and one operation does them all. What if the tables are not of
// the same shape? Then one is repeated, by a rule of two sentences, in PyTorch, NumPy and ChainRule alike. The rule is
// handy, and it has a trap in which a program runs happily and computes nonsense. It belongs to the bigram lecture of
// Andrej Karpathy's makemore series, which falls into the trap on purpose. A second or two.
using ChainRule.Zoo.Lectures;
using System.Diagnostics;
using ChainRule;
using ChainRule.Diagnostics;
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Zoo.Datasets;

if (!new LessonOptions(args).Ok()) return Lecture.Misused;
static string Row(Tensor t) => string.Concat(t.ToArray<float>().Select(number => $"{number,7:0.##}"));
static void Show(string name, Tensor t)
{
    for (int i = 0; i < t.Shape[0]; i++) Console.WriteLine($"        {(i == 0 ? name : ""),-10}{Row(t.Select(0, i))}");
}

Console.WriteLine("""
    1. The rule. Write the two shapes under each other, ends aligned. Each pair of sizes must be equal, or one of them
       1, or missing. A size of 1, or a missing one, is repeated until it fits.

        left         right        result
    """);
foreach (var (a, b) in new[] { (new[] { 3, 3 }, new[] { 3, 1 }), ([3, 1], [1, 4]), ([8, 1, 6], [7, 1]),
    ([32, 27], [32, 1]), ([32, 27], [32]), ([32, 27], [30, 27]) })
{
    Console.Write($"    {"[" + string.Join(", ", a) + "]",-13}{"[" + string.Join(", ", b) + "]",-13}");
    try { Console.WriteLine((Tensor.Ones(a) * Tensor.Ones(b)).Shape); }
    catch (ArgumentException e) { Console.WriteLine("refused: " + e.Message); }
}

Console.WriteLine("""

    2. A table times a column: a [3, 3] · b [3, 1]. The column is repeated to the right, and the place (i, j) of the
    result is aᵢⱼ · bᵢ:
    """);
Tensor table = Tensor.From(new float[,] { { 1, 2, 3 }, { 4, 5, 6 }, { 7, 8, 9 } }),
    column = Tensor.From(new float[,] { { 10 }, { 100 }, { 1000 } });
Show("a · b", table * column);
Console.WriteLine("""
    And the same three numbers lying down, [3]. Now they are a row, repeated downwards, and the place (i, j) is
    aᵢⱼ · bⱼ:
    """);
Show("a · row", table * column.Reshape(3));
Console.WriteLine("""

    3. Axes. Axis 0 goes down the rows, axis 1 goes along a row. To sum over an axis is to walk along it and squeeze it
    out:
    """);
Console.WriteLine($"        Sum(0)    {Row(table.Sum(0))}     shape {table.Sum(0).Shape}: down each column");
Console.WriteLine($"        Sum(1)    {Row(table.Sum(1))}     shape {table.Sum(1).Shape}: along each row");
Console.WriteLine($"        Sum(1, keepDim: true) has shape {table.Sum(1, keepDim: true).Shape}: the axis stays, with "
    + "size 1. Remember this one.");

// Counts of letter pairs, as in lesson 15: row = first letter, column = the letter that follows, '.'
// before and after each name.
var names = Names.Embedded();
float[,] pairs = new float[27, 27];
foreach (string name in names.All)
    foreach (var (from, to) in ("." + name).Zip(name + "."))
        pairs[names.Vocabulary.Encode([from])[0], names.Vocabulary.Encode([to])[0]]++;
Tensor counts = Tensor.From(pairs), right = counts / counts.Sum(1, keepDim: true), wrong = counts / counts.Sum(1);
Console.WriteLine($"""

    4. The bug. {counts.Shape} counts: how often does one letter follow another in {names.All.Count:N0} names? Each row
       is to become probabilities, so divide each row by its own sum. Two ways to write it; neither complains:
           P = N / N.Sum(1, keepDim: true)        {counts.Shape} / {counts.Sum(1, keepDim: true).Shape}
           P = N / N.Sum(1)                       {counts.Shape} / {counts.Sum(1).Shape}

                                    .      a      b      c      d
    """);
foreach (var (name, p) in new[] { ("with keepDim", right), ("without", wrong) })
{
    Console.WriteLine(
        $"    {name,-14}sums of rows   {string.Concat(Enumerable.Range(0, 5).Select(i => $"{p.Sum(1)[i],7:F3}"))} …");
    Console.WriteLine(
        $"    {"",-14}of columns     {string.Concat(Enumerable.Range(0, 5).Select(i => $"{p.Sum(0)[i],7:F3}"))} …");
}
double Nll(Tensor p) => -(counts * (p + 1e-12).Log()).Sum().Item() / counts.Sum().Item();
string Invent(Tensor p)
{
    var (rng, text) = (new TorchRandom(2147483647), "");
    for (int drawn = 0, letter = 0; drawn < 4; drawn += letter == 0 ? 1 : 0)
        text += names.Vocabulary.Characters[letter = rng.Multinomial(p.Select(0, letter).Read<float>())] is '.' ? ". "
            : names.Vocabulary.Characters[letter];
    return text;
}
Console.WriteLine($"""

    Without keepDim the 27 sums lie down, by the rule of 1: they are a row, and each column j is divided by the sum of
    row j. Every letter is left as often as it is entered, so now it is the columns that add up to 1. The table looks
    like probabilities, with numbers between 0 and 1. Not even the loss notices, the average surprise at a letter:
    {Nll(right):F4} with keepDim, {Nll(wrong):F4} without, since both ways divide by the same 27 sums, each as often as
    its letter occurs. Only names drawn from it tell, because rare letters now come up far too often:

        with keepDim   {Invent(right)}
        without        {Invent(wrong)}
    So write keepDim: true whenever you divide by a sum, and check what must be true: that the rows add up to 1.

    5. Backward. What is repeated forward is summed backward: one number that fed three places gets three gradients,
       which add. What is summed forward is repeated backward. Two sides of one coin:
    """);
var b1 = column.To(DType.Float32).Clone().RequireGrad();
(table * b1).Sum().Backward();
Console.WriteLine(
    $"        forward  b [3, 1] repeated to [3, 3]     backward  db = the sums of rows of a  {Row(b1.Grad)}");
var x = table.Clone().RequireGrad();
(x.Sum(1) * Tensor.From(1f, 10, 100)).Sum().Backward();
Console.WriteLine($"        forward  x [3, 3] summed to [3]          backward  dx = each gradient, repeated:");
Show("", x.Grad);
Tensor left = Tensor.From(new double[,] { { 0.3, -1.2, 0.7 }, { 2.1, 0.4, -0.5 } }).RequireGrad(),
    rightSide = Tensor.From(new double[,] { { 1.5 }, { -0.8 } }).RequireGrad();
var check = GradCheck.Run("broadcast", () => (left * rightSide + left.Sum(1, keepDim: true)).Tanh().Sum(),
    [new("left", left), new("right", rightSide)]);
Console.WriteLine($"    Checked by nudging all {check.Numbers} numbers of a formula with both: "
    + $"{(check.Passed ? "right" : "WRONG")}.");

Console.WriteLine("""

    6. Why all this? A table at once is faster than its numbers one by one: no loop to write, and all the tricks of the
    processor inside.
    """);
if (args.Contains("--quick")) Console.WriteLine("    (Run it without --quick to see the clock.)");
else
{
    const int Size = 512;
    Tensor P = Tensor.Randn([Size, Size], new TorchRandom(1)), Q = Tensor.Randn([Size, Size], new TorchRandom(2)),
        product = P.MatMul(Q);
    float[] p = P.ToArray<float>(), q = Q.ToArray<float>(), r = new float[Size * Size];
    var clock = Stopwatch.StartNew();
    for (int i = 0; i < Size; i++)
        for (int j = 0; j < Size; j++)
            for (int k = 0; k < Size; k++) r[i * Size + j] += p[i * Size + k] * q[k * Size + j];
    double loops = clock.Elapsed.TotalMilliseconds;
    clock.Restart();
    product = P.MatMul(Q);
    double once = clock.Elapsed.TotalMilliseconds, apart = (product - Tensor.From(r, [Size, Size])).Abs().Max().Item();
    string verdict = apart < 1e-3 ? "the same numbers but for rounding" : "NOT the same numbers";
    Console.WriteLine(
        $"    {Size} × {Size} times {Size} × {Size}: three loops {loops:F0} ms, MatMul {once:F1} ms, and {verdict}.");
}

string letters = names.Vocabulary.Characters;
string[] labels = [.. letters.Select(letter => letter.ToString())];
double[,] Cells(Tensor p)
{
    var cells = new double[27, 27];
    for (int i = 0; i < 27; i++) for (int j = 0; j < 27; j++) cells[i, j] = p[i, j];
    return cells;
}
new Page("Broadcasting").Add("Each row is to add up to 1. In the first table it does; in the second the columns do.")
    .Add(Chart.HeatMap("N / N.Sum(1, keepDim: true): right", "next letter", "letter", Cells(right), labels, labels))
    .Add(Chart.HeatMap("N / N.Sum(1): wrong, and no error", "next letter", "letter", Cells(wrong), labels, labels))
    .Add(Chart.Bar("Sums of its rows, which should all be 1", "letter", "sum",
        [.. labels.Zip(wrong.Sum(1).To(DType.Float64).ToArray<double>())], new ChartOptions { RuleY = 1 }))
    .Save("pictures/12-broadcasting.html");
Console.WriteLine("\npictures: pictures/12-broadcasting.html");
return 0;

// expected:
// 1. The rule. Write the two shapes under each other, ends aligned. Each pair of sizes must be equal, or one of them
//    1, or missing. A size of 1, or a missing one, is repeated until it fits.
//
//     left         right        result
//     [3, 3]       [3, 1]       [3, 3]
//     [3, 1]       [1, 4]       [3, 4]
//     [8, 1, 6]    [7, 1]       [8, 7, 6]
//     [32, 27]     [32, 1]      [32, 27]
//     [32, 27]     [32]         refused: multiply: [32, 27] and [32] do not broadcast: axis 1 is 27 in the one and 32 in the other
//     [32, 27]     [30, 27]     refused: multiply: [32, 27] and [30, 27] do not broadcast: axis 0 is 32 in the one and 30 in the other
//
// 2. A table times a column: a [3, 3] · b [3, 1]. The column is repeated to the right, and the place (i, j) of the
// result is aᵢⱼ · bᵢ:
//         a · b          10     20     30
//                       400    500    600
//                      7000   8000   9000
// And the same three numbers lying down, [3]. Now they are a row, repeated downwards, and the place (i, j) is
// aᵢⱼ · bⱼ:
//         a · row        10    200   3000
//                        40    500   6000
//                        70    800   9000
//
// 3. Axes. Axis 0 goes down the rows, axis 1 goes along a row. To sum over an axis is to walk along it and squeeze it
// out:
//         Sum(0)         12     15     18     shape [3]: down each column
//         Sum(1)          6     15     24     shape [3]: along each row
//         Sum(1, keepDim: true) has shape [3, 1]: the axis stays, with size 1. Remember this one.
//
// 4. The bug. [27, 27] counts: how often does one letter follow another in 8,279 names? Each row
//    is to become probabilities, so divide each row by its own sum. Two ways to write it; neither complains:
//        P = N / N.Sum(1, keepDim: true)        [27, 27] / [27, 1]
//        P = N / N.Sum(1)                       [27, 27] / [27]
//
//                                 .      a      b      c      d
//     with keepDim  sums of rows     1.000  1.000  1.000  1.000  1.000 …
//                   of columns       3.294  5.158  0.193  0.204  0.417 …
//     without       sums of rows     6.886  3.704  0.220  0.337  0.458 …
//                   of columns       1.000  1.000  1.000  1.000  1.000 …
//
// Without keepDim the 27 sums lie down, by the rule of 1: they are a row, and each column j is divided by the sum of
// row j. Every letter is left as often as it is entered, so now it is the columns that add up to 1. The table looks
// like probabilities, with numbers between 0 and 1. Not even the loss notices, the average surprise at a letter:
// 2.5495 with keepDim, 2.5495 without, since both ways divide by the same 27 sums, each as often as
// its letter occurs. Only names drawn from it tell, because rare letters now come up far too often:
//
//     with keepDim   te. be. momakuraro. zitaha.
//     without        ceximazoglkurkicqqutyhwevizimittainjakuduzka. da. staxipubjwahrugotzi. mbrixickougiwotedogukoumimesideu.
// So write keepDim: true whenever you divide by a sum, and check what must be true: that the rows add up to 1.
//
// 5. Backward. What is repeated forward is summed backward: one number that fed three places gets three gradients,
//    which add. What is summed forward is repeated backward. Two sides of one coin:
//         forward  b [3, 1] repeated to [3, 3]     backward  db = the sums of rows of a        6     15     24
//         forward  x [3, 3] summed to [3]          backward  dx = each gradient, repeated:
//                         1      1      1
//                        10     10     10
//                       100    100    100
//     Checked by nudging all 8 numbers of a formula with both: right.
//
// 6. Why all this? A table at once is faster than its numbers one by one: no loop to write, and all the tricks of the
// processor inside.
//     (Run it without --quick to see the clock.)
//
// pictures: pictures/12-broadcasting.html
