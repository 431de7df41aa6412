using System.Globalization;
using ChainRule.Data;
using ChainRule.Tests;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tables;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tests.Tables;

public sealed class TableModelTest : IDisposable
{
    static readonly Lazy<TableModel> s_houses = new(() =>
    {
        using var folder = new TemporaryFolder();
        TableFit.Run(folder.PathOf("houses"), SmallFit.Houses);
        return TableModel.Load(folder.PathOf("houses"));
    });

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    sealed record House(DateOnly Sold, string District, double Size, int? Rooms, int? Built, double Distance,
        bool Garden);

    static House Usual => new(new(2021, 3, 4), "Harbour", 80, 3, 1990, 2.5, true);

    [Fact]
    public void A_row_is_an_object_an_anonymous_one_a_dictionary_or_a_table()
    {
        var model = s_houses.Value;
        double price = model.Predict(Usual).Value;
        Assert.InRange(price, 100_000, 900_000);
        Assert.Equal(price, model.Predict(new { Sold = new DateTime(2021, 3, 4), District = "Harbour", Size = 80,
            Rooms = 3, Built = 1990L, Distance = 2.5m, Garden = "yes" }).Value);
        Assert.Equal(price, model.Predict(new Dictionary<string, object?> { ["sold"] = "2021-03-04",
            ["district"] = "Harbour", ["size"] = 80.0, ["rooms"] = 3, ["built"] = 1990, ["distance"] = 2.5f,
            ["garden"] = true, ["colour"] = new object() }).Value);
        var table = Table.From(["garden", "size", "rooms", "district", "built", "distance", "sold"],
            [["yes", "80", "3", "Harbour", "1990", "2.5", "2021-03-04"],
                ["no", "80", "", "Harbour", "1990", "2.5", "2021-03-04"]]);
        Assert.Equal(price, model.Predict(table)[0].Value);
        Assert.NotEqual(price, model.Predict(Usual with { Rooms = null, Garden = false }).Value);
        Assert.Equal(model.Predict(table)[1].Value, model.Predict(Usual with { Rooms = null, Garden = false }).Value,
            1e-6);
        Assert.Equal("price", model.Target.Name);
        Assert.Empty(model.Classes);
    }

    [Fact]
    public void What_a_row_lacks_or_holds_that_is_no_field_is_one_sentence()
    {
        var model = s_houses.Value;
        Assert.Equal("predict: the row has no 'sold', 'district', 'rooms', 'built', 'distance', 'garden', which the "
            + "model learned from: it has Size; null says that a value is missing",
            Assert.ThrowsAny<ArgumentException>(() => model.Predict(new { Size = 3 })).Message.Split(" (Param")[0]);
        Assert.StartsWith("predict: 'district' is of type Object: give a number, a text, a boolean, a date, or null",
            Assert.ThrowsAny<ArgumentException>(() => model.Predict(new { Sold = "2021-03-04", Size = 3, Rooms = 3,
                Built = 1990, Distance = 2, Garden = true, District = new object() })).Message,
            StringComparison.Ordinal);
        Assert.Contains("'big' is no number", Assert.Throws<InvalidDataException>(() => model.Predict(new
            { Sold = "2021-03-04", Size = "big", Rooms = 3, Built = 1990, Distance = 2, Garden = true,
                District = "Harbour" })).Message, StringComparison.Ordinal);
        Assert.Equal("table 'rows': the model learned from columns 'sold', 'district', 'rooms', 'built', 'distance', "
            + "'garden', which the table does not have: it has size",
            Assert.Throws<InvalidDataException>(() => model.Predict(Table.From(["size"], [["3"]]))).Message);
    }

