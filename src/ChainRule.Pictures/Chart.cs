using System.Text.Json.Nodes;

namespace ChainRule.Pictures;

/// <summary>
/// A chart in Vega-Lite: points at numbers, axes and legends where they belong. A legend can be clicked to bring out a
/// series, marks tell their numbers when pointed at, and the colours can be told apart by the colour-blind.
/// </summary>
public sealed partial class Chart : Picture
{
    readonly JsonObject _view;
    readonly DataTable[] _tables;
    readonly bool _ownSize;

    // Names that colours stand for; none where they stand for numbers or for nothing.
    readonly (string Name, Hue? Hue)[] _series;

    Chart(string title, string alt, JsonObject view, IEnumerable<DataTable> tables,
        IEnumerable<(string Name, Hue? Hue)> series, bool ownSize = false)
        : base("chart", title, alt) =>
        (_view, _tables, _series, _ownSize) = (view, [.. tables], [.. series], ownSize);

    /// <inheritdoc/>
    public override string Text => Vega.Write(Spec());

    internal override IReadOnlyList<DataTable> Tables => _tables;

    /// <summary>The whole specification: schema, title, view and configuration.</summary>
    internal JsonObject Spec()
    {
        var spec = new JsonObject { ["$schema"] = Vega.Schema, ["title"] = Title, ["description"] = Alt };
        foreach (var (key, value) in _view) spec[key] = value?.DeepClone();
        spec["config"] = Theme.Config();
        return spec;
    }

    /// <summary>
    /// One chart over the other, on the axes of the first: a cloud over a contour, a fit over its points.
    /// </summary>
    /// <exception cref="ArgumentException">There is none, or one of them is made of several.</exception>
    public static Chart Layer(string title, params IReadOnlyList<Chart> charts)
    {
        if (charts.Count == 0) Throw.Argument($"layer '{title}': there is no chart: give at least one");
        if (charts.FirstOrDefault(chart => !chart._view.ContainsKey("layer")) is { } several)
            Throw.Argument(
                $"layer '{title}': '{several.Title}' is made of several charts: only single ones lie over one another");

        (string Name, Hue? Hue)[] series = [.. charts.SelectMany(chart => chart._series).DistinctBy(one => one.Name)];
        var signs = Palette.Assign($"layer '{title}'", series);
        bool picks = true;
        var layers = new JsonArray();
        foreach (var (i, chart) in charts.Index())
        {
            var layer = (JsonObject)chart._view.DeepClone();
            layer.Remove("width");
            layer.Remove("height");
            foreach (var unit in layer["layer"]!.AsArray().Select(node => (JsonObject)node!))
            {
                // One selection serves them all: what it dims, it dims everywhere.
                if (unit.ContainsKey("params") && !picks) unit.Remove("params");
                picks &= !unit.ContainsKey("params");
                if (i > 0 && (string?)unit["name"] == Vega.Pointed) unit["name"] = $"{Vega.Pointed}-{i}-";
                ShareAxes(unit, charts[0], signs);
            }
            layers.Add((JsonNode)layer);
        }
        var view = new JsonObject { ["width"] = charts[0]._view["width"]!.DeepClone(),
            ["height"] = charts[0]._view["height"]!.DeepClone(), ["layer"] = layers };
        if (charts.Any(chart => chart._series.Length == 0))
            view["resolve"] = new JsonObject { ["scale"] = new JsonObject { ["color"] = "independent" } };
        return new(title, Together(charts), view, charts.SelectMany(chart => chart._tables), series,
            charts[0]._ownSize);
    }

    /// <summary>Charts side by side, a given number in a row; on a narrow screen fewer.</summary>
    public static Chart Grid(string title, int columns, params IReadOnlyList<Chart> charts)
    {
        if (charts.Count == 0) Throw.Argument($"grid '{title}': there is no chart: give at least one");
        CheckColumns("grid", title, columns);
        if (charts.FirstOrDefault(chart => chart._view.ContainsKey("concat")) is { } nested)
            Throw.Argument($"grid '{title}': '{nested.Title}' is a grid itself: give its charts to this one");
        int width = Math.Max(180, 760 / Math.Min(columns, charts.Count) - 60);
        var cells = new JsonArray();
        for (int i = 0; i < charts.Count; i++)
        {
            var cell = new JsonObject { ["title"] = charts[i].Title };
            foreach (var (key, value) in charts[i]._view) cell[key] = value?.DeepClone();
            if (!charts[i]._ownSize && cell.ContainsKey("width"))
                (cell["width"], cell["height"]) = (width, Math.Max(150, width * 3 / 5));
            Rename(cell, i);
            cells.Add((JsonNode)cell);
        }
        var view = new JsonObject
        {
            ["columns"] = columns, ["concat"] = cells,
            ["resolve"] = new JsonObject { ["scale"] = new JsonObject { ["color"] = "independent" } },
        };
        return new(title, Together(charts), view, charts.SelectMany(chart => chart._tables),
            charts.SelectMany(chart => chart._series).DistinctBy(one => one.Name));
    }

    // What lies over another has its axes' titles and shares its colours' names.
    static void ShareAxes(JsonObject unit, Chart first, IReadOnlyList<Sign> signs)
    {
        if (unit["encoding"] is not JsonObject encoding) return;
        var axes = first._view["layer"]![0]!["encoding"]!;
        foreach (string axis in (string[])["x", "y"])
        {
            if (encoding[axis] is not JsonObject own || !own.ContainsKey("title")) continue;
            own["title"] = axes[axis]?["title"]?.DeepClone();
            (own["scale"] as JsonObject)?.Remove("padding");
        }
        foreach (var (name, sign) in Vega.NameChannels)
        {
            if (encoding[name] is not JsonObject channel || (string?)channel["field"] is not ("series" or "group"))
                continue;
            channel["scale"] = Vega.NameScale(signs, sign);
            if (signs.Count is > 1 and <= MostInLegend) channel.Remove("legend");
        }
    }

    // What has a name must have one of its own in a grid.
    static void Rename(JsonNode? node, int number)
    {
        if (node is JsonArray array)
        {
            foreach (var item in array) Rename(item, number);
        }
        if (node is not JsonObject value) return;
        foreach (string key in (string[])["name", "param"])
        {
            if (value[key] is JsonValue word && word.TryGetValue(out string? text)
                && (text == Vega.Picked || text.StartsWith(Vega.Pointed, StringComparison.Ordinal)))
                value[key] = text + number;
        }
        foreach (var (key, child) in value.Where(pair => pair.Key != "data").ToList()) Rename(child, number);
    }

    static string Together(IReadOnlyList<Chart> charts) =>
        string.Join(' ', charts.Select(chart => $"{chart.Title}: {chart.Alt}"));

    static void CheckColumns(string asked, string title, int columns)
    {
        if (columns < 1) Throw.Argument($"{asked} '{title}': {columns} columns hold nothing: give at least one");
    }

    static JsonObject Sized(ChartOptions options, JsonArray layers) => new()
    {
        ["width"] = options.Width ?? 560, ["height"] = options.Height ?? 300, ["layer"] = layers,
    };

    static bool OwnSize(ChartOptions options) => options.Width is not null || options.Height is not null;
}
