using System.Globalization;

namespace ChainRule.Explaining;

/// <summary>
/// An explanation in one sentence: where it divides first, what is the largest part, and why it is large.
/// </summary>
static class ExplanationSentence
{
    // Terms that cancel to less than this part of their sizes are worth a word.
    const double Cancels = 0.2;

    public static string Of(Explanation root)
    {
        string subject = $"{root.Subject} is {ExplanationText.Number(root.Value)}";
        if (!root.IsGradient) return OfValue(root, subject);
        // A number that is only passed on is explained where it divides.
        var at = root;
        while (at.Steps is [{ Terms.Count: 1, Omitted: 0 } step]) at = step.Terms[0].From;
        if (at.Steps.Count == 0) return subject + Along(root) + ".";
        double magnitude = at.Steps.Sum(static step => step.Magnitude);
        int count = at.Steps.Sum(static step => step.Terms.Count + step.Omitted);
        if (magnitude == 0) return $"{subject}: all {count} terms of its sum are 0, because {Zero(at)}.";
        var (largest, of) = at.Steps.SelectMany(static step => step.Terms, static (step, term) => (term, step))
            .MaxBy(static pair => pair.term.Fraction);
        string cancel = Math.Abs(at.Value) < Cancels * magnitude
            ? $"; its terms have both signs and leave {Percent(Math.Abs(at.Value) / magnitude)} of their sizes" : "";
        double[] rows = of.ByRow;
        if (LargestRow(root) is var (row, _))
        {
            double all = rows.Sum(Math.Abs);
            string first = largest.From.Name.Split('[')[0];
            return $"{subject}: {Percent(Math.Abs(rows[row]) / all)} of it, {ExplanationText.Number(rows[row])}, comes "
                + $"from example {row} of {rows.Length} (axis 0 of {first}); the largest term is "
                + $"{ExplanationText.Product(largest, true)}{Why(largest, of)}{cancel}.";
        }
        return $"{subject}: the largest of its {count} terms, {Percent(largest.Fraction)}, is "
            + $"{ExplanationText.Product(largest, true)}{Why(largest, of)}{cancel}.";
    }

    public static (int Row, int Of)? LargestRow(Explanation root)
    {
        var at = root;
        while (at.Steps is [{ Terms.Count: 1, Omitted: 0 } only]) at = only.Terms[0].From;
        if (at.Steps.Sum(static step => step.Magnitude) == 0) return null;
        int count = at.Steps.Sum(static step => step.Terms.Count + step.Omitted);
        double[] rows = at.Steps.MaxBy(static step =>
            step.Terms.Count == 0 ? 0 : step.Terms[0].Fraction)!.ByRow;
        return rows.Length > 1 && count > rows.Length / 2
            ? (Enumerable.Range(0, rows.Length).MaxBy(i => Math.Abs(rows[i])), rows.Length) : null;
    }

    static string OfValue(Explanation root, string subject)
    {
        if (root.Steps is not [var step]) return $"{subject}: it was given.";
        string how = step.Numbers.Length > 0 ? $"{step.Formula} = {step.Numbers}" : step.Formula;
        string made = $"{subject}, computed by {step.Op}{(how.Length > 0 ? ", " : "")}{how}";
        if (!step.AddsUp || step.Terms.Count == 0) return made + ".";
        int count = step.Terms.Count + step.Omitted;
        return count == 1 ? made + "."
            : $"{made}: the largest of its {count} terms, {Percent(step.Terms[0].Fraction)}, is "
            + $"{ExplanationText.Product(step.Terms[0], true)}.";
    }

    /// <summary>The ops that a number goes through without dividing.</summary>
    static string Along(Explanation root)
    {
        List<string> ops = [];
        for (var at = root; at.Steps is [{ Terms.Count: 1 } step]; at = step.Terms[0].From) ops.Add(step.Op);
        return ops.Count == 0 ? "" : $": one term alone, through {string.Join(", ", ops)}";
    }

    /// <summary>What makes the largest term large: its gradient, or its derivative.</summary>
    static string Why(ExplanationTerm term, ExplanationStep step)
    {
        var (factor, derivative) = step.MeanSizes;
        if (step.Terms.Count + step.Omitted < 3 || factor == 0 || derivative == 0) return "";
        double high = Math.Abs(term.From.Value) / factor, steep = Math.Abs(term.Derivative) / derivative;
        return Math.Max(high, steep) < 1.5 ? ""
            : high >= steep ? $", because the gradient from above is {Times(high)} the mean size there"
            : $", because what it is multiplied by is {Times(steep)} the mean size there";
    }

    static string Zero(Explanation at)
    {
        var terms = at.Steps.SelectMany(static step => step.Terms).ToArray();
        return terms.All(static term => term.From.Value == 0) ? "no gradient comes from above"
            : terms.All(static term => term.Derivative == 0) ? "the derivative is 0 at each of them"
            : "of each either the gradient from above or the derivative is 0";
    }

    static string Percent(double fraction) => $"{(100 * fraction).ToString("0", CultureInfo.InvariantCulture)} %";

    static string Times(double ratio) => $"{ratio.ToString("0.0", CultureInfo.InvariantCulture)} times";
}
