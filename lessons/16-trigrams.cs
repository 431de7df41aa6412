#:project ../src/ChainRule
#:project ../src/ChainRule.Pictures
#:project ../src/ChainRule.Zoo
// Lesson 16: Trigrams. Two characters of memory, names held back for an unbiased measure, and a number tuned on them.
//
// The lecture makemore part 1 ends with six exercises, and this lesson does them: E01 a trigram model, E02 a split into
// training, dev and test names, E03 smoothing tuned on dev and judged once on test, E04 rows in place of one-hot
// products, E05 cross-entropy as one op, E06 one of our own. The lecture gives no answers: the numbers beside ours were
// computed from the same names by another program. About 3 seconds. Needs the lecture's names
// (`chainrule data get names`).
using ChainRule;
using ChainRule.Optim;
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Zoo.Lectures;
if (!new LessonOptions(args).Ok()) return Lecture.Misused;
if (!Lecture.Has("names.txt", out string path)) return Lecture.DataMissing;
// E01. A trigram is two characters and the third. There are 27 · 27 contexts now, of 27 counts each; a name begins in
// the context "..". The memory is twice as long, the table 27 times as large, and there are no more names to fill it.
Console.WriteLine("1. E01: two characters of memory, all names counted");
string[] names = File.ReadAllLines(path);
Table two = new(names, 1), three = new(names, 2);
Lecture.Compare("   counts + 1, bigram and trigram", "2.454577 2.212582",
    $"{two.Loss(names, 1):0.000000} {three.Loss(names, 1):0.000000}");
Lecture.Compare("   counts + 0.01", "2.454019 2.186178",
    $"{two.Loss(names, 0.01):0.000000} {three.Loss(names, 0.01):0.000000}");

// E02. Who is judged by the names he counted is judged by his memory. So the names are shuffled and split: 80 % to
// count (train), 10 % to choose by (dev) and 10 % to judge by, once, at the end (test). The shuffle is Python's with
// seed 42, which the later lectures use, and so their splits are ours.
Console.WriteLine("\n2. E02: a split");
new PythonRandom(42).Shuffle<string>(names);
Lecture.Compare("   the first names", "yuheng diondre xavien jori juanluis erandi", string.Join(' ', names[..6]));
int n1 = (int)(0.8 * names.Length), n2 = (int)(0.9 * names.Length);
string[] train = names[..n1], dev = names[n1..n2], test = names[n2..];
Lecture.Compare("   names", "25626 3203 3204", $"{train.Length} {dev.Length} {test.Length}");
Lecture.Compare("   examples", "182625 22655 22866",
    $"{Table.Examples(train)} {Table.Examples(dev)} {Table.Examples(test)}");

// E03. How much should one add to every count? The training names always say: nothing. Names that were not counted say:
// a little, for without it a single unseen trigram costs infinitely much. The larger the table, the emptier, and the
// more it matters. Too much, and all rows look alike.
Console.WriteLine("\n3. E03: smoothing; bigram and trigram on train, then on dev, then on test");
(two, three) = (new(train, 1), new(train, 2));
foreach (var (alpha, reference) in new[]
{
    (0.01, "2.454098 2.183237, 2.453540 2.231783, 2.458311 2.234612"),
    (0.1, "2.454154 2.187429, 2.453085 2.222471, 2.457982 2.224026"),
    (0.2, "2.454220 2.191393, 2.452995 2.222272, 2.457944 2.223478"),
    (1, "2.454837 2.215573, 2.453264 2.236462, 2.458391 2.237333"),
    (100, "2.555026 2.745449, 2.554352 2.746393, 2.557354 2.747653"),
})
{
    var both = new[] { train, dev, test }.Select(
        part => $"{two.Loss(part, alpha):0.000000} {three.Loss(part, alpha):0.000000}");
    Lecture.Compare($"   + {alpha}", reference, string.Join(", ", both));
}
double[] alphas = [.. Enumerable.Range(0, 33).Select(i => Math.Pow(10, -3 + i / 8.0))];
double best = alphas.MinBy(alpha => three.Loss(dev, alpha));
Console.WriteLine($"   of {alphas.Length} values from 0.001 to 10 dev chooses {best:0.00}: dev "
    + $"{three.Loss(dev, best):0.0000}; now, once, test: {three.Loss(test, best):0.0000}");

// E04 and E05. As a network the trigram is a matrix W of 729 rows of logits. A one-hot row times W is a row of W, so we
// pick it: Rows. Softmax, logarithm and mean are one op: CrossEntropy, which never overflows. W starts at 0, where
// every row is uniform, and descends on the training names. Watch dev: it turns while train still falls. To stop there
// is smoothing by another name: what was seen little has then moved little from uniform.
Console.WriteLine("\n4. E04, E05: the same table by gradient descent");
var (x, y) = Table.Ids(train, 2);
var (devX, devY) = Table.Ids(dev, 2);
var asLogits =
    Tensor.From([.. Enumerable.Range(0, 27 * 27 * 27).Select(i => Math.Log(three.Probability(i / 27, i % 27, 0.2)))],
        [27 * 27, 27]);
