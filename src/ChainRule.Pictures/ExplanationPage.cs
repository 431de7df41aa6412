using ChainRule.Explaining;

namespace ChainRule.Pictures;

/// <summary>Explanations of numbers, on a page.</summary>
public static class ExplanationPage
{
    /// <summary>
    /// Adds an explanation: its sentence, a graph of its numbers, the formulas with the numbers put in, and all
    /// of its terms as a table.
    /// </summary>
    /// <returns>The page.</returns>
    public static Page AddTo(this Explanation why, Page page)
    {
        if (why is null) Throw.Argument("page: there is no explanation: give one");
        if (page is null) Throw.Argument("explanation: there is no page: give one");
        string title = $"Where {why.Subject} came from";
        page.Section(title).Add(why.Sentence).Add(Graph.Of(why, "The terms as a graph"));
        page.Add(new Formula("With the numbers put in", why.ToLatex(), $"Formulas of the explanation: {why.Sentence}"));
        string[][] rows = [.. Rows(why)];
        return rows.Length == 0 ? page
            : page.Table("Terms", ["number", "used by", "formula", "term", "of the sum of all sizes", "is"], rows);
    }

    static IEnumerable<string[]> Rows(Explanation root)
    {
        var open = new Queue<Explanation>([root]);
        HashSet<Explanation> seen = [root];
        while (open.TryDequeue(out var number))
        {
            foreach (var step in number.Steps)
            {
                foreach (var term in step.Terms)
                {
                    string fraction = step.AddsUp && !double.IsNaN(term.Fraction)
                        ? $"{Words.Number(Math.Round(100 * term.Fraction, 1))} %" : "";
                    string made = step.AddsUp ? term.ToString() : term.From.Subject;
                    yield return [number.Subject, step.Op, step.Formula, Words.Number(term.Value), fraction, made];
                    if (seen.Add(term.From)) open.Enqueue(term.From);
                }
                if (step.Omitted > 0)
                    yield return [number.Subject, step.Op, step.Formula, Words.Number(step.OmittedSum), "",
                        $"{step.Omitted} more"];
            }
        }
    }
}
