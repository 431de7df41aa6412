using System.Numerics.Tensors;

namespace ChainRule.Classical;

/// <summary>What a neuron sums up.</summary>
static class WeightedInputs
{
    const int Shift = 512;

    /// <summary>Σ wⱼ xⱼ + b. Where a product or a partial sum is beyond what a double holds, all is summed 2¹⁰²⁴ times
    /// smaller: the sum is then right in its sign, and infinite only where its own value is beyond a double.</summary>
    /// <exception cref="ArgumentException">There are not as many inputs as weights, or one is not finite.</exception>
    public static double Sum(string asked, double[] weights, ReadOnlySpan<double> x, double bias)
    {
        if (x.Length != weights.Length)
            Throw.Argument($"{asked}: {x.Length} inputs for {weights.Length} weights: give one for each", nameof(x));
        for (int j = 0; j < x.Length; j++)
            if (!double.IsFinite(x[j]))
                Throw.Argument($"{asked}: input {j} is {x[j]}: give finite numbers", nameof(x));
        double sum = TensorPrimitives.Dot(weights, x) + bias;
        if (double.IsFinite(sum)) return sum;
        double small = Math.ScaleB(bias, -2 * Shift);
        for (int j = 0; j < x.Length; j++) small += Math.ScaleB(weights[j], -Shift) * Math.ScaleB(x[j], -Shift);
        return Math.ScaleB(small, 2 * Shift);
    }
}
