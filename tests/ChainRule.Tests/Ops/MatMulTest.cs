using ChainRule.Randomness;

namespace ChainRule.Tests.Ops;

public sealed class MatMulTest
{
    public static TheoryData<string> Recorded => GoldenOps.Cases("ops", GoldenOps.MatMul);

    [Theory, MemberData(nameof(Recorded))]
    public void Values_and_gradients_equal_the_recording(string name) => GoldenOps.Check("ops", name);

    [Fact]
    public void Factors_that_do_not_chain_are_refused()
    {
        Refused.With<ArgumentException>(
            "matmul: [2, 3] and [2, 3] do not chain: the left has 3 columns and the right 2 rows",
            () => Tensor.Ones([2, 3]).MatMul(Tensor.Ones([2, 3])));
        Refused.With<ArgumentException>(
            "matmul: [2, 3]ᵀ and [3, 4] do not chain: the left has 2 columns and the right 3 rows",
            () => Tensor.Ones([2, 3]).MatMul(Tensor.Ones([3, 4]), transposeA: true));
        Refused.With<ArgumentException>("matmul: [4] and [3] do not chain: the left has 4 columns and the right 3 rows",
            () => Tensor.Ones([4]).MatMul(Tensor.Ones([3])));
        Refused.With<ArgumentException>(
            "matmul: [2, 3, 4] and [3, 4, 5] do not broadcast: axis 0 is 2 in the one and 3 in the other",
            () => Tensor.Ones([2, 3, 4]).MatMul(Tensor.Ones([3, 4, 5])));
        Refused.With<ArgumentException>(
            "matmul: [2, 7, 3, 4] and [3, 4, 5] do not broadcast: axis 1 is 7 in the one and 3 in the other",
            () => Tensor.Ones([2, 7, 3, 4]).MatMul(Tensor.Ones([3, 4, 5])));
        Refused.With<ArgumentException>("matmul: [] and [2]: a single number is no matrix: multiply with *",
            () => Tensor.Scalar(1).MatMul(Tensor.Ones([2])));
    }

    [Fact]
    public void A_batch_of_rows_is_multiplied_row_by_row()
    {
        Tensor x = Random([3, 5, 7], 1), w = Random([7, 4], 2), y = x.MatMul(w);
        for (int b = 0; b < 3; b++)
            for (int t = 0; t < 5; t++)
                Assert.Equal(y.Select(0, b).Select(0, t).ToArray<double>(),
                    x.Select(0, b).Select(0, t).MatMul(w).ToArray<double>());
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void A_transpose_on_the_way_equals_one_made_before(bool transposeA, bool transposeB)
    {
        foreach (int[] batch in new int[][] { [], [3], [2, 3] })
        {
            Tensor a = Random([.. batch, .. transposeA ? new[] { 5, 2 } : [2, 5]], 1).RequireGrad();
            Tensor b = Random([.. batch, .. transposeB ? new[] { 4, 5 } : [5, 4]], 2).RequireGrad();
            var (y, dA, dB) = Result(a, b, (a, b) => a.MatMul(b, transposeA, transposeB));
            var (z, eA, eB) = Result(a, b,
                (a, b) => (transposeA ? a.Transpose() : a).MatMul(transposeB ? b.Transpose() : b));
            Assert.Equal(z, y);
            Close.Equal(eA, dA, 1e-14, "gradient of a");
            Close.Equal(eB, dB, 1e-14, "gradient of b");
        }
    }

    [Fact]
    public void Products_over_nothing_are_zero()
    {
        Tensor a = Tensor.Ones([2, 0]).RequireGrad(), b = Tensor.Ones([0, 3]).RequireGrad();
        var y = a.MatMul(b);
        y.Sum().Backward();
        Assert.Equal(new float[6], y.ToArray<float>());
        Assert.Equal((0, 0), (a.Grad.Count, b.Grad.Count));
        Assert.Equal("[0, 2, 4]", Tensor.Ones([0, 2, 3]).MatMul(Tensor.Ones([3, 4])).Shape.ToString());
    }

    static (double[] Y, double[] A, double[] B) Result(Tensor a, Tensor b, Func<Tensor, Tensor, Tensor> product)
    {
        a.ZeroGrad();
        b.ZeroGrad();
        var y = product(a, b);
        y.Backward(Random(y.Shape, 3));
        return (y.ToArray<double>(), a.Grad.ToArray<double>(), b.Grad.ToArray<double>());
    }

    static Tensor Random(Shape shape, ulong seed) => Tensor.Randn(shape, new TorchRandom(seed), DType.Float64);
}
