#:project ../src/ChainRule
#:project ../src/ChainRule.Pictures
#:project ../src/ChainRule.Zoo
// Lesson 15: Bigrams. The smallest language model, once by counting and once by a network, which finds the same table.
//
// Which character follows which? A table of 27 × 27 counts answers, invents names, and has a loss. Then a network of
// one layer is trained to the same end by gradient descent and arrives at the logarithms of the counts: there was
// nothing else to find. It is the lecture makemore part 1 from its first cell to its last, on its own names, in its own
// random stream. About 2 seconds; with --full 30, for the lecture's descent on all examples instead of on their counts.
// Needs the lecture's names (`chainrule data get names`).

using ChainRule;
using ChainRule.Diagnostics;
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Zoo.Lectures;

if (!new LessonOptions(args).Ok()) return Lecture.Misused;
if (!Lecture.Has("names.txt", out string path)) return Lecture.DataMissing;

// Every name is a row of hints. "emma" says: e is likely first, m after e, m after m, a after m, and after a the name
// may end. '.' stands for both ends and has id 0; a to z are 1 to 26.
Console.WriteLine("1. Counting");
const string Letters = ".abcdefghijklmnopqrstuvwxyz";
string[] names = File.ReadAllLines(path);
int[] xs = [.. names.SelectMany(name => "." + name).Select(c => Letters.IndexOf(c))],
    ys = [.. names.SelectMany(name => name + ".").Select(c => Letters.IndexOf(c))];
var table = new double[27, 27];
foreach (var (x, y) in xs.Zip(ys)) table[x, y]++;
var counts = Tensor.From(table);
string[] pairs = [.. Enumerable.Range(0, 27 * 27).OrderByDescending(i => table[i / 27, i % 27])
    .Select(i => $"{Letters[i / 27]}{Letters[i % 27]} {table[i / 27, i % 27]}")];
double[] facts = [names.Length, names.Min(name => name.Length), names.Max(name => name.Length), xs.Length,
    pairs.Count(pair => pair.EndsWith(" 0"))];
Lecture.Compare("   names, shortest, longest, bigrams, and pairs of 729 that never occur", "32033 2 15 228146 102",
    Show(facts, "0"));
string[] top = ["n. 6763, a. 6640, an 5438, .a 4410, e. 3983, ar 3264, el 3248, ri 3033",
    "na 2977, .k 2963, le 2921, en 2675, la 2623, ma 2590, .m 2538, al 2528",
    "i. 2489, li 2480, ia 2445, .j 2422, on 2411, h. 2409, ra 2356, ah 2332",
    "ha 2244, ya 2143, in 2126, .s 2055, ay 2050, y. 2007"];
for (int i = 0; i < 4; i++)
    Lecture.Compare(i == 0 ? "   top" : "   and", top[i], string.Join(", ", pairs[(8 * i)..Math.Min(30, 8 * i + 8)]));

// Row 0 counts how names begin; divided by its sum it is a distribution. To divide every row by its own sum, the sums
// must keep their axis, [27, 1]. Without it they are [27], which broadcasting lays along the columns: P[i, j] is then
// divided by the sum of row j. Nothing complains, and no row sums to 1.
Console.WriteLine("\n2. From counts to distributions");
Tensor p = counts / counts.Sum(1, keepDim: true), wrong = counts / counts.Sum(1);
double[] n0 = counts.Select(0, 0).ToArray<double>(), p0 = p.Select(0, 0).ToArray<double>();
Lecture.Compare("   N[0], . to m", "0 4410 1306 1542 1690 1531 417 669 874 591 2422 2963 1572 2538",
    Show(n0[..14], "0"));
Lecture.Compare("   N[0], n to z", "1146 394 515 92 1639 2055 1308 78 376 307 134 535 929", Show(n0[14..], "0"));
Lecture.Compare("   P[0], . to i", "0.0000 0.1377 0.0408 0.0481 0.0528 0.0478 0.0130 0.0209 0.0273 0.0184",
    Show(p0[..10]));
