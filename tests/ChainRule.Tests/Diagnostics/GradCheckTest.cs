using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Diagnostics;
using ChainRule.Kernels;
using ChainRule.Randomness;

namespace ChainRule.Tests.Diagnostics;

public sealed class GradCheckTest
{
    [Fact]
    public void A_network_of_right_slopes_passes()
    {
        var (x, w, b) = Small();
        var result = GradCheck.Run("layer", () => (x.MatMul(w) + b).Tanh().Square().Mean(),
            Named(("x", x), ("w", w), ("b", b)));
        Assert.True(result.Passed, result.ToString());
        Assert.Equal(x.Count + w.Count + b.Count, result.Numbers);
        Assert.StartsWith("gradient check of layer: 22 gradients agree, the worst to ", result.ToString());
    }

    [Fact]
    public void A_wrong_slope_is_named_with_input_place_got_and_expected()
    {
        var x = Tensor.From(new double[,] { { 0, 0 }, { 0, 2 } }).RequireGrad();
        Tensor Loss() => Run(new HalfSquare(), x).Sum();
        var error = Assert.Throws<InvalidOperationException>(
            () => GradCheck.Require("half square", Loss, Named(("x", x))));
        Assert.StartsWith("gradient check of half square: input 'x' at [1, 1]: backward says 2, the central "
            + "difference ", error.Message);

        var result = GradCheck.Run("half square", Loss, Named(("x", x)));
        Assert.False(result.Passed);
        Assert.Equal(("x", 2.0), (result.Input, result.Actual));
        Assert.Equal([1, 1], result.Index);
        Assert.Equal(4, result.Expected, 1e-9);
        Assert.Equal(0.5, result.Error, 1e-9);
    }

    [Theory]
    [InlineData(1e-3)]
    [InlineData(1e-6)]
    public void A_slope_wrong_by_little_is_found(double by)
    {
        var x = Tensor.From(0.3, -0.7, 1.1).RequireGrad();
        Assert.False(GradCheck.Run("square", () => Run(new OffSquare(by), x).Sum(), Named(("x", x))).Passed);
        Assert.True(GradCheck.Run("square", () => Run(new OffSquare(0), x).Sum(), Named(("x", x))).Passed);
    }

    [Fact]
    public void A_backward_that_writes_where_it_should_add_is_found()
    {
        var x = Tensor.From(0.3, -0.7).RequireGrad();
        Assert.False(GradCheck.Run("overwriting", () => (Run(new Overwriting(), x) + x.Square()).Sum(),
            Named(("x", x))).Passed);
    }

    [Fact]
    public void A_graph_that_was_cut_is_found()
    {
        var x = Tensor.From(0.3, -0.7).RequireGrad();
        var result = GradCheck.Run("cut", () => x.Detach().Square().Sum(), Named(("x", x)));
        Assert.False(result.Passed);
        Assert.Equal(0, result.Actual);
    }

    [Fact]
    public void A_gradient_that_is_NaN_is_named_where_it_is()
    {
        var x = Tensor.From(0.3, 0.5, -0.7).RequireGrad();
        var result = GradCheck.Run("odd", () => Run(new NaNAtHalf(), x).Sum(), Named(("x", x)));
        Assert.False(result.Passed);
        Assert.Equal([1], result.Index);
        Assert.True(double.IsNaN(result.Actual));
    }

    [Fact]
    public void A_large_constant_in_the_loss_hides_nothing_and_blames_nobody()
    {
        var x = Tensor.From(0.3, -0.7, 1.1).RequireGrad();
        var right = GradCheck.Run("far up", () => x.Square().Sum() + 1e6, Named(("x", x)));
        Assert.True(right.Passed, right.ToString());
        Assert.False(GradCheck.Run("far up", () => Run(new OffSquare(1e-3), x).Sum() + 1e6, Named(("x", x))).Passed);
    }

    [Fact]
    public void The_inputs_are_as_they_were()
    {
        var x = Tensor.From(0.3, -0.7, 1.1).RequireGrad();
        GradCheck.Run("sum", () => x.Exp().Sum(), Named(("x", x)));
        Assert.Equal([0.3, -0.7, 1.1], x.ToArray<double>());
    }

    [Fact]
    public void What_cannot_be_checked_is_refused()
    {
        var x = Tensor.From(0.3f, -0.7f).RequireGrad();
        Assert.Equal("gradient check of float: 'x' is Float32: give float64 leaves that require a gradient",
            Assert.ThrowsAny<ArgumentException>(() => GradCheck.Run("float", () => x.Sum(), Named(("x", x)))).Message);
        var y = Tensor.From(0.3, -0.7);
        Assert.Equal("gradient check of still: 'y' is Float64, requires no gradient: give float64 leaves that require "
            + "a gradient",
            Assert.ThrowsAny<ArgumentException>(() => GradCheck.Run("still", () => y.Sum(), Named(("y", y)))).Message);
        y.RequireGrad();
        Assert.Equal("gradient check of two: the loss is of [2]: it must be one finite number",
            Assert.ThrowsAny<ArgumentException>(() => GradCheck.Run("two", () => y.Square(), Named(("y", y)))).Message);
        Assert.Equal("gradient check of log: the loss is NaN: it must be one finite number",
            Assert.ThrowsAny<ArgumentException>(() => GradCheck.Run("log", () => y.Log().Sum(), Named(("y", y))))
                .Message);
        Assert.Equal("gradient check of nothing: there is no number to check: give an input that holds one",
            Assert.ThrowsAny<ArgumentException>(() => GradCheck.Run("nothing", () => y.Sum(), [])).Message);
    }

    static (Tensor X, Tensor W, Tensor B) Small()
    {
        var rng = new TorchRandom(7);
        return (Tensor.Randn([2, 4], rng, DType.Float64).RequireGrad(),
            Tensor.Randn([4, 3], rng, DType.Float64).RequireGrad(),
            Tensor.Randn([2, 1], rng, DType.Float64).RequireGrad());
    }

    static Dictionary<string, Tensor> Named(params (string Name, Tensor X)[] inputs) =>
        inputs.ToDictionary(i => i.Name, i => i.X);

    static Tensor Run<F>(F f, Tensor x) where F : struct, IFormula => Op.Run(new Map<F>(f), x.Shape, x);

    static Tensor Run(Overwriting op, Tensor x) => Op.Run(op, x.Shape, x);

    /// <summary>y = x², with the slope of x² / 2.</summary>
    readonly struct HalfSquare : IFormula
    {
        V IFormula.Of<V>(V x) => x * x;
        V IFormula.Derivative<V>(V x, V y) => x;
    }

    /// <summary>y = x², with a slope too large by a share.</summary>
    readonly struct OffSquare(double by) : IFormula
    {
        V IFormula.Of<V>(V x) => x * x;
        V IFormula.Derivative<V>(V x, V y) => x * (2 * (1 + by));
    }

    /// <summary>y = x, with a slope of NaN at 0.5.</summary>
    readonly struct NaNAtHalf : IFormula
    {
        V IFormula.Of<V>(V x) => x;
        V IFormula.Derivative<V>(V x, V y) => V.Select(V.Equal(x, 0.5), double.NaN, 1);
    }

    /// <summary>y = x², whose backward forgets what was there.</summary>
    readonly struct Overwriting : IOp
    {
        void IOp.Forward<T>(Frame<T> f) => TensorPrimitives.Multiply(f.X(), f.X(), f.Y);

        void IOp.Backward<T>(Frame<T> f)
        {
            for (int i = 0; i < f.DY.Length; i++) f.DX()[i] = f.DY[i] * (f.X()[i] + f.X()[i]);
        }
    }
}
