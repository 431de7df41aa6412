using ChainRule.Errors;

namespace ChainRule.Randomness;

public sealed partial class TorchRandom
{
    const int Block = 16;

    /// <summary>
    /// Normal numbers of the given mean and standard deviation (randn, normal_), by Box and Muller:
    /// r = √(−2 ln(1−u₁)), θ = 2πu₂.
    /// </summary>
    /// <remarks>
    /// 16 and more: all places are filled with uniforms first; then in each block of 16, places j and j+8 become r cos
    /// θ and r sin θ of the two uniforms they held; a remainder re-draws the last 16 places. Fewer than 16: a pair of
    /// doubles makes two numbers, and an odd one is kept for the next call.
    /// </remarks>
    /// <exception cref="ArgumentException">std is negative, or a number is not finite.</exception>
    public override void Normal(Span<float> x, double mean = 0, double std = 1)
    {
        CheckNormal(mean, std);
        if (x.Length < Block)
        {
            for (int i = 0; i < x.Length; i++) x[i] = (float)NextNormal(mean, std);
            return;
        }
        Uniform(x);
        int whole = x.Length / Block * Block;
        for (int i = 0; i < whole; i += Block) Transform(x.Slice(i, Block), (float)mean, (float)std);
        if (whole == x.Length) return;
        var last = x[^Block..];
        Uniform(last);
        Transform(last, (float)mean, (float)std);
    }

    /// <inheritdoc cref="Normal(Span{float}, double, double)"/>
    public override void Normal(Span<double> x, double mean = 0, double std = 1)
    {
        CheckNormal(mean, std);
        if (x.Length < Block)
        {
            for (int i = 0; i < x.Length; i++) x[i] = NextNormal(mean, std);
            return;
        }
        Uniform(x);
        int whole = x.Length / Block * Block;
        for (int i = 0; i < whole; i += Block) Transform(x.Slice(i, Block), mean, std);
        if (whole == x.Length) return;
        var last = x[^Block..];
        Uniform(last);
        Transform(last, mean, std);
    }

    static void Transform(Span<float> x, float mean, float std)
    {
        for (int j = 0; j < Block / 2; j++)
        {
            float r = MathF.Sqrt(-2f * BlockMath.Log(1f - x[j]));
            var (sin, cos) = BlockMath.SinCos(MathF.Tau * x[j + Block / 2]);
            x[j] = MathF.FusedMultiplyAdd(r * cos, std, mean);
            x[j + Block / 2] = MathF.FusedMultiplyAdd(r * sin, std, mean);
        }
    }

    static void Transform(Span<double> x, double mean, double std)
    {
        for (int j = 0; j < Block / 2; j++)
        {
            double r = Math.Sqrt(-2 * Math.Log(1 - x[j]));
            var (sin, cos) = Math.SinCos(Math.Tau * x[j + Block / 2]);
            x[j] = Math.FusedMultiplyAdd(r * cos, std, mean);
            x[j + Block / 2] = Math.FusedMultiplyAdd(r * sin, std, mean);
        }
    }

    double NextNormal(double mean, double std)
    {
        double z;
        if (_nextNormal is { } kept)
        {
            z = kept;
            _nextNormal = null;
        }
        else
        {
            double u1 = NextDouble(), u2 = NextDouble();
            double r = Math.Sqrt(-2 * Math.Log(1 - u2)); // 1 − u2 is exact: log1p would tell no more
            var (sin, cos) = Math.SinCos(Math.Tau * u1);
            _nextNormal = r * sin;
            z = r * cos;
        }
        return Math.FusedMultiplyAdd(z, std, mean);
    }
}
