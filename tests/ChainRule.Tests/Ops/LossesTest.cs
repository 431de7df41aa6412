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
        Refused.With<ArgumentException>(
            "mse: the prediction is [32, 1] and the target [32]: both must have the same shape", () => x.MseLoss(t));
        Refused.With<ArgumentException>(
            "l1: the prediction is [32, 1] and the target [32]: both must have the same shape", () => x.L1Loss(t));
        Refused.With<ArgumentException>("huber: the prediction is [32, 1] and the target [32]: both must have the same "
            + "shape", () => x.HuberLoss(t));
        Refused.With<ArgumentException>("hinge: the prediction is [32, 1] and the target [32]: both must have the same "
            + "shape", () => x.HingeLoss(t));
        Refused.With<ArgumentException>(
            "binary cross-entropy: the prediction is [32, 1] and the target [32]: both must have the same shape",
            () => x.BinaryCrossEntropy(t));
        Refused.With<ArgumentException>(
            "kl divergence: the prediction is [32, 1] and the target [32]: both must have the same shape",
            () => x.KlDivergence(t));
    }

    [Fact]
    public void What_cannot_be_averaged_is_refused()
    {
        Refused.With<ArgumentException>(
            "mse: there is no example to average over: every target is ignored, or the batch is empty",
            () => Tensor.Zeros([0]).MseLoss(Tensor.Zeros([0])));
        Refused.With<ArgumentException>(
            "kl divergence: [] has no rows to average over: use Reduction.Mean or Reduction.Sum",
            () => Tensor.Scalar(0).KlDivergence(Tensor.Scalar(1)));
        Refused.With<ArgumentException>("huber: delta 0: it must be above 0",
            () => Tensor.Zeros([2]).HuberLoss(Tensor.Zeros([2]), 0));
    }

    [Fact]
    public void A_target_that_is_no_probability_is_refused()
    {
        var x = Tensor.Zeros([2]);
        Refused.With<ArgumentException>(
            "binary cross-entropy: a target of 1.5: targets are probabilities: give numbers from 0 to 1",
            () => x.BinaryCrossEntropy(Tensor.From(1.5f, 0)));
        Refused.With<ArgumentException>(
            "binary cross-entropy: a target of -1: targets are probabilities: give numbers from 0 to 1",
            () => x.BinaryCrossEntropy(Tensor.From(1f, -1)));
        Refused.With<ArgumentException>("cross-entropy: a target of 2: targets are probabilities: give numbers from 0 "
            + "to 1", () => x.CrossEntropy(Tensor.From(2f, 0)));
    }

    [Fact]
    public void A_weight_that_does_not_fit_is_refused()
    {
        Tensor x = Tensor.Zeros([2, 3]), t = Tensor.Zeros([2, 3]);
        Refused.With<ArgumentException>(
            "binary cross-entropy: a weight of [5, 2, 3] would stretch [2, 3]: give one that broadcasts to it",
            () => x.BinaryCrossEntropy(t, positiveWeight: Tensor.Ones([5, 2, 3])));
        Refused.With<ArgumentException>("cross-entropy: weights [2] for logits [2, 3]: give one for each class, [3]",
            () => x.CrossEntropy(Ids.From(0, 1), weights: Tensor.Ones([2])));
        Refused.With<ArgumentException>("nll: a weight of -1: give weights of 0 or more",
            () => x.NllLoss(Ids.From(0, 1), weights: Tensor.From(1f, -1, 1)));
        Refused.With<ArgumentException>("cross-entropy: there is no example to average over: every target is ignored "
            + "or weighs nothing, or the batch is empty",
            () => x.CrossEntropy(Ids.From(0, -1), weights: Tensor.From(0f, 1, 1)));
        Refused.With<ArgumentException>(
            "cross-entropy: logits [2, 3] and probabilities [2]: give one probability for each class of each row",
            () => x.CrossEntropy(Tensor.Zeros([2])));
    }

    [Fact]
    public void An_infinite_logit_on_the_right_side_costs_nothing_whatever_it_weighs()
    {
        foreach (double sign in new[] { 1.0, -1 })
        {
            var x = Tensor.From(sign * double.PositiveInfinity).RequireGrad();
            var loss = x.BinaryCrossEntropy(Tensor.From(sign > 0 ? 1.0 : 0), positiveWeight: Tensor.From(3.0));
            loss.Backward();
            Assert.Equal((0, 0), (loss.Item(), x.Grad.Item()));
            Assert.Equal(double.PositiveInfinity,
                x.BinaryCrossEntropy(Tensor.From(sign > 0 ? 0.0 : 1), positiveWeight: Tensor.From(3.0)).Item());
        }
    }

    [Fact]
    public void A_target_that_is_no_number_is_not_passed_over()
    {
        Tensor x = Tensor.From(-1.0, -1.0), t = Tensor.From(double.NaN, 0.5);
        foreach (var loss in new[] { x.KlDivergence(t), x.MseLoss(t), x.L1Loss(t), x.HuberLoss(t), x.HingeLoss(t),
            x.BinaryCrossEntropy(t) })
            Assert.True(double.IsNaN(loss.Item()), loss.ToString());
        Assert.True(double.IsNaN(x.KlDivergence(Tensor.From(-0.5, 0.5)).Item()));
    }
}
