using System.Globalization;
using ChainRule.Zoo.Settings;

namespace ChainRule.Zoo.Tables;

/// <summary>
/// Which of two classes ROC-AUC, PR-AUC, precision, recall, F1 and the threshold are of: the second in all that is
/// said of the classes.
/// </summary>
static class PositiveClass
{
    // A class of fewer rows than this fraction is usually the one that is looked for.
    const double Rare = 0.2;

    /// <summary>Two classes with the one that is asked for as the second; others as they are.</summary>
    /// <param name="target">The column.</param>
    /// <param name="positive">The class that is asked for; null for the second in alphabetical order.</param>
    /// <param name="classes">The names of the classes, in alphabetical order.</param>
    /// <param name="labels">The class of each row.</param>
    /// <exception cref="ArgumentException">There is no such class, or there are not two.</exception>
    public static (int[] Labels, IReadOnlyList<string> Classes) Order(string target, string? positive,
        IReadOnlyList<string> classes, int[] labels)
    {
        if (positive is null) return (labels, classes);
        if (classes.Count != 2)
            throw new ArgumentException($"fit: positive {Printable.Of(positive, 40)}: the target "
                + $"'{Printable.Of(target, 40)}' has {classes.Count:N0} classes, and a positive class is one of two: "
                + "leave it out");
        if (!classes.Contains(positive))
        {
            string meant = Nearest.To(positive, classes) is { } near
                ? $"did you mean '{Printable.Of(near, 40)}'?" : $"give one of {Printable.List([.. classes], 2)}";
            throw new ArgumentException($"fit: positive {Printable.Of(positive, 40)}: the target "
                + $"'{Printable.Of(target, 40)}' has no such class: {meant}");
        }
        return classes[1] == positive ? (labels, classes) : ([.. labels.Select(label => 1 - label)],
            [classes[1], classes[0]]);
    }

    /// <summary>What is said of it; empty where there are not two classes.</summary>
    public static string Said(string? positive, IReadOnlyList<string> classes, int[] labels)
    {
        if (classes.Count != 2) return "";
        string said = $"; the positive class is '{Printable.Of(classes[1], 40)}', ";
        if (positive is not null) return $"{said}as it was asked for";
        double other = labels.Count(label => label == 0) / (double)labels.Length;
        return $"{said}the second in alphabetical order: --positive {Shell(classes[0])} " + (other >= Rare
            ? "takes the other" : string.Create(CultureInfo.InvariantCulture,
                $"would make F1 and PR-AUC those of the rare class, {other:0.0 %} of the rows"));
    }

    /// <summary>Refuses a threshold where there are not two classes.</summary>
    /// <exception cref="ArgumentException">One is asked for, and there are more classes or fewer.</exception>
    public static void CheckThreshold(TableSource table)
    {
        if (table.Options.Threshold is { } threshold && table.Classes.Count != 2)
            throw new ArgumentException($"fit: threshold {Printable.Of(threshold, 40)}: the target "
                + $"'{Printable.Of(table.Target, 40)}' has {table.Classes.Count:N0} classes, and a threshold divides "
                + "two: leave it out");
    }

    static string Shell(string name) => Runs.Shell.Path(Printable.Of(name, 40));
}
