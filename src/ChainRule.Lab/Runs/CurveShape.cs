namespace ChainRule.Lab.Runs;

/// <summary>What is done with a curve before it is drawn.</summary>
static class CurveShape
{
    /// <summary>
    /// The exponential mean of TensorBoard, s ← w s + (1 − w) y, divided by 1 − wⁿ after n values, so that the first
    /// ones are not drawn to 0. A value that is not finite is kept as it is, and leaves the others as they are.
    /// </summary>
    public static double[] Smoothed(ReadOnlySpan<double> y, double weight)
    {
        double[] smooth = y.ToArray();
        if (weight <= 0) return smooth;
        double mean = 0, left = 1;
        for (int i = 0; i < smooth.Length; i++)
        {
            if (!double.IsFinite(y[i])) continue;
            mean = weight * mean + (1 - weight) * y[i];
            left *= weight;
            smooth[i] = mean / (1 - left);
        }
        return smooth;
    }

    /// <summary>
    /// Of many points the places of those that a drawing of a number of columns needs: of each column the first, the
    /// least, the greatest and the last, so that no peak and no jump is lost; and one that is not a number, so that a
    /// gap is seen. Columns divide the axis evenly.
    /// </summary>
    /// <param name="x">Where the points are; not descending.</param>
    /// <param name="y">Their values.</param>
    /// <param name="columns">How many columns the drawing has.</param>
    public static int[] Needed(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int columns)
    {
        if (x.Length <= 4L * columns) return [.. Enumerable.Range(0, x.Length)];
        List<int> needed = [];
        double from = x[0], width = (x[^1] - from) / columns;
        for (int i = 0; i < x.Length;)
        {
            int column = ColumnOf(x[i]), first = i, least = -1, most = -1, gap = -1;
            for (; i < x.Length && ColumnOf(x[i]) == column; i++)
            {
                if (double.IsNaN(y[i])) gap = i;
                else
                {
                    if (least < 0 || y[i] < y[least]) least = i;
                    if (most < 0 || y[i] > y[most]) most = i;
                }
            }
            needed.AddRange(new SortedSet<int> { first, least, most, gap, i - 1 }.Where(at => at >= 0));
        }
        return [.. needed];

        int ColumnOf(double at) => width > 0 ? Math.Min(columns - 1, (int)((at - from) / width)) : 0;
    }

    /// <summary>Some of the numbers, by their places.</summary>
    public static double[] At(ReadOnlySpan<double> numbers, int[] places)
    {
        double[] some = new double[places.Length];
        for (int i = 0; i < places.Length; i++) some[i] = numbers[places[i]];
        return some;
    }
}
