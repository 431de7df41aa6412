using System.Globalization;

namespace ChainRule.Metrics;

/// <summary>Metrics by name, a line for each.</summary>
static class MetricTable
{
    public static string Of(int rows, IEnumerable<KeyValuePair<string, double>> values) =>
        TextTable.Of([["rows", rows.ToString(CultureInfo.InvariantCulture)],
            .. values.Select(one => (string[])[one.Key, Number(one.Value)])]);

    // What numbers that cancel leave of 0, such as 1 − 1.0000000000000002.
    const double Noise = 1e-14;

    // Six digits of what is large or tiny, four decimals of the rest.
    static string Number(double x) => Math.Abs(x) < Noise ? "0"
        : TextTable.Number(x, Math.Abs(x) is >= 1000 or < 0.01 ? "G6" : "0.0000");
}
