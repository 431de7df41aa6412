using ChainRule.Tests;
using ChainRule.Zoo.Tables;

namespace ChainRule.Zoo.Tests.Tables;

public sealed class TableMeasureTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    TableMeasure Of(TableOptions options, Func<int, string> target)
    {
        string path = _folder.Write("t.csv", "a,y\n" + string.Concat(Enumerable.Range(0, 300).Select(i =>
            $"{i * 37 % 101},{target(i)}\n")));
        return TableMeasure.Of(TableSource.Open(path, options with { Target = "y" }));
    }

    [Fact]
    public void A_class_is_rare_below_two_fifths_of_an_equal_part()
    {
        Assert.Equal("accuracy", Of(new(), i => i % 5 == 0 ? "few" : "many").Name);
        var rare = Of(new(), i => i % 6 == 0 ? "few" : "many");
        Assert.Equal(("balanced accuracy", "since only 16.7 % of the rows are of the class 'few'"),
            (rare.Name, rare.Reason));
        // A tenth each is not rare among ten.
        Assert.Equal("accuracy", Of(new(), i => $"c{i % 10}").Name);
        Assert.Equal("balanced accuracy", Of(new(), i => i % 30 == 0 ? "x" : $"c{i % 9}").Name);
        Assert.Equal("since class weights are asked for", Of(new(ClassWeights: true), i => $"c{i % 2}").Reason);
        Assert.Equal("R²", Of(new(), i => $"{i * 31 % 97}.5").Name);
    }

    [Fact]
    public void The_difference_of_models_is_that_of_their_balanced_accuracies()
    {
        var measure = Of(new(), i => i % 6 == 0 ? "few" : "many");
        int[] actual = [.. Enumerable.Range(0, 60).Select(i => i % 6 == 0 ? 1 : 0)];
        TableScore Score(Func<int, double> positive) => TableScore.OfClasses(
            [.. actual.SelectMany((_, i) => new[] { 1 - positive(i), positive(i) })], actual, ["many", "few"], 0.5,
            null);
        var (one, other) = (Score(_ => 0.1), Score(i => i % 4 == 0 ? 0.9 : 0.1));
        double expected = other.Metrics["balanced accuracy"] - one.Metrics["balanced accuracy"];
        Assert.Equal(expected, measure.Compare(one, other).Mean, 1e-12);
        Assert.Equal(expected, measure.Compare([one, one], [other, other]).Mean, 1e-12);
        Assert.False(measure.Compare(one, one).IsBetter);
        Assert.True(measure.Compare(one, Score(i => actual[i])).IsBetter);
    }
}