Console.WriteLine($"   the counted table as logits: {asLogits.Rows(devX).CrossEntropy(devY).Item():0.000000} on dev, "
    + "as above for + 0.2");
var w = Tensor.Zeros([27 * 27, 27], DType.Float64).RequireGrad();
var fraction = three.Counts() / y.Count;
var adam = new Adam([w], learningRate: 0.1);
List<double> trainLosses = [], devLosses = [];
for (int step = 0; step <= 1000; step++)
{
    using var scope = Scope.Begin();
    var loss = -(fraction * w.LogSoftmax()).Sum(); // the mean over all examples, equal ones together
    if (step % 10 == 0)
    {
        trainLosses.Add(loss.Item());
        devLosses.Add(w.Rows(devX).CrossEntropy(devY).Item());
    }
    if (step is 0 or 30 or 100 or 300 or 1000)
        Console.WriteLine($"   after {step,5:N0} updates: train {trainLosses[^1]:0.0000}, dev {devLosses[^1]:0.0000}");
    adam.ZeroGrad();
    loss.Backward();
    adam.Step();
}

// E06. How much memory is worth having? Each further character makes the training names easier, without end; dev says
// when that has become memorising. Some contexts have been seen often, some hardly ever. So we mix: a weighted mean of
// all tables, the weights a softmax of five logits that gradient descent finds on dev. Five numbers are hard to
// overfit, and the judge is test.
Console.WriteLine("\n5. E06: how much memory, and all of it together\n   characters   contexts seen    train      "
    + "dev   best smoothing");
Table[] tables = [.. Enumerable.Range(0, 5).Select(k => new Table(train, k))];
List<double> known = [], unknown = [];
foreach (var table in tables)
{
    double alpha = alphas.MinBy(a => table.Loss(dev, a));
    known.Add(table.Loss(train, alpha));
    unknown.Add(table.Loss(dev, alpha));
    Console.WriteLine(
        $"   {known.Count - 1,10} {table.Contexts,15:N0} {known[^1],8:0.0000} {unknown[^1],8:0.0000} {alpha,16:0.000}");
}
int[] met = [.. tables[^1].Met(dev).Order()];
Console.WriteLine($"   of dev's contexts of four characters {100.0 * met.Count(n => n <= 3) / met.Length:0.0} % were "
    + $"met at most three times; the median is {met[met.Length / 2]}");
Tensor beliefs = Table.Beliefs(tables, dev), judged = Table.Beliefs(tables, test),
    mix = Tensor.Zeros([tables.Length], DType.Float64).RequireGrad();
adam = new Adam([mix], learningRate: 0.1);
for (int step = 0; step < 200; step++)
{
    using var scope = Scope.Begin();
    adam.ZeroGrad();
    Mixed(beliefs).Backward();
    adam.Step();
}
string parts = string.Join(" + ", mix.Softmax().ToArray<double>().Select((v, k) => $"{v:0.00} of {k}"));
Console.WriteLine($"   mixed, {parts}: dev {Mixed(beliefs).Item():0.0000}, test {Mixed(judged).Item():0.0000}");
double[] steps = [.. Enumerable.Range(0, trainLosses.Count).Select(i => 10.0 * i)];
new Page("Lesson 16: Trigrams")
    .Add(Chart.Line("Smoothing the trigrams", "added to every count", "loss",
        [new("train", [.. alphas.Select(a => three.Loss(train, a))]) { X = alphas },
        new("dev", [.. alphas.Select(a => three.Loss(dev, a))]) { X = alphas }], new() { LogX = true, RuleX = best }))
    .Add(Chart.Line("Descent on the table", "updates", "loss",
        [new("train", trainLosses) { X = steps }, new("dev", devLosses) { X = steps }], new() { YRange = (2.15, 2.4) }))
    .Add(Chart.Line("How much memory", "characters", "loss", [new("train", known), new("dev", unknown)],
        new() { EndValues = true }))
    .Save("pictures/16-trigrams.html");
Console.WriteLine("pictures: pictures/16-trigrams.html");
return 0;

// −ln of the weighted mean of what the tables believe of each character that came: [examples, tables] → one number
Tensor Mixed(Tensor of) => -(of * mix.Softmax()).Sum(1).Log().Mean();
/// <summary>
/// Counts of the next character after each context of k characters; a context is a number to the base 27.
/// </summary>
sealed class Table
{
    readonly int _k;
    readonly Dictionary<int, double[]> _counts = [];

    public Table(string[] names, int k)
    {
        _k = k;
        foreach (var (context, next) in Places(names, k))
            (_counts.TryGetValue(context, out var row) ? row : _counts[context] = new double[28])[next]++;
        foreach (double[] row in _counts.Values) row[27] = row.Sum();
    }

