using System.Text.Json.Nodes;

namespace ChainRule.Pictures;

public sealed partial class Chart
{
    const int RowHeight = 26;

    /// <summary>A row for each name, in the order given: a dot at a value, and a line over the interval that it lies
    /// in, such as that of its uncertainty.</summary>
    /// <exception cref="ArgumentException">There is nothing to draw, a name stands there twice, a number is not finite,
    /// or a value lies outside its interval.</exception>
    public static Chart Intervals(string title, string x, string y,
        IReadOnlyList<(string Name, double Low, double Value, double High)> rows, ChartOptions? options = null)
    {
        options ??= new();
        string asked = $"intervals '{title}'";
        if (rows.Count == 0) Throw.Argument($"{asked}: there is no row: give at least one");
        var names = new HashSet<string>();
        foreach (var (name, low, value, high) in rows)
        {
            if (!names.Add(name)) Throw.Argument($"{asked}: two rows are called '{name}': give each a name of its own");
            CheckInterval(asked, $"row '{name}'", low, value, high);
        }
        JsonObject Unit(string type, JsonObject mark)
        {
            mark["type"] = type;
            return new()
            {
                ["mark"] = mark,
                ["encoding"] = new JsonObject
                {
                    ["y"] = new JsonObject { ["field"] = "name", ["type"] = "nominal", ["title"] = y,
                        ["sort"] = null },
                    ["x"] = Vega.Axis(type == "rule" ? "low" : "value", x, options.LogX, options.XRange),
                    ["tooltip"] = new JsonArray(Vega.Told("name", y, "nominal"), Vega.Told("value", x),
                        Vega.Told("low", "from"), Vega.Told("high", "to")),
                },
            };
        }
        var line = Unit("rule", new() { ["strokeWidth"] = 3, ["opacity"] = 0.45, ["color"] = Theme.Series[0] });
        line["encoding"]!["x2"] = new JsonObject { ["field"] = "high" };
        var layers = new JsonArray(line, Unit("point", new() { ["filled"] = true, ["size"] = 70, ["opacity"] = 1 }));
        foreach (var rule in Vega.Rules(options)) layers.Add((JsonNode)rule);
        var view = new JsonObject
        {
            ["width"] = options.Width ?? 420, ["height"] = options.Height ?? RowHeight * rows.Count,
            ["layer"] = layers,
            ["data"] = Vega.Values(rows.Select(row => new JsonObject { ["name"] = row.Name,
                ["low"] = Vega.Number(row.Low), ["value"] = Vega.Number(row.Value),
                ["high"] = Vega.Number(row.High) })),
        };
        var (least, most) = (rows.MinBy(row => row.Value), rows.MaxBy(row => row.Value));
        string alt = $"Intervals of {x} by {y}: {Words.Count(rows.Count, "row")}, the lowest {least.Name} with "
            + $"{Words.Number(least.Value)}, the highest {most.Name} with {Words.Number(most.Value)}.";
        var table = new DataTable(title, [y, x, "from", "to"], rows.Count, i => [rows[i].Name,
            Words.Exact(rows[i].Value), Words.Exact(rows[i].Low), Words.Exact(rows[i].High)]);
        return new(title, options.Alt ?? alt, view, [table], [], ownSize: true);
    }

    /// <summary>A line with a band around it, such as a mean and the middle four fifths of what it is of.</summary>
    /// <param name="band">What the band is, for the table: <c>10 % to 90 %</c>.</param>
    /// <exception cref="ArgumentException">There are fewer than two points, x does not rise, a number is not finite, or
    /// a value lies outside its band.</exception>
    public static Chart Band(string title, string x, string y, string band,
        IReadOnlyList<(double X, double Low, double Value, double High)> points, ChartOptions? options = null)
    {
        options ??= new();
        string asked = $"band '{title}'";
        if (points.Count < 2)
            Throw.Argument($"{asked}: of {Words.Count(points.Count, "point")} no line is made: give at least two");
        foreach (var (i, (at, low, value, high)) in points.Index())
        {
            if (!double.IsFinite(at) || i > 0 && !(at > points[i - 1].X))
                Throw.Argument($"{asked}: point {i} stands at {Words.Number(at)}: x must be finite and rise");
            CheckInterval(asked, $"point {i}", low, value, high);
        }
        JsonObject Unit(JsonObject mark, string field) => new()
        {
            ["mark"] = mark,
            ["encoding"] = new JsonObject
            {
                ["x"] = Vega.Axis("x", x, options.LogX, options.XRange),
                ["y"] = Vega.Axis(field, y, options.LogY, options.YRange),
                ["tooltip"] = new JsonArray(Vega.Told("x", x), Vega.Told("value", y), Vega.Told("low", "from"),
                    Vega.Told("high", "to")),
            },
        };
        var area = Unit(new() { ["type"] = "area", ["opacity"] = 0.2, ["clip"] = true,
            ["color"] = Theme.Series[0] }, "low");
        area["encoding"]!["y2"] = new JsonObject { ["field"] = "high" };
        area["encoding"]!.AsObject().Remove("tooltip");
        var layers = new JsonArray(area,
            Unit(new() { ["type"] = "line", ["strokeWidth"] = 2.5, ["clip"] = true }, "value"),
            Unit(new() { ["type"] = "point", ["filled"] = true, ["size"] = 40, ["clip"] = true }, "value"));
        foreach (var rule in Vega.Rules(options)) layers.Add((JsonNode)rule);
        var view = Sized(options, layers);
        view["data"] = Vega.Values(points.Select(point => new JsonObject { ["x"] = Vega.Number(point.X),
            ["low"] = Vega.Number(point.Low), ["value"] = Vega.Number(point.Value),
            ["high"] = Vega.Number(point.High) }));
        string alt = $"Line of {y} by {x} with a band of {band}: {Words.Count(points.Count, "point")}, from "
            + $"{Words.Number(points[0].Value)} at {Words.Number(points[0].X)} to {Words.Number(points[^1].Value)} at "
            + $"{Words.Number(points[^1].X)}, lowest {Words.Number(points.Min(point => point.Value))}, highest "
            + $"{Words.Number(points.Max(point => point.Value))}.";
        var table = new DataTable(title, [x, y, $"{band}: from", "to"], points.Count, i =>
            [Words.Exact(points[i].X), Words.Exact(points[i].Value), Words.Exact(points[i].Low),
                Words.Exact(points[i].High)]);
        return new(title, options.Alt ?? alt, view, [table], [], OwnSize(options));
    }

    static void CheckInterval(string asked, string which, double low, double value, double high)
    {
        if (!double.IsFinite(low) || !double.IsFinite(value) || !double.IsFinite(high))
            Throw.Argument($"{asked}: {which} has {Words.Number(low)}, {Words.Number(value)} and "
                + $"{Words.Number(high)}: give finite numbers");
        if (!(low <= value && value <= high))
            Throw.Argument($"{asked}: {which} has {Words.Number(value)} outside {Words.Number(low)} to "
                + $"{Words.Number(high)}: give the value within its interval");
    }
}
