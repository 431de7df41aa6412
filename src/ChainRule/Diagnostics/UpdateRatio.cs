namespace ChainRule.Diagnostics;

/// <summary>
/// Is the learning rate right? log₁₀(std(update) / std(parameter)) says how far a step moves a parameter, relative to
/// its own size. Around −3, a thousandth a step, is healthy; much above, training shakes; much below, it crawls.
/// </summary>
/// <remarks>
/// Karpathy, makemore part 3. A parameter of one number, or one whose numbers are all equal, has no ratio of use.
/// </remarks>
public static class UpdateRatio
{
    /// <summary>log₁₀(std(update) / std(parameter)); −∞ where the update is all one number.</summary>
    /// <exception cref="ArgumentException">They differ in shape.</exception>
    public static double Of(Tensor parameter, Tensor update)
    {
        if (parameter.Shape != update.Shape)
            Throw.Argument($"update ratio: the parameter is {parameter.Shape} and its update {update.Shape}: both must "
                + "be alike", nameof(parameter));
        return Math.Log10(Moments.Of(update).Std / Moments.Of(parameter).Std);
    }

    /// <summary>Takes one step and measures what it really did, whatever the optimiser; prints as a table.</summary>
    /// <param name="parameters">What the step changes, by name.</param>
    /// <param name="step">Changes them, such as <c>optimizer.Step</c>.</param>
    public static Report<UpdateRatioResult> Of(IEnumerable<KeyValuePair<string, Tensor>> parameters, Action step)
    {
        Throw.IfNull(parameters, "update ratio");
        Throw.IfNull(step, "update ratio");
        var named = parameters.ToArray();
        var before = Array.ConvertAll(named, p => p.Value.Detach().Clone());
        step();
        var lines = new UpdateRatioResult[named.Length];
        for (int i = 0; i < lines.Length; i++)
        {
            var (name, w) = named[i];
            var update = w.Detach().Clone();
            update.AddInPlace(before[i], -1);
            lines[i] = new(name, w.Shape, Of(w, update)) { Finite = w.Slot.IsFinite() && update.Slot.IsFinite() };
        }
        return new(["parameter", "shape", "log10 update:data", ""], lines);
    }
}

/// <summary>How far a step moved one parameter.</summary>
/// <param name="Parameter">What it is called.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Log10">log₁₀(std(update) / std(parameter)); NaN for a single number.</param>
public sealed record UpdateRatioResult(string Parameter, Shape Shape, double Log10) : IReportLine
{
    /// <summary>Whether the step was within a factor of ten of a thousandth, or there is nothing to say.</summary>
    public bool Passed => Finite && (double.IsNaN(Log10) || Log10 is >= -4 and <= -2);

    /// <summary>Whether parameter and update are all finite.</summary>
    public bool Finite { get; init; } = true;

    string[] IReportLine.Cells =>
    [
        Parameter, Shape.ToString(), TextTable.Number(Log10, "0.00"),
        Passed ? "" : !Finite ? "not finite: watch with NanWatch"
            : Log10 > -2 ? "fast: a lower learning rate" : "slow: a higher learning rate, or no gradient comes here",
    ];
}
