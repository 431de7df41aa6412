using ChainRule.Randomness;

namespace ChainRule.Zoo.Places;

/// <summary>
/// By how much a model ranks better than another way of ranking, on the same visits, each with the interval that holds
/// it with 95 % confidence: that of <see cref="Resamples"/> bootstrap samples of the users, since visits of one user
/// are alike. Where an interval holds 0, the difference may be chance.
/// </summary>
/// <param name="Name">The other way of ranking.</param>
/// <param name="HitRate">The difference of the hit rates at 10.</param>
/// <param name="HitRateLow">The lower end of its interval.</param>
/// <param name="HitRateHigh">The upper end.</param>
/// <param name="Ndcg">The difference of the NDCG at 10.</param>
/// <param name="NdcgLow">The lower end of its interval.</param>
/// <param name="NdcgHigh">The upper end.</param>
public sealed record PlaceDifference(string Name, double HitRate, double HitRateLow, double HitRateHigh, double Ndcg,
    double NdcgLow, double NdcgHigh)
{
    /// <summary>How many samples an interval is of.</summary>
    public const int Resamples = 2000;

    /// <summary>Compares two ways of ranking the places of the same visits.</summary>
    /// <param name="model">The one.</param>
    /// <param name="other">The other.</param>
    /// <param name="users">The user of each visit.</param>
    /// <param name="seed">Where the samples are drawn from.</param>
    internal static PlaceDifference Of(RankedVisits model, RankedVisits other, IReadOnlyList<int> users, ulong seed)
    {
        // A sample is as many users as there are, drawn with replacement, each with all own visits.
        var byUser = users.Index().GroupBy(visit => visit.Item, visit => visit.Index).Select(visits => (
            Count: visits.Count(), Hits: visits.Sum(i => model.Hits[i] - other.Hits[i]),
            Gains: visits.Sum(i => model.Gains[i] - other.Gains[i]))).ToArray();
        var rng = new TorchRandom(seed);
        var (hits, gains) = (new double[Resamples], new double[Resamples]);
        for (int sample = 0; sample < Resamples; sample++)
        {
            int count = 0;
            for (int i = 0; i < byUser.Length; i++)
            {
                var user = byUser[Math.Min(byUser.Length - 1, (int)(rng.NextDouble() * byUser.Length))];
                count += user.Count;
                hits[sample] += user.Hits;
                gains[sample] += user.Gains;
            }
            hits[sample] /= count;
            gains[sample] /= count;
        }
        Array.Sort(hits);
        Array.Sort(gains);
        const int Tail = Resamples / 40;
        return new(other.Score.Name, model.Score.HitRate - other.Score.HitRate, hits[Tail], hits[^(Tail + 1)],
            model.Score.Ndcg - other.Score.Ndcg, gains[Tail], gains[^(Tail + 1)]);
    }
}

/// <summary>How one way of ranking does, visit by visit.</summary>
/// <param name="Score">The means.</param>
/// <param name="Hits">1 where the place is among the first ten, and 0 elsewhere.</param>
/// <param name="Gains">The NDCG at 10 of each visit.</param>
sealed record RankedVisits(PlaceScore Score, double[] Hits, double[] Gains)
{
    /// <summary>Measures lists of places.</summary>
    public static RankedVisits Of(string name, IReadOnlyList<int[]> lists, IReadOnlyList<int> visited)
    {
        double[] gains = [.. lists.Zip(visited, (list, place) =>
            Array.IndexOf(list, place, 0, Math.Min(list.Length, PlaceReport.Depth)) is >= 0 and var at
                ? 1 / Math.Log2(at + 2) : 0)];
        return new(PlaceReport.Score(name, lists, visited), [.. gains.Select(gain => gain > 0 ? 1.0 : 0)], gains);
    }
}
