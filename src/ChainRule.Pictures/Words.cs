using System.Globalization;

namespace ChainRule.Pictures;

/// <summary>Numbers as a sentence or a table says them.</summary>
static class Words
{
    /// <summary>Four digits that count: 3.324, 0.0001235, 1.5e+07.</summary>
    public static string Number(double x)
    {
        if (!double.IsFinite(x)) return double.IsNaN(x) ? "NaN" : x > 0 ? "∞" : "−∞";
        if (x == 0) return "0"; // and not −0
        string text = Math.Abs(x) is >= 1e4 and < 1e7 && x == Math.Floor(x)
            ? x.ToString("#,0", CultureInfo.InvariantCulture)
            : x.ToString("G4", CultureInfo.InvariantCulture).Replace('E', 'e');
        return text.Replace('-', '−');
    }

    /// <summary>Seven digits that count, as many as float32 holds.</summary>
    public static string Exact(double x) =>
        double.IsFinite(x) ? Rounded(x).ToString("R", CultureInfo.InvariantCulture).Replace('-', '−') : Number(x);

    /// <summary>Four digits behind the point, as the nodes of a graph have them; 0 has no sign.</summary>
    public static string Fixed(double x) =>
        x.ToString("0.0000;−0.0000;0.0000", CultureInfo.InvariantCulture) is "−0.0000" ? "0.0000"
        : x.ToString("0.0000;−0.0000;0.0000", CultureInfo.InvariantCulture);

    /// <summary>1 point, 2 points, 1,000 points.</summary>
    public static string Count(int n, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{n:#,0} {(n == 1 ? one : many ?? one + "s")}");

    /// <summary>
    /// A number without the digits that no screen shows and float32 never had; whole numbers stay as they are.
    /// </summary>
    public static double Rounded(double x) =>
        x == Math.Floor(x) ? x
            : double.Parse(x.ToString("G7", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
