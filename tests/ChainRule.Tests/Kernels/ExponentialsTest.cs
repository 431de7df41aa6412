using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ChainRule.Kernels;

namespace ChainRule.Tests.Kernels;

public sealed class ExponentialsTest
{
    public static readonly TheoryData<double, double> Erfc = new()
    {
        { -6, 2.0 },
        { -2.5, 1.999593047982555 },
        { -1, 1.8427007929497149 },
        { -0.5, 1.5204998778130465 },
        { -0.0625, 1.0704319777223871 },
        { 0, 1.0 },
        { 0.0625, 0.92956802227761292 },
        { 0.25, 0.72367360983176307 },
        { 0.5, 0.47950012218695346 },
        { 1, 0.15729920705028513 },
        { 1.5, 0.033894853524689273 },
        { 2.5, 0.00040695201744495894 },
        { 4, 1.5417257900280019e-8 },
        { 6, 2.1519736712498913e-17 },
        { 9, 4.1370317465138102e-37 },
        { 13, 1.7395573154667245e-75 },
        { 20, 5.3958656116079009e-176 },
        { 26, 5.6631924088561428e-296 },
    };

    /// <summary>x, ln(1 + x), exp(−x) − 1.</summary>
    public static readonly TheoryData<double, double, double> NearZero = new()
    {
        { 1e-300, 1.0e-300, -1.0e-300 },
        { 1e-20, 9.9999999999999995e-21, -9.9999999999999995e-21 },
        { 1e-10, 9.9999999995000004e-11, -9.9999999995000004e-11 },
        { 1e-05, 9.9999500003333317e-6, -9.9999500001666671e-6 },
        { 0.0009765625, 0.0009760859730554589, -0.00097608581802433777 },
        { 0.125, 0.11778303565638345, -0.1175030974154046 },
        { 0.5, 0.40546510810816438, -0.39346934028736658 },
        { 1, 0.69314718055994531, -0.63212055882855768 },
    };

    // One unit in the last place is at most 2⁻²³ and 2⁻⁵² of a number.
    const double Single = 1.0 / (1 << 23), Double = 1.0 / (1L << 52);

    [Fact]
    public void Exp_is_right_to_a_unit_and_a_bit_over_its_whole_range()
    {
        for (double x = -87; x <= 88.7; x += 0.01171)
        {
            float single = (float)x;
            AssertRelative(Math.Exp(single), Exp(single), 1.2 * Single, $"exp {single:R}");
        }
        for (double x = -708; x <= 709.7; x += 0.1171) AssertRelative(Math.Exp(x), Exp(x), 1.2 * Double, $"exp {x:R}");
    }

    [Fact]
    public void Tanh_and_the_sigmoid_are_right_to_a_few_units()
    {
        for (double x = -20; x <= 20; x += 0.00171)
        {
            float single = (float)x;
            AssertRelative(Math.Tanh(single), Map(new Tanh(), single), 3 * Single, $"tanh {single:R}");
            AssertRelative(Math.Tanh(x), Map(new Tanh(), x), 3 * Double, $"tanh {x:R}");
            AssertRelative(1 / (1 + Math.Exp(-single)), Map(new Sigmoid(), single), 3 * Single, $"sigmoid {single:R}");
            AssertRelative(1 / (1 + Math.Exp(-x)), Map(new Sigmoid(), x), 3 * Double, $"sigmoid {x:R}");
        }
    }

    [Fact]
    public void Gelu_keeps_its_digits_far_down_the_left_tail()
    {
        // Φ(x) = ½ erfc(−x / √2), in 20 digits: at −1, −3, −6 and −12, and what is left of 1 at 2.
        (double X, double Phi)[] known =
        [
            (-1, 0.15865525393145705142), (-3, 0.0013498980316300945267), (-6, 9.865876450376981e-10),
            (-12, 1.776482112077679e-33), (2, 0.97724986805182079279),
        ];
        foreach (var (x, phi) in known)
        {
            AssertRelative(x * phi, Map(new Gelu(), (float)x), x > -5 ? 2e-6 : 1e-5, $"gelu {x}");
            AssertRelative(x * phi, Map(new Gelu(), x), 1e-12, $"gelu {x}");
        }
        Assert.Equal((0f, 20f, 0f), (Map(new Gelu(), -20f), Map(new Gelu(), 20f), Map(new Gelu(), 0f)));
    }

    [Fact]
    public void Where_exp_leaves_the_type_it_is_infinite_or_0_and_subnormal_just_before()
    {
        Assert.Equal((1f, float.PositiveInfinity, 0f),
            (Exp(0f), Exp(float.PositiveInfinity), Exp(float.NegativeInfinity)));
        Assert.Equal((1.0, double.PositiveInfinity, 0.0),
            (Exp(0.0), Exp(double.PositiveInfinity), Exp(double.NegativeInfinity)));
        Assert.Equal((float.PositiveInfinity, 0f), (Exp(88.8f), Exp(-104.1f)));
        Assert.Equal((double.PositiveInfinity, 0.0), (Exp(709.8), Exp(-745.3)));
        Assert.True(float.IsNaN(Exp(float.NaN)) && double.IsNaN(Exp(double.NaN)));
        foreach (float x in new[] { -88f, -95f, -100f, -103f }) Assert.Equal(Math.Exp(x), Exp(x), 1.1 * float.Epsilon);
        foreach (double x in new[] { -710.0, -730.0, -744.0 })
            Assert.InRange(Exp(x), Math.Exp(x) - 1.1 * double.Epsilon, Math.Exp(x) + 1.1 * double.Epsilon);
    }

