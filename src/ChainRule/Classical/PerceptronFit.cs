using System.Globalization;

namespace ChainRule.Classical;

/// <summary>What came of Rosenblatt's rule.</summary>
/// <param name="Perceptron">The last weights.</param>
/// <param name="Mistakes">How many mistakes it made, each of which changed the weights.</param>
/// <param name="Passes">How often it went through all rows.</param>
/// <param name="Separates">Whether it answers all rows rightly: false if it is proven, without rounding, that no
/// weights do; null if all passes were made before the rule found such weights.</param>
/// <param name="MistakeBound">
/// No order of the rows can lead to more mistakes: (R / γ)², with R the length of the longest row (with a 1 for the
/// bias) and γ the distance of the nearest row from a separating line in the middle between the classes: the line that
/// the rule found, or, where all passes were made before, the one with the largest margin (of columns of one size,
/// where rounding hides it otherwise). Null if no line is known, or the bound is beyond what a double holds.
/// Novikoff, "On convergence proofs on perceptrons", 1962.
/// </param>
/// <param name="Conflict">Why no weights answer all rows rightly; null unless that is proven.</param>
public sealed record PerceptronFit(Perceptron Perceptron, int Mistakes, int Passes, bool? Separates,
    double? MistakeBound, PerceptronConflict? Conflict)
{
    /// <summary>The weights with the fewest errors on all rows after any pass: those to use where no line separates
    /// the classes, since the last ones may be any. Gallant, "Perceptron-based learning algorithms", 1990.</summary>
    public Perceptron Best { get; init; } = Perceptron;

    /// <summary>How many rows <see cref="Best"/> answers wrongly.</summary>
    public int BestErrors { get; init; }

    /// <summary>What came of it, in a sentence.</summary>
    public override string ToString() => Separates switch
    {
        true => $"all rows are right after {Made} in {Times}" + (MistakeBound is { } most
            ? string.Create(CultureInfo.InvariantCulture, $" (bound: {most:0.#})") : ""),
        false => $"no line separates the classes: {Conflict}",
        null => $"after {Times} and {Made} it was given up: " + (MistakeBound is { } bound
            ? string.Create(CultureInfo.InvariantCulture,
                $"a line separates the classes, and the rule finds it after at most {bound:0.#} mistakes")
            : $"whether a line separates the classes is not known within {Times}"),
    };

    string Made => $"{Mistakes} {(Mistakes == 1 ? "mistake" : "mistakes")}";

    string Times => $"{Passes} {(Passes == 1 ? "pass" : "passes")}";
}

/// <summary>
/// Why no line separates two classes: a weighted mean of some rows of the one is a weighted mean of some rows of the
/// other. Each side of a line holds all means of the rows on it, and this point would lie on both.
/// </summary>
/// <param name="Ones">Rows of class 1, counted from 0.</param>
/// <param name="Zeros">Rows of class 0.</param>
/// <param name="Point">The point that is a mean of both, a number for each input.</param>
public sealed record PerceptronConflict(IReadOnlyList<int> Ones, IReadOnlyList<int> Zeros, IReadOnlyList<double> Point)
{
    const int MostNumbers = 6;

    /// <summary>The reason, in half a sentence.</summary>
    public override string ToString() =>
        $"the point ({List(Point, x => x.ToString("0.####", CultureInfo.InvariantCulture))}) lies between "
        + $"{Rows(Ones)} of class 1, and also between {Rows(Zeros)} of class 0, so it would be on both sides";

    static string Rows(IReadOnlyList<int> rows) => $"row{(rows.Count == 1 ? "" : "s")} {List(rows, row => $"{row}")}";

    static string List<T>(IReadOnlyList<T> all, Func<T, string> text) =>
        string.Join(", ", all.Take(MostNumbers).Select(text)) + (all.Count > MostNumbers ? ", …" : "");
}
