using System.Globalization;

namespace ChainRule.Metrics;

/// <summary>Metrics by name, a line for each.</summary>
static class MetricTable
{
    public static string Of(int rows, IEnumerable<KeyValuePair<string, double>> values) =>
        TextTable.Of([["rows", rows.ToString(CultureInfo.InvariantCulture)],
            .. values.Select(one => (string[])[one.Key, Number(one.Value)])]);

    // Six digits of what is large or tiny, four decimals of the rest.
    static string Number(double x) => TextTable.Number(x, Math.Abs(x) is >= 1000 or (> 0 and < 0.01) ? "G6" : "0.0000");
}
