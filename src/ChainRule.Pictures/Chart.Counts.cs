using System.Text.Json.Nodes;

namespace ChainRule.Pictures;

public sealed partial class Chart
{
    // Side by side along an axis of the usual width.
    const int MostLetters = 64;

    /// <summary>A bar for each name, in the order given, with its value at the end.</summary>
    /// <exception cref="ArgumentException">There is nothing to draw, or a name stands there twice.</exception>
    public static Chart Bar(string title, string x, string y, IReadOnlyList<(string Name, double Value)> bars,
        ChartOptions? options = null)
    {
        options ??= new();
        string asked = $"bar chart '{title}'";
        if (bars.Count == 0) Throw.Argument($"{asked}: there is no bar: give at least one");
        var names = new HashSet<string>();
        foreach (var (name, value) in bars)
        {
            if (!names.Add(name)) Throw.Argument($"{asked}: two bars are called '{name}': give each a name of its own");
            if (!double.IsFinite(value))
                Throw.Argument($"{asked}: bar '{name}' is {Words.Number(value)}: a bar has a finite length");
            if (options.LogY && value <= 0)
                Throw.Argument(
                    $"{asked}: bar '{name}' is {Words.Number(value)}: a logarithmic axis needs values above 0");
        }
        bool upright = bars.Sum(bar => bar.Name.Length + 1) <= MostLetters;
        JsonObject Place() => new()
        {
            ["field"] = "name", ["type"] = "nominal", ["title"] = x, ["sort"] = null,
            ["axis"] = new JsonObject { ["labelAngle"] = upright ? 0 : bars.Count <= 12 ? -45 : -90,
                ["labelOverlap"] = bars.Count > 40 },
        };
        var height = Vega.Axis("value", y, options.LogY, options.YRange, fromZero: true);
        // Below the axis a value needs room above the names.
        if (options.YRange is null && bars.Any(bar => bar.Value < 0)) height["scale"]!["padding"] = 18;
        var layers = new JsonArray(
            (JsonNode)new JsonObject
            {
                ["mark"] = new JsonObject { ["type"] = "bar", ["clip"] = true },
                ["encoding"] = new JsonObject
                {
                    ["x"] = Place(), ["y"] = height.DeepClone(),
                    ["tooltip"] = new JsonArray(Vega.Told("name", x, "nominal"), Vega.Told("value", y)),
                },
            });
        int letters = bars.Count * bars.Max(bar => Words.Number(bar.Value).Length);
        if (letters <= MostLetters)
        {
            layers.Add((JsonNode)new JsonObject
            {
                ["mark"] = new JsonObject
                {
                    ["type"] = "text", ["fontSize"] = letters > MostLetters / 2 ? 10 : 12,
                    ["baseline"] = new JsonObject { ["expr"] = "datum.value < 0 ? 'top' : 'bottom'" },
                    ["dy"] = new JsonObject { ["expr"] = "datum.value < 0 ? 4 : -4" },
                },
                ["encoding"] = new JsonObject
                    { ["x"] = Place(), ["y"] = height,
                        ["text"] = new JsonObject { ["field"] = "label", ["type"] = "nominal" } },
            });
        }
        foreach (var rule in Vega.Rules(options)) layers.Add((JsonNode)rule);
        var view = Sized(options, layers);
        view["data"] =
            Vega.Values(
                bars.Select(bar => new JsonObject
                    { ["name"] = bar.Name, ["value"] = Vega.Number(bar.Value), ["label"] = Words.Number(bar.Value) }));
        var (low, high) = (bars.MinBy(bar => bar.Value), bars.MaxBy(bar => bar.Value));
        string alt = $"Bar chart of {y} by {x}: {Words.Count(bars.Count, "bar")}, the lowest {low.Name} with "
            + $"{Words.Number(low.Value)}, the highest {high.Name} with {Words.Number(high.Value)}.";
        var table = new DataTable(title, [x, y], bars.Count, i => [bars[i].Name, Words.Exact(bars[i].Value)]);
        return new(title, options.Alt ?? alt, view, [table], [], OwnSize(options));
    }

