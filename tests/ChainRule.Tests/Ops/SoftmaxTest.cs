using ChainRule.Randomness;

namespace ChainRule.Tests.Ops;

public sealed class SoftmaxTest
{
    public static TheoryData<string> Recorded => GoldenOps.Cases("ops", GoldenOps.Softmax);

    [Theory, MemberData(nameof(Recorded))]
    public void Values_and_gradients_equal_the_recording(string name) => GoldenOps.Check("ops", name);

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Probabilities_sum_to_one_however_large_the_logits(DType dtype)
    {
        foreach (double scale in new[] { 0, 1, 100, 1e4 })
        {
            var x = Tensor.Randn([6, 40], new TorchRandom(3), dtype) * scale;
            var p = x.Softmax();
            Assert.All(GoldenOps.Doubles(p.Sum(1)), sum => Assert.Equal(1, sum, 2e-6));
            Close.Equal(GoldenOps.Doubles(p), GoldenOps.Doubles(x.LogSoftmax().Exp()), Close.Float32,
                $"exp of log-softmax, scale {scale}");
            Close.Equal(GoldenOps.Doubles(x.To(DType.Float64).LogSumExp()), GoldenOps.Doubles(x.LogSumExp()),
                Close.Float32, $"log-sum-exp, scale {scale}");
        }
    }

    [Fact]
    public void A_row_that_is_masked_but_for_one_place_is_certain()
    {
        var x = Tensor.From(new double[,] { { double.NegativeInfinity, 3, double.NegativeInfinity } }).RequireGrad();
        var p = x.Softmax();
        p.Backward(Tensor.From(new double[,] { { 1, 2, 3 } }));
        Assert.Equal([0, 1, 0], p.ToArray<double>());
        Assert.Equal([0, 0, 0], x.Grad.ToArray<double>());
        Assert.Equal(3, x.LogSumExp().Item());
        Assert.Equal(double.NegativeInfinity, Tensor.Full([2], double.NegativeInfinity).LogSumExp().Item());
    }

    [Fact]
    public void An_axis_without_places_is_refused() =>
        Refused.With<ArgumentException>("softmax of [2, 0]: axis -1 is empty", () => Tensor.Zeros([2, 0]).Softmax());
}
