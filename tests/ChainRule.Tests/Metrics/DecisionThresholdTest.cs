using ChainRule.Metrics;

namespace ChainRule.Tests.Metrics;

public sealed class DecisionThresholdTest
{
    static readonly double[] s_scores = [0.1, 0.2, 0.3, 0.4, 0.6, 0.8];
    static readonly int[] s_actual = [0, 0, 1, 0, 1, 1];

    [Fact]
    public void Each_criterion_is_as_good_as_at_any_other_threshold()
    {
        var random = new ChainRule.Randomness.TorchRandom(3);
        for (int trial = 0; trial < 50; trial++)
        {
            double[] scores = new double[20];
            int[] actual = new int[20];
            random.Uniform(scores);
            random.Integers(actual, 0, 2);
            (actual[0], actual[1]) = (0, 1);
            for (int i = 0; i < scores.Length; i++) scores[i] = Math.Round(scores[i], 1);
            double[] all = [-1, .. scores.SelectMany(s => new[] { s, s + 0.05 })];
            ConfusionMatrix At(double t) => ConfusionMatrix.Of(Classification.Predicted(scores, 20, t), actual,
                ["no", "yes"]);
            double Youden(double t) => At(t).Of(1).Recall + At(t).Of(0).Recall - 1;
            double Cost(double t) => (At(t)[0, 1] * 1 + At(t)[1, 0] * 5) / 20;
            var (f1, youden, cost) = (DecisionThreshold.ByF1(scores, actual),
                DecisionThreshold.ByYouden(scores, actual), DecisionThreshold.ByCost(scores, actual, 1, 5));
            Assert.Equal(all.Max(t => At(t).Of(1).F1), At(f1.Threshold).Of(1).F1, 1e-12);
            Assert.Equal(At(f1.Threshold).Of(1).F1, f1.Value, 1e-12);
            Assert.Equal(all.Max(Youden), Youden(youden.Threshold), 1e-12);
            Assert.Equal(Youden(youden.Threshold), youden.Value, 1e-12);
            Assert.Equal(all.Min(Cost), Cost(cost.Threshold), 1e-12);
            Assert.Equal(Cost(cost.Threshold), cost.Value, 1e-12);
        }
    }

    [Fact]
    public void A_threshold_lies_between_two_scores()
    {
        Assert.Equal(0.5, DecisionThreshold.ByYouden(s_scores, s_actual).Threshold, 1e-15);
        Assert.Equal(0.25, DecisionThreshold.ByF1(s_scores, s_actual).Threshold, 1e-15);
        Assert.Equal("threshold 0.25 (criterion 0.8571)", DecisionThreshold.ByF1(s_scores, s_actual).ToString());
    }

    [Fact]
    public void Where_a_false_alarm_costs_more_than_anything_nothing_is_predicted_positive()
    {
        var threshold = DecisionThreshold.ByCost([0.5, 0.5], [0, 1], 10, 1);
        Assert.Equal((double.PositiveInfinity, 0.5), (threshold.Threshold, threshold.Value));
    }

    [Fact]
    public void What_has_no_threshold_is_said()
    {
        void Refuse(string sentence, Action asked) =>
            Assert.Equal(sentence, Assert.ThrowsAny<ArgumentException>(asked).Message);
        Refuse("decision threshold by F1: no row is positive: give rows of class 1 too",
            () => DecisionThreshold.ByF1([1, 2], [0, 0]));
        Refuse("decision threshold: no row is negative: give rows of class 0 too",
            () => DecisionThreshold.ByYouden([1, 2], [1, 1]));
        Refuse("decision threshold: the cost of a false positive is -1: give a finite number, 0 or more",
            () => DecisionThreshold.ByCost([1, 2], [1, 0], -1, 1));
    }
}
