namespace ChainRule.Pictures.Tests;

public sealed class ChartTilesTest
{
    static readonly (double X, double Y)[] s_places = [(0, 0), (1, 0), (0.5, 0.866), (1.5, 0.866)];

    [Fact]
    public void Numbers_colour_tiles_at_their_places_and_what_is_not_finite_is_blank()
    {
        var chart = Chart.Tiles("Distances", s_places, [1, 4, double.NaN, 2], hexagonal: true);
        var json = Json.Of(chart);
        Assert.Equal(["0 0 1", "1 0 4", "1.5 0.866 2"],
            json.Rows().Select(row => $"{row["x"]} {row["y"]} {row["value"]}"));
        Assert.StartsWith("M0,-1", json.Word("layer.0.mark.shape"), StringComparison.Ordinal);
        Assert.Equal("true", json.At("layer.0.encoding.y.scale.reverse")!.ToJsonString());
        Assert.Equal("Map of 4 tiles: the lowest is 1 at (0, 0), the highest 4 at (1, 0). 1 tile is left blank.",
            chart.Alt);
    }

    [Fact]
    public void Names_have_colours_and_a_legend()
    {
        var chart = Chart.Tiles("Classes", s_places, ["b", null, "a", "b"]);
        var json = Json.Of(chart);
        Assert.Equal("square", json.Word("layer.0.mark.shape"));
        Assert.Equal("""["a","b"]""", json.At("layer.0.encoding.color.scale.domain")!.ToJsonString());
        Assert.Equal("Map of 4 tiles: 1 of a, 2 of b, 1 left blank.", chart.Alt);
    }

    [Fact]
    public void What_cannot_be_drawn_is_named()
    {
        static string Refused(Action draw) => Assert.ThrowsAny<ArgumentException>(draw).Message;
        Assert.Equal("tiles 't': 1 number for 4 tiles: give one for each",
            Refused(() => Chart.Tiles("t", s_places, [1.0])));
        Assert.Equal("tiles 't': there is no tile: give at least one", Refused(() => Chart.Tiles("t", [], [1.0])));
        Assert.Equal("tiles 't': no number is finite: there is nothing to colour",
            Refused(() => Chart.Tiles("t", [(0, 0)], [double.NaN])));
        Assert.Equal("tiles 't': every name is null: there is nothing to colour",
            Refused(() => Chart.Tiles("t", [(0, 0)], (string?[])[null])));
    }
}
