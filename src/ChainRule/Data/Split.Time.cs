namespace ChainRule.Data;

public static partial class Split
{
    /// <summary>
    /// The earliest rows to learn from, the next to choose by, the latest to be judged by: a model that will predict
    /// what is to come must not have seen it. Rows of one time stay together, so that a part may have more or fewer
    /// rows than its fraction.
    /// </summary>
    /// <param name="times">When each row was, such as the day numbers of a date column.</param>
    /// <exception cref="ArgumentException">A fraction is negative, they sum to more than 1, a time is not finite, or
    /// all rows are of one time.</exception>
    public static Split<int[]> ByTime(ReadOnlySpan<double> times, double train = 0.8, double validation = 0.1)
    {
        var (first, second) = Cuts(times.Length, train, validation);
        var (order, sorted) = InTime("split by time", times);
        first = BetweenTimes(sorted, first, 0);
        second = Math.Max(first, BetweenTimes(sorted, second, first));
        return new(order[..first], order[first..second], order[second..]);
    }

    /// <summary>
    /// k turns forward in time: the rows are cut into k + 1 blocks in the order of time, and turn i learns from the
    /// first i and is judged by the next. The blocks differ by one row, or by more where rows of one time stay
    /// together.
    /// </summary>
    /// <param name="times">When each row was.</param>
    /// <param name="k">How many turns.</param>
    /// <exception cref="ArgumentException">There are fewer than two turns, fewer rows than blocks, or fewer times than
    /// blocks.</exception>
    public static Fold<int[]>[] ForwardKFold(ReadOnlySpan<double> times, int k)
    {
        CheckFolds("forward k-fold", k, times.Length - 1, "rows after the first");
        var (order, sorted) = InTime("forward k-fold", times);
        int[] cuts = [.. Enumerable.Range(1, k + 1)
            .Select(i => i > k ? order.Length : BetweenTimes(sorted, (int)((long)order.Length * i / (k + 1)), 0))];
        for (int i = 0; i < k; i++)
        {
            if (cuts[i] == 0 || cuts[i] == cuts[i + 1])
            {
                double time = sorted[Math.Min(cuts[i], order.Length - 1)];
                Throw.Argument($"forward k-fold: {k} turns need {k + 1} blocks, and too many rows are of one time "
                    + $"({time}): "
                    + "ask for fewer turns", nameof(k));
            }
        }
        return [.. Enumerable.Range(0, k).Select(i => new Fold<int[]>(order[..cuts[i]], order[cuts[i]..cuts[i + 1]]))];
    }

    static (int[] Order, double[] Sorted) InTime(string asked, ReadOnlySpan<double> times)
    {
        double[] when = times.ToArray();
        if (Array.FindIndex(when, time => !double.IsFinite(time)) is >= 0 and var at)
            Throw.Argument($"{asked}: the time of row {at} is {when[at]}: give finite numbers", nameof(times));
        if (when.Length > 1 && when.Max() == when.Min())
            Throw.Argument($"{asked}: all {when.Length} rows are of one time, {when[0]}: split them by chance, with "
                + "Rows", nameof(times));
        int[] order = [.. Order(when.Length, null).OrderBy(row => when[row])];
        return (order, Array.ConvertAll(order, row => when[row]));
    }

    // The nearest cut that divides no time, and leaves rows on both sides if it can; an earlier one if two are as near.
    static int BetweenTimes(double[] sorted, int cut, int after)
    {
        if (cut == 0 || cut == sorted.Length) return cut;
        int early = cut, late = cut;
        while (early > 0 && sorted[early - 1] == sorted[early]) early--;
        while (late < sorted.Length && sorted[late - 1] == sorted[late]) late++;
        return late == sorted.Length || early > after && cut - early <= late - cut ? early : late;
    }
}
