using ChainRule.Metrics;

namespace ChainRule.Tests.Metrics;

public sealed class ClassificationReportTest
{
    [Fact]
    public void A_report_is_a_table_of_all_metrics_and_one_of_the_classes()
    {
        var report = ClassificationReport.Of(Tensor.From([0.875f, 0.25f, 0.5f, 0.125f]), Ids.From(1, 0, 0, 0),
            ["good", "bad"]);
        Assert.Equal("""
            rows                             4
            accuracy                    0.7500
            balanced accuracy           0.8333
            precision                   0.5000
            recall                      1.0000
            F1                          0.6667
            Matthews correlation        0.5774
            ROC-AUC                     1.0000
            PR-AUC                      1.0000
            log loss                    0.3120
            Brier score                 0.0859
            expected calibration error  0.2500

            class             precision  recall      F1  rows
            good                 1.0000  0.6667  0.8000     3
            bad                  0.5000  1.0000  0.6667     1
            macro average        0.7500  0.8333  0.7333     4
            weighted average     0.8750  0.7500  0.7667     4
            """.ReplaceLineEndings("\n"), report.ToString());
    }

    [Fact]
    public void The_threshold_decides_what_is_predicted_and_not_the_probabilities()
    {
        double[] p = [0.9, 0.2, 0.6, 0.1];
        var (low, high) = (ClassificationReport.Of(p, [1, 0, 0, 0]),
            ClassificationReport.Of(p, [1, 0, 0, 0], threshold: 0.7));
        Assert.Equal((0.75, 1.0), (low.Confusion.Accuracy, high.Confusion.Accuracy));
        Assert.Equal((low.LogLoss, low.RocAuc), (high.LogLoss, high.RocAuc));
        double[] both = [.. p.SelectMany(one => new[] { 1 - one, one })];
        Assert.Equal(low.Values.Select(one => Math.Round(one.Value, 12)),
            ClassificationReport.Of(both, [1, 0, 0, 0]).Values.Select(one => Math.Round(one.Value, 12)));
    }

    [Fact]
    public void What_is_not_defined_is_a_dash()
    {
        var report = ClassificationReport.Of([0.5, 0.25, 0.25, 0.25, 0.5, 0.25], [0, 1]);
        Assert.True(double.IsNaN(report.RocAuc) && double.IsNaN(report.AveragePrecision));
        Assert.Contains("ROC-AUC (macro)                  –", report.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, report.Confusion.Average(Averaging.Macro).F1);
    }

    [Fact]
    public void Logits_are_no_probabilities() => Refused.With<ArgumentException>(
        "classification report: row 0 has the probability 2: give numbers from 0 to 1, such as by Softmax or Sigmoid",
        () => ClassificationReport.Of(Tensor.From(new float[,] { { 2, -1, 0 } }), Ids.From(0)));

    [Fact]
    public void Each_class_has_a_name() => Refused.With<ArgumentException>(
        "classification report: 1 names for 2 classes: name each class",
        () => ClassificationReport.Of([0.5], [0], ["only"]));
}
