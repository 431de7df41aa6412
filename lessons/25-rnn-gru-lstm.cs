#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 25: An RNN, a GRU and an LSTM. Networks that read a name letter by letter and remember,
// and what gates are for.
//
// What it is: three recurrent networks after makemore.py, first on a task that nothing but memory
// solves, then on names. What it is not: the state of the art; attention, in the next lesson, looks back
// directly instead of remembering.
//
// It takes about half a minute, and two seconds with --quick, which trains less.
using ChainRule;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Lectures;
using ChainRule.Zoo.Models;

if (!new LessonOptions(args).Ok()) return Lecture.Misused;
if (!Lecture.Has("names.txt", out string path)) return Lecture.DataMissing;
bool quick = args.Contains("--quick");
var rng = new TorchRandom(3407);

Console.WriteLine("""
    A recurrent network has a state h. Each letter changes it, h' = f(letter, h), and the next letter is guessed from
    it. The weights are the same at every step, so a name may be as long as it likes. Backward, the gradient passes
    through every step again: through tanh and the same weights, and each time it shrinks or grows.

    Gates keep it alive. A GRU computes how much of the old state to keep, h' = (1 - z) h + z (new), so with z near 0 a
    number, and its gradient, passes unchanged. An LSTM carries a second state, the cell, to which gates only add and
    from which they only take a fraction.

    1. Remember one letter. The first of T letters is a or b, the rest is noise; which was it? Half right is guessing.
    """);
int[] delays = quick ? [4] : [4, 8, 16];
List<Series> remembered = [];
foreach (string kind in new[] { "rnn", "gru", "lstm", "lstm with open forget gates" })
{
    var accuracies = new List<double>();
    foreach (int T in delays)
    {
        rng.ManualSeed(3407);
        var model = Make(kind.Split(' ')[0], new(Context: T, Width: 8, Hidden: 24), 6);
        if (kind.EndsWith("gates", StringComparison.Ordinal)) OpenForgetGates(model, 24);
        var adam = new Adam(model.Parameters(), 0.01);
        double right = 0;
        int steps = quick ? 150 : 600;
        for (int step = 0; step < steps; step++)
        {
            using var scope = Scope.Begin();
            var (x, y) = Noise(64, T);
            var logits = model.Forward(x).Select(1, -1);
            var loss = logits.CrossEntropy(y);
            adam.ZeroGrad();
            loss.Backward();
            Clip.Norm(model.Parameters(), 1);
            adam.Step();
            if (step >= steps - 20)
                right += logits.ArgMax(1).Span.ToArray().Zip(y.Span.ToArray()).Count(pair => pair.First == pair.Second)
                    / (64.0 * 20);
        }
        accuracies.Add(right);
        Console.WriteLine($"    {kind}, {T} letters: "
            + $"{(right > 0.95 ? "remembers" : right > 0.65 ? "remembers sometimes" : "guesses")}");
    }
    remembered.Add(new(kind, accuracies) { X = [.. delays.Select(d => (double)d)] });
}
double open = 1 / (1 + Math.Exp(-2));
var atTheEnd = remembered.Select(series => $"{series.Name} {100 * series.Y[^1]:0} %");
Console.WriteLine($"""
    Each step a forget gate lets a part of the memory through: at first about a half, which leaves
    {Math.Pow(0.5, 4):0.00} of the first letter after 4, and after 16 {Math.Pow(0.5, 16):0e-0}, too little to learn
    from. With a bias of 2 forget gates begin at {open:0.00}, which leaves {Math.Pow(open, 16):0.00} after 16.
    Right at {delays[^1]} letters: {string.Join(", ", atTheEnd)}.
    """);

Console.WriteLine("\n2. Names. Each model reads a name and guesses each next letter; the loss is the mean over "
    + "letters, and what is behind the end does not count.");
var names = Names.FromFile(path);
const int Longest = 16;
int[][] encoded = [.. names.All.Select(name => names.Vocabulary.Encode(name))];
var (train, validation) = (encoded[..^1000], encoded[^1000..]);
int train_steps = quick ? 100 : 2000;
var curves = new List<Series>();
var unseen = Padded(validation);
foreach (var (kind, parameters) in new[] { ("rnn", "11803"), ("gru", "28315"), ("lstm", "") })
{
    rng.ManualSeed(3407);
    var model = Make(kind, new RecurrentModelOptions(Context: Longest), names.Vocabulary.Size);
    if (parameters.Length > 0) Lecture.Compare($"{kind}, parameters", parameters, model.ParameterCount);
    else Console.WriteLine($"{kind}, parameters: {model.ParameterCount}");
    var adam = new AdamW(model.Parameters(), quick ? 5e-3 : 2e-3, new() { Beta2 = 0.99 });
    List<double> at = [], losses = [];
    var rows = new int[32];
    for (int step = 0; step <= train_steps; step++)
    {
        if (step % (train_steps / 10) == 0)
        {
            using var noGraph = NoGrad.Begin();
            at.Add(step);
            losses.Add(model.Forward(unseen.X).Reshape(-1, names.Vocabulary.Size).CrossEntropy(unseen.Y).Item());
        }
        using var scope = Scope.Begin();
        rng.Integers(rows, 0, train.Length);
        var (x, y) = Padded(Array.ConvertAll(rows, row => train[row]));
        var loss = model.Forward(x).Reshape(-1, names.Vocabulary.Size).CrossEntropy(y);
        adam.ZeroGrad();
        loss.Backward();
        adam.Step();
    }
    curves.Add(new(kind, losses) { X = at });
    var draw = new TorchRandom(2147483647);
    string[] drawn = [.. Enumerable.Range(0, 8).Select(_ => model.Sample(names.Vocabulary, draw))];
    Console.WriteLine($"    loss on 1,000 names not seen: {losses[0]:0.0} before, {losses[^1]:0.0} after "
        + $"{train_steps:N0} steps{(quick ? "" : $"; {string.Join(" ", drawn)}")}");
}
Console.WriteLine("\nThe count of pairs of lesson 15 has 2.45: letters further back help.");

