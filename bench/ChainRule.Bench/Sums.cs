namespace ChainRule.Bench;

/// <summary>Three sums over numbers, which see a wrong size, sign or place, and in which nothing cancels.</summary>
static class Sums
{
    /// <summary>The means of |y|, of max(y, 0), and of |yᵢ| · (i mod 97).</summary>
    public static double[] Of(Tensor y)
    {
        double size = 0, positive = 0, placed = 0;
        var numbers = y.Read<float>();
        for (int i = 0; i < numbers.Length; i++)
        {
            double x = numbers[i];
            size += Math.Abs(x);
            positive += Math.Max(x, 0);
            placed += Math.Abs(x) * (i % 97);
        }
        return [size / numbers.Length, positive / numbers.Length, placed / numbers.Length];
    }
}
