namespace ChainRule.Diagnostics;

/// <summary>
/// Do the gradients reach everything? Their mean, their standard deviation, and that relative to the parameter's own,
/// for each parameter after a backward pass. From layer to layer they should neither vanish nor explode. Activations
/// can be given too, while their graph lives.
/// </summary>
/// <remarks>
/// makemore part 3. Whether a gradient vanishes or explodes is seen beside the others: give all parameters of a
/// network in one call.
/// </remarks>
public static class GradientFlow
{
    /// <summary>
    /// A gradient vanishes whose standard deviation is below this fraction of the largest that does not explode.
    /// </summary>
    internal const double Vanishing = 1e-4;

    /// <summary>
    /// A gradient explodes whose standard deviation is above this, and above this many times the parameter's own.
    /// </summary>
    internal const double Exploding = 1e3;

    /// <summary>Measures parameter by parameter; prints as a table.</summary>
    public static Report<GradientFlowResult> Of(IEnumerable<KeyValuePair<string, Tensor>> parameters)
    {
        Throw.IfNull(parameters, "gradient flow");
        GradientFlowResult[] lines = [.. parameters.Select(p => Of(p.Key, p.Value))];
        double largest = lines.Where(line => line.Finite && !line.Explodes).Select(line => line.Size)
            .DefaultIfEmpty().Max();
        return new(["parameter", "shape", "grad mean", "grad std", "grad:data", ""],
            [.. lines.Select(line => line with { OfLargest = largest > 0 ? line.Size / largest : 1 })]);
    }

    /// <summary>Measures one parameter; one that no backward pass has reached has a gradient of 0.</summary>
    public static GradientFlowResult Of(string name, Tensor w)
    {
        Throw.IfNull(name, "gradient flow");
        double[] gradient = w.HasGrad ? w.Grad.To(DType.Float64).ToArray<double>() : new double[w.Count];
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
public sealed record GradientFlowResult(string Parameter, Shape Shape, double Mean, double Std, double Ratio,
    bool Reached, bool Finite) : IReportLine
{
    /// <summary>
    /// Its standard deviation over the largest in the report, of those that do not explode; 1 where it was
    /// measured by itself.
    /// </summary>
    public double OfLargest { get; internal init; } = 1;

    /// <summary>
    /// Whether the gradient is so small beside the others that its layer hardly learns: below a
    /// ten-thousandth of the largest.
    /// </summary>
    public bool Vanishes => Reached && Finite && !Explodes && OfLargest < GradientFlow.Vanishing;

    /// <summary>
    /// Whether a step along the gradient would throw the parameter far away: more than a thousand, and a thousand times
    /// the parameter's own standard deviation.
    /// </summary>
    public bool Explodes => Finite && Size > GradientFlow.Exploding && !(Ratio <= GradientFlow.Exploding);

    /// <summary>Whether a finite gradient has come that neither vanishes nor explodes.</summary>
    public bool Passed => Reached && Finite && !Vanishes && !Explodes;

    // Of a single number, or of equal ones, there is no standard deviation to speak of.
    internal double Size => Std > 0 ? Std : Math.Abs(Mean);

    string[] IReportLine.Cells =>
    [
        Parameter, Shape.ToString(), Math.Abs(Mean) < 1e4 ? TextTable.Signed(Mean, 6)
            : TextTable.Number(Mean, "+0.000000e+00;-0.000000e+00"),
        TextTable.Number(Std, "0.000000e+00"), TextTable.Number(Ratio, "0.000000e+00"),
        !Finite ? "not finite: watch with NanWatch"
            : !Reached ? "no gradient comes here"
            : Explodes ? "explodes: smaller weights, a norm layer or clipping"
            : Vanishes ? FormattableString.Invariant($"vanishes: {OfLargest:0e-0} of the largest") : "",
    ];
}
