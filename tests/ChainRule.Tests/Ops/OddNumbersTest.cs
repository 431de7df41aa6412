namespace ChainRule.Tests.Ops;

/// <summary>
/// NaN and the infinities stay visible: what compares, chooses or cancels must not pass them by, in values or
/// gradients, in either number type.
/// </summary>
public sealed class OddNumbersTest
{
    const double Nan = double.NaN, Inf = double.PositiveInfinity;

    public static TheoryData<DType> DTypes => [.. Enum.GetValues<DType>()];

    [Theory, MemberData(nameof(DTypes))]
    public void Binary_cross_entropy_keeps_its_digits_and_its_infinities(DType dtype)
    {
        // logit, target, loss, dL/dlogit
        (double X, double T, double Loss, double Slope)[] cases =
        [
            (40, 1, 4.248354255291589e-18, -4.248354255291589e-18),
            (-40, 0, 4.248354255291589e-18, 4.248354255291589e-18),
            (80, 1, 1.8048513878454153e-35, -1.8048513878454153e-35),
            (-80, 0, 1.8048513878454153e-35, 1.8048513878454153e-35),
            (10, 1, 4.539889921686464e-05, -4.5397868702434395e-05),
            (-10, 0, 4.539889921686464e-05, 4.5397868702434395e-05),
            (40, 0, 40, 1), (-40, 1, 40, -1), (0, 1, Math.Log(2), -0.5), (0, 0.5, Math.Log(2), 0),
            (2, 0.25, 1.6269280110429727, 0.6307970779778824),
            (Inf, 1, 0, 0), (-Inf, 0, 0, 0), (Inf, 0, Inf, 1), (-Inf, 1, Inf, -1), (Inf, 0.5, Inf, 0.5),
            (-Inf, 0.5, Inf, -0.5),
            (Nan, 0, Nan, Nan), (Nan, 1, Nan, Nan), (0, Nan, Nan, Nan),
        ];
        foreach (var (x, t, loss, slope) in cases)
        {
            var a = Tensor.From(x).To(dtype).RequireGrad();
            var y = a.BinaryCrossEntropy(Tensor.From(t).To(dtype), Reduction.None);
            y.Sum().Backward();
            Near(loss, y.Item(), $"loss of {x} against {t}");
            Near(slope, a.Grad.Item(), $"gradient of {x} against {t}");
        }

        void Near(double expected, double got, string what) =>
            Assert.True(expected.Equals(got)
                || Math.Abs(got - expected) <= (dtype == DType.Float64 ? 1e-14 : 1e-6) * Math.Abs(expected),
                    $"{what}: {got:R}, not {expected:R}");
    }

    [Theory, MemberData(nameof(DTypes))]
    public void The_sigmoid_has_a_derivative_on_both_of_its_sides(DType dtype)
    {
        foreach (double x in new[] { 1.0, 10, 30, 80 })
        {
            var both = Tensor.From(x, -x).To(dtype).RequireGrad();
            both.Sigmoid().Sum().Backward();
            double e = Math.Exp(-x), right = e / ((1 + e) * (1 + e));
            Assert.Equal(both.Grad[0], both.Grad[1]);
            Assert.Equal(1, both.Grad[0] / right, dtype == DType.Float64 ? 1e-14 : 1e-6);
        }
    }

