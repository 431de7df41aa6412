using ChainRule.Randomness;

namespace ChainRule.Tests.Lectures;

/// <summary>
/// The lectures' data set: names in the order of Python's seed 42, as contexts of characters and the
/// character that follows.
/// </summary>
sealed class NamesData
{
    public NamesData(int context)
    {
        string[] names = RealData.Names();
        new PythonRandom(42).Shuffle<string>(names);
        int n1 = (int)(0.8 * names.Length), n2 = (int)(0.9 * names.Length);
        Train = Examples(names.AsSpan(..n1), context);
        Dev = Examples(names.AsSpan(n1..n2), context);
        Test = Examples(names.AsSpan(n2..), context);
    }

    public (Ids X, Ids Y) Train { get; }

    public (Ids X, Ids Y) Dev { get; }

    public (Ids X, Ids Y) Test { get; }

    /// <summary>The character of an id: '.' is 0, a to z are 1 to 26.</summary>
    public static char Character(int id) => id == 0 ? '.' : (char)('a' + id - 1);

    static (Ids, Ids) Examples(ReadOnlySpan<string> names, int context)
    {
        List<int> x = [], y = [];
        foreach (string name in names)
        {
            int[] window = new int[context];
            foreach (char c in name + ".")
            {
                int id = c == '.' ? 0 : c - 'a' + 1;
                x.AddRange(window);
                y.Add(id);
                window = [.. window[1..], id];
            }
        }
        return (Ids.From([.. x], [y.Count, context]), Ids.From([.. y]));
    }
}
