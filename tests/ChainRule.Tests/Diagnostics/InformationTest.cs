using ChainRule.Diagnostics;
using FsCheck;
using FsCheck.Fluent;

namespace ChainRule.Tests.Diagnostics;

public sealed class InformationTest
{
    static readonly double[] s_biased = [0.75, 0.25], s_fair = [0.5, 0.5];

    [Fact]
    public void Entropy_is_zero_for_the_certain_and_ln_n_for_the_uniform()
    {
        Assert.Equal(0, Information.Entropy([0, 1, 0]));
        Assert.Equal(Math.Log(4), Information.Entropy([0.25, 0.25, 0.25, 0.25]), 1e-15);
    }

    [Fact]
    public void By_hand_for_a_biased_coin()
    {
        // H = 2 ln 2 − ¾ ln 3; H(p, fair) = ln 2; KL(p ‖ fair) = ¾ ln 3 − ln 2; KL(fair ‖ p) = ln 2 − ½ ln 3.
        double ln2 = Math.Log(2), ln3 = Math.Log(3);
        Assert.Equal(2 * ln2 - 0.75 * ln3, Information.Entropy(s_biased), 1e-15);
        Assert.Equal(ln2, Information.CrossEntropy(s_biased, s_fair), 1e-15);
        Assert.Equal(0.75 * ln3 - ln2, Information.KlDivergence(s_biased, s_fair), 1e-15);
        Assert.Equal(ln2 - 0.5 * ln3, Information.KlDivergence(s_fair, s_biased), 1e-15);
    }

    [Fact]
    public void Cross_entropy_is_entropy_and_divergence_and_no_divergence_is_negative() =>
        Prop.ForAll(Distributions().ToArbitrary(), pair =>
        {
            var (p, q) = pair;
            double divergence = Information.KlDivergence(p, q);
            Assert.InRange(divergence, -1e-15, double.MaxValue);
            Assert.Equal(Information.CrossEntropy(p, q), Information.Entropy(p) + divergence, 1e-12);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_q_rules_out_surprises_without_bound()
    {
        Assert.Equal(double.PositiveInfinity, Information.CrossEntropy(s_fair, [1, 0]));
        Assert.Equal(double.PositiveInfinity, Information.KlDivergence(s_fair, [1, 0]));
        Assert.Equal(Math.Log(2), Information.KlDivergence([1, 0], s_fair), 1e-15);
    }

    [Fact]
    public void A_fair_coin_is_one_bit() => Assert.Equal(1, Information.Bits(Information.Entropy(s_fair)), 1e-15);

    [Fact]
    public void Perplexity_of_ignorance_is_the_number_of_classes() =>
        Assert.Equal(27, Information.Perplexity(InitialLoss.Expected(27)), 1e-13);

    [Fact]
    public void The_mean_loss_of_labels_is_the_cross_entropy_of_their_shares()
    {
        var logits = Tensor.From([1.0, 2.0, 0.5], [1, 3]).Expand([4, 3]);
        var loss = logits.CrossEntropy(Ids.From(1, 1, 0, 2));
        Assert.Equal(loss.Item(), Information.CrossEntropy([0.25, 0.5, 0.25], logits.Softmax().Read<double>()[..3]),
            1e-15);
    }

    [Fact]
    public void What_is_no_distribution_is_refused()
    {
        Assert.Equal("entropy: p sums to 3: divide it by its sum", Refusal(() => Information.Entropy([1, 2])));
        Assert.Equal("entropy: p[0] is -1: a probability is 0 or more", Refusal(() => Information.Entropy([-1, 2])));
        Assert.Equal("entropy: p[1] is NaN: a probability is 0 or more",
            Refusal(() => Information.Entropy([0, double.NaN])));
        Assert.Equal("cross-entropy: q sums to 0: divide it by its sum",
            Refusal(() => Information.CrossEntropy(s_fair, [0, 0])));
        Assert.Equal("divergence: p has 2 outcomes and q 1: give both the same",
            Refusal(() => Information.KlDivergence(s_fair, [1])));
        static string Refusal(Action asked) => Assert.ThrowsAny<ArgumentException>(asked).Message;
    }

    static Gen<(double[] P, double[] Q)> Distributions() =>
        from n in Gen.Choose(1, 30)
        from p in Gen.Choose(1, 1000).ArrayOf(n)
        from q in Gen.Choose(1, 1000).ArrayOf(n)
        select (Shares(p), Shares(q));

    static double[] Shares(int[] counts) => [.. counts.Select(c => (double)c / counts.Sum())];
}
