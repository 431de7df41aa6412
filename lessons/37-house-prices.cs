#:project ../src/ChainRule
#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 37: House prices, from a line to a network. A table, four models of it, and what each is worth.
//
// What it is: 2,000 sales in an invented city (HousePrices), whose true formula is known, so that one can say how much
// a model leaves on the table. The mean, a line through the size, a line through all columns, a network of the size
// and a network of all columns are judged on rows that none of them saw. Then: why inputs are normalised, and why the
// numbers for that come from the training rows alone. Lessons 06 and 08 come before it. A few seconds.
using ChainRule.Zoo.Lectures;
using ChainRule;
using ChainRule.Classical;
using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Metrics;
using ChainRule.Optim;
using ChainRule.Pictures;
using ChainRule.Randomness;
using ChainRule.Zoo.Tables;

if (!new LessonOptions(args).Ok()) return Lecture.Misused;
var page = new Page("House prices");

var table = HousePrices.Create();
double[] prices = table.Tensor("price").To(DType.Float64).ToArray<double>();
Console.WriteLine($"1. {table.Rows:N0} sales. The first three, and what stands in the columns:\n");
Console.WriteLine("    " + string.Concat(table.Columns.Select(name => $"{name,-11}")));
for (int row = 0; row < 3; row++)
    Console.WriteLine("    " + string.Concat(
        table.Columns.Select(name => $"{table.Texts(name)[row] ?? "missing",-11}")));
var profile = TableProfile.Of(table, "price");
foreach (var column in profile.Columns.Where(column => column.Missing > 0 || !column.IsUsed))
    Console.WriteLine($"    {column.Name}: {(column.IsUsed ? $"missing in {column.Missing} rows" : column.Reason)}");

// What is learned from, what training may be watched with, what is looked at once.
var (train, validation, test) = Split.Rows(table.Rows, 0.7, 0.1, seed: 42);
Console.WriteLine($"\n    {train.Length} rows to learn from, {validation.Length} to watch, {test.Length} to judge by.");

double[] Of(double[] numbers, int[] rows) => Array.ConvertAll(rows, row => numbers[row]);
Tensor Columns(int[] rows, params string[] names) => table.Take(rows).Tensor(names, table.Take(train).Means(names));
// A network learns numbers near 0 and 1 most easily: prices are scaled, and predictions are scaled back.
Tensor y = Tensor.From(Of(prices, train), [train.Length, 1]).To(DType.Float32);
var target = Scaler.ZScore(y);
double[] Prices(Tensor scaled) => target.Invert(scaled).To(DType.Float64).ToArray<double>();

Console.WriteLine("""

    2. Five models, and the formula by which the prices were made. RMSE is the root of the mean squared error, MAE the
       mean absolute error, both in money; R² is the fraction of the variance that is explained: 0 for the mean, 1 for
       a perfect prediction. A baseline is what a model has to beat to be worth it.
                                                      RMSE       MAE        R²
    """);
double[] actual = Of(prices, test);
var scores = new List<(string, double)>();
double[] Judge(string name, double[] predicted)
{
    var report = RegressionReport.Of(predicted, actual);
    scores.Add((name, report.RSquared));
    Console.WriteLine($"    {name,-43}{report.RootMeanSquaredError,10:N0}{report.MeanAbsoluteError,10:N0}"
        + $"{report.RSquared,10:0.000}");
    return predicted;
}
Judge("baseline: the mean of the training prices", [.. test.Select(_ => Of(prices, train).Average())]);
var bySize = LinearRegression.Fit(Columns(train, "size"), y);
Judge("a line: size", bySize.Predict(Columns(test, "size")).To(DType.Float64).ToArray<double>());

// Districts become a column each, dates four numbers, missing numbers the median: all fitted to the training rows.
var encoder = TableEncoder.Fit(table.Take(train), table.ColumnsExcept("price", "id"));
Tensor Inputs(int[] rows) => encoder.Encode(table.Take(rows));
var line = LinearRegression.Fit(Inputs(train), y, dropDependent: true);
double[] byLine = Judge($"a line: all, as {encoder.Columns.Count} numbers",
    line.Predict(Inputs(test)).To(DType.Float64).ToArray<double>());

