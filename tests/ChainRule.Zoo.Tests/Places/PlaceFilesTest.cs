using ChainRule.Tests;
using ChainRule.Zoo.Places;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tests.Places;

public sealed class PlaceFilesTest
{
    const string Places =
        "id,name,lat,lon,tags\na,Alpha,48.85,2.35,jazz; Pub\nb,,48.86,2.36,\nc,Gamma,48.87,2.34,jazz|jazz\n";

    const string Visits = "user,place,lat,lon,time\nu,a,48.85,2.34,1\nu,b,48.85,2.34,2\nu,c,48.85,2.34,3\n";

    [Fact]
    public void Places_and_visits_are_read_whatever_the_order_of_columns()
    {
        using var folder = new TemporaryFolder();
        string source = Write(folder, "tags;lon;lat;id;more\njazz|Pub;2,35;48,85;7;x\n;2,36;48,86;8;y\n",
            "when,time,place,user,lon,lat,tags\n-,2024-03-02T10:00,8,u,2.3,48.8,\n"
            + "-,2024-03-01,7,u,2.3,48.8,\"Jazz, pub\"\n");
        var read = PlaceFiles.Read(source);
        Assert.Equal([("7", "7", 48.85, 2.35, "jazz pub"), ("8", "8", 48.86, 2.36, "")], read.Places.Select(place =>
            (place.Id, place.Name, place.Latitude, place.Longitude, string.Join(' ', place.Tags))));
        Assert.Equal([1, 0], read.Visits.Select(visit => visit.Place));
        Assert.Equal(1 + 10 / 24.0, read.Visits[0].Time - read.Visits[1].Time, 1e-6);
        Assert.Equal(["jazz", "pub"], read.Visits[1].Tags);
    }

    [Fact]
    public void A_folder_that_holds_both_is_read_as_the_two_are()
    {
        using var folder = new TemporaryFolder();
        string source = Write(folder, Places, Visits);
        string together = Path.GetDirectoryName(source.Split(Path.PathSeparator)[0])!;
        Assert.Equal(PlaceFiles.Read(source).Sha256, PlaceFiles.Read(together).Sha256);
    }

    [Theory]
    [InlineData("id,name,latitude,lon,tags\na,A,1,2,x\n", Visits,
        "line 1 names no column 'lat': if 'latitude' is meant, rename it; the columns are id, lat, lon, tags, and name "
        + "if known")]
    [InlineData("id,lat,lng,tags\na,1,2,x\n", Visits, "line 1 names no column 'lon': if 'lng' is meant, rename it; ")]
    [InlineData(Places, "user,venue,lat,lon,time\nu,a,1,2,3\n",
        "line 1 names no column 'place': the columns are user, place, lat, lon, time, and tags if known")]
    [InlineData("id,lat,lon,tags\na,91,2,x\nb,1,2,\n", Visits,
        "line 2, column 'lat': 91 degrees lie outside of -90 to 90: lat and lon may have changed places: correct "
        + "the row")]
    [InlineData("id,lat,lon,tags\na,1,2,x\nb,1,-181,\n", Visits,
        "line 3, column 'lon': -181 degrees lie outside of -180 to 180: correct the row")]
    [InlineData("id,lat,lon,tags\na,1,2,x\nb,,2,\n", Visits, "line 3, column 'lat' is missing: complete it")]
    [InlineData("id,lat,lon,tags\na,1,2,x\nb,north,2,\n", Visits, "line 3, column 'lat': 'north' is no number")]
    [InlineData("id,lat,lon,tags\na,1,2,x\na,1,2,\n", Visits,
        "line 3, column 'id': 'a' stands there before: give each place an id of its own")]
    [InlineData("id,lat,lon,tags\na,1,2,x\n", Visits, "line 2, column 'id': this is the only place: give two or more")]
    [InlineData(Places, "user,place,lat,lon,time\n", "the file holds a header and no rows: add rows")]
    [InlineData(Places, "", "the file is empty")]
    [InlineData(Places, "user,place,lat,lon,time\nu,a,1,2,3\nu,z9,1,2,4\n",
        "line 3, column 'place': no place of places.csv has the id 'z9': add the place, or leave the visit out")]
    [InlineData(Places, "user,place,lat,lon,time\nu,a,48,2,yesterday\n",
        "line 2, column 'time': 'yesterday' is no time: give a number, or a date such as 2024-03-31")]
    [InlineData(Places, "user,place,lat,lon,time\n,a,48,2,1\n", "line 2, column 'user' is missing: say who")]
    [InlineData(Places, "user,place,lat,lon,time\nu,a,2.34,48.85,1\nu,b,2.34,48.85,2\n",
        " km or more from their places, and 2 km if lat and lon change places: swap the two columns in one of the "
        + "files")]
    [InlineData(Places, "user,place,lat,lon,time\nu,a,48,2,1\nv,b,48,2,1\n",
        "no user has three visits, so that none can be held out to validate and to test with")]
    public void What_cannot_be_used_is_refused_by_a_sentence(string places, string visits, string says)
    {
        using var folder = new TemporaryFolder();
        var e = Assert.Throws<InvalidDataException>(() =>
            TrainingTask.Of(TaskKind.Places).Open(Write(folder, places, visits)));
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("stream", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void One_file_and_no_folder_are_refused()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("places.csv", Places);
        string one = Assert.Throws<ArgumentException>(() => PlaceFiles.Read(file)).Message;
        Assert.Equal($"places: {file} is one file, and two are needed: give PLACES.csv and VISITS.csv, or a folder "
            + "that holds places.csv and visits.csv", one);
        Assert.StartsWith("places: there is no file ", Assert.Throws<FileNotFoundException>(() =>
            PlaceFiles.Read($"{file}{Path.PathSeparator}gone.csv")).Message, StringComparison.Ordinal);
    }

    static string Write(TemporaryFolder folder, string places, string visits) =>
        folder.Write("places.csv", places) + Path.PathSeparator + folder.Write("visits.csv", visits);
}
