#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 23: WaveNet. Eight characters of context, joined two by two as a tree, and the best names so far.
//
// What it is: makemore part 5 (Karpathy). The network of lesson 19 crushes all its characters into one layer at
// once; this one joins neighbours slowly, pairs and pairs of pairs, as WaveNet does with sound. What it is not: the
// whole of WaveNet, which has gates and skip connections, and computes all positions of a sequence at once; why it
// can is shown at the end.
//
// All 200,000 steps (--full) take about a minute and print the lecture's twenty losses and twenty names; without it,
// 20,000 steps are made, and 1,000 with --quick.
using ChainRule;
using ChainRule.Optim;
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Lectures;
using ChainRule.Zoo.Models;

if (!new LessonOptions(args).Ok()) return Lecture.Misused;
if (!Lecture.Has("names.txt", out string path)) return Lecture.DataMissing;
bool full = args.Contains("--full");
int steps = args.Contains("--quick") ? 1_000 : full ? 200_000 : 20_000;
const int Context = 8;
var names = Names.FromFile(path);
var examples = names.Examples(Context);
Lecture.Compare("examples for training, validation, test", "182625/22655/22866",
    $"{examples.Train.Count}/{examples.Validation.Count}/{examples.Test.Count}");
Lecture.Compare("first names", "yuheng diondre xavien", string.Join(" ", names.All.Take(3)));
Console.WriteLine("\nThe first name as examples: what is seen, and what follows.");
for (int i = 0; i < 8; i++)
    Console.WriteLine($"    {names.Vocabulary.Decode(examples.Train.Inputs.Rows([i]).Span)} --> "
        + $"{names.Vocabulary.Characters[examples.Train.Targets[i]]}");

Console.WriteLine("""

    A product with a weight matrix acts on the last axis alone; all axes before it are a batch. So (4, 8, 24) can become
    (4, 4, 48), two neighbours side by side, and one layer joins all the pairs of all examples at once: its weights are
    (48, 128), as if there were one pair only. The shapes on the way, for four examples:

    """);
var rng = new TorchRandom(42);
var model = new WaveNet(new WaveNetOptions(Context, Width: 24, Hidden: 128), names.Vocabulary.Size, rng);
Console.WriteLine(model.Summary(examples.Train.Inputs.Rows([0, 1, 2, 3])));
Console.WriteLine();
Lecture.Compare("parameters", "76579", model.ParameterCount);

string[] lectures = ["3.3167", "2.0576", "2.0723", "2.5134", "2.1476", "1.7836", "2.2592", "1.9331", "1.6875", "2.0395",
    "1.7736", "1.9570", "1.7465", "1.8126", "1.7406", "1.7466", "1.8806", "1.6266", "1.6476", "1.8555"];
var losses = new double[steps];
var optimizer = new Sgd(model.Parameters(), learningRate: 0.1);
var batch = new int[32];
for (int step = 0; step < steps; step++)
{
    using var scope = Scope.Begin();
    if (step == 150_000) optimizer.LearningRate = 0.01;
    rng.Integers(batch, 0, examples.Train.Count);
    var loss = model.Forward(examples.Train.Inputs.Rows(batch)).CrossEntropy(examples.Train.Targets.Rows(batch));
    optimizer.ZeroGrad();
    loss.Backward();
    optimizer.Step();
    losses[step] = loss.Item();
    // Two of the lecture's twenty differ by one in the last digit between machines: sums in another order.
    if (step % 10_000 == 0)
        Lecture.Compare($"loss at step {step:N0}", lectures[step / 10_000], losses[step], within: 0.00015);
}

model.Eval();
using var noGraph = NoGrad.Begin();
double Over(ChainRule.Data.Dataset<Ids, Ids> part)
{
    double sum = 0;
    foreach (var (x, y) in ChainRule.Data.Batches.InOrder(part, 4096))
    {
        using var scope = Scope.Begin("measuring");
        sum += model.Forward(x).CrossEntropy(y).Item() * y.Count;
    }
    return sum / part.Count;
}
if (full)
{
    Lecture.Compare("training loss, whole", "1.7690", Over(examples.Train));
    Lecture.Compare("validation loss", "1.9937", Over(examples.Validation), within: 0.0001);
}
else Console.WriteLine($"validation loss {Over(examples.Validation):0.0}; the lecture's after 200,000 steps: 1.99");

if (full)
{
    Console.WriteLine("\nTwenty names, drawn with the generator that went through training:");
    var drawn = new List<string>();
    while (drawn.Count < 20)
    {
        int[] ids = [.. Enumerable.Repeat(0, Context)];
        do ids = [.. ids,
            rng.Multinomial(model.Forward(Ids.From(ids[^Context..], [1, Context])).Softmax().Read<float>())];
        while (ids[^1] != 0);
        drawn.Add(names.Vocabulary.Decode(ids[Context..]));
    }
    Console.WriteLine(string.Join(" ", drawn));
    Lecture.Compare("first three names", "arlij. chetta. heago.", string.Join(" ", drawn[..3]));
}

