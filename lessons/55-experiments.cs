#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 55: Experiments. Change one thing at a time, train with several seeds, and believe a difference only when it
// is larger than what the seeds make by themselves.
//
// What it is: three experiments on two drawn moons: the learning rate, what helps against overfitting, and how large
// the gradient is in each of twelve layers. The same `Experiment` is behind `chainrule experiment`, whose files in
// experiments/ ask ten questions more. What it is not: a search for the best settings. A minute; --quick, which trains
// smaller networks, takes a few seconds.
using ChainRule.Pictures;
using ChainRule.Zoo.Experiments;
using ChainRule.Zoo.Lectures;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tables;
using ChainRule.Zoo.Tasks;

var options = new LessonOptions(args);
if (!options.Ok()) return Lecture.Misused;
bool quick = options.Quick;
const int Seeds = 5;
var runs = Directory.CreateTempSubdirectory("chainrule-lesson-");
try
{
    // One weight: the loss is a parabola. Its numbers are those of lesson 9, whose curvature is 2 ‖X‖² = 32.
    const double Curvature = 32;
    const int Updates = 99;
    double[] rates = [0.1, 0.001, 0.00001];
    Console.WriteLine($"""
        1. The learning rate. One weight first: L = ½ c (w − w*)² with c = {Curvature}, as in lesson 9. A step
           multiplies w − w* by 1 − rate · c, and so the loss by (1 − rate · c)². Left after {Updates} steps:

           learning rate    stepped through     (1 − rate · c)^{2 * Updates}
        """);
    List<Series> parabola = [];
    foreach (double rate in rates)
    {
        double missing = 1, closed = Math.Pow(1 - rate * Curvature, 2 * Updates);
        List<double> losses = [1];
        for (int i = 0; i < Updates; i++)
        {
            missing -= rate * Curvature * missing;
            losses.Add(missing * missing);
        }
        parabola.Add(new($"{rate:0.#####}", losses));
        Console.WriteLine($"   {rate,-13:0.#####}{Left(losses[^1]),19}{Left(closed),23}");
        Check(Math.Abs(losses[^1] / closed - 1) < 1e-9, $"at {rate} the steps are not the formula's");
    }
    Console.WriteLine($"""

           Above 2 / c = {2 / Curvature} it diverges. What is too large depends on the curvature: a network on
           moons with the same three and a fourth. The best validation loss in 500 steps of SGD, {Seeds} seeds,
           each of which draws weights and batches anew; the points stay:

        """);
    var sgd = new TrainingSettings(BatchSize: 32, LearningRate: 0.1, Schedule: ScheduleKind.Constant,
        Optimizer: OptimizerKind.Sgd, WeightDecay: 0, Beta2: null, ClipNorm: null, EvalEvery: 25);
    var byRate = Run(new Experiment("learning rates", Moons(500, sgd, new TableOptions(Rows: 500), new DenseOptions()))
        .Vary("learningRate", 0.001, 0.00001, 100.0), "rates");
    string[] names = ["0.1", "0.001", "0.00001", "100"];
    foreach (var (name, one) in names.Zip(byRate.Variants)) Say(name, one);
    Check(byRate.Variants[1].Differs && byRate.Variants[2].Differs && byRate.Variants[3].Diverged > 0
        && byRate.Variants[0].Diverged == 0, "0.1 is not the best rate of the network");
    Console.WriteLine("   Here 0.1 is right, 0.001 too slow, 0.00001 hardly moves, and it takes 100 to diverge.");

    var adamW = new TrainingSettings(BatchSize: 32, LearningRate: quick ? 0.005 : 0.002,
        Schedule: ScheduleKind.Constant, WeightDecay: 0, EvalEvery: 20);
    int steps = quick ? 400 : 600;
    var overfit = Run(new Experiment("overfitting", Moons(steps, adamW, new TableOptions(Rows: quick ? 1000 : 2000,
            Noise: 0.35, TrainRows: 60), new DenseOptions(Hidden: quick ? 64 : 256, Layers: 3)))
        .Change("L2 (weight decay)", ("weightDecay", 2.0)).Change("L1", ("l1", 0.001))
        .Change("dropout", ("dropout", 0.5)).Change("early stopping", ("patience", 3))
        .Change("more data", ("trainRows", 600)).WithMetric(new("last validation loss")), "overfitting");
    Console.WriteLine($"""

        2. Overfitting. 60 noisy points and a network that has room for all of them: the training loss falls to nothing,
           and the validation loss rises. What helps? L2 (weight decay) takes a fraction of itself from each weight at
           every step; L1 pulls all weights towards 0 alike, however small they are; dropout sets half of the hidden
           units to 0 in every step, at random; early stopping ends where the validation loss no longer falls.

           One change at a time, {steps} steps, {Seeds} seeds. A change counts if it is larger than both standard
           deviations, and if p < 0.05 in a paired t-test: so large a difference, seed by seed, would come by chance in
           less than one of twenty such experiments (Holm-corrected, since there are several changes):

                                validation loss   difference   counts
        """);
    var alone = overfit.Variants[0];
    foreach (var one in overfit.Variants)
    {
        double difference = one.Mean - alone.Mean;
        bool counts = one.Differs && -difference > Math.Max(alone.StandardDeviation, one.StandardDeviation);
        Console.WriteLine($"   {(one == alone ? "nothing changed" : one.Name),-18}{Spaced(one),16}"
            + (one == alone ? "" : $"{difference,13:0.0}   {(counts ? "yes" : "no")}"));
        Check(one == alone || counts, $"{one.Name} helps by no more than chance");
    }
    double fitted = LastOf(overfit, 0, line => line.TrainLoss!.Value);
    Check(fitted < 0.1 * alone.Mean, "the base does not overfit");
    Console.WriteLine($"   The last training loss, nothing changed: {fitted:0.00}.");

    var deep = adamW with { LearningRate = 0.003, EvalEvery = 1, ClipNorm = null };
    var flow = Run(new Experiment("vanishing gradients", Moons(60, deep, new TableOptions(Rows: 500),
            new DenseOptions(Hidden: 32, Layers: 12, Activation: DenseActivation.Sigmoid, Start: DenseStart.Xavier)))
        .Change("ReLU", ("activation", "relu"), ("start", "he")).WithMetric(new("log10 gradient ratio")), "flow");
    double[] sigmoid = Gradients(flow, 0), relu = Gradients(flow, 1);
    Console.WriteLine($"""

        3. Vanishing gradients. Twelve hidden layers. The size of the loss's gradient by the weights of each layer at
           the first step, relative to the output layer; the geometric mean of {Seeds} seeds:

           layer      sigmoid         ReLU
        """);
    for (int i = 0; i < sigmoid.Length; i += i == sigmoid.Length - 2 ? 1 : 3)
        Console.WriteLine($"   {i + 1,5}{sigmoid[i] / sigmoid[^1],13:0.0e+00}{relu[i] / relu[^1],13:0.0e+00}");
    double perLayer = Math.Pow(sigmoid[1] / sigmoid[^2], 1.0 / (sigmoid.Length - 3));
    Check(flow.Variants[1].Differs && flow.Variants[0].Mean < -5 && flow.Variants[1].Mean > -1,
        "sigmoid layers do not lose the gradient, or ReLU layers do");
    double[] learned = [.. Enumerable.Range(0, 2).Select(i => LastOf(flow, i, line => line.ValLoss))];
    Check(learned[1] < 0.5 && learned[0] > 0.6, "the network of sigmoids learns, or that of ReLU does not");
    Console.WriteLine($"""
           A sigmoid's derivative is 1/4 at most: each layer leaves {perLayer:0.00} of the gradient. ReLU's is 1 where a
           unit is active, and He's initialisation keeps the size. The validation loss at the end: sigmoid
           {learned[0]:0.0} (a guess has ln 2 = 0.7), ReLU {learned[1]:0.0}.
        """);

    new Page("Experiments")
        .Add("One weight: the loss by step at three learning rates. A straight line here is a constant factor.")
        .Add(Chart.Line("A parabola", "step", "loss / first loss", parabola, new() { LogY = true,
            Legend = "learning rate", YRange = (1e-4, 1e4) }))
        .Add("A network on two moons, the first seed of each learning rate that does not diverge.")
        .Add(Chart.Line("Learning rates", "step", "validation loss", [.. names[..3].Select((name, i) =>
            Curve(byRate, i, name))], new() { Legend = "learning rate" }))
        .Add("Overfitting: the validation loss of the first seed. Early stopping ends where it no longer falls.")
        .Add(Chart.Line("What helps against overfitting", "step", "validation loss", [.. overfit.Variants.Select(
            (one, i) => Curve(overfit, i, i == 0 ? "nothing changed" : one.Name))]))
        .Add(Chart.Intervals($"Mean ± standard deviation of {Seeds} seeds", "last validation loss", "",
            [.. overfit.Variants.Select((one, i) => (i == 0 ? "nothing changed" : one.Name,
                one.Mean - one.StandardDeviation, one.Mean, one.Mean + one.StandardDeviation))]))
        .Add("Twelve layers and the output layer: the size of the gradient at the first step.")
        .Add(Chart.Line("Gradient by layer", "layer", "root mean square of the gradient",
            [Layered("sigmoid", sigmoid), Layered("ReLU", relu)], new() { LogY = true, Marks = true, EndNames = true }))
        .Save("pictures/55-experiments.html");
}
finally
{
    runs.Delete(recursive: true);
}
Console.WriteLine("\npictures: pictures/55-experiments.html");
return 0;

