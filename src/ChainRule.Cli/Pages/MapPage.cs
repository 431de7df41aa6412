using System.Globalization;
using ChainRule.Classical;
using ChainRule.Pictures;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tables;

namespace ChainRule.Cli.Pages;

/// <summary>The page of a self-organising map: how well it lies in the data, its U-matrix, the classes on it, its
/// component planes, and how it learned.</summary>
static class MapPage
{
    /// <summary>The name of its file.</summary>
    public const string FileName = "map.html";

    const int MostPlanes = 60;

    /// <summary>What is known of the map, in lines.</summary>
    /// <param name="made">The map.</param>
    /// <param name="history">How it learned, an evaluation each.</param>
    /// <param name="epochs">How often all rows were gone through.</param>
    public static IEnumerable<string> Text(TableMap made, IReadOnlyList<RunMetrics> history, int epochs)
    {
        foreach (var (column, why) in made.Encoder.LeftOut)
            yield return $"  left out: {Printable.Of(column, 30)}: {Printable.Of(why, 60)}";
        int best = Best(history);
        long Epoch(RunMetrics line) => history[^1].Step == 0 ? 0 : (long)epochs * line.Step / history[^1].Step;
        if (best < history.Count - 1)
            yield return string.Create(CultureInfo.InvariantCulture, $"the map is that of epoch "
                + $"{Epoch(history[best]):N0} "
                + $"of {Epoch(history[^1]):N0}, with the lowest quantisation error; at the last it was "
                + $"{history[^1].ValLoss:0.0000}, and the topographic error {Torn(history[^1]):0.0000}");
        yield return Fell("quantisation error", [.. history.Select(line => line.ValLoss)], best,
            Epoch(history[best]), "the mean distance of a row from its best unit");
        yield return Fell("topographic error", [.. history.Select(Torn)], best,
            Epoch(history[best]), "the fraction of rows whose two best units are no neighbours");
        if (made.Classes.Count > 0)
            yield return string.Create(CultureInfo.InvariantCulture,
                $"classes: {100 * made.Purity:0.0} % of the rows have the class of their unit; the most frequent ")
                + string.Create(CultureInfo.InvariantCulture, $"class has {100 * made.LargestClass:0.0} %");
    }

    /// <summary>The page.</summary>
    public static Page Of(TableMap made, IReadOnlyList<RunMetrics> history, int epochs)
    {
        var map = made.Map;
        bool hexagonal = map.Grid == GridShape.Hexagonal;
        var page = new Page($"Self-organising map of {TablePage.Cell(made.Name)}");
        page.Add(string.Create(CultureInfo.InvariantCulture, $"{Printable.Count(made.BestUnits.Count, "row")}, "
            + $"{Printable.Count(made.Encoder.Columns.Count, "number")} of each; a "
            + $"{map}{(map.Toroidal ? ", toroidal" : "")}."));
        foreach (string line in Text(made, history, epochs)) page.Add($"{line.Trim()}.");
        page.Section("U-matrix").Add("Each tile is a unit: a point among the rows of the table, where rows that are "
            + "alike find their best units close together. The colour is the mean distance between a unit's weights "
            + "and those of its neighbours: clusters are light valleys, and what divides them are dark ridges.")
            .Add(Chart.Tiles("U-matrix", map.Places, map.DistancesToNeighbours().ToArray<double>(), hexagonal))
            .Add(Chart.Tiles("Rows of each unit", map.Places, [.. made.Units.Hits.Select(hits => (double)hits)],
                hexagonal, new() { Scheme = "greys" }));
        if (made.Target is { } target) AddTarget(page, made, TablePage.Cell(target), hexagonal);
        var columns = made.Encoder.Columns.Take(MostPlanes).ToArray();
        page.Section("Component planes").Add("One column of the table at a time: the weight of each unit for it, in "
            + "standard deviations from the mean where it is a number. Planes that look alike belong to columns that "
            + "go together." + (columns.Length < made.Encoder.Columns.Count
                ? $" The first {columns.Length} of {made.Encoder.Columns.Count} are shown." : ""))
            .Add(Chart.Grid("Component planes", 4, [.. columns.Select((column, j) => Chart.Tiles(
                TablePage.Cell(column.Name), map.Places, map.ComponentPlane(j).ToArray<double>(), hexagonal,
                new() { Width = 130, Scheme = "viridis" }))]));
        return page.Section("How it learned")
            .Add("At first the units lie at random between the least and the greatest numbers of the columns. While "
                + "the neighbourhood is wide, the sheet unfolds; as it shrinks, the units settle among the rows.")
            .Add(Chart.Grid("Errors on the rows", 2, Curve("Quantisation error", history, line => line.ValLoss),
                Curve("Topographic error", history, Torn)))
            .Table("How the columns became numbers", ["column", "made of"],
                [.. made.Encoder.Columns.Select(column => (string[])[TablePage.Cell(column.Name),
                    TablePage.Cell(column.Source)])]);
    }

    static void AddTarget(Page page, TableMap made, string target, bool hexagonal)
    {
        if (made.Classes.Count > 0)
        {
            page.Section("Class map").Add($"The map did not see '{target}'. Each unit has the colour of the class that "
                + "most of its rows have; where no row is, it is blank.")
                .Add(Chart.Tiles($"'{target}' on the map", made.Map.Places, [.. made.Units.ClassOf.Select(label =>
                    label < 0 ? null : TablePage.Cell(made.Classes[label]))], hexagonal, new() { Legend = target }));
        }
        else
        {
            page.Section("The target").Add($"The map did not see '{target}'. The colour is its mean over the rows of "
                + "each unit; where no row is, it is blank.")
                .Add(Chart.Tiles($"Mean '{target}'", made.Map.Places, made.Units.Means, hexagonal));
        }
    }

    static double Torn(RunMetrics line) => line.Metrics.GetValueOrDefault("topographicError", double.NaN);

    static Chart Curve(string title, IReadOnlyList<RunMetrics> history, Func<RunMetrics, double> of) =>
        Chart.Line(title, "epoch", "error", [new Series(title, [.. history.Select(of)])]);

    /// <summary>The evaluation whose map is kept: the first with the lowest quantisation error.</summary>
    static int Best(IReadOnlyList<RunMetrics> history)
    {
        int best = 0;
        for (int i = 1; i < history.Count; i++)
            if (history[i].ValLoss < history[best].ValLoss) best = i;
        return best;
    }

    static string Fell(string name, IReadOnlyList<double> errors, int best, long epochs,
        string meaning) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}: {errors[0]:0.0000} before, {errors[best]:0.0000} after ")
            + $"{Printable.Count(epochs, "epoch")} ({meaning})";
}
