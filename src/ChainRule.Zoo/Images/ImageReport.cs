using System.Globalization;

namespace ChainRule.Zoo.Images;

/// <summary>An image that a model takes for another class.</summary>
/// <param name="Image">A file, or a place in one.</param>
/// <param name="Class">The class that it is of.</param>
/// <param name="Predicted">The class that it is taken for.</param>
/// <param name="Probability">The probability that the model gives that.</param>
public sealed record ImageError(string Image, string Class, string Predicted, double Probability);

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

    /// <summary>How many images were measured.</summary>
    public int Count => Confusion.Sum(row => row.Sum());

    /// <summary>The fraction of all images that was classified right.</summary>
    public double Accuracy => Fraction(Classes.Index().Sum(one => Confusion[one.Index][one.Index]), Count);

    /// <summary>Of the images that were taken for a class, the fraction that is of it; 0 if none was.</summary>
    public double Precision(int c) => Fraction(Confusion[c][c], Confusion.Sum(row => row[c]));

    /// <summary>Of the images of a class, the fraction that was taken for it; 0 if there is none.</summary>
    public double Recall(int c) => Fraction(Confusion[c][c], Confusion[c].Sum());

    /// <summary>The harmonic mean of precision and recall; 0 if both are.</summary>
    public double F1(int c) => Precision(c) + Recall(c) is > 0 and var sum ? 2 * Precision(c) * Recall(c) / sum : 0;

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
                    classes[error.Class], Math.Round(error.Probability, 6)))]);
    }

    /// <summary>The report of each class, the confusion matrix and the most confident errors, in lines.</summary>
    internal IEnumerable<string> Lines()
    {
        int width = Math.Clamp(Classes.Max(name => name.Length), 5, 20);
        string Cut(string name) => Printable.Of(name, width).PadRight(width);
        yield return string.Create(CultureInfo.InvariantCulture, $"Of {Count:N0} {Part} images:");
        yield return "";
        yield return $"{"class".PadRight(width)}  precision  recall      F1  images";
        for (int c = 0; c < Classes.Count; c++)
            yield return string.Create(CultureInfo.InvariantCulture, $"{Cut(Classes[c])}  {Precision(c),9:0.0000}  "
                + $"{Recall(c):0.0000}  {F1(c):0.0000}  {Confusion[c].Sum(),6:N0}");
        yield return "";
        foreach (string line in Classes.Count <= MostClasses ? Matrix(width) : Pairs()) yield return line;
        yield return "";
        if (Errors.Count == 0) yield return "No image was classified wrong.";
        else yield return "The most confident errors:";
        foreach (var error in Errors)
            yield return string.Create(CultureInfo.InvariantCulture, $"  {Printable.Path(error.Image)}: "
                + $"{Printable.Of(error.Class)}, predicted {Printable.Of(error.Predicted)} with probability "
                + $"{error.Probability:0.0000}");
    }

    IEnumerable<string> Matrix(int width)
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

    static double Fraction(int part, int all) => all == 0 ? 0 : (double)part / all;
}
