namespace ChainRule.Cli.Tests.Commands;

public sealed class RecommendCommandTest : IDisposable
{
    const string Places = "id,name,lat,lon,tags\na,Alpha,48.85,2.35,jazz\nb,Beta,48.86,2.36,pub\nc,Gamma,48.87,2.34,\n";

    readonly SmallTraining _small = new();

    public void Dispose() => _small.Dispose();

    [Fact]
    public void It_trains_stops_goes_on_and_recommends()
    {
        Write(Places, Visits());
        string trained = _small.Run("recommend", "fit", "places.csv", "visits.csv", "--steps", "40", "--out", "run",
            "--set", "factors=4").Well().Output;
        Assert.Contains("3 places, 2 tags, 6 users (places.csv and visits.csv): 24 visits to train, 6 to validate, 6 "
            + "to test", trained, StringComparison.Ordinal);
        Assert.Contains("hit rate at 10 1.0000", trained, StringComparison.Ordinal);
        Assert.Contains("By how much the model is better, with 95 % intervals (2,000 bootstrap samples of the users):",
            trained, StringComparison.Ordinal);
        Assert.Matches(@"  nearest first +hit rate +-?0\.\d{4} \(-?0\.\d{4} to -?0\.\d{4}\), NDCG ", trained);
        Assert.Contains("recommend for run --lat LAT", trained, StringComparison.Ordinal);
        Assert.Contains("metrics         hit rate 1, ndcg ", _small.Run("info", "run").Well().Output,
            StringComparison.Ordinal);

        string[] lines = _small.Run("recommend", "for", "run", "--lat", "48.85", "--lon", "2.35", "--tags", "jazz;none",
            "--user", "u1", "--count", "2").Well().Lines;
        Assert.Equal("Remark: no place and no visit has the tag 'none': it does not count.", lines[0]);
        Assert.Equal(4, lines.Length);
        Assert.Matches(@"^     place +distance   score  why$", lines[1]);
        Assert.Matches(@"^  1  (Alpha \(a\)|Beta \(b\)|Gamma \(c\)) +\d\.\d\d km  0\.\d{4}  .+$", lines[2]);
    }

    [Fact]
    public void The_files_are_found_from_another_folder_and_a_moved_one_is_asked_for()
    {
        Write(Places, Visits());
        _small.Run("recommend", "fit", "places.csv", "visits.csv", "--steps", "2", "--out", "run").Well();
        _small.Run("recommend", "fit", "--resume", "run").Well();
        File.Move(_small.PathOf("visits.csv"), _small.PathOf("moved.csv"));
        Assert.Contains("say where by --data", _small.Run("recommend", "fit", "--resume", "run").Refused(1),
            StringComparison.Ordinal);
        _small.Run("recommend", "fit", "places.csv", "moved.csv", "--resume", "run").Well();
    }

    [Theory]
    [InlineData("recommend: a latitude of 91 degrees: give a number from -90 to 90", "--lat", "91", "--lon", "2")]
    [InlineData("recommend: latitude 2.35 and longitude 48.85: the nearest place is ", "--lat", "2.35", "--lon",
        "48.85")]
    public void A_query_that_is_none_is_refused(string says, params string[] query)
    {
        Write(Places, Visits());
        _small.Run("recommend", "fit", "places.csv", "visits.csv", "--steps", "2", "--out", "run").Well();
        Assert.StartsWith(says, _small.Run(["recommend", "for", "run", .. query]).Refused(1),
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_missing_is_said()
    {
        Assert.StartsWith("--lat is missing: give --lat DEGREES",
            _small.Run("recommend", "for", "run", "--lon", "2").Refused(2), StringComparison.Ordinal);
        Assert.StartsWith("--lat x: give a number of degrees from -90 to 90",
            _small.Run("recommend", "for", "run", "--lat", "x", "--lon", "2").Refused(2), StringComparison.Ordinal);
        Assert.StartsWith("places: there is no file a.csv: give PLACES.csv and VISITS.csv, or a folder",
            _small.Run("recommend", "fit", "a.csv", "b.csv").Refused(1), StringComparison.Ordinal);
        Write(Places, "user,place,lat,lon,time\nu,z,1,2,3\n");
        Assert.Contains("visits.csv': line 2, column 'place': no place of places.csv has the id 'z'",
            _small.Run("recommend", "fit", "places.csv", "visits.csv").Refused(1), StringComparison.Ordinal);
    }

    void Write(string places, string visits)
    {
        File.WriteAllText(_small.PathOf("places.csv"), places);
        File.WriteAllText(_small.PathOf("visits.csv"), visits);
    }

    static string Visits() => "user,place,lat,lon,time,tags\n" + string.Concat(Enumerable.Range(0, 36).Select(i =>
        $"u{i / 6},{"abc"[i % 3]},48.85{i % 5},2.3{i % 6},{i},jazz\n"));
}