    [Fact]
    public async Task Sixteen_threads_at_once_predict_the_same_bits()
    {
        var model = s_houses.Value;
        House[] houses = [.. Enumerable.Range(0, 50).Select(i => Usual with { Size = 40 + i, Distance = i / 7.0 })];
        double[] alone = [.. houses.Select(house => model.Predict(house).Value)];
        using var start = new Barrier(16);
        double[][] together = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Factory.StartNew(() =>
        {
            start.SignalAndWait();
            return houses.Select(house => model.Predict(house).Value).ToArray();
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        Assert.All(together, one => Assert.Equal(alone, one));
    }

    [Fact]
    public void Contributions_sum_to_the_difference_from_the_mean_row()
    {
        var model = s_houses.Value;
        var rows = HousePrices.Create(seed: 5, rows: 40);
        var explained = model.Explain(rows);
        var predicted = model.Predict(rows);
        Assert.Equal(40, explained.Count);
        foreach (var (why, what) in explained.Zip(predicted))
        {
            Assert.Equal(what.Value, why.Prediction);
            Assert.Equal(model.Columns, why.Contributions.Keys);
            double difference = why.Prediction - why.Baseline;
            Assert.Equal(difference, why.Contributions.Values.Sum(), 1e-6 * Math.Max(1, Math.Abs(difference)));
        }
        Assert.Single(explained.Select(why => why.Baseline).Distinct());
    }

    [Fact]
    public void Contributions_of_a_classifier_sum_to_the_difference_of_probabilities()
    {
        TableFit.Run(_folder.PathOf("run"), SmallFit.Classes(_folder));
        var model = TableModel.Load(_folder.PathOf("run"));
        var rows = model.Read(_folder.PathOf("classes.csv"));
        foreach (var why in model.Explain(rows))
        {
            Assert.Equal("probability of rare", why.Output);
            Assert.Equal(why.Prediction - why.Baseline, why.Contributions.Values.Sum(), 1e-6);
        }
        var found = model.Predict(rows)[0];
        Assert.Equal(1, found.Probabilities.Sum(), 1e-12);
        Assert.Equal(found.Probabilities.Max(), found.Value);
        Assert.Contains(found.Class, model.Classes);
        Assert.InRange(model.Evaluate(rows).Classification!.Confusion.Accuracy, 0.95, 1);
    }

    [Fact]
    public void A_file_is_measured_where_it_has_the_target()
    {
        var model = s_houses.Value;
        var report = model.Evaluate(HousePrices.Create(seed: 9, rows: 300));
        Assert.Equal(300, report.Regression!.Rows);
        Assert.InRange(report.Regression.RSquared, 0.8, 1);
        Assert.Contains("RMSE", report.ToString(), StringComparison.Ordinal);
        Assert.Equal("evaluate: the table has no column 'price', which the model predicts: it has size",
            Assert.Throws<InvalidDataException>(() => model.Evaluate(Table.From(["size"], [["3"]]))).Message);
    }

    [Fact]
    public void Another_kind_of_run_is_refused_and_told_what_it_is_for()
    {
        TrainingRun.Start(_folder.PathOf("names"), RunConfig.For(TaskKind.Names, "counts") with { Steps = 0 });
        Assert.StartsWith($"predict: {_folder.PathOf("names")} is a run on names, and rows of a table are predicted by "
            + "a run of 'chainrule fit': More names: ", Assert.ThrowsAny<ArgumentException>(() =>
                TableModel.Load(_folder.PathOf("names"))).Message.Replace(Shell.Tool, "chainrule",
                StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void It_predicts_what_the_report_of_its_run_says()
    {
        var report = TableFit.Run(_folder.PathOf("run"), SmallFit.Houses);
        var model = TableModel.Load(_folder.PathOf("run"));
        var rows = HousePrices.Create().Take([.. report.Test.Lines.Select(line => line - 1)]);
        Assert.All(model.Predict(rows).Zip(report.Test.Predicted),
            both => Assert.Equal(both.Second, both.First.Value, 1e-4 * Math.Abs(both.Second)));
        Assert.Equal(rows.Texts("price").Select(text => double.Parse(text!, CultureInfo.InvariantCulture)),
            report.Test.Actual);
    }
}
