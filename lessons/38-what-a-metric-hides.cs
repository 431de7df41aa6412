#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 38: What a metric hides. One payment in thirty is a fraud, and a model that never finds one is right 97 times
// of 100.
//
// What it is: a network on invented payments, judged by accuracy, by recall and precision at several thresholds, by the
// ROC curve and the precision-recall curve; then trained with weights for its classes; then asked whether its
// probabilities are true, and mended where they are not. Each number is one that somebody could be proud of.
// What it is not: advice on which one to choose; that depends on what a mistake costs. Lesson 14 comes before it. A
// few seconds.
using ChainRule.Zoo.Lectures;
using ChainRule;
using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Metrics;
using ChainRule.Optim;
using ChainRule.Pictures;
using ChainRule.Randomness;

if (!new LessonOptions(args).Ok()) return Lecture.Misused;
var page = new Page("What a metric hides");

// Two numbers of a payment, such as its amount and its hour, on scales of their own. Frauds lie around one place, among
// ordinary payments.
(Tensor X, int[] Y) Payments(int count, uint seed)
{
    var random = new NumpyRandom(seed);
    var (x, y) = (new double[2 * count], new int[count]);
    for (int i = 0; i < count; i++)
    {
        y[i] = random.NextDouble() < 1 / 30.0 ? 1 : 0;
        x[2 * i] = y[i] == 1 ? random.Normal(1.6, 0.7) : random.Normal();
        x[2 * i + 1] = y[i] == 1 ? random.Normal(-1.4, 0.6) : random.Normal();
    }
    return (Tensor.From(x, [count, 2]).To(DType.Float32), y);
}
var (train, validation, test) = (Payments(6000, 1), Payments(6000, 2), Payments(6000, 3));
double frauds = test.Y.Average();

Sequential Fit(double weight)
{
    var rng = new TorchRandom(1);
    var network = new Sequential(new Linear(2, 16, rng), new Tanh(), new Linear(16, 1, rng));
    var adam = new Adam(network.Parameters(), 0.02);
    var y = Tensor.From(Array.ConvertAll(train.Y, label => (float)label), [train.Y.Length, 1]);
    for (int step = 0; step < 300; step++)
    {
        var loss = network.Forward(train.X).BinaryCrossEntropy(y, positiveWeight: Tensor.From((float)weight));
        adam.ZeroGrad();
        loss.Backward();
        adam.Step();
    }
    return network;
}
double[] Probabilities(Sequential network, Tensor x)
{
    using var quiet = NoGrad.Begin();
    return network.Forward(x).Sigmoid().To(DType.Float64).ToArray<double>();
}
ConfusionMatrix At(double threshold, double[] p) =>
    ConfusionMatrix.Of(Classification.Predicted(p, p.Length, threshold), test.Y, ["payment", "fraud"]);
void Say(string name, ConfusionMatrix matrix)
{
    var fraud = matrix.Of(1);
    Console.WriteLine($"    {name,-34}{100 * matrix.Accuracy,8:0.0} %{100 * matrix.BalancedAccuracy,10:0.0} %"
        + $"{matrix[1, 1],9:0}{matrix[1, 0],9:0}{matrix[0, 1],12:0}{100 * fraud.Precision,11:0} %");
}
const string Head = """
                                          accuracy    balanced    found   missed  false alarm  precision
    """;

var plain = Fit(1);
double[] p = Probabilities(plain, test.X);
Console.WriteLine($"""
    1. Of {test.Y.Length:N0} payments {100 * frauds:0.0} % are frauds. Accuracy is the fraction that is right;
       the balanced accuracy is the mean over the classes of what is right in each.

    """);
Console.WriteLine(Head);
Say("says never", At(2, p));
Say("a network, threshold 0.5", At(0.5, p));
Console.WriteLine("   The first finds nothing, and its accuracy looks fine. Accuracy hardly tells the two apart.");

Console.WriteLine("""

    2. The same network with other thresholds: from which probability on is it called a fraud? They are chosen on
       validation rows. A missed fraud costs 20 times a false alarm in the last.

    """);
