using System.Globalization;
using ChainRule.Cli.Pages;
using ChainRule.Images;

namespace ChainRule.Cli.Commands;

/// <summary>The class of each image, and how probable it is.</summary>
static class PredictImages
{
    public static int Run(string folder, IReadOnlyList<string> images, bool explain)
    {
        var model = ImageModel.Load(folder);
        bool all = true;
        foreach (string path in images) all &= Predict(model, path, explain);
        return all ? Tool.Done : Tool.Failed;
    }

    /// <summary>One that cannot be read keeps none of the others from being answered.</summary>
    static bool Predict(ImageModel model, string path, bool explain)
    {
        try
        {
            var found = model.Predict(path);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{Printable.Path(path)}  {Printable.Of(found.Class)}  {found.Probability:0.0000}")
                + (found.IsInverted ? "  inverted: its border is not as dark, or as bright, as those trained on" : ""));
            if (explain)
                Console.WriteLine($"  why: {Printable.Path(Explain(model, path))}");
            return true;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or ArgumentException)
        {
            Console.Error.WriteLine(Printable.Message($"chainrule: {e.Message}"));
            return false;
        }
    }

    /// <summary>Beside the current folder's files: a page of the picture's name that is not there yet.</summary>
    static string Explain(ImageModel model, string path)
    {
        string name = Path.GetFileNameWithoutExtension(path), page = $"{name}.html";
        for (int i = 2; File.Exists(page); i++) page = $"{name}-{i}.html";
        ImagePage.Explain(Path.GetFileName(path), model.Explain(path), model.FeatureMaps(path)).Save(page);
        return page;
    }
}
