using System.Globalization;

namespace ChainRule.Derivations;

/// <summary>What a check found about one gradient.</summary>
/// <param name="Name">The step, as in <c>dlogits</c>.</param>
/// <param name="Shape">The shape that the gradient has.</param>
/// <param name="Verdict">How it compares.</param>
/// <param name="LargestDifference">The largest difference of two numbers; NaN where the shapes differ, or the formula
/// could not be computed.</param>
/// <param name="Index">Where that is.</param>
/// <param name="Actual">The learner's number there.</param>
/// <param name="Expected">The engine's number there.</param>
/// <param name="Diagnosis">What explains a wrong step; null for the others.</param>
public sealed record StepResult(string Name, Shape Shape, Verdict Verdict, double LargestDifference,
    IReadOnlyList<int> Index, double Actual, double Expected, NamedMistake? Diagnosis)
{
    /// <summary>Whether the gradient is right.</summary>
    public bool Passed => Verdict is Verdict.Exact or Verdict.Close;

    /// <summary>Of a formula that could not be computed: why, and where in the text; else null.</summary>
    public FormulaException? Error { get; internal init; }

    internal string[] Cells => [Name, Shape.ToString(), Word, Passed || double.IsNaN(LargestDifference) ? Difference
        : $"{Difference}{Place}: {Number(Actual)}, should be {Number(Expected)}"];

    string Place => Index.Count == 0 ? "" : $" at [{string.Join(", ", Index)}]";

    string Word => Verdict switch
    {
        Verdict.Exact => "exact",
        Verdict.Close => "close",
        Verdict.Wrong => "wrong",
        Verdict.Open => "still to be written",
        _ => "follows from a wrong step",
    };

    string Difference => Verdict is Verdict.Exact or Verdict.Open ? ""
        : double.IsNaN(LargestDifference) ? Error is null ? "another shape" : "not computed"
        : string.Create(CultureInfo.InvariantCulture, $"{LargestDifference:0.0e+00}");

    static string Number(double x) => x.ToString("G6", CultureInfo.InvariantCulture);
}
