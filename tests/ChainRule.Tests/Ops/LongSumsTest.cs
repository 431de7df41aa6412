using ChainRule.Randomness;

namespace ChainRule.Tests.Ops;

/// <summary>
/// Sums of many float32 numbers, forward and backward, against the same op in float64 on the same numbers: the largest
/// error relative to the largest number of the result. Half a unit of float32's last place is 6e-8 at most. One
/// accumulator each, the same sums err by 1e-6 to 1e-2.
/// </summary>
public sealed class LongSumsTest
{
    static readonly Dictionary<string, (double Bound, Func<TorchRandom, Tensor[]> Draw,
        Func<Tensor[], Tensor> Compute)> s_sums = new()
    {
        ["sum"] = (6.1e-8, rng => [Tensor.Rand([2_000_000], rng)], x => x[0].Sum()),
        ["mean far from 0"] = (6.1e-8, rng => [Far([2_000_000], rng)], x => x[0].Mean()),
        ["sum of columns"] = (6.1e-8, rng => [Tensor.Rand([300_000, 5], rng)], x => x[0].Sum(0)),
        ["mean of middle axes"] = (6.1e-8, rng => [Tensor.Rand([40, 3, 9000], rng)], x => x[0].Mean([0, 2])),
        ["variance"] = (7e-8, rng => [Tensor.Randn([1_000_000], rng)], x => x[0].Var()),
        ["variance far from 0"] = (7e-8, rng => [Far([1_000_000], rng)], x => x[0].Var()),
        ["variance of columns far from 0"] = (7e-8, rng => [Far([400_000, 3], rng)], x => x[0].Var(0)),
        ["standard deviation of columns"] = (7e-8, rng => [Far([400_000, 3], rng)], x => x[0].Std(0)),
        ["squared error"] = (7e-8, rng => [Tensor.Rand([1_000_000], rng), Tensor.Rand([1_000_000], rng)],
            x => x[0].MseLoss(x[1])),
        ["dot"] = (6.1e-8, rng => [Tensor.Rand([1_000_000], rng), Tensor.Rand([1_000_000], rng)],
            x => x[0].MatMul(x[1])),
        ["matrix times vector"] = (6.1e-8, rng => [Tensor.Rand([30, 3000], rng), Tensor.Rand([3000], rng)],
            x => x[0].MatMul(x[1])),
        ["vector times a transpose"] = (6.1e-8, rng => [Tensor.Rand([3000], rng), Tensor.Rand([30, 3000], rng)],
            x => x[0].MatMul(x[1], transposeB: true)),
        ["product of long rows"] = (2.5e-7, rng => [Tensor.Rand([4, 500_000], rng), Tensor.Rand([500_000, 4], rng)],
            x => x[0].MatMul(x[1])),
        ["product 1,024 deep"] = (4e-7, rng => [Tensor.Rand([64, 1024], rng), Tensor.Rand([1024, 64], rng)],
            x => x[0].MatMul(x[1])),
        ["linear with a bias far from 0"] =
            (6.1e-8, rng => [Tensor.Rand([50, 120], rng), Tensor.Rand([20, 120], rng), Far([20], rng)],
                x => x[0].Linear(x[1], x[2])),
    };

