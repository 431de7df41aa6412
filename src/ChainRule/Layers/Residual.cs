using ChainRule.Errors;

namespace ChainRule.Layers;

/// <summary>y = x + inner(x): a way past the inner layer, along which gradients flow unchanged. The inner layer must keep the shape.</summary>
/// <remarks>He, Zhang, Ren and Sun, 2015.</remarks>
public sealed class Residual(Module inner) : Module
{
    /// <summary>What is added to its own input.</summary>
    public Module Inner { get; } = inner ?? throw new RefusedNullException("Residual: the inner layer is null: give a module", nameof(inner));

    protected override Tensor Compute(Tensor x)
    {
        var y = Inner.Forward(x);
        if (y.Shape != x.Shape)
            Throw.Argument($"Residual: {Inner.Describe()} makes {y.Shape} of {x.Shape}: both must be of one shape to be added", nameof(x));
        return x + y;
    }
}
