namespace ChainRule.Zoo.Settings;

/// <summary>Of some names the one that somebody meant who mistyped it.</summary>
public static class Nearest
{
    /// <summary>
    /// The name without regard to case, <c>-</c> and <c>_</c>: <c>learning-rate</c> is <c>learningRate</c>.
    /// </summary>
    public static string Plain(string name) =>
        name.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>
    /// The nearest name by edit distance; null where none is near, at a third of the letters or more.
    /// </summary>
    public static string? To(string asked, IEnumerable<string> names)
    {
        string plain = Plain(asked);
        // Nobody means a name by a text many times as long.
        if (plain.Length is 0 or > 40) return null;
        string[] all = [.. names];
        return all.Where(name => Distance(plain, Plain(name)) <= Math.Max(1, plain.Length / 3))
            .MinBy(name => Distance(plain, Plain(name)))
            ?? Array.Find(all, name => plain.Length >= 3 && Plain(name).StartsWith(plain, StringComparison.Ordinal))
            ?? Array.Find(all, name => plain.Length >= 2 && Initials(name) == plain);
    }

    /// <summary><c>lr</c> of <c>learningRate</c> and of <c>learning-rate</c>.</summary>
    static string Initials(string name) =>
        string.Concat(name.Where((c, i) => i == 0 || char.IsUpper(c) || name[i - 1] is '-' or '_')).ToLowerInvariant();

    /// <summary>
    /// How many letters are put in, left out, changed or swapped with the next to make one of the other.
    /// </summary>
    static int Distance(string a, string b)
    {
        int[,] d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (int j = 0; j <= b.Length; j++) d[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                d[i, j] = Math.Min(Math.Min(d[i - 1, j], d[i, j - 1]) + 1,
                    d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }
        return d[a.Length, b.Length];
    }
}
