using System.Globalization;
using System.Text;

namespace ChainRule.Lab.Playground;

/// <summary>What the exported programs of both languages are written with.</summary>
static class ProgramText
{
    /// <summary>A number that reads back as the same.</summary>
    public static string Of(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The points, as many to a line as fit.</summary>
    public static string Points(IReadOnlyList<PlanePoint> points, string indent)
    {
        var text = new StringBuilder();
        foreach (string[] line in points.Select(p => $"{Of(p.X1)},{Of(p.X2)},{Of(p.Y)}").Chunk(5))
            text.Append(indent).AppendJoin(' ', line).Append('\n');
        return text.ToString();
    }

    /// <summary>How many steps lie between two lines that are printed: about twenty lines in all.</summary>
    public static int Every(int steps)
    {
        int every = 1;
        while (steps / every > 20) every *= 2;
        return every;
    }

    /// <summary>One feature as both languages say it, but for the name of the sine.</summary>
    public static string Feature(string name, string sine) => name switch
    {
        "x1" => "x1",
        "x2" => "x2",
        "x1Squared" => "x1 * x1",
        "x2Squared" => "x2 * x2",
        "x1x2" => "x1 * x2",
        "sinX1" => $"{sine}(x1)",
        _ => $"{sine}(x2)",
    };
}
