using System.Globalization;

namespace ChainRule.Cli;

/// <summary>
/// A size on disk or of memory: <c>64MB</c>, <c>1.5GB</c>, <c>512MiB</c>, <c>8Gi</c>, <c>0</c>. Without a unit it is in
/// megabytes.
/// </summary>
static class ByteSize
{
    public const string Wanted = "give a size such as 64MB, 1GB or 0";

    static readonly (string, double)[] s_units =
        [("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12), ("KIB", 1 << 10), ("MIB", 1 << 20), ("GIB", 1 << 30),
            ("TIB", 1L << 40), ("KI", 1 << 10), ("MI", 1 << 20), ("GI", 1 << 30), ("TI", 1L << 40), ("K", 1e3),
            ("M", 1e6), ("G", 1e9), ("T", 1e12), ("B", 1)];

    /// <summary>Its bytes; null where it is no size.</summary>
    public static long? Parse(string text)
    {
        string number = text.Trim().ToUpperInvariant();
        var (unit, bytes) = s_units.Append(("", 1e6))
            .First(one => number.EndsWith(one.Item1, StringComparison.Ordinal));
        number = number[..^unit.Length].TrimEnd();
        return double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double size)
            && size * bytes <= 1e18 ? (long)(size * bytes) : null;
    }
}
