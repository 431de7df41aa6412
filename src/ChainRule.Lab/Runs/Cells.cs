namespace ChainRule.Lab.Runs;

/// <summary>Values by name, as small as they can be: there are many runs.</summary>
/// <param name="Names">The names, in the order of the file.</param>
/// <param name="Values">One for each.</param>
sealed record Cells(string[] Names, Cell[] Values)
{
    /// <summary>None.</summary>
    public static Cells None { get; } = new([], []);

    /// <summary>The value of a name, or nothing.</summary>
    public Cell this[string name] => Array.IndexOf(Names, name) is >= 0 and var at ? Values[at] : Cell.Empty;
}

/// <summary>
/// Names that many runs share are kept once. Bounded, since a damaged file may hold any number of them.
/// </summary>
static class SharedNames
{
    const int Most = 10_000;

    static readonly Dictionary<string, string> s_known = new(StringComparer.Ordinal);
    static readonly Lock s_lock = new();

    public static string Of(string name)
    {
        lock (s_lock)
        {
            if (s_known.TryGetValue(name, out string? known)) return known;
            if (s_known.Count < Most) s_known[name] = name;
            return name;
        }
    }
}
