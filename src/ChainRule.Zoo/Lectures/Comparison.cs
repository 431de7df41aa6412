using System.Globalization;
using System.Text.RegularExpressions;

namespace ChainRule.Zoo.Lectures;

/// <summary>
/// A number or text of a lecture beside the one computed here: the line <c>first loss: 3.3239 | lecture:
/// 3.3239 | agrees</c>.
/// </summary>
/// <param name="Within">How far the two may be apart and still agree; 0, the rule, asks for the same digits.</param>
public sealed partial record Comparison(string Name, string Ours, string Lecture, bool Agrees, double Within = 0)
{
    /// <summary>Compares texts: a sampled name, a list of ids.</summary>
    public static Comparison Of(string name, string lecture, string ours) => new(name, ours, lecture, ours == lecture);

    /// <summary>
    /// Compares at the decimals of the lecture's text, which may end in a unit: "2.1260", "2.640702e-03", "60.95 %".
    /// </summary>
    /// <exception cref="FormatException">The lecture's text does not begin with a number.</exception>
    public static Comparison Of(string name, string lecture, double ours, double within = 0)
    {
        var text = Number().Match(lecture);
        if (!text.Success)
            throw new FormatException(
                $"compare {name}: '{lecture}' does not begin with a number: give the lecture's text as it was printed");
        string written = Written(ours, text);
        double printed = double.Parse(text.Groups["number"].ValueSpan, CultureInfo.InvariantCulture);
        return new(name, written, lecture,
            written == lecture || (within > 0 && Math.Abs(ours - printed) <= within), within);
    }

    /// <summary>Reads a line back; null where it is no such line.</summary>
    public static Comparison? Parse(string line)
    {
        var match = Line().Match(line);
        return match.Success ? new(match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value,
            match.Groups[4].Value == "agrees") : null;
    }

    public override string ToString()
    {
        string margin = Within > 0 ? string.Create(CultureInfo.InvariantCulture, $" within {(decimal)Within}") : "";
        return $"{Name}: {Ours} | lecture: {Lecture} | {(Agrees ? "agrees" : "differs")}{margin}";
    }

    static string Written(double ours, Match form)
    {
        int decimals = form.Groups["decimals"].Length;
        string exponent = form.Groups["exponent"].Value;
        string digits = ours.ToString((exponent.Length > 0 ? "E" : "F") + decimals, CultureInfo.InvariantCulture);
        if (exponent.Length > 0 && double.IsFinite(ours))
        {
            string[] parts = digits.Split('E');
            int least = exponent.Length - 2;
            digits = parts[0] + exponent[0] + parts[1][0] + parts[1][1..].TrimStart('0').PadLeft(least, '0');
        }
        // Below half a unit of the last decimal no sign is left to be seen.
        if (digits.StartsWith('-') && !digits.AsSpan().ContainsAnyInRange('1', '9') && double.IsFinite(ours))
            digits = digits[1..];
        if (form.Groups["sign"].Value == "+" && !digits.StartsWith('-')) digits = "+" + digits;
        return digits + form.Groups["unit"].Value;
    }

    [GeneratedRegex(@"^(?<number>(?<sign>[+-]?)\d+(\.(?<decimals>\d+))?(?<exponent>[eE][+-]\d+)?)(?<unit>.*)$")]
    private static partial Regex Number();

    [GeneratedRegex(@"^\s*(.+?): (.*) \| lecture: (.*) \| (agrees|differs)( within \S+)?\s*$")]
    private static partial Regex Line();
}
