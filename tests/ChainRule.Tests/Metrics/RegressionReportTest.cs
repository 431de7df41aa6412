using ChainRule.Metrics;

namespace ChainRule.Tests.Metrics;

public sealed class RegressionReportTest
{
    [Fact]
    public void A_report_is_a_table_of_all_metrics()
    {
        var report = RegressionReport.Of(Tensor.From([1f, 2, 4, 4]), Tensor.From([1f, 2, 3, 6]));
        Assert.Equal("""
            rows                        4
            RMSE                   1.1180
            MAE                    0.7500
            median absolute error  0.5000
            R²                     0.6429
            explained variance     0.6607
            """.ReplaceLineEndings("\n"), report.ToString());
        Assert.Equal(1.25, report.MeanSquaredError, 1e-15);
        Assert.Equal(report.RSquared, report.Values.Single(one => one.Key == "R²").Value);
    }

    [Fact]
    public void What_is_not_defined_is_a_dash() => Assert.Equal("""
        rows                         2
        RMSE                   1581.14
        MAE                       1500
        median absolute error     1500
        R²                           –
        explained variance           –
        """.ReplaceLineEndings("\n"), RegressionReport.Of([1000, 2000], [0, 0]).ToString());

    [Fact]
    public void Weights_count() => Assert.Equal(1, RegressionReport.Of([1, 9], [2, 2], [1, 0]).RootMeanSquaredError);
}
