using System.CommandLine;
using System.Globalization;
using System.Text;
using ChainRule.Classical;
using ChainRule.Cli.Pages;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tables;

namespace ChainRule.Cli.Commands;

/// <summary>chainrule map: a self-organising map of any table.</summary>
static class MapCommand
{
    const string RowsFile = "rows.csv";

    public static Command Create()
    {
        var usual = new SelfOrganizingMapOptions();
        var file = new Argument<string>("FILE.csv")
            { Description = "A CSV file with a header; - for the standard input" };
        var target = new Option<string?>("--target")
            { Description = "Column to draw on the map, which does not see it [default: none]", HelpName = "COLUMN" };
        var rows = Size("--rows", "Rows of units [default: as the number of rows of the table asks for]");
        var columns = Size("--columns", "Columns of units");
        var grid = new Option<string>("--grid") { Description = "How the units are laid out: hexagonal or rectangular "
            + "[default: hexagonal]", HelpName = "SHAPE" }.Among("hexagonal", "rectangular");
        var toroidal = new Option<bool>("--toroidal")
            { Description = "Join the right edge to the left and the bottom to the top" };
        var online = new Option<bool>("--online")
            { Description = "Move the units after each row [default: once for all rows, the batch form]" };
        var epochs = new Option<int>("--epochs") { Description = $"How often all rows are gone through [default: "
            + $"{usual.Passes}]", HelpName = "N" }.AtLeast(1);
        var learningRate = new Option<double?>("--learning-rate") { Description = "Of the online form: the learning "
            + "rate at first, above 0 and at most 1 [default: "
            + $"{usual.LearningRate.ToString(CultureInfo.InvariantCulture)}]", HelpName = "RATE" };
        var seed = new Option<ulong>("--seed") { Description = "Seed: the same seed gives the same map, bit for bit "
            + $"[default: {RunConfig.UsualSeed}]", HelpName = "N" }.AtLeast(0UL);
        var output = new Option<string?>("--out")
            { Description = "The folder of the page, which must be new [default: runs/map, numbered]",
                HelpName = "DIR" };
        var open = new Option<bool>("--open") { Description = "Open the page in a browser" };
        var reading = ReadingOptions.OfTable();
        var command = new Command("map", "Draw a self-organising map of a table: what is alike lies close together")
            { file, target, rows, columns, grid, toroidal, online, epochs, learningRate, seed, output, open };
        foreach (var option in reading.All) command.Options.Add(option);
        command.Validators.Add(r =>
        {
            if (r.GetResult(learningRate) is not null && !r.GetValue(online))
                r.AddError("--learning-rate does not go without --online: the batch form has none");
        });
        command.SetAction(parsed =>
        {
            string to = parsed.GetValue(output) ?? RunFolder.Free(Path.Combine(TrainCommand.Folder, "map"));
            if (Directory.Exists(to) || File.Exists(to))
                throw new IOException($"map: {Printable.Path(to)} is there already, and is not written over: give "
                    + "another name by --out, or remove it first");
            var table = reading.Options(parsed) with { Target = parsed.GetValue(target) };
            var made = TableMap.Of(parsed.GetRequiredValue(file), new(table, Given(parsed, rows),
                Given(parsed, columns), new()
                {
                    Grid = parsed.GetValue(grid) == "rectangular" ? GridShape.Rectangular : GridShape.Hexagonal,
                    Toroidal = parsed.GetValue(toroidal), Batch = !parsed.GetValue(online),
                    Passes = Given(parsed, epochs) ?? usual.Passes,
                    LearningRate = parsed.GetValue(learningRate) ?? usual.LearningRate,
                    Seed = parsed.GetResult(seed) is null ? RunConfig.UsualSeed : parsed.GetValue(seed),
                }));
            foreach (string line in MapPage.Text(made)) Console.WriteLine(line);
            Directory.CreateDirectory(to);
            File.WriteAllText(Path.Combine(to, RowsFile), Units(made));
            string page = MapPage.Of(made).Save(Path.Combine(to, MapPage.FileName));
            Console.WriteLine($"The page: {Printable.Path(page)}; the unit of each row: "
                + Printable.Path(Path.Combine(to, RowsFile)));
            if (parsed.GetValue(open)) Browser.Show(page);
            return Tool.Done;
        });
        return command.WithExamples("chainrule map flowers.csv --target species --open",
            "chainrule map patients.csv --target outcome --ignore id --toroidal --out maps/patients",
            "chainrule map sales.csv --rows 12 --columns 16 --grid rectangular --online --epochs 100");
    }

    static Option<int> Size(string name, string description) =>
        new Option<int>(name) { Description = description, HelpName = "N" }.AtLeast(1);

    static int? Given(ParseResult parsed, Option<int> option) =>
        parsed.GetResult(option) is null ? null : parsed.GetValue(option);

    /// <summary>A line for each row of the table: where on the map it is.</summary>
    static string Units(TableMap made)
    {
        var text = new StringBuilder("row,unit row,unit column\n");
        foreach (var (i, unit) in made.BestUnits.Index())
            text.Append(CultureInfo.InvariantCulture, $"{i + 1},{unit / made.Map.Columns},{unit % made.Map.Columns}\n");
        return text.ToString();
    }
}
