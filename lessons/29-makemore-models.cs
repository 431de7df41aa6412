#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 29: All models side by side. Bigram, network, bag of words, RNN, GRU and transformer on the same names, with
// the same optimiser: what do parameters buy?
//
// What it is: makemore.py (Karpathy), one program for many models, with its sizes and its settings: AdamW, learning
// rate 0.0005, batches of 32, a thousand names held back. What it is not: a fair race to the end, which takes each
// model hundreds of thousands of steps.
//
// 2,000 steps each take about half a minute; --quick makes 50. --full makes 20,000, in about five minutes.
using ChainRule;
using ChainRule.Optim;
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Lectures;
using ChainRule.Zoo.Models;

if (!new LessonOptions(args).Ok()) return Lecture.Misused;
if (!Lecture.Has("names.txt", out string path)) return Lecture.DataMissing;
bool quick = args.Contains("--quick");
int steps = quick ? 50 : args.Contains("--full") ? 20_000 : 2_000;
const int Longest = 16;
var names = Names.FromFile(path);
int V = names.Vocabulary.Size;

var rng = new TorchRandom(3407);
int[] order = new int[names.All.Count];
rng.Permutation(order);
string[] shuffled = Array.ConvertAll(order, i => names.All[i]), known = shuffled[..^1000], held = shuffled[^1000..];
HashSet<string> inTraining = [.. known], inTest = [.. held];
var test = Padded(held);

(string Name, string Parameters, Func<LanguageModel> Make)[] models =
[
    ("bigram", "729", () => new Bigram(V, rng)),
    ("bow", "12827", () => new BagOfWords(new(), V, rng)),
    ("mlp", "69147", () => new NgramMlp(NgramMlpOptions.Makemore, V, rng)),
    ("rnn", "11803", () => new RnnModel(new(), V, rng)),
    ("gru", "28315", () => new GruModel(new(), V, rng)),
    ("transformer", "204544", () => new Gpt(GptOptions.Makemore, V, rng)),
];

List<Series> curves = [];
List<(string, double)> final = [];
foreach (var (name, parameters, make) in models)
{
    rng.ManualSeed(3407);
    var model = make();
    Lecture.Compare($"{name}, parameters", parameters, model.ParameterCount);
    var optimizer = new AdamW(model.Parameters(), 5e-4, new() { Beta2 = 0.99 });
    List<double> at = [], losses = [];
    var rows = new int[32];
    for (int step = 0; step <= steps; step++)
    {
        if (step % (steps / 10) == 0)
        {
            using var noGraph = NoGrad.Begin();
            at.Add(step);
            losses.Add(Loss(model, test).Item());
        }
        using var scope = Scope.Begin();
        rng.Integers(rows, 0, known.Length);
        var loss = Loss(model, Padded(Array.ConvertAll(rows, row => known[row])));
        optimizer.ZeroGrad();
        loss.Backward();
        optimizer.Step();
    }
    curves.Add(new(name, losses) { X = at });
    final.Add((name, losses[^1]));
    Console.WriteLine(
        $"    loss on 1,000 names not seen: {losses[0]:0.0} before, {losses[^1]:0.0} after {steps:N0} steps");
    if (quick) continue;

    var draw = new TorchRandom(2147483647);
    string[] drawn = [.. Enumerable.Range(0, 50).Select(_ => model.Sample(names.Vocabulary, draw))];
    int copied = drawn.Count(inTraining.Contains), lucky = drawn.Count(inTest.Contains);
    string some = string.Join(" ", drawn.Where(n => !inTraining.Contains(n)).Take(6));
    Console.WriteLine(
        $"    of 50 samples {copied} are training names, {lucky} are held back, {50 - copied - lucky} are new: {some}");
}

Console.WriteLine("""

    The expected initial loss is ln 27 = 3.30, the frequency of letters 2.82, of pairs 2.45. The transformer's author
    reports about 1.92 at the end of a long training.
    """);
new Page("All models side by side")
    .Add("The same names, the same optimiser, the same number of steps. More parameters do not learn faster at first; "
        + "they go on for longer.")
    .Add(Chart.Line("Loss on names not seen", "step", "loss", curves, new() { EndValues = true }))
    .Add(Chart.Bar($"Loss after {steps:N0} steps", "model", "loss", final))
    .Save("pictures/29-makemore-models.html");
Console.WriteLine("pictures: pictures/29-makemore-models.html");
return 0;

// The bigram model looks at one character and speaks once; the others speak after each of the sixteen.
Tensor Loss(LanguageModel model, (Ids X, Ids Y) batch) => model.PredictsEveryPosition
    ? model.Forward(batch.X).Reshape(-1, V).CrossEntropy(batch.Y)
    : model.Forward(batch.X.Reshape([batch.X.Count, 1])).CrossEntropy(batch.Y);

(Ids X, Ids Y) Padded(string[] some)
{
    int[] x = new int[some.Length * Longest], y = new int[some.Length * Longest];
    y.AsSpan().Fill(-1);
    for (int i = 0; i < some.Length; i++)
    {
        int[] name = names.Vocabulary.Encode(some[i]);
        name.CopyTo(x, i * Longest + 1);
        name.CopyTo(y, i * Longest);
        y[i * Longest + name.Length] = 0;
    }
    return (Ids.From(x, [some.Length, Longest]), Ids.From(y));
}

// expected:
// bigram, parameters: 729 | lecture: 729 | agrees
//     loss on 1,000 names not seen: 3.3 before, 3.3 after 50 steps
// bow, parameters: 12827 | lecture: 12827 | agrees
//     loss on 1,000 names not seen: 3.3 before, 2.6 after 50 steps
// mlp, parameters: 69147 | lecture: 69147 | agrees
//     loss on 1,000 names not seen: 3.3 before, 2.6 after 50 steps
// rnn, parameters: 11803 | lecture: 11803 | agrees
//     loss on 1,000 names not seen: 3.3 before, 2.8 after 50 steps
// gru, parameters: 28315 | lecture: 28315 | agrees
//     loss on 1,000 names not seen: 3.3 before, 2.8 after 50 steps
// transformer, parameters: 204544 | lecture: 204544 | agrees
//     loss on 1,000 names not seen: 3.4 before, 2.5 after 50 steps
//
// The expected initial loss is ln 27 = 3.30, the frequency of letters 2.82, of pairs 2.45. The transformer's author
// reports about 1.92 at the end of a long training.
// pictures: pictures/29-makemore-models.html
