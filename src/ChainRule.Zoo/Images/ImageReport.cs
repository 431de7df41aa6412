using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ChainRule.Metrics;
using ChainRule.Zoo.Runs;

namespace ChainRule.Zoo.Images;

/// <summary>An image that a model takes for another class.</summary>
/// <param name="Image">A file, or a place in one.</param>
/// <param name="Class">The class that it is of.</param>
/// <param name="Predicted">The class that it is taken for.</param>
/// <param name="Probability">The probability that the model gives that.</param>
/// <param name="Index">Its number among the images that were measured.</param>
public sealed record ImageError(string Image, string Class, string Predicted, double Probability, int Index);

/// <summary>How well a model tells the classes of images apart.</summary>
/// <param name="Part">The part of the data that was measured: test or validation.</param>
/// <param name="Classes">The names of the classes.</param>
/// <param name="Confusion">How many images of each class (row) were taken for each class (column).</param>
/// <param name="Errors">The most confident errors: those with the highest probability of a wrong class.</param>
public sealed record ImageReport(string Part, IReadOnlyList<string> Classes,
    IReadOnlyList<IReadOnlyList<int>> Confusion, IReadOnlyList<ImageError> Errors)
{
    internal const string Name = "images";

    const int MostErrors = 10, MostClasses = 20;

    /// <summary>The area under the ROC curve of the second of two classes; null where there are more.</summary>
    public double? RocAuc { get; init; }

    /// <summary>The counts, and what follows from them: precision, recall and F1 of each class, and more.</summary>
    [JsonIgnore]
    public ConfusionMatrix Matrix => ConfusionMatrix.FromCounts(Confusion, Classes);

    /// <summary>How many images were measured.</summary>
    public int Count => (int)Matrix.Total;

    /// <summary>The fraction of all images that was classified right.</summary>
    public double Accuracy => Matrix.Accuracy;

    /// <summary>The mean of the fractions of each class that were classified right: rare classes count alike.</summary>
    public double BalancedAccuracy => Matrix.BalancedAccuracy;

    /// <summary>That of a finished run on images; null of any other.</summary>
    public static ImageReport? Of(RunSummary summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        return summary.Details.TryGetValue(Name, out var report) ? RunFile.Read<ImageReport>(report) : null;
    }

    /// <summary>Compares predictions with labels.</summary>
    /// <param name="part">The part of the data.</param>
    /// <param name="classes">The names of the classes.</param>
    /// <param name="images">The images, with their labels.</param>
    /// <param name="probabilities">[images, classes].</param>
    internal static ImageReport Of(string part, IReadOnlyList<string> classes, ImageSet images, Tensor probabilities)
    {
        int[][] confusion = [.. classes.Select(_ => new int[classes.Count])];
        List<(int Image, int Class, float Probability)> errors = [];
        float[] numbers = probabilities.ToArray<float>();
        for (int i = 0; i < images.Count; i++)
        {
            var row = numbers.AsSpan(i * classes.Count, classes.Count);
            int found = 0;
            for (int c = 1; c < row.Length; c++) if (row[c] > row[found]) found = c;
            confusion[images.Labels[i]][found]++;
            if (found != images.Labels[i]) errors.Add((i, found, row[found]));
        }
        return new(part, classes, confusion,
            [.. errors.OrderByDescending(error => error.Probability).ThenBy(error => error.Image).Take(MostErrors)
                .Select(error => new ImageError(images.Names[error.Image], classes[images.Labels[error.Image]],
                    classes[error.Class], Math.Round(error.Probability, 6), error.Image))])
        {
            RocAuc = classes.Count == 2 && images.Labels.Distinct().Count() == 2 ? Classification.RocAuc(
                [.. Enumerable.Range(0, images.Count).Select(i => (double)numbers[2 * i + 1])], [.. images.Labels])
                : null,
        };
    }

    /// <summary>The report of each class, the confusion matrix and the most confident errors, in lines.</summary>
    internal IEnumerable<string> Lines()
    {
        int width = Math.Clamp(Classes.Max(name => name.Length), 5, 20);
        string Cut(string name) => Printable.Of(name, width).PadRight(width);
        yield return string.Create(CultureInfo.InvariantCulture, $"Of {Count:N0} {Part} images:");
        yield return "";
        yield return $"{"class".PadRight(width)}  precision  recall      F1  images";
        var matrix = Matrix;
        for (int c = 0; c < Classes.Count; c++)
        {
            var of = matrix.Of(c);
            // Of a class without images none of the three is defined.
            string Cell(double score) => of.Support > 0 ? score.ToString("0.0000", CultureInfo.InvariantCulture) : "–";
            yield return string.Create(CultureInfo.InvariantCulture, $"{Cut(Classes[c])}  {Cell(of.Precision),9}  "
                + $"{Cell(of.Recall),6}  {Cell(of.F1),6}  {of.Support,6:N0}");
        }
        yield return "";
        yield return Summary();
        yield return "";
        foreach (string line in Classes.Count <= MostClasses ? Counts(width) : Pairs()) yield return line;
        yield return "";
        if (Errors.Count == 0) yield return "No image was classified wrong.";
        else yield return "The most confident errors:";
        foreach (var error in Errors)
            yield return string.Create(CultureInfo.InvariantCulture, $"  {Printable.Path(error.Image)}: "
                + $"{Printable.Of(error.Class)}, predicted {Printable.Of(error.Predicted)} with probability "
                + $"{error.Probability:0.0000}");
    }

    IEnumerable<string> Counts(int width)
    {
        int column = Math.Max(5, Count.ToString(CultureInfo.InvariantCulture).Length + 1);
        string Cell(string text) => " " + Printable.Of(text, column - 1).PadLeft(column - 1);
        yield return "Confusion matrix, a row for each true class, a column for each predicted one:";
        yield return new string(' ', width) + string.Concat(Classes.Select(Cell));
        for (int c = 0; c < Classes.Count; c++)
            yield return Printable.Of(Classes[c], width).PadRight(width) + string.Concat(Confusion[c].Select(
                count => Cell(count.ToString(CultureInfo.InvariantCulture))));
    }

    IEnumerable<string> Pairs()
    {
        yield return "The classes most often confused:";
        var pairs = from of in Enumerable.Range(0, Classes.Count)
                    from taken in Enumerable.Range(0, Classes.Count)
                    where of != taken && Confusion[of][taken] > 0
                    orderby Confusion[of][taken] descending
                    select (of, taken);
        foreach (var (of, taken) in pairs.Take(MostErrors))
            yield return string.Create(CultureInfo.InvariantCulture, $"  {Printable.Of(Classes[of])} for "
                + $"{Printable.Of(Classes[taken])}: {Confusion[of][taken]:N0}");
    }

    /// <summary>The numbers of all classes together, in a line.</summary>
    public string Summary() => string.Create(CultureInfo.InvariantCulture,
        $"accuracy {Accuracy:0.0000}, balanced accuracy {BalancedAccuracy:0.0000}")
        + (RocAuc is { } area ? string.Create(CultureInfo.InvariantCulture, $", ROC-AUC {area:0.0000}") : "");
}
