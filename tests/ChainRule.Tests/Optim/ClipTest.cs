using ChainRule.Optim;

namespace ChainRule.Tests.Optim;

public sealed class ClipTest
{
    public static TheoryData<string, DType> Norms => Trial.Recorded("clip_grad_norm");

    public static TheoryData<string, DType> Values => Trial.Recorded("clip_grad_value");

    [Theory, MemberData(nameof(Norms))]
    public void The_norm_is_clipped_as_pytorch_does(string name, DType dtype)
    {
        var golden = Golden.Case("optim", name);
        var parameters = Given(golden, dtype);
        double norm = Clip.Norm(parameters, golden.Number("limit"));
        double near = dtype == DType.Float64 ? Close.Float64 : Close.Float32;
        Close.Equal(golden.Output.Data, [norm], near, name);
        Compare(golden, parameters, near);
    }

    [Theory, MemberData(nameof(Values))]
    public void Values_are_clipped_as_pytorch_does(string name, DType dtype)
    {
        var golden = Golden.Case("optim", name);
        var parameters = Given(golden, dtype);
        Clip.Value(parameters, golden.Number("limit"));
        Compare(golden, parameters, dtype == DType.Float64 ? Close.Float64 : Close.Float32);
    }

    [Fact]
    public void The_norm_is_added_up_in_double()
    {
        // After 2²⁸, a float32 sum would not notice a square of 0.01.
        var w = Tensor.Zeros([1 << 20]).RequireGrad();
        new Tensor(w.Slot.GradToAdd()).FillInPlace(0.1);
        var one = Trial.Weight([1], DType.Float32, [0]);
        Trial.PutGrad(one, [1 << 14]);
        double expected = Math.Sqrt((1 << 20) * ((double)0.1f * 0.1f) + Math.Pow(2, 28));
        Close.Equal([expected], [Clip.Norm([one, w], double.PositiveInfinity)], 1e-13, "norm");
    }

    [Fact]
    public void An_infinite_limit_only_measures()
    {
        var w = Trial.Weight([2], DType.Float64, [0, 0]);
        Trial.PutGrad(w, [3, double.PositiveInfinity]);
        Assert.Equal(double.PositiveInfinity, Clip.Norm([w], double.PositiveInfinity));
        Assert.Equal([3, double.PositiveInfinity], Trial.Numbers(w.Grad));
        Trial.PutGrad(w, [3, 4]);
        Assert.Equal(5, Clip.Norm([w], double.PositiveInfinity));
        Assert.Equal([3, 4], Trial.Numbers(w.Grad));
    }

    [Fact]
    public void NaN_and_infinity_are_left_for_the_optimiser_to_name()
    {
        var w = Trial.Weight([2], DType.Float64, [0, 0]);
        Trial.PutGrad(w, [3, double.NaN]);
        Assert.Equal(double.NaN, Clip.Norm([w], 1));
        Assert.Equal([3, double.NaN], Trial.Numbers(w.Grad));
        Clip.Value([w], 1);
        Assert.Equal([1, double.NaN], Trial.Numbers(w.Grad));

        Trial.PutGrad(w, [3, double.NegativeInfinity]);
        Assert.Equal(double.PositiveInfinity, Clip.Norm([w], 1));
        Assert.Equal([3, double.NegativeInfinity], Trial.Numbers(w.Grad));
        Assert.StartsWith("Sgd: the gradient of parameter 0, [2], is -∞ at place 1",
            Assert.Throws<DivergedException>(new Sgd([w]).Step).Message
            .Replace("-Infinity", "-∞", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Gradients_whose_squares_are_too_large_are_clipped_too()
    {
        var w = Trial.Weight([2], DType.Float64, [0, 0]);
        Trial.PutGrad(w, [3e200, -4e200]);
        Assert.Equal(5e200, Clip.Norm([w], 1), 1e186);
        Assert.Equal(0.6, Trial.Numbers(w.Grad)[0], 1e-12);
        Assert.Equal(-0.8, Trial.Numbers(w.Grad)[1], 1e-12);
    }

    [Fact]
    public void A_parameter_without_a_gradient_is_left_out()
    {
        var w = Tensor.Zeros([3]).RequireGrad();
        Assert.Equal(0, Clip.Norm([w], 1));
        Clip.Value([w], 1);
        Assert.False(w.HasGrad);
    }

    [Fact]
    public void A_limit_that_is_none_is_refused()
    {
        Assert.Equal("clip norm: limit -1: give a number, 0 or more",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => Clip.Norm([], -1)).Message);
        Assert.Equal("clip value: limit NaN: give a number, 0 or more",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => Clip.Value([], double.NaN)).Message);
    }

    static Tensor[] Given(GoldenCase golden, DType dtype) => [.. golden.Inputs.Select(x =>
    {
        var w = Tensor.Zeros(x.Shape, dtype).RequireGrad();
        Trial.PutGrad(w, x.Data);
        return w;
    })];

    static void Compare(GoldenCase golden, Tensor[] parameters, double near)
    {
        for (int i = 0; i < parameters.Length; i++)
            Close.Equal(golden.Grads[i]!, parameters[i].Shape.Span, Trial.Numbers(parameters[i].Grad), near,
                $"{golden.Name}, gradient {i}");
    }
}
