using System.CommandLine;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Cli.Commands;

/// <summary>chainrule predict: what a trained model says of new data; each kind of data has its own file.</summary>
static class PredictCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "The folder of a run" };
        var files = new Argument<string[]>("FILE")
        {
            Description = "For a run on images PNG or JPEG files, of any size; for a run on a table a CSV file, with "
                + "its columns in any order",
            Arity = ArgumentArity.OneOrMore,
        };
        var output = new Option<string?>("--out")
            { Description = "Of a table: the CSV file to write [default: the standard output]", HelpName = "FILE.csv" };
        var explain = new Option<bool>("--explain")
            { Description =
            "Also say why. Of a table: what each column contributes to each prediction, beside that for "
                + "the mean row; of each image a page, NAME.html: saliency, occlusion and feature maps" };
        var reading = new ReadingOptions();
        var command = new Command("predict", "Predict new data by a trained model")
            { folder, files, output, explain };
        foreach (var option in reading.All) command.Options.Add(option);
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(folder);
            string[] given = parsed.GetRequiredValue(files);
            if (Array.Find(given, one => one.StartsWith("--", StringComparison.Ordinal)) is { } unknown)
                throw new ArgumentException($"predict: there is no option {Printable.Of(unknown, 40)}: see "
                    + $"'{Shell.Tool} predict --help'");
            var task = TrainingTask.Of(RunFolder.Open(path).Settings.Kind);
            if (task.Kind == TaskKind.Images && Array.Find<Option>([output, .. reading.All],
                option => parsed.GetResult(option) is { Implicit: false }) is { } ofTables)
                throw new ArgumentException($"predict: {ofTables.Name} is for tables, and {Printable.Path(path)} is a "
                    + "run on images, whose classes are said on the standard output: leave it out");
            return task.Kind switch
            {
                TaskKind.Images => PredictImages.Run(path, given, parsed.GetValue(explain)),
                TaskKind.Table when given.Length == 1 => PredictTable.Run(path, given[0], parsed.GetValue(output),
                    parsed.GetValue(explain), (model, file) => reading.Read(parsed, model, file)),
                TaskKind.Patterns => PredictPatterns.Run(path, given),
                TaskKind.Map when given.Length == 1 && !parsed.GetValue(explain) => PredictMap.Run(path, given[0],
                    parsed.GetValue(output), (map, file) => reading.Read(parsed, map, file)),
                TaskKind.Map when parsed.GetValue(explain) => throw new ArgumentException("predict: --explain is for "
                    + "predictions, and a map places rows: leave it out"),
                TaskKind.Table or TaskKind.Map => throw new ArgumentException($"predict: {given.Length} files: a run "
                    + "on a table "
                    + "predicts the rows of one: give one CSV file"),
                _ => throw new ArgumentException($"predict: {Printable.Path(path)} is a run on {task.Name}, which has "
                    + $"nothing to predict: {task.NextCommand(path)}"),
            };
        });
        return command.WithExamples("chainrule predict runs/images-cnn nine.png",
            "chainrule predict runs/images-cnn photos/*.jpg", "chainrule predict runs/images-cnn nine.png --explain",
            "chainrule predict runs/table-mlp new.csv --out predicted.csv --explain",
            "chainrule predict runs/map new.csv");
    }
}