static RunConfig Moons(int steps, TrainingSettings training, TableOptions table, DenseOptions sizes) =>
    RunConfig.For(TaskKind.Table, "dense") with { Steps = steps, Training = training, Sizes = sizes,
        Options = table with { Drawn = TableDrawing.Moons } };

ExperimentResult Run(Experiment experiment, string name) =>
    experiment.WithSeeds(Seeds).Run(Path.Combine(runs.FullName, name));

static string Left(double left) => left > 1 ? $"{left:0.0e+0} times" : $"{100 * left:0.00} %";

static string Spaced(VariantResult one) => $"{one.Mean:0.0} ± {one.StandardDeviation:0.0}";

static void Say(string name, VariantResult one) => Console.WriteLine($"   {name,-18}"
    + (one.Diverged > 0 ? $"{one.Diverged} of {one.Values.Count} diverged"
        : $"{one.Mean:0.00} ± {one.StandardDeviation:0.00}"));

// The mean over the seeds of a number of the last evaluation.
static double LastOf(ExperimentResult result, int variant, Func<RunMetrics, double> number) =>
    result.FoldersOf(variant).Average(folder => number(RunFolder.Open(folder).ReadMetrics()[^1]));

static Series Curve(ExperimentResult result, int variant, string name)
{
    var lines = RunFolder.Open(result.FoldersOf(variant)[0]).ReadMetrics();
    return new(name, [.. lines.Select(line => line.ValLoss)]) { X = [.. lines.Select(line => (double)line.Step)] };
}

