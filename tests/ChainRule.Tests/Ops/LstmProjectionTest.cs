using ChainRule.Diagnostics;
using ChainRule.Randomness;

namespace ChainRule.Tests.Ops;

public sealed class LstmProjectionTest
{
    [Fact]
    public void Gradients_are_right_through_all_outputs_and_lengths()
    {
        var rng = new TorchRandom(1);
        Tensor x = Draw(2, 3, 2), w = Draw(12, 2), v = Draw(12, 2), b = Draw(12), c = Draw(12), p = Draw(2, 3),
            h0 = Draw(2, 2), c0 = Draw(2, 3);
        GradCheck.Require("lstm with a projection", () =>
        {
            var y = x.Lstm(w, v, b, c, p, new(h0, c0), out var final, Ids.From(3, 2));
            return y.Square().Sum() + final.Hidden.Square().Sum() + final.Cell.Square().Sum();
        },
        [new("x", x), new("W", w), new("W'", v), new("b", b), new("b'", c), new("P", p), new("h", h0), new("c", c0)]);

        Tensor Draw(params int[] shape) => Tensor.Randn(shape, rng, DType.Float64).RequireGrad();
    }

    [Fact]
    public void With_the_identity_it_is_an_lstm()
    {
        var rng = new TorchRandom(1);
        Tensor x = Draw(2, 4, 2), w = Draw(12, 2), v = Draw(12, 3), b = Draw(12), c = Draw(12);
        var plain = x.Lstm(w, v, b, c, null, out var last);
        var projected = x.Lstm(w, v, b, c, Tensor.From(new double[,] { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } }),
            null, out var end);
        Close.Equal(plain.ToArray<double>(), projected.ToArray<double>(), 1e-13, "y");
        Close.Equal(last.Cell.ToArray<double>(), end.Cell.ToArray<double>(), 1e-13, "c");

        Tensor Draw(params int[] shape) => Tensor.Randn(shape, rng, DType.Float64);
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        Tensor x = Tensor.Ones([2, 4, 2]), w = Tensor.Ones([12, 2]), b = Tensor.Ones([12]), p = Tensor.Ones([2, 3]);
        Refused.With<ArgumentException>(
            "lstm of [2, 4, 2]: weights [12, 2] and [12, 2] with biases [12] and [12] and a projection of [3]: "
            + "give [4H, 2], [4H, P], [4H], [4H] and [P, H]", () => x.Lstm(w, w, b, b, Tensor.Ones([3]), null, out _));
        Refused.With<ArgumentException>(
            "lstm of [2, 4, 2]: the state to begin from is [2, 3] and [2, 3]: give [2, 2] and [2, 3]",
            () => x.Lstm(w, w, b, b, p, new(Tensor.Ones([2, 3]), Tensor.Ones([2, 3])), out _));
        Refused.With<ArgumentException>("lstm of [2, 4, 2]: lengths of [1]: give one for each sequence, [2]",
            () => x.Lstm(w, w, b, b, p, null, out _, Ids.From(1)));
    }
}
