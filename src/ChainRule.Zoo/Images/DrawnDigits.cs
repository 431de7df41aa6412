using System.Globalization;
using System.Security.Cryptography;
using ChainRule.Randomness;

namespace ChainRule.Zoo.Images;

/// <summary>
/// Ten digits as a pen might write them, for a first training without any download: 28 × 28, light on dark, as MNIST's.
/// Each digit has one to three styles, a style strokes through a few points. Of every image the points are moved at
/// random, curves drawn through them, and the whole is rotated, sheared, scaled, bent by a wave and shifted; then a
/// round pen of a drawn width follows, and noise is added. One seed gives the same images. They are far easier than
/// handwriting: what a model reaches here says that it learns, not how well it would read.
/// </summary>
static class DrawnDigits
{
    const int Size = 28, TrainPerClass = 500, TestPerClass = 100;

    const ulong Seed = 20;

    // Points in hundredths, from the left and from the top; a stroke that begins with ~ is a curve.
    static readonly string[][][] s_styles =
    [
        [["~50,7 24,22 20,50 26,80 50,93 74,80 80,50 74,20 50,7"]],
        [["50,6 50,94"], ["30,28 52,6 52,94"], ["32,26 52,6 52,94", "30,94 74,94"]],
        [["~24,30 34,11 58,7 74,25 64,48 24,92", "24,92 80,92"],
            ["~22,24 48,6 74,22 62,52 30,88", "30,88 46,84 82,94"]],
        [["~22,14 50,6 72,22 64,42 42,48", "~42,48 70,54 76,74 56,93 22,88"],
            ["22,8 74,8 44,42", "~44,42 76,58 70,86 22,90"]],
        [["60,6 18,64 84,64", "62,36 62,94"], ["26,8 22,52 78,52", "74,8 72,94"]],
        [["76,8 32,8 28,44", "~28,44 52,38 76,58 66,86 22,90"], ["~70,8 32,10 26,46 56,42 76,66 56,92 22,84"]],
        [["~66,6 38,30 24,64 36,90 62,90 74,70 58,54 28,68"]],
        [["20,9 80,9 42,94"], ["20,9 80,9 42,94", "36,50 70,50"]],
        [["~50,47 28,30 38,8 62,8 72,30 50,47 24,72 40,93 62,93 76,72 50,47"]],
        [["~72,28 52,7 28,26 40,50 68,40 72,28 70,62 54,94"], ["~72,24 46,8 28,30 46,50 72,26", "72,24 70,94"]],
    ];

    // 5 MB, which each run of an experiment opens anew.
    static readonly Lazy<ReadImages> s_drawn = new(Draw);

    /// <summary>5,000 images to train and validate with, and 1,000 to test; drawn once.</summary>
    public static ReadImages Drawn => s_drawn.Value;

