using ChainRule.Randomness;

namespace ChainRule.Tests.Ops;

public sealed class CrossEntropyTest
{
    public static TheoryData<string> Recorded => GoldenOps.Cases("losses", GoldenOps.CrossEntropy);

    [Theory, MemberData(nameof(Recorded))]
    public void Values_and_gradients_equal_the_recording(string name) => GoldenOps.Check("losses", name);

    [Fact]
    public void Targets_that_do_not_fit_are_refused()
    {
        var x = Tensor.Zeros([2, 3]);
        Refused.With<ArgumentOutOfRangeException>("cross-entropy: target 3 at place 1 of [2]: classes run from 0 to 2",
            () => x.CrossEntropy(Ids.From(0, 3)));
        Refused.With<ArgumentOutOfRangeException>("nll: target -2 at place 0 of [2]: classes run from 0 to 2",
            () => x.NllLoss(Ids.From(-2, 0)));
        Refused.With<ArgumentException>("cross-entropy: logits [2, 3] and targets [1]: give one target for each row, "
            + "in the shape of the logits less the last axis",
            () => x.CrossEntropy(Ids.From(0)));
        Refused.With<ArgumentException>("nll: logits [] and targets [1]: give one target for each row, in the shape of "
            + "the logits less the last axis",
            () => Tensor.Scalar(1).NllLoss(Ids.From(0)));
        Refused.With<ArgumentException>("cross-entropy: smoothing 1.5: it must lie between 0 and 1",
            () => x.CrossEntropy(Ids.From(0, 0), labelSmoothing: 1.5));
        Refused.With<ArgumentException>(
            "cross-entropy: there is no example to average over: every target is ignored, or the batch is empty",
            () => x.CrossEntropy(Ids.From(-1, -1)));
        Assert.Equal(0, x.CrossEntropy(Ids.From(-1, -1), Reduction.Sum).Item());
    }

    [Fact]
    public void It_is_log_softmax_and_nll_in_one()
    {
        Tensor x = Tensor.Randn([4, 5, 27], new TorchRandom(1), DType.Float64).RequireGrad(),
            z = x.Detach().Clone().RequireGrad();
        var targets = Ids.Random([4, 5], 0, 27, new TorchRandom(2));
        Tensor a = x.CrossEntropy(targets), b = z.LogSoftmax().NllLoss(targets);
        a.Backward();
        b.Backward();
        Assert.Equal(b.Item(), a.Item(), 1e-14);
        Close.Equal(z.Grad.ToArray<double>(), x.Grad.ToArray<double>(), 1e-13, "gradient");
    }

    [Fact]
    public void A_gradient_of_a_row_sums_to_zero()
    {
        var x = (Tensor.Randn([6, 27], new TorchRandom(1)) * 1e4).Detach().RequireGrad();
        x.CrossEntropy(Ids.Random([6], 0, 27, new TorchRandom(2)), Reduction.Sum, labelSmoothing: 0.1).Backward();
        Assert.All(x.Grad.Sum(1).ToArray<float>(), sum => Assert.Equal(0, sum, 1e-6));
    }

    [Fact]
    public void Equal_logits_cost_the_logarithm_of_the_classes() =>
        Assert.Equal(Math.Log(27), Tensor.Full([3, 27], 4, DType.Float64).CrossEntropy(Ids.From(0, 13, 26)).Item(),
            1e-14);
}
