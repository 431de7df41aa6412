#:project ../src/ChainRule
#:project ../src/ChainRule.Pictures
#:project ../src/ChainRule.Zoo
// Lesson 17: The multi-layer perceptron. Characters become points in space, and a network of 11,897 numbers learns
// what a table cannot hold.
//
// A table of all contexts of three characters has 19,683 rows, and most are empty. The network of Bengio and others
// (2003) shares what it learns: each character becomes a point, three points go through one hidden layer, and contexts
// that lie near each other are answered alike. Before training in earnest the lesson does what an engineer does first:
// look at the data, overfit a single batch, find the learning rate, split. The lecture is makemore part 2, which draws
// its batches without a seed: what was trained on them can be met within a margin only. 30 seconds; with --full, which
// trains two more networks for 200,000 steps, 90. Needs `chainrule data get names`.

using ChainRule;
using ChainRule.Data;
using ChainRule.Diagnostics;
using ChainRule.Optim;
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Lectures;

bool quick = args.Contains("--quick"), full = args.Contains("--full");
if (!new LessonOptions(args).Ok()) return Lecture.Misused;
if (!Lecture.Has("names.txt", out string path)) return Lecture.DataMissing;

// A name of n characters makes n + 1 examples: three characters, and the one that follows. '.' fills the
// places before the beginning.
Console.WriteLine("1. Examples");
var examples = Names.FromFile(path).Examples(3);
var letters = new Vocabulary(".abcdefghijklmnopqrstuvwxyz");
string[] lines = File.ReadAllLines(path);
string[] windows = [.. lines[..5].SelectMany(name => Enumerable.Range(0, name.Length + 1)
    .Select(i => $"...{name}."[i..(i + 4)]))];
var few = Dataset.From(Ids.From([.. windows.SelectMany(w => letters.Encode(w[..3]))], [windows.Length, 3]),
    Ids.From([.. windows.SelectMany(w => letters.Encode(w[3..]))]));
string Example(int i) =>
    $"{letters.Decode(few.Inputs.Span.Slice(3 * i, 3))} ---> {letters.Decode(few.Targets.Span.Slice(i, 1))}";
Console.WriteLine($"   {string.Join("   ", Enumerable.Range(0, 5).Select(Example))}");

// The first network: 27 points in a plane, so 6 numbers for three of them, 100 hidden units, 27 logits. With 3,481
// parameters for 32 examples it must be able to memorise them, or it has a bug. Even so the loss cannot reach 0: "..."
// is followed by e, o, a, i and s, one in each name, and nothing that sees "..." alone can know which. That floor is an
// entropy, (5/32) ln 5. The numbers beside ours come from a program that did not round its first weights to float32, as
// PyTorch does; they agree in five digits, not in seven.
Console.WriteLine("\n2. Overfit a single batch, at learning rate 0.1");
var g = new TorchRandom(2147483647);
var net = new Net(2, 100, g);
double floor = Overfit.Floor(few.Inputs, few.Targets);
var memorised = Overfit.Run(() => net.Loss(few.Inputs, few.Targets), new Sgd(net.Parameters, learningRate: 0.1),
    steps: 200, floor, tolerance: 0);
Lecture.Compare("   examples, parameters, first loss", "32 3481 17.7697",
    $"{few.Count} {net.Count} {memorised.First:0.0000}");
string Losses(params int[] steps) => string.Join(' ', steps.Select(step => $"{memorised.Losses[step]:0.000}"));
Lecture.Compare("   after 1 2 5 10 50 100 200 steps", "13.656 11.299 6.891 3.986 0.553 0.335 0.279",
    Losses(1, 2, 5, 10, 50, 100, 200));
Lecture.Compare("   the floor", "0.2514746738", floor);