Console.WriteLine("""

    Why WaveNet speaks of convolutions. To know what follows each letter of a name, we call the network once for each
    position, in a loop of ours:
    """);
int at = names.All.Take(1).Sum(name => name.Length + 1);         // where diondre, the second name, begins
var one = model.Forward(examples.Train.Inputs.Rows([at]));
Lecture.Compare("logits of one position", "[1, 27]", one.Shape.ToString());
var loop = Tensor.Concat(0, [.. Enumerable.Range(at, 8).Select(i => model.Forward(examples.Train.Inputs.Rows([i])))]);
Lecture.Compare("logits of all eight positions of diondre", "[8, 27]", loop.Shape.ToString());
var together = model.Forward(examples.Train.Inputs.Rows([.. Enumerable.Range(at, 8)]));
Console.WriteLine($"the eight at once say the same: {(loop - together).Abs().Max().Item() < 1e-5}");
Console.WriteLine("""
    A convolution is that loop inside the kernel, and it keeps what neighbouring positions share: the pair 'io' is
    joined once and not in each window that holds it.
    """);

double[] smooth = [.. losses.Chunk(Math.Min(1000, steps / 10)).Select(chunk => chunk.Average())];
new Page("WaveNet")
    .Add("One batch's loss says little; the mean over a thousand steps shows the way, and the drop where the learning "
        + "rate falls to a tenth.")
    .Add(Chart.Line("Loss, averaged", "thousands of steps", "loss", [new("loss", smooth)]))
    .Add(Chart.Line("Loss of each batch, every hundredth", "hundreds of steps", "loss",
        [new("loss", [.. losses.Where((_, i) => i % 100 == 0)])]))
    .Save("pictures/23-wavenet.html");
Console.WriteLine("\npictures: pictures/23-wavenet.html");
return 0;

// expected:
// examples for training, validation, test: 182625/22655/22866 | lecture: 182625/22655/22866 | agrees
// first names: yuheng diondre xavien | lecture: yuheng diondre xavien | agrees
//
// The first name as examples: what is seen, and what follows.
//     ........ --> y
//     .......y --> u
//     ......yu --> h
//     .....yuh --> e
//     ....yuhe --> n
//     ...yuhen --> g
//     ..yuheng --> .
//     ........ --> d
//
// A product with a weight matrix acts on the last axis alone; all axes before it are a batch. So (4, 8, 24) can become
// (4, 4, 48), two neighbours side by side, and one layer joins all the pairs of all examples at once: its weights are
// (48, 128), as if there were one pair only. The shapes on the way, for four examples:
//
// layer                                 output       parameters
// WaveNet                               [4, 27]               –
//   layers Sequential                   [4, 27]               –
//     0 Embedding(27, 24)               [4, 8, 24]          648
//     1 FlattenConsecutive(2)           [4, 4, 48]            –
//     2 Linear(48, 128, bias: false)    [4, 4, 128]       6,144
//     3 BatchNorm(128)                  [4, 4, 128]         256
//     4 Tanh                            [4, 4, 128]           –
//     5 FlattenConsecutive(2)           [4, 2, 256]           –
//     6 Linear(256, 128, bias: false)   [4, 2, 128]      32,768
//     7 BatchNorm(128)                  [4, 2, 128]         256
//     8 Tanh                            [4, 2, 128]           –
//     9 FlattenConsecutive(2)           [4, 256]              –
//     10 Linear(256, 128, bias: false)  [4, 128]         32,768
//     11 BatchNorm(128)                 [4, 128]            256
//     12 Tanh                           [4, 128]              –
//     13 Linear(128, 27)                [4, 27]           3,483
// total                                                  76,579
//
// parameters: 76579 | lecture: 76579 | agrees
// loss at step 0: 3.3167 | lecture: 3.3167 | agrees within 0.00015
// validation loss 2.3; the lecture's after 200,000 steps: 1.99
//
// Why WaveNet speaks of convolutions. To know what follows each letter of a name, we call the network once for each
// position, in a loop of ours:
// logits of one position: [1, 27] | lecture: [1, 27] | agrees
// logits of all eight positions of diondre: [8, 27] | lecture: [8, 27] | agrees
// the eight at once say the same: True
// A convolution is that loop inside the kernel, and it keeps what neighbouring positions share: the pair 'io' is
// joined once and not in each window that holds it.
//
// pictures: pictures/23-wavenet.html