Lecture.Compare("   P[0], j to r", "0.0756 0.0925 0.0491 0.0792 0.0358 0.0123 0.0161 0.0029 0.0512", Show(p0[10..19]));
Lecture.Compare("   P[0], s to z", "0.0642 0.0408 0.0024 0.0117 0.0096 0.0042 0.0167 0.0290", Show(p0[19..]));
Console.WriteLine($"   rows a and q sum to {p.Select(0, 1).Sum().Item():0.00} and {p.Select(0, 17).Sum().Item():0.00}; "
    + $"without keepDim to {wrong.Select(0, 1).Sum().Item():0.00} and {wrong.Select(0, 17).Sum().Item():0.00}");

// To write a name: draw from row '.', go to the row of what was drawn, and so on until '.'. One is added to every count
// first, so that nothing is impossible. PyTorch has drawn from weights in three ways over the years and builds; with
// one seed each gives other names, and here are all three. (The lecture's film shows the first; a learner's screen
// today may show another.) The names are poor. The model knows one character at a time, and it does know that.
Console.WriteLine("\n3. Sampling");
Tensor smooth = ((counts + 1) / (counts + 1).Sum(1, keepDim: true)).To(DType.Float32);
foreach (var (method, first, five) in new[]
{
    (MultinomialMethod.Cdf, "m", "mor. axx. minaymoryles. kondlaisah. anchshizarie."),
    (MultinomialMethod.Mkl, "j", "junide. janasah. p. cony. a."),
    (MultinomialMethod.Race, "c", "cexze. momasurailezitynn. konimittain. llayn. ka."),
})
{
    int letter = Draw(p.To(DType.Float32), 0, new(2147483647), method);
    Lecture.Compare($"   {method}, a first letter and five names", $"{first}; {five}",
        $"{Letters[letter]}; {Sample(smooth, method)}");
}

// How good is the table? Its loss is the mean surprise, −ln P, over all bigrams: no table does better than the counts
// themselves, whose loss is the entropy of a character given the one before. Smoothing costs a little of that, and is
// the price for not being surprised without end by a new pair. Two traps. Summed up in float32, one by one, the loss
// loses its fourth decimal, and that is the number one meets everywhere. And the 2.476470 in the lecture's notebook is
// not this model's: P had been overwritten when that cell was run.
Console.WriteLine("\n4. The loss, and what smoothing does to it");
foreach (var (alphas, losses) in new (double[], string)[]
{
    ([0, 0.01, 0.1, 1], "2.4540144892 2.4540189765 2.4540607835 2.4545768201"),
    ([2, 5, 10, 100, 1000], "2.4552713586 2.4576826792 2.4621158057 2.5374912617 2.8522829275"),
})
Lecture.Compare($"   + {string.Join(", ", alphas)}", losses,
    Show(alphas.Select(a => Loss((counts + a) / (counts + a).Sum(1, keepDim: true))), "0.0000000000"));
float sum = 0;
foreach (var (x, y) in xs.Zip(ys)) sum -= MathF.Log(smooth.Read<float>()[27 * x + y]);
Lecture.Compare("   + 1, added up in float32", "2.4543561935", sum / xs.Length);
double Loss(Tensor q) =>
    -Tensor.Where(counts.Greater(counts * 0), counts * q.Log(), counts * 0).Sum().Item() / xs.Length;

// Now the same by a network: a character, as a row of 27 numbers of which one is 1 (one-hot), times a matrix W, gives
// 27 logits; softmax makes them a distribution. A one-hot row times W is nothing but a row of W. Its first loss, on the
// five bigrams of emma, with a W of random numbers:
Console.WriteLine("\n5. A network of one layer: emma");
Lecture.Compare("   inputs and targets", "0 5 13 13 1, 5 13 13 1 0",
    $"{string.Join(' ', xs[..5])}, {string.Join(' ', ys[..5])}");