// One could write the loss out: exponentials, their fraction of the sum, the logarithm of it. But e^100 is more than
// float32 holds, infinity over infinity is no number, and one such example ruins everything. Probabilities do not
// change when all logits shift together; CrossEntropy shifts the largest to 0 first.
Console.WriteLine("\n3. Why not write softmax out");
var logits = Tensor.From([-2f, 3, -3, 0, 5], [1, 5]);
Lecture.Compare("   softmax of -2 3 -3 0 5", "0.0008 0.1184 0.0003 0.0059 0.8746", Show(logits.Softmax()));
logits = Tensor.From([-5f, -3, 0, 100], [1, 4]);
Console.WriteLine($"   of -5 -3 0 100: written out {Show(logits.Exp() / logits.Exp().Sum(1, keepDim: true))}; the op "
    + $"{Show(logits.Softmax())}, its loss for the last {logits.CrossEntropy(Ids.From(3)).Item():0}, for the first "
    + $"{logits.CrossEntropy(Ids.From(0)).Item():0}");

// Names are split as in lesson 16. The lecture's notebook shows other sizes, and they tell a story: its cell shuffles
// with seed 42 each time it is run, but shuffles what it shuffled before. It had been run four times.
Console.WriteLine("\n4. The split: examples to train with, to choose by, to judge by");
var (train, dev) = (examples.Train, examples.Validation);
for (int run = 0; run < 4; run++) new PythonRandom(42).Shuffle<string>(lines);
int n1 = (int)(0.8 * lines.Length), n2 = (int)(0.9 * lines.Length);
string[][] parts = [lines[..n1], lines[n1..n2], lines[n2..]];
Lecture.Compare("   one run of the cell", "182625 22655 22866", $"{train.Count} {dev.Count} {examples.Test.Count}");
Lecture.Compare("   four runs of the cell", "182441 22902 22803",
    string.Join(' ', parts.Select(part => part.Sum(name => name.Length + 1))));

// Too low a learning rate crawls, too high a one throws the weights about. Train a fresh network for 1,000 steps, each
// at a rate a little higher than the last, from 0.001 to 1, and look where the loss is lowest before it becomes
// restless: the valley lies near 10^-1, and the lecture takes 0.1.
Console.WriteLine("\n5. The learning rate");
net = new Net(2, 100, g = new(2147483647));
var some = Batches.Random(train, 32, g);
var sweep = LearningRateSweep.Run(() => some.Next() is var (x, y) ? net.Loss(x, y) : default, new Sgd(net.Parameters),
    from: 1e-3, to: 1);
var rates = sweep.LearningRates;
var sixths = Enumerable.Range(0, 6).Select(i => i * 999 / 6);
Console.WriteLine($"   learning rate {string.Join(" ", sixths.Select(i => $"{rates[i],6:0.000}"))}");
Console.WriteLine($"   loss          {string.Join(" ", sixths.Select(i => $"{sweep.Smoothed[i],6:0.0}"))}");
string inside = sweep.Best is > 0.05 and < 0.5 ? "yes" : $"no, at {sweep.Best:0.000}";
Console.WriteLine($"   the valley lies between 0.05 and 0.5: {inside}");

// Training: batches of 32, at 0.1 for the first half and at 0.01 for the second. Train and dev fall together, so that
// the network may grow: first more hidden units, which hardly helps, since all it knows of a character are two numbers;
// then ten numbers for each character.
Console.WriteLine("\n6. Training");
var precision = quick ? DType.Float64 : DType.Float32; // so that --quick prints the same everywhere
Dictionary<string, (Net Net, List<double> Losses)> trained = [];
foreach (var (width, hidden, steps, count, onTrain, onDev, margin) in new[]
{
    (2, 100, full ? 200_000 : 0, "3481", "2.3", "2.3", 0.1),
    (2, 300, quick ? 4000 : full ? 200_000 : 60_000, "10281", "2.23", "2.24", 0.03),
    (10, 200, quick ? 4000 : 200_000, "11897", "2.1260", "2.1701", 0.01),
}.Where(net => net.Item3 > 0))
{
    string name = $"{width} numbers a character, {hidden} hidden units";
    Lecture.Compare($"   {name}, parameters", count, (net = new(width, hidden, g = new(2147483647), precision)).Count);
    trained[name] = (net, Train(steps));
    if (steps < 200_000)
        Console.WriteLine($"   after {steps:N0} steps: train {Whole(train):0.00}, dev {Whole(dev):0.00}");
    else
        foreach (var (part, data, theirs) in new[] { ("train", train, onTrain), ("dev", dev, onDev) })
            Lecture.Compare($"   after {steps:N0}, {part}", theirs, Whole(data), margin);
}

