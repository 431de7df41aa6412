using ChainRule.Diagnosing;
using ChainRule.Pictures;

namespace ChainRule.Cli.Pages;

/// <summary>The page of a diagnosis: each finding with its evidence, and the branch with its cure beside that without.
/// </summary>
static class DiagnosisPage
{
    public static Page Of(string title, Diagnosis diagnosis)
    {
        var page = new Page(title).Add($"{TablePage.Cell(diagnosis.Looked)}. {diagnosis.Rules} rules were asked, and "
            + (diagnosis.Healthy ? "found nothing." : $"{diagnosis.Findings.Count} found something."));
        if (!diagnosis.Healthy)
            page.Table("Findings", ["rule", "cure", "helped"], [.. diagnosis.Findings.Select(finding => (string[])
                [finding.Rule, TablePage.Cell(finding.Cure), finding.Tried is not { } tried ? "not tried"
                    : tried.Helped ? "yes" : "no"])]);
        foreach (var finding in diagnosis.Findings)
        {
            page.Section(finding.Rule).Add(TablePage.Cell($"Cause: {finding.Cause}."))
                .Add(TablePage.Cell($"Evidence: {finding.Evidence}.")).Add(TablePage.Cell($"Cure: {finding.Cure}."));
            if (finding.Tried is not { } tried) continue;
            page.Add(TablePage.Cell($"Tried: {tried}."));
            Series[] branches = [Branch("without", tried.LossesWithout), Branch("with the cure", tried.LossesWith)];
            if (branches.All(one => one.Y.Count > 1))
                page.Add(Chart.Line($"Two branches: {tried.Change}", "step", "loss", branches));
        }
        return page;
    }

    static Series Branch(string name, IReadOnlyList<double> losses) =>
        Curves.Of(name, losses.Select((loss, step) => (step + 1, loss)));
}
