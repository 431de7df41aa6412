namespace ChainRule.Diagnosing;

/// <summary>
/// What is wrong with a training: the findings, those whose cure gained most first; prints as a report.
/// </summary>
public sealed class Diagnosis
{
    internal Diagnosis(IReadOnlyList<Finding> findings, IReadOnlyList<string> asked, string looked) =>
        (Findings, Asked, Looked) = (findings, asked, looked);

    /// <summary>What was found; empty where nothing was.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>How many rules were asked.</summary>
    public int Rules => Asked.Count;

    /// <summary>Their names.</summary>
    internal IReadOnlyList<string> Asked { get; }

    /// <summary>What was looked at.</summary>
    public string Looked { get; }

    /// <summary>Whether no rule found anything.</summary>
    public bool Healthy => Findings.Count == 0;

    /// <summary>The report: each finding with cause, evidence, cure and what the cure gained.</summary>
    public override string ToString()
    {
        string head = $"{Looked}; {Rules} rules: ";
        if (Healthy) return head + "nothing found";
        var lines = Findings.Select((finding, i) => $"\n\n{i + 1}. {finding}" + Next(i));
        return $"{head}{Findings.Count} finding{(Findings.Count == 1 ? "" : "s")}{string.Concat(lines)}";
    }

    /// <summary>
    /// The whole report as JSON: what was looked at, the rules that were asked, and each finding with its evidence, its
    /// cure, and every cure that was tried with what it gained. What is not finite is null.
    /// </summary>
    public string ToJson() => DiagnosisJson.Of(this);

    string Next(int i) => Findings[i].Tried is { Helped: false, ShowsWorth: false } && i + 1 < Findings.Count
        ? $"\n  next:     {Findings[i + 1].Rule}" : "";
}
