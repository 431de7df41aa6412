#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 27: A GPT, stage by stage. From guessing by the last character to a transformer that writes Shakespeare, one
// idea at a time, with what each idea buys.
//
// What it is: "Let's build GPT: from scratch, in code, spelled out" (Karpathy). Seven networks in the lecture's order:
// bigram, one head, four heads, a feed-forward layer, three blocks, residual connections, layer norm. What it is not:
// large. Lesson 28 grows the last one. The stages train for 5,000 steps each, twice, together about a minute; --quick
// makes 100 of each, once.
using ChainRule;
using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Zoo.Lectures;

if (!new LessonOptions(args).Ok()) return Lecture.Misused;
if (!Lecture.Has("tinyshakespeare.txt", out string path)) return Lecture.DataMissing;
bool quick = args.Contains("--quick");
string text = File.ReadAllText(path);
var vocabulary = Vocabulary.Of([text], startEndToken: null);
int[] ids = vocabulary.Encode(text);
int split = (int)(0.9 * ids.Length);
Ids train = Ids.From(ids[..split]), validation = Ids.From(ids[split..]);
int V = vocabulary.Size;
Lecture.Compare("characters", "1115394", text.Length);
Lecture.Compare("different ones", "65", V);
Lecture.Compare("encode(\"hii there\")", "46 47 47 1 58 46 43 56 43", string.Join(" ", vocabulary.Encode("hii there")));
Lecture.Compare("first nine tokens", "18 47 56 57 58 1 15 47 58", string.Join(" ", ids[..9]));
Lecture.Compare("for training, for validation", "1003854 111540", $"{train.Count} {validation.Count}");
var rng = new TorchRandom(1337);
(Ids X, Ids Y) Batch(Ids data, int size, int context)
{
    var starts = new int[size];
    rng.Integers(starts, 0, data.Count - context);
    var x = data.Windows(starts, context);
    return (x, data.Windows(Array.ConvertAll(starts, start => start + 1), context).Reshape([size * context]));
}
Console.WriteLine("\nThe simplest model: a table that has, for every character, the logits of the next. The first "
    + "batch, the first loss and the first babble:");
var (x, y) = Batch(train, 4, 8);
Lecture.Compare("first row", "24 43 58 5 57 1 46 43", string.Join(" ", x.Span[..8].ToArray()));
rng.ManualSeed(1337);
var table = new Embedding(V, V, rng);
Tensor Bigram(Ids window) => table.Forward(window).Reshape(-1, V);
Lecture.Compare("loss", "4.8786", Bigram(x).CrossEntropy(y).Item());
string babble = Written(Bigram, 100, 1).Replace("\n", "\\n");
Lecture.Compare("its first half", "SKIcLT;AcELMoTbvZv C?nq-QE33:CJqkOKH-q;:la!oiywkHj", babble[..50]);
Lecture.Compare("its second half", "gChzbQ?u!3bLIgwevmyFJGUGp\\nwnYWmnxKWWev-tDqXErVKLgJ", babble[50..]);
var adam = new AdamW(table.Parameters(), 1e-3);
for (int step = 0; step < 99; step++) Step(Bigram, adam, 32, 8);
Lecture.Compare("loss after 100 steps", "4.6563", Step(Bigram, adam, 32, 8));
int steps = quick ? 100 : 5_000;
Console.WriteLine($"""

    Now the stages, {steps:N0} steps each: what was added, how many parameters, and the loss on text that was not
    trained on. The lecture's networks began at other random numbers, so its losses and ours agree within 0.06 only, and
    some stages change less than that. So each is trained from two draws, and its effect is believed where it is larger
    than twice the difference of two draws.
    """);
