using ChainRule.Zoo.Places;

namespace ChainRule.Zoo.Tests.Places;

public sealed class SyntheticCityTest
{
    [Fact]
    public void A_seed_gives_one_city_and_another_gives_another()
    {
        var small = new CityOptions(1, Places: 30, Users: 10, VisitsPerUser: 8);
        Assert.Equal(PlaceFiles.Read(new SyntheticCity(small)).Sha256,
            PlaceFiles.Read(new SyntheticCity(small)).Sha256);
        Assert.NotEqual(PlaceFiles.Read(new SyntheticCity(small)).Sha256,
            PlaceFiles.Read(new SyntheticCity(small with { Seed = 2 })).Sha256);
    }

    [Fact]
    public void It_has_the_places_users_and_tags_that_are_documented()
    {
        var city = new SyntheticCity();
        var read = PlaceFiles.Read(city);
        Assert.Equal((400, 8), (read.Places.Count, SyntheticCity.Districts.Count));
        Assert.Equal(500, read.Visits.Select(visit => visit.User).Distinct().Count());
        Assert.InRange(read.Visits.Count, 18_000, 22_000);
        Assert.All(read.Places, place => Assert.InRange(place.Tags.Count, 1, 3));
        Assert.Equal(24, read.Places.SelectMany(place => place.Tags).Distinct().Count());
        Assert.Equal(read.Visits.OrderBy(visit => visit.Time), read.Visits);
        // One user in six declares nothing, and others may by chance: a half of four tags is none once in 16.
        double silent = read.Visits.DistinctBy(visit => visit.User).Count(visit => visit.Tags.Count == 0) / 500.0;
        Assert.InRange(silent, 0.14, 0.30);
        Assert.All(read.Places, place =>
            Assert.InRange(Geo.Distance(45, -30, place.Latitude, place.Longitude), 0, 12_000));
    }

    [Fact]
    public void Near_and_liked_places_are_visited_more_than_by_chance()
    {
        var read = PlaceFiles.Read(new SyntheticCity());
        double near = read.Visits.Average(v => Geo.Distance(v.Latitude, v.Longitude, read.Places[v.Place].Latitude,
            read.Places[v.Place].Longitude));
        double chance = read.Visits.Average(v => read.Places.Where((_, i) => i % 20 == 0).Average(p =>
            Geo.Distance(v.Latitude, v.Longitude, p.Latitude, p.Longitude)));
        Assert.InRange(near / chance, 0.2, 0.8);
        var asking = read.Visits.Where(visit => visit.Tags.Count > 0).ToArray();
        double shared = asking.Count(v => v.Tags.Intersect(read.Places[v.Place].Tags).Any()) / (double)asking.Length;
        double expected = asking.Average(v => read.Places.Count(p => v.Tags.Intersect(p.Tags).Any()) / 400.0);
        Assert.InRange(shared / expected, 1.5, 4);
    }

    [Fact]
    public void A_city_without_users_is_refused() => Assert.StartsWith(
        "city: 5 places, 0 users and 40 visits each: give 2 places, 1 user and 1 visit or more",
        Assert.ThrowsAny<ArgumentException>(() => new SyntheticCity(new(1, 5, 0))).Message, StringComparison.Ordinal);
}
