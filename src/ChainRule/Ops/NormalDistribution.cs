using ChainRule.Kernels;

namespace ChainRule;

/// <summary>The normal distribution function and the inverse of the error function, one number at a time.</summary>
static class NormalDistribution
{
    /// <summary>Φ(z) = ½ erfc(−z / √2).</summary>
    public static double Below(double z) => 0.5 * Exponentials.Erfc(new Lone<double>(-z / Math.Sqrt(2))).Value;

    /// <summary>
    /// x with erf x = y, for y from −1 to 1, ends included: Winitzki's approximation (2008), then Newton's steps.
    /// </summary>
    public static double InverseErf(double y)
    {
        double size = Math.Abs(y);
        if (!(size < 1)) return size == 1 ? y / 0 : double.NaN;
        const double A = 0.147;
        double log = Math.Log(1 - size) + Math.Log(1 + size), half = 2 / (Math.PI * A) + log / 2,
            x = Math.Sqrt(Math.Sqrt(half * half - log / A) - half);
        for (int i = 0; i < 4; i++)
        {
            var at = new Lone<double>(x);
            // Near 1 what is missing from it has more digits than the value.
            double missing = size < 0.5 ? size - Exponentials.Erf(at).Value : Exponentials.Erfc(at).Value - (1 - size);
            x += missing * Math.Sqrt(Math.PI) / 2 * Math.Exp(x * x);
        }
        return Math.CopySign(x, y);
    }
}