// The root mean square of the gradient of each layer's weights at the first step, a geometric mean over the seeds.
static double[] Gradients(ExperimentResult result, int variant)
{
    double[][] seeds = [.. result.FoldersOf(variant).Select(folder => (double[])[.. RunFolder.Open(folder)
        .ReadLayers()[0].Gradients.Where(one => one.Key.EndsWith("weight", StringComparison.Ordinal))
        .Select(one => one.Value)])];
    return [.. seeds[0].Select((_, layer) => Math.Exp(seeds.Average(seed => Math.Log(seed[layer]))))];
}

static Series Layered(string name, double[] gradients) =>
    new(name, gradients) { X = [.. gradients.Select((_, i) => i + 1.0)] };

static void Check(bool found, string otherwise)
{
    if (!found) throw new InvalidOperationException($"lesson 55: {otherwise}: an experiment no longer shows it");
}

// expected:
// 1. The learning rate. One weight first: L = ½ c (w − w*)² with c = 32, as in lesson 9. A step
//    multiplies w − w* by 1 − rate · c, and so the loss by (1 − rate · c)². Left after 99 steps:
//
//    learning rate    stepped through     (1 − rate · c)^198
//    0.1                6.3e+67 times          6.3e+67 times
//    0.001                     0.16 %                 0.16 %
//    0.00001                  93.86 %                93.86 %
//
//    Above 2 / c = 0.0625 it diverges. What is too large depends on the curvature: a network on
//    moons with the same three and a fourth. The best validation loss in 500 steps of SGD, 5 seeds,
//    each of which draws weights and batches anew; the points stay:
//
//    0.1               0.06 ± 0.03
//    0.001             0.60 ± 0.04
//    0.00001           0.69 ± 0.02
//    100               4 of 5 diverged
//    Here 0.1 is right, 0.001 too slow, 0.00001 hardly moves, and it takes 100 to diverge.
//
// 2. Overfitting. 60 noisy points and a network that has room for all of them: the training loss falls to nothing,
//    and the validation loss rises. What helps? L2 (weight decay) takes a fraction of itself from each weight at
//    every step; L1 pulls all weights towards 0 alike, however small they are; dropout sets half of the hidden
//    units to 0 in every step, at random; early stopping ends where the validation loss no longer falls.
//
//    One change at a time, 400 steps, 5 seeds. A change counts if it is larger than both standard
//    deviations, and if p < 0.05 in a paired t-test: so large a difference, seed by seed, would come by chance in
//    less than one of twenty such experiments (Holm-corrected, since there are several changes):
//
//                         validation loss   difference   counts
//    nothing changed          2.2 ± 0.2
//    L2 (weight decay)        0.5 ± 0.0         -1.7   yes
//    L1                       0.7 ± 0.1         -1.5   yes
//    dropout                  0.5 ± 0.1         -1.7   yes
//    early stopping           0.7 ± 0.1         -1.5   yes
//    more data                0.3 ± 0.0         -1.8   yes
//    The last training loss, nothing changed: 0.03.
//
// 3. Vanishing gradients. Twelve hidden layers. The size of the loss's gradient by the weights of each layer at
//    the first step, relative to the output layer; the geometric mean of 5 seeds:
//
//    layer      sigmoid         ReLU
//        1      4.1e-08      2.5e-01
//        4      6.7e-07      3.4e-01
//        7      4.9e-05      3.8e-01
//       10      4.1e-03      2.8e-01
//       13      1.0e+00      1.0e+00
//    A sigmoid's derivative is 1/4 at most: each layer leaves 0.24 of the gradient. ReLU's is 1 where a
//    unit is active, and He's initialisation keeps the size. The validation loss at the end: sigmoid
//    0.7 (a guess has ln 2 = 0.7), ReLU 0.1.
//
// pictures: pictures/55-experiments.html
