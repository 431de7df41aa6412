using System.Text;

namespace ChainRule.Pictures;

/// <summary>A formula in LaTeX, or a derivation: one step a line, each with its reason.</summary>
public sealed class Formula : Picture
{
    public Formula(string title, string latex, string? alt = null) : base("formula", title, alt ?? $"Formula: {latex}")
    {
        if (string.IsNullOrWhiteSpace(latex))
            Throw.Argument($"formula '{title}': its LaTeX is empty: write the formula");
        (Text, Steps) = (latex, [(latex, "")]);
    }

    Formula(string title, IReadOnlyList<(string Latex, string Because)> steps, string latex) : base("derivation", title,
        $"Derivation in {Words.Count(steps.Count, "step")}: {string.Join("; ", steps.Select(Said))}.") =>
        (Text, Steps) = (latex, [.. steps]);

    static string Said((string Latex, string Because) step) =>
        step.Because.Length > 0 ? $"{step.Latex}, {step.Because}" : step.Latex;

    /// <inheritdoc/>
    public override string Text { get; }

    /// <summary>The lines of a derivation; one for a formula.</summary>
    internal IReadOnlyList<(string Latex, string Because)> Steps { get; }

    /// <summary>
    /// Step after step, aligned at the first = sign, or where a step has an &amp;. The reasons are prose.
    /// </summary>
    /// <exception cref="ArgumentException">There is no step, or one is empty.</exception>
    public static Formula Derivation(string title, params IReadOnlyList<(string Latex, string Because)> steps)
    {
        if (steps.Count == 0) Throw.Argument($"derivation '{title}': there is no step: give at least one");
        var text = new StringBuilder("\\begin{aligned}\n");
        foreach (var (i, (latex, because)) in steps.Index())
        {
            if (string.IsNullOrWhiteSpace(latex))
                Throw.Argument($"derivation '{title}': step {i + 1} is empty: write its formula");
            text.Append(Aligned(latex));
            if (because.Length > 0) text.Append(" && \\text{").Append(Escaped(because)).Append('}');
            text.Append(i == steps.Count - 1 ? "\n" : " \\\\\n");
        }
        return new(title, steps, text.Append("\\end{aligned}").ToString());
    }

    static string Aligned(string latex)
    {
        int equals = latex.IndexOf('=', StringComparison.Ordinal);
        return latex.Contains('&', StringComparison.Ordinal) ? latex
            : equals < 0 ? "& " + latex : latex.Insert(equals, "&");
    }

    // In prose of LaTeX these have meanings of their own.
    static string Escaped(string prose)
    {
        var text = new StringBuilder(prose.Length);
        foreach (char c in prose)
        {
            text.Append(c switch
            {
                '\\' => "\\backslash ",
                '~' => "\\sim ",
                '^' => "\\hat{}",
                '{' or '}' or '$' or '&' or '#' or '_' or '%' => "\\" + c,
                _ => c.ToString(),
            });
        }
        return text.ToString();
    }
}
