using System.Text.Json.Nodes;

namespace ChainRule.Pictures.Tests;

public sealed class ChartSeriesTest
{
    static readonly Series s_train = new("train", [3.3, 2.5, 2.1]),
        s_dev = new("dev", [3.4, 2.7, 2.2]) { X = [0, 10, 20] };

    [Fact]
    public void A_line_chart_names_its_axes_and_holds_every_point()
    {
        var json = Json.Of(Chart.Line("Loss", "step", "loss", [s_train, s_dev]));
        Assert.Equal("https://vega.github.io/schema/vega-lite/v6.json", json.Word("$schema"));
        Assert.Equal("Loss", json.Word("title"));
        Assert.Equal("line", json.Word("layer.0.mark.type"));
        Assert.Equal("step", json.Word("layer.0.encoding.x.title"));
        Assert.Equal("loss", json.Word("layer.0.encoding.y.title"));
        Assert.Equal(["train 0 3.3", "train 1 2.5", "train 2 2.1", "dev 0 3.4", "dev 10 2.7", "dev 20 2.2"],
            json.Rows().Select(row => $"{row["series"]} {row["x"]} {row["y"]}"));
    }

    [Fact]
    public void A_click_on_the_legend_picks_a_series()
    {
        var json = Json.Of(Chart.Line("Loss", "step", "loss", [s_train, s_dev]));
        Assert.Equal("legend", json.Word("layer.0.params.0.bind"));
        Assert.Equal("series", json.Word("layer.0.params.0.select.fields.0"));
        Assert.Equal(json.Word("layer.0.params.0.name"), json.Word("layer.0.encoding.opacity.condition.param"));
    }

    [Fact]
    public void A_single_series_needs_no_legend()
    {
        var color = Json.Of(Chart.Line("Loss", "step", "loss", [s_train])).At("layer.0.encoding.color")!.AsObject();
        Assert.True(color.ContainsKey("legend"));
        Assert.Null(color["legend"]);
    }

    [Fact]
    public void Logarithmic_axes_ranges_and_rules_are_said()
    {
        var json = Json.Of(Chart.Line("Loss", "step", "loss", [s_train],
            new() { LogY = true, XRange = (0, 2), RuleY = 2.5, RuleX = 1 }));
        Assert.Equal("log", json.Word("layer.0.encoding.y.scale.type"));
        Assert.Equal("[0,2]", json.At("layer.0.encoding.x.scale.domain")!.ToJsonString());
        Assert.Equal(["rule", "rule"],
            json["layer"]!.AsArray().Select(layer => layer!.Word("mark.type")).Where(type => type == "rule"));
    }

    [Fact]
    public void Ends_have_a_dot_and_a_value()
    {
        var layers =
            Json.Of(Chart.Line("Loss", "step", "loss", [s_train, s_dev],
                new() { EndValues = true }))["layer"]!.AsArray();
        Assert.Equal(["2.1", "2.2"], layers[^1]!.Rows().Select(row => (string?)row["label"]));
        Assert.Equal("point", layers[^2]!.Word("mark.type"));
    }

    [Fact]
    public void A_single_series_has_a_legend_where_it_carries_a_setting()
    {
        var color =
            Json.Of(Chart.Line("Loss", "step", "loss", [s_train with { Hue = Hue.Red }],
                new() { Legend = "learning rate" })).At("layer.0.encoding.color")!.AsObject();
        Assert.False(color.ContainsKey("legend"));
        Assert.Equal(("learning rate", Theme.Series[(int)Hue.Red]),
            ((string?)color["title"], (string?)color["scale"]!["range"]![0]));
    }

    [Fact]
    public void Names_at_the_ends_stand_in_the_place_of_a_legend()
    {
        var json = Json.Of(Chart.Line("Loss", "step", "loss", [s_train, s_dev],
            new() { EndNames = true, EndValues = true }));
        Assert.Null(json.At("layer.0.encoding.color")!.AsObject()["legend"]);
        Assert.Equal(["train 2.1", "dev 2.2"],
            json["layer"]!.AsArray()[^1]!.Rows().Select(row => (string?)row["label"]));
    }

