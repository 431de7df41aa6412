namespace ChainRule.Layers;

/// <summary>
/// y = a σ(b), where a is the first half of x along an axis and b the second: [.., 2C] → [.., C]. A gated linear unit.
/// </summary>
/// <param name="axis">Which axis is halved; negative ones count from the end.</param>
/// <remarks>Dauphin, Fan, Auli and Grangier, 2016.</remarks>
public sealed class Glu(int axis = -1) : Module
{
    protected override Tensor Compute(Tensor x) => x.Glu(axis);

    protected internal override string Describe() => axis == -1 ? "Glu" : $"Glu(axis: {axis})";
}
