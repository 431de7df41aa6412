using ChainRule.Scalar;
using FsCheck;
using FsCheck.Fluent;

namespace ChainRule.Tests.Scalar;

public class ValueTest
{
    // Each op with the range in which it is smooth and neither it nor its slope leaves the reach of
    // a central difference.
    public static readonly TheoryData<string, double, double> Functions = new()
    {
        { "negate", -3, 3 },
        { "add a constant", -3, 3 },
        { "subtract a constant", -3, 3 },
        { "subtract from a constant", -3, 3 },
        { "times a constant", -3, 3 },
        { "over a constant", -3, 3 },
        { "constant over", 0.5, 3 },
        { "cube", -3, 3 },
        { "square root", 0.5, 3 },
        { "exp", -3, 3 },
        { "log", 0.5, 3 },
        { "sin", -6, 6 },
        { "cos", -6, 6 },
        { "tanh", -3, 3 },
        { "sigmoid", -6, 6 },
        { "relu above", 0.1, 3 },
        { "relu below", -3, -0.1 },
        { "itself twice", -3, 3 },
    };

    [Theory]
    [MemberData(nameof(Functions))]
    public void Every_function_has_the_slope_that_a_nudge_shows(string name, double low, double high) =>
        Prop.ForAll(Between(low, high), x => IsSlope(v => Apply(name, v[0]), [x])).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("+")]
    [InlineData("-")]
    [InlineData("*")]
    [InlineData("/")]
    [InlineData("sum")]
    public void Every_operator_has_the_slopes_that_nudges_show(string name) =>
        Prop.ForAll(Between(-3, 3), Between(0.5, 3), (a, b) => IsSlope(v => Combine(name, v[0], v[1]), [a, b]))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Operators_and_functions_compute_what_they_are_called()
    {
        Prop.ForAll(Between(-3, 3), Between(0.5, 3), (a, b) =>
        {
            Value x = a, y = b;
            return (x + y).Data == a + b && (x - y).Data == a - b && (x * y).Data == a * b && (-x).Data == -a
                && Math.Abs((x / y).Data - a / b) <= 1e-15 * Math.Abs(a / b) && (x - 2).Data == a - 2
                && (2 - x).Data == 2 - a
                && x.Exp().Data == Math.Exp(a) && y.Log().Data == Math.Log(b) && x.Sin().Data == Math.Sin(a)
                && x.Cos().Data == Math.Cos(a)
                && x.Tanh().Data == Math.Tanh(a) && x.Relu().Data == Math.Max(a, 0)
                && y.Pow(2.5).Data == Math.Pow(b, 2.5)
                && Math.Abs(x.Sigmoid().Data - (0.5 + Math.Tanh(a / 2) / 2)) < 1e-15;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_chain_of_two_hundred_thousand_values_is_walked_without_recursion()
    {
        Value x = 1.0, y = x;
        for (int i = 0; i < 200_000; i++) y += 1;
        y.Backward();
        Assert.Equal(200_001, y.Data);
        Assert.Equal(1, x.Grad);
    }

    [Fact]
    public void A_ladder_of_shared_values_is_walked_once_a_value()
    {
        Value x = 1.0, y = x;
        for (int i = 0; i < 60; i++) y += y; // 2⁶⁰ paths, 61 values
        Assert.Equal(61, y.TopologicalOrder().Length);
        y.Backward();
        Assert.Equal(Math.Pow(2, 60), x.Grad);
    }

    [Fact]
    public void Leaves_add_up_their_gradients_until_they_are_set_to_zero()
    {
        Value x = 3.0;
        (x * x).Backward();
        (x * x).Backward();
        Assert.Equal(12, x.Grad);
        x.Grad = 0;
        (x * x).Backward();
        Assert.Equal(6, x.Grad);
    }

    [Fact]
    public void A_second_walk_over_the_same_graph_adds_the_same_gradient_once_more()
    {
        Value x = 3.0;
        var square = x * x;
        Value twice = square * 2, thrice = square * 3;
        twice.Backward();
        thrice.Backward();
        thrice.Backward();
        Assert.Equal(3, square.Grad);
        Assert.Equal(12 + 18 + 18, x.Grad);
    }

    [Fact]
    public void A_value_tells_how_it_was_made()
    {
        Value a = new(2, "a"), b = -3;
        var c = (a * b).Named("c");
        Assert.Equal("*", c.Op);
        Assert.Equal([a, b], c.Parents);
        Assert.Equal([-3, 2], c.LocalDerivatives);
        Assert.Equal("c", c.Label);
        Assert.Equal("**-0.5", a.Pow(-0.5).Op);
        Assert.Empty(a.Parents);
        Assert.Empty(a.LocalDerivatives);
        c.Backward();
        Assert.Equal("Value(data=-6, grad=1)", c.ToString());
        Assert.Equal("Value(data=2, grad=-3)", a.ToString());
    }

    [Fact]
    public void A_sum_of_nothing_is_zero() => Assert.Equal(0, Value.Sum().Data);

    static Arbitrary<double> Between(double low, double high) =>
        Gen.Choose(0, 1_000_000).Select(k => low + (high - low) * k / 1_000_000).ToArbitrary();

    static bool IsSlope(Func<Value[], Value> f, double[] at)
    {
        const double h = 1e-5;
        var x = Array.ConvertAll(at, a => new Value(a));
        f(x).Backward();
        for (int i = 0; i < at.Length; i++)
        {
            double numeric = (Nudged(i, h) - Nudged(i, -h)) / (2 * h);
            // a central difference errs by h²·f‴/6 and by the rounding of f over h: about 1e-9 of either here
            if (Math.Abs(x[i].Grad - numeric) > 1e-8 * (1 + Math.Abs(numeric))) return false;
        }
        return true;

        double Nudged(int i, double by)
        {
            var moved = Array.ConvertAll(at, a => new Value(a));
            moved[i].Data += by;
            return f(moved).Data;
        }
    }

    static Value Apply(string name, Value x) => name switch
    {
        "negate" => -x,
        "add a constant" => x + 2,
        "subtract a constant" => x - 2,
        "subtract from a constant" => 2 - x,
        "times a constant" => 2.5 * x,
        "over a constant" => x / 2.5,
        "constant over" => 2.5 / x,
        "cube" => x.Pow(3),
        "square root" => x.Pow(0.5),
        "exp" => x.Exp(),
        "log" => x.Log(),
        "sin" => x.Sin(),
        "cos" => x.Cos(),
        "tanh" => x.Tanh(),
        "sigmoid" => x.Sigmoid(),
        "relu above" or "relu below" => x.Relu(),
        "itself twice" => x * x + x,
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    static Value Combine(string name, Value a, Value b) => name switch
    {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "/" => a / b,
        "sum" => Value.Sum(a, b, a),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    [Fact]
    public void Functions_keep_NaN_visible_and_their_digits_far_out_as_those_of_tensors_do()
    {
        foreach (double at in new[] { 0, -0.0, 1e-310, 40, -40, 700, -700, -800, double.PositiveInfinity,
            double.NegativeInfinity, double.NaN })
        {
            Compare("relu", at, x => x.Relu(), x => x.Relu());
            Compare("sigmoid", at, x => x.Sigmoid(), x => x.Sigmoid());
            Compare("tanh", at, x => x.Tanh(), x => x.Tanh());
            Compare("exp", at, x => x.Exp(), x => x.Exp());
            Compare("power of 0", at, x => x.Pow(0), x => x.Pow(0));
            Compare("power of 1", at, x => x.Pow(1), x => x.Pow(1));
            Compare("power of -1", at, x => x.Pow(-1), x => x.Pow(-1));
            if (!(at < 0)) Compare("log", at, x => x.Log(), x => x.Log());
        }

        static void Compare(string name, double at, Func<Value, Value> scalar, Func<Tensor, Tensor> tensor)
        {
            var x = new Value(at);
            var y = scalar(x);
            y.Backward();
            var a = Tensor.From(at).RequireGrad();
            var b = tensor(a);
            b.Sum().Backward();
            Assert.True(Alike(b.Item(), y.Data) && Alike(a.Grad.Item(), x.Grad),
                $"{name} at {at}: {y.Data} with slope {x.Grad}, of a tensor {b.Item()} with slope {a.Grad.Item()}");
        }

        static bool Alike(double a, double b) => a.Equals(b) || Math.Abs(a - b) <= 1e-14 * Math.Abs(a) + 1e-300;
    }
}
