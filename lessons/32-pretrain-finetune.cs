#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 32: Learn a lot first, then a little. A GPT that has read thirty thousand names needs only a
// hundred of another kind.
//
// What it is: pretraining and finetuning, an exercise of the GPT lecture (Karpathy), on a scale that a laptop has:
// pretrain on names of one country, then finetune on a hundred names of many. Three networks are compared: trained on
// the hundred alone, finetuned whole, and finetuned at the last layers with the rest frozen. What it is not: large;
// but the recipe is the same.
//
// It takes about twenty seconds, and two with --quick.
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
const int Longest = 16;
var many = Names.FromFile(path);
HashSet<string> seen = [.. many.All];
// Only names that the large list does not have: what is measured must be new to all three networks.
string[] world = [.. Names.Embedded().All.Where(name => !seen.Contains(name) && name.Length < Longest)];
string[] few = world[..100], choosing = world[100..600], judging = world[600..1100];
int V = many.Vocabulary.Size;
Console.WriteLine(
    $"{many.All.Count:N0} names to read first; then {few.Length} others, such as {string.Join(", ", few[..5])};");
Console.WriteLine($"{choosing.Length} more, that none of the networks saw, choose the best moment of each, and "
    + $"{judging.Length} others judge it.\n");

var rng = new TorchRandom(1337);
var (choose, judge) = (Padded(choosing), Padded(judging));
List<Series> curves = [];

var pretrained = Fresh();
var reading = Train(pretrained, [.. many.All.Where(name => name.Length < Longest)], quick ? 150 : 3000, 2e-3);
Console.WriteLine($"pretraining, {(quick ? 150 : 3000):N0} steps: from {reading[0].Judged:0.00} to "
    + $"{reading[^1].Judged:0.00} on the other names, none of which it has seen");

int steps = quick ? 60 : 300;
var alone = Fresh();
var scratch = Train(alone, few, steps, 2e-3);
var whole = Train(Copy(pretrained), few, steps, 2e-4);
var frozen = Copy(pretrained);
frozen.Freeze();
frozen.Norm.Unfreeze();
frozen.Blocks[^1].Unfreeze();
long moving = frozen.Parameters().Where(p => p.RequiresGrad).Sum(p => (long)p.Count);
var part = Train(frozen, few, steps, 5e-4);
static double Best(List<(double Chosen, double Judged)> losses) => losses.MinBy(at => at.Chosen).Judged;
foreach (var (name, losses) in new[]
{
    ("a hundred names alone", scratch), ("pretrained, then all of it finetuned", whole),
    ($"pretrained, then {moving:N0} of {frozen.ParameterCount:N0} parameters finetuned", part),
})
{
    Console.WriteLine($"{name}: at the best moment {Best(losses):0.00}, at the end {losses[^1].Judged:0.00}");
    curves.Add(new(name, [.. losses.Select(at => at.Judged)])
        { X = [.. Enumerable.Range(0, losses.Count).Select(i => (double)i * steps / 10)] });
}
Console.WriteLine($"\npretraining helps: {Best(whole) < Best(scratch) && Best(part) < Best(scratch)}");
Console.WriteLine($"finetuning helps over pretraining alone: {Best(whole) < reading[^1].Judged}");
if (!quick)
{
    var draw = new TorchRandom(2147483647);
    Console.WriteLine("some of its names: "
        + $"{string.Join(" ", Enumerable.Range(0, 12).Select(_ => frozen.Sample(many.Vocabulary, draw)))}");
}
if (scratch[^1].Judged > Best(scratch) + 0.05)
    Console.WriteLine("alone, the hundred names are memorised in the end, and the loss on others rises: overfitting");
Console.WriteLine("""

    The pretrained network knows how names go and has to move a little only: whole it is moved at a tenth of the
    learning rate, and its last layers alone at a quarter of it.
    """);

new Page("Learn a lot first, then a little")
    .Add("Loss on five hundred names that no network saw, while a hundred others are learnt.")
    .Add(Chart.Line("Loss while finetuning", "step", "loss", curves, new() { EndValues = true }))
    .Save("pictures/32-pretrain-finetune.html");
Console.WriteLine("pictures: pictures/32-pretrain-finetune.html");
return 0;

Gpt Fresh()
{
    rng.ManualSeed(1337);
    return new(new GptOptions(Context: Longest, Width: 32, Layers: 2, Heads: 4), V, rng);
}

Gpt Copy(Gpt model)
{
    var copy = Fresh();
    copy.LoadStateDict(model.StateDict());
    return copy;
}

// The loss on the names that choose and on those that judge, at eleven moments.
List<(double Chosen, double Judged)> Train(Gpt model, string[] names, int steps, double rate)
{
    var optimizer = new AdamW(model.Parameters().Where(p => p.RequiresGrad), rate, new() { Beta2 = 0.99 });
    var losses = new List<(double, double)>();
    double On((Ids X, Ids Y) names) => model.Forward(names.X).Reshape(-1, V).CrossEntropy(names.Y).Item();
    var rows = new int[32];
    for (int step = 0; step <= steps; step++)
    {
        if (step % (steps / 10) == 0)
        {
            using var noGraph = NoGrad.Begin();
            losses.Add((On(choose), On(judge)));
        }
        using var scope = Scope.Begin();
        rng.Integers(rows, 0, names.Length);
        var (x, y) = Padded(Array.ConvertAll(rows, row => names[row]));
        var loss = model.Forward(x).Reshape(-1, V).CrossEntropy(y);
        optimizer.ZeroGrad();
        loss.Backward();
        optimizer.Step();
    }
    return losses;
}

(Ids X, Ids Y) Padded(string[] some)
{
    int[] x = new int[some.Length * Longest], y = new int[some.Length * Longest];
    y.AsSpan().Fill(-1);
    for (int i = 0; i < some.Length; i++)
    {
        int[] name = many.Vocabulary.Encode(some[i]);
        name.CopyTo(x, i * Longest + 1);
        name.CopyTo(y, i * Longest);
        y[i * Longest + name.Length] = 0;
    }
    return (Ids.From(x, [some.Length, Longest]), Ids.From(y));
}

// expected:
// 32,033 names to read first; then 100 others, such as oili, swati, turlough, neslihan, bold;
// 500 more, that none of the networks saw, choose the best moment of each, and 500 others judge it.
//
// pretraining, 150 steps: from 3.32 to 2.69 on the other names, none of which it has seen
// a hundred names alone: at the best moment 2.67, at the end 2.67
// pretrained, then all of it finetuned: at the best moment 2.60, at the end 2.60
// pretrained, then 12,384 of 26,112 parameters finetuned: at the best moment 2.63, at the end 2.63
//
// pretraining helps: True
// finetuning helps over pretraining alone: True
//
// The pretrained network knows how names go and has to move a little only: whole it is moved at a tenth of the
// learning rate, and its last layers alone at a quarter of it.
// pictures: pictures/32-pretrain-finetune.html