    [Fact]
    public void Wide_vectors_and_plain_ones_give_the_same_bits()
    {
        if (!Avx512F.IsSupported) return;
        for (float x = -110; x < 110; x += 0.0371f)
        {
            Same(new Exp(), x);
            Same(new Tanh(), x);
            Same(new Sigmoid(), x);
            Same(new Silu(), x);
            Same(new Gelu(), x);
        }
        Same(new Exp(), float.NaN);
        Same(new Tanh(), float.NegativeInfinity);
    }

    [Fact]
    public void A_number_alone_has_the_same_bits_as_among_others()
    {
        for (float x = -80; x < 80; x += 0.0371f)
        {
            Assert.Equal(Exp(x), Exponentials.Exp(new Lone<float>(x)).Value);
            Assert.Equal(Exp((double)x), Exponentials.Exp(new Lone<double>(x)).Value);
            Assert.Equal(Map(new Tanh(), x), Exponentials.Tanh(new Lone<float>(x)).Value);
            Assert.Equal(Map(new Gelu(), x), ((IFormula)new Gelu()).Of(new Lone<float>(x)).Value);
        }
        Assert.Equal((0f, float.PositiveInfinity),
            (Exponentials.Exp(new Lone<float>(-200)).Value, Exponentials.Exp(new Lone<float>(200)).Value));
        Assert.True(float.IsNaN(Exponentials.Exp(new Lone<float>(float.NaN)).Value));
    }

    [Theory, MemberData(nameof(Erfc))]
    public void Erfc_keeps_its_digits_down_the_tail(double x, double expected)
    {
        AssertRelative(expected, Exponentials.Erfc(new Plain<double>(new(x))).Value[0], 2e-13, $"{x}");
        // exp(−z²) inherits z² roundings; below 1e-38 float32 has no digits left.
        if (expected > 1e-37)
            AssertRelative(expected, Exponentials.Erfc(new Plain<float>(new((float)x))).Value[0],
                1e-7 * (5 + x * x), $"{x}");
    }

    [Theory, MemberData(nameof(NearZero))]
    public void Log1p_and_expm1_keep_their_digits_near_zero(double x, double log1p, double expm1)
    {
        AssertRelative(log1p, Exponentials.Log1p(new Plain<double>(new(x))).Value[0], 1e-15, $"{x}");
        AssertRelative(expm1, Exponentials.Expm1(new Plain<double>(new(-x))).Value[0], 1e-15, $"{x}");
        if (x < 1e-30) return;
        AssertRelative(log1p * ((float)x / x), Exponentials.Log1p(new Plain<float>(new((float)x))).Value[0],
            5e-7, $"{x}");
        AssertRelative(expm1 * ((float)x / x), Exponentials.Expm1(new Plain<float>(new(-(float)x))).Value[0],
            5e-7, $"{x}");
    }

    [Theory]
    [InlineData(double.PositiveInfinity, 0, 1, double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity, 2, 0, 0)]
    [InlineData(double.NaN, double.NaN, double.NaN, double.NaN)]
    [InlineData(1e4, 0, 1, 1e4)]
    [InlineData(-1e4, 2, 0, 0)]
    public void Far_out_they_reach_their_limits(double x, double erfc, double sigmoid, double softplus)
    {
        var twice = new Plain<double>(new(x));
        Assert.Equal((erfc, sigmoid, softplus),
            (Exponentials.Erfc(twice).Value[0], Exponentials.Sigmoid(twice).Value[0],
                Exponentials.Softplus(twice).Value[0]));
        var single = new Plain<float>(new((float)x));
        Assert.Equal(((float)erfc, (float)sigmoid, (float)softplus),
            (Exponentials.Erfc(single).Value[0], Exponentials.Sigmoid(single).Value[0],
                Exponentials.Softplus(single).Value[0]));
    }

    [Fact]
    public void Expm1_of_large_negative_numbers_is_minus_one()
    {
        Assert.Equal(-1.0, Exponentials.Expm1(new Plain<double>(new(-800))).Value[0]);
        Assert.Equal(-1.0, Exponentials.Expm1(new Plain<double>(new(double.NegativeInfinity))).Value[0]);
        Assert.Equal(-1f, Exponentials.Expm1(new Plain<float>(new(-800))).Value[0]);
    }

    static void Same<F>(F f, float x) where F : struct, IFormula
    {
        float wide = f.Of(new Wide<float>(Vector512.Create(x))).Value[0],
            plain = f.Of(new Plain<float>(new(x))).Value[0];
        Assert.Equal(BitConverter.SingleToInt32Bits(plain), BitConverter.SingleToInt32Bits(wide));
        double wider = f.Of(new Wide<double>(Vector512.Create((double)x))).Value[0],
            plainer = f.Of(new Plain<double>(new(x))).Value[0];
        Assert.Equal(BitConverter.DoubleToInt64Bits(plainer), BitConverter.DoubleToInt64Bits(wider));
    }

    static float Exp(float x) => Map(new Exp(), x);

    static double Exp(double x) => Map(new Exp(), x);

    static float Map<F>(F f, float x) where F : struct, IFormula => f.Of(new Plain<float>(new(x))).Value[0];

    static double Map<F>(F f, double x) where F : struct, IFormula => f.Of(new Plain<double>(new(x))).Value[0];

    static void AssertRelative(double expected, double actual, double allowed, string what) =>
        Assert.True(Math.Abs(actual - expected) <= allowed * Math.Abs(expected),
            $"{what} = {actual:R}, expected {expected:R}");
}
