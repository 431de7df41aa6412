using ChainRule.Diagnosing;
using ChainRule.Zoo.Runs;

namespace ChainRule.Cli;

/// <summary>
/// What the diagnosis of a run's layers says of its gradients: whether they vanish on their way to the first layers, or
/// explode. Said after training, by <c>info</c> and on the page, where nobody asked for a diagnosis.
/// </summary>
static class GradientAlarm
{
    static readonly string[] s_rules = ["exploding gradients", "vanishing gradients"];

    /// <summary>A sentence for each alarm; empty where there is none.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<LayerMetrics> lines) => [.. RunDiagnosis.OfLayers(lines)
        .Findings.Where(finding => s_rules.Contains(finding.Rule))
        .Select(finding => Printable.Message($"{finding.Rule}: {finding.Evidence}: {finding.Cause}. "
            + $"What may help: {finding.Cure}"))];
}
