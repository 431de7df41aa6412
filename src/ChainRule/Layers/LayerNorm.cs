namespace ChainRule.Layers;

/// <summary>
/// y = γ (x − mean) / √(var + ε) + β, with the mean and variance of each row by itself: the last axis is the row, or
/// several trailing axes are. Training and evaluation are the same. γ = 1 and β = 0 at first.
/// </summary>
/// <remarks>Ba, Kiros and Hinton, 2016.</remarks>
public sealed class LayerNorm : Module
{
    readonly Shape _row;
    readonly double _eps;

    /// <param name="features">The size of the last axis.</param>
    /// <param name="eps">ε, which keeps a row of equal numbers from being divided by 0.</param>
    /// <param name="affine">Whether γ and β are there; without them rows have mean 0 and variance 1.</param>
    /// <param name="bias">Whether β is there, beside γ.</param>
    public LayerNorm(int features, double eps = 1e-5, bool affine = true, bool bias = true)
    {
        if (features < 1) Throw.Argument($"LayerNorm({features}): the features must be 1 or more", nameof(features));
        Throw.IfNegative(eps, $"LayerNorm({features})", "eps");
        (_row, _eps) = ([features], eps);
        if (affine) Weight = Parameter(_row, 1);
        if (affine && bias) Bias = Parameter(_row);
    }

    /// <param name="normalizedShape">The sizes of the trailing axes that are one row: <c>[C, H, W]</c>.</param>
    /// <param name="eps">ε, which keeps a row of equal numbers from being divided by 0.</param>
    /// <param name="affine">Whether γ and β are there, one of either for each number of a row; without them rows have
    /// mean 0 and variance 1.</param>
    /// <param name="bias">Whether β is there, beside γ.</param>
    public LayerNorm(Shape normalizedShape, double eps = 1e-5, bool affine = true, bool bias = true)
    {
        if (normalizedShape.Rank == 0 || normalizedShape.Elements == 0)
            Throw.Argument($"LayerNorm({normalizedShape}): give one axis or more, each of size 1 or more",
                nameof(normalizedShape));
        Throw.IfNegative(eps, $"LayerNorm({normalizedShape})", "eps");
        (_row, _eps) = (normalizedShape, eps);
        if (affine) Weight = Parameter(_row, 1);
        if (affine && bias) Bias = Parameter(_row);
    }

    /// <summary>γ, of a row's shape; null if not affine.</summary>
    public Tensor? Weight { get; }

    /// <summary>β, of a row's shape; null without one.</summary>
    public Tensor? Bias { get; }

    protected override Tensor Compute(Tensor x)
    {
        Tensor gain = Weight ?? Tensor.Ones(_row, x.DType), bias = Bias ?? Tensor.Zeros(_row, x.DType);
        if (_row.Rank == 1)
        {
            CheckLastAxis(x, _row[0]);
            return x.LayerNorm(gain, bias, _eps);
        }
        var shape = x.Shape;
        if (shape.Rank < _row.Rank || !shape.Span[^_row.Rank..].SequenceEqual(_row.Span))
            Throw.Argument($"{Describe()}: the input is {shape}, and its last axes are not {_row}: give [.., "
                + $"{string.Join(", ", _row.Span.ToArray())}]",
                nameof(x));
        int width = _row.Elements;
        return x.Reshape(x.Count / width, width).LayerNorm(gain.Flatten(), bias.Flatten(), _eps).Reshape(shape.Span);
    }

    protected internal override string Describe() =>
        $"LayerNorm({(_row.Rank == 1 ? $"{_row[0]}" : $"{_row}")}"
            + $"{(Weight is null ? ", affine: false" : Bias is null ? ", bias: false" : "")})";
}
