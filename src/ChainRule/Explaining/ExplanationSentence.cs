using System.Globalization;

namespace ChainRule.Explaining;

/// <summary>
/// An explanation in one sentence: where it divides first, what is the largest part, and why it is large. Parts are
/// said in per cent only where all terms have one sign.
/// </summary>
static class ExplanationSentence
{
    public static string Of(Explanation root)
    {
        string subject = $"{root.Subject} is {Number(root.Value)}";
        if (!double.IsFinite(root.Value)) return subject + NotFinite(root) + ".";
        string missing = Divided(root) is { Missing: not 0 and var rest } odd
            ? $"; but the terms of {odd.Subject} add up to {Number(odd.Value - rest)} alone: the backward pass of "
                + $"{odd.Steps[0].Op} is not linear in dL/dy" : "";
        if (!root.IsGradient && root.Steps is not [{ AddsUp: true }]) return OfFormula(root, subject) + ".";
        if (root.IsGradient && root.Value == 0 && Zero(root) is { } reason) return $"{subject}, because {reason}.";
        var at = Divided(root);
        if (at.Division is not { } division)
            return root.IsGradient || at.Steps.Count == 0 ? $"{subject}{Along(root)}{missing}."
                : $"{OfFormula(at, $"{subject}, {Through(root, at)} of {at.Name}")}.";
        string made = root.IsGradient ? "" : $", computed by {Made(at.Steps[0])}";
        // What lies before is said where it changes the number.
        double factor = 1;
        for (var one = root; one != at; one = one.Steps[0].Terms[0].From) factor *= one.Steps[0].Terms[0].Derivative;
        if (factor != 1)
            subject += $", {Number(factor)} times {at.Subject} ({Through(root, at)}); {at.Subject} is "
                + Number(at.Value);
        return $"{subject}{made}{(division.Terms == 1 ? "" : Parts(at, division))}{missing}.";
    }

    /// <summary>The number at which an explanation divides: it goes there by one term alone.</summary>
    public static Explanation Divided(Explanation root)
    {
        var at = root;
        while (at.Steps is [{ Terms: [var only], Omitted: 0, AddsUp: true }] && at.Missing == 0) at = only.From;
        return at;
    }

    static string Parts(Explanation at, ExplanationDivision division)
    {
        var (largest, group) = (division.Largest, division.Group);
        string count = $"{division.Terms:N0} terms{(division.Uses > 1 ? $" in {division.Uses} uses" : "")}"
            + (division.Zeros > 0 ? $", {division.Zeros:N0} of them 0" : "");
        string term = $"{Number(largest.Value)} = {ExplanationText.Product(largest, true)}{Why(division)}";
        if (division.Terms - division.Zeros == 1) return $"; of its {division.Terms:N0} terms one is not 0: {term}";
        if (division.IsMixed)
        {
            string signs = $", the sum of {count}, of both signs: {Signed(division.Positive)} and "
                + $"{Number(division.Negative)}; ";
            return signs + (group is null ? $"the largest is {term}"
                : $"the largest sum of {(group.IsExample ? "an example" : "a row")}, {Number(group.Sum)}, is that of "
                    + $"{group.Name}, and {Its(group)} is {term}");
        }
        return group is null
            ? $", the sum of {count}; the largest, {Percent(largest.Value / at.Value)} of it, is {term}"
            : $": {Percent(group.Sum / at.Value)} of it, {Number(group.Sum)}, comes from {group.Name}, and "
                + $"{Its(group)} is {term}";
    }

    static string Its(ExplanationGroup group) =>
        group.Terms == 1 ? "its one term" : $"the largest of its {group.Terms:N0} terms";

    static string OfFormula(Explanation root, string subject)
    {
        if (root.Steps is not [var step]) return root.IsCut ? subject : $"{subject}: it was given";
        return $"{subject}, computed by {Made(step)}";
    }

    static string Made(ExplanationStep step)
    {
        string how = step.Numbers.Length > 0 ? $"{step.Formula} = {step.Numbers}" : step.Formula;
        return $"{step.Op}{(how.Length > 0 ? ", " : "")}{how}";
    }

