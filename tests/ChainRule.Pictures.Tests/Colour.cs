namespace ChainRule.Pictures.Tests;

/// <summary>How far two colours are apart for an eye, and how well one is seen on another.</summary>
static class Colour
{
    /// <summary>
    /// Full colour vision and the three deficiencies, as matrices on linear RGB: Machado, Oliveira,
    /// Fernandes (2009), severity 1.
    /// </summary>
    public static IReadOnlyDictionary<string, double[]> Eyes { get; } = new Dictionary<string, double[]>
    {
        ["normal"] = [1, 0, 0, 0, 1, 0, 0, 0, 1],
        ["protanopia"] = [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
        ["deuteranopia"] = [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881],
        ["tritanopia"] = [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900],
    };

    /// <summary>CIEDE2000 between two colours as an eye sees them.</summary>
    public static double Distance(string a, string b, double[] eye) =>
        Ciede2000(Lab(Seen(Linear(a), eye)), Lab(Seen(Linear(b), eye)));

    /// <summary>WCAG's contrast, from 1 to 21.</summary>
    public static double Contrast(string a, string b)
    {
        double one = Luminance(a), other = Luminance(b);
        return (Math.Max(one, other) + 0.05) / (Math.Min(one, other) + 0.05);
    }

    static double Luminance(string colour) =>
        Linear(colour) is var c ? 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2] : 0;

    static double[] Linear(string colour) =>
        [.. new[] { 1, 3, 5 }.Select(at => Convert.ToInt32(colour.Substring(at, 2), 16) / 255.0)
        .Select(part => part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4))];

    static double[] Seen(double[] rgb, double[] eye) =>
        [.. new[] { 0, 3, 6 }.Select(
            row => Math.Clamp(eye[row] * rgb[0] + eye[row + 1] * rgb[1] + eye[row + 2] * rgb[2], 0, 1))];

    // From linear sRGB, white D65.
    static (double L, double A, double B) Lab(double[] rgb)
    {
        static double F(double t) => t > 216.0 / 24389 ? Math.Cbrt(t) : (24389.0 / 27 * t + 16) / 116;
        double x = F((0.4124564 * rgb[0] + 0.3575761 * rgb[1] + 0.1804375 * rgb[2]) / 0.9504700);
        double y = F(0.2126729 * rgb[0] + 0.7151522 * rgb[1] + 0.0721750 * rgb[2]);
        double z = F((0.0193339 * rgb[0] + 0.1191920 * rgb[1] + 0.9503041 * rgb[2]) / 1.0888300);
        return (116 * y - 16, 500 * (x - y), 200 * (y - z));
    }

    /// <summary>Sharma, Wu, Dalal (2005), whose letters these are.</summary>
    public static double Ciede2000((double L, double A, double B) one, (double L, double A, double B) two)
    {
        static double Sin(double degrees) => Math.Sin(degrees * Math.PI / 180);
        static double Cos(double degrees) => Math.Cos(degrees * Math.PI / 180);
        static double Hue(double a, double b) => a == 0 && b == 0 ? 0 : (Math.Atan2(b, a) * 180 / Math.PI + 360) % 360;
        double c7 = Math.Pow((Math.Sqrt(one.A * one.A + one.B * one.B) + Math.Sqrt(two.A * two.A + two.B * two.B)) / 2,
            7);
        double g = 0.5 * (1 - Math.Sqrt(c7 / (c7 + Math.Pow(25, 7))));
        double a1 = (1 + g) * one.A, a2 = (1 + g) * two.A;
        double c1 = Math.Sqrt(a1 * a1 + one.B * one.B), c2 = Math.Sqrt(a2 * a2 + two.B * two.B), h1 = Hue(a1, one.B),
            h2 = Hue(a2, two.B);
        double dh = c1 * c2 == 0 ? 0 : h2 - h1;
        if (dh > 180) dh -= 360;
        if (dh < -180) dh += 360;
        double dL = two.L - one.L, dC = c2 - c1, dH = 2 * Math.Sqrt(c1 * c2) * Sin(dh / 2);
        double l = (one.L + two.L) / 2, c = (c1 + c2) / 2, sum = h1 + h2;
        double h = c1 * c2 == 0 ? sum
            : Math.Abs(h1 - h2) <= 180 ? sum / 2 : sum < 360 ? (sum + 360) / 2 : (sum - 360) / 2;
        double t = 1 - 0.17 * Cos(h - 30) + 0.24 * Cos(2 * h) + 0.32 * Cos(3 * h + 6) - 0.20 * Cos(4 * h - 63);
        double turn = 30 * Math.Exp(-Math.Pow((h - 275) / 25, 2)),
            rc = 2 * Math.Sqrt(Math.Pow(c, 7) / (Math.Pow(c, 7) + Math.Pow(25, 7)));
        double sl = 1 + 0.015 * (l - 50) * (l - 50) / Math.Sqrt(20 + (l - 50) * (l - 50)), sc = 1 + 0.045 * c,
            sh = 1 + 0.015 * c * t;
        return Math.Sqrt(Math.Pow(dL / sl, 2) + Math.Pow(dC / sc, 2) + Math.Pow(dH / sh, 2)
            - Sin(2 * turn) * rc * (dC / sc) * (dH / sh));
    }
}
