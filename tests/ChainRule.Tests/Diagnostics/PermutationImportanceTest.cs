using ChainRule.Diagnostics;
using ChainRule.Metrics;
using ChainRule.Randomness;

namespace ChainRule.Tests.Diagnostics;

public sealed class PermutationImportanceTest
{
    static readonly Tensor s_x = Tensor.Randn([500, 4], new TorchRandom(1), DType.Float64);

    // Of y = 3 a + b, shuffling a adds 2 · 9 Var a to the mean squared error, and b 2 Var b; c and d nothing.
    static double Error(Tensor x) => RegressionReport.Of(F(x), F(s_x)).MeanSquaredError;

    static Tensor F(Tensor x) => x.Select(1, 0) * 3 + x.Select(1, 1);

    [Fact]
    public void Importance_is_what_the_error_grows_by()
    {
        var report = PermutationImportance.Of(Error, s_x, ["a", "b", "c", "d"], repeats: 20);
        Assert.Equal(["a", "b", "c", "d"], report.Lines.Select(line => line.Column));
        double[] numbers = s_x.ToArray<double>();
        double Variance(int c) => Enumerable.Range(0, 500)
            .Average(i => Math.Pow(numbers[4 * i + c] - Enumerable.Range(0, 500).Average(k => numbers[4 * k + c]), 2));
        Assert.InRange(2 * 9 * Variance(0), report.Lines[0].Low, report.Lines[0].High);
        Assert.InRange(2 * Variance(1), report.Lines[1].Low, report.Lines[1].High);
        Assert.All(report.Lines.Skip(2),
            line => Assert.Equal((0, 0, 0, false), (line.Mean, line.Low, line.High, line.Passed)));
        Assert.True(report.Lines[1].Passed);
        Assert.StartsWith("column  importance     std", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_interval_holds_the_true_value_in_95_of_100_cases()
    {
        double[] numbers = s_x.ToArray<double>();
        double mean = Enumerable.Range(0, 500).Average(k => numbers[4 * k]), expected = 2 * 9 * Enumerable.Range(0, 500)
            .Average(i => Math.Pow(numbers[4 * i] - mean, 2));
        var one = s_x.Slice(1, 0, 1);
        double ErrorOfOne(Tensor x) => RegressionReport.Of(x * 3, one * 3).MeanSquaredError;
        int held = Enumerable.Range(0, 200)
            .Count(seed => PermutationImportance.Of(ErrorOfOne, one, repeats: 5, seed: (ulong)seed).Lines[0] is var line
            && line.Low <= expected && expected <= line.High);
        Assert.InRange(held, 180, 199);
    }

    [Fact]
    public void Columns_of_one_name_are_shuffled_together()
    {
        // The two are always equal, so that their difference is 0 as long as they stay together.
        var x = Tensor.From([.. Enumerable.Range(0, 200).Select(i => (double)(i / 2))], [100, 2]);
        double Difference(Tensor one) => (one.Select(1, 0) - one.Select(1, 1)).Abs().Sum().Item();
        Assert.Equal(0, Assert.Single(PermutationImportance.Of(Difference, x, ["city", "city"]).Lines).Mean);
        Assert.True(PermutationImportance.Of(Difference, x).Lines[0].Mean > 0);
    }

    [Fact]
    public void The_seed_alone_decides() => Assert.Equal(PermutationImportance.Of(Error, s_x, seed: 3).ToString(),
        PermutationImportance.Of(Error, s_x, seed: 3).ToString());

    [Fact]
    public void What_does_not_fit_is_said()
    {
        void Refuse(string sentence, Action asked) =>
            Assert.Equal(sentence, Assert.ThrowsAny<ArgumentException>(asked).Message);
        Refuse("permutation importance: x is [1, 2]: give at least two rows, [rows, columns]",
            () => PermutationImportance.Of(_ => 0, Tensor.Ones([1, 2])));
        Refuse("permutation importance: 1 names for 4 columns: name each column",
            () => PermutationImportance.Of(Error, s_x, ["a"]));
        Refuse("permutation importance: 1 repeats: give between 2 and 10,000",
            () => PermutationImportance.Of(Error, s_x, repeats: 1));
    }
}