var w = Tensor.Randn([27, 27], new TorchRandom(2147483647)).To(DType.Float64).RequireGrad();
Tensor emma = Tensor.OneHot(Ids.From(xs[..5]), 27, DType.Float64), probabilities = emma.MatMul(w).Softmax();
double[] targets = [.. Enumerable.Range(0, 5).Select(i => probabilities[i, ys[i]])];
Lecture.Compare("   first probabilities", "0.0607 0.0100 0.0123 0.0042 0.0168 0.0123",
    Show(probabilities.ToArray<double>()[..6]));
Lecture.Compare("   of the targets", "0.012286 0.018051 0.026692 0.073677 0.014978", Show(targets, "0.000000"));
Lecture.Compare("   their surprise", "4.39927 4.01457 3.62341 2.60807 4.20120",
    Show(targets.Select(q => -Math.Log(q)), "0.00000"));
List<double> descent = [];
for (int step = 0; step <= 4; step++) descent.Add(Descend(w, emma.MatMul(w).CrossEntropy(Ids.From(ys[..5])), 0.1));
Lecture.Compare("   losses at learning rate 0.1", "3.769305 3.749213 3.729163 3.709154 3.689189",
    Show(descent, "0.000000"));

// All 228,146 examples. Only 627 different pairs are among them, and a pair that comes k times counts k times: the mean
// over examples is a sum over the table, −Σ N/n log softmax(W): the same loss for a three-hundredth of the work. --full
// trains on the examples, and where the lecture multiplies one-hot rows with W it picks the rows of W (which is
// exercise 4 of the lecture) and asks CrossEntropy for the loss (exercise 5). 0.01 mean(W²) pulls the logits together,
// which is what adding to all counts does: smoothing is regularisation.
Console.WriteLine("\n6. All examples, learning rate 50, with 0.01 mean(W²): the loss after this many updates");
bool full = args.Contains("--full");
var (all, answers, fraction) = (Ids.From(xs), Ids.From(ys), counts / xs.Length);
w = Tensor.Randn([27, 27], new TorchRandom(2147483647)).To(DType.Float64).RequireGrad();
descent.Clear();
for (int step = 0; step <= 266; step++)
{
    using var scope = Scope.Begin();
    descent.Add(Descend(w, (full ? w.Rows(all).CrossEntropy(answers) : -(fraction * w.LogSoftmax()).Sum())
        + 0.01 * w.Square().Mean(), 50));
}
foreach (var (after, losses) in new (int[], string)[]
{
    ([0, 1, 2, 5, 10], "3.7686187 3.3788069 3.1610907 2.8672314 2.6965055"),
    ([20, 50, 100, 200, 265, 266], "2.5822563 2.5098548 2.4899589 2.4829697 2.4818366 2.4818251"),
})
Lecture.Compare($"   after {string.Join(", ", after)}", losses, Show(after.Select(step => descent[step]), "0.0000000"));
var learned = w.Softmax();
Lecture.Compare("   five names", "mor. axx. minaymoryles. kondlaisah. anchthizarie.",
    Sample(learned.To(DType.Float32), MultinomialMethod.Cdf));
Console.WriteLine("   Between 265 and 266 lies the 2.4818284 on the lecture's screen. Without the penalty it is "
    + $"{Loss(learned):0.0000}, on its way to {Loss(p):0.0000}.");
// Softmax undoes the logarithm, up to a constant for each row: W should be ln N, less its row's mean. It is, where
// there was enough to learn from. A row's gradient is as large as its fraction of the examples; that of q, with 272 of
// them, has hardly begun, and still holds much of the noise it started from.
Console.WriteLine(
    "\n7. What the network learned: its rows beside the counted ones\n   row   examples   divergence from the counts");
