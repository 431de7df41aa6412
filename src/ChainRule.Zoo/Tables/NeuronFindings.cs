using System.Globalization;
using ChainRule.Classical;

namespace ChainRule.Zoo.Tables;

/// <summary>Whether one neuron can tell the classes of a table apart in its training rows, and why not if it cannot, in
/// sentences.</summary>
static class NeuronFindings
{
    const int MostRows = 6;

    /// <summary>What Rosenblatt's rule did.</summary>
    public static IEnumerable<string> OfPerceptron(TableData data, PerceptronFit fit)
    {
        int rows = data.Rows.Train.Length;
        string made = $"Rosenblatt's rule made {Count(fit.Mistakes)} {(fit.Mistakes == 1 ? "mistake" : "mistakes")} in "
            + $"{Count(fit.Passes)} {(fit.Passes == 1 ? "pass" : "passes")} over {Count(rows)} training rows";
        if (fit.Separates == true)
        {
            yield return $"{made}, and then none: a {Line(data)} separates the classes."
                + (fit.MistakeBound is { } most
                    ? $" No order of the rows leads to more than {Count(most)} mistakes." : "");
        }
        else
        {
            yield return $"{made}, and was stopped. " + (Overlap(data, fit) ?? (fit.MistakeBound is { } bound
                ? $"A {Line(data)} separates the classes, and the rule finds it after at most {Count(bound)} mistakes: "
                    + $"give more passes by --set passes={Math.Min(fit.Passes * 10L, 1_000_000)}."
                : $"{NotKnown(data)} within {Count(fit.Passes)} {(fit.Passes == 1 ? "pass" : "passes")}."));
            yield return $"Its weights are those after the pass that left the fewest training rows wrong: "
                + $"{Count(fit.BestErrors)} of {Count(rows)}.";
        }
        yield return "A perceptron says yes or no; its probabilities are those of a sigmoid neuron with the same "
            + "weights, and say only which of two rows is surer.";
    }

    /// <summary>What a sigmoid neuron can do.</summary>
    /// <param name="data">The table.</param>
    /// <param name="fit">What Rosenblatt's rule found, of few passes: whether a line exists is known all the
    /// same.</param>
    public static string OfNeuron(TableData data, PerceptronFit fit) => Overlap(data, fit)
        ?? (fit.Separates == true || fit.MistakeBound is not null
            ? $"A {Line(data)} separates the classes in the training rows: one neuron can tell them all apart."
            : $"{NotKnown(data)}: they come nearer than rounding tells.");

    static string NotKnown(TableData data) => $"Whether a {Line(data)} separates the classes is not known";

    static string? Overlap(TableData data, PerceptronFit fit) => fit.Conflict is not { } conflict ? null
        : $"No {Line(data)} separates the classes, and one neuron draws no more than one: there is a point that is a "
            + $"weighted mean of {Rows(data, conflict.Ones)} of the class '{Class(data, 1)}', and also one of "
            + $"{Rows(data, conflict.Zeros)} of the class '{Class(data, 0)}', and it would lie on both sides.";

    /// <summary>What one neuron divides the rows by.</summary>
    static string Line(TableData data) => data.Encoding.Encoder.Columns.Count switch
        { 1 => "threshold", 2 => "line", 3 => "plane", _ => "hyperplane" };

    static string Count(double number) => Math.Floor(number).ToString("N0", CultureInfo.InvariantCulture);

    static string Class(TableData data, int label) => Printable.Of(data.Table.Classes[label], 40);

    /// <summary>By their numbers in the file.</summary>
    static string Rows(TableData data, IReadOnlyList<int> rows) => $"row{(rows.Count == 1 ? "" : "s")} "
        + string.Join(", ", rows.Take(MostRows).Select(i => data.Table.Lines[data.Rows.Train[i]]))
        + (rows.Count > MostRows ? $" and {rows.Count - MostRows} more" : "");
}
