namespace ChainRule.Randomness;

/// <summary>
/// How categories are drawn from weights. All three draw from the same distribution; the streams differ,
/// and so do the samples.
/// </summary>
public enum MultinomialMethod
{
    /// <summary>
    /// One double u a category, in order; q = −ln(1−u), and the largest weight/q wins. torch's way without replacement.
    /// </summary>
    Race,

    /// <summary>
    /// One double u a sample; the first category whose cumulative probability reaches u. torch's way with replacement.
    /// </summary>
    Cdf,

    /// <summary>
    /// The race as builds of torch with Intel's library run it: one 32-bit draw seeds MCG31, x ← 1132489760·x mod
    /// (2³¹−1), and q = −ln(x/(2³¹−1)).
    /// </summary>
    Mkl,
}