Sequential Network(int inputs)
{
    var rng = new TorchRandom(1);
    return new(new Linear(inputs, 64, rng), new Tanh(), new Linear(64, 64, rng), new Tanh(), new Linear(64, 1, rng));
}
(List<double> Train, List<double> Validation) Fit(Sequential network, Tensor x, Tensor watched, int epochs)
{
    var losses = (Train: new List<double>(), Validation: new List<double>());
    var goal = target.Apply(Tensor.From(Of(prices, validation), [validation.Length, 1]).To(DType.Float32));
    var adam = new AdamW(network.Parameters(), 0.003);
    var batches = Batches.Shuffled(Dataset.From(x, target.Apply(y)), 64, seed: 1);
    for (int step = 0; step < epochs * batches.PerEpoch; step++)
    {
        var (inputs, targets) = batches.Next();
        var loss = network.Forward(inputs).MseLoss(targets);
        adam.ZeroGrad();
        loss.Backward();
        adam.Step();
        if (step % batches.PerEpoch > 0) continue;
        losses.Train.Add(loss.Item());
        using var quiet = NoGrad.Begin();
        losses.Validation.Add(network.Forward(watched).MseLoss(goal).Item());
    }
    return losses;
}
var size = Scaler.ZScore(Columns(train, "size"));
var small = Network(1);
Fit(small, size.Apply(Columns(train, "size")), size.Apply(Columns(validation, "size")), 40);
Judge("a network: size", Prices(small.Forward(size.Apply(Columns(test, "size")))));
var network = Network(encoder.Columns.Count);
var losses = Fit(network, Inputs(train), Inputs(validation), 60);
double[] byNetwork = Judge("a network: all", Prices(network.Forward(Inputs(test))));
Judge("the formula itself, without the noise", Of(HousePrices.ExpectedPrices(), test));

Console.WriteLine("""
       More columns help both; a network of one column finds little that a line does not. With all columns it finds
       what multiplies and what curves, and comes near to the formula: what is left is noise, and nobody predicts that.

    3. The three worst errors of the network:
    """);
foreach (int i in Enumerable.Range(0, test.Length).OrderByDescending(i => Math.Abs(byNetwork[i] - actual[i])).Take(3))
    Console.WriteLine($"    predicted {byNetwork[i],9:N0}, actual {actual[i],9:N0}: "
        + string.Join(", ", new[] { "district", "size", "rooms", "built", "distance" }
            .Select(name => $"{name} {table.Texts(name)[test[i]] ?? "missing"}")));

Console.WriteLine("""

    4. Normalisation. The same network, the same 20 epochs, four columns of numbers: as they are; between 0 and 1
       (min-max); with mean 0 and standard deviation 1 (z-score).
                              first loss      R² on the test rows
    """);
string[] numbers = ["size", "rooms", "built", "distance"];
Tensor raw = Columns(train, numbers);
var curves = new List<Series>();
foreach (var (name, scaler) in new (string, Scaler?)[]
    { ("as they are", null), ("min-max", Scaler.MinMax(raw)), ("z-score", Scaler.ZScore(raw)) })
{
    Tensor Scaled(int[] rows) => scaler?.Apply(Columns(rows, numbers)) ?? Columns(rows, numbers);
    var net = Network(4);
    var (fell, _) = Fit(net, Scaled(train), Scaled(validation), 20);
    curves.Add(new(name, fell));
    Console.WriteLine($"    {name,-14}{fell[0],18:0.00}"
        + $"{Regression.RSquared(Prices(net.Forward(Scaled(test))), actual),18:0.000}");
}
var (learned, peeked) = (Scaler.ZScore(raw), Scaler.ZScore(Columns([.. train, .. test], numbers)));
double large = Scaler.MinMax(Columns(train, "size")).Apply(Tensor.From(new float[,] { { 350 } })).Item();
Console.WriteLine($"""
       A year of construction near 1950 drives every tanh to its end, where its derivative is almost 0.

       The mean size of the training rows is {learned.Offset[0]:0.00} m²; with the test rows it would be
       {peeked.Offset[0]:0.00}. The difference is small here, and a leak all the same: the model would be told
       something of the rows that it is judged by. What is new may lie outside: a house of 350 m² lies at
       {large:0.00}, where the training rows reach from 0 to 1.
    """);

