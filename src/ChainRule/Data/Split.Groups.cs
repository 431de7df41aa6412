namespace ChainRule.Data;

public static partial class Split
{
    /// <summary>
    /// Parts that no group is divided among, such as a patient with several rows: what is learned of a patient must not
    /// help with the same patient in the test. The sizes are as near to the fractions as whole groups come, in a random
    /// order of groups.
    /// </summary>
    /// <param name="groups">The group of each row, such as <c>table.Labels("patient").Ids.Span</c>.</param>
    /// <param name="seed">Shuffles the groups first; without one they come in the order of their numbers.</param>
    /// <exception cref="ArgumentException">A fraction is negative, or they sum to more than 1.</exception>
    public static Split<int[]> Groups(ReadOnlySpan<int> groups, double train = 0.8, double validation = 0.1,
        ulong? seed = null)
    {
        var (first, second) = Cuts(groups.Length, train, validation);
        int[] room = [first, second - first, groups.Length - second];
        List<int>[] parts = [[], [], []];
        foreach (int[] rows in ByGroup(groups, seed))
        {
            int emptiest = Array.IndexOf(room, room.Max());
            parts[emptiest].AddRange(rows);
            room[emptiest] -= rows.Length;
        }
        return new([.. parts[0]], [.. parts[1]], [.. parts[2]]);
    }

    /// <summary>
    /// k turns whose validation parts divide no group: the groups, from the largest, go each to the part that has
    /// fewest rows yet.
    /// </summary>
    /// <param name="groups">The group of each row.</param>
    /// <param name="k">How many turns.</param>
    /// <param name="seed">Shuffles groups of equal size; without one they come in the order of their numbers.</param>
    /// <exception cref="ArgumentException">There are fewer than two folds, or fewer groups than folds.</exception>
    public static Fold<int[]>[] GroupKFold(ReadOnlySpan<int> groups, int k, ulong? seed = null)
    {
        int[][] found = ByGroup(groups, seed);
        CheckFolds("group k-fold", k, found.Length, "groups");
        var (fold, sizes) = (new int[groups.Length], new int[k]);
        foreach (int[] rows in found.OrderByDescending(rows => rows.Length))
        {
            int emptiest = Array.IndexOf(sizes, sizes.Min());
            foreach (int row in rows) fold[row] = emptiest;
            sizes[emptiest] += rows.Length;
        }
        return Folds([.. found.SelectMany(rows => rows)], fold, k);
    }

    static int[][] ByGroup(ReadOnlySpan<int> groups, ulong? seed)
    {
        int[] group = groups.ToArray();
        int[][] found = [.. Enumerable.Range(0, group.Length).GroupBy(row => group[row]).OrderBy(rows => rows.Key)
            .Select(rows => rows.ToArray())];
        return [.. Order(found.Length, seed).Select(i => found[i])];
    }
}
