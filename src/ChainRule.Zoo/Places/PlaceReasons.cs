using System.Globalization;

namespace ChainRule.Zoo.Places;

/// <summary>
/// Why a place is recommended: a score is a sum, and what each part adds is compared with what it adds to all places on
/// average. The one or two parts that add most are said.
/// </summary>
sealed class PlaceReasons(PlaceEncoding encoding, EncodedQuery query, double[] distances, double[] features,
    double[] scores, double[] weights)
{
    const int Most = 2, MostTags = 3;

    // A part that adds less than this fraction of the largest is left out.
    const double Least = 0.3;

    /// <summary>The reason in a few words.</summary>
    public string Of(int place)
    {
        var parts = new (double Adds, string Says)[]
        {
            (Adds(place, PlaceFeatures.Distance, PlaceFeatures.Distances), Distance(distances[place])),
            (Adds(place, PlaceFeatures.SharedTags, 2), Tags(place)),
            (Adds(place, PlaceFeatures.Popularity, 1), Popularity(place)),
            (Adds(place, PlaceFeatures.Visited, 1), Before(place)),
            (Taste(place) - Enumerable.Range(0, scores.Length).Average(Taste),
                query.User < 0 ? "suits this location" : "suits the user's taste"),
        };
        var known = parts.Where(part => part.Says.Length > 0).OrderByDescending(part => part.Adds).ToArray();
        string[] said = [.. known.Where(part => part.Adds > 0 && part.Adds >= Least * known[0].Adds).Take(Most)
            .Select(part => part.Says)];
        return string.Join("; ", said.Length > 0 ? said : [Distance(distances[place])]);
    }

    /// <summary>A distance for people.</summary>
    public static string Distance(double metres) => metres < 1000
        ? string.Create(CultureInfo.InvariantCulture, $"{10 * Math.Round(metres / 10):0} m away")
        : string.Create(CultureInfo.InvariantCulture, $"{metres / 1000:N1} km away");

    double Part(int place, int from, int count) => Enumerable.Range(from, count).Sum(k =>
        weights[k] * features[place * PlaceFeatures.Count + k]);

    double Adds(int place, int from, int count) =>
        Part(place, from, count) - Enumerable.Range(0, scores.Length).Average(other => Part(other, from, count));

    double Taste(int place) => scores[place] - Part(place, 0, PlaceFeatures.Count);

    // A weight below 0 makes much of places that few visit: that is no popularity.
    string Popularity(int place) => encoding.Counts[place] <= encoding.Counts.Average(count => count) ? ""
        : string.Create(CultureInfo.InvariantCulture, $"popular ({encoding.Counts[place]:N0} visits)");

    string Tags(int place)
    {
        var own = encoding.Places[place].Tags;
        string[] shared = [.. own.Where(tag => query.Tags.Any(id => encoding.Tags[id] == tag)).Take(MostTags)];
        if (shared.Length > 0) return $"shares {string.Join(", ", shared)}";
        var liked = query.Visits.Keys.SelectMany(visited => encoding.Places[visited].Tags).ToHashSet();
        string[] before = [.. own.Where(liked.Contains).Take(MostTags)];
        return before.Length > 0 ? $"like places visited before: {string.Join(", ", before)}" : "";
    }

    string Before(int place) => query.Visits.TryGetValue(place, out int times)
        ? times == 1 ? "visited once before" : $"visited {times} times before" : "";
}
