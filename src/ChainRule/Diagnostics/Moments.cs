namespace ChainRule.Diagnostics;

/// <summary>
/// Mean, and standard deviation over n − 1, of a tensor's numbers, in float64; NaN where too few numbers have one.
/// </summary>
readonly record struct Moments(double Mean, double Std)
{
    public static Moments Of(Tensor x) => Of(x.To(DType.Float64).Read<double>());

    public static Moments Of(ReadOnlySpan<double> x)
    {
        double mean = 0, square = 0;
        foreach (double v in x) mean += v;
        mean /= x.Length;
        foreach (double v in x) square += (v - mean) * (v - mean);
        return new(mean, x.Length < 2 ? double.NaN : Math.Sqrt(square / (x.Length - 1)));
    }
}
