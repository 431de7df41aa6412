using ChainRule.Metrics;

namespace ChainRule.Tests.Metrics;

public sealed class ClassificationTest
{
    public static TheoryData<string> Binary => Golden.Names("metrics", "binary_probabilities");

    public static TheoryData<string> Several => Golden.Names("metrics", "probabilities");

    [Theory, MemberData(nameof(Binary))]
    public void Of_two_classes_each_metric_equals_scikit_learns(string name)
    {
        var golden = Golden.Case("metrics", name);
        double[] p = golden.Inputs[0].Data, weights = golden.Flag("weighted") ? golden.Inputs[1].Data : [];
        Close.Equal(golden.Output.Data.AsSpan(0, 1), [Classification.LogLoss(p, golden.Ids!.Data, weights)],
            Close.Float64, "log loss");
        Close.Equal(golden.Output.Data.AsSpan(1), [Classification.BrierScore(p, golden.Ids.Data, weights)],
            Close.Float64, "Brier score");
    }

    [Theory, MemberData(nameof(Several))]
    public void Of_several_classes_each_metric_equals_scikit_learns(string name)
    {
        var golden = Golden.Case("metrics", name);
        double[] p = golden.Inputs[0].Data, weights = golden.Flag("weighted") ? golden.Inputs[1].Data : [];
        int[] actual = golden.Ids!.Data;
        Averaging[] averages = [Averaging.Macro, Averaging.Weighted, Averaging.Micro];
        double[] computed = golden.Int("classes") > 2 ?
        [
            Classification.LogLoss(p, actual, weights), Classification.BrierScore(p, actual, weights),
            .. averages.Select(one => Classification.RocAuc(p, actual, one, weights)),
            .. averages.Select(one => Classification.AveragePrecision(p, actual, one, weights)),
            Classification.RocAuc(p, actual, weights: weights), Classification.TopKAccuracy(p, actual, 1, weights),
            Classification.TopKAccuracy(p, actual, 2, weights),
        ]
        :
        [
            Classification.LogLoss(p, actual, weights), Classification.BrierScore(p, actual, weights),
            Classification.RocAuc(p, actual, weights: weights),
            Classification.AveragePrecision(p, actual, weights: weights),
        ];
        Close.Equal(golden.Output.Data, computed, Close.Float64, name);
    }

    [Fact]
    public void Of_equal_scores_the_lower_class_goes_first_as_the_largest_does()
    {
        Assert.Equal(0.5, Classification.TopKAccuracy([1, 1, 0, 1, 1, 0], [0, 1], 1));
        Assert.Equal(1, Classification.TopKAccuracy([1, 1, 0, 1, 1, 0], [0, 1], 2));
        Assert.Equal([0, 0], Classification.Predicted([1, 1, 0, 1, 1, 0], 2));
        Assert.Equal([1, 0, 1], Classification.Predicted([0.5, 0.25, 0.75], 3));
        Assert.Equal([0, 1], Classification.Predicted([0.5, 0.5, 0.25, 0.75], 2, threshold: 0.6));
    }

    [Fact]
    public void What_cannot_be_measured_is_said()
    {
        void Refuse(string sentence, Action asked) =>
            Assert.Equal(sentence, Assert.ThrowsAny<ArgumentException>(asked).Message);
        Refuse("log loss: 3 numbers for 2 rows: give each row one number, or one for each class",
            () => Classification.LogLoss([0.5, 0.5, 0.5], [0, 1]));
        Refuse("log loss: row 0 is of class 3, and the classes run from 0 to 2: number the classes from 0",
            () => Classification.LogLoss([0.5, 0.25, 0.25], [3]));
        Refuse("log loss: row 0 has the probability -0.5: give numbers from 0 to 1, such as by Softmax or Sigmoid",
            () => Classification.LogLoss([-0.5], [0]));
        Refuse("ROC-AUC: class 1 does not occur among the 2 rows, and has no curve: give rows of each class",
            () => Classification.RocAuc([1, 2, 3, 4, 5, 6], [0, 2]));
        Refuse("top-k accuracy: there is one score a row: give one for each class",
            () => Classification.TopKAccuracy([1], [0], 1));
        Refuse("top-k accuracy: k is 0: give 1 or more", () => Classification.TopKAccuracy([1, 2], [0], 0));
        Refuse("predicted classes: 3 scores for 2 rows: give each row one score, or one for each class",
            () => Classification.Predicted([1, 2, 3], 2));
        Refuse("predicted classes: the threshold is NaN: give a number",
            () => Classification.Predicted([1, 2], 2, double.NaN));
    }
}
