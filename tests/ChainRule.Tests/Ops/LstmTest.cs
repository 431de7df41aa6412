using ChainRule.Diagnostics;
using ChainRule.Kernels;
using ChainRule.Randomness;

namespace ChainRule.Tests.Ops;

public sealed class LstmTest
{
    /// <summary>B, T, I, H: single steps and rows, widths below, at and above a vector's.</summary>
    public static TheoryData<int, int, int, int> Sizes => new()
    {
        { 1, 1, 1, 1 }, { 3, 1, 2, 4 }, { 1, 5, 3, 2 }, { 2, 4, 3, 5 }, { 2, 3, 9, 8 }, { 4, 3, 1, 17 },
    };

    [Theory, MemberData(nameof(Sizes))]
    public void Gradients_are_those_that_nudges_show(int batch, int steps, int inputs, int hidden)
    {
        var x = Drawn(batch, steps, inputs, hidden);
        var (y, h, c) = (Random([batch, steps, hidden], 7), Random([batch, hidden], 8), Random([batch, hidden], 9));
        KeyValuePair<string, Tensor>[] named = [.. x.Select((one, i) => KeyValuePair.Create($"{i}", one))];
        GradCheck.Require("lstm from zeros", () => (x[0].Lstm(x[1], x[2], x[3], x[4]) * y).Sum(), named[..5]);
        GradCheck.Require("lstm from a state",
            () => (x[0].Lstm(x[1], x[2], x[3], x[4], new(x[5], x[6])) * y).Sum(), named);
        GradCheck.Require("lstm from a state to a state", () =>
        {
            var all = x[0].Lstm(x[1], x[2], x[3], x[4], new(x[5], x[6]), out var final);
            return (all * y).Sum() + (final.Hidden * h).Sum() + (final.Cell * c).Sum();
        }, named);
        GradCheck.Require("lstm of which only the last cell is used", () =>
        {
            x[0].Lstm(x[1], x[2], x[3], x[4], new(x[5], x[6]), out var final);
            return (final.Cell * c).Sum();
        }, named);
    }

    [Theory, MemberData(nameof(Sizes))]
    [InlineData(60, 7, 2, 3)] // Three chunks of steps.
    public void It_is_its_definition_written_step_by_step_with_other_ops(int batch, int steps, int inputs, int hidden)
    {
        var results = new List<double[]>();
        foreach (var lstm in new Func<Tensor[], (Tensor Y, LstmState Final)>[] { Fused, StepByStep })
        {
            var x = Drawn(batch, steps, inputs, hidden);
            var (y, final) = lstm(x);
            Tensor.Concat(1, y, final.Hidden.Unsqueeze(1), final.Cell.Unsqueeze(1))
                .Backward(Random([batch, steps + 2, hidden], 7));
            results.Add([.. y.Read<double>(), .. final.Hidden.Read<double>(), .. final.Cell.Read<double>(),
                .. x.SelectMany(one => one.Grad.ToArray<double>())]);
        }
        Close.Equal(results[1], results[0], 1e-12, "value and gradients");
    }

    [Fact]
    public void A_sequence_in_two_pieces_is_the_sequence_in_one()
    {
        var x = Drawn(2, 7, 3, 4);
        var whole = x[0].Lstm(x[1], x[2], x[3], x[4], null, out var end);
        var first = x[0].Slice(1, 0, 3).Lstm(x[1], x[2], x[3], x[4], null, out var between);
        var second = x[0].Slice(1, 3).Lstm(x[1], x[2], x[3], x[4], between, out var final);
        Close.Equal(whole.Read<double>(), Tensor.Concat(1, first, second).Read<double>(), 1e-14, "outputs");
        Close.Equal(end.Cell.Read<double>(), final.Cell.Read<double>(), 1e-14, "cell");
        Assert.Equal(end.Hidden.ToArray<double>(), whole.Select(1, -1).ToArray<double>());
    }

