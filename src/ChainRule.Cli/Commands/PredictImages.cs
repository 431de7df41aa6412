using System.Globalization;
using ChainRule.Images;

namespace ChainRule.Cli.Commands;

/// <summary>The class of each image, and how probable it is.</summary>
static class PredictImages
{
    public static int Run(string folder, IReadOnlyList<string> images)
    {
        var model = ImageModel.Load(folder);
        bool all = true;
        foreach (string path in images) all &= Predict(model, path);
        return all ? Tool.Done : Tool.Failed;
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