new Page("An RNN, a GRU and an LSTM")
    .Add("Which of two letters came first, T letters ago? One half is guessing.")
    .Add(Chart.Line("Remembering one letter", "letters", "right", remembered, new() { YRange = (0.4, 1), RuleY = 0.5 }))
    .Add(Chart.Line("Loss on names not seen", "step", "loss", curves, new() { EndValues = true }))
    .Save("pictures/25-rnn-gru-lstm.html");
Console.WriteLine("\npictures: pictures/25-rnn-gru-lstm.html");
return 0;

LanguageModel Make(string kind, RecurrentModelOptions options, int vocabulary) => kind switch
{
    "rnn" => new RnnModel(options, vocabulary, rng),
    "gru" => new GruModel(options, vocabulary, rng),
    _ => new LstmModel(options, vocabulary, rng),
};

// Of the four gates' biases (input, forget, cell, output) those of the forget gate at 2.
static void OpenForgetGates(Module model, int hidden)
{
    var bias = model.NamedParameters()
        .Single(named => named.Key.EndsWith("bias_ih_l0", StringComparison.Ordinal)).Value;
    float[] numbers = bias.ToArray<float>();
    numbers.AsSpan(hidden, hidden).Fill(2);
    bias.CopyInPlace(Tensor.From(numbers, bias.Shape));
}

// The first letter is 0 or 1, the others 2 to 5.
(Ids X, Ids Y) Noise(int count, int length)
{
    int[] x = new int[count * length], y = new int[count];
    rng.Integers(x, 2, 6);
    rng.Integers(y, 0, 2);
    for (int i = 0; i < count; i++) x[i * length] = y[i];
    return (Ids.From(x, [count, length]), Ids.From(y));
}

// .anna reads as input, anna. is what follows; behind the end -1 says that nothing is asked.
(Ids X, Ids Y) Padded(int[][] rows)
{
    int[] x = new int[rows.Length * Longest], y = new int[rows.Length * Longest];
    y.AsSpan().Fill(-1);
    for (int i = 0; i < rows.Length; i++)
    {
        rows[i].CopyTo(x, i * Longest + 1);
        rows[i].CopyTo(y, i * Longest);
        y[i * Longest + rows[i].Length] = 0;
    }
    return (Ids.From(x, [rows.Length, Longest]), Ids.From(y));
}

// expected:
// A recurrent network has a state h. Each letter changes it, h' = f(letter, h), and the next letter is guessed from
// it. The weights are the same at every step, so a name may be as long as it likes. Backward, the gradient passes
// through every step again: through tanh and the same weights, and each time it shrinks or grows.
//
// Gates keep it alive. A GRU computes how much of the old state to keep, h' = (1 - z) h + z (new), so with z near 0 a
// number, and its gradient, passes unchanged. An LSTM carries a second state, the cell, to which gates only add and
// from which they only take a fraction.
//
// 1. Remember one letter. The first of T letters is a or b, the rest is noise; which was it? Half right is guessing.
//     rnn, 4 letters: remembers
//     gru, 4 letters: remembers
//     lstm, 4 letters: remembers
//     lstm with open forget gates, 4 letters: remembers
// Each step a forget gate lets a part of the memory through: at first about a half, which leaves
// 0.06 of the first letter after 4, and after 16 2e-5, too little to learn
// from. With a bias of 2 forget gates begin at 0.88, which leaves 0.13 after 16.
// Right at 4 letters: rnn 100 %, gru 100 %, lstm 100 %, lstm with open forget gates 100 %.
//
// 2. Names. Each model reads a name and guesses each next letter; the loss is the mean over letters, and what is behind the end does not count.
// rnn, parameters: 11803 | lecture: 11803 | agrees
//     loss on 1,000 names not seen: 3.3 before, 2.3 after 100 steps
// gru, parameters: 28315 | lecture: 28315 | agrees
//     loss on 1,000 names not seen: 3.3 before, 2.3 after 100 steps
// lstm, parameters: 36763
//     loss on 1,000 names not seen: 3.3 before, 2.3 after 100 steps
//
// The count of pairs of lesson 15 has 2.45: letters further back help.
//
// pictures: pictures/25-rnn-gru-lstm.html
