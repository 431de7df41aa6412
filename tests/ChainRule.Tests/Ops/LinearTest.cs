using ChainRule.Diagnostics;
using ChainRule.Randomness;

namespace ChainRule.Tests.Ops;

public sealed class LinearTest
{
    static readonly TorchRandom s_rng = new(11);

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(5, 3, 4)]
    [InlineData(9, 50, 17)]
    public void It_is_the_product_with_the_transpose_plus_the_bias(int rows, int inputs, int outputs)
    {
        var x = Tensor.Randn([rows, inputs], s_rng, DType.Float64);
        var w = Tensor.Randn([outputs, inputs], s_rng, DType.Float64);
        var b = Tensor.Randn([outputs], s_rng, DType.Float64);
        Close.Equal((x.MatMul(w, transposeB: true) + b).Read<double>(), x.Linear(w, b).Read<double>(), 1e-12, "linear");
    }

    [Theory]
    [InlineData(new[] { 4, 3 }, 5)]
    [InlineData(new[] { 2, 3, 7 }, 4)]
    [InlineData(new[] { 6 }, 2)]
    public void Its_gradients_are_right(int[] shape, int outputs)
    {
        var x = Tensor.Randn(shape, s_rng, DType.Float64).RequireGrad();
        var w = Tensor.Randn([outputs, shape[^1]], s_rng, DType.Float64).RequireGrad();
        var b = Tensor.Randn([outputs], s_rng, DType.Float64).RequireGrad();
        GradCheck.Require("linear", () => x.Linear(w, b).Square().Sum(), [new("x", x), new("w", w), new("b", b)]);
    }

    [Fact]
    public void Shapes_that_do_not_chain_are_refused() => Refused.With<ArgumentException>(
        "linear: x [2, 3], weight [5, 4] and bias [5] do not chain: give [.., inputs], [outputs, inputs] and [outputs]",
        () => Tensor.Zeros([2, 3]).Linear(Tensor.Zeros([5, 4]), Tensor.Zeros([5])));
}
