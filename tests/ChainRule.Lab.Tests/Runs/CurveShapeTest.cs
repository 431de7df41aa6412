using ChainRule.Lab.Runs;

namespace ChainRule.Lab.Tests.Runs;

public sealed class CurveShapeTest
{
    [Fact]
    public void No_peak_no_end_and_no_gap_is_lost()
    {
        const int Count = 100_000, Columns = 500;
        var random = new Random(1);
        double[] x = [.. Enumerable.Range(0, Count).Select(i => (double)i)],
            y = [.. x.Select(_ => random.NextDouble())];
        (y[777], y[50_001], y[70_000]) = (100, -100, double.NaN);
        int[] needed = CurveShape.Needed(x, y, Columns);
        Assert.InRange(needed.Length, Columns, 5 * Columns);
        Assert.Equal(needed.Order().Distinct(), needed);
        Assert.Contains(777, needed);
        Assert.Contains(50_001, needed);
        Assert.Contains(70_000, needed);
        Assert.Equal((0, Count - 1), (needed[0], needed[^1]));
        for (int column = 0; column < Columns; column++)
        {
            int from = column * Count / Columns, to = (column + 1) * Count / Columns;
            var all = y[from..to].Where(double.IsFinite);
            double[] kept = [.. needed.Where(i => i >= from && i < to).Select(i => y[i]).Where(double.IsFinite)];
            Assert.Equal((all.Min(), all.Max()), (kept.Min(), kept.Max()));
        }
    }

    [Fact]
    public void Few_points_are_all_kept_and_points_at_one_place_are_no_trouble()
    {
        Assert.Equal([0, 1, 2], CurveShape.Needed([1, 2, 3], [1, 2, 3], 10));
        Assert.Empty(CurveShape.Needed([], [], 10));
        double[] same = new double[1000], y = [.. Enumerable.Range(0, 1000).Select(i => (double)i)];
        Assert.Equal([0, 999], CurveShape.Needed(same, y, 10));
    }

    // TensorBoard's resmoothing of 1, 2, 4 with weight 0.6: the mean so far, divided by 1 - 0.6^n.
    [Fact]
    public void Smoothing_is_the_mean_that_is_not_drawn_to_zero()
    {
        double[] smooth = CurveShape.Smoothed([1, 2, double.NaN, 4], 0.6);
        Assert.Equal(1, smooth[0], 12);
        Assert.Equal((0.4 * 0.6 + 0.8) / (1 - 0.36), smooth[1], 12);
        Assert.True(double.IsNaN(smooth[2]));
        Assert.Equal(((0.4 * 0.6 + 0.8) * 0.6 + 1.6) / (1 - 0.216), smooth[3], 12);
        Assert.Equal([5, 5, 5], CurveShape.Smoothed([5, 5, 5], 0.9).Select(one => Math.Round(one, 12)));
        Assert.Equal([1, 2, 4], CurveShape.Smoothed([1, 2, 4], 0));
    }

    [Fact]
    public void A_band_is_over_the_runs_that_have_the_step()
    {
        var band = SeedBand.Of("t", [("a", [0, 10], [1, 2]), ("b", [0, 10, 20], [3, 4, 5])]);
        Assert.Equal([0, 10, 20], band.Steps);
        Assert.Equal([2, 3, 5], band.Mean);
        Assert.Equal([1, 2, 5], band.Min);
        Assert.Equal([3, 4, 5], band.Max);
        Assert.Equal(["a", "b"], band.Runs);
    }
}
