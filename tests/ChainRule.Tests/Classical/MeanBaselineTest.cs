using ChainRule.Classical;
using ChainRule.Metrics;

namespace ChainRule.Tests.Classical;

public sealed class MeanBaselineTest
{
    [Fact]
    public void Every_row_is_given_the_mean()
    {
        var y = Tensor.From([1.0, 2, 6]);
        var baseline = MeanBaseline.Fit(y);
        Assert.Equal([3.0, 3, 3], baseline.Predict(Tensor.Ones([3, 2], DType.Float64)).ToArray<double>());
        Assert.Equal(0, RegressionReport.Of(baseline.Predict(y), y).RSquared);
        Assert.Equal("mean baseline: 3", baseline.ToString());
    }

    [Fact]
    public void What_has_no_mean_is_said()
    {
        Refused.With<ArgumentException>("mean baseline: there are no targets: give at least one",
            () => MeanBaseline.Fit(Tensor.Zeros([0])));
        Refused.With<ArgumentException>("mean baseline: the target of row 0 is NaN: give finite numbers",
            () => MeanBaseline.Fit(Tensor.From(double.NaN)));
        Refused.With<ArgumentException>("mean baseline: a single number has no rows: give [rows, columns]",
            () => MeanBaseline.Fit(Tensor.Ones([1])).Predict(Tensor.Scalar(1)));
    }
}
