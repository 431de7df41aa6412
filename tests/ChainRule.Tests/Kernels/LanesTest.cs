using System.Numerics;
using ChainRule.Kernels;

namespace ChainRule.Tests.Kernels;

/// <summary>The functions of the loops that write their own vectors, against values of mpmath in 40 digits.</summary>
public sealed class LanesTest
{
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

    [Theory]
    [InlineData(0, 1, 0.5)]
    [InlineData(-2, 0.1353352832366127, 0.11920292202211755)]
    [InlineData(3, 20.085536923187668, 0.9525741268224334)]
    public void Exp_and_sigmoid_are_those_of_formulas(double x, double exp, double sigmoid)
    {
        AssertRelative(exp, Lanes.Exp(new Vector<double>(x))[0], 5e-16);
        AssertRelative(sigmoid, Lanes.Sigmoid(new Vector<double>(x))[0], 5e-16);
    }

    static void AssertRelative(double expected, double actual, double allowed) =>
        Assert.True(Math.Abs(actual - expected) <= allowed * Math.Abs(expected),
            $"got {actual:R}, expected {expected:R}: off by {Math.Abs(actual / expected - 1):0.0e+0} of it");
}
