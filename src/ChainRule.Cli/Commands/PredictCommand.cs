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
            { Description = "PNG or JPEG files, of any size", Arity = ArgumentArity.OneOrMore };
        var explain = new Option<bool>("--explain") { Description = "Also say why. Of each image a page is written, "
            + "NAME.html: saliency, occlusion and feature maps" };
        var command = new Command("predict", "Predict new data by a trained model") { folder, files, explain };
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(folder);
            string[] given = parsed.GetRequiredValue(files);
            var task = TrainingTask.Of(RunFolder.Open(path).Settings.Kind);
            return task.Kind switch
            {
                TaskKind.Images => PredictImages.Run(path, given, parsed.GetValue(explain)),
                _ => throw new ArgumentException($"predict: {Printable.Path(path)} is a run on {task.Name}, which has "
                    + $"nothing to predict: {task.NextCommand(path)}"),
            };
        });
        return command.WithExamples("chainrule predict runs/images-cnn nine.png",
            "chainrule predict runs/images-cnn photos/*.jpg", "chainrule predict runs/images-cnn nine.png --explain");
    }
}
