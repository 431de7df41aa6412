using System.CommandLine;
using System.Globalization;
using System.Text;
using ChainRule.Cli.Pages;
using ChainRule.Data;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tables;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Cli.Commands;

/// <summary>chainrule map: trains a self-organising map of any table, and draws it.</summary>
static class MapCommand
{
    const string RowsFile = "rows.csv";

    public static Command Create()
    {
        var task = TrainingTask.Of(TaskKind.Map);
        var open = new Option<bool>("--open") { Description = "Open the page in a browser" };
        var command = TrainCommand.Create(task, new TrainOptions(task, byRule: true), _ => "map",
            (run, parsed) => Show(run, parsed.GetValue(open)));
        command.Options.Add(open);
        bool Given(System.CommandLine.Parsing.CommandResult result, string name) =>
            command.Options.First(option => option.Name == name) is var option
            && result.GetResult(option) is { Implicit: false };
        command.Validators.Add(r =>
        {
            if (Given(r, "--learning-rate") && !Given(r, "--online") && !Given(r, "--config"))
                r.AddError("--learning-rate does not go without --online: the batch form has none");
        });
        return command.WithExamples("chainrule map flowers.csv --target species --open",
            "chainrule map patients.csv --target outcome --ignore id --toroidal --out maps/patients",
            "chainrule map sales.csv --rows 12 --columns 16 --grid rectangular --online --epochs 100",
            "chainrule map --resume maps/patients", "chainrule predict maps/patients new.csv");
    }

    static void Show(TrainingRun run, bool open)
    {
        var made = TableMap.Of(run);
        int epochs = ((KohonenMapOptions)RunConfig.Of(run.Folder).Sizes).Epochs;
        foreach (string line in MapPage.Text(made, run.Folder.ReadMetrics(), epochs)) Console.WriteLine(line);
        string rows = Path.Combine(run.Folder.FullPath, RowsFile);
        AtomicFile.Write("map", rows, to => to.Write(Encoding.UTF8.GetBytes(Units(made))));
        string page = MapPage.Of(made, run.Folder.ReadMetrics(), epochs).Save(Path.Combine(run.Folder.FullPath,
            MapPage.FileName));
        Console.WriteLine($"The page: {Printable.Path(page)}; the unit of each row: {Printable.Path(rows)}");
        if (open) Browser.Show(page);
    }

    /// <summary>A line for each row of the table: where on the map it is.</summary>
    static string Units(TableMap made)
    {
        var text = new StringBuilder("row,unit row,unit column\n");
        foreach (var (i, unit) in made.BestUnits.Index())
            text.Append(CultureInfo.InvariantCulture, $"{i + 1},{unit / made.Map.Columns},{unit % made.Map.Columns}\n");
        return text.ToString();
    }
}
