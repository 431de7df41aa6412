using ChainRule.Lab.Runs;

namespace ChainRule.Lab.Tests.Runs;

public sealed class RunFilterTest : IDisposable
{
    readonly RunFixture _runs = new();

    public RunFilterTest()
    {
        _runs.Run("names-mlp", "mlp", 1, 8, 3, 2);
        _runs.Run("names-gpt", "gpt", 2, 16, 3, 1.5);
        _runs.Run("text/gpt-wide", "gpt", 3, 64, 3, double.NaN);
        _runs.Run("new one", "lstm", 4, 64);
    }

    public void Dispose() => _runs.Dispose();

    [Theory]
    [InlineData("", "names-gpt,names-mlp,new one,text/gpt-wide")]
    [InlineData("model = gpt", "names-gpt,text/gpt-wide")]
    [InlineData("MODEL == 'GPT'", "names-gpt,text/gpt-wide")]
    [InlineData("model != gpt", "names-mlp,new one")]
    [InlineData("model = gpt and width < 20", "names-gpt")]
    [InlineData("model = gpt width < 20", "names-gpt")]
    [InlineData("width >= 16 or seed = 1", "names-gpt,names-mlp,new one,text/gpt-wide")]
    [InlineData("not model = gpt", "names-mlp,new one")]
    [InlineData("not (model = gpt or model = mlp)", "new one")]
    [InlineData("valLoss < 2", "names-gpt")]
    [InlineData("valLoss = nan", "text/gpt-wide")]
    [InlineData("valLoss.min <= 2", "names-gpt,names-mlp")]
    [InlineData("valLoss != 2", "names-gpt,new one,text/gpt-wide")]
    [InlineData("gpt", "names-gpt,text/gpt-wide")]
    [InlineData("'new one'", "new one")]
    [InlineData("names and not gpt", "names-mlp")]
    [InlineData("name ~ TEXT/", "text/gpt-wide")]
    [InlineData("\"balanced accuracy\" > 0.82", "names-gpt")]
    [InlineData("balanced-accuracy>0.82", "names-gpt")]
    [InlineData("batch_size=32 width=6.4e1", "new one,text/gpt-wide")]
    [InlineData("status = stopped points = 0", "new one")]
    public void What_a_filter_shows(string filter, string ids)
    {
        var columns = RunColumns.Of(_runs.Index.Runs);
        var fits = RunFilter.Parse(filter, columns);
        Assert.Equal(ids, string.Join(',', _runs.Index.Runs.Where(fits).Select(run => run.Id)
            .Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("widht < 3", "filter: 'widht' is no setting and no metric of these runs: did you mean width?")]
    [InlineData("zzzzzzz < 3",
        "filter: 'zzzzzzz' is no setting and no metric of these runs: choose one of the table's columns")]
    [InlineData("model < gpt", "filter: model < gpt: this compares numbers: give one, or use = or ~")]
    [InlineData("width <", "filter: the end stands where a value is expected")]
    [InlineData("< 3", "filter: '<' stands where the name of a column, or a word to look for in names is expected")]
    [InlineData("width =< 3", "filter: '=<' is no operator: use one of = != < <= > >= ~")]
    [InlineData("(width < 3", "filter: a parenthesis is not closed: add a ')'")]
    [InlineData("width < 3)", "filter: ')' is not expected here: remove it, or join it by and")]
    [InlineData("model = 'gpt", "filter: a quote is not closed: add a '")]
    public void What_is_no_filter_is_refused_by_a_sentence(string filter, string message) =>
        Assert.Equal(message, Assert.Throws<ArgumentException>(
            () => RunFilter.Parse(filter, RunColumns.Of(_runs.Index.Runs))).Message);

    [Fact]
    public void No_filter_is_too_deep_or_too_long_to_be_refused()
    {
        string[] columns = ["width"];
        Assert.StartsWith("filter: it is nested", Assert.Throws<ArgumentException>(
            () => RunFilter.Parse(new string('(', 1900), columns)).Message, StringComparison.Ordinal);
        Assert.StartsWith("filter: it has 5,000 characters", Assert.Throws<ArgumentException>(
            () => RunFilter.Parse(new string('a', 5000), columns)).Message, StringComparison.Ordinal);
    }
}
