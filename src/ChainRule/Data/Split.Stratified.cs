namespace ChainRule.Data;

public static partial class Split
{
    /// <summary>
    /// The parts of <see cref="Rows"/>, of the same sizes, with each class in each part as often as in the whole, to a
    /// row or two. A class of a few rows has one of them in the training part, whatever its fraction would be: what a
    /// model never saw it cannot predict.
    /// </summary>
    /// <param name="labels">The class of each row, such as <c>table.Labels("species").Ids.Span</c>.</param>
    /// <param name="seed">Shuffles the rows first; without one, the rows of a class are taken in their order.</param>
    /// <exception cref="ArgumentException">A fraction is negative, or they sum to more than 1.</exception>
    public static Split<int[]> Stratified(ReadOnlySpan<int> labels, double train = 0.8, double validation = 0.1,
        ulong? seed = null)
    {
        int count = labels.Length;
        var (first, second) = Cuts(count, train, validation);
        int[] order = Order(count, seed), classes = labels.ToArray();
        int[] sorted = [.. order.OrderBy(row => classes[row])];
        // Row j of n is one of the m chosen where j · m / n reaches the next whole number: of any run of rows, and so
        // of a class, m / n are chosen, to one.
        int[] learn = [.. sorted.Where((_, j) => IsChosen(j, first, count))];
        int[] left = [.. sorted.Where((_, j) => !IsChosen(j, first, count))];
        var part = new Dictionary<int, Part>(count);
        foreach (int row in learn) part[row] = Part.Train;
        for (int j = 0; j < left.Length; j++)
            part[left[j]] = IsChosen(j, second - first, left.Length) ? Part.Validation : Part.Test;
        KeepEachClass(classes, sorted, part);
        return new(In(Part.Train), In(Part.Validation), In(Part.Test));

        int[] In(Part which) => [.. order.Where(row => part[row] == which)];
    }

    /// <summary>
    /// k turns in whose validation parts each class is as often as in the whole, to a row; every row is in exactly one
    /// of them, and they differ by one row at most.
    /// </summary>
    /// <param name="labels">The class of each row.</param>
    /// <param name="k">How many turns.</param>
    /// <param name="seed">Shuffles the rows first; without one, the rows of a class are taken in their order.</param>
    /// <exception cref="ArgumentException">There are fewer than two folds, or fewer rows than folds.</exception>
    public static Fold<int[]>[] StratifiedKFold(ReadOnlySpan<int> labels, int k, ulong? seed = null)
    {
        int[] order = Order(labels.Length, seed), classes = labels.ToArray();
        CheckFolds("stratified k-fold", k, labels.Length, "rows");
        // Dealt out like cards, one class after another.
        int[] fold = new int[order.Length];
        int next = 0;
        foreach (int row in order.OrderBy(row => classes[row])) fold[row] = next++ % k;
        return Folds(order, fold, k);
    }

    static bool IsChosen(int j, int chosen, int count) => (j + 1L) * chosen / count > (long)j * chosen / count;

    // A class without a training row takes the place of a row of the class that has most.
    static void KeepEachClass(int[] classes, int[] sorted, Dictionary<int, Part> part)
    {
        var learned = sorted.GroupBy(row => classes[row])
            .ToDictionary(group => group.Key, group => group.Where(row => part[row] == Part.Train).ToList());
        foreach (int row in sorted)
        {
            if (learned[classes[row]].Count > 0) continue;
            var most = learned.Values.MaxBy(rows => rows.Count)!;
            if (most.Count < 2) return;
            (part[row], part[most[^1]]) = (Part.Train, part[row]);
            learned[classes[row]].Add(row);
            most.RemoveAt(most.Count - 1);
        }
    }

    enum Part
    {
        Train,
        Validation,
        Test,
    }
}
