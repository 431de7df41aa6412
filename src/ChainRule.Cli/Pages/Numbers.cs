using System.Globalization;

namespace ChainRule.Cli.Pages;

/// <summary>Numbers as a page writes them.</summary>
static class Numbers
{
    /// <summary>A count, with marks of thousands.</summary>
    public static string Count(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Four digits that count: 3.324, 12,400, 1.2e-05.</summary>
    public static string Short(double number) => !double.IsFinite(number) ? "–"
        : Math.Abs(number) is >= 1000 and < 1e9 ? number.ToString("N0", CultureInfo.InvariantCulture)
        : number.ToString("G4", CultureInfo.InvariantCulture).Replace('E', 'e');

    /// <summary>A metric: four decimals of what is small; a dash of what is not defined.</summary>
    public static string Score(double number) =>
        Math.Abs(number) is < 100 and (>= 0.01 or 0) ? number.ToString("0.0000", CultureInfo.InvariantCulture)
        : Short(number);
}
