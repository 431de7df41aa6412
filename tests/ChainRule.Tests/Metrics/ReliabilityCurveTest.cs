using ChainRule.Metrics;

namespace ChainRule.Tests.Metrics;

public sealed class ReliabilityCurveTest
{
    public static TheoryData<string> Cases => Golden.Names("metrics", "calibration");

    [Theory, MemberData(nameof(Cases))]
    public void The_curve_equals_scikit_learns(string name)
    {
        var golden = Golden.Case("metrics", name);
        var curve = ReliabilityCurve.Of(golden.Inputs[0].Data, golden.Ids!.Data, golden.Int("bins"));
        Close.Equal(golden.Output.Data,
            [.. curve.Bins.Select(bin => bin.MeanProbability), .. curve.Bins.Select(bin => bin.Fraction)],
            Close.Float64, name);
        Assert.Equal(golden.Number("expected"), curve.ExpectedCalibrationError, 1e-10);
        Assert.Equal(golden.Number("largest"), curve.MaximumCalibrationError, 1e-10);
    }

    [Fact]
    public void A_calibrated_model_has_no_error()
    {
        double[] p = [.. Enumerable.Repeat(0.25, 4), .. Enumerable.Repeat(0.75, 4)];
        var curve = ReliabilityCurve.Of(p, [1, 0, 0, 0, 1, 1, 1, 0]);
        Assert.Equal((0, 0), (curve.ExpectedCalibrationError, curve.MaximumCalibrationError));
        Assert.Equal("""
            probability  rows    mean  positive
            0.2 to 0.3      4  0.2500    0.2500
            0.7 to 0.8      4  0.7500    0.7500
            """.ReplaceLineEndings("\n"), curve.ToString());
    }

    [Fact]
    public void Of_several_classes_the_confidence_is_measured()
    {
        var curve = ReliabilityCurve.OfConfidence([0.5, 0.25, 0.25, 0.1, 0.3, 0.6, 0, 1, 0], [0, 2, 0], bins: 2,
            weights: [1, 2, 1]);
        Assert.Equal([(0.5, 1.0), (1.0, 3.0)], curve.Bins.Select(bin => (bin.To, bin.Rows)));
        Close.Equal([0.5, 1, 2.2 / 3, 2.0 / 3],
            [.. curve.Bins.SelectMany(bin => new[] { bin.MeanProbability, bin.Fraction })], 1e-14, "bins");
    }

    [Fact]
    public void What_is_no_probability_is_said()
    {
        void Refuse(string sentence, Action asked) =>
            Assert.Equal(sentence, Assert.ThrowsAny<ArgumentException>(asked).Message);
        Refuse("reliability curve: row 1 has the probability 1.5: give numbers from 0 to 1, such as by Softmax or "
            + "Sigmoid", () => ReliabilityCurve.Of([0.5, 1.5], [0, 1]));
        Refuse("reliability curve: the probabilities of row 0 sum to 1.5, not to 1: give those of all classes, such "
            + "as by Softmax",
            () => ReliabilityCurve.OfConfidence([0.75, 0.75], [0]));
        Refuse("reliability curve: 0 bins: give between 1 and 1,000,000",
            () => ReliabilityCurve.Of([0.5], [0], bins: 0));
        Refuse("reliability curve of confidence: there is one probability a row: give those of all classes, or take "
            + "Of, which takes the positive class's",
            () => ReliabilityCurve.OfConfidence([0.5], [0]));
    }
}
