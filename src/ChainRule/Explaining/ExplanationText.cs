using System.Globalization;
using System.Text;

namespace ChainRule.Explaining;

/// <summary>An explanation as indented lines: a line for a number, one for each op, and one for each term.</summary>
sealed class ExplanationText
{
    readonly StringBuilder _text = new();
    readonly HashSet<Explanation> _shown = [];

    public static string Of(Explanation root)
    {
        var text = new ExplanationText();
        text._text.Append(CultureInfo.InvariantCulture, $"{root.Subject} = {Number(root.Value)}\n");
        text._shown.Add(root);
        // The deepest trees have a thousand levels: no recursion.
        var open = new Stack<(int Indent, string Line, Explanation? Below)>();
        Push(open, root, 1);
        while (open.TryPop(out var line))
        {
            bool again = line.Below is { Steps.Count: > 0 } below && !text._shown.Add(below);
            text._text.Append(' ', 2 * line.Indent).Append(line.Line).Append(again ? " (explained above)\n" : "\n");
            if (line.Below is { } next && !again) Push(open, next, line.Indent + 1);
        }
        return text._text.ToString(0, text._text.Length - 1);
    }

    /// <summary>A term as <c>dL/dy[7, 3] · x[7, 7] = −0.0191 · 0.4</c>.</summary>
    public static string Product(ExplanationTerm term, bool isSum)
    {
        string from = term.From.Subject, number = Number(term.From.Value), derivative = Number(term.Derivative);
        if (!isSum) return $"{from} = {number}";
        if (term.Derivative == 1 && term.DerivativeText.Length == 0) return from;
        if (term.DerivativeText.Length == 0) return $"{from} · {derivative} = {number} · {derivative}";
        return $"{from} · {FormulaNumbers.Bracketed(term.DerivativeText)} = {number} · {derivative}";
    }

    public static string Number(double x) => FormulaNumbers.Text(x).Replace('-', '−');

    // Beside terms of both signs a part is none of the number, but of the sum of their sizes.
    static string Signs(IReadOnlyList<ExplanationStep> steps)
    {
        double positive = steps.Sum(static step => step.Signs.Positive),
            negative = steps.Sum(static step => step.Signs.Negative);
        return positive > 0 && negative < 0
            ? $" of both signs: +{Number(positive)} and {Number(negative)}; % of their sizes" : "";
    }

    /// <summary>What a step is: <c>tanh: dx = dy · (1 − y²)</c>.</summary>
    public static string Head(Explanation of, ExplanationStep step)
    {
        var text = new StringBuilder(of.IsGradient ? $"used by {step.Op}" : $"computed by {step.Op}");
        if (step.Formula.Length > 0) text.Append(": ").Append(step.Formula);
        if (step.Numbers.Length > 0) text.Append(" = ").Append(step.Numbers);
        int count = step.Terms.Count + step.Omitted;
        if (of.Steps.Count > 1) text.Append(CultureInfo.InvariantCulture, $"  → {Number(step.Sum)}");
        else if (step.AddsUp && count > 1)
            text.Append(CultureInfo.InvariantCulture, $"  ({count} terms{Signs([step])})");
        return text.ToString();
    }

    static void Push(Stack<(int, string, Explanation?)> open, Explanation number, int indent)
    {
        List<(int, string, Explanation?)> lines = [];
        if (number.Steps.Count > 1)
            lines.Add((indent, $"used {number.Steps.Count} times: the parts are added up"
                + (Signs(number.Steps) is { Length: > 0 } signs ? $", terms{signs}" : ""), null));
        if (number.Missing != 0)
            lines.Add((indent, $"the terms add up to {Number(number.Value - number.Missing)} alone: the backward pass "
                + $"of {number.Steps[0].Op} is not linear in dL/dy", null));
        foreach (var step in number.Steps)
        {
            lines.Add((indent, Head(number, step), null));
            foreach (var term in step.Terms)
                lines.Add((indent + 1, step.AddsUp
                    ? $"{Percent(term.Fraction)}  {Number(term.Value)} = {Product(term, true)}"
                        : Product(term, false), term.From));
            if (step.Omitted > 0)
                lines.Add((indent + 1, step.AddsUp ? $"and {step.Omitted} more: {Number(step.OmittedSum)}"
                    : $"and {step.Omitted} more", null));
        }
        for (int i = lines.Count - 1; i >= 0; i--) open.Push(lines[i]);
    }

    // NaN and infinity have no parts.
    static string Percent(double fraction) => double.IsNaN(fraction) ? "       "
        : $"{(100 * fraction).ToString("0.0", CultureInfo.InvariantCulture),5} %";
}
