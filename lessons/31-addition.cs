#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 31: A GPT that adds. Two numbers go in as text, their sum comes out, and it helps to write it backwards.
//
// What it is: an exercise of the GPT lecture (Karpathy): digits as tokens, the answer's digits reversed, and a
// loss that asks for the answer only. What it is not: a calculator; it has seen a part of all sums of two-digit
// numbers and must find the rule.
//
// Two networks train for a quarter of a minute each; --quick trains them for 60 steps only.
using ChainRule.Zoo.Lectures;
using ChainRule;
using ChainRule.Data;
using ChainRule.Optim;
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Training;
using ChainRule.Zoo.Models;

if (!new LessonOptions(args).Ok()) return Lecture.Misused;
bool quick = args.Contains("--quick");
int steps = quick ? 60 : 2_000;
Console.WriteLine("""
    47 + 85 = 132 becomes 4 7 8 5 2 3 1: two digits, two digits, and the sum from its last digit to its first.
    Why backwards? Forwards the first digit of the sum depends on carries from digits that are not written yet.
    Backwards it is school addition: add two digits, keep the carry.

    The network guesses every next token, but the second number does not follow from the first. Where nothing can be
    known, nothing should be asked: those targets are -1, and the loss leaves them out.
    """);

// All 10,000 sums, a tenth of which is never trained on.
var rng = new TorchRandom(1337);
int[] order = new int[10_000];
rng.Permutation(order);
int[] test = order[..1_000], train = order[1_000..];
Console.WriteLine($"for 47 + 85 the tokens are {string.Join(" ", Tokens(4785, reversed: true))}, the targets "
    + $"{string.Join(" ", Targets(Tokens(4785, reversed: true)))}\n");

List<Series> curves = [], accuracies = [];
foreach (bool reversed in new[] { true, false })
{
    rng.ManualSeed(1337);
    var model = new Gpt(new GptOptions(Context: 6, Width: 48, Layers: 3, Heads: 3), 10, rng);
    if (reversed) Console.WriteLine($"a GPT of 3 layers, 3 heads, width 48: {model.ParameterCount:N0} parameters\n");
    var optimizer = new AdamW(model.Parameters(),
        Schedule.Cosine(maxLearningRate: 2e-3, minLearningRate: 1e-4, warmup: Math.Min(100, steps / 4), total: steps),
        new() { Beta2 = 0.95 });
    var trainer = new Trainer<Ids, Ids>(model, optimizer, Batches.Random(Sums(train, reversed), 64, rng),
        (x, y) => model.Forward(x).CrossEntropy(y));
    List<double> losses = [], at = [], right = [];
    void Measure(int step)
    {
        at.Add(step);
        right.Add(Accuracy(model, reversed, quick ? test[..200] : test));
    }
    Measure(0);
    trainer.Stepped += (step, loss) =>
    {
        losses.Add(loss);
        if (step < steps && (step % (steps / (quick ? 10 : 60)) == 0 || step == steps - 1)) Measure(step);
    };
    trainer.Fit(steps);
    string name = reversed ? "backwards" : "forwards";
    curves.Add(new(name, [.. losses.Chunk(steps / 60).Select(chunk => chunk.Average())]));
    accuracies.Add(new(name, right) { X = at });
    Console.WriteLine(quick
        ? $"{name}: the loss fell from {losses[0]:0.0} (ln 10 is 2.3): {losses[^10..].Average() < losses[0] - 0.2}"
        : $"{name}: {100 * right[^1]:0.0} % of 1,000 sums that it never saw are right");
    if (!quick)
        foreach (int sum in test[..3])
            Console.WriteLine($"    {sum / 100} + {sum % 100} = {Answer(model, sum, reversed)}");
}
if (!quick)
{
    Console.WriteLine($"\nBackwards learns the rule, above 99 %: {accuracies[0].Y[^1] > 0.99}");
    foreach (var series in accuracies)
        Console.WriteLine($"{series.Name}: nine in ten first after "
            + $"{series.X!.Zip(series.Y).FirstOrDefault(point => point.Second > 0.9).First:N0} steps");
}

new Page("A GPT that adds")
    .Add("How many of the sums that it never saw come out right.")
    .Add(Chart.Line("Right sums", "step", "fraction", accuracies, new() { YRange = (0, 1), EndValues = true }))
    .Add(Chart.Line("Loss, averaged", "sixtieth of the training", "loss", curves))
    .Save("pictures/31-addition.html");
Console.WriteLine("\npictures: pictures/31-addition.html");
return 0;

// The pair is one number below 10,000: 4785 stands for 47 + 85.
static int[] Tokens(int pair, bool reversed)
{
    int a = pair / 100, b = pair % 100, sum = a + b;
    int[] answer = [sum % 10, sum / 10 % 10, sum / 100];
    if (!reversed) Array.Reverse(answer);
    return [a / 10, a % 10, b / 10, b % 10, .. answer];
}

static int[] Targets(int[] tokens) => [-1, -1, -1, .. tokens[4..]];

static Dataset<Ids, Ids> Sums(int[] pairs, bool reversed)
{
    int[][] tokens = Array.ConvertAll(pairs, pair => Tokens(pair, reversed));
    return Dataset.From(Ids.From([.. tokens.SelectMany(t => t[..6])], [pairs.Length, 6]),
        Ids.From([.. tokens.SelectMany(Targets)], [pairs.Length, 6]));
}

// The three most probable digits in turn, all sums side by side.
static int[][] Answers(Gpt model, int[] pairs, bool reversed)
{
    using var noGraph = NoGrad.Begin();
    int[][] tokens = Array.ConvertAll(pairs, pair => Tokens(pair, reversed)[..4]);
    for (int digit = 0; digit < 3; digit++)
    {
        using var scope = Scope.Begin("answering");
        var next = model.Forward(Ids.From([.. tokens.SelectMany(t => t)], [pairs.Length, 4 + digit]))
            .Select(1, -1).ArgMax(1);
        for (int i = 0; i < pairs.Length; i++) tokens[i] = [.. tokens[i], next[i]];
    }
    return tokens;
}

static double Accuracy(Gpt model, bool reversed, int[] pairs) =>
    (double)Answers(model, pairs, reversed).Zip(pairs)
        .Count(pair => pair.First.SequenceEqual(Tokens(pair.Second, reversed))) / pairs.Length;

static int Answer(Gpt model, int pair, bool reversed)
{
    int[] digits = Answers(model, [pair], reversed)[0][4..];
    return reversed ? digits[0] + 10 * digits[1] + 100 * digits[2] : digits[2] + 10 * digits[1] + 100 * digits[0];
}

// expected:
// 47 + 85 = 132 becomes 4 7 8 5 2 3 1: two digits, two digits, and the sum from its last digit to its first.
// Why backwards? Forwards the first digit of the sum depends on carries from digits that are not written yet.
// Backwards it is school addition: add two digits, keep the carry.
//
// The network guesses every next token, but the second number does not follow from the first. Where nothing can be
// known, nothing should be asked: those targets are -1, and the loss leaves them out.
// for 47 + 85 the tokens are 4 7 8 5 2 3 1, the targets -1 -1 -1 2 3 1
//
// a GPT of 3 layers, 3 heads, width 48: 84,048 parameters
//
// backwards: the loss fell from 2.3 (ln 10 is 2.3): True
// forwards: the loss fell from 2.3 (ln 10 is 2.3): True
//
// pictures: pictures/31-addition.html
