using System.Globalization;

namespace ChainRule.Cli.Pages;

/// <summary>Numbers as a page writes them.</summary>
static class Numbers
{
    /// <summary>A count, with marks of thousands.</summary>
    public static string Count(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    // A sum of numbers that cancel leaves rounding errors of this size, such as 1 − 1.0000000000000002.
    const double Noise = 1e-14;

    /// <summary>What is left of 0 by rounding is 0.</summary>
    public static double Clean(double number) => Math.Abs(number) < Noise ? 0 : number;

    /// <summary>Four digits that count: 3.324, 12,400, 1.2e-05.</summary>
    public static string Short(double number) => !double.IsFinite(number) ? "–"
        : Minus(Math.Abs(number) is >= 1000 and < 1e9 ? number.ToString("N0", CultureInfo.InvariantCulture)
            : number.ToString("G4", CultureInfo.InvariantCulture).Replace('E', 'e'));

    /// <summary>A metric: four decimals of what is small; a dash of what is not defined.</summary>
    public static string Score(double number)
    {
        double clean = Clean(number);
        return Math.Abs(clean) is < 100 and (>= 0.0002 or 0)
            ? Minus(clean.ToString("0.0000", CultureInfo.InvariantCulture)) : Short(clean);
    }

    static string Minus(string number) => number.Replace('-', '−');
}
