namespace ChainRule.Tests.Lectures;

/// <summary>micrograd's lecture, second half: where tensors do what single values did.</summary>
public sealed class MicrogradTest
{
    [Fact]
    public void A_parabola_is_computed_at_all_its_points_at_once()
    {
        var x = Tensor.Arange(-5, 5, 0.25, DType.Float64);
        double[] y = (3 * x.Square() - 4 * x + 5).ToArray<double>();
        Assert.Equal(40, y.Length);
        Assert.Equal([100, 91.6875, 83.75, 76.1875, 69], y[..5]);
        Assert.Equal(3.6875, y.Min()); // at 0.75, the point of the grid next to 2/3
    }

    [Fact]
    public void The_neuron_of_float32_literals_in_double_arithmetic_prints_the_digits_of_the_lecture()
    {
        // Every literal went through float32, which only the bias does not survive: 6.8813735870195432
        // became 6.881373405456543.
        Tensor x1 = Leaf(2), x2 = Leaf(0), w1 = Leaf(-3), w2 = Leaf(1), b = Leaf(6.8813735870195432f);
        Assert.Equal(6.881373405456543, b.Item());

        // the tolerances are one unit in the last place, for a tanh that rounds its last bit the other way
        var o = (x1 * w1 + x2 * w2 + b).Tanh();
        o.Backward();
        Assert.Equal(DType.Float64, o.DType);
        Assert.Equal(0.7071066904050358, o.Item(), 1.2e-16);
        Assert.Equal(0.5000001283844369, x2.Grad.Item(), 1.2e-16);
        Assert.Equal(0.0, w2.Grad.Item());
        Assert.Equal(-1.5000003851533106, x1.Grad.Item(), 4.5e-16);
        Assert.Equal(1.0000002567688737, w1.Grad.Item(), 2.3e-16);

        static Tensor Leaf(float x) => Tensor.From(x).To(DType.Float64).RequireGrad();
    }
}
