using ChainRule.Diagnostics;
using ChainRule.Randomness;

namespace ChainRule.Tests.Ops;

public sealed class GruTest
{
    /// <summary>
    /// B, T, I, H: single steps and rows, widths below, at and above a vector's, and several chunks of steps.
    /// </summary>
    public static TheoryData<int, int, int, int> Sizes => new()
    {
        { 1, 1, 1, 1 }, { 3, 1, 2, 4 }, { 1, 5, 3, 2 }, { 2, 4, 3, 5 }, { 2, 3, 9, 8 }, { 4, 3, 1, 17 },
    };

    [Theory, MemberData(nameof(Sizes))]
    public void Gradients_are_those_of_central_differences(int batch, int steps, int inputs, int hidden)
    {
        var x = Drawn(batch, steps, inputs, hidden);
        var c = Random([batch, steps, hidden], 7);
        KeyValuePair<string, Tensor>[] named = [.. x.Select((one, i) => KeyValuePair.Create($"{i}", one))];
        GradCheck.Require("gru from zeros", () => (x[0].Gru(x[1], x[2], x[3], x[4]) * c).Sum(), named[..5]);
        GradCheck.Require("gru from a state", () => (x[0].Gru(x[1], x[2], x[3], x[4], x[5]) * c).Sum(), named);
    }

    [Theory, MemberData(nameof(Sizes))]
    [InlineData(60, 7, 2, 3)] // Three chunks of steps.
    public void It_is_its_definition_written_step_by_step_with_other_ops(int batch, int steps, int inputs, int hidden)
    {
        foreach (bool begun in new[] { true, false })
        {
            var results = new List<double[]>();
            foreach (var gru in new Func<Tensor[], bool, Tensor>[] { Fused, StepByStep })
            {
                var x = Drawn(batch, steps, inputs, hidden);
                var y = gru(x, begun);
                y.Backward(Random([batch, steps, hidden], 7));
                results.Add([.. y.Read<double>(),
                    .. x.Where(one => one.HasGrad).SelectMany(one => one.Grad.ToArray<double>())]);
            }
            Close.Equal(results[1], results[0], 1e-12, "value and gradients");
        }
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Gates_driven_far_open_or_shut_give_finite_numbers(DType dtype)
    {
        foreach (double size in new[] { 1e4, -1e4 })
        {
            Tensor[] x = [.. Drawn(2, 4, 3, 5).Select(one => (one.Detach() * size).To(dtype).RequireGrad())];
            x[0].Gru(x[1], x[2], x[3], x[4], x[5]).Sum().Backward();
            Assert.All(x.SelectMany(one => one.Grad.To(DType.Float64).ToArray<double>()),
                one => Assert.True(double.IsFinite(one)));
        }
    }

    [Fact]
    public void What_is_held_constant_gets_no_gradient()
    {
        var x = Drawn(2, 3, 2, 3);
        for (int i = 0; i < x.Length; i++)
        {
            Tensor[] held = [.. x.Select((one, k) => k == i ? one.Detach().RequireGrad() : one.Detach())];
            held[0].Gru(held[1], held[2], held[3], held[4], held[5]).Square().Sum().Backward();
            Assert.Equal(held.Select((_, k) => k == i), held.Select(one => one.HasGrad));
        }
    }

    [Fact]
    public void A_batch_of_nothing_gives_nothing() =>
        Assert.Equal("[0, 3, 4]", Tensor.Ones([0, 3, 2])
            .Gru(Tensor.Ones([12, 2]), Tensor.Ones([12, 4]), Tensor.Ones([12]), Tensor.Ones([12])).Shape.ToString());

    [Fact]
    public void What_does_not_fit_is_named()
    {
        Tensor wide = Tensor.Ones([12, 3]), square = Tensor.Ones([12, 4]), bias = Tensor.Ones([12]),
            x = Tensor.Ones([2, 5, 3]);
        Refused.With<ArgumentException>(
            "gru of [5, 3]: sequences are [batch, steps, inputs], and there is a step at least",
            () => Tensor.Ones([5, 3]).Gru(wide, square, bias, bias));
        Refused.With<ArgumentException>(
            "gru of [2, 5, 3]: weights [12, 4] and [12, 4] with biases [12] and [12]: give [3H, 3], [3H, H], [3H] and "
                + "[3H], where H is one number",
            () => x.Gru(square, square, bias, bias));
        Refused.With<ArgumentException>("gru of [2, 5, 3]: the state to begin from is [1, 4]: give [2, 4]",
            () => x.Gru(wide, square, bias, bias, Tensor.Ones([1, 4])));
        Refused.With<ArgumentException>("gru: Float32 and Float64 do not mix: convert one with To(DType.Float32)",
            () => x.Gru(wide, square.To(DType.Float64), bias, bias));
        Refused.With<ArgumentException>("gru: Float32 and Float64 do not mix: convert one with To(DType.Float32)",
            () => x.Gru(wide, square, bias, bias, Tensor.Ones([2, 4], DType.Float64)));
    }

    static Tensor Fused(Tensor[] x, bool begun) => x[0].Gru(x[1], x[2], x[3], x[4], begun ? x[5] : null);

    static Tensor StepByStep(Tensor[] x, bool begun)
    {
        var h = begun ? x[5] : Tensor.Zeros(x[5].Shape, DType.Float64);
        int hidden = h.Shape[1];
        var said = new List<Tensor>();
        for (int t = 0; t < x[0].Shape[1]; t++)
        {
            Tensor a = x[0].Select(1, t).MatMul(x[1], transposeB: true) + x[3],
                b = h.MatMul(x[2], transposeB: true) + x[4];
            Tensor Part(Tensor of, int part) => of.Slice(1, part * hidden, (part + 1) * hidden);
            Tensor r = (Part(a, 0) + Part(b, 0)).Sigmoid(), z = (Part(a, 1) + Part(b, 1)).Sigmoid();
            h = (1 - z) * (Part(a, 2) + r * Part(b, 2)).Tanh() + z * h;
            said.Add(h);
        }
        return Tensor.Stack(1, [.. said]);
    }

    /// <summary>x, W, W′, b, b′ and h.</summary>
    static Tensor[] Drawn(int batch, int steps, int inputs, int hidden)
    {
        Shape[] shapes = [[batch, steps, inputs], [3 * hidden, inputs], [3 * hidden, hidden], [3 * hidden],
            [3 * hidden], [batch, hidden]];
        return [.. shapes.Select(
            (shape, i) => (Random(shape, (ulong)i) * (i is 1 or 2 ? 0.5 : 1)).Detach().RequireGrad())];
    }

    static Tensor Random(Shape shape, ulong seed) => Tensor.Randn(shape, new TorchRandom(seed), DType.Float64);
}
