using System.Text.Json.Nodes;

namespace ChainRule.Pictures;

public sealed partial class Chart
{
    // With more names than these a legend is a wall; marks still tell their names when pointed at.
    const int MostInLegend = 20;

    // Points of lines that can be pointed at; beyond it each would be a pixel wide.
    const int MostToPointAt = 2000;

    /// <summary>
    /// A line for each series, its points joined in the order given; a value that is not finite is a gap.
    /// </summary>
    /// <exception cref="ArgumentException">There is nothing to draw, or lengths disagree.</exception>
    public static Chart Line(string title, string x, string y, IReadOnlyList<Series> series,
        ChartOptions? options = null)
    {
        options ??= new();
        string asked = $"line chart '{title}'";
        var all = Points.Of(asked, series, options);
        var signs = Signs(asked, all);
        var layers = new JsonArray();
        var line = Unit(new JsonObject
            { ["type"] = "line", ["clip"] = true, ["strokeWidth"] = all.Count > MostInLegend ? 1 : 2 }, x, y,
                options, all, signs);
        if (signs.Any(sign => sign.Second)) line["encoding"]!["strokeDash"] = Named("strokeDash", options, all, signs);
        int run = all.Any(one => one.HasLabels) ? 1 : Thin.Run(all);
        Join(line, all);
        line["params"] = Vega.Pick(FieldOf(all), HasLegend(options, signs));
        layers.Add((JsonNode)line);
        if (all.Any(one => one.Bold)) layers.Add((JsonNode)Wide(line, all));
        if (options.Marks) layers.Add((JsonNode)Unit(MarkOf(size: 34), x, y, options, all, signs));
        foreach (var rule in Vega.Rules(options)) layers.Add((JsonNode)rule);
        if (run == 1 && all.Sum(one => one.Drawn.Count) <= MostToPointAt)
        {
            var point = Unit(new JsonObject { ["type"] = "point", ["filled"] = true, ["size"] = 120, ["opacity"] = 0,
                ["clip"] = true }, x, y, options, all, signs);
            point["name"] = Vega.Pointed;
            point["encoding"]!.AsObject().Remove("opacity");
            layers.Add((JsonNode)point);
        }
        foreach (var words in Labels(x, y, options, all, signs)) layers.Add((JsonNode)words);
        if (options.EndValues || options.EndNames)
        {
            foreach (var end in Ends(x, y, options, all, signs)) layers.Add((JsonNode)end);
        }
        var view = Sized(options, layers);
        view["data"] = Vega.Values(Rows(all, run));
        string alt = $"Line chart of {y} by {x}. {Ranges(all, x)}{Thinned(run)}";
        return new(title, options.Alt ?? alt, view, [TableOf(title, x, all)], NamesOf(all), OwnSize(options));
    }

    /// <summary>A cloud of points for each series.</summary>
    /// <exception cref="ArgumentException">There is nothing to draw, or lengths disagree.</exception>
    public static Chart Scatter(string title, string x, string y, IReadOnlyList<Series> series,
        ChartOptions? options = null)
    {
        options ??= new();
        string asked = $"scatter chart '{title}'";
        var all = Points.Of(asked, series, options);
        var signs = Signs(asked, all);
        int count = all.Sum(one => one.Drawn.Count);
        var mark = new JsonObject { ["type"] = "point", ["filled"] = true, ["clip"] = true,
            ["size"] = count > 1000 ? 14 : count > 200 ? 30 : 60 };
        if (count <= 1000)
        {
            // On a contour of its own colour a point would be lost.
            (mark["stroke"], mark["strokeWidth"], mark["strokeOpacity"]) = ("black", 0.7, 0.6);
        }
        var point = Unit(mark, x, y, options, all, signs, count > 1000 ? 0.6 : 0.9);
        if (signs.Any(sign => sign.Second)) point["encoding"]!["shape"] = Named("shape", options, all, signs);
        point["params"] = Vega.Pick(FieldOf(all), HasLegend(options, signs));
        // No point lies on the frame.
        foreach (string axis in (string[])["x", "y"])
        {
            if (point["encoding"]![axis]!["scale"]!["domain"] is null)
                point["encoding"]![axis]!["scale"]!["padding"] = 12;
        }
        var layers = new JsonArray((JsonNode)point);
        foreach (var rule in Vega.Rules(options)) layers.Add((JsonNode)rule);
        foreach (var words in Labels(x, y, options, all, signs)) layers.Add((JsonNode)words);
        var view = Sized(options, layers);
        view["data"] = Vega.Values(Rows(all, run: 1));
        return new(title, options.Alt ?? $"Scatter chart of {y} by {x}. {Ranges(all, x)}", view,
            [TableOf(title, x, all)], NamesOf(all), OwnSize(options));
    }