// Two numbers a character can be drawn. Nobody told the network what a vowel is; but similar characters follow a, e, i
// and o, and training moved these together. What behaves like few others ends up alone, such as q and u.
Console.WriteLine("\n7. Where the characters went");
var points = trained.Values.Last(t => t.Net.Parameters[0].Shape[1] == 2).Net.Parameters[0];
double Apart(int a, int b) =>
    Math.Sqrt(Math.Pow(points[a, 0] - points[b, 0], 2) + Math.Pow(points[a, 1] - points[b, 1], 2));
int[] Near(char letter) => [.. Enumerable.Range(0, 27).OrderBy(b => Apart(letters.Encode([letter])[0], b)).Skip(1)];
string Three(char letter) => string.Join(' ', Near(letter).Take(3).Select(b => letters.Characters[b]));
Console.WriteLine($"   nearest to {string.Join("; to ", "aeio".Select(letter => $"{letter}: {Three(letter)}"))}");

// Names, drawn from the last network by the seed that the lecture draws by. Its weights are not ours, and
// yet some names nearly are.
Console.WriteLine("\n8. New names");
(net, g) = (trained.Values.Last().Net, new(2147483647uL + 10));
Console.WriteLine($"   ours:    {string.Join(' ', Enumerable.Range(0, 20).Select(_ => Name()))}");
Console.WriteLine("   lecture: carmahela jhovi kimrin thil halanna jazhien amerynci aqui nellara chaiiv kaleigh ham "
    + "joce quinton lilea jamilio jeron jaryni jace chrudeley");

double[][] from = [.. points.To(DType.Float64).ToArray<double>().Chunk(2)];
var drawn = new Series("characters", [.. from.Select(at => at[1])])
{ X = [.. from.Select(at => at[0])], Labels = [.. letters.Characters.Select(letter => $"{letter}")] };
new Page("Lesson 17: The multi-layer perceptron")
    .Add(Chart.Line("Which learning rate", "rate", "loss",
        [new("a step", sweep.Losses) { X = rates }, new("smoothed", sweep.Smoothed) { X = rates }],
        new() { LogX = true }))
    .Add(Chart.Line("Training, the mean of each thousand steps", "thousands of steps", "loss",
        [.. trained.Select(t => new Series(t.Key, [.. t.Value.Losses.Chunk(1000).Select(Enumerable.Average)]))]))
    .Add(Chart.Scatter("Where the characters went", "first number", "second number", [drawn], new() { Height = 500 }))
    .Save("pictures/17-mlp.html");
Console.WriteLine("pictures: pictures/17-mlp.html");
return 0;

string Name()
{
    string text = "...";
    Tensor Next() => net.Logits(Ids.From(letters.Encode(text[^3..]), [1, 3])).Softmax().To(DType.Float32);
    do text += letters.Decode([g.Multinomial(Next().Read<float>())]);
    while (text[^1] != '.');
    return text[3..^1];
}
static string Show(Tensor row) => string.Join(' ', row.ToArray<float>().Select(x => $"{x:0.0000}"));

double Whole(Dataset<Ids, Ids> data)
{
    using var quiet = NoGrad.Begin(); // no graph: it would be 182,625 rows long
    return net.Loss(data.Inputs, data.Targets).Item();
}

