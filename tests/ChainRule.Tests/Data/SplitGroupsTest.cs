using ChainRule.Data;

namespace ChainRule.Tests.Data;

public sealed class SplitGroupsTest
{
    static readonly int[] s_groups = [.. Enumerable.Range(0, 300).Select(i => i * 7 % 53 % 40)];

    [Theory]
    [InlineData(null)]
    [InlineData(1ul)]
    [InlineData(2ul)]
    public void No_group_is_divided(ulong? seed)
    {
        var split = Split.Groups(s_groups, 0.7, 0.15, seed);
        int[][] parts = [split.Train, split.Validation, split.Test];
        Assert.Equal(Enumerable.Range(0, 300), parts.SelectMany(rows => rows).Order());
        Assert.Equal(40, parts.Sum(rows => rows.Select(row => s_groups[row]).Distinct().Count()));
        Assert.InRange(split.Train.Length, 195, 225);
        Assert.InRange(split.Validation.Length, 30, 60);
    }

    [Fact]
    public void Folds_divide_no_group_and_are_of_like_size()
    {
        var folds = Split.GroupKFold(s_groups, 4, seed: 3);
        Assert.Equal(Enumerable.Range(0, 300), folds.SelectMany(fold => fold.Validation).Order());
        Assert.All(folds, fold =>
            Assert.Empty(fold.Train.Select(row => s_groups[row])
            .Intersect(fold.Validation.Select(row => s_groups[row]))));
        Assert.InRange(folds.Max(fold => fold.Validation.Length) - folds.Min(fold => fold.Validation.Length), 0, 10);
    }

    [Fact]
    public void The_largest_groups_go_each_to_a_fold_of_their_own() =>
        Assert.Equal([[0, 1, 2], [3, 4, 5]], Split.GroupKFold([0, 0, 0, 1, 1, 2], 2)
            .Select(fold => fold.Validation.Order().ToArray()));

    [Fact]
    public void The_seed_alone_decides()
    {
        Assert.Equal(Split.Groups(s_groups, seed: 4).Test, Split.Groups(s_groups, seed: 4).Test);
        Assert.NotEqual(Split.Groups(s_groups, seed: 4).Test, Split.Groups(s_groups, seed: 5).Test);
    }

    [Fact]
    public void There_are_as_many_groups_as_folds() => Assert.Equal("group k-fold: 3 folds of 2 groups: give between "
        + "2 folds and as many as there are groups",
        Assert.ThrowsAny<ArgumentOutOfRangeException>(() => Split.GroupKFold([0, 0, 1, 1, 1], 3)).Message);
}
