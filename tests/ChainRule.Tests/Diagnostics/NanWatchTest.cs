using ChainRule.Diagnostics;
using ChainRule.Optim;
using ChainRule.Randomness;

namespace ChainRule.Tests.Diagnostics;

public sealed class NanWatchTest
{
    [Fact]
    public void A_healthy_network_trains_under_watch_to_the_same_numbers()
    {
        double[] Train(bool watched)
        {
            using var watch = watched ? NanWatch.Begin() : default;
            var net = new FirstNames();
            return [.. Overfit.Run(net.Loss, new Sgd(net.Parameters.Values, learningRate: 0.1), steps: 10).Losses];
        }
        Assert.Equal(Train(false), Train(true));
    }

    [Fact]
    public void Log_of_0_is_named_with_place_shape_and_range()
    {
        var x = Tensor.Full([4, 3], 0.5);
        x.Write<float>()[11] = 0;
        x.Write<float>()[0] = 0.91f;
        Assert.Equal("log made −∞ at [3, 2] of [4, 3] from [4, 3] in 0 … 0.91: "
                   + "ln 0 is −∞ and ln of less is NaN: Clamp() from below first, or give logits to LogSoftmax or "
                   + "CrossEntropy", Error(() => x.Log()));
    }

    [Fact]
    public void The_first_op_is_named_and_not_those_it_spoils()
    {
        var h = Tensor.Randn([8, 5], new TorchRandom(1)) * 100;
        Assert.StartsWith("exp made ∞ at [", Error(() => (h.Exp() / h.Exp().Sum(-1, keepDim: true)).Log().Mean()));
        Assert.StartsWith("divide made NaN at [1] of [2] from [2] in 0 … 1 and [2] in 0 … 2: the divisor is 0",
            Error(() => (Tensor.From(1f, 0f) / Tensor.From(2f, 0f)).Tanh().Sum()));
        Assert.StartsWith("sum made ∞ from [2] in 3E+38 … 3E+38: the numbers have grown too large",
            Error(() => Tensor.From(3e38f, 3e38f).Sum()));
    }

    [Fact]
    public void An_op_that_goes_wrong_on_the_way_back_is_named()
    {
        var x = Tensor.From(4f, 0f, 1f).RequireGrad();
        Assert.Equal("backward of sqrt made ∞ at [1] of [3] in the gradient of input 0, from a gradient [3] in 1 … 1 "
            + "and [3] in 0 … 4: √ has no value below 0 and no finite derivative at 0: add a small number under the "
            + "root", Error(() => x.Sqrt().Sum().Backward()));
    }

    [Fact]
    public void Infinity_that_was_asked_for_passes()
    {
        var scores = Tensor.Randn([4, 4], new TorchRandom(1)).RequireGrad();
        var future = 1 - Tensor.LowerTriangle(4, 4);
        var minus = Tensor.Zeros([4, 4]).MaskedFill(future, double.NegativeInfinity);
        using var watch = NanWatch.Begin();
        (scores.MaskedFill(future, double.NegativeInfinity) * 0.5).Softmax().Square().Sum().Backward();
        (scores + minus).Softmax().Square().Sum().Backward();
        (scores + minus).LogSoftmax().NllLoss(Ids.From(0, 1, 2, 3)).Backward();
        Assert.True(double.IsFinite(scores.Grad.Sum().Item()));
    }

    [Fact]
    public void NaN_out_of_infinity_is_named_all_the_same()
    {
        var x = Tensor.From(1f, 2f);
        var masked = x.MaskedFill(Tensor.From(0f, 1f), double.NegativeInfinity);
        Assert.Equal("subtract made NaN at [1] of [2] from [2] in −∞ … 1 and [2] in −∞ … 1: "
                   + "∞ − ∞, 0 · ∞ and ∞ / ∞ have no value: find what put the infinity in, such as a mask over a whole "
                   + "row",
            Error(() => masked - masked));
    }

    [Fact]
    public void NaN_that_no_op_made_is_named_where_it_comes_in()
    {
        var x = Tensor.From(new float[,] { { 1, 2 }, { float.NaN, 4 } });
        Assert.Equal("matmul was given NaN at [1, 0] of [2, 2], which no op under this watch made: "
                   + "look at the data, at the step that wrote the parameter, or begin the watch earlier",
                       Error(() => x.MatMul(Tensor.Ones([2, 2]))));
        using var watch = NanWatch.Begin();
        var holes = 1 - x.EqualTo(x);
        Assert.Equal([1f, 2f, 0f, 4f], x.MaskedFill(holes, 0).ToArray<float>());
    }

    [Fact]
    public void A_gradient_that_was_ill_before_is_nobodys_fault()
    {
        var x = Tensor.From(4f, 0f).RequireGrad();
        x.Sqrt().Sum().Backward();
        Assert.True(double.IsInfinity(x.Grad[1]));
        using var watch = NanWatch.Begin();
        x.Square().Sum().Backward();
    }

    [Fact]
    public void Notes_are_not_inputs()
    {
        var x = Tensor.Full([3, 4], 5, DType.Float64).RequireGrad();
        Assert.StartsWith(
            "layer norm made NaN at [0, 0] of [3, 4] from [3, 4] in 5 … 5 and [4] in 1 … 1 and [4] in 0 … 0: ",
            Error(() => x.LayerNorm(Tensor.Ones([4], DType.Float64), Tensor.Zeros([4], DType.Float64), eps: 0)));
    }

    [Fact]
    public void Outside_the_brace_nobody_looks_and_braces_nest()
    {
        var zero = Tensor.From(0f);
        Assert.Equal(double.NegativeInfinity, zero.Log().Item());
        using (NanWatch.Begin())
        {
            using (NanWatch.Begin()) Assert.Throws<InvalidOperationException>(() => zero.Log());
            Assert.Throws<InvalidOperationException>(() => zero.Log());
        }
        Assert.Equal(double.NegativeInfinity, zero.Log().Item());
    }

    [Fact]
    public void After_a_stop_the_engine_works_on()
    {
        var x = Tensor.From(4f, 0f).RequireGrad();
        Error(() => x.Sqrt().Sum().Backward());
        x.ZeroGrad();
        x.Square().Sum().Backward();
        Assert.Equal([8f, 0f], x.Grad.ToArray<float>());
    }

    static string Error(Func<Tensor> work) => Error(() => { work(); });

    static string Error(Action work)
    {
        using var watch = NanWatch.Begin();
        return Assert.Throws<InvalidOperationException>(work).Message;
    }
}
