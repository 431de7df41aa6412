namespace ChainRule.Diagnostics;

/// <summary>
/// Do the gradients reach everything? Their mean, their standard deviation, and that relative to the parameter's own, for each parameter after a
/// backward pass. From layer to layer they should neither fade nor grow. Activations can be given too, while their graph lives.
/// </summary>
/// <remarks>makemore part 3.</remarks>
public static class GradientFlow
{
    /// <summary>Measures parameter by parameter; prints as a table.</summary>
    public static Report<GradientFlowResult> Of(IEnumerable<KeyValuePair<string, Tensor>> parameters)
    {
        Throw.IfNull(parameters, "gradient flow");
        return new(["parameter", "shape", "grad mean", "grad std", "grad:data", ""], [.. parameters.Select(p => Of(p.Key, p.Value))]);
    }

    /// <summary>Measures one parameter; one that no backward pass has reached has a gradient of 0.</summary>
    public static GradientFlowResult Of(string name, Tensor w)
    {
        Throw.IfNull(name, "gradient flow");
        var gradient = w.HasGrad ? w.Grad.To(DType.Float64).ToArray<double>() : new double[w.Count];
        var (mean, std) = Moments.Of(gradient);
        bool reached = Array.Exists(gradient, static g => g != 0), finite = Array.TrueForAll(gradient, double.IsFinite);
        return new(name, w.Shape, mean, std, std / Moments.Of(w).Std, reached, finite);
    }
}

/// <summary>The gradient of one parameter.</summary>
/// <param name="Parameter">What it is called.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Mean">The mean of its gradient.</param>
/// <param name="Std">The standard deviation of its gradient.</param>
/// <param name="Ratio">That over the standard deviation of the parameter itself.</param>
/// <param name="Reached">Whether any of its gradient is not 0.</param>
/// <param name="Finite">Whether all of its gradient is finite.</param>
public sealed record GradientFlowResult(string Parameter, Shape Shape, double Mean, double Std, double Ratio, bool Reached, bool Finite) : IReportLine
{
    /// <summary>Whether a finite gradient that is not 0 has come.</summary>
    public bool Passed => Reached && Finite;

    string[] IReportLine.Cells =>
    [
        Parameter, Shape.ToString(), Table.Signed(Mean, 6), Table.Number(Std, "0.000000e+00"), Table.Number(Ratio, "0.000000e+00"),
        !Finite ? "not finite: watch with NanWatch" : Reached ? "" : "no gradient comes here",
    ];
}
