using System.Text.Json.Nodes;

namespace ChainRule.Pictures;

public sealed partial class Chart
{
    // A regular hexagon on a corner, whose corners lie at a distance of 1 from its middle.
    const string Hexagon = "M0,-1L0.866,-0.5L0.866,0.5L0,1L-0.866,0.5L-0.866,-0.5Z";

    /// <summary>A coloured tile at each place, such as the units of a self-organising map: neighbours in a row are 1
    /// apart, and y grows downwards.</summary>
    /// <param name="places">The middle of each tile.</param>
    /// <param name="values">A number for each tile; one that is not finite is left blank.</param>
    /// <param name="hexagonal">Whether the tiles are hexagons; else they are squares.</param>
    /// <exception cref="ArgumentException">There is no tile, no finite number, or not a number for each
    /// tile.</exception>
    public static Chart Tiles(string title, IReadOnlyList<(double X, double Y)> places, IReadOnlyList<double> values,
        bool hexagonal = false, ChartOptions? options = null)
    {
        options ??= new();
        string asked = $"tiles '{title}'";
        CheckTiles(asked, places.Count, values.Count, "number");
        int[] drawn = [.. Enumerable.Range(0, values.Count).Where(k => double.IsFinite(values[k]))];
        if (drawn.Length == 0) Throw.Argument($"{asked}: no number is finite: there is nothing to colour");
        var colour = new JsonObject
        {
            ["field"] = "value", ["type"] = "quantitative", ["title"] = null,
            ["scale"] = new JsonObject { ["scheme"] = options.Scheme ?? "blues", ["zero"] = false, ["nice"] = false },
            ["legend"] = new JsonObject { ["orient"] = "right", ["format"] = ".3~g" },
        };
        var rows = drawn.Select(k => Tile(places[k], Vega.Number(values[k])));
        int low = drawn.MinBy(k => values[k]), high = drawn.MaxBy(k => values[k]);
        string blank = drawn.Length == values.Count ? ""
            : $" {Words.Count(values.Count - drawn.Length, "tile is", "tiles are")} left blank.";
        string alt = $"Map of {Words.Count(places.Count, "tile")}: the lowest is {Words.Number(values[low])} at "
            + $"{Where(places[low])}, the highest {Words.Number(values[high])} at {Where(places[high])}.{blank}";
        var table = new DataTable(title, ["x", "y", "value"], values.Count, k =>
            [Words.Number(places[k].X), Words.Number(places[k].Y), Words.Number(values[k])]);
        return new(title, options.Alt ?? alt, TileView(places, hexagonal, options, colour, "quantitative", rows),
            [table], [], ownSize: true);
    }

    /// <summary>A tile at each place in the colour of its name, such as the class of a unit.</summary>
    /// <param name="places">The middle of each tile: neighbours in a row are 1 apart, and y grows downwards.</param>
    /// <param name="names">A name for each tile; a null is left blank.</param>
    /// <param name="hexagonal">Whether the tiles are hexagons; else they are squares.</param>
    /// <exception cref="ArgumentException">There is no tile, no name, or not a name or null for each tile.</exception>
    public static Chart Tiles(string title, IReadOnlyList<(double X, double Y)> places, IReadOnlyList<string?> names,
        bool hexagonal = false, ChartOptions? options = null)
    {
        options ??= new();
        string asked = $"tiles '{title}'";
        CheckTiles(asked, places.Count, names.Count, "name");
        int[] drawn = [.. Enumerable.Range(0, names.Count).Where(k => names[k] is not null)];
        if (drawn.Length == 0) Throw.Argument($"{asked}: every name is null: there is nothing to colour");
        (string Name, int Count)[] counts = [.. drawn.CountBy(k => names[k]!).Select(one => (one.Key, one.Value))
            .OrderBy(one => one.Key, StringComparer.Ordinal)];
        (string, Hue?)[] series = [.. counts.Select(one => (one.Name, (Hue?)null))];
        var colour = Vega.ByName("value", options.Legend, Palette.Assign(asked, series), one => one.Colour,
            legend: counts.Length <= MostInLegend);
        var rows = drawn.Select(k => Tile(places[k], names[k]));
        string alt = $"Map of {Words.Count(places.Count, "tile")}: "
            + string.Join(", ", counts.Select(one => $"{one.Count} of {one.Name}"))
            + (drawn.Length == names.Count ? "." : $", {names.Count - drawn.Length} left blank.");
        var table = new DataTable(title, ["x", "y", "name"], names.Count, k =>
            [Words.Number(places[k].X), Words.Number(places[k].Y), names[k] ?? ""]);
        return new(title, options.Alt ?? alt, TileView(places, hexagonal, options, colour, "nominal", rows),
            [table], [], ownSize: true);
    }

    static JsonObject TileView(IReadOnlyList<(double X, double Y)> places, bool hexagonal, ChartOptions options,
        JsonObject colour, string type, IEnumerable<JsonObject> rows)
    {
        double half = hexagonal ? 1 / Math.Sqrt(3) : 0.5;
        (double From, double To) xs = (places.Min(at => at.X) - 0.5, places.Max(at => at.X) + 0.5),
            ys = (places.Min(at => at.Y) - half, places.Max(at => at.Y) + half);
        double side = Math.Clamp(400 / Math.Max(xs.To - xs.From, ys.To - ys.From), 4, 40);
        if (options.Width is { } width) side = width / (xs.To - xs.From);
        // Tiles are a hair larger than their room: or else the screen shows seams where they meet.
        double reach = 2 * half * side + 0.6;
        var unit = new JsonObject
        {
            ["mark"] = new JsonObject { ["type"] = "point", ["filled"] = true, ["opacity"] = 1, ["strokeWidth"] = 0,
                ["shape"] = hexagonal ? Hexagon : "square", ["size"] = Vega.Number(reach * reach) },
            ["encoding"] = new JsonObject
            {
                ["x"] = Middle("x", xs, false), ["y"] = Middle("y", ys, true), ["color"] = colour,
                ["tooltip"] = new JsonArray(Vega.Told("x", "x"), Vega.Told("y", "y"),
                    Vega.Told("value", "value", type)),
            },
        };
        return new()
        {
            ["width"] = Vega.Number(Math.Round(side * (xs.To - xs.From))),
            ["height"] = Vega.Number(Math.Round(side * (ys.To - ys.From))),
            ["layer"] = new JsonArray((JsonNode)unit), ["data"] = Vega.Values(rows),
        };
    }

    static JsonObject Tile((double X, double Y) at, JsonNode? value) =>
        new() { ["x"] = Vega.Number(at.X), ["y"] = Vega.Number(at.Y), ["value"] = value };

    static JsonObject Middle(string field, (double From, double To) range, bool down) => new()
    {
        ["field"] = field, ["type"] = "quantitative", ["axis"] = null,
        ["scale"] = new JsonObject { ["domain"] = new JsonArray(Vega.Number(range.From), Vega.Number(range.To)),
            ["nice"] = false, ["zero"] = false, ["reverse"] = down },
    };

    static string Where((double X, double Y) at) => $"({Words.Number(at.X)}, {Words.Number(at.Y)})";

    static void CheckTiles(string asked, int places, int values, string what)
    {
        if (places == 0) Throw.Argument($"{asked}: there is no tile: give at least one");
        if (places != values)
            Throw.Argument($"{asked}: {Words.Count(values, what)} for {Words.Count(places, "tile")}: give one for "
                + "each");
    }
}
