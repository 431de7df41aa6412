namespace ChainRule.Diagnostics;

/// <summary>
/// Are the neurons saturated? Where tanh is near −1 or 1 its derivative 1 − h² is near 0, and no gradient passes. A
/// neuron that is there for every example of a batch is dead: it learns nothing from any of them.
/// </summary>
/// <remarks>
/// makemore part 3: h = tanh of a layer, a row for each example. 0.97 and 0.99 are the lecture's bounds.
/// </remarks>
public static class Saturation
{
    /// <summary>Measures one layer.</summary>
    /// <param name="layer">What it is called, for the table.</param>
    /// <param name="h">What the layer's tanh gave: [.., units]; every axis but the last is examples.</param>
    /// <param name="bound">|h| above this is saturated.</param>
    /// <exception cref="ArgumentException">h is a single number, or holds none.</exception>
    public static SaturationResult Of(string layer, Tensor h, double bound = 0.97)
    {
        Throw.IfNull(layer, "saturation");
        if (!(bound >= 0 && double.IsFinite(bound)))
            Throw.OutOfRange($"saturation of {layer}: bound {bound}: give a finite number, 0 or more", nameof(bound));
        if (h.Rank == 0 || h.Count == 0)
            Throw.Argument($"saturation of {layer}: {h.Shape} has no units to look at: give [examples, units]",
                nameof(h));
        int units = h.Shape[^1], saturated = 0, dead = 0;
        var numbers = h.To(DType.Float64).Read<double>();
        for (int unit = 0; unit < units; unit++)
        {
            int of = 0;
            for (int i = unit; i < numbers.Length; i += units) if (Math.Abs(numbers[i]) > bound) of++;
            saturated += of;
            if (of == numbers.Length / units) dead++;
        }
        var (mean, std) = Moments.Of(numbers);
        return new(layer, h.Shape, mean, std, (double)saturated / numbers.Length, dead);
    }

    /// <summary>Measures layer by layer; prints as a table.</summary>
    public static Report<SaturationResult> Of(IEnumerable<KeyValuePair<string, Tensor>> layers, double bound = 0.97)
    {
        Throw.IfNull(layers, "saturation");
        return new(["layer", "shape", "mean", "std", "saturated", "dead", ""],
            [.. layers.Select(layer => Of(layer.Key, layer.Value, bound))]);
    }
}

/// <summary>How saturated one layer is.</summary>
/// <param name="Layer">What it is called.</param>
/// <param name="Shape">[.., units].</param>
/// <param name="Mean">The mean of h.</param>
/// <param name="Std">Its standard deviation.</param>
/// <param name="SaturatedFraction">The fraction of saturated numbers, 0 to 1.</param>
/// <param name="Dead">How many units are saturated for every example.</param>
public sealed record SaturationResult(string Layer, Shape Shape, double Mean, double Std, double SaturatedFraction,
    int Dead) : IReportLine
{
    /// <summary>
    /// Whether all numbers are finite, no unit is dead, and fewer than one number in five is saturated.
    /// </summary>
    public bool Passed => double.IsFinite(Mean) && Dead == 0 && SaturatedFraction < 0.2;

    string[] IReportLine.Cells =>
    [
        Layer, Shape.ToString(), TextTable.Signed(Mean, 2), TextTable.Number(Std, "0.00"),
        TextTable.Number(100 * SaturatedFraction, "0.00") + " %", TextTable.Number(Dead, "0"),
        Passed ? "" : !double.IsFinite(Mean) ? "not finite: watch with NanWatch"
            : "saturated: smaller weights before it",
    ];
}
