using System.Globalization;
using System.Text;
using ChainRule.Classical;
using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Metrics;
using ChainRule.Optim;
using ChainRule.Randomness;
using ChainRule.Zoo.Tables;

namespace ChainRule.Zoo.Tests.Tables;

public sealed class HousePricesTest
{
    [Fact]
    public void One_seed_gives_one_table_and_a_shorter_one_is_its_beginning()
    {
        string csv = HousePrices.CreateCsv();
        Assert.Equal(csv, HousePrices.CreateCsv(1, 2000));
        Assert.StartsWith(HousePrices.CreateCsv(rows: 100), csv, StringComparison.Ordinal);
        Assert.NotEqual(csv, HousePrices.CreateCsv(seed: 2));
        Assert.StartsWith("id,sold,district,size,rooms,built,distance,garden,price\n1,2019-05-14,Eastfield,", csv,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_text_and_the_table_are_the_same()
    {
        using var text = new MemoryStream(Encoding.UTF8.GetBytes(HousePrices.CreateCsv()));
        Table read = Csv.Read(text), made = HousePrices.Create();
        Assert.Equal(2000, read.Rows);
        Assert.Equal(made.Columns, read.Columns);
        Assert.All(made.Columns, column => Assert.Equal(made.Texts(column), read.Texts(column)));
    }

    [Fact]
    public void It_has_a_column_of_every_kind_and_missing_values_as_documented()
    {
        var profile = TableProfile.Of(HousePrices.Create(), HousePrices.Target);
        Assert.Equal(
            ["Identifier", "Date", "Category", "Number", "Number", "Number", "Number", "Boolean", "Number"],
            profile.Columns.Select(column => column.Kind.ToString()));
        Assert.Equal(TableTask.Regression, profile.TargetTask);
        Assert.Empty(profile.Warnings);
        int Missing(string name) => profile.Columns.Single(column => column.Name == name).Missing;
        Assert.InRange(Missing("built") / 2000.0, 0.03, 0.05);
        Assert.InRange(Missing("rooms") / 2000.0, 0.02, 0.04);
        Assert.Equal(Missing("built") + Missing("rooms"), profile.Columns.Sum(column => column.Missing));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_noise_is_as_large_as_documented(ulong seed)
    {
        double[] prices = Prices(HousePrices.Create(seed)), expected = HousePrices.ExpectedPrices(seed);
        Assert.InRange(Regression.RootMeanSquaredError(expected, prices) / HousePrices.NoiseDeviation, 0.95, 1.05);
        Assert.InRange(Regression.RSquared(expected, prices), 0.972, 0.983);
    }

    [Theory]
    [InlineData(42)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_network_is_better_than_a_line_by_as_much_as_documented(ulong seed)
    {
        var table = HousePrices.Create();
        double[] prices = Prices(table);
        var (train, _, test) = Split.Rows(table.Rows, 0.8, 0, seed);
        var encoder = TableEncoder.Fit(table.Take(train), table.ColumnsExcept(HousePrices.Target, "id"));
        Tensor x = encoder.Encode(table.Take(train)), unseen = encoder.Encode(table.Take(test));
        var y = Tensor.From(Array.ConvertAll(train, row => (float)((prices[row] - 350_000) / 200_000)),
            [train.Length, 1]);

        var line = LinearRegression.Fit(x, y, dropDependent: true);
        Assert.InRange(RSquared(line.Predict(unseen)), 0.765, 0.795);

        var rng = new TorchRandom(seed);
        var network = new Sequential(new Linear(encoder.Columns.Count, 64, rng), new Tanh(), new Linear(64, 64, rng),
            new Tanh(), new Linear(64, 1, rng));
        var optimizer = new AdamW(network.Parameters(), 0.003);
        var batches = Batches.Shuffled(Dataset.From(x, y), 64, seed);
        for (int step = 0; step < 60 * batches.PerEpoch; step++)
        {
            var (inputs, targets) = batches.Next();
            optimizer.ZeroGrad();
            network.Forward(inputs).MseLoss(targets).Backward();
            optimizer.Step();
        }
        Assert.InRange(RSquared(network.Forward(unseen)), 0.945, 0.97);

        double RSquared(Tensor predicted) => Regression.RSquared(
            [.. predicted.ToArray<float>().Select(one => one * 200_000.0 + 350_000)],
            Array.ConvertAll(test, row => prices[row]));
    }

    [Fact]
    public void A_table_of_no_rows_is_refused()
    {
        var refused = Assert.ThrowsAny<ArgumentOutOfRangeException>(() => HousePrices.Create(rows: 0));
        Assert.Equal(("house prices: 0 rows: ask for at least one", "rows"), (refused.Message, refused.ParamName));
    }

    static double[] Prices(Table table) =>
        [.. table.Texts(HousePrices.Target).Select(text => double.Parse(text!, CultureInfo.InvariantCulture))];
}