    /// <summary>A small line chart for each series, a given number in a row, all on the same axes.</summary>
    public static Chart Facet(string title, int columns, string x, string y, IReadOnlyList<Series> series,
        ChartOptions? options = null)
    {
        options ??= new();
        CheckColumns("facet", title, columns);
        var all = Points.Of($"facet '{title}'", series, options);
        var line = Unit(new JsonObject { ["type"] = "line", ["clip"] = true }, x, y, options, all, []);
        foreach (string unused in (string[])["color", "opacity"]) line["encoding"]!.AsObject().Remove(unused);
        int run = Thin.Run(all);
        Join(line, all);
        var layers = new JsonArray((JsonNode)line);
        foreach (var rule in Vega.Rules(options)) layers.Add((JsonNode)rule);
        int width = Math.Max(120, 760 / Math.Min(columns, all.Count) - 40);
        var view = new JsonObject
        {
            ["data"] = Vega.Values(Rows(all, run)), ["columns"] = columns,
            ["facet"] = new JsonObject
            {
                ["field"] = "series", ["type"] = "nominal", ["title"] = null,
                ["sort"] = new JsonArray([.. all.Select(one => (JsonNode)one.Name)]),
            },
            ["spec"] = new JsonObject { ["width"] = options.Width ?? width,
                ["height"] = options.Height ?? width * 3 / 5, ["layer"] = layers },
        };
        return new(title,
            options.Alt ?? $"A small line chart of {y} by {x} for each series. {Ranges(all, x)}{Thinned(run)}", view,
            [TableOf(title, x, all)], [], OwnSize(options));
    }

    static JsonObject Unit(
        JsonObject mark, string x, string y, ChartOptions options, IReadOnlyList<Points> all, IReadOnlyList<Sign> signs,
        double strength = 1)
    {
        var encoding = new JsonObject
        {
            ["x"] = Vega.Axis("x", x, options.LogX, options.XRange),
            ["y"] = Vega.Axis("y", y, options.LogY, options.YRange, options.FromZero),
            ["color"] = Named("color", options, all, signs),
            ["opacity"] = Vega.Strength(strength),
            ["tooltip"] = new JsonArray(Vega.Told("series", "series", "nominal"), Vega.Told("x", x), Vega.Told("y", y)),
        };
        // A colour of several lines: they are still several.
        if (all.Any(one => one.Grouped))
            encoding["detail"] = new JsonObject { ["field"] = "series", ["type"] = "nominal" };
        return new() { ["mark"] = mark, ["encoding"] = encoding };
    }

    static JsonObject Named(string channel, ChartOptions options, IReadOnlyList<Points> all,
        IReadOnlyList<Sign> signs) =>
        Vega.ByName(FieldOf(all), options.Legend, signs, Vega.NameChannels.Single(one => one.Channel == channel).Sign,
            HasLegend(options, signs));

    // The wide ones once more, over the others.
    static JsonObject Wide(JsonObject line, IReadOnlyList<Points> all)
    {
        var wide = (JsonObject)line.DeepClone();
        wide.Remove("params");
        wide["mark"]!["strokeWidth"] = 4;
        string[] names = [.. all.Where(one => one.Bold).Select(one => one.Name)];
        wide["transform"] = new JsonArray(new JsonObject
        {
            ["filter"] = new JsonObject
                { ["field"] = "series", ["oneOf"] = new JsonArray([.. names.Select(name => (JsonNode)name)]) },
        });
        return wide;
    }

    // A rim of paper parts a mark from the lines it lies on.
    static JsonObject MarkOf(int size) => new()
    {
        ["type"] = "point", ["filled"] = true, ["size"] = size, ["opacity"] = 1, ["clip"] = true,
        ["stroke"] = Theme.Paper, ["strokeWidth"] = 1,
    };

    static bool HasLegend(ChartOptions options, IReadOnlyList<Sign> signs) =>
        options.Legend is not null && signs.Count <= MostInLegend
            || !options.EndNames && signs.Count is > 1 and <= MostInLegend;

    static string FieldOf(IReadOnlyList<Points> all) => all.Any(one => one.Grouped) ? "group" : "series";

    static IReadOnlyList<(string Name, Hue? Hue)> NamesOf(IReadOnlyList<Points> all) =>
        [.. all.DistinctBy(one => one.Key).Select(one => (one.Key, one.Hue))];

    static IReadOnlyList<Sign> Signs(string asked, IReadOnlyList<Points> all) => Palette.Assign(asked, NamesOf(all));

    // A line goes from left to right by itself; one that turns back must be told its order.
    static void Join(JsonObject line, IReadOnlyList<Points> all)
    {
        if (!all.All(Rises)) line["encoding"]!["order"] = new JsonObject { ["field"] = "i", ["type"] = "quantitative" };
    }

    static bool Rises(Points one) => one.Drawn.Zip(one.Drawn.Skip(1)).All(pair => pair.First.X < pair.Second.X);

