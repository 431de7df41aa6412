using System.Globalization;
using ChainRule.Data;
using ChainRule.Metrics;
using ChainRule.Randomness;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tables;

namespace ChainRule.Cli.Tests.Pages;

/// <summary>Reports as a run writes them, with numbers like those of a real one.</summary>
static class SampleReports
{
    static readonly TableSplit s_split = new(1440, 160, 400, "at random");

    static readonly TableColumn[] s_columns =
    [
        new("id", "identifier", 0, 2000, "", ["1", "2", "3"], "left out", "a number of its own in each row"),
        new("sold", "date", 0, 1316, "", ["2019-05-14", "2019-09-15"], "input", "year, month, day of the week and day"),
        new("district", "category", 0, 6, "", ["Eastfield", "Harbour", "Mill Hill"], "input", "one-hot, 6 categories"),
        new("size", "number", 0, 204, "30 to 300, mean 103.5", [], "input", "standardised"),
        new("tax", "number", 0, 1990, "1 to 9, mean 4", [], "input", "standardised", "rank correlation 0.9995"),
        new("price", "number", 0, 1660, "2.7E+04 to 1.66E+06, mean 3.495E+05", [], "target", "regression"),
    ];

    public static IReadOnlyList<RunMetrics> History { get; } =
        [.. Enumerable.Range(0, 40).Select(i => new RunMetrics(100 * i, i == 0 ? null : 0.05 + Math.Exp(-i / 5.0),
            0.08 + 0.95 * Math.Exp(-i / 5.0) + (i > 25 ? 0.004 * (i - 25) : 0), 0.003, i))];

    public static TableReport Regression()
    {
        var rng = new NumpyRandom(1);
        double[] actual = [.. Enumerable.Range(0, 400).Select(_ => 350_000 * Math.Exp(rng.Normal(0, 0.5)))];
        double[] predicted = [.. actual.Select(price => price + rng.Normal(0, 40_000))];
        static IReadOnlyDictionary<string, double> Scores(double rmse, double r2) =>
            new Dictionary<string, double> { ["RMSE"] = rmse, ["MAE"] = rmse * 0.77, ["R²"] = r2 };
        return new()
        {
            Data = "houses.csv", Rows = 2000, RowsWithoutTarget = 3, Target = "price", Task = TableTask.Regression,
            TaskReason = "1,660 different numbers", Columns = s_columns, Split = s_split, Model = "mlp",
            Parameters = 5377, MainMetric = "R²", Seed = 42, Seconds = 12.3,
            Warnings = ["column 'tax' may give the target away: rank correlation 0.9995 with the target"],
            Verdict = ["The network explains 95.7 % of the variance of the price on rows that it never saw.",
                "It is worth it: a linear model explains 77.9 %."],
            Chosen = "auto took mlp: it has the lowest error on the validation rows",
            Models =
            [
                new("mlp", "a network of 2 hidden layers of 64", Scores(41_000, 0.96), Scores(41_840, 0.9571), true),
                new("linear", "linear regression", Scores(95_000, 0.78), Scores(94_871, 0.7788)),
                new("mean", "the mean of the training rows", Scores(201_000, -0.001), Scores(201_733, -0.0003)),
            ],
            Test = new([.. Enumerable.Range(1, 400)], actual, predicted, []),
            ImportanceUnit = "increase of the root mean squared error",
            Importance = [new("size", 190_000, 178_000, 203_000), new("distance to the centre", 81_000, 74_000, 88_000),
                new("district", 40_000, 35_000, 45_000), new("garden", 3_000, -500, 6_500)],
            Dependence =
            [
                new("size", "price", [.. Enumerable.Range(0, 10).Select(i => new DependencePoint($"{30 + 25 * i}",
                    30 + 25 * i, 100_000 + 65_000 * i, 50_000 + 40_000 * i, 160_000 + 95_000 * i))]),
                new("district", "price", [.. new[] { "Old Town", "Harbour", "Station" }.Select((name, i) =>
                    new DependencePoint(name, null, 300_000 + 50_000 * i, 150_000, 600_000))]),
                new("sold", "price", [.. Enumerable.Range(0, 6).Select(i => new DependencePoint($"{2019 + i}-01-01",
                    737_060 + 365 * i, 320_000 + 12_000 * i, 180_000, 500_000))]),
                new("built", "price", [.. Enumerable.Range(0, 10).Select(i => new DependencePoint($"{1890 + 13 * i}",
                    1890 + 13 * i, 300_000 + 3_000 * (i - 5) * (i - 5), 290_000, 420_000))]),
            ],
            Worst = [.. Enumerable.Range(0, 10).Select(i => new WorstRow(17 + 31 * i, "1204300",
                "1012345.6", -191_954.4 + i * 9000, new Dictionary<string, string>
                {
                    ["id"] = $"{17 + 31 * i}", ["sold"] = "2023-04-01", ["district"] = "Old Town", ["size"] = "212",
                    ["tax"] = i == 3 ? "" : "4.4", ["price"] = "1204300",
                }))],
            Folds = new(5, [new("mlp", Scores(40_000, 0.955), Scores(2_000, 0.004), []),
                new("linear", Scores(95_000, 0.775), Scores(3_000, 0.012), [])]),
            Settings = new Dictionary<string, string> { ["model"] = "mlp", ["hidden"] = "64, 64",
                ["learningRate"] = "0.003", ["batchSize"] = "64" },
        };
    }

