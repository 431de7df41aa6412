using System.CommandLine;
using System.Globalization;
using ChainRule.Images;
using ChainRule.Metrics;
using ChainRule.Zoo.Patterns;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tables;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Cli.Commands;

/// <summary>chainrule evaluate: how good a trained model is on data whose answers are known.</summary>
static class EvaluateCommand
{
    static readonly string[] s_images = [".png", ".jpg", ".jpeg"];

    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "The folder of a run" };
        var data = new Argument<string?>("FILE|FOLDER")
        {
            Description = "A CSV file with the target, or of a map without it; a folder with a subfolder of images "
                + "for each class, or for an "
                + "autoencoder any folder of images; a text file, of sequences or for a model of texts [of sequences, "
                + "default: new ones]",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var count = new Option<int?>("--count") { Description = "Of new sequences, and of damaged patterns: how many "
            + "[default: 1000]",
            HelpName = "N" }.AtLeast(1);
        var length = new Option<int?>("--length") { Description = "Of new sequences: the steps of each [default: as in "
            + "training]", HelpName = "N" }.AtLeast(1);
        var seed = new Option<ulong?>("--seed") { Description = "Of new sequences, and of damaged patterns: what they "
            + "are drawn by [default: 4]", HelpName = "N" }.AtLeast(0UL);
        var flipped = new Option<double?>("--flipped") { Description = "Of damaged patterns: the fraction of pixels "
            + "that are flipped [default: as in training]", HelpName = "FRACTION" }.AtLeast(0.0);
        var reading = new ReadingOptions();
        var command = new Command("evaluate", "Measure a trained model on other data")
            { folder, data, count, length, seed, flipped };
        foreach (var option in reading.All) command.Options.Add(option);
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(folder);
            var task = TrainingTask.Of(RunFolder.Open(path).Settings.Kind);
            void Refuse(params Option[] strange)
            {
                if (Array.Find(strange, option => parsed.GetResult(option) is { Implicit: false }) is { } one)
                    throw new ArgumentException($"evaluate: {one.Name} does not go with {Printable.Path(path)}, "
                        + $"which is a "
                        + $"run on {task.Name}: leave it out");
            }
            if (task.Kind == TaskKind.Patterns)
            {
                Refuse([length, .. reading.All]);
                if (parsed.GetValue(data) is { } drawing)
                    throw new ArgumentException($"evaluate: {Printable.Path(path)} is a run on {task.Name}, measured "
                        + $"on "
                        + $"patterns that are damaged anew: leave {Printable.Path(drawing)} out; to recall it: "
                        + $"{Shell.Tool} predict {Shell.Path(path)} {Shell.Path(drawing)}");
                Console.WriteLine(PatternRecall.Measure(path, parsed.GetValue(count) ?? 1000, parsed.GetValue(flipped),
                    parsed.GetValue(seed) ?? 4));
                return Tool.Done;
            }
            Refuse(flipped);
            if (task.Kind == TaskKind.Sequences)
            {
                Refuse([.. reading.All]);
                Console.WriteLine(SequenceCommands.Evaluate(path, parsed.GetValue(data), parsed.GetValue(count),
                    parsed.GetValue(length), parsed.GetValue(seed)));
                return Tool.Done;
            }
            if (Array.Find<Option>([count, length, seed], option => parsed.GetResult(option) is { Implicit: false })
                is { } strange)
                throw new ArgumentException($"evaluate: {strange.Name} is for sequences, and {Printable.Path(path)} is "
                    + $"a run on {task.Name}: leave it out");
            if (task.Kind is TaskKind.Names or TaskKind.Places)
                throw new ArgumentException($"evaluate: {Printable.Path(path)} is a run on {task.Name}, whose "
                    + $"losses are said by: {Shell.Tool} info {Shell.Path(path)}");
            string on = parsed.GetValue(data) ?? throw new ArgumentException($"evaluate: what is "
                + $"{Printable.Path(path)} to be measured on? Give {(task.Kind == TaskKind.Text ? "a text file"
                    : "a CSV file, or a folder of images")}");
            Console.WriteLine(task.Kind switch
            {
                TaskKind.Table => Table(path, on, reading, parsed),
                TaskKind.Map => Map(path, on, reading, parsed),
                TaskKind.Images => Images(path, on),
                TaskKind.Text => Text(path, on, reading, parsed),
                _ => AutoencoderCommands.Evaluate(path, on),
            });
            return Tool.Done;
        });
        return command.WithExamples("chainrule evaluate runs/table-mlp new.csv",
            "chainrule evaluate runs/images-cnn photos", "chainrule evaluate runs/text-gpt other.txt",
            "chainrule evaluate runs/map new.csv",
            "chainrule evaluate runs/patterns-hopfield --flipped 0.3", "chainrule evaluate runs/sequences-gru "
                + "--length 100");
    }

    static string Table(string folder, string path, ReadingOptions reading, ParseResult parsed)
    {
        var model = TableModel.Load(folder);
        var table = reading.Read(parsed, model, path);
        foreach (string remark in model.Remarks(table))
            Console.Error.WriteLine(Printable.Message($"chainrule: warning: {remark}"));
        var found = model.Evaluate(table);
        if (found.RowsWithoutTarget > 0)
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"chainrule: warning: "
                + $"{found.RowsWithoutTarget:N0} of {table.Rows:N0} rows lack the target "
                + $"'{Printable.Of(model.Target.Name, 40)}' and are left out"));
        return found + (found.Classification is { } report ? Remarks(report, "row") : "");
    }

    static string Text(string folder, string path, ReadingOptions reading, ParseResult parsed)
    {
        if (reading.All.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } strange)
            throw new ArgumentException($"evaluate: {strange.Name} is for tables, and {Printable.Path(folder)} is a "
                + "run on text: leave it out");
        return $"{TextScore.Of(SavedLanguageModel.Load(folder), path)}";
    }

    static string Map(string folder, string path, ReadingOptions reading, ParseResult parsed)
    {
        var map = MapModel.Load(folder);
        var table = reading.Read(parsed, map, path);
        foreach (string remark in map.Remarks(table))
            Console.Error.WriteLine(Printable.Message($"chainrule: warning: {remark}"));
        return $"{map.Evaluate(table)}";
    }

    static string Images(string folder, string path)
    {
        var model = ImageModel.Load(folder);
        if (!Directory.Exists(path))
            throw new InvalidDataException($"evaluate: {Printable.Path(path)} is no folder: give one with a subfolder "
                + "of images for each class");
        List<double> probabilities = [];
        List<int> actual = [];
        foreach (string of in Directory.EnumerateDirectories(path).Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(of);
            int label = model.ClassOf(name) ?? throw new InvalidDataException($"evaluate: {Printable.Path(of)}: the "
                + $"model knows no class '{Printable.Of(name, 40)}': it knows "
                + Printable.List([.. model.Classes], 20));
            foreach (string image in Directory.EnumerateFiles(of).Order(StringComparer.Ordinal)
                .Where(file => s_images.Contains(Path.GetExtension(file).ToLowerInvariant())))
            {
                probabilities.AddRange(model.Predict(image).Probabilities);
                actual.Add(label);
            }
        }
        if (actual.Count == 0)
            throw new InvalidDataException($"evaluate: {Printable.Path(path)} holds no images: give a folder with a "
                + $"subfolder of PNG or JPEG files for each of {Printable.List([.. model.Classes], 20)}");
        var report = ClassificationReport.Of([.. probabilities], [.. actual], model.Classes);
        return report + Remarks(report, "image");
    }

    /// <summary>Which class the metrics of two are of, and what a dash means.</summary>
    static string Remarks(ClassificationReport report, string what)
    {
        string positive = report.Confusion.Names.Count != 2 ? ""
            : $"\n\nThe positive class is '{Printable.Of(report.Confusion.Names[1], 40)}': precision, recall, F1, "
                + "ROC-AUC and PR-AUC above are of it.";
        return report.Missing.Count == 0 ? positive : $"{positive}\n\n– is not defined: no {what} is of "
            + $"{Printable.List([.. report.Missing.Select(name => $"'{name}'")], 10)}.";
    }
}
