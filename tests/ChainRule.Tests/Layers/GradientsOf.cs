namespace ChainRule.Tests.Layers;

using ChainRule.Diagnostics;
using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Tests.Explaining;

/// <summary>Gradient checks of whole layers: the input and every parameter, in float64.</summary>
static class GradientsOf
{
    /// <summary>
    /// Refuses a layer whose gradients are not those of Σ y · c, with c drawn at random so that no error can
    /// hide in a symmetry.
    /// </summary>
    public static void Layer(Module layer, params int[] shape)
    {
        var rng = new TorchRandom(5);
        layer.To(DType.Float64);
        // Off the points that defaults begin at: a gain of 1 and a bias of 0 would hide their own absence.
        foreach (var (_, w) in layer.NamedParameters()) w.AddInPlace(Tensor.Randn(w.Shape, rng, DType.Float64), 0.3);
        var x = Tensor.Randn(shape, rng, DType.Float64).RequireGrad();
        var c = Tensor.Randn(layer.Forward(x).Shape, rng, DType.Float64);
        GradCheck.Require($"{layer.GetType().Name} on {x.Shape}", () => (layer.Forward(x) * c).Sum(),
            layer.NamedParameters().Append(new("x", x)));
        Sums.Check($"{layer.GetType().Name} on {x.Shape}", (layer.Forward(x) * c).Sum());
    }
}
