using System.Globalization;
using ChainRule.Scalar;

namespace ChainRule.Tests.Scalar;

/// <summary>The graphs of the first lecture, with the numbers its notebooks print.</summary>
public class LectureGraphTest
{
    const double Bias = 6.8813735870195432;

    [Fact]
    public void A_parabola_has_the_slopes_of_its_nudges()
    {
        Assert.Equal(20.0, Parabola(3.0).Data);
        double x = 2.0 / 3, h = 1e-6;
        Assert.Equal(2.999378523327323e-06, (Parabola(x + h).Data - Parabola(x).Data) / h);
        Value at = x;
        Parabola(at).Backward();
        Assert.Equal(0, at.Grad, 1e-15);
    }

    [Fact]
    public void Nudging_a_summand_moves_the_sum_as_much()
    {
        Value a = 2.0, b = -3.0;
        double before = (a * b + 10.0).Data, after = (a * b + (10.0 + 0.0001)).Data;
        Assert.Equal(4.0, before);
        Assert.Equal(4.0001, after);
        Assert.Equal(0.9999999999976694, (after - before) / 0.0001);
    }

    [Fact]
    public void The_first_expression_has_the_gradients_worked_out_by_hand()
    {
        var g = new Expression(2, -3, 10, -2);
        g.L.Backward();
        Assert.Equal(-8, g.L.Data);
        Assert.Equal([6, -4, -2, -2, -2, 4, 1], new[] { g.A, g.B, g.C, g.E, g.D, g.F, g.L }.Select(v => v.Grad));
    }

    [Fact]
    public void Numeric_slopes_agree_with_the_chain_rule()
    {
        double h = 0.001, before = new Expression(2, -3, 10, -2).L.Data;
        Assert.Equal(-3.9999999999995595, (new Expression(2, -3 + h, 10, -2).L.Data - before) / h);
        Assert.Equal(-4, new Expression(2, -3, 10, -2 + 1).L.Data);
    }

    [Fact]
    public void The_neuron_has_the_outputs_and_gradients_of_the_lecture()
    {
        var n = new NeuronGraph(v => v.Tanh());
        Assert.Equal(0.8813735870195432, n.Sum.Data, 1e-16);
        // the lecture divides exponentials: its tanh and 1 − tanh² may differ from the runtime's by the last bit
        Assert.Equal(0.7071067811865476, n.Output.Data, 1.2e-16);
        Assert.Equal(0.4999999999999999, n.Output.LocalDerivatives[0], 1.2e-16);
        n.Output.Backward();
        n.CheckLeaves();
        Assert.Equal(0.5, n.Sum.Grad, 1e-15);
    }

    [Fact]
    public void The_neuron_is_made_of_ten_values_parents_first()
    {
        var n = new NeuronGraph(v => v.Tanh());
        var order = n.Output.TopologicalOrder();
        Assert.Equal(10, order.Length);
        Assert.Equal(10, order.Distinct().Count());
        Assert.Equal(["2", "-3", "-6", "0", "1", "0", "-6", "6.8814", "0.8814", "0.7071"],
            order.Select(v => v.Data.ToString("0.####", CultureInfo.InvariantCulture)));
        Assert.Same(n.Output, order[^1]);
        foreach (var value in order)
            foreach (var parent in value.Parents)
                Assert.True(Array.IndexOf(order, parent) < Array.IndexOf(order, value));
    }

    [Fact]
    public void Walking_back_by_hand_one_value_at_a_time_gives_what_backward_gives()
    {
        var n = new NeuronGraph(v => v.Tanh());
        n.Output.Grad = 1;
        foreach (var value in n.Output.TopologicalOrder().Reverse()) value.Propagate();
        n.CheckLeaves();
    }

    [Fact]
    public void Tanh_taken_apart_into_exponentials_gives_the_same_leaves()
    {
        Value twice = 0, e = 0, less = 0, more = 0, inverse = 0;
        var n = new NeuronGraph(v =>
        {
            twice = 2 * v;
            e = twice.Exp();
            less = e - 1;
            more = e + 1;
            inverse = more.Pow(-1);
            return less * inverse;
        });
        n.Output.Backward();
        Assert.Equal(0.7071067811865476, n.Output.Data, 1.2e-16);
        n.CheckLeaves();
        Prints("1.7627 0.2500", twice);
        Prints("5.8284 0.0429", e);
        Prints("4.8284 0.1464", less);
        Prints("6.8284 -0.1036", more);
        Prints("0.1464 4.8284", inverse);

        static void Prints(string expected, Value value) => Assert.Equal(expected, $"{value.Data:F4} {value.Grad:F4}");
    }

    [Fact]
    public void A_value_used_twice_gathers_both_gradients()
    {
        Value a = 3.0;
        (a + a).Backward();
        Assert.Equal(2.0, a.Grad);

        Value p = -2.0, q = 3.0;
        Value d = p * q, e = p + q, f = d * e;
        f.Backward();
        Assert.Equal([-3, -8, 1, -6, -6], [p.Grad, q.Grad, d.Grad, e.Grad, f.Data]);
    }

    [Fact]
    public void The_readme_example_has_its_value_and_gradients()
    {
        Value a = -4.0, b = 2.0;
        var c = a + b;
        var d = a * b + b.Pow(3);
        c += c + 1;
        c += 1 + c + -a;
        d += d * 2 + (b + a).Relu();
        d += 3 * d + (b - a).Relu();
        var e = c - d;
        var f = e.Pow(2);
        var g = f / 2.0;
        g += 10.0 / f;
        g.Backward();
        Assert.Equal(24.70408163265306, g.Data, 1e-13);
        Assert.Equal("138.8338 645.5773", $"{a.Grad:F4} {b.Grad:F4}");
    }

    [Fact]
    public void The_sanity_check_has_its_value_and_gradient()
    {
        Value x = -4.0;
        var z = 2 * x + 2 + x;
        var q = z.Relu() + z * x;
        var h = (z * z).Relu();
        var y = h + q + q * x;
        y.Backward();
        Assert.Equal(-20, y.Data);
        Assert.Equal(46, x.Grad);
    }

    static Value Parabola(Value x) => 3 * x.Pow(2) - 4 * x + 5;

    sealed class Expression
    {
        public Expression(double a, double b, double c, double f)
        {
            (A, B, C, F) = (a, b, c, f);
            E = A * B;
            D = E + C;
            L = D * F;
        }

        public Value A { get; }

        public Value B { get; }

        public Value C { get; }

        public Value D { get; }

        public Value E { get; }

        public Value F { get; }

        public Value L { get; }
    }

    sealed class NeuronGraph
    {
        readonly Value _x1 = 2.0, _x2 = 0.0, _w1 = -3.0, _w2 = 1.0, _b = Bias;

        public NeuronGraph(Func<Value, Value> activation)
        {
            Sum = _x1 * _w1 + _x2 * _w2 + _b;
            Output = activation(Sum);
        }

        public Value Sum { get; }

        public Value Output { get; }

        public void CheckLeaves()
        {
            double[] expected = [-1.5, 0.5, 1.0, 0.0, 0.5];
            Value[] leaves = [_x1, _x2, _w1, _w2, _b];
            for (int i = 0; i < leaves.Length; i++) Assert.Equal(expected[i], leaves[i].Grad, 1e-14);
        }
    }
}
