using ChainRule.Data;

namespace ChainRule.Tests.Data;

public sealed class SplitTimeTest
{
    [Fact]
    public void The_earliest_rows_are_learned_from_and_the_latest_judged_by()
    {
        double[] times = [5, 1, 9, 2, 8, 3, 7, 4, 6, 0];
        var split = Split.ByTime(times);
        Assert.Equal([9, 1, 3, 5, 7, 0, 8, 6], split.Train);
        Assert.Equal([4], split.Validation);
        Assert.Equal([2], split.Test);
    }

    [Fact]
    public void Rows_of_one_time_stay_together()
    {
        var split = Split.ByTime([0, 0, 1, 1, 1, 1, 2, 2, 3, 3], 0.5, 0.2);
        Assert.Equal((6, 2, 2), (split.Train.Length, split.Validation.Length, split.Test.Length));
        var early = Split.ByTime([0, 0, 0, 1, 1, 1, 1, 1, 1, 1], 0.8, 0.1);
        Assert.Equal((3, 0, 7), (early.Train.Length, early.Validation.Length, early.Test.Length));
    }

    [Fact]
    public void Each_turn_goes_forward()
    {
        var folds = Split.ForwardKFold([.. Enumerable.Range(0, 10).Select(i => 9.0 - i)], 4);
        Assert.Equal([2, 4, 6, 8], folds.Select(fold => fold.Train.Length));
        Assert.All(folds, fold => Assert.Equal(2, fold.Validation.Length));
        Assert.All(folds, fold => Assert.True(fold.Train.Min() > fold.Validation.Max()));
    }

    [Fact]
    public void What_has_no_order_is_said()
    {
        void Refuse(string sentence, Action asked) =>
            Assert.Equal(sentence, Assert.ThrowsAny<ArgumentException>(asked).Message);
        Refuse("split by time: all 3 rows are of one time, 4: split them by chance, with Rows",
            () => Split.ByTime([4, 4, 4]));
        Refuse("split by time: the time of row 1 is NaN: give finite numbers", () => Split.ByTime([4, double.NaN]));
        Refuse("forward k-fold: 3 folds of 2 rows after the first: give between 2 folds and as many as there are "
            + "rows after the first", () => Split.ForwardKFold([1, 2, 3], 3));
        Refuse("forward k-fold: 2 turns need 3 blocks, and too many rows are of one time (2): ask for fewer turns",
            () => Split.ForwardKFold([1, 2, 2, 2, 2, 2], 2));
    }
}