foreach (int row in new[] { 0, 1, 17 })
{
    double[] counted = p.Select(0, row).ToArray<double>(), believed = learned.Select(0, row).ToArray<double>();
    Console.WriteLine($"   {Letters[row],3} {counts.Select(0, row).Sum().Item(),10:N0} "
        + $"{Information.KlDivergence(counted, believed),28:0.0000}");
}
string[] letters = [.. Letters.Select(letter => $"{letter}")];
var oneHot = new double[5, 27];
for (int i = 0; i < 5; i++) oneHot[i, xs[i]] = 1;
double[] seen = [.. Enumerable.Range(0, 27 * 27).Where(i => table[i / 27, i % 27] > 0).Select(i => (double)i)];
new Page("Lesson 15: Bigrams")
    .Add(Chart.HeatMap("How often which character follows which", "second", "first", table, letters, letters,
        (i, j) => $"{Letters[i]}{Letters[j]}\n{table[i, j]}"))
    .Add(Chart.HeatMap("emma, one-hot", "character", "example", oneHot,
        [.. xs[..5].Select((x, i) => $"{i + 1}: {letters[x]}")], letters, options: new() { Scheme = "greys" }))
    .Add(Chart.Line("The loss of the network", "updates", "loss", [new("with the penalty", descent)],
        new() { RuleY = Loss(p), EndValues = true }))
    .Add(Chart.Scatter("What the network learned", "ln P counted", "ln P learned",
        [new("pairs", [.. seen.Select(i => Math.Log(learned[(int)i / 27, (int)i % 27]))])
        { X = [.. seen.Select(i => Math.Log(p[(int)i / 27, (int)i % 27]))] }]))
    .Save("pictures/15-bigrams.html");
Console.WriteLine("pictures: pictures/15-bigrams.html");
return 0;

static string Show(IEnumerable<double> numbers, string format = "0.0000") =>
    string.Join(' ', numbers.Select(x => x.ToString(format)));

static int Draw(Tensor rows, int row, TorchRandom rng, MultinomialMethod method) =>
    rng.Multinomial(rows.Read<float>().Slice(27 * row, 27), method);

static string Sample(Tensor rows, MultinomialMethod method)
{
    var rng = new TorchRandom(2147483647);
    string text = "";
    for (int at = 0; text.Count(c => c == '.') < 5; text += Letters[at]) at = Draw(rows, at, rng, method);
    return text.Replace(".", ". ").TrimEnd();
}

static double Descend(Tensor w, Tensor loss, double rate)
{
    w.ZeroGrad();
    loss.Backward();
    w.AddInPlace(w.Grad, -rate);
    return loss.Item();
}

