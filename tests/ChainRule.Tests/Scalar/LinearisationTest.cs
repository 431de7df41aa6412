using ChainRule.Scalar;

namespace ChainRule.Tests.Scalar;

/// <summary>What a gradient is good for: near a point, the output moves by gradient · nudge.</summary>
public class LinearisationTest
{
    [Fact]
    public void The_error_of_the_linear_estimate_shrinks_as_the_square_of_the_step()
    {
        Value d = 0.7;
        var before = Curved(d);
        before.Backward();
        double[] errors =
            [.. new[] { 1e-1, 1e-2, 1e-3, 1e-4 }.Select(
                h => Math.Abs(Curved(0.7 + h).Data - before.Data - d.Grad * h))];
        for (int i = 1; i < errors.Length; i++) Assert.InRange(errors[i - 1] / errors[i], 80, 120);

        static Value Curved(Value d) => d.Tanh() * d.Exp() + d.Pow(3);
    }

    [Fact]
    public void For_a_product_the_linear_estimate_is_exact()
    {
        Value d = 4.0, f = -2.0;
        var before = d * f;
        before.Backward();
        Assert.Equal(-2, d.Grad);
        foreach (double h in new[] { 0.001, 0.5, 1, 64 })
            Assert.Equal(d.Grad * h, ((d.Data + h) * f).Data - before.Data, 1e-13);
    }

    [Fact]
    public void Nudging_the_inputs_along_the_gradient_raises_the_output()
    {
        Value a = 2.0, b = -3.0, c = 10.0, f = -2.0;
        var before = Output();
        before.Backward();
        Assert.Equal(-8, before.Data);
        foreach (var input in new[] { a, b, c, f }) input.Data += 0.01 * input.Grad;
        Assert.Equal(-7.286496, Output().Data, 1e-15);

        Value Output() => (a * b + c) * f;
    }

    [Fact]
    public void Nudging_them_against_it_lowers_the_output()
    {
        Value a = 2.0, b = -3.0, c = 10.0, f = -2.0;
        (a * b + c + f.Pow(2)).Backward();
        double before = (a * b + c + f.Pow(2)).Data;
        foreach (var input in new[] { a, b, c, f }) input.Data -= 0.01 * input.Grad;
        Assert.True((a * b + c + f.Pow(2)).Data < before);
    }
}
