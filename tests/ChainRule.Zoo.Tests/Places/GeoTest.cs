using ChainRule.Zoo.Places;

namespace ChainRule.Zoo.Tests.Places;

public sealed class GeoTest
{
    // Printed by tests/Golden/record_geo.py, by another formula.
    [Theory]
    [InlineData("Paris to London", 48.8566, 2.3522, 51.5074, -0.1278, 343556.535)]
    [InlineData("New York to Tokyo", 40.7128, -74.006, 35.6762, 139.6503, 10851747.838)]
    [InlineData("across the date line, Fiji to Samoa", -17.7134, 178.065, -13.759, -172.1046, 1139984.292)]
    [InlineData("on either side of the date line", 0.0, 179.9999, 0.0, -179.9999, 22.239)]
    [InlineData("pole to pole", 90.0, 0.0, -90.0, 0.0, 20015114.442)]
    [InlineData("the north pole has any longitude", 90.0, 135.0, 90.0, -20.0, 0.000)]
    [InlineData("the pole to the equator", 90.0, 10.0, 0.0, -77.0, 10007557.221)]
    [InlineData("antipodes on the equator", 0.0, 0.0, 0.0, 180.0, 20015114.442)]
    [InlineData("antipodes of Madrid, nearly", 40.4168, -3.7038, -40.4168, 176.2961, 20015105.976)]
    [InlineData("antipodes, by a hair", 12.5, 33.25, -12.5, -146.7500001, 20015114.431)]
    [InlineData("a step of eleven metres", 52.52, 13.405, 52.5201, 13.405, 11.120)]
    [InlineData("a centimetre", -33.8688, 151.2093, -33.86880009, 151.2093, 0.010)]
    [InlineData("the same point", 37.0, -122.0, 37.0, -122.0, 0.000)]
    [InlineData("a quarter of the equator", 0.0, -45.0, 0.0, 45.0, 10007557.221)]
    public void A_distance_is_right_to_a_metre(string pair, double latitude1, double longitude1, double latitude2,
        double longitude2, double metres)
    {
        double there = Geo.Distance(latitude1, longitude1, latitude2, longitude2);
        Assert.True(Math.Abs(there - metres) < 1, $"{pair}: {there}");
        Assert.Equal(there, Geo.Distance(latitude2, longitude2, latitude1, longitude1), 1e-6);
        Assert.Equal(metres, Geo.Towards(latitude1, longitude1).DistanceTo(Geo.Towards(latitude2, longitude2)), 1.0);
    }

    [Fact]
    public void Where_places_are_near_it_is_right_to_a_millimetre()
    {
        Assert.Equal(11.120, Geo.Distance(52.52, 13.405, 52.5201, 13.405), 0.001);
        Assert.Equal(11.120, Geo.Towards(52.52, 13.405).DistanceTo(Geo.Towards(52.5201, 13.405)), 0.001);
    }

    [Theory]
    [InlineData(90.01, 0, 0, 0, "distance: a latitude of 90.01 degrees: give a number from -90 to 90", "latitude1")]
    [InlineData(0, 0, 0, -181, "distance: a longitude of -181 degrees: give a number from -180 to 180", "longitude2")]
    [InlineData(0, double.NaN, 0, 0, "distance: a longitude of NaN degrees: give a number from -180 to 180",
        "longitude1")]
    public void What_is_no_place_on_earth_is_refused(double latitude1, double longitude1, double latitude2,
        double longitude2, string message, string parameter)
    {
        var e = Assert.ThrowsAny<ArgumentOutOfRangeException>(() =>
            Geo.Distance(latitude1, longitude1, latitude2, longitude2));
        Assert.Equal((message, parameter), (e.Message, e.ParamName));
    }
}
