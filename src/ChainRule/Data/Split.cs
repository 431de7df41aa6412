using ChainRule.Randomness;

namespace ChainRule.Data;

/// <summary>What a model learns from, what its settings are chosen by, and what it is judged by once.</summary>
public readonly record struct Split<T>(T Train, T Validation, T Test);

/// <summary>One turn of a cross-validation.</summary>
public readonly record struct Fold<T>(T Train, T Validation);

/// <summary>
/// Divides rows among training, validation and test: by counts into row indices, or a data set into data sets.
/// </summary>
public static partial class Split
{
    /// <summary>
    /// Rows 0 … ⌊train·n⌋ − 1, then up to ⌊(train + validation)·n⌋, then the rest, as the lectures cut their names. The
    /// products are exact: 0.29 of 100 is 29.
    /// </summary>
    /// <param name="seed">Shuffles the rows first, by torch's <c>randperm</c>; without one they stay in order.</param>
    /// <exception cref="ArgumentException">A fraction is negative, they sum to more than 1, or the count
    /// is negative.</exception>
    public static Split<int[]> Rows(int count, double train = 0.8, double validation = 0.1, ulong? seed = null)
    {
        var (first, second) = Cuts(count, train, validation);
        int[] order = Order(count, seed);
        return new(order[..first], order[first..second], order[second..]);
    }

    /// <inheritdoc cref="Rows"/>
    public static Split<Dataset<TX, TY>> Of<TX, TY>(Dataset<TX, TY> dataset, double train = 0.8,
        double validation = 0.1, ulong? seed = null)
        where TX : IRows<TX> where TY : IRows<TY>
    {
        Throw.IfNull(dataset, "split");
        var (learn, choose, judge) = Rows(dataset.Count, train, validation, seed);
        return new(dataset.Take(learn), dataset.Take(choose), dataset.Take(judge));
    }

    /// <summary>
    /// k turns; every row is in the validation part of exactly one, and those parts differ by one row at
    /// most, the larger ones first.
    /// </summary>
    /// <param name="seed">Shuffles the rows first, by torch's <c>randperm</c>; without one they stay in order.</param>
    /// <exception cref="ArgumentException">There are fewer than two folds, or fewer rows than folds.</exception>
    public static Fold<int[]>[] KFold(int count, int k, ulong? seed = null)
    {
        CheckFolds("k-fold", k, count, "rows");
        int[] order = Order(count, seed);
        var folds = new Fold<int[]>[k];
        int from = 0;
        for (int i = 0; i < k; i++)
        {
            int to = from + count / k + (i < count % k ? 1 : 0);
            folds[i] = new([.. order.AsSpan(0, from), .. order.AsSpan(to)], order[from..to]);
            from = to;
        }
        return folds;
    }

    /// <summary>The same of a data set; a turn's rows are copied when it is reached.</summary>
    /// <inheritdoc cref="KFold(int, int, ulong?)"/>
    public static IEnumerable<Fold<Dataset<TX, TY>>> KFold<TX, TY>(Dataset<TX, TY> dataset, int k, ulong? seed = null)
        where TX : IRows<TX> where TY : IRows<TY>
    {
        Throw.IfNull(dataset, "k-fold");
        var folds = KFold(dataset.Count, k, seed);
        return folds.Select(fold => new Fold<Dataset<TX, TY>>(dataset.Take(fold.Train), dataset.Take(fold.Validation)));
    }

    static (int First, int Second) Cuts(int count, double train, double validation)
    {
        if (!(train >= 0 && validation >= 0 && train <= 1 && validation <= 1)
            || (decimal)train + (decimal)validation > 1)
            Throw.Argument($"split: {train} for training and {validation} for validation: give fractions that are not "
                + "negative and sum to at most 1", nameof(train));
        return ((int)((decimal)train * count), (int)(((decimal)train + (decimal)validation) * count));
    }

    static void CheckFolds(string asked, int k, int count, string what)
    {
        if (k < 2 || k > count)
            Throw.OutOfRange($"{asked}: {k} folds of {count} {what}: give between 2 folds and as many as there are "
                + what, nameof(k));
    }

    // The turns of rows whose fold is known, in the order given.
    static Fold<int[]>[] Folds(int[] order, int[] fold, int k) =>
    [
        .. Enumerable.Range(0, k).Select(f =>
            new Fold<int[]>([.. order.Where(row => fold[row] != f)], [.. order.Where(row => fold[row] == f)])),
    ];

    static int[] Order(int count, ulong? seed)
    {
        if (count > Array.MaxLength)
            Throw.OutOfRange($"split: {count:N0} rows: an array of their numbers holds at most {Array.MaxLength:N0}",
                nameof(count));
        if (count < 0) Throw.OutOfRange($"split: {count} rows: give 0 or more", nameof(count));
        int[] order = new int[count];
        if (seed is { } given) new TorchRandom(given).Permutation(order);
        else for (int i = 0; i < count; i++) order[i] = i;
        return order;
    }
}
