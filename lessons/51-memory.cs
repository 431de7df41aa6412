#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 51: Memory. What a recurrent network can do that no network without a state can, how its gradients pass
// through time, and what saves them.
//
// What it is: two tasks that are nothing but memory, a delayed copy and the parity of all bits so far; gradients by how
// far back they reach; truncated backpropagation; and clipping, without which training diverges. What it is not: text;
// lesson 25 reads names. `chainrule train sequences` trains the models. A minute; --quick takes fewer steps.
using ChainRule;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Zoo.Lectures;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Sequences;

var options = new LessonOptions(args);
bool quick = options.Quick;
if (!options.Ok()) return Lecture.Misused;
const int Symbols = SyntheticSequences.Symbols, Delay = 4, T = 12, Hidden = 32, Batch = 32;
int steps = quick ? 400 : 2000;
var page = new Page("Memory");

Console.WriteLine($"""
    1. Two tasks. Delayed copy: one of {Symbols} symbols at each step; what was {Delay} steps ago? Parity: a bit at each
       step; is the number of ones so far odd? A network that sees one step alone (context 1) can only guess:
       {100.0 / Symbols:0} % and 50 %. A recurrent network keeps a state h from step to step: h' = f(x, h).

       right on new sequences     context 1       RNN       GRU      LSTM
    """);
string[] kinds = ["context 1", "RNN", "GRU", "LSTM"];
foreach (var task in (SequenceProblem[])[SequenceProblem.Copy, SequenceProblem.Parity])
{
    string name = task == SequenceProblem.Copy ? "delayed copy" : "parity";
    var right = kinds.Select(kind => (kind, Train(kind, task))).ToList();
    Console.WriteLine($"   {name,-26}" + string.Concat(right.Select(one => $"{100 * one.Item2,8:0} %")));
    page.Add(Chart.Bar($"Right: {name}", "network", "fraction", right, new() { Height = 200 }));
}
Console.WriteLine("""

    2. Gradients through time. How strongly does the output at the last step depend on the input at each step before?
       New networks, and the mean length of the gradient on each input, as a fraction of that on the last.

       steps back     RNN       GRU      LSTM   LSTM, forget gates open
    """);
string[] gated = ["RNN", "GRU", "LSTM", "LSTM open"];
double[][] flows = [.. gated.Select(kind => Flow(kind, 41))];
foreach (int lag in (int[])[0, 5, 10, 20, 40])
    Console.WriteLine($"   {lag,10}" + string.Concat(flows.Select(flow => $"{flow[lag],10:0.0e+0}")));
Console.WriteLine("   Each step back multiplies by weights and a derivative below 1: the gradient vanishes.\n"
    + "   An open forget gate lets the cell pass, and its gradient with it.");
page.Add("How far back a gradient reaches in new networks.").Add(Chart.Line("Gradients through time", "steps back",
    "gradient", [.. flows.Zip(gated, (flow, name) => new Series(name, flow))], new() { LogY = true, EndNames = true }));

Console.WriteLine($"""

    3. Truncated backpropagation. A long sequence is read in windows: the state is carried on, and gradients pass back
       through one window alone. A delayed copy of {Delay} steps: how much is right after {steps:N0} windows?
    """);
List<(string, double)> windows = [];
foreach (int window in (int[])[2, Delay, 8, 16])
{
    windows.Add(($"{window}", Truncated(window)));
    Console.WriteLine($"   windows of {window,2} steps: {100 * windows[^1].Item2:0} %");
}
Console.WriteLine("   A window that is no longer than the delay never shows a symbol and its copy together.");
page.Add(Chart.Bar("Right, by the length of a window", "window", "fraction", windows, new() { RuleY = 0.25 }));

Console.WriteLine("""

    4. Clipping. Two of 20 numbers are marked: what is their sum? An RNN with ReLU, which nothing bounds, and recurrent
       weights that begin 2.5 times as large as usual: gradients explode. With and without clipping their length to 1:
    """);
