using ChainRule.Diagnostics;
using ChainRule.Layers;

namespace ChainRule.Diagnosing;

/// <summary>
/// Initialises layer after layer until each gives numbers with a standard deviation of 1, the last 0.1, so that what
/// comes out says little. Biases become 0.
/// </summary>
/// <remarks>Mishkin and Matas, "All you need is a good init", 2015.</remarks>
static class LayerInit
{
    const double LastStd = 0.1;

    /// <summary>Initialises.</summary>
    /// <param name="model">The model.</param>
    /// <param name="pass">A forward pass over some rows.</param>
    /// <param name="keepLast">Whether the last layer is like the others, because what follows it is not known.</param>
    public static void Run(Module model, Action pass, bool keepLast)
    {
        var layers = InOrder(model, pass);
        for (int i = 0; i < layers.Count; i++)
        {
            var (weight, bias) = Recorder.Weight(layers[i])!.Value;
            if (weight.Slot.IsFinite() && Moments.Of(weight).Std is var std && !(std > 0)) continue;
            bias?.FillInPlace(0);
            // A nonlinearity before it does not matter here: what it gives is measured, and only this layer scaled.
            double target = i == layers.Count - 1 && !keepLast ? LastStd : 1, given = StdOf(model, layers[i], pass);
            if (given > 0 && double.IsFinite(given)) Scale(weight, target / given);
        }
    }

    /// <summary>Scales the last layer's weights; its bias becomes 0.</summary>
    public static void ScaleLast(Module model, Action pass, double factor)
    {
        if (InOrder(model, pass) is not [.., var last]) return;
        var (weight, bias) = Recorder.Weight(last)!.Value;
        Scale(weight, factor);
        bias?.FillInPlace(0);
    }

    static List<Module> InOrder(Module model, Action pass)
    {
        List<Module> layers = [];
        using (model.Observe((module, _, _) =>
        {
            if (Recorder.Weight(module) is not null && !layers.Contains(module)) layers.Add(module);
        })) pass();
        return layers;
    }

    static double StdOf(Module model, Module layer, Action pass)
    {
        double std = double.NaN;
        using (model.Observe((module, _, y) =>
        {
            if (ReferenceEquals(module, layer)) std = Moments.Of(y).Std;
        })) pass();
        return std;
    }

    static void Scale(Tensor weight, double factor)
    {
        using var quiet = NoGrad.Begin();
        using var scope = Scope.Begin("diagnosis");
        weight.CopyInPlace(weight.Detach() * factor);
    }
}
