using ChainRule.Pictures;

namespace ChainRule.Cli.Pages;

/// <summary>What the curves of all pages have in common.</summary>
static class Curves
{
    /// <summary>A line through the points that are finite numbers.</summary>
    public static Series Of(string name, IEnumerable<(int Step, double Value)> points)
    {
        (int Step, double Value)[] known = [.. points.Where(point => double.IsFinite(point.Value))];
        return new(name, [.. known.Select(point => point.Value)]) { X = [.. known.Select(
            point => (double)point.Step)] };
    }

    /// <summary>Whether the values reach so far apart that only a logarithmic axis shows the small ones.</summary>
    public static bool AreWide(IReadOnlyList<Series> series) => series.SelectMany(one => one.Y).All(y => y > 0)
        && series.Max(one => one.Y.Max()) > 20 * series.Min(one => one.Y.Min());
}