    /// <summary>Draws them.</summary>
    internal static ReadImages Draw()
    {
        var (train, test) = (Draw(Seed, TrainPerClass), Draw(Seed + 1, TestPerClass));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in (ImageSet[])[train, test])
            for (int i = 0; i < part.Count; i++) hash.AppendData(part.Pixels(i));
        return new("drawn digits, embedded", Convert.ToHexStringLower(hash.GetHashAndReset()),
            [.. Enumerable.Range(0, s_styles.Length).Select(digit => digit.ToString(CultureInfo.InvariantCulture))],
            train, null, test);
    }

    static ImageSet Draw(ulong seed, int perClass)
    {
        int count = perClass * s_styles.Length;
        byte[] pixels = new byte[count * Size * Size];
        int[] labels = [.. Enumerable.Range(0, count).Select(i => i % s_styles.Length)];
        Parallel.For(0, count, i => Draw(labels[i], new TorchRandom(seed * 1_000_000 + (ulong)i),
            pixels.AsSpan(i * Size * Size, Size * Size)));
        return new(1, Size, pixels, labels, [.. labels.Select((digit, i) => $"drawn {digit}, image {i}")]);
    }

    static void Draw(int digit, TorchRandom rng, Span<byte> to)
    {
        string[] style = s_styles[digit][(int)(rng.NextDouble() * s_styles[digit].Length)];
        double Between(double low, double high) => low + (high - low) * rng.NextDouble();
        var (angle, shear, wide, high) = (Between(-0.26, 0.26), Between(-0.3, 0.3), Between(12, 19), Between(16, 22));
        var (right, down, pen) = (Between(-2.5, 2.5), Between(-2, 2), Between(0.7, 1.7));
        var (wave, phase, turns) = (Between(0, 0.06), Between(0, 2 * Math.PI), Between(0.5, 1.2));
        var (cos, sin) = (Math.Cos(angle), Math.Sin(angle));
        (double X, double Y) Placed((double X, double Y) p)
        {
            double x = (p.X - 0.5 + wave * Math.Sin(2 * Math.PI * turns * p.Y + phase)) * wide, y = (p.Y - 0.5) * high;
            x -= shear * y;
            return (cos * x - sin * y + Size / 2.0 + right, sin * x + cos * y + Size / 2.0 + down);
        }
        Span<double> ink = stackalloc double[Size * Size];
        ink.Clear();
        foreach (string stroke in style)
        {
            (double X, double Y)[] points = [.. Points(stroke.TrimStart('~')).Select(p =>
                (p.X + Between(-0.04, 0.04), p.Y + Between(-0.04, 0.04)))];
            var line = stroke[0] == '~' ? Curve(points) : points;
            for (int i = 1; i < line.Length; i++) Line(ink, Placed(line[i - 1]), Placed(line[i]), pen);
        }
        for (int i = 0; i < to.Length; i++)
            to[i] = (byte)Math.Clamp(Math.Round(255 * (ink[i] + Between(-0.03, 0.03))), 0, 255);
    }

    static IEnumerable<(double X, double Y)> Points(string stroke) =>
        from point in stroke.Split(' ')
        let parts = point.Split(',')
        select (int.Parse(parts[0], CultureInfo.InvariantCulture) / 100.0,
            int.Parse(parts[1], CultureInfo.InvariantCulture) / 100.0);

    /// <summary>A smooth line through all points (Catmull and Rom, 1974), eight pieces between two.</summary>
    static (double X, double Y)[] Curve((double X, double Y)[] p)
    {
        const int Pieces = 8;
        List<(double, double)> line = [p[0]];
        for (int i = 0; i < p.Length - 1; i++)
        {
            var (before, a, b, after) = (p[Math.Max(0, i - 1)], p[i], p[i + 1], p[Math.Min(p.Length - 1, i + 2)]);
            for (int piece = 1; piece <= Pieces; piece++)
            {
                double t = (double)piece / Pieces;
                line.Add((Spline(before.X, a.X, b.X, after.X, t), Spline(before.Y, a.Y, b.Y, after.Y, t)));
            }
        }
        return [.. line];
    }

    static double Spline(double before, double a, double b, double after, double t) =>
        0.5 * (2 * a + (b - before) * t + (2 * before - 5 * a + 4 * b - after) * t * t
            + (3 * a - before - 3 * b + after) * t * t * t);

    /// <summary>A round pen from one point to another: full ink within its radius, half a pixel to fade.</summary>
    static void Line(Span<double> ink, (double X, double Y) a, (double X, double Y) b, double pen)
    {
        double dx = b.X - a.X, dy = b.Y - a.Y, square = Math.Max(1e-12, dx * dx + dy * dy), reach = pen + 1;
        int top = Math.Max(0, (int)(Math.Min(a.Y, b.Y) - reach));
        int bottom = Math.Min(Size - 1, (int)(Math.Max(a.Y, b.Y) + reach));
        int left = Math.Max(0, (int)(Math.Min(a.X, b.X) - reach));
        int right = Math.Min(Size - 1, (int)(Math.Max(a.X, b.X) + reach));
        for (int y = top; y <= bottom; y++)
        {
            for (int x = left; x <= right; x++)
            {
                double t = Math.Clamp(((x + 0.5 - a.X) * dx + (y + 0.5 - a.Y) * dy) / square, 0, 1);
                double offX = x + 0.5 - a.X - t * dx, offY = y + 0.5 - a.Y - t * dy;
                double found = Math.Clamp(pen + 0.5 - Math.Sqrt(offX * offX + offY * offY), 0, 1);
                ref double pixel = ref ink[y * Size + x];
                pixel = Math.Max(pixel, found);
            }
        }
    }
}