    static readonly Dictionary<string, (double Bound, Func<TorchRandom, Tensor[]> Draw,
        Func<Tensor[], Tensor> Compute)> s_gradients = new()
    {
        ["row"] = (7e-8, rng => [Tensor.Rand([200_000, 3], rng), Tensor.Rand([3], rng)], x => x[0] + x[1]),
        ["row as a factor"] = (7e-8, rng => [Tensor.Rand([200_000, 3], rng), Tensor.Rand([3], rng)], x => x[0] * x[1]),
        ["wide row"] = (7e-8, rng => [Tensor.Rand([3000, 1100], rng), Tensor.Rand([1100], rng)], x => x[0] + x[1]),
        ["column"] = (7e-8, rng => [Tensor.Rand([5, 100_000], rng), Tensor.Rand([5, 1], rng)], x => x[0] * x[1]),
        ["single factor"] = (7e-8, rng => [Tensor.Rand([600_000], rng), Tensor.Rand([], rng)], x => x[0] * x[1]),
        ["channel"] = (7e-8, rng => [Tensor.Rand([50, 3, 1600], rng), Tensor.Rand([3, 1], rng)], x => x[0] * x[1]),
        ["axis in the middle"] = (1.2e-7, rng => [Tensor.Rand([40, 3000, 20], rng), Tensor.Rand([40, 1, 20], rng)],
            x => x[0] + x[1]),
        ["two axes"] = (7e-8, rng => [Tensor.Rand([300, 4, 200, 5], rng), Tensor.Rand([4, 1, 5], rng)],
            x => x[0] * x[1]),
        ["short runs of a long axis"] =
            (7e-8, rng => [Tensor.Rand([40_000, 4, 3], rng), Tensor.Rand([4, 1], rng)], x => x[0] * x[1]),
        ["weights and bias of a linear map"] =
            (2.5e-7, rng => [Tensor.Rand([100_000, 7], rng), Tensor.Rand([3, 7], rng), Tensor.Rand([3], rng)],
                x => x[0].Linear(x[1], x[2])),
        ["matrix that meets many"] = (2e-7, rng => [Tensor.Rand([2000, 9, 4], rng), Tensor.Rand([5, 9], rng)],
            x => x[1].MatMul(x[0])),
        ["matrix that meets many, in the middle"] =
            (2e-7, rng => [Tensor.Rand([3, 900, 6, 4], rng), Tensor.Rand([3, 1, 5, 6], rng)], x => x[1].MatMul(x[0])),
        ["kernels and biases"] = (4e-7,
            rng => [Tensor.Rand([700, 1, 12, 12], rng), Tensor.Rand([3, 1, 3, 3], rng), Tensor.Rand([3], rng)],
            x => x[0].Conv2d(x[1], x[2], padding: 1)),
        ["kernels of large images"] =
            (4e-7, rng => [Tensor.Rand([2, 1, 500, 400], rng), Tensor.Rand([2, 1, 3, 3], rng), Tensor.Rand([2], rng)],
            x => x[0].Conv2d(x[1], x[2])),
        ["embedding"] = (7e-8, rng => [Tensor.Rand([1], rng), Tensor.Rand([5, 3], rng)],
            x => x[1].Rows(Ids.Random([60_000], 0, 5, new TorchRandom(7)))),
        ["layer norm"] = (3e-7, rng => [Tensor.Randn([60_000, 6], rng), Tensor.Rand([6], rng), Tensor.Rand([6], rng)],
            x => x[0].LayerNorm(x[1], x[2])),
    };

    public static TheoryData<string> Sums => [.. s_sums.Keys];

    public static TheoryData<string> Gradients => [.. s_gradients.Keys];

    [Theory]
    [MemberData(nameof(Sums))]
    public void A_sum_is_near_that_of_float64(string name)
    {
        var (bound, draw, compute) = s_sums[name];
        var inputs = draw(new(3));
        AssertNear(bound, compute(inputs), compute([.. inputs.Select(x => x.To(DType.Float64))]));
    }

    [Theory]
    [MemberData(nameof(Gradients))]
    public void A_gradient_that_is_a_sum_is_near_that_of_float64(string name)
    {
        var (bound, draw, compute) = s_gradients[name];
        var inputs = draw(new(3));
        Tensor[] single = Backward(inputs, compute, DType.Float32), right = Backward(inputs, compute, DType.Float64);
        for (int i = 0; i < single.Length; i++) AssertNear(bound, single[i], right[i]);
    }

    [Fact]
    public void Beyond_sixteen_million_numbers_a_sum_goes_on()
    {
        // One accumulator of float32 stands still at 2²⁴.
        Assert.Equal(20_000_000, Tensor.Ones([20_000_000]).Sum().Item());
        Assert.Equal([10_000_000f, 10_000_000f], Tensor.Ones([10_000_000, 2]).Sum(0).ToArray<float>());
        Assert.Equal(17_000_000, Tensor.Ones([17_000_000]).MatMul(Tensor.Ones([17_000_000])).Item());
        Assert.Equal([17_000_000f, 17_000_000f],
            Tensor.Ones([1, 17_000_000]).MatMul(Tensor.Ones([17_000_000, 2])).ToArray<float>());
    }

    /// <summary>The gradients of all inputs but the first, which is data.</summary>
    static Tensor[] Backward(Tensor[] inputs, Func<Tensor[], Tensor> compute, DType dtype)
    {
        Tensor[] x = [inputs[0].To(dtype), .. inputs[1..].Select(x => x.Detach().To(dtype).Detach().RequireGrad())];
        var y = compute(x);
        y.Backward(Tensor.Rand(y.Shape, new TorchRandom(5)).To(dtype));
        return [.. x[1..].Select(one => one.Grad)];
    }

    static Tensor Far(Shape shape, TorchRandom rng) => Tensor.Rand(shape, rng) + 10_000;

    static void AssertNear(double bound, Tensor single, Tensor right)
    {
        double[] exact = right.ToArray<double>();
        float[] got = single.ToArray<float>();
        double largest = exact.Max(Math.Abs), error = got.Zip(exact, (a, b) => Math.Abs(a - b)).Max() / largest;
        Assert.True(error <= bound,
            $"the largest error is {error:0.00e+0} of the largest number: {bound:0.0e+0} is allowed");
    }
}
