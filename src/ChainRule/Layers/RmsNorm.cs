namespace ChainRule.Layers;

/// <summary>
/// y = γ x / √(mean x² + ε), over the last axis: a layer norm without its mean and its β. Training and evaluation are
/// the same. γ = 1 at first.
/// </summary>
/// <remarks>Zhang and Sennrich, 2019.</remarks>
public sealed class RmsNorm : Module
{
    readonly int _features;
    readonly double _eps;

    /// <param name="features">The size of the last axis.</param>
    /// <param name="eps">ε, which keeps a row of zeros from being divided by 0.</param>
    /// <param name="affine">Whether γ is there.</param>
    public RmsNorm(int features, double eps = 1e-6, bool affine = true)
    {
        (_features, _eps) = (features, eps);
        if (features < 1) Throw.Argument($"{Describe()}: the features must be 1 or more", nameof(features));
        if (!(eps >= 0 && double.IsFinite(eps)))
            Throw.Argument(FormattableString.Invariant($"{Describe()}: eps {eps}: give a finite number, 0 or more"),
                nameof(eps));
        if (affine) Weight = Parameter([features], 1);
    }

    /// <summary>γ, [features]; null if not affine.</summary>
    public Tensor? Weight { get; }

    protected override Tensor Compute(Tensor x)
    {
        CheckLastAxis(x, _features);
        var y = x / (x.Square().Mean(-1, keepDim: true) + _eps).Sqrt();
        return Weight is { } weight ? y * weight : y;
    }

    protected internal override string Describe() => $"RmsNorm({_features})";
}
