namespace ChainRule.Randomness;

/// <summary>
/// The logarithm, sine and cosine that torch uses for blocks of float32 normals on processors with AVX2: the
/// single-precision polynomials of the Cephes library, with products and sums fused where torch's build fuses them.
/// Good to the last bit or two; what matters is that they are the same bits.
/// </summary>
static class BlockMath
{
    const int MantissaBits = 23, ExponentBias = 126;

    /// <summary>
    /// ln x for a normal x in (0, 1]: x = m·2ᵉ with m in [√½, √2), and ln(1+f) = f − f²/2 + f³·P(f) for f = m − 1.
    /// </summary>
    public static float Log(float x)
    {
        int bits = BitConverter.SingleToInt32Bits(x);
        float e = (bits >> MantissaBits) - ExponentBias;
        float m = BitConverter.Int32BitsToSingle((bits & 0x007f_ffff) | 0x3f00_0000); // [½, 1)
        float f = m - 1;
        if (m < 0.707106781186547524f)
        {
            f += m;
            e -= 1;
        }
        float p = 7.0376836292e-2f;
        p = Fused(p, f, -1.1514610310e-1f);
        p = Fused(p, f, 1.1676998740e-1f);
        p = Fused(p, f, -1.2420140846e-1f);
        p = Fused(p, f, 1.4249322787e-1f);
        p = Fused(p, f, -1.6668057665e-1f);
        p = Fused(p, f, 2.0000714765e-1f);
        p = Fused(p, f, -2.4999993993e-1f);
        p = Fused(p, f, 3.3333331174e-1f);
        float square = f * f;
        // ln 2 = 0.693359375 − 2.12194440e-4, so that e times the larger part is exact
        float tail = Fused(p * f, square, e * -2.12194440e-4f);
        return Fused(e, 0.693359375f, f + Fused(-square, 0.5f, tail));
    }

    /// <summary>
    /// sin θ and cos θ for θ in [0, 2π): θ less the nearest even number of eighths of a turn, which
    /// says which is which.
    /// </summary>
    public static (float Sin, float Cos) SinCos(float theta)
    {
        int octant = ((int)(theta * 1.27323954473516f) + 1) & ~1;
        float x = Fused(octant, -0.78515625f, theta); // π/4 in three parts
        x = Fused(octant, -2.4187564849853515625e-4f, x);
        x = Fused(octant, -3.77489497744594108e-8f, x);

        float z = x * x;
        float c = Fused(2.443315711809948e-5f, z, -1.388731625493765e-3f);
        c = Fused(c, z, 4.166664568298827e-2f) * z;
        c = Fused(c, z, -0.5f * z) + 1;
        float s = Fused(-1.9515295891e-4f, z, 8.3321608736e-3f);
        s = Fused(s, z, -1.6666654611e-1f) * z;
        s = Fused(s, x, x);

        return (octant & 7) switch
        {
            0 => (s, c),
            2 => (c, -s),
            4 => (-s, -c),
            _ => (-c, s),
        };
    }

    static float Fused(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);
}
