namespace ChainRule.Metrics;

/// <summary>
/// Student's t-distribution: P(T > t) = I(ν / (ν + t²); ν / 2, 1 / 2) / 2 for t ≥ 0, where I is the regularised
/// incomplete beta function.
/// </summary>
static class StudentT
{
    // Lanczos' approximation of ln Γ with g = 7 and nine terms, whose relative error is below 1e-15.
    static readonly double[] s_lanczos =
    [
        0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
        12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
    ];

    /// <summary>P(T > t) for t of 0 or more.</summary>
    public static double UpperTail(double t, double freedom) =>
        Beta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2;

    /// <summary>The t below which a probability of a half or more lies.</summary>
    public static double Quantile(double probability, double freedom)
    {
        double low = 0, high = 1;
        while (UpperTail(high, freedom) > 1 - probability) high *= 2;
        for (int i = 0; i < 100; i++)
        {
            double middle = (low + high) / 2;
            if (UpperTail(middle, freedom) > 1 - probability) low = middle;
            else high = middle;
        }
        return high;
    }

    /// <summary>I(x; a, b), by the continued fraction on the side where it converges fast.</summary>
    static double Beta(double x, double a, double b)
    {
        if (x <= 0) return 0;
        if (x >= 1) return 1;
        double front = Math.Exp(LogGamma(a + b) - LogGamma(a) - LogGamma(b) + a * Math.Log(x)
            + b * Math.Log(1 - x));
        return x < (a + 1) / (a + b + 2) ? front * Fraction(x, a, b) / a : 1 - front * Fraction(1 - x, b, a) / b;
    }

    /// <summary>The continued fraction, from its front on (Lentz's method).</summary>
    static double Fraction(double x, double a, double b)
    {
        const double Tiny = 1e-300;
        double c = 1, d = 1 / NotZero(1 - (a + b) * x / (a + 1)), product = d;
        for (int m = 1; m <= 10_000; m++)
        {
            double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 / NotZero(1 + even * d);
            c = NotZero(1 + even / c);
            product *= d * c;
            d = 1 / NotZero(1 + odd * d);
            c = NotZero(1 + odd / c);
            double factor = d * c;
            product *= factor;
            if (Math.Abs(factor - 1) < 1e-16) break;
        }
        return product;

        static double NotZero(double number) => Math.Abs(number) < Tiny ? Tiny : number;
    }

    static double LogGamma(double x)
    {
        if (x < 0.5) return Math.Log(Math.PI / Math.Sin(Math.PI * x)) - LogGamma(1 - x);
        double sum = s_lanczos[0], base_ = x + 6.5;
        for (int i = 1; i < s_lanczos.Length; i++) sum += s_lanczos[i] / (x - 1 + i);
        return 0.5 * Math.Log(2 * Math.PI) + (x - 0.5) * Math.Log(base_) - base_ + Math.Log(sum);
    }
}