List<Series> adding = [];
foreach (bool clip in (bool[])[false, true])
{
    var (losses, longest) = Adding(clip);
    adding.Add(new(clip ? "clipped" : "not clipped", losses));
    Console.WriteLine($"   {(clip ? "clipped:    " : "not clipped:")} loss {losses[0]:0.000} at first, "
        + (double.IsFinite(losses[^1]) ? $"{losses[^1]:0.000} in the end" : "and then it diverges")
        + $"; the longest gradient was {(longest > 1e3 ? "above 1,000" : $"{longest:0}")}");
}
Console.WriteLine($"   Always saying 1 has a loss of {1 / 6.0:0.000}.");
page.Add("The adding task with and without clipping.").Add(Chart.Line("Loss of the adding task", "tens of steps",
    "loss", adding, new() { LogY = true, RuleY = 1 / 6.0 })).Save("pictures/51-memory.html");
Console.WriteLine("\npictures: pictures/51-memory.html");
return 0;

SequenceModel Make(string kind, int inputs)
{
    var (rng, sizes) = (new TorchRandom(5), new SequenceModelOptions(Hidden));
    var model = kind switch
    {
        "RNN" => SequenceModel.Rnn(sizes, inputs, inputs, rng),
        "GRU" => SequenceModel.Gru(sizes, inputs, inputs, rng),
        "context 1" => SequenceModel.ContextOne(sizes, inputs, inputs, rng),
        _ => SequenceModel.Lstm(sizes, inputs, inputs, rng),
    };
    model.To(DType.Float64);
    // Of the four gates' biases (input, forget, cell, output) those of the forget gate.
    if (kind == "LSTM open")
        model.NamedParameters().Single(one => one.Key.EndsWith("bias_ih_l0", StringComparison.Ordinal)).Value
            .Write<double>().Slice(Hidden, Hidden).Fill(4);
    return model;
}

static Tensor Loss(Tensor logits, Ids y) => logits.Reshape(y.Count, -1).CrossEntropy(y.Reshape([y.Count]),
    ignoreIndex: SyntheticSequences.NoTarget);

static double Update(Tensor loss, Module model, Optimizer optimizer, double maxNorm)
{
    optimizer.ZeroGrad();
    loss.Backward();
    double length = Clip.Norm(model.Parameters(), maxNorm);
    if (double.IsFinite(length)) optimizer.Step();
    return length;
}

double Train(string kind, SequenceProblem task)
{
    var (rng, model) = (new TorchRandom(9), Make(kind, SyntheticSequences.Classes(task).Count));
    var adam = new Adam(model.Parameters(), 0.01);
    for (int step = 0; step < steps; step++)
    {
        using var scope = Scope.Begin();
        var (x, y) = SyntheticSequences.Draw(task, Batch, T, Delay, rng);
        Update(Loss(model.Forward(x.To(DType.Float64)), y), model, adam, 1);
    }
    return Right(model, task, T);
}

static double Right(SequenceModel model, SequenceProblem task, int length)
{
    var (x, y) = SyntheticSequences.Draw(task, 200, length, Delay, new TorchRandom(77));
    using var quiet = NoGrad.Begin();
    var said = model.Forward(x.To(DType.Float64)).ArgMax(2);
    return Enumerable.Range(0, y.Count).Where(i => y.Span[i] >= 0).Average(i => said.Span[i] == y.Span[i] ? 1.0 : 0);
}

double[] Flow(string kind, int length)
{
    var x = SyntheticSequences.Draw(SequenceProblem.Copy, 16, length, Delay, new TorchRandom(3)).X
        .To(DType.Float64).Clone().RequireGrad();
    Make(kind, Symbols).Forward(x).Select(1, length - 1).Square().Sum().Backward();
    double[] lengths = x.Grad.Square().Sum(2).Sqrt().Mean(0).ToArray<double>();
    return [.. lengths.Reverse().Select(one => one / lengths[^1])];
}

double Truncated(int window)
{
    // Each row is one long sequence, of which every step of training reads a window.
    int length = steps * window;
    var (all, y) = SyntheticSequences.Draw(SequenceProblem.Copy, Batch, length, Delay, new TorchRandom(9));
    var model = Make("LSTM", Symbols);
    var adam = new Adam(model.Parameters(), 0.01);
    LstmState? state = null;
    for (int step = 0; step < steps; step++)
    {
        var x = all.Slice(1, step * window, (step + 1) * window).To(DType.Float64);
        int[] wanted = [.. Enumerable.Range(0, Batch * window).Select(i =>
            y.Span[i / window * length + step * window + i % window])];
        var h = ((Lstm)model.Body).Forward(x, state, out var final);
        if (wanted.Any(one => one >= 0)) Update(Loss(model.Output.Forward(h), Ids.From(wanted)), model, adam, 1);
        // Carried on as a constant: no gradient passes into the window before.
        state = new(final.Hidden.Detach(), final.Cell.Detach());
    }
    return Right(model, SequenceProblem.Copy, 40);
}

