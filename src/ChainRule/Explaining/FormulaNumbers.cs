using System.Globalization;
using System.Text.RegularExpressions;

namespace ChainRule.Explaining;

/// <summary>Puts numbers into the texts of formulas, and makes the texts good to read.</summary>
static partial class FormulaNumbers
{
    /// <summary>The text with numbers in the place of letters; a negative one in parentheses.</summary>
    public static string With(string text, IReadOnlyDictionary<string, double> numbers) =>
        Letters().Replace(text, match => numbers.TryGetValue(match.Value, out double x)
            ? x < 0 && !IsAlone(text, match) ? $"({Text(x)})" : Text(x) : match.Value);

    /// <summary>Whether a letter is all that a function is of.</summary>
    static bool IsAlone(string text, Match letter) =>
        letter.Index > 0 && text[letter.Index - 1] is '(' or ',' && letter.Index + 1 < text.Length
        && text[letter.Index + 1] is ')' or ',';

    /// <summary>As a textbook writes it: − and · for - and *, ² for ^2, e for exp.</summary>
    public static string Pretty(string text) => text.Replace("^2", "²").Replace("^3", "³").Replace("E-", "e⁻")
        .Replace(" * ", " · ").Replace('-', '−').Replace("e⁻", "e-").Replace("<=", "≤").Replace(">=", "≥")
        .Replace("!=", "≠").Replace("sigmoid", "σ").Replace("Phi", "Φ").Replace("phi", "φ").Replace("log", "ln")
        .Replace("sqrt", "√");

    /// <summary>In parentheses where it is a sum, a difference or a quotient.</summary>
    public static string Bracketed(string text) =>
        text.StartsWith('−') || Operators().IsMatch(text) ? $"({text})" : text;

    /// <summary>A number with six digits; −0 is 0.</summary>
    public static string Text(double x) => x == 0 ? "0" : x.ToString("G6", CultureInfo.InvariantCulture);

    [GeneratedRegex(" [+−·/] ")]
    private static partial Regex Operators();

    // A letter by itself: the y of "y^2", not that of "sinhy".
    [GeneratedRegex(@"(?<![A-Za-z0-9_])[abxy](?![A-Za-z0-9_(])")]
    private static partial Regex Letters();
}
