using ChainRule.Data;

namespace ChainRule.Tests.Data;

public sealed class SplitStratifiedTest
{
    [Theory]
    [InlineData(0.8, 0.1, null)]
    [InlineData(0.8, 0.1, 1ul)]
    [InlineData(0.6, 0.2, 2ul)]
    [InlineData(0.5, 0.0, 3ul)]
    public void Each_part_has_the_size_of_a_plain_split_and_each_class_its_fraction(double train, double validation,
        ulong? seed)
    {
        int[] labels = [.. Enumerable.Range(0, 203).Select(i => i % 10 < 7 ? 0 : i % 10 < 9 ? 1 : 2)];
        var (plain, split) = (Split.Rows(203, train, validation), Split.Stratified(labels, train, validation, seed));
        Assert.Equal((plain.Train.Length, plain.Validation.Length, plain.Test.Length),
            (split.Train.Length, split.Validation.Length, split.Test.Length));
        Assert.Equal(Enumerable.Range(0, 203), split.Train.Concat(split.Validation).Concat(split.Test).Order());
        foreach (int label in new[] { 0, 1, 2 })
        {
            double whole = labels.Count(one => one == label);
            Assert.InRange(split.Train.Count(row => labels[row] == label), whole * train - 2, whole * train + 2);
            Assert.InRange(split.Validation.Count(row => labels[row] == label), whole * validation - 2,
                whole * validation + 2);
        }
    }

    [Fact]
    public void A_class_of_one_row_is_learned_from()
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            int[] labels = new int[30];
            (labels[7], labels[12], labels[13]) = (5, 9, 9);
            var split = Split.Stratified(labels, 0.5, 0.25, seed);
            Assert.Equal((15, 7, 8), (split.Train.Length, split.Validation.Length, split.Test.Length));
            Assert.Contains(7, split.Train);
            Assert.True(split.Train.Contains(12) || split.Train.Contains(13));
        }
    }

    [Fact]
    public void The_seed_alone_decides_and_without_one_rows_stay_in_order()
    {
        int[] labels = [.. Enumerable.Range(0, 50).Select(i => i % 3)];
        Assert.Equal(Split.Stratified(labels, seed: 4).Train, Split.Stratified(labels, seed: 4).Train);
        Assert.NotEqual(Split.Stratified(labels, seed: 4).Train, Split.Stratified(labels, seed: 5).Train);
        Assert.Equal(Split.Stratified(labels).Train.Order(), Split.Stratified(labels).Train);
    }

    [Theory]
    [InlineData(20, 4, null)]
    [InlineData(203, 5, 7ul)]
    [InlineData(7, 7, 1ul)]
    public void Folds_differ_by_one_row_and_so_do_their_classes(int count, int k, ulong? seed)
    {
        int[] labels = [.. Enumerable.Range(0, count).Select(i => i * i % 5 % 3)];
        var folds = Split.StratifiedKFold(labels, k, seed);
        Assert.Equal(Enumerable.Range(0, count), folds.SelectMany(fold => fold.Validation).Order());
        Assert.All(folds, fold => Assert.Equal(Enumerable.Range(0, count), fold.Train.Concat(fold.Validation).Order()));
        void Even(Func<int, bool> counted) => Assert.InRange(
            folds.Max(fold => fold.Validation.Count(counted)) - folds.Min(fold => fold.Validation.Count(counted)), 0,
            1);
        Even(_ => true);
        foreach (int label in labels.Distinct()) Even(row => labels[row] == label);
    }

    [Fact]
    public void What_cannot_be_split_is_said()
    {
        void Refuse(string sentence, Action asked) =>
            Assert.Equal(sentence, Assert.ThrowsAny<ArgumentException>(asked).Message);
        Refuse("split: 0.9 for training and 0.2 for validation: give fractions that are not negative and sum to at "
            + "most 1", () => Split.Stratified([0, 1], 0.9, 0.2));
        Refuse("stratified k-fold: 3 folds of 2 rows: give between 2 folds and as many as there are rows",
            () => Split.StratifiedKFold([0, 1], 3));
        Assert.Empty(Split.Stratified([]).Train);
    }
}
