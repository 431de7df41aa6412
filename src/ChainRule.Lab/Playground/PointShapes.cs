using ChainRule.Randomness;

namespace ChainRule.Lab.Playground;

/// <summary>
/// The data sets that are drawn: points of the plane between −6 and 6, with a class or a number each. Shapes of two
/// classes are repeated, class by class, where there are more.
/// </summary>
public static class PointShapes
{
    /// <summary>How far the plane that is shown reaches from 0.</summary>
    public const double Reach = 6;

    static readonly string[] s_regression = ["plane", "gaussians"];

    /// <summary>The names, those of regression last.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["circles", "xor", "blobs", "spirals", "moons", "stripes", .. s_regression];

    /// <summary>Whether the targets are numbers, from −1 to 1.</summary>
    public static bool IsRegression(string name) => s_regression.Contains(name);

    /// <summary>The points, shuffled: those to train on first.</summary>
    public static IReadOnlyList<PlanePoint> Draw(PlaygroundSettings settings)
    {
        var rng = new TorchRandom((ulong)(uint)settings.Seed);
        PlanePoint[] points = settings.Data == "own" ? [.. settings.Own] : new PlanePoint[settings.Points];
        if (settings.Data != "own")
            for (int i = 0; i < points.Length; i++) points[i] = Point(settings, rng, i);
        int[] order = new int[points.Length];
        rng.Permutation(order);
        return [.. order.Select(i => points[i])];
    }

    /// <summary>How many of the points are trained on: one at least, and one at least is left for the test.</summary>
    public static int TrainCount(PlaygroundSettings settings, int points) =>
        Math.Clamp((int)Math.Round(points * settings.TrainFraction), 1, points - 1);

    static PlanePoint Point(PlaygroundSettings s, TorchRandom rng, int i)
    {
        double noise = s.Noise;
        if (s.Classes == 0)
        {
            double x1 = Uniform(rng, -Reach, Reach), x2 = Uniform(rng, -Reach, Reach);
            double y = s.Data == "plane" ? (x1 + x2) / (2 * Reach) : Hills(x1, x2);
            return Rounded(x1, x2, y + noise / Reach * Normal(rng));
        }
        int c = i % s.Classes;
        // How far along its class a point is, from 0 to 1.
        double along = rng.NextDouble();
        var (a, b) = s.Data switch
        {
            "circles" => Polar(Reach * 0.9 * (c + 0.2 + 0.6 * along) / s.Classes, Uniform(rng, 0, Math.Tau)),
            "spirals" => Polar(0.3 + 5.2 * along, 1.75 * Math.Tau / 2 * along * 2 + Math.Tau * c / s.Classes),
            "moons" => Moon(c, along),
            "blobs" => Polar(s.Classes == 2 ? 2.8 : 4, Math.Tau * c / s.Classes + Math.PI / 4, 0.8, rng),
            "stripes" => (Reach * 1.8 * ((c + 0.1 + 0.8 * along) / s.Classes - 0.5), Uniform(rng, -5, 5)),
            _ => Checked(rng, c, s.Classes),
        };
        return Rounded(a + noise * Normal(rng), b + noise * Normal(rng), c);
    }

    // XOR with more than two classes: fields of a board, numbered along its diagonals.
    static (double, double) Checked(TorchRandom rng, int c, int classes)
    {
        int row = (int)(rng.NextDouble() * classes), column = (c - row + classes) % classes;
        double field = 10.0 / classes;
        return (-5 + field * (column + 0.06 + 0.88 * rng.NextDouble()),
            -5 + field * (row + 0.06 + 0.88 * rng.NextDouble()));
    }

    static (double, double) Moon(int c, double along)
    {
        double turn = Math.PI * along, shift = 2.6 * (c / 2);
        return c % 2 == 0 ? (-1.5 + 3.2 * Math.Cos(turn), -0.8 + 3.2 * Math.Sin(turn) + shift)
            : (1.5 - 3.2 * Math.Cos(turn), 0.8 - 3.2 * Math.Sin(turn) - shift);
    }

    static (double, double) Polar(double radius, double turn) => (radius * Math.Cos(turn), radius * Math.Sin(turn));

    static (double, double) Polar(double radius, double turn, double width, TorchRandom rng)
    {
        var (a, b) = Polar(radius, turn);
        return (a + width * Normal(rng), b + width * Normal(rng));
    }

    // Six hills and hollows.
    static double Hills(double x1, double x2)
    {
        double sum = 0;
        foreach (var (a, b, sign) in (ReadOnlySpan<(double, double, double)>)
            [(-4, 2.5, 1), (0, 2.5, -1), (4, 2.5, 1), (-4, -2.5, -1), (0, -2.5, 1), (4, -2.5, -1)])
            sum += sign * Math.Max(0, 1 - Math.Sqrt((x1 - a) * (x1 - a) + (x2 - b) * (x2 - b)) / 2);
        return sum;
    }

    // Box and Muller's; two draws a number.
    static double Normal(TorchRandom rng) =>
        Math.Sqrt(-2 * Math.Log(1 - rng.NextDouble())) * Math.Cos(Math.Tau * rng.NextDouble());

    static double Uniform(TorchRandom rng, double low, double high) => low + (high - low) * rng.NextDouble();

    // As the exported programs write them: what is read back is the same number.
    static PlanePoint Rounded(double x1, double x2, double y) =>
        new(Math.Round(x1, 4), Math.Round(x2, 4), Math.Round(y, 4));
}
