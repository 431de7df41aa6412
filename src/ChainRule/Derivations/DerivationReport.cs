using System.Text;

namespace ChainRule.Derivations;

/// <summary>What a check of gradients found, a line for each step; prints as a table.</summary>
public sealed class DerivationReport
{
    readonly string _what;

    internal DerivationReport(StepResult[] steps, string[] notCompared, string what = "gradients") =>
        (Steps, NotCompared, _what) = (steps, notCompared, what);

    /// <summary>The steps, in the order in which they were given.</summary>
    public IReadOnlyList<StepResult> Steps { get; }

    /// <summary>Names that lines give a value to, that no line reads, and that are the gradient of no named tensor:
    /// perhaps misspelt.</summary>
    public IReadOnlyList<string> NotCompared { get; }

    /// <summary>Whether every gradient is right.</summary>
    public bool Passed => Steps.All(step => step.Passed);

    /// <summary>The first step that is wrong in itself; null if there is none.</summary>
    public StepResult? FirstWrong => Steps.FirstOrDefault(step => step.Verdict == Verdict.Wrong);

    public override string ToString()
    {
        var text = new StringBuilder(TextTable.Of(
            [["step", "shape", "verdict", "largest difference"], .. Steps.Select(step => step.Cells)]));
        int passed = Steps.Count(step => step.Passed);
        text.Append("\n\n")
            .Append(Passed ? Steps.Count == 1 ? "The one step is right." : $"All {Steps.Count} {_what} are right."
            : $"{passed} of {Steps.Count} {_what} are right.");
        int open = Steps.Count(step => step.Verdict == Verdict.Open);
        if (open > 0) text.Append($" {open} {(open == 1 ? "is" : "are")} still to be written.");
        if (NotCompared.Count > 0)
            text.Append(
                $" Not compared with anything: {Printable.List([.. NotCompared])}: no tensor has the name after "
                + "the d, and no line reads it.");
        string lead = " The first wrong step is";
        foreach (var wrong in Steps.Where(step => step.Verdict == Verdict.Wrong))
        {
            text.Append($"{lead} {wrong.Name}: ");
            if (wrong.Error is { } error) text.Append($"{error.Message}\n{error.Excerpt}");
            // Of what was not computed, that nothing explains it says nothing.
            if (wrong.Error is null) text.Append(wrong.Diagnosis);
            else if (wrong.Diagnosis is { Mistake: not Mistake.Unexplained }) text.Append($"\n{wrong.Diagnosis}");
            lead = "\nAnother is";
        }
        return text.ToString();
    }
}
