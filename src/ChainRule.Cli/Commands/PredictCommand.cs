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
            Description = "For a run on images, or of an autoencoder, PNG or JPEG files of any size; for a run on a "
                + "table a CSV file, with its columns in any order; for a run on sequences a text file, a sequence a "
                + "line",
            Arity = ArgumentArity.OneOrMore,
        };
        var output = new Option<string?>("--out")
            { Description = "Of a table: the CSV file to write, which must be new [default: the standard output]; of "
                + "an autoencoder: the folder that what comes back is written into, as PNG files",
                HelpName = "FILE.csv|FOLDER" };
        var explain = new Option<bool>("--explain")
            { Description =
            "Also say why. Of a table: what each column contributes to each prediction, beside that for "
                + "the mean row; of each image a page, NAME.html: saliency, occlusion and feature maps; of an "
                + "autoencoder a page of the images, what came back, and their codes" };
        var reading = new ReadingOptions();
        var command = new Command("predict", "Predict new data by a trained model")
            { folder, files, output, explain };
        foreach (var option in reading.All) command.Options.Add(option);
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(folder);
            string[] given = parsed.GetRequiredValue(files);
            var task = TrainingTask.Of(RunFolder.Open(path).Settings.Kind);
            Option[] ofTables = task.Kind switch
            {
                TaskKind.Images => [output, .. reading.All],
                TaskKind.Sequences => [output, explain, .. reading.All],
                TaskKind.Autoencoder => [.. reading.All],
                _ => [],
            };
            if (Array.Find(ofTables, option => parsed.GetResult(option) is { Implicit: false }) is { } strange)
                throw new ArgumentException(task.Kind == TaskKind.Images
                    ? $"predict: {strange.Name} is for tables, and {Printable.Path(path)} is a run on images, whose "
                        + "classes are said on the standard output: leave it out"
                    : $"predict: {strange.Name} does not go with {Printable.Path(path)}, which is a run on "
                        + $"{task.Name}: leave it out");
            return task.Kind switch
            {
                TaskKind.Images => PredictImages.Run(path, given, parsed.GetValue(explain)),
                TaskKind.Autoencoder => AutoencoderCommands.Predict(path, given, parsed.GetValue(output),
                    parsed.GetValue(explain)),
                TaskKind.Sequences when given.Length == 1 => SequenceCommands.Predict(path, given[0]),
                TaskKind.Sequences => throw new ArgumentException($"predict: {given.Length} files: a run on sequences "
                    + "predicts the lines of one: give one text file"),
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
            "chainrule predict runs/map new.csv", "chainrule predict runs/sequences-gru sequences.txt",
            "chainrule predict runs/autoencoder-dense noisy/*.png --out clean --explain");
    }
}
