using System.Numerics;
using ChainRule.Kernels;

namespace ChainRule.Tests.Kernels;

/// <summary>Functions that no library has as vectors, against values of mpmath in 40 digits.</summary>
public sealed class LanesTest
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

    public static readonly TheoryData<double, double> Tanh = new()
    {
        { 0, 0.0 },
        { 1e-300, 1.0e-300 },
        { 1e-12, 9.9999999999999998e-13 },
        { 0.0009765625, 0.00097656218955926022 },
        { 0.125, 0.12435300177159621 },
        { 0.4375, 0.41157005567402245 },
        { 0.5, 0.46211715726000976 },
        { 0.5625, 0.50982997373525658 },
        { 1, 0.76159415595576489 },
        { 2.5, 0.98661429815143029 },
        { 9, 0.99999996954004097 },
        { 20, 0.99999999999999999 },
    };

    [Theory, MemberData(nameof(Tanh))]
    public void Tanh_keeps_its_digits_near_zero_and_far_from_it(double x, double expected)
    {
        AssertRelative(expected, Lanes.Tanh(new Vector<double>(x))[0], 5e-16);
        AssertRelative(-expected, Lanes.Tanh(new Vector<double>(-x))[0], 5e-16);
        if (x is 0 or > 1e-30) AssertRelative(expected, Lanes.Tanh(new Vector<float>((float)x))[0], 2.5e-7);
    }

    [Theory, MemberData(nameof(Erfc))]
    public void Erfc_keeps_its_digits_down_the_tail(double x, double expected)
    {
        AssertRelative(expected, Lanes.Erfc(new Vector<double>(x))[0], 2e-13);
        // exp(−z²) inherits z² roundings; below 1e-38 float32 has no digits left.
        if (expected > 1e-37) AssertRelative(expected, Lanes.Erfc(new Vector<float>((float)x))[0], 1e-7 * (5 + x * x));
    }

    [Theory, MemberData(nameof(NearZero))]
    public void Log1p_and_expm1_keep_their_digits_near_zero(double x, double log1p, double expm1)
    {
        AssertRelative(log1p, Lanes.Log1p(new Vector<double>(x))[0], 1e-15);
        AssertRelative(expm1, Lanes.Expm1(new Vector<double>(-x))[0], 1e-15);
        if (x < 1e-30) return;
        AssertRelative(log1p * ((float)x / x), Lanes.Log1p(new Vector<float>((float)x))[0], 5e-7);
        AssertRelative(expm1 * ((float)x / x), Lanes.Expm1(new Vector<float>(-(float)x))[0], 5e-7);
    }

    [Theory]
    [InlineData(double.PositiveInfinity, 0, 1, double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity, 2, 0, 0)]
    [InlineData(double.NaN, double.NaN, double.NaN, double.NaN)]
    [InlineData(1e4, 0, 1, 1e4)]
    [InlineData(-1e4, 2, 0, 0)]
    public void Far_out_they_reach_their_limits(double x, double erfc, double sigmoid, double softplus)
    {
        var twice = new Vector<double>(x);
        Assert.Equal((erfc, sigmoid, softplus), (Lanes.Erfc(twice)[0], Lanes.Sigmoid(twice)[0], Lanes.Softplus(twice)[0]));
        var single = new Vector<float>((float)x);
        Assert.Equal(((float)erfc, (float)sigmoid, (float)softplus), (Lanes.Erfc(single)[0], Lanes.Sigmoid(single)[0], Lanes.Softplus(single)[0]));
    }

    [Fact]
    public void Expm1_of_large_negative_numbers_is_minus_one()
    {
        Assert.Equal(-1.0, Lanes.Expm1(new Vector<double>(-800))[0]);
        Assert.Equal(-1.0, Lanes.Expm1(new Vector<double>(double.NegativeInfinity))[0]);
        Assert.Equal(-1f, Lanes.Expm1(new Vector<float>(-800))[0]);
    }

    private static void AssertRelative(double expected, double actual, double allowed) =>
        Assert.True(Math.Abs(actual - expected) <= allowed * Math.Abs(expected),
            $"got {actual:R}, expected {expected:R}: off by {Math.Abs(actual / expected - 1):0.0e+0} of it");
}
