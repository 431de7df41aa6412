using System.Globalization;

namespace ChainRule.Pictures;

/// <summary>
/// Which colour stands for which name. Up to ten names have ten colours that can be told apart by the colour-blind too;
/// the next ten have ten others, and a second sign, dashes or another shape, that parts them from the first. Of still
/// more each has a colour of its own, from one circle of hues, and what is pointed at tells its name.
/// </summary>
static class Palette
{
    // The lightness and chroma (OKLCH) of the circle: seen on white and on black.
    const double Lightness = 0.62, Chroma = 0.12;

    /// <summary>
    /// A colour for each name, none twice. Who asks for one gets it; the others take what is left, in order.
    /// </summary>
    /// <param name="names">Names, each with the colour it asks for.</param>
    public static IReadOnlyList<Sign> Assign(string asked, IReadOnlyList<(string Name, Hue? Hue)> names)
    {
        var taken = new Dictionary<Hue, string>();
        foreach (var (name, hue) in names)
        {
            if (hue is { } wanted && !taken.TryAdd(wanted, name))
                Throw.Argument(
                    $"{asked}: '{taken[wanted]}' and '{name}' both ask for {wanted}: a colour stands for one series");
        }
        int all = Theme.Series.Count;
        bool many = names.Count > all;
        var free = new Queue<int>(Enumerable.Range(0, all).Where(i => !taken.ContainsKey((Hue)i)));
        return [.. names.Select((one, i) =>
        {
            if (one.Hue is null && many) return new Sign(one.Name, OnCircle((double)i / names.Count), false);
            int place = one.Hue is { } hue ? (int)hue : free.Dequeue();
            return new Sign(one.Name, Theme.Series[place], place >= Theme.Plain);
        })];
    }

    /// <summary>A colour around the circle of hues at one lightness, from 0 to 1.</summary>
    static string OnCircle(double turn)
    {
        double a = Chroma * Math.Cos(2 * Math.PI * turn), b = Chroma * Math.Sin(2 * Math.PI * turn);
        double l = Cube(Lightness + 0.3963377774 * a + 0.2158037573 * b);
        double m = Cube(Lightness - 0.1055613458 * a - 0.0638541728 * b);
        double s = Cube(Lightness - 0.0894841775 * a - 1.2914855480 * b);
        double[] linear =
        [
            4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
            -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
            -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s,
        ];
        return "#" + string.Concat(linear.Select(part => Byte(part).ToString("x2", CultureInfo.InvariantCulture)));
    }

    static double Cube(double x) => x * x * x;

    static int Byte(double linear)
    {
        double x = Math.Clamp(linear, 0, 1);
        return (int)Math.Round(255 * (x <= 0.0031308 ? 12.92 * x : 1.055 * Math.Pow(x, 1 / 2.4) - 0.055));
    }
}

/// <summary>What stands for a name in a chart.</summary>
/// <param name="Second">Whether dashes or another shape part it from the first ten.</param>
readonly record struct Sign(string Name, string Colour, bool Second);
