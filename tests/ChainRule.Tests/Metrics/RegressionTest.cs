using ChainRule.Metrics;

namespace ChainRule.Tests.Metrics;

public sealed class RegressionTest
{
    public static TheoryData<string> Cases => Golden.Names("metrics", "regression");

    [Theory, MemberData(nameof(Cases))]
    public void Each_metric_equals_scikit_learns(string name)
    {
        var golden = Golden.Case("metrics", name);
        double[] predicted = golden.Inputs[0].Data, actual = golden.Inputs[1].Data, weights = golden.Flag("weighted")
            ? golden.Inputs[2].Data : [];
        double[] computed =
        [
            Regression.MeanSquaredError(predicted, actual, weights),
            Regression.RootMeanSquaredError(predicted, actual, weights),
            Regression.MeanAbsoluteError(predicted, actual, weights), Regression.RSquared(predicted, actual, weights),
            Regression.ExplainedVariance(predicted, actual, weights), Regression.MedianAbsoluteError(predicted, actual),
        ];
        for (int i = 0; i < computed.Length; i++)
            Close.Equal([golden.Output.Data[i]], [computed[i]], Close.Float64, $"{name}, metric {i}");
    }

    [Fact]
    public void The_price_of_a_house_is_off_by_a_quarter_of_squared_millions()
    {
        Assert.Equal(0.25, Regression.MeanSquaredError([1.0], [1.5]));
        Assert.Equal(0.5, Regression.RootMeanSquaredError([1.0], [1.5]));
        Assert.Equal(0.5, Regression.MeanAbsoluteError([1.0], [1.5]));
    }

    [Fact]
    public void The_mean_itself_has_an_r_squared_of_0() => Assert.Equal(0, Regression.RSquared([2, 2, 2], [1, 2, 3]));

    [Fact]
    public void A_weight_counts_as_that_many_rows() => Assert.Equal(
        Regression.RSquared([1, 1, 3, 4], [2, 2, 3, 5]), Regression.RSquared([1, 3, 4, 9], [2, 3, 5, 0], [2, 1, 1, 0]),
        1e-15);

    [Fact]
    public void What_cannot_be_measured_is_said()
    {
        void Refuse(string sentence, Action asked) => Refused.With<ArgumentException>(sentence, asked);
        Refuse("R²: all 3 actual numbers are 2.5, so that their variance is 0, which is divided by: give rows whose "
            + "targets differ, or take the mean squared error",
            () => Regression.RSquared([1, 2, 3], [2.5, 2.5, 2.5]));
        Refuse("explained variance: there is one row, so that their variance is 0, which is divided by: give rows "
            + "whose targets differ, or take the mean squared error",
            () => Regression.ExplainedVariance([1], [2]));
        Refuse("mean squared error: 1 predicted numbers and 2 actual ones: give one of each for a row",
            () => Regression.MeanSquaredError([1], [1, 2]));
        Refuse("mean absolute error: there are no rows: give at least one", () => Regression.MeanAbsoluteError([], []));
        Refuse("mean squared error: the predicted number of row 1 is NaN: give finite numbers",
            () => Regression.MeanSquaredError([1, double.NaN], [1, 2]));
        Refuse("R²: the actual number of row 0 is Infinity: give finite numbers",
            () => Regression.RSquared([1, 2], [double.PositiveInfinity, 2]));
        Refuse("mean squared error: 1 weights for 2 rows: give one for each row, or none",
            () => Regression.MeanSquaredError([1, 2], [1, 2], [1]));
        Refuse("mean squared error: the weight of row 1 is -1: give a finite number, 0 or more",
            () => Regression.MeanSquaredError([1, 2], [1, 2], [1, -1]));
        Refuse("mean squared error: all 2 weights are 0: give some row a weight",
            () => Regression.MeanSquaredError([1, 2], [1, 2], [0, 0]));
    }
}
