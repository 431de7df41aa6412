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
        Assert.Matches(
            "^no line separates the classes: after [0-9]+ passes the weights are what they were before, and will "
            + "go round for ever$", fit.ToString());
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
        Assert.Null(Perceptron.Fit(Tensor.From(x, [100, 3]), Ids.From(y), 1).Separates);
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        Refused.With<ArgumentException>("perceptron: 1 inputs for 2 weights: give one for each",
            () => new Perceptron([1, 2], 0).Output(1));
        Refused.With<ArgumentException>("perceptron: there are no weights: give one for each input",
            () => _ = new Perceptron([], 0));
        Refused.With<ArgumentException>("perceptron: class 2 in row 1: give 0 or 1",
            () => Perceptron.Fit(Tensor.From(s_pairs), Ids.From([0, 2, 1, 0])));
        Refused.With<ArgumentException>("perceptron: 3 classes for 4 rows: give one for each",
            () => Perceptron.Fit(Tensor.From(s_pairs), Ids.From([0, 1, 1])));
    }
}
