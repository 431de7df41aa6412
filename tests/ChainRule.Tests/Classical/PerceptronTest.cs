using ChainRule.Classical;
using ChainRule.Randomness;

namespace ChainRule.Tests.Classical;

public sealed class PerceptronTest
{
    static readonly double[,] s_pairs = { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } };

    [Theory]
    [InlineData("AND", 0, 0, 0, 1)]
    [InlineData("OR", 0, 1, 1, 1)]
    [InlineData("NAND", 1, 1, 1, 0)]
    [InlineData("NOR", 1, 0, 0, 0)]
    public void Gates_are_learnt_within_the_mistake_bound(string gate, params int[] truth)
    {
        var fit = Perceptron.Fit(Tensor.From(s_pairs), Ids.From(truth));
        Assert.True(fit.Separates, gate);
        Assert.InRange(fit.Mistakes, 1, fit.MistakeBound!.Value);
        for (int i = 0; i < 4; i++) Assert.Equal(truth[i], fit.Perceptron.Output(s_pairs[i, 0], s_pairs[i, 1]));
    }

    [Fact]
    public void Xor_is_proven_to_be_beyond_it()
    {
        var fit = Perceptron.Fit(Tensor.From(s_pairs), Ids.From([0, 1, 1, 0]));
        Assert.Equal((false, null), (fit.Separates, fit.MistakeBound));
        Assert.Equal("no line separates the classes: the point (0.5, 0.5) lies between rows 1, 2 of class 1, and also "
            + "between rows 0, 3 of class 0, so it would be on both sides", fit.ToString());
    }

    [Fact]
    public void Both_forms_decide_alike_and_the_threshold_itself_is_reached()
    {
        // Calories allow it, it is the favourite, it is low in calories: 8 decisions that the second input makes alone.
        var threshold = Perceptron.WithThreshold([2, 6, 2], 5);
        var bias = new Perceptron([2, 6, 2], -5);
        for (int i = 0; i < 8; i++)
        {
            double[] x = [i >> 2, i >> 1 & 1, i & 1];
            Assert.Equal(((int)x[1], (int)x[1]), (threshold.Output(x), bias.Output(x)));
        }
        Assert.Equal((5, -5), (bias.Threshold, threshold.Bias));
        Assert.Equal((0, 1),
            (Perceptron.WithThreshold([2], 5).Output(2.4), Perceptron.WithThreshold([2], 5).Output(2.5)));
        Assert.Equal("perceptron: 1 if 2 x1 + 6 x2 + 2 x3 ≥ 5", threshold.ToString());
    }

    [Fact]
    public void Random_separable_rows_are_learnt_within_the_bound()
    {
        var rng = new TorchRandom(3);
        double[] x = new double[300];
        rng.Uniform(x, -1, 1);
        int[] y = [.. Enumerable.Range(0, 100).Select(i => x[3 * i] + 2 * x[3 * i + 1] - x[3 * i + 2] > 0.1 ? 1 : 0)];
        var fit = Perceptron.Fit(Tensor.From(x, [100, 3]), Ids.From(y), 100_000);
        Assert.True(fit.Separates);
        Assert.InRange(fit.Mistakes, 1, fit.MistakeBound!.Value);
        Assert.Equal(fit.Perceptron.Weights, fit.Best.Weights);
        Assert.Equal(0, fit.BestErrors);
    }

    /// <summary>Far from the origin the bias takes many passes; that a line exists, at 10½, is known before.</summary>
    [Fact]
    public void Passes_that_are_too_few_are_said_with_the_bound_of_the_line_with_the_largest_margin()
    {
        var x = Tensor.From(new double[,] { { 10 }, { 11 } });
        var one = Perceptron.Fit(x, Ids.From([0, 1]), 1);
        // After −(10, 1) and +(11, 1) both rows are taken for ones.
        Assert.Equal((null, 2, 1), (one.Separates, one.Mistakes, one.BestErrors));
        Assert.Equal(122 * (1 + 10.5 * 10.5) / 0.25, one.MistakeBound!.Value, 1e-6);
        Assert.Equal("after 1 pass and 2 mistakes it was given up: a line separates the classes, and the rule finds "
            + "it after at most 54290 mistakes", one.ToString());
        var all = Perceptron.Fit(x, Ids.From([0, 1]), 100_000);
        Assert.True(all.Separates);
        Assert.InRange(all.Mistakes, 3, one.MistakeBound.Value);
    }

    /// <summary>Real numbers, of which rounding lets no weights come again.</summary>
    [Theory]
    [InlineData(2, 60)]
    [InlineData(5, 300)]
    [InlineData(20, 400)]
    public void Classes_that_overlap_are_proven_to_by_rows_of_both_with_one_mean(int columns, int rows)
    {
        var rng = new TorchRandom(7);
        double[] x = new double[rows * columns];
        rng.Uniform(x, -1, 1);
        int[] y = [.. Enumerable.Range(0, rows).Select(i => x[i * columns] * x[i * columns + 1] > 0 ? 1 : 0)];
        var fit = Perceptron.Fit(Tensor.From(x, [rows, columns]), Ids.From(y), 50);
        Assert.Equal((false, null), (fit.Separates, fit.MistakeBound));
        Assert.InRange(fit.Conflict!.Ones.Count + fit.Conflict.Zeros.Count, 2, 2 * columns + 2);
        foreach (var (label, own) in new[] { (1, fit.Conflict.Ones), (0, fit.Conflict.Zeros) })
        {
            Assert.All(own, i => Assert.Equal(label, y[i]));
            Assert.InRange(DistanceToHull(fit.Conflict.Point, own), 0, 1e-8);
        }
        Assert.Equal(fit.BestErrors, Wrong(fit.Best));
        Assert.InRange(fit.BestErrors, 1, Wrong(fit.Perceptron));

        int Wrong(Perceptron of) => Enumerable.Range(0, rows).Count(i =>
            of.Output(x.AsSpan(i * columns, columns)) != y[i]);

        // Weights ≥ 0 of sum 1, by Frank and Wolfe's method with steps away: another than the one tested.
        double DistanceToHull(IReadOnlyList<double> point, IReadOnlyList<int> of)
        {
            double[] weights = [.. of.Select(_ => 1.0 / of.Count)];
            double distance = 0;
            for (int step = 0; step < 200_000; step++)
            {
                double[] left = [.. Enumerable.Range(0, columns).Select(j =>
                    of.Select((row, k) => weights[k] * x[row * columns + j]).Sum() - point[j])];
                distance = Math.Sqrt(left.Sum(one => one * one));
                if (distance < 1e-9) break;
                double[] along = [.. of.Select(row => Enumerable.Range(0, columns).Sum(j => left[j] * x[row * columns
                    + j]))];
                int to = Array.IndexOf(along, along.Min()),
                    from = Enumerable.Range(0, of.Count).Where(k => weights[k] > 0).MaxBy(k => along[k]);
                double length = Enumerable.Range(0, columns).Sum(j => Math.Pow(x[of[to] * columns + j]
                    - x[of[from] * columns + j], 2));
                if (length == 0) break;
                double moved = Math.Min(weights[from], (along[from] - along[to]) / length);
                weights[to] += moved;
                weights[from] -= moved;
            }
            return distance;
        }
    }

    [Fact]
    public void Weights_that_come_again_prove_it_with_other_rows_and_in_one_dimension()
    {
        var fit = Perceptron.Fit(Tensor.From(new double[,] { { 1 }, { 2 }, { 3 } }), Ids.From([0, 1, 0]));
        Assert.False(fit.Separates);
        Assert.Equal([1], fit.Conflict!.Ones);
        Assert.Equal([0, 2], fit.Conflict.Zeros);
        Assert.Equal([2], fit.Conflict.Point);
        // The same row in both classes.
        fit = Perceptron.Fit(Tensor.From(new double[,] { { 4, 1 }, { 4, 1 } }), Ids.From([0, 1]));
        Assert.Equal([4, 1], fit.Conflict!.Point);
    }

    [Fact]
    public void One_class_alone_is_answered_by_the_bias()
    {
        var ones = Perceptron.Fit(Tensor.From(s_pairs), Ids.From([1, 1, 1, 1]));
        Assert.Equal((true, 0), (ones.Separates, ones.Mistakes));
        var zeros = Perceptron.Fit(Tensor.From(s_pairs), Ids.From([0, 0, 0, 0]));
        Assert.True(zeros.Separates);
        Assert.InRange(zeros.Mistakes, 1, zeros.MistakeBound!.Value);
    }

    /// <summary>A line at 0.6 separates them, whatever the size of the other column.</summary>
    [Fact]
    public void Columns_of_very_different_sizes_do_not_hide_the_line()
    {
        var x = Tensor.From(new double[,] { { 0, 5e9 }, { 0.2, -7e9 }, { 0.1, 8e9 }, { 1, 6e9 }, { 1.2, -5e9 },
            { 1.1, 9e9 } });
        var fit = Perceptron.Fit(x, Ids.From([0, 0, 0, 1, 1, 1]), 50);
        Assert.NotEqual(false, fit.Separates);
        Assert.NotNull(fit.MistakeBound);
        var rng = new TorchRandom(9);
        for (int table = 0; table < 30; table++)
        {
            double[] numbers = new double[80];
            rng.Uniform(numbers, -1, 1);
            int[] y = [.. Enumerable.Range(0, 40).Select(i => numbers[2 * i] > 0 ? 1 : 0)];
            for (int i = 0; i < 40; i++)
            {
                numbers[2 * i] += y[i] == 1 ? 0.1 : -0.1;
                numbers[2 * i + 1] *= 1e9;
            }
            fit = Perceptron.Fit(Tensor.From(numbers, [40, 2]), Ids.From(y), 20);
            Assert.NotEqual(false, fit.Separates);
            Assert.NotNull(fit.MistakeBound);
        }
    }

    /// <summary>What is nearer than rounding tells may be left open, and is never called inseparable.</summary>
    [Theory]
    [InlineData(1e-9)]
    [InlineData(1e-11)]
    [InlineData(1e-14)]
    public void A_narrow_margin_is_never_taken_for_none(double margin)
    {
        var rng = new TorchRandom(5);
        for (int table = 0; table < 20; table++)
        {
            double[] numbers = new double[90];
            rng.Uniform(numbers, -1, 1);
            int[] y = [.. Enumerable.Range(0, 30).Select(i => i % 2)];
            // Each row lies beside the plane x1 + x2 = x3, on the side of its class.
            for (int i = 0; i < 30; i++)
                numbers[3 * i + 2] = numbers[3 * i] + numbers[3 * i + 1] - (y[i] == 1 ? margin : -margin);
            var fit = Perceptron.Fit(Tensor.From(numbers, [30, 3]), Ids.From(y), 20);
            Assert.NotEqual(false, fit.Separates);
            if (fit is { Separates: null, MistakeBound: null })
                Assert.EndsWith("whether a line separates the classes is not known within 20 passes", fit.ToString(),
                    StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(1e160)]
    [InlineData(1e308)]
    public void Numbers_whose_squares_overflow_are_learned_from(double size)
    {
        double[,] rows = { { size, size }, { -size, size }, { size, -size } };
        int[] y = [0, 1, 1];
        var fit = Perceptron.Fit(Tensor.From(rows), Ids.From(y));
        Assert.True(fit.Separates);
        for (int i = 0; i < 3; i++) Assert.Equal(y[i], fit.Perceptron.Output(rows[i, 0], rows[i, 1]));
        Assert.DoesNotContain("Infinity", fit.ToString(), StringComparison.Ordinal);
        var xor = Perceptron.Fit(Tensor.From(new double[,] { { size, size }, { -size, size }, { size, -size },
            { -size, -size } }), Ids.From([0, 1, 1, 0]));
        Assert.Equal((false, 2), (xor.Separates, xor.Conflict!.Ones.Count));
        // The rule goes round by rounding here: 1e16 swallows the bias, which the rows need.
        Assert.NotEqual(false, Perceptron.Fit(Tensor.From(new double[,] { { 1e16 }, { 1e16 + 2 } }),
            Ids.From([0, 1]), 100).Separates);
    }

    [Fact]
    public void Sums_beyond_a_double_keep_their_sign_and_inputs_are_finite()
    {
        Assert.Equal(0, new Perceptron([1e308, -1e308], -1).Output(10, 10.5));
        Assert.Equal(1, new Perceptron([1e308, -1e308], -1).Output(10.5, 10));
        Refused.With<ArgumentException>("perceptron: input 0 is NaN: give finite numbers",
            () => new Perceptron([1, 2], 0).Output(double.NaN, 1));
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        Refused.With<ArgumentException>("perceptron: 1 inputs for 2 weights: give one for each",
            () => new Perceptron([1, 2], 0).Output(1));
        Refused.With<ArgumentException>("perceptron: there are no weights: give one for each input",
            () => _ = new Perceptron([], 0));
        Refused.With<ArgumentException>("perceptron: row 1 is of class 2: give 0 or 1",
            () => Perceptron.Fit(Tensor.From(s_pairs), Ids.From([0, 2, 1, 0])));
        Refused.With<ArgumentException>("perceptron: the targets are [3] for 4 rows: give [4]",
            () => Perceptron.Fit(Tensor.From(s_pairs), Ids.From([0, 1, 1])));
    }
}
