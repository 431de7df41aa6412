using ChainRule.Randomness;

namespace ChainRule.Tests.Ops;

public sealed class BatchNormTest
{
    const double Eps = 1e-3;

    // Columns of the widest vectors, of narrower ones, and what is left.
    [Theory]
    [InlineData(false, 2, 5, 3)]
    [InlineData(false, 7, 61)]
    [InlineData(true, 2, 5, 3)]
    [InlineData(true, 7, 61)]
    [InlineData(true, 2, 8)]
    public void It_is_its_definition_written_with_other_ops(bool unbiased, params int[] shape)
    {
        int[] over = [.. Enumerable.Range(0, shape.Length - 1)];
        NormsTest.AssertSame(shape,
            (x, gain, bias) => x.BatchNorm(gain, bias, Eps, out _, out _, unbiased),
            (x, gain, bias) => (x - x.Mean(over)) / (x.Var(over, unbiased: unbiased) + Eps).Sqrt() * gain + bias);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_tells_the_mean_and_the_variance_of_its_batch(bool unbiased)
    {
        var x = Tensor.Randn([6, 45], new TorchRandom(1), DType.Float64).RequireGrad();
        x.BatchNorm(Tensor.Ones([45], DType.Float64), Tensor.Zeros([45], DType.Float64), Eps, out var mean,
            out var var, unbiased);
        Close.Equal(x.Mean(0).ToArray<double>(), mean.ToArray<double>(), 1e-14, "mean");
        Close.Equal(x.Var(0, unbiased: unbiased).ToArray<double>(), var.ToArray<double>(), 1e-13, "variance");
        Assert.False(mean.RequiresGrad || var.RequiresGrad);
    }

    [Fact]
    public void Only_the_gradients_that_are_wanted_are_made_and_a_second_use_of_x_adds_to_the_first()
    {
        var rng = new TorchRandom(4);
        Tensor x = Tensor.Randn([5, 20], rng, DType.Float64), gain = Tensor.Ones([20], DType.Float64),
            bias = Tensor.Zeros([20], DType.Float64);
        var seed = Tensor.Randn([5, 20], rng, DType.Float64);
        x.RequireGrad();
        x.BatchNorm(gain, bias, Eps, out _, out _).Backward(seed);
        Assert.False(gain.HasGrad || bias.HasGrad);
        double[] once = x.Grad.ToArray<double>();
        x.BatchNorm(gain, bias, Eps, out _, out _).Backward(seed);
        Close.Equal([.. once.Select(g => 2 * g)], x.Grad.ToArray<double>(), 1e-14, "twice");
    }

    [Fact]
    public void One_row_is_refused()
    {
        Tensor ones = Tensor.Ones([3]), zeros = Tensor.Zeros([3]);
        Refused.With<ArgumentException>(
            "batch norm of [1, 3]: 1 row has no variance: give a batch of at least 2, or call Eval() on the model",
            () => Tensor.Ones([1, 3]).BatchNorm(ones, zeros, Eps, out _, out _));
        Refused.With<ArgumentException>(
            "batch norm of [0, 3]: 0 rows have no variance: give a batch of at least 2, or call Eval() on the model",
            () => Tensor.Ones([0, 3]).BatchNorm(ones, zeros, Eps, out _, out _));
    }
}
