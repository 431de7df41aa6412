namespace ChainRule.Layers;

/// <summary>
/// y = γ (x − mean) / √(var + ε) + β, with the mean and variance of each row by itself: the last axis is the row. Training and use are the same.
/// γ = 1 and β = 0 at first.
/// </summary>
/// <remarks>Ba, Kiros and Hinton, 2016.</remarks>
public sealed class LayerNorm : Module
{
    readonly int _features;
    readonly double _eps;

    /// <param name="features">The size of the last axis.</param>
    /// <param name="eps">ε, which keeps a row of equal numbers from being divided by 0.</param>
    /// <param name="affine">Whether γ and β are there; without them rows have mean 0 and variance 1.</param>
    /// <param name="bias">Whether β is there, beside γ.</param>
    public LayerNorm(int features, double eps = 1e-5, bool affine = true, bool bias = true)
    {
        (_features, _eps) = (features, eps);
        if (features < 1) Throw.Argument($"LayerNorm({features}): the features must be 1 or more");
        Throw.IfNegative(eps, $"LayerNorm({features})", "eps");
        if (affine) Weight = Parameter([features], 1);
        if (affine && bias) Bias = Parameter([features]);
    }

    /// <summary>γ, [features]; null for none.</summary>
    public Tensor? Weight { get; }

    /// <summary>β, [features]; null for none.</summary>
    public Tensor? Bias { get; }

    protected override Tensor Compute(Tensor x)
    {
        CheckLastAxis(x, _features);
        return x.LayerNorm(Weight ?? Tensor.Ones([_features], x.DType), Bias ?? Tensor.Zeros([_features], x.DType), _eps);
    }

    protected internal override string Describe() => $"LayerNorm({_features}{(Weight is null ? ", affine: false" : Bias is null ? ", bias: false" : "")})";
}
