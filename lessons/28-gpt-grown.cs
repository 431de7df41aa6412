#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 28: The GPT, grown. Four blocks, four heads, 209,729 parameters: the network at the end of the lecture's
// notebook, with the losses that it printed there.
//
// What it is: the last of lesson 27's stages made larger, as "Let's build GPT" (Karpathy) leaves it, trained on
// Shakespeare with torch's random stream. What it is not: the lecture's very last, 10,788,929 parameters, which
// took a graphics card a quarter of an hour and reached 1.48; nor quite right: it divides affinities by the square
// root of the model's width instead of the head's, a slip that its author corrected later and that we keep here for
// the sake of the numbers.
//
// All 5,000 steps (--full) take about a minute; without it 500 steps are made, and 10 with --quick.
using ChainRule;
using ChainRule.Data;
using ChainRule.Optim;
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Zoo.Lectures;
using ChainRule.Zoo.Models;

if (!new LessonOptions(args).Ok()) return Lecture.Misused;
if (!Lecture.Has("tinyshakespeare.txt", out string path)) return Lecture.DataMissing;
int steps = args.Contains("--quick") ? 10 : args.Contains("--full") ? 5000 : 501;
string text = File.ReadAllText(path);
var vocabulary = Vocabulary.Of([text], startEndToken: null);
int[] ids = vocabulary.Encode(text);
int split = (int)(0.9 * ids.Length);
Ids train = Ids.From(ids[..split]), validation = Ids.From(ids[split..]);
int V = vocabulary.Size;

var rng = new TorchRandom(1337);
Console.WriteLine(
    "4 blocks, 64 wide, 32 characters of context. Every hundred steps the lecture measured 200 batches of each part:");
var gpt = new Gpt(GptOptions.Lecture, V, rng);
Lecture.Compare("parameters", "209729", gpt.ParameterCount);
Tensor Grown(Ids window) => gpt.Forward(window).Reshape(-1, V);
var adam = new AdamW(gpt.Parameters(), 1e-3);
Dictionary<int, string> printed = new()
{
    [0] = "4.4116 4.4022", [100] = "2.6568 2.6670", [200] = "2.5090 2.5058", [300] = "2.4198 2.4340",
    [400] = "2.3503 2.3567",
    [500] = "2.2970 2.3136", [1000] = "2.1020 2.1293", [1500] = "1.9707 2.0308", [2000] = "1.8834 1.9954",
    [3000] = "1.7963 1.9242", [4000] = "1.7146 1.8639", [4500] = "1.6914 1.8522", [4999] = "1.6635 1.8226",
};
List<double> at = [], seenLosses = [], unseenLosses = [];
for (int step = 0; step < steps; step++)
{
    if (step % 100 == 0 || step == 4999)
    {
        double seen = Measured(Grown, train, 16, 32), unseen = Measured(Grown, validation, 16, 32);
        at.Add(step);
        seenLosses.Add(seen);
        unseenLosses.Add(unseen);
        if (printed.TryGetValue(step, out string? both))
        {
            // The first losses agree to the last digit; then training amplifies what rounding differs by. Five public
            // logs of this run lie within 0.0003 of one another up to step 400 and differed by some 0.005 at the end;
            // ours, whose sums go in another order, strayed by 0.0006 at step 300 and by 0.007 at 4,500.
            double within = step == 0 ? 0 : step <= 400 ? 0.001 : 0.01;
            Lecture.Compare($"step {step}, training", both.Split(' ')[0], seen, within);
            Lecture.Compare($"step {step}, validation", both.Split(' ')[1], unseen, within);
        }
    }
    Step(Grown, adam, 16, 32);
}
if (steps > 10) Console.WriteLine($"\nIt writes:\n{Written(Grown, 500, 32)}");

Console.WriteLine("""

    What is that worth? A table of all pairs of characters, counted, each count one higher than it is, is the most that
    the bigram network of lesson 27 could ever learn; a table of single characters knows no context at all.
    """);