    public static TableReport Classification(int classes)
    {
        var rng = new NumpyRandom(2);
        string[] names = [.. Enumerable.Range(0, classes).Select(c => $"class <{(char)('a' + c)}>")];
        int[] actual = [.. Enumerable.Range(0, 300).Select(i => i % classes)];
        double[][] probabilities = [.. actual.Select(label =>
        {
            double[] odds = [.. Enumerable.Range(0, classes)
                .Select(c => Math.Exp(rng.Normal() + (c == label ? 3 : 0)))];
            return Array.ConvertAll(odds, one => one / odds.Sum());
        })];
        int[] predicted = [.. probabilities.Select(row => Array.IndexOf(row, row.Max()))];
        var confusion = Enumerable.Range(0, classes).Select(r => (IReadOnlyList<int>)[.. Enumerable.Range(0, classes)
            .Select(c => actual.Zip(predicted).Count(pair => pair == (r, c)))]);
        IEnumerable<int> judged = classes == 2 ? [1] : Enumerable.Range(0, classes);
        var curves = judged.Select(c =>
        {
            var curve = RocCurve.Of([.. probabilities.Select(row => row[c])],
                [.. actual.Select(one => one == c ? 1 : 0)]);
            return new RocPoints(names[c], curve.FalsePositiveRates, curve.TruePositiveRates, curve.Area);
        });
        static IReadOnlyDictionary<string, double> Scores(double accuracy) =>
            new Dictionary<string, double> { ["accuracy"] = accuracy, ["log loss"] = 1 - accuracy };
        return Regression() with
        {
            Data = "kinds.csv", Target = "kind", Task = TableTask.Classification, Classes = names,
            TaskReason = $"{classes} categories", MainMetric = "accuracy", Folds = null, Chosen = null, Warnings = [],
            RowsWithoutTarget = 0, Verdict = ["A linear model is as good: take it."],
            Models = [new("mlp", "a network", Scores(0.9), Scores(0.91), true),
                new("linear", "logistic regression", Scores(0.9), Scores(0.92)),
                new("majority", "the most frequent class", Scores(0.5), Scores(0.5))],
            Test = new([.. Enumerable.Range(1, 300)], [.. actual.Select(one => (double)one)],
                [.. predicted.Select(one => (double)one)], probabilities),
            Classification = new([.. confusion], [.. names.Select(name => new ClassScore(name, 0.9, 0.88, 0.89, 50))],
                [.. curves], [.. Enumerable.Range(0, 10).Select(i => new ReliabilityPoint(0.05 + i / 10.0,
                    Math.Clamp(0.05 + i / 10.0 + 0.03 * (i % 3 - 1), 0, 1), 20 + i))],
                classes == 2 ? 0.5 : null, "the default", classes == 2 ? [0.7, 1.8] : null),
            ImportanceUnit = "decrease of the accuracy",
            Importance = [new("size", 0.2, 0.18, 0.22), new("rooms", 0.0, -0.01, 0.01)],
            Dependence = [new("size", $"probability of {names[^1]}", [.. Enumerable.Range(0, 10).Select(i =>
                new DependencePoint(string.Create(CultureInfo.InvariantCulture, $"{i}"), i, 1 / (1 + Math.Exp(5 - i)),
                    0.5 / (1 + Math.Exp(5 - i)), Math.Min(1, 1.5 / (1 + Math.Exp(5 - i)))))])],
        };
    }
}
