using ChainRule.Diagnostics;
using ChainRule.Randomness;

namespace ChainRule.Tests.Diagnostics;

public sealed class PartialDependenceTest
{
    static readonly Tensor s_x = Tensor.Uniform([201, 2], 0, 1, new TorchRandom(1), DType.Float64);

    [Fact]
    public void Of_a_sum_it_is_the_columns_own_part()
    {
        var report = PartialDependence.Of(x => x.Select(1, 0) * x.Select(1, 0) * 4 + x.Select(1, 1), s_x, 0,
            [0, 0.5, 1]);
        double mean = s_x.Select(1, 1).Mean().Item();
        Close.Equal([mean, mean + 1, mean + 4], [.. report.Lines.Select(line => line.Mean)], 1e-12, "means");
        Assert.All(report.Lines, line => Assert.InRange(line.High - line.Low, 0.7, 0.9));
        Assert.StartsWith("value    mean      10 % to 90 %", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_acts_together_with_another_column_has_wide_percentiles()
    {
        var report = PartialDependence.Of(x => (x.Select(1, 0) - 0.5) * (x.Select(1, 1) - 0.5), s_x, 0, [0, 0.5, 1]);
        Assert.Equal(0, report.Lines[1].High - report.Lines[1].Low, 1e-12);
        Assert.True(report.Lines[0].High - report.Lines[0].Low > 0.3);
    }

    [Fact]
    public void Its_own_values_go_from_the_least_to_the_largest()
    {
        var report = PartialDependence.Of(x => x.Select(1, 1), s_x, 1);
        double[] own = [.. Enumerable.Range(0, 201).Select(i => s_x[i, 1]).Order()];
        Assert.Equal(20, report.Lines.Count);
        Assert.Equal((own[0], own[^1]), (report.Lines[0].Value, report.Lines[^1].Value));
        Assert.Equal(report.Lines.Select(line => line.Value), report.Lines.Select(line => line.Mean),
            (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal(2, PartialDependence.Of(x => x.Select(1, 0),
            Tensor.From(new double[,] { { 0 }, { 1 }, { 1 }, { 0 } }), 0).Lines.Count);
    }

    [Fact]
    public void What_does_not_fit_is_said()
    {
        void Refuse(string sentence, Action asked) =>
            Assert.Equal(sentence, Assert.ThrowsAny<ArgumentException>(asked).Message);
        Refuse("partial dependence: column 2: columns run from 0 to 1", () => PartialDependence.Of(x => x, s_x, 2));
        Refuse("partial dependence: 402 predictions for 201 rows: give one for each, such as by Select(1, output)",
            () => PartialDependence.Of(x => x, s_x, 0));
        Refuse("partial dependence: the value NaN: give finite numbers",
            () => PartialDependence.Of(x => x.Select(1, 0), s_x, 0, [double.NaN]));
        Refuse("partial dependence: x is [3]: give the rows to average over, [rows, columns]",
            () => PartialDependence.Of(x => x, Tensor.Ones([3]), 0));
    }
}
