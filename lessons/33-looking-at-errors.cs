#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 33: Looking at errors. A loss is one number; what a network gets wrong, and how, is a picture.
//
// What it is: two networks on real tables, one that says prices and one that reads digits, and the pictures that one
// draws before believing them: predicted against true, residuals, and which digit is taken for which. What it is not: a
// competition; both networks are small and train for seconds.
//
// It takes some seconds, and less with --quick.
using ChainRule;
using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Training;
using ChainRule.Zoo.Lectures;

if (!new LessonOptions(args).Ok()) return Lecture.Misused;
if (!Lecture.Has("housing.csv", out string housing) || !Lecture.Has("optdigits.tra.csv", out string digits))
    return Lecture.DataMissing;
int steps = args.Contains("--quick") ? 150 : 1500;
var page = new Page("Looking at errors");

Console.WriteLine("""
    1. Prices. Eight numbers of a Californian district, and the median price of its houses. Inputs are brought to mean 0
    and standard deviation 1, by what the training part says: the test part must not tell anything before it is asked.
    """);
var table = Csv.Read(housing, new CsvOptions { Missing = Missing.Mean });
string[] columns = ["longitude", "latitude", "housing_median_age", "total_rooms", "total_bedrooms", "population",
    "households", "median_income"];
var price = table.Tensor("median_house_value") / 100_000;
var parts = Split.Of(Dataset.From(table.Tensor(columns), price), seed: 42);
var scaler = Scaler.ZScore(parts.Train.Inputs);
var rng = new TorchRandom(42);
var model = new Sequential(new Linear(8, 64, rng), new Relu(), new Linear(64, 1, rng));
Train(model, parts.Train, (x, y) => model.Forward(scaler.Apply(x)).MseLoss(y));

using (NoGrad.Begin())
{
    var test = parts.Test;
    double[] truth = Numbers(test.Targets), said = Numbers(model.Forward(scaler.Apply(test.Inputs)));
    double mean = Numbers(parts.Train.Targets).Average();
    double[] residuals = [.. said.Zip(truth, (s, t) => s - t)];
    double error = Math.Sqrt(residuals.Average(r => r * r)),
        baseline = Math.Sqrt(truth.Average(t => (t - mean) * (t - mean)));
    Console.WriteLine(
        $"root of the mean squared error on {truth.Length:N0} districts, in 100,000 dollars: {error:0.00};");
    Console.WriteLine($"the baseline, always saying the mean: {baseline:0.00}; fraction of the variance explained (R²) "
        + $"{1 - error * error / baseline / baseline:0.00}");
    int capped = truth.Count(t => t > 5);
    Console.WriteLine($"{capped} districts have the same price, 5.00001: the table was cut off there. The picture "
        + "shows it at once, as a line on the right; no loss says it.");
    int[] some = [.. Enumerable.Range(0, truth.Length).Where(i => i % 4 == 0)];
    page.Add("Each point is a district. On the diagonal the network would be right; the points on the right edge are "
        + "prices that the table cut off.")
        .Add(Chart.Layer("Predicted against true, in 100,000 dollars",
            Chart.Scatter("districts", "true price", "predicted price",
                [new("district", [.. some.Select(i => said[i])]) { X = [.. some.Select(i => truth[i])] }]),
            Chart.Line("right", "true price", "predicted price", [new("right", [0, 5]) { X = [0, 5] }])))
        .Add("What is left over should lie around zero, without a shape. Here "
        + $"{100.0 * residuals.Count(r => r > 0) / residuals.Length:0} % of the districts are said too dear, by "
        + $"{residuals.Where(r => r > 0).Average():0.00} on average, and the others too cheap, by "
        + $"{-residuals.Where(r => r <= 0).Average():0.00}.")
        .Add(Chart.Scatter("Residuals against the prediction", "predicted price", "predicted less true",
            [new("district", [.. some.Select(i => residuals[i])]) { X = [.. some.Select(i => said[i])] }],
            new() { RuleY = 0 }))
        .Add(Chart.Histogram("Residuals", "predicted less true", [new("residual", residuals)]));
}

Console.WriteLine("\n2. Digits, 8 x 8 pixels. Accuracy says how many are wrong; the table of what was taken for what "
    + "says which, and often why.");
var csv = Csv.Read(digits, new CsvOptions { Header = false });
string[] names = [.. "0123456789".Select(c => $"{c}")];
var images = Split.Of(Dataset.From(csv.Tensor([.. csv.Columns.Take(64)]) / 16, csv.Labels(csv.Columns[64], names).Ids),
    train: 0.8, validation: 0, seed: 42);
var reader = new Sequential(new Linear(64, 32, rng), new Relu(), new Linear(32, 10, rng));
Train(reader, images.Train, (x, y) => reader.Forward(x).CrossEntropy(y));
using (NoGrad.Begin())
{
    var guesses = reader.Forward(images.Test.Inputs).ArgMax(1);
    var confusion = new double[10, 10];
    for (int i = 0; i < guesses.Count; i++) confusion[images.Test.Targets[i], guesses[i]]++;
    double right = Enumerable.Range(0, 10).Sum(d => confusion[d, d]) / guesses.Count;
    var worst =
        (from t in Enumerable.Range(0, 10) from g in Enumerable.Range(0,
            10) where t != g orderby confusion[t, g] descending select (t, g)).First();
    Console.WriteLine($"right: above nine in ten of {guesses.Count}: {right > 0.9}");
    if (steps > 150)
        Console.WriteLine($"{100 * right:0.0} % are right; most often {worst.t} was taken for {worst.g}, "
            + $"{confusion[worst.t, worst.g]} times");
    page.Add("A row is what the digit was, a column what it was taken for. Off the diagonal are the errors.")
        .Add(Chart.HeatMap("What was taken for what", "taken for", "was", confusion, names, names,
            (i, j) => $"{confusion[i, j]}"))
        .Add(Chart.Bar("Right, by digit", "digit", "fraction",
            [.. names.Select((name, d) => (name, confusion[d, d] / Enumerable.Range(0, 10).Sum(g => confusion[d, g])))],
            new() { YRange = (0, 1) }));
}

page.Save("pictures/33-looking-at-errors.html");
Console.WriteLine("\npictures: pictures/33-looking-at-errors.html");
return 0;

static double[] Numbers(Tensor t) => t.To(DType.Float64).ToArray<double>();

void Train<TX, TY>(Module network, Dataset<TX, TY> data, Func<TX, TY, Tensor> loss) where TX : IRows<TX>
    where TY : IRows<TY>
{
    new Trainer<TX, TY>(network, new Adam(network.Parameters(), 0.005), Batches.Random(data, 128, rng),
        loss).Fit(steps);
}

// expected:
// 1. Prices. Eight numbers of a Californian district, and the median price of its houses. Inputs are brought to mean 0
// and standard deviation 1, by what the training part says: the test part must not tell anything before it is asked.
// root of the mean squared error on 2,064 districts, in 100,000 dollars: 0.64;
// the baseline, always saying the mean: 1.15; fraction of the variance explained (R²) 0.69
// 91 districts have the same price, 5.00001: the table was cut off there. The picture shows it at once, as a line on the right; no loss says it.
//
// 2. Digits, 8 x 8 pixels. Accuracy says how many are wrong; the table of what was taken for what says which, and often why.
// right: above nine in ten of 765: True
//
// pictures: pictures/33-looking-at-errors.html