    /// <summary>
    /// How often values fall where: bars of counts for one series; for several a line each of densities (counts over
    /// their sum and the bin's width), every series in bins of its own between its lowest and highest value.
    /// </summary>
    /// <exception cref="ArgumentException">There is nothing to count, or no bin.</exception>
    public static Chart Histogram(string title, string x, IReadOnlyList<Series> series, int bins = 50,
        ChartOptions? options = null)
    {
        options ??= new();
        string asked = $"histogram '{title}'";
        if (bins < 1) Throw.Argument($"{asked}: {bins} bins hold nothing: give at least one");
        var all = Points.Of(asked, series, options with { LogX = false, LogY = false });
        var counted = all.Select(one => Bins.Of(asked, one, bins, options.XRange)).ToList();
        return all.Count == 1 ? Bars(title, x, all, counted[0], options) : Densities(title, x, all, counted, options);
    }

    static Chart Bars(string title, string x, IReadOnlyList<Points> all, Bins bins, ChartOptions options)
    {
        var place = Vega.Axis("from", x, false, options.XRange);
        place["bin"] = new JsonObject { ["binned"] = true };
        var bar = new JsonObject
        {
            ["mark"] = new JsonObject { ["type"] = "bar", ["clip"] = true, ["binSpacing"] = 0.5 },
            ["encoding"] = new JsonObject
            {
                ["x"] = place, ["x2"] = new JsonObject { ["field"] = "to" },
                ["y"] = Vega.Axis("count", "count", options.LogY, options.YRange, fromZero: true),
                ["tooltip"] = new JsonArray(Vega.Told("from", "from"), Vega.Told("to", "to"),
                    Vega.Told("count", "count", format: ",")),
            },
        };
        var layers = new JsonArray((JsonNode)bar);
        foreach (var rule in Vega.Rules(options)) layers.Add((JsonNode)rule);
        var view = Sized(options, layers);
        view["data"] = Vega.Values(Enumerable.Range(0, bins.Counts.Length)
            .Where(i => !options.LogY || bins.Counts[i] > 0)
            .Select(i => new JsonObject { ["from"] = Vega.Number(bins.Edge(i)), ["to"] = Vega.Number(bins.Edge(i + 1)),
                ["count"] = bins.Counts[i] }));
        var table = new DataTable(title, ["from", "to", "count"], bins.Counts.Length,
            i => [Words.Exact(bins.Edge(i)), Words.Exact(bins.Edge(i + 1)), Words.Exact(bins.Counts[i])]);
        return new(title, options.Alt ?? $"Histogram of {x}. {Said(all[0].Name, bins)}{Points.LeftOut(all)}", view,
            [table], [], OwnSize(options));
    }

    static Chart Densities(string title, string x, IReadOnlyList<Points> all, List<Bins> counted, ChartOptions options)
    {
        var lines =
            counted.Select((bins, s) => new Series(all[s].Name, [.. bins.Counts.Select((_, i) => bins.Density(i))])
        {
            X = [.. bins.Counts.Select((_, i) => (bins.Edge(i) + bins.Edge(i + 1)) / 2)], Hue = all[s].Hue,
            Group = all[s].Grouped ? all[s].Key : null, Bold = all[s].Bold,
        });
        string alt = $"Densities of {x}. {string.Join(' ', counted.Select((bins, s) => Said(all[s].Name, bins)))}"
            + $"{Points.LeftOut(all)}";
        return Line(title, x, "density", [.. lines], options with { Alt = options.Alt ?? alt, FromZero = true });
    }

    static string Said(string name, Bins bins) =>
        $"{name}: {Words.Count(bins.Total, "value")} from {Words.Number(bins.From)} to {Words.Number(bins.To)}, mean "
        + $"{Words.Number(bins.Mean)}, standard deviation {Words.Number(bins.Deviation)}.";
}