Lecture.Compare("pairs counted, training", "2.4545713757", Counted(train, pairs: true));
Lecture.Compare("pairs counted, validation", "2.4818894321", Counted(validation, pairs: true));
Lecture.Compare("characters counted, validation", "3.3473303373", Counted(validation, pairs: false));

new Page("The GPT, grown")
    .Add("What it has seen and what it has not: the two part slowly, for a network this small can hardly memorise a "
        + "million characters.")
    .Add(Chart.Line("Loss, each the mean of 200 batches", "step", "loss",
        [new("training", seenLosses) { X = at }, new("validation", unseenLosses) { X = at }],
        new() { EndValues = true }))
    .Save("pictures/28-gpt-grown.html");
Console.WriteLine("\npictures: pictures/28-gpt-grown.html");
return 0;

(Ids X, Ids Y) Batch(Ids data, int size, int context)
{
    var starts = new int[size];
    rng.Integers(starts, 0, data.Count - context);
    var x = data.Windows(starts, context);
    return (x, data.Windows(Array.ConvertAll(starts, start => start + 1), context).Reshape([size * context]));
}

double Step(Func<Ids, Tensor> model, AdamW optimizer, int size, int context)
{
    using var scope = Scope.Begin();
    var (window, next) = Batch(train, size, context);
    var loss = model(window).CrossEntropy(next);
    optimizer.ZeroGrad();
    loss.Backward();
    optimizer.Step();
    return loss.Item();
}

double Measured(Func<Ids, Tensor> model, Ids data, int size, int context)
{
    using var noGraph = NoGrad.Begin();
    double sum = 0;
    for (int i = 0; i < 200; i++)
    {
        using var scope = Scope.Begin("measuring");
        var (window, next) = Batch(data, size, context);
        sum += model(window).CrossEntropy(next).Item();
    }
    return sum / 200;
}

string Written(Func<Ids, Tensor> model, int length, int context)
{
    using var noGraph = NoGrad.Begin();
    List<int> written = [0];
    while (written.Count <= length)
    {
        using var scope = Scope.Begin("writing");
        int[] window = [.. written.TakeLast(context)];
        var logits = model(Ids.From(window, [1, window.Length]));
        written.Add(rng.Multinomial(logits.Select(0, -1).Softmax().Read<float>()));
    }
    return vocabulary.Decode([.. written[1..]]);
}

// The mean surprise of a part of the text, by counts over the training part. The first character has nothing before it,
// so as a pair it is not counted.
double Counted(Ids data, bool pairs)
{
    int first = pairs ? 1 : 0;
    var counts = new double[V, V];
    for (int i = first; i < train.Count; i++) counts[pairs ? train[i - 1] : 0, train[i]]++;
    double[] totals = [.. Enumerable.Range(0, V).Select(row => Enumerable.Range(0, V).Sum(c => counts[row, c] + 1))];
    double sum = 0;
    for (int i = first; i < data.Count; i++)
    {
        int row = pairs ? data[i - 1] : 0;
        sum -= Math.Log((counts[row, data[i]] + 1) / totals[row]);
    }
    return sum / (data.Count - first);
}

// expected:
// 4 blocks, 64 wide, 32 characters of context. Every hundred steps the lecture measured 200 batches of each part:
// parameters: 209729 | lecture: 209729 | agrees
// step 0, training: 4.4116 | lecture: 4.4116 | agrees
// step 0, validation: 4.4022 | lecture: 4.4022 | agrees
//
// What is that worth? A table of all pairs of characters, counted, each count one higher than it is, is the most that
// the bigram network of lesson 27 could ever learn; a table of single characters knows no context at all.
// pairs counted, training: 2.4545713757 | lecture: 2.4545713757 | agrees
// pairs counted, validation: 2.4818894321 | lecture: 2.4818894321 | agrees
// characters counted, validation: 3.3473303373 | lecture: 3.3473303373 | agrees
//
// pictures: pictures/28-gpt-grown.html