double[] chosenOn = Probabilities(plain, validation.X);
double byF1 = DecisionThreshold.ByF1(chosenOn, validation.Y).Threshold,
    byYouden = DecisionThreshold.ByYouden(chosenOn, validation.Y).Threshold,
    byCost = DecisionThreshold.ByCost(chosenOn, validation.Y, 1, 20).Threshold;
Console.WriteLine(Head);
foreach (var (name, threshold) in new[]
    { ("0.5", 0.5), ("the best F1", byF1), ("the best of the ROC curve", byYouden), ("the least cost", byCost) })
    Say($"{name}: {threshold:0.000}", At(threshold, p));

var roc = RocCurve.Of(p, test.Y);
var curve = PrecisionRecallCurve.Of(p, test.Y);
double[] coin = new double[test.Y.Length];
new NumpyRandom(7).Uniform(coin);
var byCoin = (Area: Classification.RocAuc(coin, test.Y), Precision: Classification.AveragePrecision(coin, test.Y));
Console.WriteLine($"""

    3. All thresholds at once. The area under the ROC curve is the probability that a fraud has a higher score than an
       ordinary payment; the average precision is the area under precision over recall.

                                    area under ROC    average precision
        a coin                      {byCoin.Area,10:0.000}          {byCoin.Precision,10:0.000}
        the network                 {roc.Area,10:0.000}          {curve.AveragePrecision,10:0.000}
       {roc.Area:0.00} sounds like a model that is done; {curve.AveragePrecision:0.00} does not. Among 29 times as many
       ordinary payments even a small false positive rate is many false alarms: the ROC curve does not show how many.
    """);

double balanced = ClassWeights.Balanced(train.Y) is var weights ? weights[1] / weights[0] : 1;
var weighted = Fit(balanced);
double[] q = Probabilities(weighted, test.X);
// What weights did to the odds is undone by dividing the odds by them.
double[] mended = Array.ConvertAll(q, one => one / (one + (1 - one) * balanced));
Console.WriteLine($"\n4. Class weights: in training a fraud counts {balanced:0.0} times a payment: both classes then "
    + "weigh the same.\n");
Console.WriteLine(Head);
Say("weights, threshold 0.5", At(0.5, q));
Say($"no weights, threshold {1 / (1 + balanced):0.000}", At(1 / (1 + balanced), p));
Console.WriteLine($"   Nearly the same: a weight moves the threshold. Areas {roc.Area:0.000} and "
    + $"{RocCurve.Of(q, test.Y).Area:0.000}.");

Console.WriteLine("""

    5. Are the probabilities true? Of payments that are given 70 %, 70 % should be frauds. Log loss and Brier score are
       low when they are; the calibration error is the mean distance.
                                      mean p    log loss     Brier    calibration error
    """);
var lines = new List<Series>();
foreach (var (name, probabilities) in new[]
{
    ("says 3.3 % of all", [.. test.Y.Select(_ => 1 / 30.0)]), ("no weights", p), ("weights", q),
    ("weights, odds divided by them", mended),
})
{
    var reliability = ReliabilityCurve.Of(probabilities, test.Y);
    Console.WriteLine($"    {name,-30}{probabilities.Average(),10:0.000}"
        + $"{Classification.LogLoss(probabilities, test.Y),12:0.000}"
        + $"{Classification.BrierScore(probabilities, test.Y),10:0.000}"
        + $"{reliability.ExpectedCalibrationError,15:0.000}");
    ReliabilityBin[] bins = [.. reliability.Bins.Where(bin => bin.Rows > 0)];
    if (bins.Length > 1)
        lines.Add(new(name, [.. bins.Select(bin => bin.Fraction)])
            { X = [.. bins.Select(bin => bin.MeanProbability)] });
}
Console.WriteLine($"""
       {100 * frauds:0.0} % of the payments are frauds; with weights the network expects {100 * q.Average():0.0} %. Its
       order is as good as before, and its probabilities are not. Who says the same of all is well calibrated, and
       knows nothing.
    """);