// expected:
// 1. Counting
//    names, shortest, longest, bigrams, and pairs of 729 that never occur: 32033 2 15 228146 102 | lecture: 32033 2 15 228146 102 | agrees
//    top: n. 6763, a. 6640, an 5438, .a 4410, e. 3983, ar 3264, el 3248, ri 3033 | lecture: n. 6763, a. 6640, an 5438, .a 4410, e. 3983, ar 3264, el 3248, ri 3033 | agrees
//    and: na 2977, .k 2963, le 2921, en 2675, la 2623, ma 2590, .m 2538, al 2528 | lecture: na 2977, .k 2963, le 2921, en 2675, la 2623, ma 2590, .m 2538, al 2528 | agrees
//    and: i. 2489, li 2480, ia 2445, .j 2422, on 2411, h. 2409, ra 2356, ah 2332 | lecture: i. 2489, li 2480, ia 2445, .j 2422, on 2411, h. 2409, ra 2356, ah 2332 | agrees
//    and: ha 2244, ya 2143, in 2126, .s 2055, ay 2050, y. 2007 | lecture: ha 2244, ya 2143, in 2126, .s 2055, ay 2050, y. 2007 | agrees
//
// 2. From counts to distributions
//    N[0], . to m: 0 4410 1306 1542 1690 1531 417 669 874 591 2422 2963 1572 2538 | lecture: 0 4410 1306 1542 1690 1531 417 669 874 591 2422 2963 1572 2538 | agrees
//    N[0], n to z: 1146 394 515 92 1639 2055 1308 78 376 307 134 535 929 | lecture: 1146 394 515 92 1639 2055 1308 78 376 307 134 535 929 | agrees
//    P[0], . to i: 0.0000 0.1377 0.0408 0.0481 0.0528 0.0478 0.0130 0.0209 0.0273 0.0184 | lecture: 0.0000 0.1377 0.0408 0.0481 0.0528 0.0478 0.0130 0.0209 0.0273 0.0184 | agrees
//    P[0], j to r: 0.0756 0.0925 0.0491 0.0792 0.0358 0.0123 0.0161 0.0029 0.0512 | lecture: 0.0756 0.0925 0.0491 0.0792 0.0358 0.0123 0.0161 0.0029 0.0512 | agrees
//    P[0], s to z: 0.0642 0.0408 0.0024 0.0117 0.0096 0.0042 0.0167 0.0290 | lecture: 0.0642 0.0408 0.0024 0.0117 0.0096 0.0042 0.0167 0.0290 | agrees
//    rows a and q sum to 1.00 and 1.00; without keepDim to 4.41 and 0.07
//
// 3. Sampling
//    Cdf, a first letter and five names: m; mor. axx. minaymoryles. kondlaisah. anchshizarie. | lecture: m; mor. axx. minaymoryles. kondlaisah. anchshizarie. | agrees
//    Mkl, a first letter and five names: j; junide. janasah. p. cony. a. | lecture: j; junide. janasah. p. cony. a. | agrees
//    Race, a first letter and five names: c; cexze. momasurailezitynn. konimittain. llayn. ka. | lecture: c; cexze. momasurailezitynn. konimittain. llayn. ka. | agrees
//
// 4. The loss, and what smoothing does to it
//    + 0, 0.01, 0.1, 1: 2.4540144892 2.4540189765 2.4540607835 2.4545768201 | lecture: 2.4540144892 2.4540189765 2.4540607835 2.4545768201 | agrees
//    + 2, 5, 10, 100, 1000: 2.4552713586 2.4576826792 2.4621158057 2.5374912617 2.8522829275 | lecture: 2.4552713586 2.4576826792 2.4621158057 2.5374912617 2.8522829275 | agrees
//    + 1, added up in float32: 2.4543561935 | lecture: 2.4543561935 | agrees
//
// 5. A network of one layer: emma
//    inputs and targets: 0 5 13 13 1, 5 13 13 1 0 | lecture: 0 5 13 13 1, 5 13 13 1 0 | agrees
//    first probabilities: 0.0607 0.0100 0.0123 0.0042 0.0168 0.0123 | lecture: 0.0607 0.0100 0.0123 0.0042 0.0168 0.0123 | agrees
//    of the targets: 0.012286 0.018051 0.026692 0.073677 0.014978 | lecture: 0.012286 0.018051 0.026692 0.073677 0.014978 | agrees
//    their surprise: 4.39927 4.01457 3.62341 2.60807 4.20120 | lecture: 4.39927 4.01457 3.62341 2.60807 4.20120 | agrees
//    losses at learning rate 0.1: 3.769305 3.749213 3.729163 3.709154 3.689189 | lecture: 3.769305 3.749213 3.729163 3.709154 3.689189 | agrees
//
// 6. All examples, learning rate 50, with 0.01 mean(W²): the loss after this many updates
//    after 0, 1, 2, 5, 10: 3.7686187 3.3788069 3.1610907 2.8672314 2.6965055 | lecture: 3.7686187 3.3788069 3.1610907 2.8672314 2.6965055 | agrees
//    after 20, 50, 100, 200, 265, 266: 2.5822563 2.5098548 2.4899589 2.4829697 2.4818366 2.4818251 | lecture: 2.5822563 2.5098548 2.4899589 2.4829697 2.4818366 2.4818251 | agrees
//    five names: mor. axx. minaymoryles. kondlaisah. anchthizarie. | lecture: mor. axx. minaymoryles. kondlaisah. anchthizarie. | agrees
//    Between 265 and 266 lies the 2.4818284 on the lecture's screen. Without the penalty it is 2.4633, on its way to 2.4540.
//
// 7. What the network learned: its rows beside the counted ones
//    row   examples   divergence from the counts
//      .     32,033                       0.0009
//      a     33,885                       0.0001
//      q        272                       0.2977
// pictures: pictures/15-bigrams.html
