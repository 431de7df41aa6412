namespace ChainRule.Pictures.Tests;

public sealed class ChartTest
{
    static readonly Chart s_cloud = Chart.Scatter("Points", "x1", "x2", [new("a", [1, 2]), new("b", [3, 4])]);
    static readonly Chart s_field = Chart.Contour("Field", "u", "v", (x, y) => x + y, (0, 1), (0, 1), steps: 4);
    static readonly Chart s_line = Chart.Line("Fit", "p", "q", [new("fit", [1, 2])]);

    [Fact]
    public void Layers_share_the_first_charts_axes()
    {
        var json = Json.Of(Chart.Layer("Both", s_field, s_cloud));
        Assert.Equal(["u", "u"],
            new[] { "layer.0.layer.0.encoding.x.title", "layer.1.layer.0.encoding.x.title" }.Select(json.Word));
        Assert.Equal("independent", json.Word("resolve.scale.color"));
        Assert.Equal("Field: " + s_field.Alt + " Points: " + s_cloud.Alt, (string?)json["description"]);
    }

    [Fact]
    public void Layers_of_series_share_their_colours_and_one_selection()
    {
        var json = Json.Of(Chart.Layer("Both", s_cloud, s_line));
        Assert.Null(json.At("resolve"));
        Assert.Equal("""["a","b","fit"]""", json.At("layer.1.layer.0.encoding.color.scale.domain")!.ToJsonString());
        Assert.NotNull(json.At("layer.0.layer.0.params"));
        Assert.Null(json.At("layer.1.layer.0.params"));
    }

    [Fact]
    public void A_grid_gives_each_chart_its_title_and_its_own_selection()
    {
        var json = Json.Of(Chart.Grid("Two", 2, s_cloud, s_line));
        Assert.Equal("Points", json.Word("concat.0.title"));
        Assert.Equal(["picked0", "picked1"],
            new[] { "concat.0.layer.0.params.0.name", "concat.1.layer.0.params.0.name" }.Select(json.Word));
        Assert.Equal("picked1", json.Word("concat.1.layer.0.encoding.opacity.condition.param"));
    }

    [Fact]
    public void A_grid_in_a_grid_and_a_grid_in_a_layer_are_refused()
    {
        var grid = Chart.Grid("Two", 2, s_cloud, s_line);
        Assert.Equal("grid 'Outer': 'Two' is a grid itself: give its charts to this one",
            Assert.ThrowsAny<ArgumentException>(() => Chart.Grid("Outer", 1, grid)).Message);
        Assert.Equal("layer 'Outer': 'Two' is made of several charts: only single ones lie over one another",
            Assert.ThrowsAny<ArgumentException>(() => Chart.Layer("Outer", grid)).Message);
        Assert.Equal("layer 'Outer': there is no chart: give at least one",
            Assert.ThrowsAny<ArgumentException>(() => Chart.Layer("Outer")).Message);
    }

    [Fact]
    public void What_was_composed_stays_as_it_was()
    {
        string before = s_line.Text;
        _ = Chart.Grid("Two", 1, s_line, Chart.Layer("Both", s_cloud, s_line));
        Assert.Equal(before, s_line.Text);
    }
}
