using ChainRule.Scalar;

namespace ChainRule.Explaining;

/// <summary>
/// An explanation as DOT: a box for each number, and an arrow for each term, the wider the larger it is.
/// </summary>
static class ExplanationDot
{
    public static string Of(Explanation root)
    {
        var text = new DotText("rankdir=LR", "node [shape=box, fontsize=11]");
        Dictionary<Explanation, int> numbers = new() { [root] = 0 };
        var open = new Queue<Explanation>([root]);
        Box(text, 0, root);
        while (open.TryDequeue(out var number))
        {
            int own = numbers[number], rest = 0;
            foreach (var step in number.Steps)
            {
                foreach (var term in step.Terms)
                {
                    if (!numbers.TryGetValue(term.From, out int from))
                    {
                        numbers[term.From] = from = numbers.Count;
                        open.Enqueue(term.From);
                        Box(text, from, term.From);
                    }
                    string label = DotText.Quoted($"{step.Op}\n× {ExplanationText.Number(term.Derivative)}");
                    text.Arrow($"n{from}", $"n{own}",
                        $"label={label}, penwidth={FormulaNumbers.Text(Math.Round(0.5 + 4 * term.Fraction, 2))}");
                }
                if (step.Omitted == 0) continue;
                string more = $"r{own}_{rest++}",
                    sum = step.AddsUp ? $"\n{ExplanationText.Number(step.OmittedSum)}" : "";
                text.Node(more, $"{step.Omitted} more{sum}", "style=dashed");
                text.Arrow(more, $"n{own}", "style=dashed");
            }
        }
        return text.ToString();
    }

    static void Box(DotText text, int at, Explanation number) =>
        text.Node($"n{at}", $"{number.Subject}\n{ExplanationText.Number(number.Value)}");
}
