using ChainRule.Scalar;

namespace ChainRule.Tests.Scalar;

/// <summary>The exercises that go with the first lecture: one gradient in four ways, and a softmax by hand.</summary>
public class ExercisesTest
{
    const double F = 6.336362190988558;

    static readonly double[] s_at = [2, 3, 4], s_gradient = [-12.353553390593273, 10.25699027111255, 0.0625];

    [Fact]
    public void The_function_has_its_value() => Assert.Equal(F, Of(s_at).Data);

    [Fact]
    public void Its_gradient_by_hand_is_the_recorded_one()
    {
        var (a, b, c) = (s_at[0], s_at[1], s_at[2]);
        Close([-3 * a * a - 0.5 / Math.Sqrt(a), 3 * Math.Cos(3 * b) + 2.5 * Math.Pow(b, 1.5), 1 / (c * c)], 1e-14);
    }

    [Fact]
    public void Its_gradient_by_backward_is_the_recorded_one()
    {
        var x = Array.ConvertAll(s_at, v => (Value)v);
        Of(x).Backward();
        Close(Array.ConvertAll(x, v => v.Grad), 1e-14);
    }

    [Fact]
    public void Its_gradient_by_forward_differences_is_the_recorded_one_to_the_order_of_the_step()
    {
        const double h = 1e-6;
        Close([.. Enumerable.Range(0, 3).Select(i => (Nudged(i, h) - F) / h)], 15 * h);
    }

    [Fact]
    public void Its_gradient_by_symmetric_differences_is_the_recorded_one_to_the_order_of_the_steps_square()
    {
        const double h = 1e-4;
        Close([.. Enumerable.Range(0, 3).Select(i => (Nudged(i, h) - Nudged(i, -h)) / (2 * h))], 15 * h * h);
    }

    [Fact]
    public void The_negative_log_likelihood_of_a_softmax_has_the_exercises_loss_and_gradients()
    {
        Value[] logits = [0.0, 3.0, -2.0, 1.0];
        var counts = Array.ConvertAll(logits, x => x.Exp());
        var loss = -(counts[3] / Value.Sum(counts)).Log();
        loss.Backward();
        Assert.Equal(2.1755153626167147, loss.Data, 1e-15);
        double[] expected = [0.041772570515350445, 0.8390245074625319, 0.005653302662216329, -0.8864503806400986];
        for (int i = 0; i < 4; i++) Assert.Equal(expected[i], logits[i].Grad, 1e-15);
    }

    // −a³ + sin 3b − 1/c + b²·⁵ − √a
    static Value Of(Value[] x) => -x[0].Pow(3) + (3 * x[1]).Sin() - 1.0 / x[2] + x[1].Pow(2.5) - x[0].Pow(0.5);

    static Value Of(double[] x) => Of(Array.ConvertAll(x, v => (Value)v));

    static double Nudged(int i, double by)
    {
        double[] x = [.. s_at];
        x[i] += by;
        return Of(x).Data;
    }

    static void Close(double[] gradient, double tolerance)
    {
        for (int i = 0; i < s_gradient.Length; i++) Assert.Equal(s_gradient[i], gradient[i], tolerance);
    }
}
