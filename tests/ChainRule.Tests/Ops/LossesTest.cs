namespace ChainRule.Tests.Ops;

public sealed class LossesTest
{
    public static TheoryData<string> Recorded => GoldenOps.Cases("losses", GoldenOps.Losses);

    [Theory, MemberData(nameof(Recorded))]
    public void Values_and_gradients_equal_the_recording(string name) => GoldenOps.Check("losses", name);

    [Fact]
    public void Prediction_and_target_must_have_one_shape()
    {
        Tensor x = Tensor.Zeros([32, 1]), t = Tensor.Zeros([32]);
        Refused.With<ArgumentException>("mse: the prediction is [32, 1] and the target [32]: both must have the same shape", () => x.MseLoss(t));
        Refused.With<ArgumentException>("l1: the prediction is [32, 1] and the target [32]: both must have the same shape", () => x.L1Loss(t));
        Refused.With<ArgumentException>("huber: the prediction is [32, 1] and the target [32]: both must have the same shape", () => x.HuberLoss(t));
        Refused.With<ArgumentException>("hinge: the prediction is [32, 1] and the target [32]: both must have the same shape", () => x.HingeLoss(t));
        Refused.With<ArgumentException>("binary cross-entropy: the prediction is [32, 1] and the target [32]: both must have the same shape",
            () => x.BinaryCrossEntropy(t));
        Refused.With<ArgumentException>("kl divergence: the prediction is [32, 1] and the target [32]: both must have the same shape",
            () => x.KlDivergence(t));
    }

    [Fact]
    public void What_cannot_be_averaged_is_refused()
    {
        Refused.With<ArgumentException>("mse: there is no example to average over: every target is ignored, or the batch is empty",
            () => Tensor.Zeros([0]).MseLoss(Tensor.Zeros([0])));
        Refused.With<ArgumentException>("kl divergence: [] has no rows to average over: use Reduction.Mean or Reduction.Sum",
            () => Tensor.Scalar(0).KlDivergence(Tensor.Scalar(1)));
        Refused.With<ArgumentException>("huber: delta 0: it must be above 0", () => Tensor.Zeros([2]).HuberLoss(Tensor.Zeros([2]), 0));
    }

    [Fact]
    public void A_target_that_is_no_number_is_not_passed_over()
    {
        Tensor x = Tensor.From(-1.0, -1.0), t = Tensor.From(double.NaN, 0.5);
        foreach (var loss in new[] { x.KlDivergence(t), x.MseLoss(t), x.L1Loss(t), x.HuberLoss(t), x.HingeLoss(t), x.BinaryCrossEntropy(t) })
            Assert.True(double.IsNaN(loss.Item()), loss.ToString());
        Assert.True(double.IsNaN(x.KlDivergence(Tensor.From(-0.5, 0.5)).Item()));
    }
}
