namespace House.Tests;

/// <summary>A place that breaks a rule of the house, and what would mend it.</summary>
sealed record Finding(string File, int Line, string Rule, string Remedy)
{
    public override string ToString() => $"{File}:{Line}: {Rule}: {Remedy}";

    /// <summary>Passes where nothing was found; otherwise fails with every place.</summary>
    public static void None(IEnumerable<Finding> found)
    {
        var all = found.Distinct().OrderBy(f => f.File, StringComparer.Ordinal).ThenBy(f => f.Line).ToArray();
        Assert.True(all.Length == 0,
            $"{all.Length} places break a rule of the house (docs/house.md):\n{string.Join('\n', all.AsEnumerable())}");
    }

    /// <summary>
    /// Passes where exactly these places, <c>file:line</c>, were found: so that every rule is seen to catch
    /// what it forbids.
    /// </summary>
    public static void Only(IEnumerable<Finding> found, params string[] places) =>
        Assert.Equal(places, found.Distinct().OrderBy(f => f.File, StringComparer.Ordinal).ThenBy(f => f.Line)
            .Select(f => $"{f.File}:{f.Line}"));
}
