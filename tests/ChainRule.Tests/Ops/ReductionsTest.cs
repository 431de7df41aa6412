using ChainRule.Randomness;

namespace ChainRule.Tests.Ops;

public sealed class ReductionsTest
{
    const string FirstOfEquals = "along an axis, the first of equals gets the gradient";

    public static TheoryData<string> Recorded =>
        [.. Names.Where(name => !name.EndsWith(FirstOfEquals, StringComparison.Ordinal))];

    public static TheoryData<string> RecordedTies =>
        [.. Names.Where(name => name.EndsWith(FirstOfEquals, StringComparison.Ordinal))];

    static IEnumerable<string> Names =>
        Golden.Cases("ops", [.. GoldenOps.Reductions.Keys]).Select(golden => golden.Name);

    [Theory, MemberData(nameof(Recorded))]
    public void Values_and_gradients_equal_the_recording(string name) => GoldenOps.Check("ops", name);

    // A departure from torch.max(axis), which gives all to the first: here equals share along an axis as they do over
    // everything, as torch.amax has it.
    [Theory, MemberData(nameof(RecordedTies))]
    public void Equals_share_the_gradient_along_an_axis_too(string name)
    {
        var golden = Golden.Case("ops", name);
        var (y, x) = GoldenOps.Run(golden, DType.Float64);
        Assert.Equal(golden.Output.Data, GoldenOps.Doubles(y));

        int axis = golden.Int("axis");
        var (rows, columns) = (x[0].Shape[0], x[0].Shape[1]);
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                int at = axis == 0 ? c : r;
                int equals = Enumerable.Range(0, axis == 0 ? rows : columns)
                    .Count(i => (axis == 0 ? x[0][i, c] : x[0][r, i]).Equals(y[at]));
                double expected = x[0][r, c].Equals(y[at]) ? golden.Upstream!.Data[at] / equals : 0;
                Assert.Equal(expected, x[0].Grad[r, c], 1e-15);
            }
        }
        Assert.NotEqual(golden.Grads[0]!.Data, GoldenOps.Doubles(x[0].Grad));
    }

    [Fact]
    public void What_has_no_sum_mean_or_extreme_says_so()
    {
        Assert.Equal(0, Tensor.Zeros([0, 2]).Sum().Item());
        Assert.Equal([0, 0], Tensor.Zeros([0, 2]).Sum(0).ToArray<float>());
        Refused.With<ArgumentException>("mean of [0, 2]: there is nothing to average",
            () => Tensor.Zeros([0, 2]).Mean(0));
        Refused.With<ArgumentException>("max of [2, 0]: there is nothing to choose from",
            () => Tensor.Zeros([2, 0]).Max(1));
        Refused.With<ArgumentException>("argmax of [2, 0]: axis 1 is empty", () => Tensor.Zeros([2, 0]).ArgMax(1));
        Refused.With<ArgumentException>("sum: axis -2 of [2, 2] is named twice",
            () => Tensor.Ones([2, 2]).Sum([0, -2]));
    }

    [Fact]
    public void A_sum_in_forward_is_a_broadcast_in_backward_and_the_reverse()
    {
        foreach (int[] axes in new int[][] { [], [0], [1], [2], [0, 1], [0, 2], [1, 2] })
        {
            var x = Random([2, 3, 4]).RequireGrad();
            var sum = x.Sum(axes, keepDim: true);
            var small = Random(sum.Shape).RequireGrad();
            sum.Backward(small);
            var wide = small.Expand(x.Shape);
            Assert.Equal(wide.ToArray<double>(), x.Grad.ToArray<double>());

            wide.Backward(x);
            Close.Equal(sum.ToArray<double>(), small.Grad.ToArray<double>(), 1e-14, "sum");
        }
    }

    [Fact]
    public void NaN_is_the_largest_and_the_smallest_wherever_it_stands()
    {
        for (int at = 0; at < 40; at++)
        {
            var x = Random([40]);
            x.Write<double>()[at] = double.NaN;
            Assert.True(double.IsNaN(x.Max().Item()) && double.IsNaN(x.Min().Item())
                && double.IsNaN(x.Reshape(40, 1).Expand([40, 3]).Max(0)[1]), $"at {at}");
        }
    }

    static Tensor Random(Shape shape) => Tensor.Randn(shape, new TorchRandom(5), DType.Float64);
}
