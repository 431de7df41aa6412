using System.Globalization;
using System.Text;

namespace ChainRule;

/// <summary>Lines of cells as text, the first column to the left and the others to the right.</summary>
static class TextTable
{
    public static string Of(IEnumerable<string[]> lines)
    {
        string[][] cells = [.. lines];
        var text = new StringBuilder();
        foreach (string[] line in cells)
        {
            for (int c = 0; c < line.Length; c++)
            {
                int width = cells.Max(other => other[c].Length);
                text.Append(c == 0 ? line[c].PadRight(width) : "  " + line[c].PadLeft(width));
            }
            while (text[^1] == ' ') text.Length--;
            text.Append('\n');
        }
        return text.ToString(0, Math.Max(0, text.Length - 1));
    }

    /// <summary>A number with its sign, which 0 and what rounds to it have as +.</summary>
    public static string Signed(double x, int digits)
    {
        string zeros = new('0', digits);
        return Number(Math.Round(x, digits) + 0.0, $"+0.{zeros};-0.{zeros};+0.{zeros}");
    }

    public static string Number(double x, string format) =>
        double.IsNaN(x) ? "–" : x.ToString(format, CultureInfo.InvariantCulture);
}
