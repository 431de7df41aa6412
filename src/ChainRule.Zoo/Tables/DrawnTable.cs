using System.Globalization;
using System.Text;
using ChainRule.Randomness;

namespace ChainRule.Zoo.Tables;

/// <summary>What is drawn where no table is given.</summary>
public enum TableDrawing
{
    /// <summary>Prices of houses in a city that does not exist: <see cref="HousePrices"/>.</summary>
    Houses,

    /// <summary>Two half circles that reach into one another, of two classes.</summary>
    Moons,

    /// <summary>A circle around another, of two classes.</summary>
    Circles,

    /// <summary>Two spirals around one another, of two classes: one turn and a half.</summary>
    Spirals,

    /// <summary>Four clouds of points, those of opposite corners of one class.</summary>
    Xor,

    /// <summary>y = sin(2π x) + x / 2 over x from −2 to 2: a regression.</summary>
    Wave,
}

/// <summary>
/// Tables of points in a plane, and of a curve, in which what can be learned is known: columns x and y with a class, or
/// x with a value. The noise is normal.
/// </summary>
static class DrawnTable
{
    /// <summary>The table as the text of a CSV file, with a header.</summary>
    /// <param name="drawing">What is drawn.</param>
    /// <param name="rows">How many rows; classes take turns.</param>
    /// <param name="noise">The standard deviation of the noise; if null, the usual one of the drawing.</param>
    /// <param name="seed">Decides all that is drawn.</param>
    public static string CreateCsv(TableDrawing drawing, int rows, double? noise, ulong seed)
    {
        var rng = new TorchRandom(seed);
        double deviation = noise ?? drawing switch { TableDrawing.Spirals => 0.05, TableDrawing.Xor => 0.3, _ => 0.15 };
        bool isWave = drawing == TableDrawing.Wave;
        var text = new StringBuilder(isWave ? "x,value\n" : "x,y,class\n");
        for (int i = 0; i < rows; i++)
        {
            double u = rng.NextDouble();
            if (isWave)
            {
                double at = 4 * u - 2;
                Line(at, Math.Sin(2 * Math.PI * at) + at / 2 + deviation * Normal());
                continue;
            }
            bool second = i % 2 == 1;
            var (x, y) = Point(drawing, second, u, rng);
            Line(x + deviation * Normal(), y + deviation * Normal(), second ? "b" : "a");
        }
        return text.ToString();

        double Normal()
        {
            double[] one = [0];
            rng.Normal(one);
            return one[0];
        }

        void Line(double x, double y, string? name = null)
        {
            text.Append(CultureInfo.InvariantCulture, $"{x:0.######},{y:0.######}");
            if (name is not null) text.Append(',').Append(name);
            text.Append('\n');
        }
    }

    /// <summary>The column that is predicted.</summary>
    public static string TargetOf(TableDrawing drawing) =>
        drawing switch { TableDrawing.Houses => HousePrices.Target, TableDrawing.Wave => "value", _ => "class" };

    static (double X, double Y) Point(TableDrawing drawing, bool second, double u, TorchRandom rng)
    {
        double angle = Math.PI * u;
        switch (drawing)
        {
            case TableDrawing.Moons:
                return second ? (1 - Math.Cos(angle), 0.5 - Math.Sin(angle)) : (Math.Cos(angle), Math.Sin(angle));
            case TableDrawing.Circles:
                double radius = second ? 0.4 : 1;
                return (radius * Math.Cos(2 * angle), radius * Math.Sin(2 * angle));
            case TableDrawing.Spirals:
                double turned = 3 * Math.PI * Math.Sqrt(u), reach = Math.Sqrt(u) * (second ? -1 : 1);
                return (reach * Math.Cos(turned), reach * Math.Sin(turned));
            default:
                bool right = rng.NextDouble() < 0.5;
                return (right ? 1 : -1, right == second ? -1 : 1);
        }
    }
}
