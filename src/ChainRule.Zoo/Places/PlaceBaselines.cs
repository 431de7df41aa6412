namespace ChainRule.Zoo.Places;

/// <summary>
/// What a model is compared with: nearest first; most visited first; nearest first with a bonus for shared tags, chosen
/// on the validation visits; and a linear model, the conditional logit of the same features.
/// </summary>
/// <param name="encoding">The places.</param>
/// <param name="trained">The visits that are learned from.</param>
/// <param name="validation">The visits to choose by, and where they led.</param>
sealed class PlaceBaselines(PlaceEncoding encoding, IReadOnlyList<EncodedQuery> trained,
    IReadOnlyList<(EncodedQuery Query, int Place)> validation)
{
    // What a shared tag may be worth, in steps of ln(1 + d/u).
    static readonly double[] s_bonuses = [0, 0.25, 0.5, 1, 1.5, 2, 3, 4, 6, 8];

    /// <summary>How well each ranks the places of visits.</summary>
    public IReadOnlyList<RankedVisits> Scores(IReadOnlyList<(EncodedQuery Query, int Place)> visits)
    {
        double bonus = s_bonuses.MaxBy(bonus => Score("", NearWithTags(bonus), validation).Score.Ndcg);
        var linear = ConditionalLogit.Fit(encoding, trained);
        return
        [
            Score("nearest first", NearWithTags(0), visits),
            Score("most visited first", (_, _) => [.. encoding.Counts.Select(count => (double)count)], visits),
            Score("nearest first, shared tags preferred", NearWithTags(bonus), visits),
            Score("linear model (conditional logit)", (query, distances) => linear.Scores(query), visits),
        ];
    }

    Func<EncodedQuery, double[], double[]> NearWithTags(double bonus) => (query, distances) =>
        [.. distances.Select((d, place) => bonus * encoding.Shared(query.Tags, place) - Math.Log(1 + d
            / encoding.Unit))];

    RankedVisits Score(string name, Func<EncodedQuery, double[], double[]> score,
        IReadOnlyList<(EncodedQuery Query, int Place)> visits)
    {
        int[][] lists = new int[visits.Count][];
        Parallel.For(0, visits.Count, i =>
        {
            var query = visits[i].Query;
            double[] distances = [.. Enumerable.Range(0, encoding.Places.Count).Select(place =>
                encoding.Distance(query.From, place))];
            lists[i] = PlaceReport.First(score(query, distances), PlaceReport.Depth);
        });
        return RankedVisits.Of(name, lists, [.. visits.Select(visit => visit.Place)]);
    }
}
