using ChainRule.Data;
using ChainRule.Randomness;
using FsCheck;
using FsCheck.Fluent;

namespace ChainRule.Tests.Data;

public class SplitTest
{
    [Theory]
    [InlineData(32033, 25626, 3203, 3204)] // the lectures' names
    [InlineData(10, 8, 1, 1)]
    [InlineData(1, 0, 0, 1)]
    [InlineData(0, 0, 0, 0)]
    public void The_parts_have_the_lectures_sizes(int count, int train, int validation, int test)
    {
        var split = Split.Rows(count);
        Assert.Equal((train, validation, test), (split.Train.Length, split.Validation.Length, split.Test.Length));
    }

    [Fact]
    public void The_cuts_are_pythons_for_every_count()
    {
        for (int n = 0; n < 3000; n++)
        {
            var (train, validation, _) = Split.Rows(n);
            Assert.Equal(((int)(0.8 * n), (int)(0.9 * n)), (train.Length, train.Length + validation.Length));
        }
    }

    [Fact]
    public void Fractions_are_counted_exactly()
    {
        Assert.Equal(29, Split.Rows(100, 0.29, 0.1).Train.Length);
        var (train, validation, test) = Split.Rows(10, 0.7, 0.1);
        Assert.Equal((7, 1, 2), (train.Length, validation.Length, test.Length));
        (train, validation, test) = Split.Rows(10, 0.7, 0.3);
        Assert.Equal((7, 3, 0), (train.Length, validation.Length, test.Length));
    }

    [Fact]
    public void Without_a_seed_rows_stay_in_order_and_with_one_they_are_its_randperm()
    {
        var ordered = Split.Rows(10);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], ordered.Train);
        Assert.Equal([8], ordered.Validation);
        Assert.Equal([9], ordered.Test);

        int[] order = new int[10];
        new TorchRandom(42).Permutation(order);
        var shuffled = Split.Rows(10, seed: 42);
        Assert.Equal(order, (int[])[.. shuffled.Train, .. shuffled.Validation, .. shuffled.Test]);
    }

    [Fact]
    public void A_data_set_is_split_as_its_rows_are()
    {
        var data = Dataset.From(Tensor.Arange(0, 20).Clone(), Ids.From([.. Enumerable.Range(0, 20)]));
        var rows = Split.Rows(20, 0.5, 0.25, seed: 3);
        var split = Split.Of(data, 0.5, 0.25, seed: 3);
        Assert.Equal(rows.Train, split.Train.Targets.Span.ToArray());
        Assert.Equal(rows.Validation, split.Validation.Targets.Span.ToArray());
        Assert.Equal(rows.Test, split.Test.Targets.Span.ToArray());
        Assert.Equal(rows.Test.Select(row => (float)row), split.Test.Inputs.ToArray<float>());
    }

    [Theory]
    [InlineData(-0.1, 0.1)]
    [InlineData(0.8, 0.3)]
    [InlineData(double.NaN, 0.1)]
    [InlineData(1e300, 0.1)]
    public void Fractions_that_do_not_fit_are_refused(double train, double validation) =>
        Assert.Equal($"split: {train} for training and {validation} for validation: give fractions that are not "
            + "negative and sum to at most 1",
            Assert.ThrowsAny<ArgumentException>(() => Split.Rows(10, train, validation)).Message);

    [Fact]
    public void Every_row_is_validated_exactly_once_and_never_by_what_it_taught() =>
        Check.QuickThrowOnFailure(Prop.ForAll(
            Gen.Choose(2, 60).SelectMany(_ => Gen.Choose(2, 12), (n, k) => (n: Math.Max(n, k), k)).ToArbitrary(),
            pick =>
        {
            foreach (ulong? seed in (ulong?[])[null, 5])
            {
                var folds = Split.KFold(pick.n, pick.k, seed);
                Assert.Equal(pick.k, folds.Length);
                Assert.Equal(Enumerable.Range(0, pick.n), folds.SelectMany(fold => fold.Validation).Order());
                foreach (var (train, validation) in folds)
                {
                    Assert.Equal(Enumerable.Range(0, pick.n), train.Concat(validation).Order());
                    Assert.InRange(validation.Length, pick.n / pick.k, pick.n / pick.k + 1);
                }
            }
        }));

    [Fact]
    public void Folds_of_a_data_set_hold_its_rows()
    {
        var data = Dataset.From(Tensor.Zeros([7, 1]), Ids.From(0, 1, 2, 3, 4, 5, 6));
        var folds = Split.KFold(data, 3).ToArray();
        Assert.Equal([[0, 1, 2], [3, 4], [5, 6]], folds.Select(fold => fold.Validation.Targets.Span.ToArray()));
        Assert.Equal([0, 1, 2, 5, 6], folds[1].Train.Targets.Span.ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void Too_few_or_too_many_folds_are_refused(int k) =>
        Assert.Equal($"k-fold: {k} folds of 7 rows: give between 2 folds and as many as there are rows",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => Split.KFold(7, k)).Message);
}
