using ChainRule.Metrics;

namespace ChainRule.Tests.Metrics;

public sealed class ConfusionMatrixTest
{
    public static TheoryData<string> Cases => Golden.Names("metrics", "labels");

    [Theory, MemberData(nameof(Cases))]
    public void Each_metric_equals_scikit_learns(string name)
    {
        var golden = Golden.Case("metrics", name);
        int rows = golden.Ids!.Shape[1], classes = golden.Int("classes");
        var matrix = ConfusionMatrix.Of(golden.Ids.Data.AsSpan(0, rows), golden.Ids.Data.AsSpan(rows), null,
            golden.Flag("weighted") ? golden.Inputs[0].Data : []);
        double[] average =
        [
            .. new[] { Averaging.Macro, Averaging.Weighted, Averaging.Micro }.Select(matrix.Average)
                .SelectMany(one => new[] { one.Precision, one.Recall, one.F1 }),
        ];
        ClassScores[] each = [.. Enumerable.Range(0, classes).Select(matrix.Of)];
        double[] computed =
        [
            matrix.Accuracy, matrix.BalancedAccuracy, matrix.MatthewsCorrelation, .. average,
            .. each.Select(one => one.Precision), .. each.Select(one => one.Recall),
            .. each.Select(one => one.F1), .. each.Select(one => one.Support),
            .. from a in Enumerable.Range(0, classes) from p in Enumerable.Range(0, classes) select matrix[a, p],
        ];
        Close.Equal(golden.Output.Data, computed, Close.Float64, name);
    }

    [Fact]
    public void It_prints_as_a_table_with_the_names_of_classes()
    {
        var matrix = ConfusionMatrix.Of([0, 1, 1, 2, 0], [0, 1, 0, 2, 2], ["cat", "dog", "fish"]);
        Assert.Equal("""
            actual \ predicted  cat  dog  fish
            cat                   1    1     0
            dog                   0    1     0
            fish                  1    0     1
            """.ReplaceLineEndings("\n"), matrix.ToString());
        Assert.Equal("confusion matrix of 31 classes and 2 rows, accuracy 0.5000", ConfusionMatrix.Of([0, 30], [0, 1])
            .ToString());
    }

    [Fact]
    public void Of_outputs_the_largest_is_predicted()
    {
        var matrix = ConfusionMatrix.Of(Tensor.From(new float[,] { { 1, 3, 2 }, { 0, -1, -2 } }), Ids.From(1, 2));
        Assert.Equal((1, 1, 0.5, 3), (matrix[1, 1], matrix[2, 0], matrix.Accuracy, matrix.Names.Count));
    }

    [Fact]
    public void A_model_of_one_class_is_accurate_and_has_learned_nothing()
    {
        var matrix = ConfusionMatrix.Of(new int[100], [.. Enumerable.Range(0, 100).Select(i => i < 95 ? 0 : 1)]);
        Assert.Equal((0.95, 0.5, 0.0, 0.0), (matrix.Accuracy, matrix.BalancedAccuracy, matrix.MatthewsCorrelation,
            matrix.Of(1).F1));
    }

    [Fact]
    public void Counts_that_were_made_before_give_the_same_matrix()
    {
        var counted = ConfusionMatrix.Of([0, 1, 1, 2, 0], [0, 1, 0, 2, 2], ["cat", "dog", "fish"]);
        var given = ConfusionMatrix.FromCounts([[1, 1, 0], [0, 1, 0], [1, 0, 1]], ["cat", "dog", "fish"]);
        Assert.Equal(counted.ToString(), given.ToString());
        Assert.Equal((counted.Accuracy, counted.BalancedAccuracy), (given.Accuracy, given.BalancedAccuracy));
        Assert.Equal(["0", "1"], ConfusionMatrix.FromCounts([[1, 0], [0, 0]]).Names);
        void Refuse(string sentence, Action asked) =>
            Assert.Equal(sentence, Assert.ThrowsAny<ArgumentException>(asked).Message);
        Refuse("confusion matrix: row 1 has 1 counts for 2 classes: give one for each",
            () => ConfusionMatrix.FromCounts([[1, 0], [0]]));
        Refuse("confusion matrix: -1 rows of class 0 were predicted to be of class 1: give 0 or more",
            () => ConfusionMatrix.FromCounts([[1, -1], [0, 0]]));
        Refuse("confusion matrix: there are no rows: give at least one", () => ConfusionMatrix.FromCounts([[0]]));
        Refuse("confusion matrix: 1 names for 2 classes: give one for each",
            () => ConfusionMatrix.FromCounts([[1, 0], [0, 1]], ["a"]));
    }

    [Fact]
    public void What_cannot_be_counted_is_said()
    {
        void Refuse(string sentence, Action asked) =>
            Assert.Equal(sentence, Assert.ThrowsAny<ArgumentException>(asked).Message);
        Refuse("confusion matrix: 1 predicted classes and 2 actual ones: give one of each for a row",
            () => ConfusionMatrix.Of([1], [1, 0]));
        Refuse("confusion matrix: there are no rows: give at least one", () => ConfusionMatrix.Of([], []));
        Refuse("confusion matrix: row 1 is of class -1: number the classes from 0, and leave out rows without a class",
            () => ConfusionMatrix.Of([1, 0], [1, -1]));
        Refuse("confusion matrix: row 0 is of class 2, and 2 classes have names: name all of them",
            () => ConfusionMatrix.Of([2], [0], ["a", "b"]));
        Refuse("confusion matrix: 5,001 classes: number them from 0, 4,096 of them at most",
            () => ConfusionMatrix.Of([5000], [0]));
        Refuse("confusion matrix: class 2: classes run from 0 to 1", () => ConfusionMatrix.Of([0, 1], [0, 1]).Of(2));
        Refuse("average of classes: averaging 9: give Averaging.Macro, Weighted or Micro",
            () => ConfusionMatrix.Of([0], [0]).Average((Averaging)9));
        Refuse("confusion matrix: [2, 3] numbers for [3] targets: give numbers [rows, classes] and one target for "
            + "each row",
            () => ConfusionMatrix.Of(Tensor.Ones([2, 3]), Ids.From(0, 1, 2)));
    }
}
