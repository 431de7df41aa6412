using ChainRule.Diagnostics;
using ChainRule.Randomness;

namespace ChainRule.Tests.Ops;

public sealed class RnnTest
{
    /// <summary>B, T, I, H, and whether it is a ReLU.</summary>
    public static TheoryData<int, int, int, int, bool> Sizes => new()
    {
        { 1, 1, 1, 1, false }, { 3, 1, 2, 4, true }, { 1, 5, 3, 2, false }, { 2, 4, 3, 5, true }, { 2, 3, 9, 8, false },
        { 4, 3, 1, 17, true },
    };

    [Theory, MemberData(nameof(Sizes))]
    public void Gradients_are_those_of_central_differences(int batch, int steps, int inputs, int hidden, bool relu)
    {
        var x = Drawn(batch, steps, inputs, hidden);
        var c = Random([batch, steps, hidden], 7);
        KeyValuePair<string, Tensor>[] named = [.. x.Select((one, i) => KeyValuePair.Create($"{i}", one))];
        GradCheck.Require("rnn from zeros", () => (x[0].Rnn(x[1], x[2], x[3], x[4], relu: relu) * c).Sum(), named[..5]);
        GradCheck.Require("rnn from a state", () => (x[0].Rnn(x[1], x[2], x[3], x[4], x[5], relu) * c).Sum(), named);
    }

    [Theory, MemberData(nameof(Sizes))]
    [InlineData(60, 7, 2, 3, false)] // Three chunks of steps.
    public void It_is_its_definition_written_step_by_step_with_other_ops(int batch, int steps, int inputs,
        int hidden, bool relu)
    {
        var results = new List<double[]>();
        foreach (bool fused in new[] { true, false })
        {
            var x = Drawn(batch, steps, inputs, hidden);
            var y = fused ? x[0].Rnn(x[1], x[2], x[3], x[4], x[5], relu) : StepByStep(x, relu);
            y.Backward(Random([batch, steps, hidden], 7));
            results.Add([.. y.Read<double>(), .. x.SelectMany(one => one.Grad.ToArray<double>())]);
        }
        Close.Equal(results[1], results[0], 1e-12, "value and gradients");
    }

    [Fact]
    public void NaN_stays_visible()
    {
        foreach (bool relu in new[] { false, true })
        {
            var x = Tensor.Full([1, 1, 1], double.NaN).RequireGrad();
            Tensor one = Tensor.Ones([1, 1]), zero = Tensor.Zeros([1]);
            var y = x.Rnn(one, one, zero, zero, relu: relu);
            y.Sum().Backward();
            Assert.Equal([float.NaN, float.NaN], [y.ToArray<float>()[0], x.Grad.ToArray<float>()[0]]);
        }
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        Tensor wide = Tensor.Ones([4, 3]), square = Tensor.Ones([4, 4]), bias = Tensor.Ones([4]),
            x = Tensor.Ones([2, 5, 3]);
        Refused.With<ArgumentException>(
            "rnn of [2, 5, 3]: weights [4, 4] and [4, 4] with biases [4] and [4]: give [H, 3], [H, H], [H] and [H], "
                + "where H is one number",
            () => x.Rnn(square, square, bias, bias));
        Refused.With<ArgumentException>("rnn of [2, 5, 3]: the state to begin from is [1, 4]: give [2, 4]",
            () => x.Rnn(wide, square, bias, bias, Tensor.Ones([1, 4])));
    }

    static Tensor StepByStep(Tensor[] x, bool relu)
    {
        var h = x[5];
        var said = new List<Tensor>();
        for (int t = 0; t < x[0].Shape[1]; t++)
        {
            var z = x[0].Select(1, t).MatMul(x[1], transposeB: true) + x[3] + h.MatMul(x[2], transposeB: true) + x[4];
            said.Add(h = relu ? z.Relu() : z.Tanh());
        }
        return Tensor.Stack(1, [.. said]);
    }

    /// <summary>x, W, W′, b, b′ and h.</summary>
    static Tensor[] Drawn(int batch, int steps, int inputs, int hidden)
    {
        Shape[] shapes = [[batch, steps, inputs], [hidden, inputs], [hidden, hidden], [hidden], [hidden],
            [batch, hidden]];
        return [.. shapes.Select(
            (shape, i) => (Random(shape, (ulong)i) * (i is 1 or 2 ? 0.5 : 1)).Detach().RequireGrad())];
    }

    static Tensor Random(Shape shape, ulong seed) => Tensor.Randn(shape, new TorchRandom(seed), DType.Float64);
}
