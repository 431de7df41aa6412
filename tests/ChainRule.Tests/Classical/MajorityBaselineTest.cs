using ChainRule.Classical;
using ChainRule.Diagnostics;
using ChainRule.Metrics;

namespace ChainRule.Tests.Classical;

public sealed class MajorityBaselineTest
{
    [Fact]
    public void Every_row_is_given_the_frequencies_of_the_classes()
    {
        var y = Ids.From(0, 2, 2, 0, 2, 1, 2, 2);
        var baseline = MajorityBaseline.Fit(y);
        Assert.Equal((2, 0.625), (baseline.Majority, baseline.Frequencies[2]));
        var report = ClassificationReport.Of(baseline.Probabilities(Tensor.Ones([8, 2], DType.Float64)), y);
        Assert.Equal(0.625, report.Confusion.Accuracy);
        Assert.Equal(Information.Entropy([0.25, 0.125, 0.625]), report.LogLoss, 1e-12);
        Assert.Equal("majority baseline of 3 classes: class 2, of 0.6250 of the rows", baseline.ToString());
    }

    [Fact]
    public void Of_equally_frequent_classes_the_first_is_taken() =>
        Assert.Equal(1, MajorityBaseline.Fit(Ids.From(2, 1), classes: 5).Majority);

    [Fact]
    public void What_has_no_majority_is_said()
    {
        Refused.With<ArgumentException>("majority baseline: there are no targets: give at least one",
            () => MajorityBaseline.Fit(Ids.From([])));
        Refused.With<ArgumentException>("majority baseline: row 1 is of class -1: number the classes from 0",
            () => MajorityBaseline.Fit(Ids.From(0, -1)));
    }
}
