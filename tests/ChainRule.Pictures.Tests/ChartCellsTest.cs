namespace ChainRule.Pictures.Tests;

public sealed class ChartCellsTest
{
    [Fact]
    public void A_heat_map_names_every_cell_and_labels_it_legibly()
    {
        var chart = Chart.HeatMap("Pairs", "second", "first", new double[,] { { 0, 10 }, { 5, double.NaN } },
            ["a", "b"], ["x", "y"], (r, c) => $"{r}{c}\n{r + c}");
        var json = Json.Of(chart);
        Assert.Equal(["a x 0 black", "a y 10 white", "b x 5 black", "b y  black"],
            json.Rows().Select(row => $"{row["row"]} {row["column"]} {row["value"]} {row["ink"]}"));
        Assert.Equal("00\n0", (string?)json.Rows()[0]["label"]);
        Assert.Equal("blues", json.Word("layer.0.encoding.color.scale.scheme"));
        Assert.Equal("text", json.Word("layer.1.mark.type"));
        Assert.Equal("Heat map of 2 rows (first) and 2 columns (second): the lowest cell 0 at row a, column x, the "
            + "highest 10 at row a, column y. Left out: 1 cell that is not finite.", chart.Alt);
    }

    [Fact]
    public void Labelled_cells_of_27_letters_are_large_enough_to_read()
    {
        var json = Json.Of(Chart.HeatMap("Pairs", "second", "first", new double[27, 27].Filled(),
            label: (_, _) => "ab\n1234"));
        Assert.Equal(27 * 34, (int)json["width"]!);
    }

    [Fact]
    public void Names_are_as_many_as_rows_and_differ()
    {
        static string Refused(params string[] rows) =>
            Assert.ThrowsAny<ArgumentException>(() => Chart.HeatMap("t", "x", "y", new double[2, 1], rows)).Message;
        Assert.Equal("heat map 't': 1 name for 2 rows: give one for each", Refused("a"));
        Assert.Equal("heat map 't': two rows have one name, 'a': tell them apart", Refused("a", "a"));
        Assert.Equal("heat map 't': it has 0 rows and 2 columns: give at least one of each",
            Assert.ThrowsAny<ArgumentException>(() => Chart.HeatMap("t", "x", "y", new double[0, 2])).Message);
    }

    [Fact]
    public void A_contour_is_bands_between_levels()
    {
        var json = Json.Of(Chart.Contour("Plane", "a", "b", (x, _) => x, (-1, 1), (0, 1), steps: 4,
            new() { Levels = [0] }));
        Assert.Equal("threshold", json.Word("layer.0.encoding.color.scale.type"));
        Assert.Equal("[0]", json.At("layer.0.encoding.color.scale.domain")!.ToJsonString());
        var rows = json.Rows();
        Assert.Equal(400, rows.Count);
        Assert.Equal(["-1 0.008", "0 1.008"], rows.Take(2).Select(row => $"{row["x"]} {row["x2"]}"));
        Assert.True((double)rows[0]["value"]! < 0 && (double)rows[1]["value"]! >= 0);
    }
}

static class Grids
{
    public static double[,] Filled(this double[,] cells)
    {
        for (int r = 0; r < cells.GetLength(0); r++)
        {
            for (int c = 0; c < cells.GetLength(1); c++) cells[r, c] = r * c;
        }
        return cells;
    }
}