    static IEnumerable<JsonObject> Rows(IReadOnlyList<Points> all, int run)
    {
        bool numbered = !all.All(Rises);
        return
            from one in all
            from point in Thin.Of(one.Drawn, run).Index()
            select Row(one, point.Item, numbered ? point.Index : null);
    }

    static JsonObject Row(Points one, (double X, double Y, string? Label) point, int? i = null)
    {
        var row = new JsonObject { ["series"] = one.Name, ["x"] = Vega.Number(point.X), ["y"] = Vega.Number(point.Y) };
        if (one.Key != one.Name) row["group"] = one.Key;
        if (i is { } number) row["i"] = number;
        if (point.Label is { } label) row["label"] = label;
        return row;
    }

    static string Thinned(int run) =>
        run == 1 ? "" : $" Drawn are the lowest and the highest of every {Words.Count(run, "neighbour")}.";

    static IEnumerable<JsonObject> Labels(string x, string y, ChartOptions options, IReadOnlyList<Points> all,
        IReadOnlyList<Sign> signs)
    {
        if (!all.Any(one => one.HasLabels)) yield break;
        var words = Unit(new JsonObject { ["type"] = "text", ["align"] = "left", ["dx"] = 7, ["dy"] = -6,
            ["fontSize"] = 12 }, x, y, options, all, signs);
        words["encoding"]!["text"] = new JsonObject { ["field"] = "label", ["type"] = "nominal" };
        words["encoding"]!.AsObject().Remove("color");
        yield return words;
    }

    static IEnumerable<JsonObject> Ends(string x, string y, ChartOptions options, IReadOnlyList<Points> all,
        IReadOnlyList<Sign> signs)
    {
        var last = all.Select(one => one.Seen.Last()).ToList();
        var dot = Unit(new() { ["type"] = "point", ["filled"] = true, ["size"] = 70 }, x, y, options, all, signs);
        dot["data"] = Vega.Values(all.Select((one, i) => Row(one, last[i])));
        yield return dot;

        var range = options.YRange ?? (all.Min(one => one.Seen.Min(p => p.Y)), all.Max(one => one.Seen.Max(p => p.Y)));
        double[] places = LabelPlaces.Of([.. last.Select(point => point.Y)], range, options.LogY);
        var words = Unit(new() { ["type"] = "text", ["align"] = "left", ["dx"] = 8, ["fontSize"] = 12 }, x, y,
            options, all, signs);
        string Said(int i) =>
            string.Join(' ',
                new[] { options.EndNames ? all[i].Name : null,
                    options.EndValues ? Words.Number(last[i].Y) : null }.OfType<string>());
        words["data"] = Vega.Values(all.Select((one, i) => Row(one, last[i] with { Y = places[i], Label = Said(i) })));
        words["encoding"]!["text"] = new JsonObject { ["field"] = "label", ["type"] = "nominal" };
        words["encoding"]!.AsObject().Remove("tooltip");
        yield return words;
    }

    static string Ranges(IReadOnlyList<Points> all, string x)
    {
        const int Told = 6;
        var words = all.Take(Told).Select(one =>
        {
            var seen = one.Seen.ToList();
            string range = seen.Count == 1
                ? $"{Words.Number(seen[0].Y)} at {Words.Number(seen[0].X)}"
                : $"from {Words.Number(seen[0].Y)} to {Words.Number(seen[^1].Y)}, lowest "
                + $"{Words.Number(seen.Min(p => p.Y))}, highest {Words.Number(seen.Max(p => p.Y))}, over {x} from "
                + $"{Words.Number(seen.Min(p => p.X))} to {Words.Number(seen.Max(p => p.X))}";
            return $"{one.Name}: {Words.Count(seen.Count, "point")}, {range}.";
        });
        string more = all.Count > Told ? $" And {all.Count - Told} more series." : "";
        return string.Join(' ', words) + more + Points.LeftOut(all);
    }

    // Side by side where all stand at the same places, and else below one another.
    static DataTable TableOf(string title, string x, IReadOnlyList<Points> all)
    {
        var first = all[0].Drawn;
        bool shared =
            all.All(one => one.Drawn.Count == first.Count
                && one.Drawn.Zip(first).All(pair => pair.First.X == pair.Second.X)) && all.Count <= 12;
        if (shared && !all.Any(one => one.HasLabels))
        {
            return new(title, [x, .. all.Select(one => one.Name)], first.Count,
                i => [Words.Exact(first[i].X), .. all.Select(one => Words.Exact(one.Drawn[i].Y))]);
        }
        var rows = all.SelectMany(one => one.Drawn.Select(point => (one.Name, Point: point))).ToList();
        bool labels = all.Any(one => one.HasLabels);
        return new(title, labels ? ["series", x, "value", "label"] : ["series", x, "value"], rows.Count, i =>
        {
            var (name, point) = rows[i];
            string[] row = [name, Words.Exact(point.X), Words.Exact(point.Y)];
            return labels ? [.. row, point.Label ?? ""] : row;
        });
    }
}
