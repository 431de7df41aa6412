using System.Globalization;

namespace ChainRule.Diagnosing;

/// <summary>Numbers as a report writes them.</summary>
static class Figures
{
    /// <summary>Four digits: <c>0.00016</c>, <c>12,345</c>, <c>1.761e+10</c>.</summary>
    public static string Text(double x) => !double.IsFinite(x) ? "not finite"
        : Math.Abs(x) >= 1e6 ? x.ToString("0.###e+0", CultureInfo.InvariantCulture)
        : Math.Abs(x) >= 1e4 ? x.ToString("#,0", CultureInfo.InvariantCulture)
        : Math.Abs(x) >= 1e-3 ? x.ToString("0.####", CultureInfo.InvariantCulture)
        : x.ToString("G3", CultureInfo.InvariantCulture);

    /// <summary>A relative size in words, from its log₁₀: <c>0.1 %</c>, <c>1 part in 2,000,000</c>.</summary>
    public static string Part(double log10) => double.IsNegativeInfinity(log10) ? "0 %"
        : log10 >= -4 ? (100 * Math.Pow(10, log10)).ToString(log10 >= 0 ? "#,0" : "G2", CultureInfo.InvariantCulture)
            + " %"
        : $"1 part in {Rounded(Math.Pow(10, -log10)).ToString("#,0", CultureInfo.InvariantCulture)}";

    // Two digits: more are not known.
    static double Rounded(double x)
    {
        double unit = Math.Pow(10, Math.Floor(Math.Log10(x)) - 1);
        return Math.Round(x / unit) * unit;
    }
}
