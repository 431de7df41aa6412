using System.CommandLine;
using System.Globalization;
using ChainRule.Data;
using ChainRule.Images;

namespace ChainRule.Cli.Commands;

/// <summary>chainrule predict: the class of each image, and how probable it is.</summary>
static class PredictCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "The folder of a run on images" };
        var images = new Argument<string[]>("IMAGE")
            { Description = "PNG or JPEG files, of any size", Arity = ArgumentArity.OneOrMore };
        var command = new Command("predict", "Predict the classes of images by a trained model") { folder, images };
        command.SetAction(parsed =>
        {
            var model = ImageModel.Load(parsed.GetRequiredValue(folder));
            bool all = true;
            foreach (string path in parsed.GetRequiredValue(images)) all &= Predict(model, path);
            return all ? Tool.Done : Tool.Failed;
        });
        return command.WithExamples("chainrule predict runs/images-cnn nine.png",
            "chainrule predict runs/images-cnn photos/*.jpg");
    }

    /// <summary>One that cannot be read keeps none of the others from being answered.</summary>
    static bool Predict(ImageModel model, string path)
    {
        try
        {
            var found = model.Predict(path);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{Printable.Path(path)}  {Printable.Of(found.Class)}  {found.Probability:0.0000}"));
            return true;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or ArgumentException)
        {
            Console.Error.WriteLine(Printable.Message($"chainrule: {e.Message}"));
            return false;
        }
    }
}