    [Theory, MemberData(nameof(DTypes))]
    public void Comparisons_do_not_pass_NaN_by(DType dtype)
    {
        Tensor one = Of(1), nan = Of(Nan);
        var functions = new Dictionary<string, Func<Tensor, Tensor>>
        {
            ["relu"] = x => x.Relu(), ["leaky relu"] = x => x.LeakyRelu(), ["elu"] = x => x.Elu(),
            ["abs"] = x => x.Abs(), ["clamp"] = x => x.Clamp(-1, 1),
            ["max"] = x => x.Max(), ["min"] = x => x.Min(), ["maximum"] = x => Tensor.Maximum(x, one),
            ["minimum, second"] = x => Tensor.Minimum(one, x),
            ["maximum against NaN"] = x => Tensor.Maximum(x - x + 1, nan) * x, ["l1"] = x => x.L1Loss(one),
            ["huber"] = x => x.HuberLoss(one), ["hinge"] = x => x.HingeLoss(one),
            ["mse"] = x => x.MseLoss(one), ["max pool"] = x => x.Reshape(1, 1, 1, 1).MaxPool2d(1),
            ["softmax"] = x => x.Softmax(), ["log-softmax"] = x => x.LogSoftmax(), ["log-sum-exp"] = x => x.LogSumExp(),
        };
        foreach (var (name, f) in functions)
        {
            var x = Of(Nan).RequireGrad();
            var y = f(x).Sum();
            y.Backward();
            Assert.True(double.IsNaN(y.Item()), $"{name}: {y.Item()}");
            Assert.True(x.Grad[0] != 0, $"{name}: gradient {x.Grad[0]}");
        }
        Assert.True(double.IsNaN(nan.KlDivergence(Of(0), Reduction.Sum).Item()));
        Assert.Equal(0, Of(double.NegativeInfinity).KlDivergence(Of(0), Reduction.Sum).Item());

        Tensor Of(double x) => Tensor.From(x).To(dtype);
    }

    [Theory, MemberData(nameof(DTypes))]
    public void NaN_is_the_largest_the_smallest_and_where_the_largest_is(DType dtype)
    {
        foreach (int at in new[] { 0, 1, 2, 9, 16 })
        {
            double[] numbers = [.. Enumerable.Range(0, 17).Select(i => i == at ? Nan : i == 12 ? Inf : i)];
            var x = Tensor.From(numbers).To(dtype).RequireGrad();
            Assert.Equal(at, x.ArgMax().Span[0]);
            Assert.Equal(at, x.Reshape(17, 1).ArgMax(0).Span[0]);
            x.Max().Backward();
            (x.Reshape(17, 1).Min(0) * 2).Sum().Backward();
            Assert.Equal(Enumerable.Range(0, 17).Select(i => i == at ? 3.0 : 0), GoldenOps.Doubles(x.Grad));
        }
        var two = Tensor.From(Nan, 1, Nan).To(dtype).RequireGrad();
        two.Max().Backward();
        Assert.Equal(0, two.ArgMax().Span[0]);
        Assert.Equal([0.5, 0, 0.5], GoldenOps.Doubles(two.Grad));
    }

    [Theory, MemberData(nameof(DTypes))]
    public void An_infinite_logit_leaves_no_cross_entropy(DType dtype)
    {
        foreach (int width in new[] { 2, 3, 27, 65 })
        {
            foreach (double odd in new[] { Inf, Nan })
            {
                for (int target = 0; target < 2; target++)
                {
                    double[] numbers = new double[2 * width];
                    numbers[0] = odd;
                    var x = Tensor.From(numbers, [2, width]).To(dtype).RequireGrad();
                    var loss = x.CrossEntropy(Ids.From(target, 1), Reduction.None);
                    loss.Sum().Backward();
                    Assert.Equal(Nan, loss[0]);
                    Assert.Equal(Math.Log(width), loss[1], 1e-5);
                    Assert.All(GoldenOps.Doubles(x.Grad).Take(width),
                        slope => Assert.True(double.IsNaN(slope), $"{slope} of {width}"));
                    Assert.All(GoldenOps.Doubles(x.Grad).Skip(width),
                        slope => Assert.True(double.IsFinite(slope), $"{slope} of {width}"));
                }
            }
        }
        var never = Tensor.From(0, -Inf, 1).To(dtype).Reshape(1, 3).Detach().RequireGrad();
        never.CrossEntropy(Ids.From(0)).Backward();
        Assert.Equal([-0.7310586, 0, 0.7310586], GoldenOps.Doubles(never.Grad), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void Where_keeps_the_sign_of_zero()
    {
        var y = Tensor.Where(Tensor.From(1f, 0), Tensor.From(-0f, 5), Tensor.From(7f, -0f));
        Assert.True(float.IsNegative(y.ToArray<float>()[0]) && float.IsNegative(y.ToArray<float>()[1]));
    }
}