page.Add("Where the network sees frauds, and where they are.")
    .Add(Chart.Layer("Payments",
        Chart.Contour("p", "first number", "second number",
            (a, b) => Probabilities(plain, Tensor.From(new float[,] { { (float)a, (float)b } }))[0], (-3, 4), (-3.5, 3),
            options: new ChartOptions { Levels = [0.05, 0.1, 0.25, 0.5, 0.75] }),
        Chart.Scatter("payments", "first number", "second number", [.. new[] { 0, 1 }.Select(label =>
        {
            int[] rows = [.. Enumerable.Range(0, 1500).Where(i => test.Y[i] == label)];
            return new Series(label == 1 ? "fraud" : "payment", [.. rows.Select(i => (double)test.X[i, 1])])
                { X = [.. rows.Select(i => (double)test.X[i, 0])] };
        })])))
    .Add("One network, two curves: the first looks done, the second does not.")
    .Add(Chart.Line("ROC curve", "false positive rate", "true positive rate", [new("network", roc.TruePositiveRates)
        { X = roc.FalsePositiveRates }, new("chance", [0, 1]) { X = [0, 1], Hue = Hue.Grey }]))
    .Add(Chart.Line("Precision-recall curve", "recall", "precision", [new("network", curve.Precisions)
        { X = curve.Recalls }, new("chance", [frauds, frauds]) { X = [0, 1], Hue = Hue.Grey }]))
    .Add("A dot above the grey line: frauds are more frequent there than was said.")
    .Add(Chart.Line("Reliability", "predicted probability", "fraction of frauds",
        [.. lines, new("true", [0, 1]) { X = [0, 1], Hue = Hue.Grey }], new ChartOptions { Marks = true }))
    .Save("pictures/38-what-a-metric-hides.html");
Console.WriteLine("\npictures: pictures/38-what-a-metric-hides.html");
return 0;

// expected:
// 1. Of 6,000 payments 3.4 % are frauds. Accuracy is the fraction that is right;
//    the balanced accuracy is the mean over the classes of what is right in each.
//
//                                       accuracy    balanced    found   missed  false alarm  precision
//     says never                            96.6 %      50.0 %        0      203           0          0 %
//     a network, threshold 0.5              97.1 %      63.8 %       57      146          26         69 %
//    The first finds nothing, and its accuracy looks fine. Accuracy hardly tells the two apart.
//
// 2. The same network with other thresholds: from which probability on is it called a fraud? They are chosen on
//    validation rows. A missed fraud costs 20 times a false alarm in the last.
//
//                                       accuracy    balanced    found   missed  false alarm  precision
//     0.5: 0.500                            97.1 %      63.8 %       57      146          26         69 %
//     the best F1: 0.241                    96.4 %      81.5 %      133       70         149         47 %
//     the best of the ROC curve: 0.038      89.3 %      91.6 %      191       12         633         23 %
//     the least cost: 0.054                 91.1 %      90.6 %      183       20         516         26 %
//
// 3. All thresholds at once. The area under the ROC curve is the probability that a fraud has a higher score than an
//    ordinary payment; the average precision is the area under precision over recall.
//
//                                 area under ROC    average precision
//     a coin                           0.501               0.035
//     the network                      0.968               0.562
//    0.97 sounds like a model that is done; 0.56 does not. Among 29 times as many
//    ordinary payments even a small false positive rate is many false alarms: the ROC curve does not show how many.
//
// 4. Class weights: in training a fraud counts 27.3 times a payment: both classes then weigh the same.
//
//                                       accuracy    balanced    found   missed  false alarm  precision
//     weights, threshold 0.5                88.5 %      91.5 %      192       11         677         22 %
//     no weights, threshold 0.035           88.6 %      91.5 %      192       11         674         22 %
//    Nearly the same: a weight moves the threshold. Areas 0.968 and 0.969.
//
// 5. Are the probabilities true? Of payments that are given 70 %, 70 % should be frauds. Log loss and Brier score are
//    low when they are; the calibration error is the mean distance.
//                                   mean p    log loss     Brier    calibration error
//     says 3.3 % of all                  0.033       0.148     0.033          0.001
//     no weights                         0.033       0.071     0.021          0.005
//     weights                            0.157       0.244     0.080          0.123
//     weights, odds divided by them      0.032       0.070     0.021          0.003
//    3.4 % of the payments are frauds; with weights the network expects 15.7 %. Its
//    order is as good as before, and its probabilities are not. Who says the same of all is well calibrated, and
//    knows nothing.
//
// pictures: pictures/38-what-a-metric-hides.html
