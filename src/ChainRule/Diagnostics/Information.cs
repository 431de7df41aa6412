namespace ChainRule.Diagnostics;

/// <summary>
/// How much is not known? The measures of information theory for distributions over n outcomes, in nats. A language
/// model's loss is a cross-entropy; what no training can take from it is an entropy; the rest is a divergence, and that
/// is what training lowers:
/// <code lang="math">
/// CrossEntropy(p, q) = Entropy(p) + KlDivergence(p, q)
/// </code>
/// </summary>
/// <remarks>
/// Shannon, "A mathematical theory of communication", 1948; Kullback and Leibler, "On information
/// and sufficiency", 1951.
/// </remarks>
public static class Information
{
    // float32 probabilities of a few thousand outcomes sum to 1 within this.
    const double Slack = 1e-4;

    /// <summary>
    /// H(p) = −Σ pᵢ ln pᵢ: the surprise to be expected of p; 0 for what is certain, ln n for n equal
    /// outcomes. 0 · ln 0 is 0.
    /// </summary>
    /// <exception cref="ArgumentException">p is not a distribution.</exception>
    public static double Entropy(ReadOnlySpan<double> p) => CrossEntropy("entropy", p, p);

    /// <summary>
    /// H(p, q) = −Σ pᵢ ln qᵢ: the surprise to be expected of p by who believes q; infinite where q rules
    /// out what p allows.
    /// </summary>
    /// <exception cref="ArgumentException">p or q is not a distribution, or they differ in length.</exception>
    public static double CrossEntropy(ReadOnlySpan<double> p, ReadOnlySpan<double> q) =>
        CrossEntropy("cross-entropy", p, q);

    /// <summary>
    /// KL(p ‖ q) = Σ pᵢ ln (pᵢ / qᵢ): what believing q costs beyond what p costs anyway; 0 where they are equal,
    /// and never below.
    /// </summary>
    /// <exception cref="ArgumentException">p or q is not a distribution, or they differ in length.</exception>
    public static double KlDivergence(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        CheckBoth("divergence", p, q);
        double sum = 0;
        for (int i = 0; i < p.Length; i++) if (p[i] > 0) sum += p[i] * Math.Log(p[i] / q[i]);
        return sum;
    }

    /// <summary>
    /// e^loss: the number of equally likely outcomes that would surprise as much. 27 for a model of 27 characters
    /// that knows nothing.
    /// </summary>
    /// <param name="loss">A mean cross-entropy, in nats.</param>
    public static double Perplexity(double loss) => Math.Exp(loss);

    /// <summary>
    /// nats / ln 2: the same surprise in bits. A loss of 2 nats a character is 2.885 bits a character.
    /// </summary>
    public static double Bits(double nats) => nats / Math.Log(2);

    static double CrossEntropy(string asked, ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        CheckBoth(asked, p, q);
        double sum = 0;
        for (int i = 0; i < p.Length; i++) if (p[i] > 0) sum -= p[i] * Math.Log(q[i]);
        return sum;
    }

    static void CheckBoth(string asked, ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        if (p.Length != q.Length)
            Throw.Argument($"{asked}: p has {p.Length} outcomes and q {q.Length}: give both the same", nameof(p));
        Check(asked, "p", p);
        Check(asked, "q", q);
    }

    static void Check(string asked, string name, ReadOnlySpan<double> p)
    {
        double sum = 0;
        for (int i = 0; i < p.Length; i++)
        {
            if (!(p[i] >= 0)) Throw.Argument($"{asked}: {name}[{i}] is {p[i]}: a probability is 0 or more", nameof(p));
            sum += p[i];
        }
        if (!(Math.Abs(sum - 1) <= Slack))
            Throw.Argument($"{asked}: {name} sums to {sum}: divide it by its sum", nameof(name));
    }
}
