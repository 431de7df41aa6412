using ChainRule.Zoo.Places;

namespace ChainRule.Zoo.Tests.Places;

public sealed class PlaceDifferenceTest
{
    // Place 0 was visited each time; a list holds it at a rank, or not at all.
    static RankedVisits Ranked(string name, int visits, Func<int, int> rank) => RankedVisits.Of(name,
        [.. Enumerable.Range(0, visits).Select(i => Enumerable.Range(0, 12).Select(place =>
            place == rank(i) ? 0 : 100 + place).ToArray())], [.. Enumerable.Repeat(0, visits)]);

    [Fact]
    public void Hits_and_gains_are_those_of_the_metrics()
    {
        var ranked = Ranked("", 4, i => new[] { 0, 2, 9, 10 }[i]);
        Assert.Equal([1, 1, 1, 0], ranked.Hits);
        Assert.Equal(0.75, ranked.Score.HitRate);
        Assert.Equal(ranked.Score.Ndcg, ranked.Gains.Average(), 1e-12);
        Assert.Equal(0.5, ranked.Gains[1], 1e-12);
    }

    [Fact]
    public void A_difference_of_every_user_has_an_interval_above_0_and_chance_has_one_around_it()
    {
        int[] users = [.. Enumerable.Range(0, 300).Select(i => i / 3)];
        var model = Ranked("model", 300, i => i % 3 == 0 ? 11 : 0);
        var worse = PlaceDifference.Of(model, Ranked("worse", 300, _ => 11), users, 7);
        Assert.Equal(("worse", 2 / 3.0), (worse.Name, worse.HitRate));
        // Each user has two hits of three.
        Assert.Equal((2 / 3.0, 2 / 3.0), (worse.HitRateLow, worse.HitRateHigh));
        var chance = PlaceDifference.Of(model, Ranked("chance", 300, i => i % 3 == 1 ? 11 : 0), users, 7);
        Assert.Equal(0, chance.HitRate, 1e-12);
        Assert.InRange(0, chance.NdcgLow, chance.NdcgHigh);
        Assert.Equal(chance, PlaceDifference.Of(model, Ranked("chance", 300, i => i % 3 == 1 ? 11 : 0), users, 7));
    }

    /// <summary>The mean of n independent users has the standard error s / √n: 1.96 of them lie to each side.</summary>
    [Fact]
    public void An_interval_is_as_wide_as_the_number_of_users_and_not_of_visits_says()
    {
        const int Users = 400;
        // Half of the users are always served, and half never; each visits ten times.
        var model = Ranked("model", 10 * Users, i => i / 10 % 2 == 0 ? 0 : 11);
        var found = PlaceDifference.Of(model, Ranked("none", 10 * Users, _ => 11),
            [.. Enumerable.Range(0, 10 * Users).Select(i => i / 10)], 3);
        double half = 1.96 * 0.5 / Math.Sqrt(Users);
        Assert.Equal(0.5, found.HitRate);
        Assert.InRange(found.HitRateHigh - 0.5, 0.85 * half, 1.15 * half);
        Assert.InRange(0.5 - found.HitRateLow, 0.85 * half, 1.15 * half);
    }
}
