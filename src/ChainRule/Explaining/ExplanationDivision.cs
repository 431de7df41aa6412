namespace ChainRule.Explaining;

/// <summary>How a number is made up of all its terms, also of those that are not shown.</summary>
/// <param name="Uses">How many ops use it.</param>
/// <param name="Terms">How many terms there are.</param>
/// <param name="Zeros">How many of them are 0.</param>
/// <param name="Positive">The sum of the positive ones.</param>
/// <param name="Negative">The sum of the negative ones.</param>
/// <param name="Largest">The largest term of the group, or, where there is none, of all.</param>
/// <param name="Above">The mean size of the gradients from above.</param>
/// <param name="Derivative">The mean size of the derivatives.</param>
/// <param name="Group">The terms of one example or one row; null where the number is no sum over these.</param>
sealed record ExplanationDivision(int Uses, int Terms, int Zeros, double Positive, double Negative,
    ExplanationTerm Largest, double Above, double Derivative, ExplanationGroup? Group)
{
    /// <summary>Whether terms have both signs.</summary>
    public bool IsMixed => Positive > 0 && Negative < 0;
}

/// <summary>The terms of one example, or of one row: those whose sum is the largest.</summary>
/// <param name="Name">What it is called: <c>example 3 of 16</c>, <c>row 0 of 2 of matmul</c>.</param>
/// <param name="At">Which.</param>
/// <param name="Of">Of how many.</param>
/// <param name="IsExample">Whether it is an example of a batch.</param>
/// <param name="Sum">The sum of its terms.</param>
/// <param name="Terms">How many of its terms are not 0.</param>
sealed record ExplanationGroup(string Name, int At, int Of, bool IsExample, double Sum, int Terms);

/// <summary>Examples, or rows of one tensor, that the terms of a number are of.</summary>
/// <param name="Kind">What each is called.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Suffix">What is said behind their number.</param>
/// <param name="IsExample">Whether they are examples of a batch.</param>
/// <param name="Of">Which of them a place belongs to.</param>
sealed record TermGroups<TPlace>(string Kind, int Count, string Suffix, bool IsExample, Func<TPlace, int> Of)
{
    /// <summary>The group whose sum is the largest; null where the terms are all of one.</summary>
    public ExplanationGroup? Largest(IEnumerable<FullTerm<TPlace>> terms)
    {
        double[] sums = new double[Count];
        int[] counts = new int[Count];
        foreach (var term in terms)
        {
            if (term.Value == 0) continue;
            sums[Of(term.Place)] += term.Value;
            counts[Of(term.Place)]++;
        }
        if (counts.Count(static count => count > 0) < 2) return null;
        int at = Enumerable.Range(0, Count).MaxBy(i => Math.Abs(sums[i]));
        return new($"{Kind} {at} of {Count}{Suffix}", at, Count, IsExample, sums[at], counts[at]);
    }
}
