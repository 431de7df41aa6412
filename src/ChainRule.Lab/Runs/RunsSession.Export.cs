using ChainRule.Lab.Sessions;

namespace ChainRule.Lab.Runs;

public sealed partial class RunsSession
{
    const long MostCells = 10_000_000;

    byte[] Export(ExportRequest request)
    {
        if (!ExportTable.Formats.TryGetValue(request.Format ?? "", out string? mediaType))
            throw new ArgumentException($"export: format '{Printable.Of(request.Format, 20)}': choose one of "
                + string.Join(", ", ExportTable.Formats.Keys));
        var table = request.What switch
        {
            "table" => Table(request),
            "points" => Points(request),
            _ => throw new ArgumentException(
                $"export: what '{Printable.Of(request.What, 20)}': choose table or points"),
        };
        var reply = new LabReply();
        return reply.ToBytes(new($"{(request.What == "table" ? "runs" : "points")}.{request.Format}", mediaType,
            reply.Add(table.ToBytes(request.Format!))), RunsJson.Default.FileAnswer);
    }

    /// <summary>The table, with all rows that fit.</summary>
    ExportTable Table(ExportRequest request)
    {
        var (runs, all) = Sorted(request.Filter, request.Sort, request.Descending);
        var columns = Shown(request.Columns, all);
        Check((long)runs.Length * columns.Count);
        return new(columns, [.. runs.Select(run => columns.Select(column => Exported(column, run[column])).ToArray())]);
    }

    /// <summary>All points of all metrics of some runs, a row for each evaluation.</summary>
    ExportTable Points(ExportRequest request)
    {
        var runs = Some("export", request.Runs).Select(run => (run.Name, All: _shared.Curves.Of(run.Id).All()))
            .ToArray();
        string[] metrics = [.. runs.SelectMany(run => run.All.Metrics).Select(one => one.Name).Distinct()];
        Check(runs.Sum(run => (long)run.All.Steps.Count) * (metrics.Length + 2));
        List<Cell[]> rows = [];
        foreach (var (name, (steps, of)) in runs)
        {
            var columns = metrics.Select(metric => of.FirstOrDefault(one => one.Name == metric).Values).ToArray();
            for (int i = 0; i < steps.Count; i++)
                rows.Add([Cell.Of(name), Cell.Of(steps.Span[i]), .. columns.Select(
                    column => i < column.Count ? Cell.Of(column.Span[i]) : Cell.Empty)]);
        }
        return new(["run", "step", .. metrics], rows);
    }

    /// <summary>A time is shown by the browser in its own way; in a file it is that of ISO 8601.</summary>
    static Cell Exported(string column, Cell cell) => column == "changed" && cell.IsNumber
        ? Cell.Of(DateTimeOffset.FromUnixTimeMilliseconds((long)cell.Number).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'",
            System.Globalization.CultureInfo.InvariantCulture)) : cell;

    static void Check(long cells)
    {
        if (cells > MostCells)
            throw new ArgumentException($"export: {cells:N0} values, and at most {MostCells:N0} fit: filter the runs, "
                + "or choose fewer columns");
    }
}
