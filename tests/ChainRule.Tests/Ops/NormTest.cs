namespace ChainRule.Tests.Ops;

public sealed class NormTest
{
    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void The_gradient_of_a_length_of_zero_is_zero_however_the_length_is_computed(DType dtype)
    {
        var lengths = new Dictionary<string, Func<Tensor, Tensor>>
        {
            ["norm"] = x => x.Norm(),
            ["norm of order 3"] = x => x.Norm(order: 3),
            ["norm along an axis"] = x => x.Reshape(1, 4).Norm(1),
            ["sum of products"] = x => (x * x).Sum().Sqrt(),
            ["sum of squares"] = x => x.Square().Sum().Sqrt(),
            ["powers"] = x => x.Pow(2).Sum().Pow(0.5),
            ["mean of squares"] = x => x.Square().Mean().Sqrt(),
            ["error"] = x => x.MseLoss(Tensor.Zeros([4], dtype)).Sqrt(),
            ["sum by hand"] = x => (x.Select(0, 0).Square() + x.Select(0, 1).Square()).Sqrt() + x.Sum(),
            ["half a mean"] = x => ((x * x).Sum() * 0.5 / 4).Sqrt(),
            ["size"] = x => x.Square().Sqrt().Sum(),
            ["standard deviation"] = x => x.Std(),
            ["root of a variance"] = x => x.Var(unbiased: false).Sqrt(),
            ["distance"] = x => x.Distance(Tensor.Zeros([4], dtype)),
            ["cosine similarity"] = x => x.CosineSimilarity(Tensor.Ones([4], dtype)),
        };
        foreach (var (name, length) in lengths)
        {
            var x = Tensor.Zeros([4], dtype).RequireGrad();
            var y = length(x);
            y.Backward();
            Assert.True(y.Item() == 0, $"{name}: {y.Item()}");
            Assert.All(GoldenOps.Doubles(x.Grad),
                slope => Assert.True(name == "sum by hand" ? slope == 1 : slope == 0, $"{name}: gradient {slope}"));
        }
    }

    [Fact]
    public void The_root_of_any_other_zero_has_an_infinite_derivative()
    {
        var x = Tensor.From(0.0, 4).RequireGrad();
        x.Sqrt().Sum().Backward();
        Assert.Equal([double.PositiveInfinity, 0.25], x.Grad.ToArray<double>());
        var sum = Tensor.From(0.0, 0).RequireGrad();
        sum.Sum().Sqrt().Backward();
        Assert.Equal(double.PositiveInfinity, sum.Grad[0]);
    }

    [Fact]
    public void A_root_of_a_long_sum_of_terms_is_looked_into_only_so_far()
    {
        var x = Tensor.From(1.0).RequireGrad();
        var sum = x * x;
        for (int i = 0; i < 10_000; i++) sum += x * x;
        sum.Sqrt().Sum().Backward();
        Assert.Equal(Math.Sqrt(10_001), x.Grad.Item(), 1e-9);
    }

    [Fact]
    public void Squares_neither_overflow_nor_vanish()
    {
        foreach (double size in new[] { 1e30, 1e-30, 3e37, 1e-38, 1e-43 })
        {
            float one = (float)size;
            var x = Tensor.From(one, one, -one).RequireGrad();
            Near(Math.Sqrt(3) * one, x.Norm().Item(), size);
            Near(Math.Pow(3, 1 / 2.5) * one, x.Norm(order: 2.5).Item(), size);
            var deviation = x.Std();
            Near(2 / Math.Sqrt(3) * one, deviation.Item(), size);
            Near(0.5 / 0.8660254037844386 / Math.Sqrt(3), x.CosineSimilarity(Tensor.From(1f, 1, 1)).Item(), size);
            if (size < 1e-37) continue;
            deviation.Backward();
            Assert.All(x.Grad.ToArray<float>().Zip([0.2886751, 0.2886751, -0.5773503]),
                pair => Near(pair.Second, pair.First, 1));
        }
        foreach (double size in new[] { 1e200, 1e-200, 1e-310 })
        {
            var x = Tensor.From(size, size, -size).RequireGrad();
            Near(Math.Sqrt(3) * size, x.Norm().Item(), size);
            Near(2 / Math.Sqrt(3) * size, x.Std().Item(), size);
            Near(2 / Math.Sqrt(3) * size, x.Reshape(3, 1).Std(0).Item(), size);
        }

        // The smallest numbers have few digits.
        static void Near(double expected, double got, double size) =>
            Assert.True(Math.Abs(got / expected - 1) < (size is 1e-43 or 1e-38 or 1e-310 ? 0.02 : 1e-6),
                $"{got} for {expected}");
    }

    [Fact]
    public void What_is_not_finite_stays_visible()
    {
        foreach (double odd in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity })
        {
            var x = Tensor.From(1, odd, 2.0);
            double size = Math.Abs(odd);
            Assert.Equal(size, x.Norm().Item());
            Assert.Equal(size, x.Norm(order: 1).Item());
            Assert.Equal(size, x.Norm(order: 3).Item());
            Assert.Equal(size, x.Norm(order: double.PositiveInfinity).Item());
            Assert.True(double.IsNaN(x.Std().Item()));
        }
    }

    [Fact]
    public void Nothing_has_a_length_of_zero()
    {
        Assert.Equal(0, Tensor.Zeros([0]).Norm().Item());
        Assert.Equal([0, 0, 0], Tensor.Zeros([0, 3]).Norm(0, order: 3).ToArray<float>());
        Assert.Equal([0], Tensor.Zeros([0, 3]).Norm(1).Shape);
    }

    [Fact]
    public void An_order_below_one_is_refused()
    {
        foreach (double order in new[] { 0.5, 0, -1, double.NaN })
            Assert.Equal(FormattableString.Invariant($"norm of [2]: order {order}: give a number that is 1 or more"),
                Assert.ThrowsAny<ArgumentException>(() => Tensor.Ones([2]).Norm(order: order)).Message);
    }
}
