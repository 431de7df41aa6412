using System.Text.Json.Nodes;

namespace ChainRule.Pictures;

public sealed partial class Chart
{
    /// <summary>A coloured cell for each number, the first row on top.</summary>
    /// <param name="rows">A name for each row; 0, 1, 2 … when not given.</param>
    /// <param name="columns">A name for each column.</param>
    /// <param name="label">What stands in the cell at a row and a column; a line break begins another line.</param>
    /// <exception cref="ArgumentException">There is no cell, no finite number, or the names are not as many as the
    /// rows or columns.</exception>
    public static Chart HeatMap(string title, string x, string y, double[,] cells, IReadOnlyList<string>? rows = null,
        IReadOnlyList<string>? columns = null, Func<int, int, string>? label = null, ChartOptions? options = null)
    {
        options ??= new();
        string asked = $"heat map '{title}'";
        int height = cells.GetLength(0), width = cells.GetLength(1);
        if (cells.Length == 0)
            Throw.Argument($"{asked}: it has {height} rows and {width} columns: give at least one of each");
        rows = Names(asked, rows, height, "row");
        columns = Names(asked, columns, width, "column");
        double[] finite = [.. cells.Cast<double>().Where(double.IsFinite)];
        if (finite.Length == 0) Throw.Argument($"{asked}: no cell is finite: there is nothing to colour");
        var (low, high) = (finite.Min(), finite.Max());
        string scheme = options.Scheme ?? "blues";

        var data = new List<JsonObject>();
        bool tall = false;
        for (int r = 0; r < height; r++)
        {
            for (int c = 0; c < width; c++)
            {
                var cell = new JsonObject { ["row"] = rows[r], ["column"] = columns[c],
                    ["value"] = Vega.Number(cells[r, c]) };
                if (label?.Invoke(r, c) is { } text)
                {
                    tall |= text.Contains('\n', StringComparison.Ordinal);
                    cell["label"] = text;
                    cell["ink"] = Shades.Ink(scheme, low == high ? 0.5 : (cells[r, c] - low) / (high - low));
                }
                data.Add(cell);
            }
        }

        // Cells are squares of a readable size; those with two lines of text in them need more room.
        int side = label is null ? Math.Clamp(560 / Math.Max(width, height), 4, 40)
            : Math.Clamp(560 / Math.Max(width, height), tall ? 34 : 30, 60);
        var layers = new JsonArray(Cells(x, y, scheme, rows, columns, legend: label is null));
        if (label is not null) layers.Add((JsonNode)CellLabels(x, y, rows, columns, tall));
        var view = new JsonObject { ["width"] = options.Width ?? side * width,
            ["height"] = options.Height ?? side * height, ["layer"] = layers, ["data"] = Vega.Values(data) };

        var (lowAt, highAt) = (Find(cells, low), Find(cells, high));
        int missing = cells.Length - finite.Length;
        string alt = $"Heat map of {Words.Count(height, "row")} ({y}) and {Words.Count(width, "column")} ({x}): "
            + $"the lowest cell {Words.Number(low)} at row {rows[lowAt.Row]}, column {columns[lowAt.Column]}, "
            + $"the highest {Words.Number(high)} at row {rows[highAt.Row]}, column {columns[highAt.Column]}."
            + (missing == 0 ? "" : $" Left out: {Words.Count(missing, "cell that is", "cells that are")} not finite.");
        var table = new DataTable(title, [$"{y} \\ {x}", .. columns], height,
            r => [rows[r], .. Enumerable.Range(0, width).Select(c => Words.Number(cells[r, c]))]);
        return new(title, options.Alt ?? alt, view, [table], [], ownSize: true);
    }

