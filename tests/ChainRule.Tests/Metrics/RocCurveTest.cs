using ChainRule.Metrics;

namespace ChainRule.Tests.Metrics;

public sealed class RocCurveTest
{
    public static TheoryData<string> Cases => Golden.Names("metrics", "roc");

    [Theory, MemberData(nameof(Cases))]
    public void The_curve_and_its_area_equal_scikit_learns(string name)
    {
        var golden = Golden.Case("metrics", name);
        var curve = RocCurve.Of(golden.Inputs[0].Data, golden.Ids!.Data, golden.Flag("weighted") ? golden.Inputs[1].Data
            : []);
        Close.Equal(golden.Output.Data, [.. curve.FalsePositiveRates, .. curve.TruePositiveRates], Close.Float64, name);
        Assert.Equal(golden.Number("area"), curve.Area, 1e-12);
    }

    [Fact]
    public void Thresholds_fall_from_infinity() =>
        Assert.Equal([double.PositiveInfinity, 0.75, 0.5, 0.25],
            RocCurve.Of([0.25, 0.5, 0.75, 0.5], [0, 1, 1, 0]).Thresholds);

    [Fact]
    public void It_says_its_area() => Assert.Equal("ROC curve of 4 points, area 0.8750",
        RocCurve.Of([0.25, 0.5, 0.75, 0.5], [0, 1, 1, 0]).ToString());

    [Fact]
    public void One_class_alone_has_no_curve()
    {
        Refused.With<ArgumentException>("ROC curve: no row is positive: give rows of class 1 too",
            () => RocCurve.Of([1, 2], [0, 0]));
        Refused.With<ArgumentException>("ROC curve: no row is negative: give rows of class 0 too",
            () => RocCurve.Of([1, 2], [1, 1]));
        Refused.With<ArgumentException>("ROC curve: no row is negative: give rows of class 0 too",
            () => RocCurve.Of([1, 2], [1, 0], [1, 0]));
        Refused.With<ArgumentException>("ROC curve: row 1 is of class 2, and the classes run from 0 to 1: number the "
            + "classes from 0", () => RocCurve.Of([1, 2], [1, 2]));
        Refused.With<ArgumentException>("ROC curve: 1 scores and 2 actual classes: give one of each for a row",
            () => RocCurve.Of([1], [1, 0]));
        Refused.With<ArgumentException>("ROC curve: the score of row 0 is NaN: give finite numbers",
            () => RocCurve.Of([double.NaN, 1], [1, 0]));
    }
}
