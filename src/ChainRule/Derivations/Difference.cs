namespace ChainRule.Derivations;

/// <summary>How far two gradients are from each other, and whether that is rounding.</summary>
/// <param name="Largest">The largest difference of two numbers; NaN where the shapes differ.</param>
/// <param name="At">Its flat index.</param>
readonly record struct Difference(double Largest, int At, bool Exact, bool Close)
{
    /// <param name="mine">In float64.</param>
    /// <param name="right">In float64.</param>
    /// <param name="computed">The number type in which the engine computed it.</param>
    /// <param name="above">The largest of the gradients that it is computed from.</param>
    public static Difference Of(Tensor mine, Tensor right, DType computed, double above)
    {
        if (mine.Shape != right.Shape) return new(double.NaN, 0, false, false);
        ReadOnlySpan<double> a = mine.Read<double>(), b = right.Read<double>();
        double largest = 0, size = 0;
        int at = 0;
        bool finite = true;
        for (int i = 0; i < a.Length; i++)
        {
            double apart = Math.Abs(a[i] - b[i]);
            if (double.IsFinite(b[i])) size = Math.Max(size, Math.Abs(b[i]));
            if (a[i].Equals(b[i]) || !(apart > largest) && !double.IsNaN(apart)) continue;
            if (finite) (largest, at) = (apart, i);
            finite &= !double.IsNaN(apart);
        }
        var (relative, cancelled) = DTypes.GradientRounding(computed);
        double allowed = relative * size + cancelled * above;
        return new(largest, at, largest == 0 && finite, finite && largest <= allowed);
    }
}