    public int Contexts => _counts.Count;
    public double Probability(int context, int next, double alpha) =>
        _counts.TryGetValue(context, out var row) ? (row[next] + alpha) / (row[27] + 27 * alpha) : 1 / 27.0;

    public double Loss(string[] names, double alpha) =>
        -Places(names, _k).Average(place => Math.Log(Probability(place.Context, place.Next, alpha)));

    public Tensor Counts() => Tensor.From([.. Enumerable.Range(0, 27 * 27 * 27).Select(i =>
        _counts.TryGetValue(i / 27, out var row) ? row[i % 27] : 0)], [27 * 27, 27]);

    public IEnumerable<int> Met(string[] names) =>
        Places(names, _k).Select(place => _counts.TryGetValue(place.Context, out var row) ? (int)row[27] : 0);

    public static int Examples(string[] names) => names.Sum(name => name.Length + 1);

    public static (Ids Contexts, Ids Next) Ids(string[] names, int k) =>
        (ChainRule.Ids.From([.. Places(names, k).Select(place => place.Context)]),
            ChainRule.Ids.From([.. Places(names, k).Select(place => place.Next)]));

    public static Tensor Beliefs(Table[] tables, string[] names) => Tensor.Stack(1,
        [.. tables.Select(
            table => Tensor.From(
                [.. Places(names, table._k).Select(place => table.Probability(place.Context, place.Next, 0.05))],
                [Examples(names)]))]);

    static IEnumerable<(int Context, int Next)> Places(string[] names, int k)
    {
        int contexts = (int)Math.Pow(27, k);
        foreach (string name in names)
        {
            int context = 0;
            for (int i = 0; i <= name.Length; i++)
            {
                int next = i < name.Length ? name[i] - 'a' + 1 : 0;
                yield return (context, next);
                context = (27 * context + next) % contexts;
            }
        }
    }
}

// expected:
// 1. E01: two characters of memory, all names counted
//    counts + 1, bigram and trigram: 2.454577 2.212582 | lecture: 2.454577 2.212582 | agrees
//    counts + 0.01: 2.454019 2.186178 | lecture: 2.454019 2.186178 | agrees
//
// 2. E02: a split
//    the first names: yuheng diondre xavien jori juanluis erandi | lecture: yuheng diondre xavien jori juanluis erandi | agrees
//    names: 25626 3203 3204 | lecture: 25626 3203 3204 | agrees
//    examples: 182625 22655 22866 | lecture: 182625 22655 22866 | agrees
//
// 3. E03: smoothing; bigram and trigram on train, then on dev, then on test
//    + 0.01: 2.454098 2.183237, 2.453540 2.231783, 2.458311 2.234612 | lecture: 2.454098 2.183237, 2.453540 2.231783, 2.458311 2.234612 | agrees
//    + 0.1: 2.454154 2.187429, 2.453085 2.222471, 2.457982 2.224026 | lecture: 2.454154 2.187429, 2.453085 2.222471, 2.457982 2.224026 | agrees
//    + 0.2: 2.454220 2.191393, 2.452995 2.222272, 2.457944 2.223478 | lecture: 2.454220 2.191393, 2.452995 2.222272, 2.457944 2.223478 | agrees
//    + 1: 2.454837 2.215573, 2.453264 2.236462, 2.458391 2.237333 | lecture: 2.454837 2.215573, 2.453264 2.236462, 2.458391 2.237333 | agrees
//    + 100: 2.555026 2.745449, 2.554352 2.746393, 2.557354 2.747653 | lecture: 2.555026 2.745449, 2.554352 2.746393, 2.557354 2.747653 | agrees
//    of 33 values from 0.001 to 10 dev chooses 0.13: dev 2.2221; now, once, test: 2.2235
//
// 4. E04, E05: the same table by gradient descent
//    the counted table as logits: 2.222272 on dev, as above for + 0.2
//    after     0 updates: train 3.2958, dev 3.2958
//    after    30 updates: train 2.2147, dev 2.2422
//    after   100 updates: train 2.1871, dev 2.2249
//    after   300 updates: train 2.1838, dev 2.2297
//    after 1,000 updates: train 2.1829, dev 2.2394
//
// 5. E06: how much memory, and all of it together
//    characters   contexts seen    train      dev   best smoothing
//             0               1   2.8226   2.8210            0.001
//             1              27   2.4543   2.4530            0.316
//             2             595   2.1888   2.2221            0.133
//             3           5,438   1.9187   2.1018            0.100
//             4          20,243   1.7211   2.1498            0.075
//    of dev's contexts of four characters 13.7 % were met at most three times; the median is 53
//    mixed, 0.00 of 0 + 0.01 of 1 + 0.17 of 2 + 0.37 of 3 + 0.46 of 4: dev 2.0310, test 2.0328
// pictures: pictures/16-trigrams.html
