namespace ChainRule.Metrics;

/// <summary>
/// How good ranked lists are, such as recommendations: each query has a list of items, the best first, and a set of
/// items that are relevant to it. A query without relevant items cannot be answered rightly, and is refused.
/// </summary>
public static class Ranking
{
    /// <summary>Hit rate at k: the fraction of queries with a relevant item among the first k.</summary>
    /// <param name="ranked">For each query its items, the best first; an item stands once.</param>
    /// <param name="relevant">For each query its relevant items.</param>
    /// <param name="k">How many items of each list are looked at, from 1.</param>
    /// <exception cref="ArgumentException">There are no queries or not as many of each, a query has no relevant item,
    /// an item stands twice, or k is below 1.</exception>
    public static double HitRate(IReadOnlyList<IReadOnlyList<int>> ranked, IReadOnlyList<IReadOnlyList<int>> relevant,
        int k) =>
        Mean("hit rate", ranked, relevant, k, (list, wanted) => First(list, wanted, k) < 0 ? 0 : 1);

    /// <summary>Recall at k: the mean fraction of a query's relevant items that stand among its first k.</summary>
    /// <inheritdoc cref="HitRate" path="/param"/>
    /// <inheritdoc cref="HitRate" path="/exception"/>
    public static double Recall(IReadOnlyList<IReadOnlyList<int>> ranked, IReadOnlyList<IReadOnlyList<int>> relevant,
        int k) =>
        Mean("recall", ranked, relevant, k, (list, wanted) => (double)list.Take(k).Count(wanted.Contains)
            / wanted.Count);

    /// <summary>MRR, the mean reciprocal rank: the mean of 1 / (place of the first relevant item, from 1), and of 0
    /// where the list has none.</summary>
    /// <inheritdoc cref="HitRate" path="/param[@name='ranked']"/>
    /// <inheritdoc cref="HitRate" path="/param[@name='relevant']"/>
    /// <inheritdoc cref="HitRate" path="/exception"/>
    public static double MeanReciprocalRank(IReadOnlyList<IReadOnlyList<int>> ranked,
        IReadOnlyList<IReadOnlyList<int>> relevant) =>
        Mean("mean reciprocal rank", ranked, relevant, 1, static (list, wanted) =>
            First(list, wanted, list.Count) is >= 0 and var at ? 1.0 / (at + 1) : 0);

    /// <summary>
    /// NDCG at k, normalised discounted cumulative gain: the mean of DCG / (the DCG of the best order), DCG = Σ 1 /
    /// log₂(place + 1) over the relevant items among the first k. A relevant item counts less the later it stands.
    /// </summary>
    /// <inheritdoc cref="HitRate" path="/param"/>
    /// <inheritdoc cref="HitRate" path="/exception"/>
    public static double Ndcg(IReadOnlyList<IReadOnlyList<int>> ranked, IReadOnlyList<IReadOnlyList<int>> relevant,
        int k) =>
        Mean("NDCG", ranked, relevant, k, (list, wanted) =>
        {
            double gain = 0, best = 0;
            for (int i = 0; i < Math.Min(k, list.Count); i++) if (wanted.Contains(list[i])) gain += Discount(i);
            for (int i = 0; i < Math.Min(k, wanted.Count); i++) best += Discount(i);
            return gain / best;
        });

    /// <summary>
    /// NDCG at k of one query, of a score and a relevance for each item: DCG = Σ relevance / log₂(place + 1). Items of
    /// equal score share their places: each has the mean discount of them.
    /// </summary>
    /// <param name="scores">The higher, the earlier an item stands.</param>
    /// <param name="relevance">0 or more for each item; how much it is worth.</param>
    /// <param name="k">How many places count, from 1.</param>
    /// <exception cref="ArgumentException">The lengths differ, a number is not finite, a relevance is negative, all are
    /// 0, or k is below 1.</exception>
    public static double Ndcg(ReadOnlySpan<double> scores, ReadOnlySpan<double> relevance, int k)
    {
        const string Asked = "NDCG";
        if (k < 1) Throw.OutOfRange($"{Asked}: k is {k}: give 1 or more", nameof(k));
        Checks.Pairs(Asked, scores, relevance, default);
        foreach (double one in relevance)
            if (one < 0) Throw.Argument($"{Asked}: a relevance is {one}: give 0 or more", nameof(relevance));
        double best = Gain(relevance, relevance, k);
        if (best == 0)
            Throw.Argument($"{Asked}: no item has a relevance above 0: leave such queries out", nameof(relevance));
        return Gain(scores, relevance, k) / best;
    }

    static double Gain(ReadOnlySpan<double> scores, ReadOnlySpan<double> relevance, int k)
    {
        double[] keys = scores.ToArray(), worth = relevance.ToArray();
        Array.Sort(keys, worth);
        double gain = 0;
        for (int i = keys.Length - 1; i >= 0;)
        {
            int from = i;
            double sum = 0, discount = 0;
            for (; i >= 0 && keys[i] == keys[from]; i--)
            {
                int place = keys.Length - 1 - i;
                sum += worth[i];
                if (place < k) discount += Discount(place);
            }
            gain += sum * discount / (from - i);
        }
        return gain;
    }

    static double Discount(int place) => 1 / Math.Log2(place + 2);

    static int First(IReadOnlyList<int> list, HashSet<int> wanted, int k)
    {
        for (int i = 0; i < Math.Min(k, list.Count); i++) if (wanted.Contains(list[i])) return i;
        return -1;
    }

    static double Mean(string asked, IReadOnlyList<IReadOnlyList<int>> ranked,
        IReadOnlyList<IReadOnlyList<int>> relevant, int k,
        Func<IReadOnlyList<int>, HashSet<int>, double> metric)
    {
        Throw.IfNull(ranked, asked);
        Throw.IfNull(relevant, asked);
        if (k < 1) Throw.OutOfRange($"{asked}: k is {k}: give 1 or more", nameof(k));
        if (ranked.Count != relevant.Count)
            Throw.Argument($"{asked}: {ranked.Count} ranked lists and {relevant.Count} sets of relevant items: give "
                + "one of each for a query", nameof(ranked));
        if (ranked.Count == 0) Throw.Argument($"{asked}: there are no queries: give at least one", nameof(ranked));
        double sum = 0;
        for (int q = 0; q < ranked.Count; q++)
        {
            if (ranked[q] is null || relevant[q] is null)
                Throw.Argument($"{asked}: the list of query {q} is null: give an empty one if nothing was ranked",
                    ranked[q] is null ? nameof(ranked) : nameof(relevant));
            if (relevant[q].Count == 0)
                Throw.Argument($"{asked}: query {q} has no relevant item: leave such queries out", nameof(relevant));
            var seen = new HashSet<int>();
            foreach (int item in ranked[q])
                if (!seen.Add(item))
                    Throw.Argument($"{asked}: item {item} stands twice in the list of query {q}: rank it once",
                        ranked[q] is null ? nameof(ranked) : nameof(relevant));
            sum += metric(ranked[q], [.. relevant[q]]);
        }
        return sum / ranked.Count;
    }
}
