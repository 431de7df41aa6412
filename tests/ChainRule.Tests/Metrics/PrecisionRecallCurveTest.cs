using ChainRule.Metrics;

namespace ChainRule.Tests.Metrics;

public sealed class PrecisionRecallCurveTest
{
    public static TheoryData<string> Cases => Golden.Names("metrics", "precision_recall");

    [Theory, MemberData(nameof(Cases))]
    public void The_curve_and_its_average_precision_equal_scikit_learns(string name)
    {
        var golden = Golden.Case("metrics", name);
        var curve = PrecisionRecallCurve.Of(golden.Inputs[0].Data, golden.Ids!.Data, golden.Flag("weighted")
            ? golden.Inputs[1].Data : []);
        Close.Equal(golden.Output.Data, [.. curve.Precisions, .. curve.Recalls], Close.Float64, name);
        Assert.Equal(golden.Number("average_precision"), curve.AveragePrecision, 1e-12);
    }

    [Fact]
    public void It_says_its_average_precision() =>
        Assert.Equal("precision-recall curve of 4 points, average precision 0.8333",
            PrecisionRecallCurve.Of([0.25, 0.5, 0.75, 0.5], [0, 1, 1, 0]).ToString());

    [Fact]
    public void Positive_rows_alone_are_a_curve_and_negative_ones_are_none()
    {
        Assert.Equal(1, PrecisionRecallCurve.Of([0.5, 0.25], [1, 1]).AveragePrecision);
        Refused.With<ArgumentException>("precision-recall curve: no row is positive: give rows of class 1 too",
            () => PrecisionRecallCurve.Of([1, 2], [0, 0]));
    }
}
