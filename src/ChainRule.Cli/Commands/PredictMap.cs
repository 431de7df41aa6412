using System.Globalization;
using ChainRule.Data;
using ChainRule.Zoo.Tables;

namespace ChainRule.Cli.Commands;

/// <summary>Where each row of a CSV file lies on a trained map: the file again, with columns for its unit.</summary>
static class PredictMap
{
    public static int Run(string folder, string path, string? output, Func<MapModel, string, Table> read)
    {
        var map = MapModel.Load(folder);
        OutputFile.CheckFree("predict", output);
        var table = read(map, path);
        PredictTable.CheckRows(table, path);
        var places = map.Place(table);
        foreach (string remark in map.Remarks(table))
            Console.Error.WriteLine(Printable.Message($"chainrule: warning: {remark}"));
        bool classes = map.Units.Classes.Count > 0, numbers = map.Units.Means.Count > 0;
        List<string> heads = ["unit row", "unit column", "distance"];
        if (classes) heads.Add($"{map.Units.Target} of the unit");
        if (numbers) heads.Add($"mean {map.Units.Target} of the unit");
        string text = PredictTable.Text(table, heads, (i, number) =>
        {
            var place = places[i];
            List<string> cells = [place.Row.ToString(CultureInfo.InvariantCulture),
                place.Column.ToString(CultureInfo.InvariantCulture), number(place.Distance)];
            if (classes) cells.Add(place.Class ?? "");
            if (numbers) cells.Add(double.IsNaN(place.Mean) ? "" : number(place.Mean));
            return cells;
        });
        return PredictTable.Write(text, output, $"{Printable.Count(table.Rows, "row")} placed");
    }
}
