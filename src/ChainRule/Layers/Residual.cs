using ChainRule.Errors;

namespace ChainRule.Layers;

/// <summary>
/// y = inner(x) + x: a way past the inner layer, along which gradients flow unchanged; or
/// y = inner(x) + shortcut(x), where the inner layer changes the shape and the shortcut changes it alike, such as a
/// convolution of kernel 1 with the same stride.
/// </summary>
/// <param name="inner">What computes.</param>
/// <param name="shortcut">What leads past it; if null, x as it is.</param>
/// <remarks>He, Zhang, Ren and Sun, 2015.</remarks>
public sealed class Residual(Module inner, Module? shortcut = null) : Module
{
    /// <summary>What computes.</summary>
    public Module Inner { get; } =
        inner ?? throw new RefusedNullException("Residual: the inner layer is null: give a module", nameof(inner));

    /// <summary>What leads past it; null if x does as it is.</summary>
    public Module? Shortcut { get; } = shortcut;

    protected override Tensor Compute(Tensor x)
    {
        var y = Inner.Forward(x);
        var past = Shortcut?.Forward(x) ?? x;
        if (y.Shape != past.Shape && Shortcut is null)
            Throw.Argument(
                $"Residual: {Inner.Describe()} makes {y.Shape} of {x.Shape}: both must be of one shape to be added: "
                         + "give a shortcut that changes the shape alike", nameof(x));
        if (y.Shape != past.Shape)
            Throw.Argument($"Residual: of {x.Shape}, {Inner.Describe()} makes {y.Shape} and the shortcut "
                + $"{Shortcut!.Describe()} {past.Shape}: both must be of one shape to be added", nameof(x));
        return past + y;
    }
}