(List<double> Losses, double Longest) Adding(bool clip)
{
    var rng = new TorchRandom(13);
    var model = new Sequential(new Rnn(2, Hidden, rng, relu: true), new Linear(Hidden, 1, rng));
    model.To(DType.Float64);
    foreach (ref double w in ((Rnn)model[0]).Weights[0].HiddenWeight.Write<double>()) w *= 2.5;
    var sgd = new Sgd(model.Parameters(), 0.1);
    List<double> losses = [];
    double longest = 0;
    for (int step = 0; step < 2 * steps; step++)
    {
        using var scope = Scope.Begin();
        // Pairs of a number and its mark: one is marked in the first half, one in the second.
        double[] x = [.. Enumerable.Range(0, Batch * 40).Select(i => i % 2 == 0 ? rng.NextDouble() : 0)];
        int[] marked = [.. Enumerable.Range(0, 2 * Batch).Select(half => half * 20 + 2 * (int)(10 * rng.NextDouble()))];
        foreach (int at in marked) x[at + 1] = 1;
        double[] sums = [.. marked.Chunk(2).Select(pair => x[pair[0]] + x[pair[1]])];
        var loss = model.Forward(Tensor.From(x, [Batch, 20, 2])).Select(1, 19).MseLoss(Tensor.From(sums, [Batch, 1]));
        double length = Update(loss, model, sgd, clip ? 1 : double.PositiveInfinity);
        longest = Math.Max(longest, length);
        if (step % 10 == 0) losses.Add(loss.Item());
        if (!double.IsFinite(length) || loss.Item() > 1e6) return ([.. losses, double.NaN], longest);
    }
    return (losses, longest);
}

// expected:
// 1. Two tasks. Delayed copy: one of 4 symbols at each step; what was 4 steps ago? Parity: a bit at each
//    step; is the number of ones so far odd? A network that sees one step alone (context 1) can only guess:
//    25 % and 50 %. A recurrent network keeps a state h from step to step: h' = f(x, h).
//
//    right on new sequences     context 1       RNN       GRU      LSTM
//    delayed copy                    27 %     100 %     100 %     100 %
//    parity                          54 %      94 %     100 %     100 %
//
// 2. Gradients through time. How strongly does the output at the last step depend on the input at each step before?
//    New networks, and the mean length of the gradient on each input, as a fraction of that on the last.
//
//    steps back     RNN       GRU      LSTM   LSTM, forget gates open
//             0    1.0e+0    1.0e+0    1.0e+0    1.0e+0
//             5    6.1e-2    4.7e-2    1.1e-1    2.1e-1
//            10    1.4e-3    4.4e-3    1.1e-2    1.9e-1
//            20    5.9e-6    5.0e-5    1.5e-4    1.7e-1
//            40   4.6e-11    1.4e-8    2.2e-8    3.4e-1
//    Each step back multiplies by weights and a derivative below 1: the gradient vanishes.
//    An open forget gate lets the cell pass, and its gradient with it.
//
// 3. Truncated backpropagation. A long sequence is read in windows: the state is carried on, and gradients pass back
//    through one window alone. A delayed copy of 4 steps: how much is right after 400 windows?
//    windows of  2 steps: 26 %
//    windows of  4 steps: 34 %
//    windows of  8 steps: 100 %
//    windows of 16 steps: 100 %
//    A window that is no longer than the delay never shows a symbol and its copy together.
//
// 4. Clipping. Two of 20 numbers are marked: what is their sum? An RNN with ReLU, which nothing bounds, and recurrent
//    weights that begin 2.5 times as large as usual: gradients explode. With and without clipping their length to 1:
//    not clipped: loss 14.861 at first, and then it diverges; the longest gradient was above 1,000
//    clipped:     loss 14.861 at first, 0.148 in the end; the longest gradient was 613
//    Always saying 1 has a loss of 0.167.
//
// pictures: pictures/51-memory.html
