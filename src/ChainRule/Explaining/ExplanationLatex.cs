using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ChainRule.Explaining;

/// <summary>An explanation as LaTeX: a line for each number that is explained, with its terms put in.</summary>
static partial class ExplanationLatex
{
    public static string Of(Explanation root)
    {
        var text = new StringBuilder("\\begin{aligned}\n");
        var open = new Queue<Explanation>([root]);
        HashSet<Explanation> shown = [root];
        bool first = true;
        while (open.TryDequeue(out var number))
        {
            if (number.Steps.Count == 0) continue;
            if (!first) text.Append(" \\\\\n");
            first = false;
            text.Append(Subject(number)).Append(" &= ").Append(Sum(number)).Append(" = ").Append(Number(number.Value));
            foreach (var term in number.Steps.SelectMany(static step => step.Terms))
                if (shown.Add(term.From)) open.Enqueue(term.From);
        }
        if (first) text.Append(Subject(root)).Append(" &= ").Append(Number(root.Value));
        return text.Append("\n\\end{aligned}").ToString();
    }

    static string Sum(Explanation number)
    {
        if (number.Steps is [{ AddsUp: false } step])
            return step.Numbers.Length > 0 ? Formula(step.Numbers)
                : $"\\text{{{Escaped(step.Op)}}}("
                + $"{string.Join(", ", step.Terms.Select(static term => Number(term.From.Value)))}"
                    + (step.Omitted > 0 ? ", \\dots)" : ")");
        List<string> terms = [];
        foreach (var one in number.Steps)
        {
            terms.AddRange(one.Terms.Select(static term => Term(term)));
            if (one.Omitted > 0)
                terms.Add($"\\underbrace{{{Signed(one.OmittedSum)}}}_{{{one.Omitted}\\text{{ more}}}}");
        }
        return terms.Count == 0 ? "0" : string.Join(" + ", terms);
    }

    static string Term(ExplanationTerm term)
    {
        string from = Signed(term.From.Value);
        if (term.Derivative == 1 && term.DerivativeText.Length == 0)
            return $"\\underbrace{{{from}}}_{{{Subject(term.From)}}}";
        string how = term.DerivativeText.Length == 0 ? Signed(term.Derivative)
            : term.IsNamed ? $"\\underbrace{{{Signed(term.Derivative)}}}_{{{Name(term.DerivativeText)}}}"
            : InBrackets(Formula(term.DerivativeText));
        return $"\\underbrace{{{from}}}_{{{Subject(term.From)}}} \\cdot {how}";
    }

    static string Subject(Explanation number) => number.IsGradient
        ? $"\\frac{{\\partial L}}{{\\partial\\, {Name(number.Name)}}}" : Name(number.Name);

    /// <summary>A name with its index below: <c>\text{w}_{3,7}</c>.</summary>
    static string Name(string name)
    {
        int at = Index().Match(name) is { Success: true } index ? index.Index : -1;
        return at <= 0 ? $"\\text{{{Escaped(name)}}}"
            : $"\\text{{{Escaped(name[..at])}}}_{{{name[(at + 1)..^1].Replace(" ", "")}}}";
    }

    /// <summary>In parentheses, unless it stands in brackets of its own: <c>[-1 > 0]</c>.</summary>
    static string InBrackets(string formula) => Whole().IsMatch(formula) ? formula : $"\\left({formula}\\right)";

    static string Formula(string text) => Power().Replace(Functions().Replace(
        text.Replace("−", "-").Replace(" · ", " \\cdot ").Replace("²", "^2").Replace("³", "^3").Replace("σ", "\\sigma ")
            .Replace("Φ", "\\Phi ").Replace("φ", "\\varphi ").Replace("√", "\\sqrt").Replace("≤", "\\le ")
            .Replace("≥", "\\ge ").Replace("≠", "\\ne ").Replace("Infinity", "\\infty ").Replace("NaN", "\\text{NaN}"),
        match => $"\\{match.Value}"), match => $"^{{{match.Groups[1].Value}}}");

    static string Signed(double x) => x < 0 ? $"({Number(x)})" : Number(x);

    static string Number(double x)
    {
        if (!double.IsFinite(x)) return double.IsNaN(x) ? "\\text{NaN}" : x > 0 ? "\\infty" : "-\\infty";
        string text = FormulaNumbers.Text(x);
        int e = text.IndexOf('E');
        return e < 0 ? text : $"{text[..e]} \\cdot 10^{{{int.Parse(text[(e + 1)..], CultureInfo.InvariantCulture)}}}";
    }

    static string Escaped(string text) => text.Replace("−", "-").Replace("\\", "\\textbackslash ").Replace("_", "\\_")
        .Replace("#", "\\#").Replace("%", "\\%").Replace("&", "\\&").Replace("{", "\\{").Replace("}", "\\}")
        .Replace("$", "\\$").Replace("^", "\\^{}");

    [GeneratedRegex(@"\b(exp|ln|tanh|sin|cos|max|min)\b")]
    private static partial Regex Functions();

    [GeneratedRegex(@"\[-?\d+(, ?-?\d+)*\]$")]
    private static partial Regex Index();

    // (x), [x] or a number alone.
    [GeneratedRegex(@"^(\([^()]*\)|\[[^\[\]]*\]|[\d.]+)$")]
    private static partial Regex Whole();

    [GeneratedRegex(@"\^\(([^()]*)\)")]
    private static partial Regex Power();
}
