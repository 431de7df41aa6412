using ChainRule.Data;

namespace ChainRule.Tests.Data;

public sealed class ClassWeightsTest
{
    [Fact]
    public void Each_class_counts_as_much_as_any_other()
    {
        // scikit-learn's compute_class_weight("balanced", …) of the same: 10 / (3 · 7), 10 / (3 · 2), 10 / (3 · 1).
        int[] labels = [0, 0, 0, 2, 0, 1, 0, 0, 1, 0];
        double[] weights = ClassWeights.Balanced(labels);
        Close.Equal([10 / 21.0, 10 / 6.0, 10 / 3.0], weights, 1e-15, "weights");
        Assert.Equal(1, labels.Average(label => weights[label]), 1e-15);
    }

    [Fact]
    public void A_class_without_rows_has_no_weight() =>
        Assert.Equal([0.75, 0, 1.5, 0], ClassWeights.Balanced([0, 0, 2], classes: 4));

    [Fact]
    public void What_cannot_be_weighed_is_said()
    {
        void Refuse(string sentence, Action asked) =>
            Assert.Equal(sentence, Assert.ThrowsAny<ArgumentException>(asked).Message);
        Refuse("class weights: there are no rows: give at least one", () => ClassWeights.Balanced([]));
        Refuse("class weights: a row is of class -1: number the classes from 0", () => ClassWeights.Balanced([0, -1]));
        Refuse("class weights: 1 classes, and a row is of class 1: count all classes",
            () => ClassWeights.Balanced([0, 1], classes: 1));
        Refuse("class weights: 2,147,483,648 classes: number them from 0, 100,000 of them at most",
            () => ClassWeights.Balanced([int.MaxValue]));
    }
}
