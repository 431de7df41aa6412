namespace ChainRule.Tests.Ops;

public sealed class ArithmeticTest
{
    public static TheoryData<string> Recorded => GoldenOps.Cases("ops", GoldenOps.Arithmetic);

    [Theory, MemberData(nameof(Recorded))]
    public void Values_and_gradients_equal_the_recording(string name) => GoldenOps.Check("ops", name);

    [Fact]
    public void Shapes_that_do_not_broadcast_are_named_with_the_axis()
    {
        Refused.With<ArgumentException>(
            "multiply: [32, 27] and [30, 27] do not broadcast: axis 0 is 32 in the one and 30 in the other",
            () => _ = Tensor.Ones([32, 27]) * Tensor.Ones([30, 27]));
        Refused.With<ArgumentException>(
            "add: [2, 3, 4] and [2, 4] do not broadcast: axis 1 is 3 in the one and 2 in the other",
            () => _ = Tensor.Ones([2, 3, 4]) + Tensor.Ones([2, 4]));
        Refused.With<ArgumentException>(
            "maximum: [0] and [2] do not broadcast: axis 0 is 0 in the one and 2 in the other",
            () => Tensor.Maximum(Tensor.Ones([0]), Tensor.Ones([2])));
    }

    [Fact]
    public void Numbers_stand_on_either_side_of_an_operator()
    {
        var x = Tensor.From(1.0, -2.0, 4.0).RequireGrad();
        (string What, Tensor Y, double[] Value, double[] Slope)[] all =
        [
            ("x + c", x + 3, [4, 1, 7], [1, 1, 1]),
            ("c + x", 3 + x, [4, 1, 7], [1, 1, 1]),
            ("x - c", x - 3, [-2, -5, 1], [1, 1, 1]),
            ("c - x", 3 - x, [2, 5, -1], [-1, -1, -1]),
            ("x * c", x * 3, [3, -6, 12], [3, 3, 3]),
            ("c * x", 3 * x, [3, -6, 12], [3, 3, 3]),
            ("x / c", x / 2, [0.5, -1, 2], [0.5, 0.5, 0.5]),
            ("c / x", 2 / x, [2, -1, 0.5], [-2, -0.5, -0.125]),
            ("-x", -x, [-1, 2, -4], [-1, -1, -1]),
        ];
        foreach (var (what, y, value, slope) in all)
        {
            x.ZeroGrad();
            y.Sum().Backward();
            Assert.True(value.SequenceEqual(y.ToArray<double>()) && slope.SequenceEqual(x.Grad.ToArray<double>()),
                what);
        }
    }

    [Fact]
    public void A_quotient_of_a_tensor_and_a_number_is_rounded_once()
    {
        var x = Tensor.Arange(1, 1000);
        float[] expected = [.. x.ToArray<float>().Select(one => one / 3f)];
        Assert.Equal(expected, (x / 3).ToArray<float>());
    }

    [Fact]
    public void Empty_tensors_go_through()
    {
        var x = Tensor.Zeros([0, 3]).RequireGrad();
        var y = x * Tensor.Ones([3]) + 1;
        Assert.Equal("[0, 3]", y.Shape.ToString());
        y.Sum().Backward();
        Assert.Equal(0, x.Grad.Count);
    }
}
