using ChainRule.Tests;
using ChainRule.Zoo.Places;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tests.Runs;

namespace ChainRule.Zoo.Tests.Places;

public sealed class PlaceModelTest : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly PlaceModel _model;

    public PlaceModelTest()
    {
        var config = PlaceDataTest.Small(_folder);
        // A place that nobody ever visited, with a tag of its own.
        string places = config.Data!.Split(Path.PathSeparator)[0];
        File.AppendAllText(places, "new,The New One,45.0,-30.0,zither\n");
        var run = TrainingRun.Start(_folder.PathOf("run"), config with { Steps = 150 });
        run.Train();
        _model = PlaceModel.Load(_folder.PathOf("run"));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Places_come_the_best_first_with_distance_score_and_reason()
    {
        var answer = _model.Recommend(new(45, -30, ["jazz"], "u3", Count: 5));
        Assert.Empty(answer.Remarks);
        Assert.Equal(5, answer.Places.Count);
        Assert.Equal(answer.Places.OrderByDescending(one => one.Score), answer.Places);
        Assert.All(answer.Places, one =>
        {
            Assert.InRange(one.Score, 0, 1);
            Assert.Equal(Geo.Distance(45, -30, one.Place.Latitude, one.Place.Longitude), one.Distance, 1e-3);
            Assert.Matches("^[^;]+(; [^;]+)?$", one.Why);
        });
        Assert.Equal(_model.Places.Count, _model.Recommend(new(45, -30, Count: 1000)).Places.Count);
        Assert.Equal(1, _model.Recommend(new(45, -30, Count: 1000)).Places.Sum(one => one.Score), 1e-4);
    }

    [Fact]
    public void Nobody_known_no_tags_and_tags_never_seen_are_answered_and_said()
    {
        var anybody = _model.Recommend(new(45, -30));
        var unknown = _model.Recommend(new(45, -30, ["jaz", "xylophone", " "], "nobody"));
        Assert.Equal(anybody.Places, unknown.Places);
        Assert.Equal(["user 'nobody' made no visit in training: answered as for anybody",
            "no place and no visit has the tag 'jaz': it does not count; did you mean 'jazz'?",
            "no place and no visit has the tag 'xylophone': it does not count"], unknown.Remarks);
        Assert.NotEqual(anybody.Places, _model.Recommend(new(45, -30, ["JAZZ"])).Places);
    }

    [Fact]
    public void A_place_that_nobody_visited_can_be_found_by_its_tag()
    {
        int Rank(params string[] tags) => _model.Recommend(new(45, -30, tags, Count: 100)).Places.ToList()
            .FindIndex(one => one.Place.Id == "new");
        Assert.InRange(Rank("zither"), 0, 20);
        Assert.True(Rank("zither") < Rank("jazz"));
        Assert.Contains("zither", _model.Recommend(new(45, -30, ["zither"], Count: 100)).Places
            .Single(one => one.Place.Id == "new").Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(91, 0, "recommend: a latitude of 91 degrees: give a number from -90 to 90; latitude and longitude may "
        + "have changed places")]
    [InlineData(0, -190, "recommend: a longitude of -190 degrees: give a number from -180 to 180")]
    [InlineData(double.NaN, 0, "recommend: a latitude of NaN degrees: give a number from -90 to 90")]
    [InlineData(-30, 45, "recommend: latitude -30 and longitude 45: the nearest place is ")]
    public void Where_nothing_is_is_refused(double latitude, double longitude, string says)
    {
        var e = Assert.ThrowsAny<ArgumentException>(() => _model.Recommend(new(latitude, longitude)));
        Assert.StartsWith(says, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Far_away_it_answers_and_says_so()
    {
        var answer = _model.Recommend(new(-33.9, 151.2, Count: 3));
        Assert.Equal(3, answer.Places.Count);
        Assert.Matches("^the nearest place is [0-9,]+ km away: ", answer.Remarks.Single());
        Assert.All(answer.Places, one => Assert.True(double.IsFinite(one.Score)));
    }

    [Fact]
    public void Sixteen_threads_get_the_answers_of_one()
    {
        PlaceQuery[] queries = [.. Enumerable.Range(0, 16).Select(i =>
            new PlaceQuery(45 + 0.001 * i, -30, i % 2 == 0 ? ["jazz"] : null, $"u{i}"))];
        var alone = queries.Select(query => _model.Recommend(query).Places).ToArray();
        var together = new IReadOnlyList<PlaceRecommendation>[16];
        var threads = queries.Select((query, i) => new Thread(() =>
        {
            for (int n = 0; n < 10; n++) together[i] = _model.Recommend(query).Places;
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        Assert.All(Enumerable.Range(0, 16), i => Assert.Equal(alone[i], together[i]));
    }

    [Fact]
    public void A_run_on_names_is_refused()
    {
        using var names = new SmallRun();
        Assert.StartsWith($"recommend: {names.Whole("run")} is a run on names, ", Assert.Throws<ArgumentException>(() =>
            PlaceModel.Load(names.PathOf("run"))).Message, StringComparison.Ordinal);
    }
}