List<double> Train(int steps)
{
    List<double> losses = [];
    var (batches, sgd) = (Batches.Random(train, 32, g), new Sgd(net.Parameters));
    for (int step = 0; step < steps; step++)
    {
        using var scope = Scope.Begin();
        var (x, y) = batches.Next();
        var loss = net.Loss(x, y);
        losses.Add(loss.Item());
        sgd.LearningRate = step < steps / 2 ? 0.1 : 0.01;
        sgd.ZeroGrad();
        loss.Backward();
        sgd.Step();
    }
    return losses;
}
/// <summary>
/// Three characters → three points of C side by side → tanh of a linear layer → logits. All weights are N(0, 1), which
/// lesson 18 will regret.
/// </summary>
sealed class Net(int width, int hidden, TorchRandom g, DType dtype = DType.Float32)
{
    public Tensor[] Parameters { get; } =
        [.. ((int[][])[[27, width], [3 * width, hidden], [hidden], [hidden, 27], [27]]).Select(
            s => Tensor.Randn(s, g).To(dtype).RequireGrad())];
    public int Count => Parameters.Sum(w => w.Count);
    public Tensor Logits(Ids x) =>
        (Parameters[0].Rows(x).Reshape(-1, 3 * width).MatMul(Parameters[1]) + Parameters[2]).Tanh()
            .MatMul(Parameters[3]) + Parameters[4];
    public Tensor Loss(Ids x, Ids y) => Logits(x).CrossEntropy(y);
}

// expected:
// 1. Examples
//    ... ---> e   ..e ---> m   .em ---> m   emm ---> a   mma ---> .
//
// 2. Overfit a single batch, at learning rate 0.1
//    examples, parameters, first loss: 32 3481 17.7697 | lecture: 32 3481 17.7697 | agrees
//    after 1 2 5 10 50 100 200 steps: 13.656 11.299 6.891 3.986 0.553 0.335 0.279 | lecture: 13.656 11.299 6.891 3.986 0.553 0.335 0.279 | agrees
//    the floor: 0.2514746738 | lecture: 0.2514746738 | agrees
//
// 3. Why not write softmax out
//    softmax of -2 3 -3 0 5: 0.0008 0.1184 0.0003 0.0059 0.8746 | lecture: 0.0008 0.1184 0.0003 0.0059 0.8746 | agrees
//    of -5 -3 0 100: written out 0.0000 0.0000 0.0000 NaN; the op 0.0000 0.0000 0.0000 1.0000, its loss for the last 0, for the first 105
//
// 4. The split: examples to train with, to choose by, to judge by
//    one run of the cell: 182625 22655 22866 | lecture: 182625 22655 22866 | agrees
//    four runs of the cell: 182441 22902 22803 | lecture: 182441 22902 22803 | agrees
//
// 5. The learning rate
//    learning rate  0.001  0.003  0.010  0.032  0.100  0.315
//    loss            18.2   14.9   10.0    5.6    3.3    3.8
//    the valley lies between 0.05 and 0.5: yes
//
// 6. Training
//    2 numbers a character, 300 hidden units, parameters: 10281 | lecture: 10281 | agrees
//    after 4,000 steps: train 2.46, dev 2.45
//    10 numbers a character, 200 hidden units, parameters: 11897 | lecture: 11897 | agrees
//    after 4,000 steps: train 2.64, dev 2.64
//
// 7. Where the characters went
//    nearest to a: o e i; to e: i o a; to i: e y o; to o: e a i
//
// 8. New names
//    ours:    carla fari havi kemyri tavy hacedsa jazhetn amerahtin quif ramara chadir aslengysh mafsyn quirtin lilea jamii wacell dearyxi jacei durabee
//    lecture: carmahela jhovi kimrin thil halanna jazhien amerynci aqui nellara chaiiv kaleigh ham joce quinton lilea jamilio jeron jaryni jace chrudeley
// pictures: pictures/17-mlp.html
