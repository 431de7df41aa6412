using ChainRule.Explaining;

namespace ChainRule.Lab.Why;

/// <summary>Where a number came from, for a page to unfold level by level.</summary>
/// <param name="Sentence">The explanation in one sentence.</param>
/// <param name="About">Which loss or point it is about, and what became of the number; else empty.</param>
/// <param name="Numbers">The numbers of the tree: the first is explained, terms name others by their place.</param>
public sealed record WhyTree(string Sentence, string About, IReadOnlyList<WhyNumber> Numbers)
{
    /// <summary>The tree of an explanation; a number that is used twice is there once.</summary>
    public static WhyTree Of(Explanation root, string about = "")
    {
        Throw.IfNull(root, "why");
        List<Explanation> all = [root];
        Dictionary<Explanation, int> places = new() { [root] = 0 };
        List<WhyNumber> numbers = [];
        for (int i = 0; i < all.Count; i++)
            numbers.Add(new(all[i].Subject, all[i].Value, all[i].IsCut, [.. all[i].Steps.Select(Step)]));
        return new(root.Sentence, about, numbers);

        WhyStep Step(ExplanationStep step) => new(step.Op, step.Formula, step.Numbers, step.Sum, step.AddsUp,
            [.. step.Terms.Select(Term)], step.Omitted, step.OmittedSum);

        WhyTerm Term(ExplanationTerm term)
        {
            if (places.TryAdd(term.From, all.Count)) all.Add(term.From);
            return new(term.Value, term.Fraction, term.DerivativeText, $"{term}", places[term.From]);
        }
    }
}

/// <summary>A number of a <see cref="WhyTree"/>.</summary>
/// <param name="Subject">What it is: <c>dL/dW[3, 7]</c>, or the name of a value.</param>
/// <param name="Value">The number.</param>
/// <param name="IsCut">Whether more could be said.</param>
/// <param name="Steps">The ops that use it, or the op that computed it.</param>
public sealed record WhyNumber(string Subject, double Value, bool IsCut, IReadOnlyList<WhyStep> Steps);

/// <summary>One op: its formula in letters and in numbers, and its largest terms.</summary>
public sealed record WhyStep(string Op, string Formula, string Numbers, double Sum, bool AddsUp,
    IReadOnlyList<WhyTerm> Terms, int Omitted, double OmittedSum);

/// <summary>One term.</summary>
/// <param name="Value">What it adds.</param>
/// <param name="Fraction">Its part of the sum of all terms' sizes.</param>
/// <param name="Derivative">What the number is multiplied by, in letters: a weight's name, or a formula.</param>
/// <param name="Text">The term as a product.</param>
/// <param name="From">The place of the number that it comes from.</param>
public sealed record WhyTerm(double Value, double Fraction, string Derivative, string Text, int From);
