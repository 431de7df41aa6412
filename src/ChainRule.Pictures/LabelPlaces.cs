namespace ChainRule.Pictures;

/// <summary>Places for words beside a chart: each as near to its value as the others leave room for.</summary>
static class LabelPlaces
{
    // Lines of words that stand over one another along an axis, in a chart of a grid too.
    const int Lines = 14;

    public static double[] Of(double[] values, (double From, double To) range, bool logarithmic)
    {
        double[] at = logarithmic ? Array.ConvertAll(values, Math.Log) : [.. values];
        double gap = logarithmic ? Math.Log(range.To / range.From) / Lines : (range.To - range.From) / Lines;
        int[] order = [.. Enumerable.Range(0, at.Length).OrderBy(i => at[i])];

        // Words that would overlap become a block around the middle of their values; blocks that then touch become one.
        var blocks = new List<(double Middle, int Count)>();
        foreach (int i in order)
        {
            var block = (Middle: at[i], Count: 1);
            while (blocks.Count > 0 && block.Middle - blocks[^1].Middle < gap * (block.Count + blocks[^1].Count) / 2)
            {
                var (middle, count) = blocks[^1];
                blocks.RemoveAt(blocks.Count - 1);
                block = ((block.Middle * block.Count + middle * count) / (block.Count + count), block.Count + count);
            }
            blocks.Add(block);
        }
        int next = 0;
        foreach (var (middle, count) in blocks)
        {
            for (int k = 0; k < count; k++) at[order[next++]] = middle + (k - (count - 1) / 2.0) * gap;
        }
        return logarithmic ? Array.ConvertAll(at, Math.Exp) : at;
    }
}
