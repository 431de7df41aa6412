using ChainRule.Randomness;

namespace ChainRule.Zoo.Images;

/// <summary>One drawn surface: first its texture, then perhaps a defect, then the light and the noise of a
/// camera.</summary>
sealed class Surface(int size, TorchRandom rng)
{
    // Lengths are those of an image of 32 × 32.
    const double Unit = 32;

    // What changes a pixel by less than this is not seen, and is not counted to the defect.
    const double LeastSeen = 0.06;

    readonly double[] _grey = new double[size * size];
    double _angle, _period;

    double Between(double low, double high) => low + (high - low) * rng.NextDouble();

    public void Texture(int kind)
    {
        _angle = Between(-0.15, 0.15);
        _period = Between(3.5, 5);
        var (contrast, phaseX, phaseY) = (Between(0.06, 0.12), Between(0, 2 * Math.PI), Between(0, 2 * Math.PI));
        var (cloud, streak) = (Field(6, 6), Field(kind == 2 ? 16 : 24, kind == 2 ? 2.5 : 0.8));
        Fill((x, y) => 0.5 + kind switch
        {
            0 => contrast * (Math.Cos(2 * Math.PI * x / _period + phaseX)
                * Math.Cos(2 * Math.PI * y / _period + phaseY) + 0.5 * Math.Cos(2 * Math.PI * y / _period + phaseY)),
            1 => contrast * streak(x, y),
            2 => contrast * Math.Sin(2 * Math.PI * y / (1.5 * _period) + 2.5 * streak(x, y)),
            _ => 0.5 * contrast * cloud(x, y),
        });
    }

    /// <summary>Adds a defect, and says which pixels it changed.</summary>
    public bool[] Spoil(DefectKind kind, int texture)
    {
        double[] before = [.. _grey];
        var (x0, y0, turn) = (Between(-10, 10), Between(-10, 10), Between(0, Math.PI));
        double sign = rng.NextDouble() < 0.5 ? -1 : 1, strength = Between(0.2, 0.35);
        double length = Between(5, 10), wide = Between(0.5, 0.9), radius = Between(1.5, 2.8);
        var edge = Field(4, 4);
        double along = texture == 0 ? _period : 2.5, row = Math.Round(y0 / along) * along;
        Change((x, y, was) => kind switch
        {
            DefectKind.Scratch => was + sign * strength * Soft(Stroke(x - x0, y - y0, turn, length), wide),
            DefectKind.Blob => was + sign * strength * Math.Exp(-0.5 * Square(x - x0, y - y0) / (radius * radius)),
            DefectKind.Hole => Math.Sqrt(Square(x - x0, y - y0)) is var r && r < radius ? 0.12
                : was + 0.25 * Soft(Math.Abs(r - radius - 0.5), 0.6),
            DefectKind.Stain => was - 0.55 * strength
                * Soft(Math.Sqrt(Square(x - x0, y - y0)) + 1.2 * edge(x, y), 2.2 * radius + 1),
            _ => was + (0.3 - was) * Soft(Math.Abs(y - row), 0.28 * along) * Soft(Math.Abs(x - x0), 1.6 * length),
        });
        return [.. _grey.Zip(before, (now, was) => Math.Abs(now - was) >= LeastSeen)];
    }

    /// <summary>Uneven light, noise, and bytes.</summary>
    public void Write(Span<byte> to)
    {
        var (bright, lightX, lightY) = (Between(-0.08, 0.08), Between(-0.06, 0.06), Between(-0.06, 0.06));
        double[] noise = new double[to.Length];
        rng.Normal(noise, 0, 0.03);
        for (int i = 0; i < to.Length; i++)
        {
            double x = (double)(i % size) / size - 0.5, y = (double)(i / size) / size - 0.5;
            double grey = _grey[i] + bright + lightX * x + lightY * y + noise[i];
            to[i] = (byte)Math.Clamp(Math.Round(255 * grey), 0, 255);
        }
    }

    /// <summary>1 within a distance, 0 beyond, and half a pixel on each side to fade.</summary>
    static double Soft(double distance, double within) => Math.Clamp(within + 0.5 - distance, 0, 1);

    static double Square(double x, double y) => x * x + y * y;

    /// <summary>The distance to a straight stroke through the origin.</summary>
    static double Stroke(double x, double y, double turn, double length)
    {
        double along = Math.Clamp(x * Math.Cos(turn) + y * Math.Sin(turn), -length, length);
        return Math.Sqrt(Square(x - along * Math.Cos(turn), y - along * Math.Sin(turn)));
    }

    /// <summary>A smooth random field of mean 0 and standard deviation near 1: waves of about these lengths.</summary>
    Func<double, double, double> Field(double lengthX, double lengthY)
    {
        const int Waves = 12;
        var waves = new (double X, double Y, double Phase)[Waves];
        for (int i = 0; i < Waves; i++)
            waves[i] = (Between(-2, 2) * Math.PI / lengthX, Between(-2, 2) * Math.PI / lengthY,
                Between(0, 2 * Math.PI));
        return (x, y) =>
            waves.Sum(wave => Math.Sin(wave.X * x + wave.Y * y + wave.Phase)) / Math.Sqrt(Waves / 2.0);
    }

    void Fill(Func<double, double, double> grey) => Change((x, y, _) => grey(x, y));

    /// <summary>Places in the texture's own axes, from the middle of the image.</summary>
    void Change(Func<double, double, double, double> change)
    {
        var (cos, sin) = (Math.Cos(_angle), Math.Sin(_angle));
        for (int i = 0; i < _grey.Length; i++)
        {
            double x = (i % size + 0.5 - size / 2.0) * Unit / size, y = (i / size + 0.5 - size / 2.0) * Unit / size;
            _grey[i] = change(cos * x + sin * y, cos * y - sin * x, _grey[i]);
        }
    }
}
