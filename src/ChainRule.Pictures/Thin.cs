namespace ChainRule.Pictures;

/// <summary>
/// Fewer points that draw the same line: of each run of neighbours the lowest and the highest, so that no peak is lost.
/// </summary>
static class Thin
{
    /// <summary>How many points of all series together a page holds; above it lines are thinned.</summary>
    const int Most = 40_000;

    /// <summary>How many neighbours become two points; 1 where every point is drawn.</summary>
    public static int Run(IReadOnlyList<Points> all)
    {
        int longest = all.Max(one => one.Drawn.Count), most = Math.Clamp(Most / all.Count, 200, 4000);
        return longest <= most ? 1 : (longest + most / 2 - 1) / (most / 2);
    }

    /// <summary>Of every run its lowest and highest point, in their order, and the ends of the line; a run without any
    /// is a gap, and a level one keeps its ends.</summary>
    public static IEnumerable<(double X, double Y, string? Label)> Of(
        IReadOnlyList<(double X, double Y, string? Label)> points, int run)
    {
        if (run == 1 || points.Count == 0) return points;
        int last = (points.Count - 1) / run;
        return points.Chunk(run).SelectMany((part, number) =>
        {
            var seen = part.Where(point => !double.IsNaN(point.Y)).ToList();
            if (seen.Count == 0) return [part[0]];
            double least = seen.Min(point => point.Y), most = seen.Max(point => point.Y);
            var kept = new SortedSet<int> { seen.FindIndex(point => point.Y == least),
                seen.FindLastIndex(point => point.Y == most) };
            if (number == 0) kept.Add(0);
            if (number == last) kept.Add(seen.Count - 1);
            return kept.Select(i => seen[i]);
        });
    }
}
