namespace ChainRule.Pictures.Tests;

public sealed class LabelPlacesTest
{
    [Fact]
    public void Values_far_apart_stay_where_they_are() =>
        Assert.Equal([5.0, 1, 9], LabelPlaces.Of([5, 1, 9], (0, 10), false));

    [Fact]
    public void Words_that_would_overlap_stand_around_the_middle_of_their_values() =>
        Assert.Equal([5.5, 4.5, 5.0],
            LabelPlaces.Of([5.1, 4.9, 5.0], (0, 7), false).Select(place => Math.Round(place, 9)));

    [Fact]
    public void Nothing_overlaps_and_the_order_stays()
    {
        double[] values = [.. Enumerable.Range(0, 12).Select(i => 5 + Math.Sin(i) * 0.4)];
        double[] places = LabelPlaces.Of(values, (0, 10), false);
        int[] order = [.. Enumerable.Range(0, 12).OrderBy(i => values[i])];
        Assert.All(order.Zip(order.Skip(1)),
            pair => Assert.True(places[pair.Second] - places[pair.First] >= 10.0 / 14 - 1e-9));
        Assert.Equal(values.Average(), places.Average(), 9);
    }

    [Fact]
    public void On_a_logarithmic_axis_distances_are_ratios()
    {
        double[] places = LabelPlaces.Of([1, 1], (0.01, 100), true);
        Assert.Equal(Math.Pow(10_000, 1.0 / 14), places[1] / places[0], 9);
    }
}
