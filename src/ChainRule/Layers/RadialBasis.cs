namespace ChainRule.Layers;

/// <summary>
/// Bumps around centres: yₖ = exp(−‖x − cₖ‖² / (2 σₖ²)), [.., columns] → [.., centres]. Near 1 at a centre, near 0 a
/// few widths σ away: each output knows one neighbourhood alone. With a <see cref="Linear"/> layer after it, an RBF
/// network; centres and widths are trained with it.
/// <code>
/// var centres = ChainRule.Classical.KMeans.Fit(x, 20, seed: 1).Centres.To(DType.Float32);
/// var network = new Sequential(RadialBasis.Around(centres), new Linear(20, 1, rng));
/// </code>
/// </summary>
/// <remarks>Broomhead and Lowe, 1988; Moody and Darken, 1989. Squared distances are taken as ‖x‖² − 2 x · c + ‖c‖², so
/// scale the inputs.</remarks>
public sealed class RadialBasis : Module
{
    readonly int _columns, _centres;

    /// <param name="centres">The first centres, [centres, columns], which are copied.</param>
    /// <param name="width">σ of each bump to begin with, above 0.</param>
    public RadialBasis(Tensor centres, double width)
    {
        if (centres.Rank != 2 || centres.Shape[0] < 1 || centres.Shape[1] < 1)
            Throw.Argument($"RadialBasis: the centres are {centres.Shape}: give a matrix [centres, columns] with at "
                + "least one of each", nameof(centres));
        Throw.IfNotPositive(width, "RadialBasis", "width");
        (_centres, _columns) = (centres.Shape[0], centres.Shape[1]);
        Centres = Parameter(centres.Detach().Clone());
        Width = Parameter(Tensor.Full([_centres], width, centres.DType));
    }

    /// <summary>Bumps whose width is the mean distance between a centre and its nearest other one; 1 if there is one
    /// centre alone.</summary>
    /// <inheritdoc cref="RadialBasis(Tensor, double)" path="/param[@name='centres']"/>
    public static RadialBasis Around(Tensor centres)
    {
        if (centres.Rank != 2 || centres.Shape[0] < 2) return new(centres, 1);
        double sum = 0;
        int count = centres.Shape[0];
        double[] c = centres.Detach().To(DType.Float64).ToArray<double>();
        int columns = centres.Shape[1];
        for (int i = 0; i < count; i++)
        {
            double nearest = double.PositiveInfinity;
            for (int j = 0; j < count; j++)
                if (i != j)
                    nearest = Math.Min(nearest,
                        System.Numerics.Tensors.TensorPrimitives.Distance<double>(c.AsSpan(i * columns, columns),
                        c.AsSpan(j * columns, columns)));
            sum += nearest;
        }
        return new(centres, sum > 0 ? sum / count : 1);
    }

    /// <summary>c, [centres, columns].</summary>
    public Tensor Centres { get; }

    /// <summary>σ, [centres].</summary>
    public Tensor Width { get; }

    protected override Tensor Compute(Tensor x)
    {
        CheckLastAxis(x, _columns);
        var squared = (x * x).Sum(-1, keepDim: true) - 2 * x.MatMul(Centres, transposeB: true) + (Centres * Centres)
            .Sum(-1);
        return (squared * -0.5 / (Width * Width)).Exp();
    }

    protected internal override string Describe() => $"RadialBasis({_centres}, {_columns})";
}