    /// <summary>f(x, y) in bands of colour between levels.</summary>
    /// <param name="steps">f is asked at steps + 1 places along each axis; between them it is taken
    /// to be bilinear.</param>
    /// <exception cref="ArgumentException">A range is empty, there are too few steps, or f is
    /// finite nowhere.</exception>
    public static Chart Contour(string title, string x, string y, Func<double, double, double> f,
        (double From, double To) xs, (double From, double To) ys, int steps = 60, ChartOptions? options = null)
    {
        options ??= new();
        string asked = $"contour '{title}'";
        if (!(xs.From < xs.To) || !(ys.From < ys.To))
            Throw.Argument($"{asked}: x runs from {xs.From} to {xs.To}, y from {ys.From} to {ys.To}: both must rise");
        if (steps < 2) Throw.Argument($"{asked}: {steps} steps show nothing: give at least two");
        var bands = Bands.Of(asked, f, xs, ys, steps, options.Levels);
        var rect = new JsonObject
        {
            ["mark"] = new JsonObject { ["type"] = "rect", ["clip"] = true },
            ["encoding"] = new JsonObject
            {
                ["x"] = Vega.Axis("x", x, false, options.XRange ?? xs), ["x2"] = new JsonObject { ["field"] = "x2" },
                ["y"] = Vega.Axis("y", y, false, options.YRange ?? ys), ["y2"] = new JsonObject { ["field"] = "y2" },
                ["color"] = new JsonObject
                {
                    ["field"] = "value", ["type"] = "quantitative", ["title"] = null,
                    ["scale"] = new JsonObject
                    {
                        ["type"] = "threshold", ["scheme"] = options.Scheme ?? "redyellowblue",
                        ["domain"] = new JsonArray([.. bands.Levels.Select(Vega.Number)]),
                    },
                    ["legend"] = new JsonObject { ["orient"] = "right", ["format"] = ".3~g" },
                },
            },
        };
        // Each reaches a hair under the next: or else the screen shows seams where they meet.
        double hairX = (xs.To - xs.From) / 250, hairY = (ys.To - ys.From) / 250;
        var layers = new JsonArray((JsonNode)rect);
        foreach (var rule in Vega.Rules(options)) layers.Add((JsonNode)rule);
        var view = new JsonObject
        {
            ["width"] = options.Width ?? 460, ["height"] = options.Height ?? 400, ["layer"] = layers,
            ["data"] = Vega.Values(bands.Runs.Select(run => new JsonObject
            {
                ["x"] = Vega.Number(run.X), ["x2"] = Vega.Number(run.X2 + hairX), ["y"] = Vega.Number(run.Y),
                ["y2"] = Vega.Number(run.Y2 + hairY),
                ["value"] = Vega.Number(run.Value),
            })),
        };
        string alt = $"Contour of a function of {x} from {Words.Number(xs.From)} to {Words.Number(xs.To)} and {y} from "
            + $"{Words.Number(ys.From)} to {Words.Number(ys.To)}: lowest {Words.Number(bands.Low.Value)} at "
            + $"({Words.Number(bands.Low.X)}, {Words.Number(bands.Low.Y)}), highest {Words.Number(bands.High.Value)} "
            + $"at ({Words.Number(bands.High.X)}, {Words.Number(bands.High.Y)}).";
        return new(title, options.Alt ?? alt, view, [bands.Table(title, x, y)], [], OwnSize(options));
    }

    static JsonObject Cells(string x, string y, string scheme, IReadOnlyList<string> rows,
        IReadOnlyList<string> columns, bool legend) => new()
    {
        ["mark"] = new JsonObject { ["type"] = "rect" },
        ["encoding"] = new JsonObject
        {
            ["x"] = Step("column", x, columns), ["y"] = Step("row", y, rows),
            ["color"] = new JsonObject
            {
                ["field"] = "value", ["type"] = "quantitative", ["title"] = null, ["scale"] = new JsonObject
                    { ["scheme"] = scheme },
                ["legend"] = legend ? new JsonObject { ["orient"] = "right", ["format"] = ".3~g" } : null,
            },
            ["tooltip"] = new JsonArray(Vega.Told("row", y, "nominal"), Vega.Told("column", x, "nominal"),
                Vega.Told("value", "value")),
        },
    };

    static JsonObject CellLabels(string x, string y, IReadOnlyList<string> rows, IReadOnlyList<string> columns,
        bool tall) => new()
    {
        ["mark"] = new JsonObject
        {
            ["type"] = "text", ["fontSize"] = tall ? 10 : 11, ["lineBreak"] = "\n", ["lineHeight"] = 12,
            ["baseline"] = "middle", ["dy"] = tall ? -6 : 0,
            ["color"] = new JsonObject { ["expr"] = "datum.ink" },
        },
        ["encoding"] = new JsonObject
        {
            ["x"] = Step("column", x, columns), ["y"] = Step("row", y, rows),
            ["text"] = new JsonObject { ["field"] = "label", ["type"] = "nominal" },
            ["tooltip"] = new JsonArray(Vega.Told("row", y, "nominal"), Vega.Told("column", x, "nominal"),
                Vega.Told("value", "value")),
        },
    };

    static JsonObject Step(string field, string title, IReadOnlyList<string> names) => new()
    {
        ["field"] = field, ["type"] = "ordinal", ["title"] = title, ["sort"] = null, ["scale"] = new JsonObject
            { ["round"] = true },
        ["axis"] = new JsonObject { ["labelAngle"] = names.Any(name => name.Length > 3) && field == "column" ? -45 : 0,
            ["domain"] = false, ["ticks"] = false },
    };

    static IReadOnlyList<string> Names(string asked, IReadOnlyList<string>? names, int count, string what)
    {
        if (names is null)
            return [.. Enumerable.Range(0, count)
                .Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture))];
        if (names.Count != count)
            Throw.Argument(
                $"{asked}: {Words.Count(names.Count, "name")} for {Words.Count(count, what)}: give one for each");
        if (names.Distinct().Count() != count)
            Throw.Argument($"{asked}: two {what}s have one name, "
                + $"'{names.GroupBy(n => n).First(g => g.Count() > 1).Key}': tell them apart");
        return names;
    }

    static (int Row, int Column) Find(double[,] cells, double value)
    {
        int flat = cells.Cast<double>().ToList().IndexOf(value);
        return (flat / cells.GetLength(1), flat % cells.GetLength(1));
    }
}
