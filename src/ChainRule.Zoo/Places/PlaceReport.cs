using System.Globalization;
using System.Text.Json;
using ChainRule.Metrics;
using ChainRule.Zoo.Runs;

namespace ChainRule.Zoo.Places;

/// <summary>How well one way of ranking finds the places that were visited.</summary>
/// <param name="Name">What it ranks by.</param>
/// <param name="HitRate">Hit rate at 10: the fraction of visits whose place is among the first ten.</param>
/// <param name="Ndcg">NDCG at 10: of one place, 1 / log₂(rank + 1), and 0 beyond the tenth; the mean.</param>
public sealed record PlaceScore(string Name, double HitRate, double Ndcg);

/// <summary>How well a model recommends, beside simple ways of ranking.</summary>
/// <param name="Part">The part of the visits that was measured.</param>
/// <param name="Visits">How many visits were measured.</param>
/// <param name="Places">How many places each was ranked among.</param>
/// <param name="Model">The model.</param>
/// <param name="UnknownUser">The model without being told who asks, nor what for: a cold start.</param>
/// <param name="Baselines">Nearest first; most visited first; nearest first with a bonus for shared tags; a linear
/// model.</param>
public sealed record PlaceReport(string Part, int Visits, int Places, PlaceScore Model, PlaceScore UnknownUser,
    IReadOnlyList<PlaceScore> Baselines)
{
    internal const string Name = "places";

    /// <summary>By how much the model ranks better than each of <see cref="Baselines"/>, and whether that may be
    /// chance.</summary>
    public IReadOnlyList<PlaceDifference> Differences { get; init => field = value ?? []; } = [];

    /// <summary>How many places of each list are looked at.</summary>
    public const int Depth = 10;

    /// <summary>The report of a finished run; null where it has none.</summary>
    public static PlaceReport? Of(RunSummary summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        return summary.Details.TryGetValue(Name, out var report) ? RunFile.Read<PlaceReport>(report) : null;
    }

    /// <summary>Measures lists of places.</summary>
    internal static PlaceScore Score(string name, IReadOnlyList<int[]> lists, IReadOnlyList<int> visited)
    {
        int[][] relevant = [.. visited.Select(place => new int[] { place })];
        return new(name, Ranking.HitRate(lists, relevant, Depth), Ranking.Ndcg(lists, relevant, Depth));
    }

    /// <summary>The numbers of the highest scores, the highest first; of equal ones the first.</summary>
    internal static int[] First(ReadOnlySpan<double> scores, int count)
    {
        int[] order = new int[scores.Length];
        double[] keys = new double[scores.Length];
        for (int i = 0; i < order.Length; i++) (order[i], keys[i]) = (i, -scores[i]);
        Array.Sort(keys, order);
        // The sort does not keep the order of equal scores.
        for (int i = 0; i < order.Length && i < count;)
        {
            int end = i + 1;
            while (end < order.Length && keys[end] == keys[i]) end++;
            Array.Sort(order, i, end - i);
            i = end;
        }
        return order[..Math.Min(count, order.Length)];
    }

    /// <summary>A table, and a verdict, in lines.</summary>
    internal IEnumerable<string> Lines()
    {
        yield return string.Create(CultureInfo.InvariantCulture,
            $"Of {Visits:N0} {Part} visits, each ranked among {Places:N0} places:");
        yield return "";
        yield return $"{"",-40}hit rate at {Depth}  NDCG at {Depth}";
        foreach (var score in (IEnumerable<PlaceScore>)[Model, UnknownUser, .. Baselines])
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{score.Name,-40}{score.HitRate,14:0.0000}  {score.Ndcg,10:0.0000}");
        yield return "";
        if (Differences.Count > 0)
        {
            yield return $"By how much the model is better, with 95 % intervals ({PlaceDifference.Resamples:N0} "
                + "bootstrap samples of the users):";
            foreach (var one in Differences)
                yield return string.Create(CultureInfo.InvariantCulture,
                    $"  {one.Name,-38}hit rate {one.HitRate,7:0.0000} ({one.HitRateLow:0.0000} to "
                    + $"{one.HitRateHigh:0.0000}), NDCG {one.Ndcg,7:0.0000} ({one.NdcgLow:0.0000} to "
                    + $"{one.NdcgHigh:0.0000})");
            yield return "";
        }
        var strongest = Baselines.MaxBy(score => score.Ndcg)!;
        double gain = strongest.Ndcg > 0 ? Model.Ndcg / strongest.Ndcg - 1 : double.PositiveInfinity;
        bool beyondChance = Differences.FirstOrDefault(one => one.Name == strongest.Name) is not { } found
            || found.NdcgLow > 0;
        yield return gain > 0.02 && beyondChance
            ? string.Create(CultureInfo.InvariantCulture,
                $"The NDCG is {100 * gain:0.0} % above that of '{strongest.Name}', the best of the others.")
            : gain > 0.02
            ? string.Create(CultureInfo.InvariantCulture, $"The NDCG is {100 * gain:0.0} % above that of "
                + $"'{strongest.Name}', the best of the others, which may be chance: the interval of the difference "
                + $"holds 0.")
            : $"The model is not worth it here: '{strongest.Name}' ranks as well.";
    }
}
