namespace ChainRule.Lab.Learning;

/// <summary>Two outputs compared, line by line, by their longest common subsequence.</summary>
static class OutputDifferences
{
    /// <summary>No more lines are said, and no more are compared than this many squared.</summary>
    public const int Most = 200;

    const int MostCompared = 2000;

    /// <summary>An output as lines: blanks at the ends of lines, and empty lines at its end, do not count.</summary>
    public static string[] Lines(string output) =>
        [.. output.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').Select(line => line.TrimEnd())];

    /// <summary>The lines of one that the other has not, in order.</summary>
    public static IReadOnlyList<OutputDifference> Of(string[] expected, string[] printed)
    {
        int start = 0, left = Math.Min(expected.Length, printed.Length);
        while (start < left && expected[start] == printed[start]) start++;
        int end = 0;
        while (end < left - start && expected[^(end + 1)] == printed[^(end + 1)]) end++;
        string[] a = expected[start..^end], b = printed[start..^end];
        var all = a.Length > MostCompared || b.Length > MostCompared
            ? [.. a.Select((line, i) => new OutputDifference(i, false, line)),
                .. b.Select((line, i) => new OutputDifference(i, true, line))]
            : Between(a, b);
        return [.. all.Take(Most).Select(one => one with { Line = one.Line + start + 1 })];
    }

    static List<OutputDifference> Between(string[] a, string[] b)
    {
        // common[i, j]: how many lines a[i..] and b[j..] have in common.
        int[,] common = new int[a.Length + 1, b.Length + 1];
        for (int i = a.Length - 1; i >= 0; i--)
            for (int j = b.Length - 1; j >= 0; j--)
                common[i, j] = a[i] == b[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        List<OutputDifference> found = [];
        for (int i = 0, j = 0; i < a.Length || j < b.Length;)
        {
            if (i < a.Length && j < b.Length && a[i] == b[j]) (i, j) = (i + 1, j + 1);
            else if (j == b.Length || (i < a.Length && common[i + 1, j] >= common[i, j + 1]))
                found.Add(new(i, false, a[i++]));
            else found.Add(new(j, true, b[j++]));
        }
        return found;
    }
}
