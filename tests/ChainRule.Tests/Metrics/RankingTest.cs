using ChainRule.Metrics;

namespace ChainRule.Tests.Metrics;

public sealed class RankingTest
{
    static readonly int[][] s_ranked = [[3, 1, 4, 0, 2], [0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 0, 3, 1, 4]];
    static readonly int[][] s_relevant = [[4], [3, 4], [4, 2, 0], [1]];

    public static TheoryData<string> Cases => Golden.Names("metrics", "ndcg");

    [Theory, MemberData(nameof(Cases))]
    public void Ndcg_of_scores_equals_scikit_learns(string name)
    {
        var golden = Golden.Case("metrics", name);
        double[] scores = golden.Inputs[0].Data, relevance = golden.Inputs[1].Data;
        Close.Equal(golden.Output.Data, [.. new[] { 1, 2, 3, 10 }.Select(k => Ranking.Ndcg(scores, relevance, k))],
            Close.Float64, name);
    }

    [Fact]
    public void Ndcg_of_lists_equals_scikit_learns()
    {
        double[] golden = Golden.Case("metrics", "rankings: four queries").Output.Data;
        Close.Equal(golden.AsSpan(0, 3), [.. new[] { 1, 3, 5 }.Select(k => Ranking.Ndcg(s_ranked, s_relevant, k))],
            Close.Float64, "NDCG");
        Close.Equal(golden.AsSpan(3), [Ranking.MeanReciprocalRank(s_ranked, s_relevant)], Close.Float64, "MRR");
    }

    [Fact]
    public void A_hit_is_a_relevant_item_among_the_first_k()
    {
        Assert.Equal([0.25, 0.25, 0.5, 1, 1, 1], Enumerable.Range(1, 6)
            .Select(k => Ranking.HitRate(s_ranked, s_relevant, k)));
        Assert.Equal((1.0 / 3 / 4, (1 + 0.5 + 2.0 / 3 + 1) / 4),
            (Ranking.Recall(s_ranked, s_relevant, 1), Ranking.Recall(s_ranked, s_relevant, 4)));
    }

    [Fact]
    public void What_was_not_ranked_is_no_hit()
    {
        Assert.Equal(0, Ranking.HitRate([[]], [[1]], 10));
        Assert.Equal(0, Ranking.MeanReciprocalRank([[2]], [[1]]));
        Assert.Equal(0, Ranking.Ndcg([[2]], [[1]], 3));
    }

    [Fact]
    public void What_cannot_be_measured_is_said()
    {
        void Refuse(string sentence, Action asked) =>
            Assert.Equal(sentence, Assert.ThrowsAny<ArgumentException>(asked).Message);
        Refuse("hit rate: k is 0: give 1 or more", () => Ranking.HitRate(s_ranked, s_relevant, 0));
        Refuse("hit rate: 1 ranked lists and 2 sets of relevant items: give one of each for a query",
            () => Ranking.HitRate([[1]], [[1], [2]], 1));
        Refuse("NDCG: there are no queries: give at least one", () => Ranking.Ndcg(Array.Empty<int[]>(), [], 1));
        Refuse("mean reciprocal rank: query 0 has no relevant item: leave such queries out",
            () => Ranking.MeanReciprocalRank([[1]], [[]]));
        Refuse("recall: item 1 stands twice in the list of query 0: rank it once",
            () => Ranking.Recall([[1, 1]], [[1]], 1));
        Refuse("NDCG: a relevance is -1: give 0 or more", () => Ranking.Ndcg([1.0], [-1.0], 1));
        Refuse("NDCG: no item has a relevance above 0: leave such queries out", () => Ranking.Ndcg([1.0], [0.0], 1));
    }
}