ulong[] seeds = quick ? [1337] : [1337, 7];
Stage[] stages =
[
    new("one head of attention: look back, and choose where", 7553, 2.4),
    new("four heads: look for four things at once", 7553, 2.28, Heads: 4),
    new("a feed-forward layer: think about what was found", 8609, 2.24, Heads: 4, FeedForward: true),
    new("three blocks deep: too deep to train as it is", 16865, 2.32, Heads: 4, FeedForward: true, Blocks: 3),
    new("residual connections (and a projection, and a feed-forward layer of 4 × width): a road back", 41921, 2.08,
        Heads: 4, FeedForward: true, Blocks: 3, Residual: true),
    new("layer norm: numbers kept in shape", 42369, 2.06, Heads: 4, FeedForward: true, Blocks: 3,
        Residual: true, Norm: true),
];
List<string> names = ["bigram"];
List<double> found = [], apart = [];
Report("a table: the last character alone", 4225, 2.49, table.ParameterCount,
    Trained(() => (Bigram, new AdamW((table = new Embedding(V, V, rng)).Parameters(), 1e-2))));

Network network = null!;
foreach (var stage in stages)
{
    double[] losses = Trained(() => (Logits, new AdamW((network = new Network(stage, V, rng)).Parameters(), 1e-3)));
    Report(stage.Adds, stage.Parameters, stage.Loss, network.ParameterCount, losses);
    names.Add(stage.Adds.Split(':', '(')[0].Trim());
}
Tensor Logits(Ids window) => network.Forward(window).Reshape(-1, V);
if (!quick)
    Console.WriteLine(
        $"\nIt writes, with 42,369 parameters and eight characters of memory:\n{Written(Logits, 200, 8)}");

new Page("A GPT, stage by stage")
    .Add("Some ideas by themselves change little. Together they take the loss from that of a table to that of a "
        + "transformer.")
    .Add(Chart.Bar("Loss on text that was not trained on", "stage", "loss", [.. names.Zip(found)]))
    .Save("pictures/27-gpt.html");