    [Fact]
    public void What_comes_later_changes_nothing_before()
    {
        var x = Drawn(2, 6, 3, 4);
        double[] before = x[0].Lstm(x[1], x[2], x[3], x[4]).Slice(1, 0, 4).ToArray<double>();
        var other = Tensor.Concat(1, x[0].Slice(1, 0, 4), Random([2, 2, 3], 11));
        Assert.Equal(before, other.Lstm(x[1], x[2], x[3], x[4]).Slice(1, 0, 4).ToArray<double>());
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Gates_driven_far_open_or_shut_give_finite_numbers(DType dtype)
    {
        foreach (double size in new[] { 1e4, -1e4 })
        {
            Tensor[] x = [.. Drawn(2, 4, 3, 5).Select(one => (one.Detach() * size).To(dtype).RequireGrad())];
            x[0].Lstm(x[1], x[2], x[3], x[4], new(x[5], x[6])).Sum().Backward();
            Assert.All(x.SelectMany(one => one.Grad.To(DType.Float64).ToArray<double>()),
                slope => Assert.True(double.IsFinite(slope)));
        }
    }

    [Fact]
    public void Threads_change_no_bit()
    {
        int before = ForRows.Threads;
        var results = new List<float[]>();
        try
        {
            foreach (int threads in new[] { 1, 2 })
            {
                ForRows.Threads = threads;
                Tensor[] x = [.. Drawn(32, 8, 64, 128).Select(one => one.Detach().To(DType.Float32).RequireGrad())];
                var y = x[0].Lstm(x[1], x[2], x[3], x[4], new(x[5], x[6]));
                y.Backward(Random(y.Shape, 3).To(DType.Float32));
                results.Add([.. y.Read<float>(), .. x.SelectMany(one => one.Grad.ToArray<float>())]);
            }
        }
        finally
        {
            ForRows.Threads = before;
        }
        Assert.Equal(results[0], results[1]);
    }

    [Fact]
    public void A_graph_that_is_kept_can_be_gone_through_twice()
    {
        var x = Drawn(2, 3, 2, 3);
        var loss = x[0].Lstm(x[1], x[2], x[3], x[4], new(x[5], x[6])).Sum();
        loss.Backward(keepGraph: true);
        double[] once = [.. x.SelectMany(one => one.Grad.ToArray<double>())];
        loss.Backward();
        Close.Equal([.. once.Select(slope => 2 * slope)], [.. x.SelectMany(one => one.Grad.ToArray<double>())], 1e-13,
            "twice the gradient");
    }

    [Fact]
    public void What_is_held_constant_gets_no_gradient()
    {
        var x = Drawn(2, 3, 2, 3);
        foreach (int i in new[] { 0, 1, 2, 3, 4, 5, 6 })
        {
            Tensor[] held = [.. x.Select((one, k) => k == i ? one.Detach().RequireGrad() : one.Detach())];
            held[0].Lstm(held[1], held[2], held[3], held[4], new(held[5], held[6])).Square().Sum().Backward();
            Assert.Equal(held.Select((_, k) => k == i), held.Select(one => one.HasGrad));
        }
    }

    [Fact]
    public void A_batch_of_nothing_gives_nothing() =>
        Assert.Equal("[0, 3, 4]", Tensor.Ones([0, 3, 2])
            .Lstm(Tensor.Ones([16, 2]), Tensor.Ones([16, 4]), Tensor.Ones([16]), Tensor.Ones([16])).Shape.ToString());

    [Fact]
    public void What_does_not_fit_is_named()
    {
        Tensor wide = Tensor.Ones([16, 3]), square = Tensor.Ones([16, 4]), bias = Tensor.Ones([16]),
            x = Tensor.Ones([2, 5, 3]);
        Refused.With<ArgumentException>(
            "lstm of [5, 3]: sequences are [batch, steps, inputs], and there is a step at least",
            () => Tensor.Ones([5, 3]).Lstm(wide, square, bias, bias));
        Refused.With<ArgumentException>(
            "lstm of [2, 0, 3]: sequences are [batch, steps, inputs], and there is a step at least",
            () => Tensor.Ones([2, 0, 3]).Lstm(wide, square, bias, bias));
        Refused.With<ArgumentException>(
            "lstm of [2, 5, 3]: weights [16, 4] and [16, 4] with biases [16] and [16]: give [4H, 3], [4H, H], [4H] and "
                + "[4H], where H is one number",
            () => x.Lstm(square, square, bias, bias));
        Refused.With<ArgumentException>(
            "lstm of [2, 5, 3]: weights [16, 3] and [16] with biases [16] and [16]: give [4H, 3], [4H, H], [4H] and "
                + "[4H], where H is one number",
            () => x.Lstm(wide, bias, bias, bias));
        Refused.With<ArgumentException>(
            "lstm of [2, 5, 3]: the state to begin from is [2, 4] and [1, 4]: both must be [2, 4]",
            () => x.Lstm(wide, square, bias, bias, new(Tensor.Ones([2, 4]), Tensor.Ones([1, 4]))));
        Refused.With<ArgumentException>("lstm: Float32 and Float64 do not mix: convert one with To(DType.Float32)",
            () => x.Lstm(wide, square.To(DType.Float64), bias, bias));
    }

    static (Tensor, LstmState) Fused(Tensor[] x) =>
        (x[0].Lstm(x[1], x[2], x[3], x[4], new(x[5], x[6]), out var final), final);

    static (Tensor, LstmState) StepByStep(Tensor[] x)
    {
        int hidden = x[5].Shape[1];
        var (h, c) = (x[5], x[6]);
        var said = new List<Tensor>();
        for (int t = 0; t < x[0].Shape[1]; t++)
        {
            var z = x[0].Select(1, t).MatMul(x[1], transposeB: true) + x[3] + h.MatMul(x[2], transposeB: true) + x[4];
            Tensor Gate(int part) => z.Slice(1, part * hidden, (part + 1) * hidden);
            c = Gate(1).Sigmoid() * c + Gate(0).Sigmoid() * Gate(2).Tanh();
            h = Gate(3).Sigmoid() * c.Tanh();
            said.Add(h);
        }
        return (Tensor.Stack(1, [.. said]), new(h, c));
    }

    /// <summary>x, W, W′, b, b′, h and c.</summary>
    static Tensor[] Drawn(int batch, int steps, int inputs, int hidden)
    {
        Shape[] shapes = [[batch, steps, inputs], [4 * hidden, inputs], [4 * hidden, hidden], [4 * hidden],
            [4 * hidden], [batch, hidden], [batch, hidden]];
        return [.. shapes.Select(
            (shape, i) => (Random(shape, (ulong)i) * (i is 1 or 2 ? 0.5 : 1)).Detach().RequireGrad())];
    }

    static Tensor Random(Shape shape, ulong seed) => Tensor.Randn(shape, new TorchRandom(seed), DType.Float64);
}