    /// <summary>The ops that a number goes through without dividing.</summary>
    static string Along(Explanation root)
    {
        if (root.Steps.Count == 0) return "";
        var at = Divided(root);
        string far = at.IsCut ? $"; it was followed to {at.Subject} = {Number(at.Value)}" : "";
        return $": one term alone, {Through(root, at)}{far}";
    }

    static string Through(Explanation root, Explanation at)
    {
        List<string> ops = [];
        for (var one = root; one != at; one = one.Steps[0].Terms[0].From) ops.Add(one.Steps[0].Op);
        return $"through {string.Join(", ", ops)}";
    }

    /// <summary>What makes the largest term large: its gradient, or its derivative.</summary>
    static string Why(ExplanationDivision division)
    {
        var (term, above, derivative) = (division.Largest, division.Above, division.Derivative);
        if (!term.From.IsGradient || division.Terms < 3 || above == 0 || derivative == 0) return "";
        double high = Math.Abs(term.From.Value) / above, steep = Math.Abs(term.Derivative) / derivative;
        return Math.Max(high, steep) < 1.5 ? ""
            : high >= steep ? $", because the gradient from above is {Times(high)} the mean size there"
            : $", because what it is multiplied by is {Times(steep)} the mean size there";
    }

    /// <summary>Why a gradient is 0; null where terms that are not 0 cancel.</summary>
    static string? Zero(Explanation root)
    {
        var at = root;
        for (; at.Steps is [{ Terms: [var term], Omitted: 0 } step]; at = term.From)
            if (term.Derivative == 0)
                return term.IsNamed ? $"{step.Op} multiplies {at.Name} by {term.DerivativeText} = 0"
                    : term.DerivativeText is "0" ? $"{step.Op} multiplies {at.Name} by 0"
                    : $"the derivative of {step.Op} is 0 at {at.Name} = {Number(at.Own)}";
        if (at.Steps.Count == 0 || at.Division is not null) return null;
        var terms = at.Steps.SelectMany(static step => step.Terms).ToArray();
        int count = terms.Length + at.Steps.Sum(static step => step.Omitted);
        if (count == 0)
            return $"nothing that {string.Join(" and ", at.Steps.Select(static step => step.Op))} computes depends on "
                + at.Name;
        string all = $"all {count:N0} terms of its sum are 0";
        // Those that are not shown are 0 as well, but nothing is known of why.
        if (terms.Length < count) return all;
        return terms.All(static term => term.From.Value == 0) ? $"{all}: no gradient comes from above"
            : terms.All(static term => term.Derivative == 0) ? $"{all}: the derivative is 0 at each of them"
            : $"{all}: of each either the gradient from above or the derivative is 0";
    }

    /// <summary>Where NaN or infinity came in.</summary>
    static string NotFinite(Explanation root)
    {
        var at = root;
        HashSet<Explanation> seen = [root];
        while (at.Steps.SelectMany(static step => step.Terms).Select(static term => term.From)
            .FirstOrDefault(from => !double.IsFinite(from.Value)) is { } from && seen.Add(from)) at = from;
        string where = at == root ? "" : $", because {at.Subject} is {Number(at.Value)}";
        if (at.Steps.Count == 0) return where;
        var (term, of) = at.Steps.SelectMany(static step => step.Terms, static (step, term) => (term, step))
            .FirstOrDefault(static pair => !double.IsFinite(pair.term.Value));
        if (at.IsGradient)
            return term is null ? where
                : $"{where}: {of.Op} gives {Number(term.Value)} = {ExplanationText.Product(term, true)}";
        return $"{where}, computed by {Made(at.Steps[0])}";
    }

    static string Number(double x) => ExplanationText.Number(x);

    static string Signed(double x) => $"+{Number(x)}";

    static string Percent(double fraction)
    {
        double percent = 100 * fraction;
        // What is nearly all is not all.
        if (percent is > 99 and < 100) return "more than 99 %";
        string digits = percent >= 10 ? percent.ToString("0", CultureInfo.InvariantCulture)
            : percent.ToString("G2", CultureInfo.InvariantCulture);
        return $"{digits} %";
    }

    static string Times(double ratio) => $"{ratio.ToString("0.0", CultureInfo.InvariantCulture)} times";
}