Console.WriteLine("\npictures: pictures/27-gpt.html");
return 0;

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
// The loss after training, once for each draw: on all of the validation text, in windows side by side.
double[] Trained(Func<(Func<Ids, Tensor> Model, AdamW Optimizer)> make) => [.. seeds.Select(seed =>
{
    rng.ManualSeed(seed);
    var (model, optimizer) = make();
    for (int step = 0; step < steps; step++) Step(model, optimizer, 32, 8);
    using var noGraph = NoGrad.Begin();
    return Enumerable.Range(0, (validation.Count - 1) / 8).Chunk(500).Average(part =>
    {
        using var scope = Scope.Begin("measuring");
        int[] starts = [.. part.Select(i => 8 * i)];
        return model(validation.Windows(starts, 8))
            .CrossEntropy(validation.Windows([.. starts.Select(at => at + 1)], 8).Reshape([starts.Length * 8])).Item();
    });
})];
void Report(string adds, int parameters, double lecture, long counted, double[] losses)
{
    Lecture.Compare($"{adds}; parameters", $"{parameters}", counted);
    (found, apart) = ([.. found, losses.Average()], [.. apart, losses.Max() - losses.Min()]);
    if (!quick) Lecture.Compare("    loss", $"{lecture:0.00}", found[^1], within: 0.06);
    if (quick || found.Count == 1) return;
    double change = found[^1] - found[^2], doubt = 2 * Math.Max(apart[^1], apart[^2]);
    Console.WriteLine($"    {change:+0.000;-0.000} against the stage before; draws differ by {apart[^1]:0.000}: "
        + $"{(Math.Abs(change) > doubt ? "an effect" : "too little to tell")}");
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

sealed record Stage(string Adds, int Parameters, double Loss, int Heads = 1, int Blocks = 1, bool FeedForward = false,
    bool Residual = false, bool Norm = false);

sealed class Network(Stage stage, int vocabulary, TorchRandom rng) : Module
{
    const int Width = 32, Context = 8;
    readonly Embedding _tokens = new(vocabulary, Width, rng), _places = new(Context, Width, rng);
    readonly Block[] _blocks = [.. Enumerable.Range(0, stage.Blocks).Select(_ => new Block(stage, Width, rng))];
    readonly LayerNorm? _norm = stage.Norm ? new(Width) : null;
    readonly Linear _head = new(Width, vocabulary, rng);

    protected override Tensor Compute(Ids ids)
    {
        // (B, T, C)
        var x = _tokens.Forward(ids) + _places.Forward(Ids.From([.. Enumerable.Range(0, ids.Shape[1])]));
        foreach (var block in _blocks) x = block.Forward(x);
        return _head.Forward(_norm?.Forward(x) ?? x);
    }
}

sealed class Block(Stage stage, int width, TorchRandom rng) : Module
{
    readonly Linear _qkv = new(width, 3 * width, rng, bias: false);
    readonly Linear? _projection = stage.Residual ? new(width, width, rng) : null;
    readonly Sequential? _think = !stage.FeedForward ? null : stage.Residual
        ? new(new Linear(width, 4 * width, rng), new Relu(), new Linear(4 * width, width, rng))
            : new(new Linear(width, width, rng), new Relu());
    readonly LayerNorm? _norm1 = stage.Norm ? new(width) : null, _norm2 = stage.Norm ? new(width) : null;

    protected override Tensor Compute(Tensor x)
    {
        var heard = _qkv.Forward(_norm1?.Forward(x) ?? x).Attention(stage.Heads, causal: true);
        x = stage.Residual ? x + _projection!.Forward(heard) : heard;
        if (_think is null) return x;
        var thought = _think.Forward(_norm2?.Forward(x) ?? x);
        return stage.Residual ? x + thought : thought;
    }
}

// expected:
// characters: 1115394 | lecture: 1115394 | agrees
// different ones: 65 | lecture: 65 | agrees
// encode("hii there"): 46 47 47 1 58 46 43 56 43 | lecture: 46 47 47 1 58 46 43 56 43 | agrees
// first nine tokens: 18 47 56 57 58 1 15 47 58 | lecture: 18 47 56 57 58 1 15 47 58 | agrees
// for training, for validation: 1003854 111540 | lecture: 1003854 111540 | agrees
//
// The simplest model: a table that has, for every character, the logits of the next. The first batch, the first loss and the first babble:
// first row: 24 43 58 5 57 1 46 43 | lecture: 24 43 58 5 57 1 46 43 | agrees
// loss: 4.8786 | lecture: 4.8786 | agrees
// its first half: SKIcLT;AcELMoTbvZv C?nq-QE33:CJqkOKH-q;:la!oiywkHj | lecture: SKIcLT;AcELMoTbvZv C?nq-QE33:CJqkOKH-q;:la!oiywkHj | agrees
// its second half: gChzbQ?u!3bLIgwevmyFJGUGp\nwnYWmnxKWWev-tDqXErVKLgJ | lecture: gChzbQ?u!3bLIgwevmyFJGUGp\nwnYWmnxKWWev-tDqXErVKLgJ | agrees
// loss after 100 steps: 4.6563 | lecture: 4.6563 | agrees
//
// Now the stages, 100 steps each: what was added, how many parameters, and the loss on text that was not
// trained on. The lecture's networks began at other random numbers, so its losses and ours agree within 0.06 only, and
// some stages change less than that. So each is trained from two draws, and its effect is believed where it is larger
// than twice the difference of two draws.
// a table: the last character alone; parameters: 4225 | lecture: 4225 | agrees
// one head of attention: look back, and choose where; parameters: 7553 | lecture: 7553 | agrees
// four heads: look for four things at once; parameters: 7553 | lecture: 7553 | agrees
// a feed-forward layer: think about what was found; parameters: 8609 | lecture: 8609 | agrees
// three blocks deep: too deep to train as it is; parameters: 16865 | lecture: 16865 | agrees
// residual connections (and a projection, and a feed-forward layer of 4 × width): a road back; parameters: 41921 | lecture: 41921 | agrees
// layer norm: numbers kept in shape; parameters: 42369 | lecture: 42369 | agrees
//
// pictures: pictures/27-gpt.html