page.Add("Predictions on rows that the models never saw. On the line they are right.");
double most = actual.Max();
foreach (var (name, predicted) in new[] { ("A line of all columns", byLine), ("A network of all columns", byNetwork) })
    page.Add(Chart.Layer(name,
        Chart.Scatter(name, "actual price", "predicted price", [new("test rows", predicted) { X = actual }]),
        Chart.Line("right", "", "", [new("right", [0, most]) { X = [0, most], Hue = Hue.Grey }])));
page.Add("What is left over, actual − predicted. The line's errors form a curve, which says that something is missing.")
    .Add(Chart.Scatter("Residuals", "predicted price", "residual",
        [new("a line", [.. actual.Zip(byLine, (a, p) => a - p)]) { X = byLine },
            new("a network", [.. actual.Zip(byNetwork, (a, p) => a - p)]) { X = byNetwork }],
        new ChartOptions { RuleY = 0 }))
    .Add(Chart.Bar("How much of the variance is explained", "model", "R²", scores))
    .Add(Chart.Line("The network of all columns learns", "epoch", "loss",
        [new("training rows", losses.Train), new("validation rows", losses.Validation)],
        new ChartOptions { LogY = true }))
    .Add(Chart.Line("Inputs scaled and not", "epoch", "loss of a batch", curves, new ChartOptions { LogY = true }))
    .Save("pictures/37-house-prices.html");
Console.WriteLine("\npictures: pictures/37-house-prices.html");
return 0;

// expected:
// 1. 2,000 sales. The first three, and what stands in the columns:
//
//     id         sold       district   size       rooms      built      distance   garden     price
//     1          2019-05-14 Eastfield  83         2          1954       5.1        no         114000
//     2          2019-09-15 Harbour    180        5          1999       2.5        no         718800
//     3          2021-06-26 Eastfield  80         4          1928       6.3        yes        186100
//     id: a number of its own in each row, and its name
//     rooms: missing in 56 rows
//     built: missing in 78 rows
//
//     1400 rows to learn from, 200 to watch, 400 to judge by.
//
// 2. Five models, and the formula by which the prices were made. RMSE is the root of the mean squared error, MAE the
//    mean absolute error, both in money; R² is the fraction of the variance that is explained: 0 for the mean, 1 for
//    a perfect prediction. A baseline is what a model has to beat to be worth it.
//                                                   RMSE       MAE        R²
//     baseline: the mean of the training prices     207,156   148,903    -0.001
//     a line: size                                  163,494   117,203     0.377
//     a line: all, as 17 numbers                     98,442    69,513     0.774
//     a network: size                               163,608   117,831     0.376
//     a network: all                                 45,496    31,507     0.952
//     the formula itself, without the noise          29,839    23,277     0.979
//    More columns help both; a network of one column finds little that a line does not. With all columns it finds
//    what multiplies and what curves, and comes near to the formula: what is left is noise, and nobody predicts that.
//
// 3. The three worst errors of the network:
//     predicted 1,330,726, actual 1,659,500: district Old Town, size 209, rooms 8, built 1905, distance 0.1
//     predicted   419,815, actual   670,800: district Station, size 155, rooms 5, built missing, distance 3.0
//     predicted 1,105,606, actual 1,329,200: district Old Town, size 198, rooms 8, built 2010, distance 0.7
//
// 4. Normalisation. The same network, the same 20 epochs, four columns of numbers: as they are; between 0 and 1
//    (min-max); with mean 0 and standard deviation 1 (z-score).
//                           first loss      R² on the test rows
//     as they are                 1.10             0.241
//     min-max                     1.15             0.809
//     z-score                     1.12             0.819
//    A year of construction near 1950 drives every tanh to its end, where its derivative is almost 0.
//
//    The mean size of the training rows is 103.36 m²; with the test rows it would be
//    103.38. The difference is small here, and a leak all the same: the model would be told
//    something of the rows that it is judged by. What is new may lie outside: a house of 350 m² lies at
//    1.19, where the training rows reach from 0 to 1.
//
// pictures: pictures/37-house-prices.html