    [Fact]
    public void Series_of_a_group_share_a_colour_and_stay_lines_of_their_own()
    {
        var json = Json.Of(Chart.Line("W", "step", "weight",
            [.. Enumerable.Range(0, 30).Select(k => new Series($"{k}", [k, k + 1]) { Group = $"row {k / 10}" })]));
        Assert.Equal(("group", "series"),
            (json.Word("layer.0.encoding.color.field"), json.Word("layer.0.encoding.detail.field")));
        Assert.Equal("""["row 0","row 1","row 2"]""", json.At("layer.0.encoding.color.scale.domain")!.ToJsonString());
        Assert.Equal("group", json.Word("layer.0.params.0.select.fields.0"));
        Assert.False(json.At("layer.0.encoding.color")!.AsObject().ContainsKey("legend"));
    }

    [Fact]
    public void What_is_bold_is_drawn_wide_over_the_others_and_marks_stand_at_every_point()
    {
        var layers =
            Json.Of(Chart.Line("Loss", "step", "loss", [s_train, s_dev with { Bold = true }],
                new() { Marks = true }))["layer"]!.AsArray();
        Assert.Equal(("4", "dev"),
            (layers[1]!.At("mark.strokeWidth")!.ToJsonString(), layers[1]!.Word("transform.0.filter.oneOf.0")));
        Assert.Equal("point", layers[2]!.Word("mark.type"));
    }

    [Fact]
    public void Beyond_ten_series_dashes_or_shapes_part_the_second_ten()
    {
        Series[] twelve = [.. Enumerable.Range(0, 12).Select(k => new Series($"{k}", [k, k + 1]))];
        Assert.Equal("[6,3]",
            Json.Of(Chart.Line("L", "x", "y", twelve))
                .At("layer.0.encoding.strokeDash.scale.range.10")!.ToJsonString());
        Assert.Equal("diamond",
            Json.Of(Chart.Scatter("S", "x", "y", twelve)).Word("layer.0.encoding.shape.scale.range.10"));
        Assert.Null(Json.Of(Chart.Line("L", "x", "y", twelve[..10])).At("layer.0.encoding.strokeDash"));
    }

    [Fact]
    public void A_value_that_is_not_finite_is_a_gap_and_the_alternative_text_says_so()
    {
        var chart = Chart.Line("Loss", "step", "loss", [new("train", [1, double.NaN, 3])]);
        Assert.Null(Json.Of(chart).Rows()[1]["y"]);
        Assert.Equal("Line chart of loss by step. train: 2 points, from 1 to 3, lowest 1, highest 3, over step from 0 "
            + "to 2. Left out: 1 value that is not finite.", chart.Alt);
    }

    [Fact]
    public void A_scatter_chart_has_words_beside_its_points()
    {
        var json = Json.Of(Chart.Scatter("Embedding", "x", "y",
            [new("letters", [1, 2]) { X = [0, 1], Labels = ["a", "\"</script>"] }]));
        Assert.Equal("point", json.Word("layer.0.mark.type"));
        Assert.Equal("text", json.Word("layer.1.mark.type"));
        Assert.Equal(["a", "\"</script>"], json.Rows().Select(row => (string?)row["label"]));
    }

    [Fact]
    public void A_facet_is_a_small_chart_for_each_series()
    {
        var json = Json.Of(Chart.Facet("Layers", 2, "step", "loss", [s_train, s_dev]));
        Assert.Equal("series", json.Word("facet.field"));
        Assert.Equal(2, (int)json["columns"]!);
        Assert.Equal("line", json.Word("spec.layer.0.mark.type"));
        Assert.Equal("facet 'Layers': 0 columns hold nothing: give at least one",
            Assert.ThrowsAny<ArgumentException>(() => Chart.Facet("Layers", 0, "x", "y", [s_train])).Message);
    }

    [Fact]
    public void The_table_stands_side_by_side_where_places_are_shared()
    {
        var table = Assert.Single(Chart.Line("Loss", "step", "loss", [s_train, new("dev", [9, 8, 7])]).Tables);
        Assert.Equal(["step", "train", "dev"], table.Columns);
        Assert.Equal(["2", "2.1", "7"], table.Row(2));
        table = Assert.Single(Chart.Line("Loss", "step", "loss", [s_train, s_dev]).Tables);
        Assert.Equal(["series", "step", "value"], table.Columns);
        Assert.Equal(["dev", "20", "2.2"], table.Row(5));
    }
}
