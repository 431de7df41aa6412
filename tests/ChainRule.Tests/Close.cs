using System.Globalization;

namespace ChainRule.Tests;

/// <summary>How near computed numbers must come to recorded ones.</summary>
static class Close
{
    /// <summary>What float64 must reach.</summary>
    public const double Float64 = 1e-10;

    /// <summary>
    /// What float32 must reach, and what PyTorch's own float32 was seen to reach on every case not marked otherwise.
    /// </summary>
    public const double Float32 = 1e-5;

    /// <summary>
    /// |actual − expected| ≤ relative · max(|expected|, mean |expected|), the mean over the tensor's finite elements:
    /// an element much smaller than its neighbours need be no more exact than they are. NaN equals NaN alone, an
    /// infinity the same infinity alone; a tensor of zeros must be met exactly.
    /// </summary>
    /// <param name="expected">The recorded numbers.</param>
    /// <param name="actual">The computed ones.</param>
    /// <param name="relative">How far apart, as a share: <see cref="Float64"/> or <see cref="Float32"/>.</param>
    /// <param name="what">What is compared, to begin the message with, such as "softmax of [3, 4],
    /// gradient of input 0".</param>
    public static void Equal(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double relative, string what)
    {
        if (expected.Length != actual.Length)
            Assert.Fail($"{what}: expected {expected.Length} numbers, got {actual.Length}");
        double mean = MeanMagnitude(expected);
        for (int i = 0; i < expected.Length; i++)
            if (!IsClose(expected[i], actual[i], relative, mean))
                Assert.Fail($"{what}: at {i} of {expected.Length}: "
                    + Difference(expected[i], actual[i], relative * Math.Max(Math.Abs(expected[i]), mean)));
    }

    /// <summary>The same, and the shapes must be equal.</summary>
    public static void Equal(GoldenTensor expected, ReadOnlySpan<int> shape, ReadOnlySpan<double> actual,
        double relative, string what)
    {
        if (!shape.SequenceEqual(expected.Shape))
            Assert.Fail($"{what}: expected shape [{string.Join(", ", expected.Shape)}], got "
                + $"[{string.Join(", ", shape.ToArray())}]");
        Equal(expected.Data, actual, relative, what);
    }

    static string Difference(double expected, double actual, double allowed) =>
        string.Create(CultureInfo.InvariantCulture,
        $"got {actual:R}, expected {expected:R}, off by {Math.Abs(actual - expected):0.0e+0} where {allowed:0.0e+0} is "
            + $"allowed");

    static bool IsClose(double expected, double actual, double relative, double mean)
    {
        if (!double.IsFinite(expected) || !double.IsFinite(actual))
            return expected.Equals(actual);
        return Math.Abs(actual - expected) <= relative * Math.Max(Math.Abs(expected), mean);
    }

    static double MeanMagnitude(ReadOnlySpan<double> x)
    {
        var (sum, count) = (0.0, 0);
        foreach (double one in x)
            if (double.IsFinite(one))
                (sum, count) = (sum + Math.Abs(one), count + 1);
        return count == 0 ? 0 : sum / count;
    }
}
