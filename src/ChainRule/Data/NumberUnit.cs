using System.Buffers;
using System.Text.RegularExpressions;

namespace ChainRule.Data;

/// <summary>
/// What stands beside the digits of a number: a sign of money before or after it ($1200, 3.50 €, USD 12), a per cent
/// sign, or a unit after it (80 m², 5kg). A column is of one unit where almost all of its values have the same.
/// </summary>
static partial class NumberUnit
{
    static readonly SearchValues<char> s_plain = SearchValues.Create("0123456789.,-+eE");

    // This fraction of a column's values decides its unit; values of another are errors.
    const double Almost = 0.9;

    /// <summary>The unit of a text, and the number beside it as it is written; false where there is none.</summary>
    public static bool TrySplit(string text, out string unit, out string number)
    {
        (unit, number) = ("", text);
        // Most texts of a table are words or plain numbers.
        if (text.Length is < 2 or > 40 || text.AsSpan().IndexOfAnyInRange('0', '9') < 0
            || !text.AsSpan().ContainsAnyExcept(s_plain)) return false;
        var match = Before().Match(text);
        if (!match.Success) match = After().Match(text);
        if (!match.Success) return false;
        (unit, number) = (match.Groups["unit"].Value, match.Groups["minus"].Value + match.Groups["number"].Value);
        return true;
    }

    /// <summary>The number as it is written, without its unit if it has one.</summary>
    public static string Bare(string text) => TrySplit(text, out _, out string number) ? number : text;

    /// <summary>The number as it is written, without that unit if it has it.</summary>
    public static string Without(string text, string unit) =>
        unit.Length > 0 && TrySplit(text, out string own, out string number) && own == unit ? number : text;

    /// <summary>The unit of a column; empty if it has none.</summary>
    public static string Of(IReadOnlyDictionary<string, int> counts)
    {
        var units = new Dictionary<string, int>(StringComparer.Ordinal);
        int all = 0;
        foreach (var (text, count) in counts)
        {
            all += count;
            if (TrySplit(text, out string unit, out _)) units[unit] = units.GetValueOrDefault(unit) + count;
        }
        return units.Where(one => one.Value >= Almost * all).Select(one => one.Key).FirstOrDefault("");
    }

    /// <summary>Whether it is a sign of money or per cent, which no code ends with.</summary>
    public static bool IsSign(string unit) => unit.Length > 0 && !unit.Any(char.IsLetterOrDigit);

    const string Money = @"(?:US|R|A|C)?[$€£¥₹₽₩₺₪฿]|(?:USD|EUR|GBP|JPY|CHF|CAD|AUD|NZD|CNY|INR|SEK|NOK|DKK|PLN|CZK|"
        + @"HUF|RUB|BRL|MXN|ZAR|TRY|KRW|SGD|HKD|Rs\.?|kr\.?|zł)(?![A-Za-z])";

    // Of known units alone: 12A and 17A may be the numbers of flats.
    const string Units = @"(?:[mcdk]?m|in|ft|yd|mi|[mµk]?g|t|lbs?|oz|[mcdh]?[lL]|ms|s|sec|min|h|hrs?|days?|years?|yrs?|"
        + @"[kMG]?W|kWh|[km]?V|mA|[kMG]?Hz|[KMGT]B|bar|[hkM]?Pa|kJ|k?cal|mph|rpm|ppm|dB|px|ha|acres?|sqm|sq ?ft)[²³23]?"
        + @"(?:/(?:h|s|min|day|[mcd]?[lL]|k?g|k?m[²³23]?))?";

    const string Digits = @"\d(?:[\d.,'’\u00a0\u202f ]*\d)?";

    [GeneratedRegex(@"^(?<minus>[-+−]?)\s?(?<unit>" + Money + @")\s?(?<number>[-+−]?" + Digits + ")$")]
    private static partial Regex Before();

    [GeneratedRegex(@"^(?<minus>[-+−]?)(?<number>" + Digits + @")\s?(?<unit>[%‰°]|°[CF]|" + Money
        + "|" + Units + ")$")]
    private static partial Regex After();
}
