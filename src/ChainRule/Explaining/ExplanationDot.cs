using ChainRule.Scalar;

namespace ChainRule.Explaining;

/// <summary>
/// An explanation as DOT: a box for each number, and an arrow for each term, the wider the larger it is. What a term is
/// multiplied by stands in the arrow, as a node of its own: no arrow crosses it.
/// </summary>
static class ExplanationDot
{
    public static string Of(Explanation root)
    {
        var text = new DotText("rankdir=LR", "ranksep=0.2", "nodesep=0.15",
            "node [shape=box, fontsize=14]");
        Dictionary<Explanation, int> numbers = new() { [root] = 0 };
        var open = new Queue<Explanation>([root]);
        Box(text, 0, root);
        while (open.TryDequeue(out var number))
        {
            int own = numbers[number], rest = 0, factors = 0;
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
                    string factor = $"d{own}_{factors++}", times = step.AddsUp
                        ? $"\n× {ExplanationText.Number(term.Derivative)}" : "";
                    double width = double.IsNaN(term.Fraction) ? 1 : Math.Round(0.5 + 4 * term.Fraction, 2);
                    text.Node(factor, $"{step.Op}{times}", "shape=plaintext, margin=0.03");
                    text.Arrow($"n{from}", factor, $"arrowhead=none, penwidth={FormulaNumbers.Text(width)}");
                    text.Arrow(factor, $"n{own}", $"penwidth={FormulaNumbers.Text(width)}");
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
