using System.Globalization;
using ChainRule.Zoo.Runs;

namespace ChainRule.Cli;

/// <summary>
/// What the sizes that a run keeps of its layers say of its gradients: whether they vanish on their way to the first
/// layers, or explode.
/// </summary>
static class GradientAlarm
{
    // The limits of GradientFlow: a ten-thousandth of the largest; a thousand, and a thousand times the parameter.
    const double Vanishing = 1e-4, Exploding = 1e3;

    /// <summary>A sentence for each alarm; empty where there is none.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<LayerMetrics> lines) => [.. Explosions(lines),
        .. Vanished(lines)];

    static IEnumerable<string> Explosions(IReadOnlyList<LayerMetrics> lines)
    {
        foreach (var line in lines)
        {
            var (name, size) = line.Gradients.MaxBy(one => one.Value);
            if (!(size > Exploding) || !(size > Exploding * line.Weights.GetValueOrDefault(name))) continue;
            yield return string.Create(CultureInfo.InvariantCulture, $"gradients explode: at step {line.Step:N0} that "
                + $"of {Printable.Of(name)} has a size of {size:0.0e+0}: clip them (--set clipNorm=1), lower the "
                + $"learning rate, or begin with smaller weights");
            yield break;
        }
    }

    /// <summary>A parameter counts whose gradient was so small at most of the steps that were measured. One of 0 is
    /// frozen, or was not reached.</summary>
    static IEnumerable<string> Vanished(IReadOnlyList<LayerMetrics> lines)
    {
        var fractions = new Dictionary<string, List<double>>();
        foreach (var line in lines)
        {
            double largest = line.Gradients.Values.DefaultIfEmpty().Max();
            foreach (var (name, size) in line.Gradients.Where(one => one.Value > 0 && double.IsFinite(largest)))
            {
                if (!fractions.TryGetValue(name, out var own)) fractions[name] = own = [];
                own.Add(size / largest);
            }
        }
        var medians = fractions.Where(one => 2 * one.Value.Count > lines.Count)
            .Select(one => (Name: one.Key, Fraction: one.Value.Order().ElementAt(one.Value.Count / 2)))
            .Where(one => one.Fraction < Vanishing).ToList();
        if (medians.Count == 0) yield break;
        var (least, fraction) = medians.MinBy(one => one.Fraction);
        string how = string.Create(CultureInfo.InvariantCulture, $"{fraction:0.0e+0}");
        yield return $"gradients vanish: that of {Printable.Of(least)} is {how} of the largest"
            + (medians.Count == 1 ? "" : $", and {medians.Count - 1} more are below a ten-thousandth of it")
            + ": such layers hardly learn. ReLU with He's initialisation, batch norm or skip connections help";
    }
}
